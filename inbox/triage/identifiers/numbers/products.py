"""Numbers of things, which are looked for first: medicines, lots, parcels, prices, links. Never a person's."""

import re
from collections.abc import Iterator

from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import checks
from inbox.triage.text import Text

_IS = r"(?: ?(?:no\.?|n°|num(?:ero)?s?|number|nbr|code|id|#|:|=|est|is|c'est|de suivi|de lot|de serie|the|le|la|-) ?){0,4} ?"
_THING = words.any_of("products", "strong")
_PRODUCT = re.compile(rf"(?<![a-z]){_THING}\b{_IS}(?=[\w-]*\d)[a-z]{{0,6}}[\d][\w-]*(?: \d[\w-]*)*")
_MEDICINE = re.compile(r"(?<![a-z])(?:din(?:[ -]?hm)?|npn)\s*[:#]?\s*\d{8}\b")
_PLOT = re.compile(
    r"lots? \d{1,4},? (?:(?:conc(?:ession)?|con|rang|rg|chemin|route|rue|(?:du |au )(?:camping|domaine|parc))(?![a-z])|ch\.)"
)
_PHONE = re.compile(r"\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}")
# “rx 6452187 6452188” are two, as are a telephone and what stands beside it.
_SEVERAL = re.compile(
    r"\d{6,8}(?: \d{6,8}){1,2}|\d{10} \d{1,5}|\d{4,8} \d{10}|\d{3}-\d{4} \d\d?-\d\d?-\d{2,4}"
    r"|(?:\d\d[ -]){2}(?:19|20)\d\d \d{10}|\d{4,8} (?:(?:19|20)\d\d-\d\d?-\d\d?|\d\d?-\d\d?-(?:19|20)?\d\d)"
)
_CARD_AND_MORE = re.compile(r"(\d\d)(\d\d)[ -]?(\d\d)\d\d[ -]\d{1,5}")
_FOUR_LETTERS = re.compile(r"(?<![a-z])[a-z]{4}[ -]?$")
_NUMBER_OR_LINK = re.compile(r"[\d/]|www\.")
_LINK = re.compile(r"(?:https?://|www\.)[^\s@]+|(?<![@.])\b[\w-]+\.(?:com|ca|org|net|ly|me)/\S+")
_OTHER = re.compile(
    r"\$ ?\d[\d ,.]*|\b\d[\d ,.]{0,20}(?: ?\$| ?(?:cad|dollars?|piastres?)\b)"  # prices
    r"|\b1z[0-9a-z]{16}\b|(?<!\d)(?<!\+)(?!011[ -])\d(?:[ -]?\d){11,19}(?!\d)"  # parcels, bar codes, cards
    r"|\b\d{1,2} ?h ?\d{0,2} ?(?:a|-|au) ?\d{1,2} ?h(?: ?\d{2})?\b|\b\d{1,2}:\d{2}\b"  # hours
)


def medicines(text: str) -> Iterator[tuple[int, int]]:
    """DIN, DIN-HM and NPN, with what says so."""
    return (found.span() for found in _MEDICINE.finditer(Text(text).folded))


def find(folded: str) -> Iterator[tuple[int, int]]:
    if not _NUMBER_OR_LINK.search(folded):
        return
    for found in _PRODUCT.finditer(folded):
        if not _PHONE.search(found[0]) and not _PLOT.match(folded, found.start()):
            number = re.search(r"\S*\d", found[0])
            yield found.start() + (number.start() if number else 0), found.end()
    if "/" in folded or "www." in folded:
        yield from (found.span() for found in _LINK.finditer(folded))
    for found in _OTHER.finditer(folded):
        if not found[0][0].isdigit() or not (
            _PHONE.search(found[0]) or _SEVERAL.fullmatch(found[0]) or _is_a_card_and_more(folded, found)
        ):
            yield found.span()


def _is_a_card_and_more(folded: str, found: re.Match[str]) -> bool:
    """“TREM 6253 1492 1212 Main Street”: the number of a house behind that of a health card."""
    card = _CARD_AND_MORE.fullmatch(found[0])
    return bool(
        card
        and _FOUR_LETTERS.search(folded, max(0, found.start() - 6), found.start())
        and checks.ramq_date_possible(*card.groups())
    )
