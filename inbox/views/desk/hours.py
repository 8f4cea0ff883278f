"""The opening hours of a location, as the page beside a conversation shows them."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.locations import days
from accounts.locations.hours import write_day
from accounts.models import Location


@dataclass(frozen=True, slots=True)
class OpenDay:
    date: date
    hours: str  # "" when closed
    today: bool
    note: str = ""  # what makes it unlike its week
    is_to_confirm: bool = False


def week_of(location: Location, now: datetime) -> list[OpenDay]:
    """Today and the six days after it, in the location's own time; nothing where no hours were written down."""
    if not location.opening_hours:
        return []
    today = now.astimezone(location.zone).date()
    return [
        OpenDay(day.date, write_day(day.hours), day.date == today, day.note, day.is_to_confirm)
        for day in days.coming(location, today)
    ]
