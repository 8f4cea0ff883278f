"""Reading JSON that strangers wrote: each helper takes whatever is there and gives what is safe to keep."""

import json
import math
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from inbox.platforms.base import Author, Malformed

ID, PERSON_ID, NAME, LINK = 300, 200, 200, 2000  # what the database keeps of each
EARLIEST, LATEST = datetime(2004, 2, 4, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # no event lies outside


class Unreadable(Exception):
    """One event that cannot be understood. The others of its body are not touched by it."""


def load(body: bytes) -> Any:
    """The object or list in these bytes, with every string in it safe for PostgreSQL. Raises Malformed."""
    try:
        payload = clean(json.loads(body, parse_int=_integer, parse_float=_decimal, parse_constant=lambda _: None))
    except (ValueError, RecursionError) as error:
        # Its class only: the words of people stay out of logs.
        raise Malformed(type(error).__name__) from None
    if not isinstance(payload, dict | list):
        raise Malformed("neither an object nor a list")
    return payload


def clean(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {safe(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def safe(words: str) -> str:
    """Without NUL, which PostgreSQL refuses, nor halves of a character, which UTF-8 cannot write."""
    words = words.replace("\0", "")
    try:
        words.encode()
    except UnicodeEncodeError:
        return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= 20 else digits  # Python refuses to read very long ones


def _decimal(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


# --- one value --------------------------------------------------------------------------------------


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """0 where there is none."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def identifier(value: Any, limit: int = ID) -> str:
    """An id as the opaque string it is, "" where there is none. Old events carry numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    words = text(value).strip()
    if len(words) > limit:
        raise Unreadable("an identifier is too long")
    return words


def required(value: Any, what: str, limit: int = ID) -> str:
    words = identifier(value, limit)
    if not words:
        raise Unreadable(f"no {what}")
    return words


def author(who: Any, *, name: str = "name") -> Author | None:
    """A person in the platform's {"id": …, "name": …}; None where it was withheld."""
    person = mapping(who)
    identity = identifier(person.get("id"), PERSON_ID)
    return Author(identity, text(person.get(name))[:NAME]) if identity else None


def link(value: Any, limit: int = LINK) -> str:
    """An address that may stand in a page: never javascript:, never words, never longer than what is kept."""
    address = text(value).strip()
    return address if re.fullmatch(r"https?://\S+", address, re.I) and len(address) <= limit else ""


def seconds(value: Any) -> datetime | None:
    """A moment in whole seconds since 1970; None for what no clock says."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if not EARLIEST.timestamp() <= value <= LATEST.timestamp():
        return None
    return datetime.fromtimestamp(value, UTC)


def milliseconds(value: Any) -> datetime | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return seconds(value / 1000)
    except OverflowError:
        return None


def iso(value: Any) -> datetime | None:
    """2026-11-23T10:40:09+0000, as Graph writes it."""
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if EARLIEST <= moment <= LATEST else None


def same_words(one: str, other: str) -> bool:
    """Platforms trim and fold white space, and may compose accents anew."""
    return _folded(one) == _folded(other)


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())
