"""Response times of a period. Every figure is drawn from the waits at the moment it is asked for.

The cohort is the waits that were *due* in the period, in each location's own time zone, and whose due second has passed.
`met` was answered by then, `late` after it, `unanswered` is still waiting, or was closed without a reply when it was due
already: closing a miss does not undo it. What was excluded, cancelled or closed in time without a reply is counted beside,
with its reasons. Times of the unanswered are only known from below, so a
percentile that they reach is a lower bound ("at least").
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

from django.db import connection

from accounts.locations.dates import bounds
from accounts.models import Location, Membership
from inbox import clock, platforms
from inbox.models import Wait
from inbox.models.waits import words_of
from responses.measuring.histogram import Duration, Histogram

FEW = 5  # under so many waits a percentage, a median or a percentile says nothing

_VERDICT = """CASE WHEN w.ended_at IS NULL THEN 'unanswered'
       WHEN w.outcome = 'closed_no_reply' AND w.ended_at >= date_trunc('second', w.due_at) + interval '1 second' THEN 'unanswered'
       WHEN w.outcome <> 'answered' THEN w.outcome
       WHEN w.ended_at >= date_trunc('second', w.due_at) + interval '1 second' THEN 'late'
       ELSE 'met' END"""

_COHORT = """
  FROM inbox_wait w
  JOIN inbox_conversation c ON c.id = w.conversation_id
  JOIN accounts_location l ON l.id = c.location_id
 WHERE c.organization_id = %(organization)s
   AND (%(locations)s::bigint[] IS NULL OR c.location_id = ANY (%(locations)s::bigint[]))
   AND w.due_at >= %(earliest)s AND w.due_at < %(latest)s
   AND w.due_at >= %(first)s::timestamp AT TIME ZONE l.time_zone
   AND w.due_at < %(after)s::timestamp AT TIME ZONE l.time_zone
"""

# Two plain groupings, not grouping sets: these are hashed by parallel workers, those are sorted by one (measured: half as fast).
_BY_MINUTE = f"""
SELECT c.location_id, c.platform, {_VERDICT} AS verdict,
       floor(date_part('epoch', coalesce(w.ended_at, %(now)s) - w.started_at) / 60)::int AS minutes,
       CASE WHEN w.outcome IN ('', 'answered') THEN '' ELSE w.reason END AS reason, count(*)
{_COHORT} GROUP BY 1, 2, 3, 4, 5
"""

_BY_STEP = f"""
SELECT date_trunc(%(step)s, w.due_at AT TIME ZONE l.time_zone)::date AS step, {_VERDICT} AS verdict, count(*)
{_COHORT} GROUP BY 1, 2
"""


class Counted(NamedTuple):
    location_id: int
    platform: str
    verdict: str
    minutes: int
    reason: str
    waits: int


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    @classmethod
    def last_days(cls, days: int, today: date) -> Self:
        return cls(today - timedelta(days=days - 1), today)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> str:
        return "day" if self.days <= 31 else "week"


@dataclass(frozen=True, slots=True)
class Counts:
    met: int = 0
    late: int = 0
    unanswered: int = 0

    @property
    def due(self) -> int:
        return self.met + self.late + self.unanswered

    @property
    def attainment(self) -> float | None:
        """Share answered on time, in percent; None of so few that it would say nothing."""
        return 100 * self.met / self.due if self.due >= FEW else None


VERDICTS = ("met", "late", "unanswered")


@dataclass(slots=True)
class Cell:
    """The waits of one location on one platform, or of several together."""

    verdicts: Counter[str] = field(default_factory=Counter)
    waits: Histogram = field(default_factory=Histogram)

    def take(self, line: Counted) -> None:
        self.verdicts[line.verdict] += line.waits
        taken = self.waits.waiting if line.verdict == "unanswered" else self.waits.answered
        taken[line.minutes] += line.waits

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.verdicts + other.verdicts, self.waits + other.waits)


@dataclass(frozen=True, slots=True)
class Row:
    counts: Counts
    location: Location | None = None
    platform: str = ""
    median: Duration | None = None
    p90: Duration | None = None

    @property
    def platform_label(self) -> str:
        return str(platforms.get(self.platform).label) if self.platform else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One day, or the week that begins on it."""

    day: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Beside:
    outcome: str
    reason: str
    count: int

    @property
    def label(self) -> str:
        return str(Wait.Outcome(self.outcome).label)

    @property
    def reason_words(self) -> str:
        return words_of(self.reason)


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    total: Row
    locations: list[Row]
    platforms: list[Row]
    pairs: list[Row]
    steps: list[Step]
    beside: list[Beside]


def report(membership: Membership, period: Period, *, now: datetime) -> Report:
    """The figures of what this member may see: two queries over the waits, however many there are."""
    asked = _asked(membership, period, now)
    lines = list(map(Counted._make, _all(_BY_MINUTE, asked)))
    places = {place.pk: place for place in membership.visible_locations()}
    cells = _cells(line for line in lines if line.verdict in VERDICTS)
    rows = [_row(cell, places.get(place), platform) for (place, platform), cell in cells.items()]
    return Report(
        period=period,
        total=next((row for row in rows if not row.location and not row.platform), Row(Counts())),
        locations=_by_name(row for row in rows if row.location and not row.platform),
        platforms=_by_name(row for row in rows if row.platform and not row.location),
        pairs=_by_name(row for row in rows if row.platform and row.location),
        steps=_steps(period, _all(_BY_STEP, asked)),
        beside=_beside(line for line in lines if line.verdict not in VERDICTS),
    )


def _asked(membership: Membership, period: Period, now: datetime) -> dict[str, Any]:
    # Days begin at each location's own midnight, which the index cannot know: it is asked for a little more on each side.
    earliest, latest = bounds(period.first - timedelta(days=1), period.last + timedelta(days=1), membership.organization.zone)
    return {
        "organization": membership.organization_id,
        "locations": membership.location_ids(),
        "earliest": earliest,
        "latest": min(latest, clock.whole(now)),  # the due second has passed
        "first": period.first,
        "after": period.last + timedelta(days=1),
        "step": period.step,
        "now": now,
    }


def _all(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()


def _cells(lines: Iterable[Counted]) -> dict[tuple[int, str], Cell]:
    """By location and platform; 0 and "" stand for all of them."""
    pairs: defaultdict[tuple[int, str], Cell] = defaultdict(Cell)
    for line in lines:
        pairs[line.location_id, line.platform].take(line)
    cells = defaultdict(Cell, pairs)
    for (place, platform), cell in pairs.items():
        for key in ((0, ""), (place, ""), (0, platform)):
            cells[key] += cell
    return cells


def _row(cell: Cell, place: Location | None, platform: str) -> Row:
    counts = Counts(**{verdict: cell.verdicts[verdict] for verdict in VERDICTS})
    if counts.due < FEW:
        return Row(counts, place, platform)
    return Row(counts, place, platform, cell.waits.percentile(50), cell.waits.percentile(90))


def _by_name(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.location.name if row.location else "", row.platform_label))


def _steps(period: Period, lines: Iterable[tuple[Any, ...]]) -> list[Step]:
    """Every day or week of the period, also those with nothing due: a gap in a chart is information."""
    found: defaultdict[date, dict[str, int]] = defaultdict(dict)
    for day, verdict, count in lines:
        found[day][verdict] = count
    step = timedelta(days=1 if period.step == "day" else 7)
    day = period.first if period.step == "day" else period.first - timedelta(days=period.first.weekday())
    steps = []
    while day <= period.last:
        steps.append(Step(day, Counts(**{verdict: found[day].get(verdict, 0) for verdict in VERDICTS})))
        day += step
    return steps


def _beside(lines: Iterable[Counted]) -> list[Beside]:
    found: Counter[tuple[str, str]] = Counter()
    for line in lines:
        found[line.verdict, line.reason] += line.waits
    return sorted((Beside(*key, count) for key, count in found.items()), key=lambda row: (row.outcome, -row.count, row.reason))
