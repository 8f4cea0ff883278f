"""Which products and which people a text names. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from inbox.triage import identifiers
from inbox.triage.lexicons import fold, words
from inbox.triage.text import Text
from inbox.triage.words import medicines
from responses.guard.findings import Around, Span

_WORD = re.compile(r"[^\W\d_]{3,}")
_MEDICINE = re.compile(
    r"m[ée]dicaments?|ordonnances?|prescriptions?|medicines?|medications?|pilules?|pills?|vaccins?|vaccines?", re.IGNORECASE
)
_VACCINE = re.compile(r"\bvaccin", re.IGNORECASE)


@lru_cache(maxsize=8)  # one reading of a text serves every rule
def identified(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((found.type, found.start, found.end) for found in identifiers.find_anybodys(text))


# --- products -------------------------------------------------------------------------------------------


def own_products(text: str, around: Around) -> list[Span]:
    if not around.own or not text:
        return []
    return [found.span() for found in medicines.called(around.own).finditer(Text(text).folded)]


def on_prescription(text: str, around: Around) -> Iterator[Span]:
    """A maker may name what it makes: what else it may not say of it stands in `promoting`."""
    known, own = words("rx_names", "names"), own_products(text, around)
    for found in _WORD.finditer(text):
        if fold(found[0]) in known and not any(overlap(found.span(), mine) for mine in own):
            yield found.span()


# What is done or given, and no product by its name.
_SERVICES = frozenset(["vaccination", "vaccinations", "injection", "injections", "booster", "jab", "tisane", "timbre"])
# What is sold beside medicines, and may be praised and sold off.
_NO_MEDICINES = (*medicines.KINDS, "products.skin", "products.mouthcare", "products.eye")


@cache
def _names() -> frozenset[str]:
    return frozenset(medicines.of_products(but=_NO_MEDICINES)) - _SERVICES | words("rx_names", "names")


def products(text: str, around: Around) -> list[Span]:
    """Every medicine by its name, on prescription or not."""
    own, known = own_products(text, around), _names()
    return own + [
        found.span()
        for found in _WORD.finditer(text)
        if fold(found[0]) in known and not any(overlap(found.span(), mine) for mine in own)
    ]


def of_vaccines(text: str) -> bool:
    return bool(_VACCINE.search(text))


def medicines_of(text: str, around: Around) -> list[Span]:
    """Medicines by name, and words for any of them."""
    return [*products(text, around), *(found.span() for found in _MEDICINE.finditer(text))]


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# --- people ---------------------------------------------------------------------------------------------


def people(text: str, around: Around) -> Iterator[Span]:
    """Whom the words around a name say to be a person. Who works here without an account is one as well."""
    repeated = [*repeated_people(text, around)]
    found = [(start, end) for kind, start, end in identified(text) if kind == "name"]
    return (span for span in _others(text, found, around) if not any(overlap(span, told) for told in repeated))


def repeated_people(text: str, around: Around) -> Iterator[Span]:
    """Whom the thread named before."""
    return _others(text, [span for name in _named_in(around.thread) for span in _said(name, text)], around)


def _others(text: str, found: Iterable[Span], around: Around) -> Iterator[Span]:
    """But for the team and the person themselves."""
    known = [set(fold(name).split()) for name in around.people]
    return (span for span in sorted(set(found)) if not any(_parts(text[slice(*span)]) <= name for name in known))


def _named_in(thread: str) -> set[str]:
    """Of two words at least: one alone may be anybody's."""
    found = (thread[start:end] for kind, start, end in identified(thread) if kind == "name")
    return {name for name in found if len(name.split()) > 1}


def _said(name: str, text: str) -> Iterator[Span]:
    pattern = r"(?<![^\W_])" + r"\s+".join(map(re.escape, Text(name).folded.split())) + r"(?![^\W_])"
    return (found.span() for found in re.finditer(pattern, Text(text).folded))


def _parts(name: str) -> set[str]:
    return set(fold(name).split())
