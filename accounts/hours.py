"""The week of opening hours as a location keeps it."""

from datetime import time
from typing import Any

from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Week = dict[str, tuple[tuple[time, time], ...]]


def parse_week(value: Any) -> Week:
    """Read {"mon": [["09:00", "21:00"]], …} into times. Raises ValueError in the reader's words."""
    if not isinstance(value, dict):
        raise ValueError(_("Opening hours are written day by day."))
    unknown = set(value) - set(DAYS)
    if unknown:
        raise ValueError(_("“%(day)s” is not a day.") % {"day": sorted(map(str, unknown))[0]})
    return {day: tuple(_interval(pair) for pair in value.get(day) or ()) for day in DAYS}


def _interval(pair: Any) -> tuple[time, time]:
    try:
        opens, closes = (time.fromisoformat(part) for part in pair)
    except (TypeError, ValueError) as error:
        raise ValueError(_("Write hours such as 09:00 to 21:00.")) from error
    if opens == closes:
        raise ValueError(_("Opening and closing time must differ."))
    return opens, closes
