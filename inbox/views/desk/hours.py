"""The opening hours of a location, as the page beside a conversation shows them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.locations.hours import DAYS, write_day
from accounts.models import Location


@dataclass(frozen=True, slots=True)
class OpenDay:
    date: date
    hours: str  # "" when closed
    today: bool


def week_of(location: Location, now: datetime) -> list[OpenDay]:
    """Today and the six days after it, in the location's own time; nothing where no hours were written down."""
    if not location.opening_hours:
        return []
    today = now.astimezone(ZoneInfo(location.time_zone)).date()
    days = [today + timedelta(days=n) for n in range(7)]
    return [OpenDay(day, write_day(location.opening_hours.get(DAYS[day.weekday()])), day == today) for day in days]
