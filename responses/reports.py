"""Response times of a period. Every figure is drawn from the waits at the moment it is asked for.

The cohort is the waits that were *due* in the period, in each location's own time zone, and whose due second has passed.
`met` was answered by then, `late` after it, `unanswered` is still waiting: it counts at once. What was excluded, cancelled
or closed without a reply is counted beside, with its reasons. Times of the unanswered are only known from below, so a
percentile that they reach is a lower bound ("at least"). Source: nearest rank, the ⌈p·n⌉-th value.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import connection

from accounts.models import Location, Membership
from inbox import clock
from inbox.models import Wait
from inbox.models.channels import Platform
from responses.dates import bounds, zone_of

FEW = 5  # under so many waits a percentage says nothing

_COHORT = """
    SELECT c.location_id, c.platform, w.outcome, w.reason,
           (w.due_at AT TIME ZONE l.time_zone)::date AS due_on,
           w.ended_at IS NULL AS unanswered,
           w.ended_at >= date_trunc('second', w.due_at) + interval '1 second' AS late,
           extract(epoch FROM coalesce(w.ended_at, %(now)s) - w.started_at)::float8 AS took
      FROM inbox_wait w
      JOIN inbox_conversation c ON c.id = w.conversation_id
      JOIN accounts_location l ON l.id = c.location_id
     WHERE c.organization_id = %(organization)s
       AND (%(locations)s::bigint[] IS NULL OR c.location_id = ANY (%(locations)s::bigint[]))
       AND w.due_at >= %(earliest)s AND w.due_at < %(latest)s
       AND w.due_at >= %(first)s::timestamp AT TIME ZONE l.time_zone
       AND w.due_at < %(after)s::timestamp AT TIME ZONE l.time_zone
"""

_FIGURES = f"""
  WITH cohort AS ({_COHORT})
SELECT location_id, platform,
       count(*) FILTER (WHERE NOT unanswered AND NOT late),
       count(*) FILTER (WHERE late),
       count(*) FILTER (WHERE unanswered),
       percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY took),
       percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY CASE WHEN unanswered THEN 'infinity'::float8 ELSE took END)
  FROM cohort
 WHERE outcome IN ('', 'answered')
 GROUP BY GROUPING SETS ((), (location_id), (platform), (location_id, platform))
"""  # noqa: S608  # as below

_DAYS = f"""
  WITH cohort AS ({_COHORT})
SELECT date_trunc(%(step)s, due_on)::date AS day,
       count(*) FILTER (WHERE NOT unanswered AND NOT late),
       count(*) FILTER (WHERE late),
       count(*) FILTER (WHERE unanswered)
  FROM cohort
 WHERE outcome IN ('', 'answered')
 GROUP BY 1 ORDER BY 1
"""  # noqa: S608  # as below

_BESIDE = f"""
  WITH cohort AS ({_COHORT})
SELECT outcome, reason, count(*) FROM cohort WHERE outcome NOT IN ('', 'answered') GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""  # noqa: S608  # nothing of the request is in the words of the query


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
class Duration:
    """at_least: an unanswered one stands here or before, so the true figure is this or more."""

    seconds: float
    at_least: bool = False


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


@dataclass(frozen=True, slots=True)
class Row:
    counts: Counts
    location: Location | None = None
    platform: str = ""
    median: Duration | None = None
    p90: Duration | None = None

    @property
    def platform_label(self) -> str:
        return str(Platform(self.platform).label) if self.platform else ""


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
    """The figures of what this member may see: three queries, whatever the number of waits."""
    asked = _asked(membership, period, now)
    places = {place.pk: place for place in membership.visible_locations()}
    rows = [_row(record, places) for record in _all(_FIGURES, asked)]
    return Report(
        period=period,
        total=next(row for row in rows if not row.location and not row.platform),
        locations=_by_name(row for row in rows if row.location and not row.platform),
        platforms=_by_name(row for row in rows if row.platform and not row.location),
        pairs=_by_name(row for row in rows if row.platform and row.location),
        steps=_filled(period, {day: Counts(*counts) for day, *counts in _all(_DAYS, asked)}),
        beside=[Beside(*record) for record in _all(_BESIDE, asked)],
    )


def _asked(membership: Membership, period: Period, now: datetime) -> dict[str, Any]:
    # Days begin at each location's own midnight, which the index cannot know: it is asked for a little more on each side.
    earliest, latest = bounds(
        period.first - timedelta(days=1), period.last + timedelta(days=1), zone_of(membership.organization_id)
    )
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


def _row(record: tuple[Any, ...], places: dict[int, Location]) -> Row:
    location_id, platform, met, late, unanswered, known, true = record
    median, p90 = (Duration(low, at_least=high != low) for low, high in zip(known, true, strict=True)) if known else (None, None)
    place = places[location_id] if location_id else None
    return Row(Counts(met, late, unanswered), place, platform or "", median, p90)


def _by_name(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.location.name if row.location else "", row.platform_label))


def _filled(period: Period, found: dict[date, Counts]) -> list[Step]:
    """Every day or week of the period, also those with nothing due: a gap in a chart is information."""
    step = timedelta(days=1 if period.step == "day" else 7)
    day = period.first if period.step == "day" else period.first - timedelta(days=period.first.weekday())
    steps = []
    while day <= period.last:
        steps.append(Step(day, found.get(day, Counts())))
        day += step
    return steps
