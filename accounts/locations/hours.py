"""The week of opening hours as a location keeps it."""

import re
from datetime import time
from itertools import pairwise
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
    return {day: parse_day(value.get(day) or ()) for day in DAYS}


def parse_day(value: Any) -> tuple[tuple[time, time], ...]:
    """Read [["09:00", "21:00"], …]. Raises ValueError as above."""
    return tuple(_interval(pair) for pair in value)


def _interval(pair: Any) -> tuple[time, time]:
    try:
        opens, closes = (time.fromisoformat(part) for part in pair)
    except (TypeError, ValueError) as error:
        raise ValueError(_("Write hours such as 09:00 to 21:00.")) from error
    if opens == closes:
        raise ValueError(_("Opening and closing time must differ."))
    return opens, closes


# As people write it: 09:00–21:00, 9 h – 21 h 30, 9:00-12:00.
_TIME = r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?"
_SPAN = re.compile(rf"\s*{_TIME}\s*(?:[-–—]|à|to)\s*{_TIME}\s*")


def read_day(text: str) -> list[list[str]]:
    """Read “09:00–12:00, 13:00–21:00” into intervals as a location keeps them; nothing is closed. Raises ValueError in words."""
    spans = [_read_span(part) for part in re.split(r"[,;]", text) if part.strip()]
    spans.sort()
    for (started, closes), (opens, _until) in pairwise(spans):
        if closes < started or opens < closes:  # only the last one may pass midnight
            raise ValueError(_("Two of these hours overlap."))
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]


def _read_span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(_("“%(text)s” was not understood: write hours such as 09:00–21:00.") % {"text": text.strip()})
    hours = [int(part or 0) for part in found.groups()]
    try:
        return _interval((f"{hours[0]:02}:{hours[1]:02}", f"{hours[2]:02}:{hours[3]:02}"))
    except ValueError as error:
        if hours[:2] == hours[2:]:
            raise
        raise ValueError(_("“%(text)s” is not a time of day.") % {"text": text.strip()}) from error


def write_day(intervals: Any) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in intervals or ())
