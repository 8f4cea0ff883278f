"""The units that a platform allows a day, where it does not tell how many are left: we count, across channels and processes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from inbox import platforms
from inbox.models import SpentUnits

DAY = timedelta(days=1)


def spent(platform: str, now: datetime) -> dict[tuple[date, str], int]:
    """Today and the day before it, where the platform is: which of them it is, its next answer tells."""
    rows = SpentUnits.objects.filter(platform=platform, day__gte=_day(platform, now) - DAY)
    return {(day, cost): units for day, cost, units in rows.values_list("day", "cost", "units")}


def add(platform: str, units: Mapping[tuple[date, str], int]) -> None:
    for (day, cost), number in units.items():
        SpentUnits.add(platform, day, cost, number)


def percent_used(platform: str, allowance: int, now: datetime) -> int:
    """Of today's units, by reading and by writing."""
    return SpentUnits.objects.of(platform, _day(platform, now)).total() * 100 // allowance


def _day(platform: str, now: datetime) -> date:
    return now.astimezone(platforms.get(platform).midnight).date()
