"""The clocks of a case that run: to pass it on and, whether or not that was done, to report it. And what each has come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from inbox import clock
from inbox.cases import deadlines
from inbox.models import Notice, SafetyCase

Kind = Notice.Kind
HALF, FOUR_FIFTHS = 0.5, 0.8
URGENT = frozenset({Kind.FORWARD_URGENT, Kind.FORWARD_LATE, Kind.REPORT_URGENT, Kind.REPORT_LATE, Kind.UNACKNOWLEDGED})


class Step(NamedTuple):
    at: datetime
    kind: Notice.Kind


@dataclass(frozen=True, slots=True)
class Clock:
    """due_at and the steps on the way there, the last of them the first second that is late."""

    since: datetime
    due_at: datetime
    steps: tuple[Step, ...]

    def reached(self, now: datetime) -> Step | None:
        return max((step for step in self.steps if step.at <= now), key=lambda step: step.at, default=None)


def forward(case: SafetyCase) -> Clock | None:
    """None: it does not run."""
    if not case.duty or case.forwarded_at:
        return None
    due_at = deadlines.forward_by(case.aware_at, case.zone)
    new = Step(case.aware_at, Kind.CASE)
    return Clock(
        case.aware_at, due_at, (new, *_steps(case.aware_at, due_at, Kind.FORWARD_NEAR, Kind.FORWARD_URGENT, Kind.FORWARD_LATE))
    )


def report(case: SafetyCase) -> Clock | None:
    """None: it does not run."""
    day = report_on(case)
    if day is None or case.reported:
        return None
    due_at = deadlines.end_of(day, case.zone)
    return Clock(case.aware_at, due_at, _steps(case.aware_at, due_at, Kind.REPORT_NEAR, Kind.REPORT_URGENT, Kind.REPORT_LATE))


def report_on(case: SafetyCase) -> date | None:
    """The last day on which the authority is told; None where nobody has to."""
    serious = case.serious != SafetyCase.Serious.NO
    return deadlines.report_on(case.type, case.aware_at, serious=serious, zone=case.zone) if case.duty else None


def acknowledgement(case: SafetyCase) -> Clock | None:
    """Until when whoever it was passed on to has given it a number. None: they did, or have told the authority."""
    if not case.duty or case.forwarded_at is None or case.acknowledged or case.reported:
        return None
    due_at = deadlines.acknowledge_by(case.forwarded_at, case.zone)
    return Clock(case.forwarded_at, due_at, (Step(clock.late_from(due_at), Kind.UNACKNOWLEDGED),))


def running(case: SafetyCase) -> Iterator[Clock]:
    yield from filter(None, (forward(case), report(case), acknowledgement(case)))


def due_at(case: SafetyCase) -> datetime | None:
    """What makes one case more pressing than another: of what is owed, the nearest."""
    return min((each.due_at for each in (forward(case), report(case)) if each), default=None)


def _steps(since: datetime, due_at: datetime, near: Notice.Kind, urgent: Notice.Kind, late: Notice.Kind) -> tuple[Step, ...]:
    whole = due_at - since
    return Step(since + whole * HALF, near), Step(since + whole * FOUR_FIFTHS, urgent), Step(clock.late_from(due_at), late)
