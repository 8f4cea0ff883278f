"""The time zones in which locations are, by the names that people use for them."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Two zones of one name keep the same time.
NAMES: dict[str, Promise] = {
    "America/Toronto": gettext_lazy("Eastern time"),
    "America/Blanc-Sablon": gettext_lazy("Atlantic standard time"),
    "America/Halifax": gettext_lazy("Atlantic time"),
    "America/Moncton": gettext_lazy("Atlantic time"),
    "America/St_Johns": gettext_lazy("Newfoundland time"),
    "America/Winnipeg": gettext_lazy("Central time"),
    "America/Regina": gettext_lazy("Saskatchewan time"),
    "America/Edmonton": gettext_lazy("Mountain time"),
    "America/Vancouver": gettext_lazy("Pacific time"),
}


def in_words(zone: str) -> str:
    """“Pacific time”; of a zone that has no name here, its own: “America/Whitehorse”."""
    return str(NAMES.get(zone, zone.replace("_", " ")))


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, such as America/Toronto.") % {"name": name})
