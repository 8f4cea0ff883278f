"""How often a page is usually heard of, and whether it has been silent for longer than that explains. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from math import exp

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
LOOK_BACK = 4 * WEEK
ENOUGH_TIME, ENOUGH_EVENTS = 2 * WEEK, 28  # below either, nothing is usual yet: a quiet page raises no alarm
BURST = 4  # events of one hour that count: forty answers to one post make no busier hour than four
SHORTEST = timedelta(hours=3)  # nobody is alarmed sooner
UNLIKELY = 0.01


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Events an hour, for each hour of the week on the wall of the place."""

    rates: Mapping[tuple[int, int], float]  # (weekday, hour)
    zone: tzinfo

    @classmethod
    def of(cls, hours: Iterable[tuple[datetime, int]], *, begin: datetime, end: datetime, zone: tzinfo) -> "Rhythm | None":
        """From how many events came in which hour. begin: since when the page can have been heard. None: too little to tell."""
        weeks = (end - begin) / WEEK
        counts: Counter[tuple[int, int]] = Counter()
        for hour, events in hours:
            counts[_place(hour, zone)] += min(events, BURST)
        if end - begin < ENOUGH_TIME or counts.total() < ENOUGH_EVENTS:
            return None
        return cls({place: count / weeks for place, count in counts.items()}, zone)

    def expected(self, begin: datetime, end: datetime) -> float:
        """How many events usually come in this stretch."""
        total, at = 0.0, begin.astimezone(UTC)
        while at < end:
            following = min(end, at.replace(minute=0, second=0, microsecond=0) + HOUR)
            total += self.rates.get(_place(at, self.zone), 0.0) * ((following - at) / HOUR)
            at = following
        return total

    def is_broken(self, heard_at: datetime, now: datetime) -> bool:
        """Whether a silence this long would be a chance of less than one in a hundred (Poisson)."""
        begin = max(heard_at, now - LOOK_BACK)
        return now - heard_at >= SHORTEST and exp(-self.expected(begin, now)) < UNLIKELY


def _place(at: datetime, zone: tzinfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.weekday(), local.hour
