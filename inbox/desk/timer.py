"""A wait in words, as a chip shows it: pure but for the translation. static/js/timer.js says the same while the page is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from django.utils.translation import gettext as _

from inbox import clock
from inbox.clock import State
from inbox.desk.lines import Line
from inbox.models import Conversation, Wait

RUNNING = {State.RUNNING, State.AT_RISK, State.OVERDUE}
_MINUTE = timedelta(minutes=1)


class Tick(NamedTuple):
    """All that the words and the icon depend on: from one minute to the next they stay the same."""

    state: State
    minutes: int  # whole ones: left, too late, or until the answer

    @property
    def runs(self) -> bool:
        return self.state in RUNNING

    @property
    def icon(self) -> str:
        return f"timer-{self.state}" if self.runs or self.state in {State.MET, State.MET_LATE} else "timer-none"

    @property
    def words(self) -> str:
        length = timedelta(minutes=self.minutes)
        match self.state:
            case State.RUNNING | State.AT_RISK:
                return _("%(time)s left") % {"time": span(length)}
            case State.OVERDUE:
                return _("%(time)s overdue") % {"time": span(length)}
            case State.MET:
                return _("answered in %(time)s") % {"time": span(length)}
            case State.MET_LATE:
                return _("answered late, in %(time)s") % {"time": span(length)}
            case State.CANCELLED:
                return _("taken back")
            case State.EXCLUDED:
                return _("no clock: excluded")
        return _("closed without a reply")


@dataclass(frozen=True, slots=True)
class Timer:
    state: State
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    ended_at: datetime | None
    now: datetime

    @classmethod
    def of_wait(cls, wait: Wait, now: datetime) -> Self:
        return cls(wait.state(now), wait.started_at, wait.warn_at, wait.due_at, wait.ended_at, now)

    @classmethod
    def of_line(cls, line: Line, now: datetime) -> Self | None:
        """Where nobody waits, of the last wait, if the line has it."""
        if line.waiting_since and line.warn_at and line.due_at:
            return cls._made(line.waiting_since, line.warn_at, line.due_at, None, "", now)
        if not line.last or line.last[0] is None:
            return None
        started_at, warn_at, due_at, ended_at, outcome = line.last
        return cls._made(started_at, warn_at, due_at, ended_at, outcome, now)

    @classmethod
    def of_running(cls, conversation: Conversation, now: datetime) -> Self | None:
        """None where nobody waits."""
        started_at, warn_at, due_at = conversation.waiting_since, conversation.warn_at, conversation.due_at
        return cls._made(started_at, warn_at, due_at, None, "", now) if started_at and warn_at and due_at else None

    @classmethod
    def _made(
        cls, started_at: datetime, warn_at: datetime, due_at: datetime, ended_at: datetime | None, outcome: str, now: datetime
    ) -> Self:
        ended = clock.Outcome(outcome) if outcome else None
        state = clock.state(due_at=due_at, warn_at=warn_at, ended_at=ended_at, outcome=ended, now=now)
        return cls(state, started_at, warn_at, due_at, ended_at, now)

    @property
    def tick(self) -> Tick:
        match self.state:
            case State.RUNNING | State.AT_RISK:
                length = self.due_at - self.now
            case State.OVERDUE:
                length = self.now - self.due_at
            case _:
                length = (self.ended_at or self.now) - self.started_at
        return Tick(self.state, max(0, length // _MINUTE))

    @property
    def runs(self) -> bool:
        return self.tick.runs

    @property
    def icon(self) -> str:
        return self.tick.icon

    @property
    def words(self) -> str:
        return self.tick.words

    @property
    def allowed(self) -> timedelta:
        return self.due_at - self.started_at

    @property
    def warned_before(self) -> timedelta:
        return self.due_at - self.warn_at


def span(length: timedelta) -> str:
    """“25 min”, “5 h 20”, “11 h”, “3 d 4 h”: as exact as one needs to know, always rounded down."""
    minutes = max(0, int(length.total_seconds())) // 60
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return _("under 1 min")
    if hours < 1:
        return _("%(minutes)s min") % {"minutes": minutes}
    if hours < 10 and minutes % 60:
        return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{minutes % 60:02}"}
    if days < 2:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours % 24} if hours % 24 else _("%(days)s d") % {"days": days}


def sentences() -> dict[str, str]:
    """The words above with their places left open, for the page that ticks by itself."""
    return {
        "left": _("%(time)s left"),
        "overdue": _("%(time)s overdue"),
        "under": _("under 1 min"),
        "minutes": _("%(minutes)s min"),
        "hours-minutes": _("%(hours)s h %(minutes)s"),
        "hours": _("%(hours)s h"),
        "days-hours": _("%(days)s d %(hours)s h"),
        "days": _("%(days)s d"),
    }
