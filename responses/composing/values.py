"""What the fields of a template stand for in one conversation. Only facts the location has given; nothing is guessed."""

from collections.abc import Collection, Mapping
from datetime import datetime, time
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.locations import days
from accounts.locations.days import Day
from accounts.locations.hours import parse_day
from accounts.models import Location
from inbox.crises import reading
from inbox.models import Conversation
from inbox.triage.writer.first_name import first_name
from responses import wording

WHO_CONFIRMS = _("An administrator confirms them on the page of the location.")
BY_STAFF = frozenset({"answer", "first_name"})  # the fields that a person fills in

_LACKING: dict[str, str | Promise] = {
    "answer": _("Write your answer in the template."),
    "location_phone": _("This location has no phone number."),
    "location_address": _("This location has no address."),
    "booking_link": _("This location has no booking link."),
    "hours_link": _("This location has no link to its opening hours."),
    "private_link": _("This location has no link to write in private."),
    "signature": _("This location has no signature."),
}


def of(
    conversation: Conversation,
    *,
    language: str,
    now: datetime,
    filled: Mapping[str, str] | None = None,
    today: Day | None = None,
) -> dict[str, str]:
    """Every field that is known here; what staff filled in wins over what was derived, and they fill in no other field.

    today: as `today_at` tells it, where it is known already.
    """
    location = conversation.location
    known = {
        "first_name": name_of(conversation),
        "answer": "",
        "location_name": location.name,
        "location_phone": location.phone,
        "location_address": location.address,
        "location_hours": _hours_of(today or today_at(location, now), language),
        "booking_link": location.booking_url,
        "hours_link": location.hours_url,
        "private_link": location.private_url,
        "signature": location.signature,
        "organization_name": conversation.organization.name,
        **reading.fields_of(location, language, now=now),
    }
    return known | {name: text for name, text in (filled or {}).items() if name in BY_STAFF}


def missing(body: str, known: Mapping[str, str], *, but: Collection[str] = ()) -> list[str]:
    """The fields of a text that must say something and have nothing to say here."""
    wanted = [name for name in wording.fields_in(body) if name not in but]
    return [
        name
        for name in wanted
        if not wording.clean(known.get(name, "")) and not (name in wording.BY_NAME and wording.BY_NAME[name].may_be_empty)
    ]


def why_missing(name: str, today: Day) -> str | Promise:
    if name == "location_hours":
        return _why_no_hours(today)
    if name.startswith("help_"):
        return _("The table of help lines names nobody for a field of this template.")
    return _LACKING.get(name) or _("This location has nothing for a field of this template.")


def name_of(conversation: Conversation) -> str:
    """The first name to greet with: as staff corrected it, else as far as it is certain."""
    contact = conversation.contact
    return (contact.first_name or first_name(contact.name)) if contact else ""


def hours_today(location: Location, *, language: str, now: datetime) -> str:
    """“9 h à 21 h”; empty on a day without hours, or whose hours nobody confirmed, so that no template says that we are open."""
    return _hours_of(today_at(location, now), language)


def _hours_of(day: Day, language: str) -> str:
    spans = parse_day(day.hours)
    # In the language of the reply, whatever the language of who writes it.
    if language == "en":
        return " and ".join(f"{opens:%-H:%M} to {closes:%-H:%M}" for opens, closes in spans)
    return " et de ".join(f"{_heure(opens)} à {_heure(closes)}" for opens, closes in spans)


class Week:
    """The coming days of a place, today first; asked for once, where anything depends on them."""

    def __init__(self, location: Location, now: datetime) -> None:
        self.location, self.now = location, now

    @cached_property
    def days(self) -> list[Day]:
        return days.coming(self.location, self.now.astimezone(self.location.zone).date())


def today_at(location: Location, now: datetime) -> Day:
    [today] = days.coming(location, now.astimezone(location.zone).date(), count=1)
    return today


def _why_no_hours(today: Day) -> str | Promise:
    if today.is_to_confirm:
        return f"{today.to_confirm} {WHO_CONFIRMS}"
    return _("This location is closed today.") if today.said else _("This location has told no opening hours for today.")


def _heure(moment: time) -> str:
    # No-break spaces, so that an hour stays on one line.
    return f"{moment:%-H}\u00a0h" + (f"\u00a0{moment:%M}" if moment.minute else "")
