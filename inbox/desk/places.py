"""Where a row stands in a list, as the address of the page after it says."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BooleanField, Func

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"([0-9])-([0-9a-f]{1,14})-([0-9a-f]{1,15})")


class Place(NamedTuple):
    """Where a row stands in a view: how urgent it is, then when it is due or was last written in."""

    urgency: int
    at: datetime
    pk: int


def as_row(*columns: Any) -> Func:
    return Func(*columns, function="ROW", output_field=BooleanField())


def token(at: datetime, pk: int, urgency: int = 0) -> str:
    return f"{urgency}-{_microseconds(at)}-{pk:x}"


def read_token(token: str) -> Place | None:
    """The place a token names, or None: whatever is not a token of ours means the first page."""
    match = _TOKEN.fullmatch(token)
    if not match:
        return None
    try:
        return Place(int(match[1]), _EPOCH + timedelta(microseconds=int(match[2], 16)), int(match[3], 16))
    except OverflowError:
        return None


def _microseconds(at: datetime) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1):x}"
