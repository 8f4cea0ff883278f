"""Short texts that triage does not read as they arrive: a name, a title, our own words. Read as they are shown."""

import re
from collections.abc import Sequence
from functools import lru_cache

from inbox.triage.findings import Context
from inbox.triage.identifiers import find_told
from inbox.triage.identifiers.masking import Hidden, between, hidden, of_kind

KEPT, SHORT = 5000, 1000  # texts in the memory of one process, and characters of one


def masked(text: str, facts: tuple[str, ...] = ()) -> str:
    return between(text, concealed(text, facts), 0, len(text))


def masked_phone(number: str) -> str:
    """A number of which nothing else has to tell that it is one."""
    return of_kind("phone", number) if number else ""


def concealed(text: str, facts: tuple[str, ...] = ()) -> Sequence[Hidden]:
    return _kept(text, facts) if len(text) <= SHORT else _read(text, facts)


def _read(text: str, facts: tuple[str, ...]) -> Sequence[Hidden]:
    """What is not shown of a text. facts: what the house tells of itself, which is nobody's secret. Where the rules fail, no
    number is shown."""
    try:
        found = [*find_told(text, Context(page_numbers=facts))]
    except Exception:
        return [Hidden(*digits.span(), (), "•" * len(digits[0])) for digits in re.finditer(r"\d+", text)]
    return hidden(text, [one for one in found if not any(text[one.start : one.end] in fact for fact in facts)])


_kept = lru_cache(KEPT)(_read)
