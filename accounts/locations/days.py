"""Single days of a location: the holidays of its province, and days that are unlike their week.

A holiday of which nobody said what it is like is *to be confirmed*: the hours of its week are told to nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from accounts import audit
from accounts.locations import hours, public_holidays
from accounts.models import Location, Membership, SpecialDay

SOON = timedelta(days=30)  # before a holiday whose hours are still asked for


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    usual: list[list[str]]  # of that day of the week, as the location keeps it
    holiday: str  # its name; "" on any other day
    said: SpecialDay | None

    @property
    def is_to_confirm(self) -> bool:
        """A holiday, with hours in an ordinary week, of which nobody has said what it is like."""
        return bool(self.holiday and self.usual and not self.said)

    @property
    def hours(self) -> list[list[str]]:
        """Of that very day; none when it is closed, and none as long as they are to be confirmed."""
        if self.is_to_confirm:
            return []
        return self.said.hours if self.said and self.said.opens != SpecialDay.Opens.AS_USUAL else self.usual

    @property
    def usually(self) -> str:
        return hours.write_day(self.usual)

    @property
    def note(self) -> str:
        """Why it is not like its week, for staff."""
        return self.holiday or (self.said.reason if self.said else "")

    @property
    def to_confirm(self) -> str:
        """“June 24 is a public holiday (…)”, for who is about to name hours."""
        words = gettext("%(day)s is a public holiday (%(name)s): opening hours to be confirmed.")
        return words % {"day": _named(self.date), "name": self.holiday}


def _named(day: date) -> str:
    """“June 24”."""
    written = date_format(day, pgettext("day and month", "F j"))
    return written.replace("1 ", "1er ", 1) if day.day == 1 and written.startswith("1 ") else written


def coming(location: Location, first: date, *, count: int = 7) -> list[Day]:
    """So many days from `first` on."""
    last = first + timedelta(days=count - 1)
    return _between(location, first, last, location.special_days.filter(date__range=(first, last)))


def soon_to_confirm(locations: Collection[Location], now: datetime) -> dict[int, Day]:
    """By location, the first holiday of the next weeks of which nobody has said what it is like."""
    said: dict[int, list[SpecialDay]] = {place.pk: [] for place in locations}
    for row in SpecialDay.objects.filter(location__in=said, date__gte=(now - timedelta(days=1)).date()):
        said[row.location_id].append(row)
    found: dict[int, Day] = {}
    for place in locations:
        today = now.astimezone(place.zone).date()
        ahead = _between(place, today, today + SOON, said[place.pk])
        if first := next((day for day in ahead if day.is_to_confirm), None):
            found[place.pk] = first
    return found


def _between(location: Location, first: date, last: date, said: Iterable[SpecialDay]) -> list[Day]:
    by_date = {row.date: row for row in said}
    names = public_holidays.between(location.province, first, last, language=get_language() or "fr")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [Day(day, _usual(location, day), names.get(day, ""), by_date.get(day)) for day in days]


def last_of_the_year(first: date) -> date:
    """The last day of the twelve months that begin on `first`."""
    return first + timedelta(days=364)


def unlike_their_week(location: Location, first: date, *, also: Collection[date] = ()) -> list[Day]:
    """Of those twelve months: the holidays, and what was said of any other day. also: days that are asked for by name."""
    ahead = coming(location, first, count=(last_of_the_year(first) - first).days + 1)
    return [day for day in ahead if day.holiday or day.said or day.date in also]


def _usual(location: Location, day: date) -> list[list[str]]:
    return location.opening_hours.get(hours.DAYS[day.weekday()]) or []


@transaction.atomic
def say(location: Location, said: Mapping[date, SpecialDay | None], *, by: Membership, now: datetime) -> None:
    """What these days are like; None takes back what was said. Every day that changed is an entry of the trail."""
    Location.objects.select_for_update(no_key=True).get(pk=location.pk)  # two who decide at once: one after the other
    held = {row.date: row for row in location.special_days.filter(date__in=said)}
    for day, wanted in sorted(said.items()):
        row = held.get(day)
        before, after = _told(row), _told(wanted)
        if before == after:
            continue
        row = _keep(row or SpecialDay(location=location, date=day), wanted)
        organization = location.organization_id
        audit.record("special_day.said", row, organization=organization, by=by, now=now, before=before, after=after)
        if wanted is None:
            row.delete()


def _keep(row: SpecialDay, wanted: SpecialDay | None) -> SpecialDay:
    if wanted is not None:
        row.opens, row.hours, row.reason = wanted.opens, wanted.hours, wanted.reason
        row.save()
    return row


def _told(row: SpecialDay | None) -> dict[str, Any] | None:
    return {"opens": row.opens, "hours": hours.write_day(row.hours), "reason": row.reason} if row else None
