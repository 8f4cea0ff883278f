"""When an answer is due, what a wait is now, and what to record next. Pure: no ORM, no settings, no now().

Times are aware. Seconds are the resolution of the promise: a reply in the second it was due is on time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    RUNNING = "running"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    CANCELLED = "cancelled"
    EXCLUDED = "excluded"
    CLOSED_NO_REPLY = "closed_no_reply"


class Outcome(StrEnum):
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    EXCLUDED = "excluded"
    CLOSED_NO_REPLY = "closed_no_reply"


class Level(StrEnum):
    """What a running wait is flagged with, in this order."""

    NEAR = "near"
    URGENT = "urgent"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Target:
    """The promise: an answer within `within` of elapsed time, with warnings so long before it is due, longest first."""

    within: timedelta
    warnings: tuple[timedelta, ...]

    def due_at(self, started_at: datetime) -> datetime:
        # In UTC, so that a wait across a clock change is still as many seconds.
        return started_at.astimezone(UTC) + self.within

    def warn_at(self, started_at: datetime) -> datetime:
        """The first warning, never before the start."""
        return max(started_at, self.flags(started_at)[0][0])

    def flags(self, started_at: datetime) -> list[tuple[datetime, Level]]:
        """Each moment that something is to be recorded, with its level, in order. Late begins one second after due."""
        due = self.due_at(started_at)
        levels = (Level.NEAR, Level.URGENT)
        warnings = [(due - before, level) for before, level in zip(self.warnings, levels, strict=False)]
        return [*warnings, (late_from(due), Level.LATE)]

    def reached(self, started_at: datetime, now: datetime) -> list[tuple[datetime, Level]]:
        """What the wait has reached by now."""
        return [(at, level) for at, level in self.flags(started_at) if at <= now]

    def next_flag_at(self, started_at: datetime, flagged: Level | None) -> datetime | None:
        """When the level after `flagged` is reached; None when it was the last."""
        levels = self.flags(started_at)
        seen = next((n for n, (_, level) in enumerate(levels, start=1) if level == flagged), 0)
        return levels[seen][0] if seen < len(levels) else None


def whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def late_from(due_at: datetime) -> datetime:
    """The first second that is late."""
    return whole(due_at) + timedelta(seconds=1)


def is_late(due_at: datetime, at: datetime) -> bool:
    return at >= late_from(due_at)


def state(
    *,
    due_at: datetime,
    warn_at: datetime,
    ended_at: datetime | None,
    outcome: Outcome | None,
    now: datetime,
) -> State:
    match outcome:
        case Outcome.ANSWERED:
            return State.MET_LATE if ended_at and is_late(due_at, ended_at) else State.MET
        case Outcome.CANCELLED:
            return State.CANCELLED
        case Outcome.EXCLUDED:
            return State.EXCLUDED
        case Outcome.CLOSED_NO_REPLY:
            return State.CLOSED_NO_REPLY
    if is_late(due_at, now):
        return State.OVERDUE
    return State.AT_RISK if now >= warn_at else State.RUNNING


def believable(at: datetime | None, received_at: datetime) -> datetime:
    """The platform's time; ours where it tells none, or one that has not come yet."""
    if at is None or at > received_at + timedelta(minutes=2):
        return received_at
    return at
