"""What is promised too high, and what is given away: words of praise and of rebate, with what only looks like them. Pure."""

import re
from collections.abc import Iterator

from responses.guard import naming
from responses.guard.findings import Around, Span

NEAR = 60  # characters between a rebate and its medicine
WITHIN = 40  # characters in which a word says that another is meant otherwise

# --- promises -------------------------------------------------------------------------------------------

_SUPERLATIVE = re.compile(
    r"\bgaranti\w*|\bmiracle|\b100 ?%|sans effets? secondaires?|\bgu[ée]ri[rst]*\b"
    r"|\bl[ea] meilleure?\b(?! (?:moment|fa[çc]on|mani[èe]re|personne|endroit|moyen|temps|jour|heure|num[ée]ro|adresse|souvenir))"
    r"|\bguarante\w+|\bcures?\b|no side effects?|\bsafest\b"
    r"|\bthe best\b(?! (?:time|way|person|place|day|number|hour|thing to do|of luck))",
    re.IGNORECASE,
)
# “Nous ne pouvons pas garantir”, “sans garantie”, “au meilleur de nos connaissances”.
_TAKEN_BACK = re.compile(
    r"\b(?:ne|n['’]|pas|rien|sans|aucune?|cannot|can['’]t|not|never|no)\W{1,2}(?:\w+\W+){0,3}$", re.IGNORECASE
)
# “Couvert à 100 % par le régime”.
_COVERED = re.compile(r"couvr|couvert|rembours|assur|ramq|r[ée]gime|\bcover|reimburs|insur|\bplan\b", re.IGNORECASE)


def promises(text: str, around: Around) -> Iterator[Span]:
    return iter([] if naming.products(text, around) else _superlatives(text))


def promises_of_a_product(text: str, around: Around) -> Iterator[Span]:
    return iter(_superlatives(text) if naming.products(text, around) else [])


def _superlatives(text: str) -> list[Span]:
    return [found.span() for found in _SUPERLATIVE.finditer(text) if not _meant_otherwise(text, found)]


def _meant_otherwise(text: str, found: re.Match[str]) -> bool:
    if "%" in found[0]:
        return _is_covered(text, found)
    return found[0].lower().startswith(("garant", "guarant")) and bool(_TAKEN_BACK.search(text, 0, found.start()))


def _is_covered(text: str, found: re.Match[str]) -> bool:
    return bool(_COVERED.search(text, max(0, found.start() - WITHIN), found.end() + WITHIN))


# --- rebates --------------------------------------------------------------------------------------------

_REBATE = re.compile(
    r"rabais|promo(?:tion)?s?\b|\bsoldes?\b|points\b|gratuit\w*|cadeaux?\b|discounts?|coupons?|\bsale\b|\bfree\b"
    r"|(?<!\d)(?!100)\d+ ?%",
    re.IGNORECASE,
)
_FREE = re.compile(r"gratuit\w*|free", re.IGNORECASE)
# No gift of a medicine: a parking space, a delivery, advice. “Points de service”, “feel free”, “sugar-free”.
_OF_A_SERVICE = re.compile(
    r"(?:stationnements?|parking|livraisons?|livr\w+|delivery|appels?|calls?|lignes?|lines?|conseils?|advice|wi-?fi|feel|sugar|gluten"
    r"|rappels?|consultations?)\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_FOR_A_SERVICE = re.compile(
    r"\W+(?:parking|delivery|shipping|advice|consultation|to (?:call|ask|write|contact|come|reach|message)"
    r"|de (?:service|vente|chute|suture|contact|rencontre|collecte))\b",
    re.IGNORECASE,
)


def rebates(text: str, around: Around) -> Iterator[Span]:
    """Near a medicine; or anywhere, where the thread asks for the price or the stock of one."""
    medicines = naming.medicines_of(text, around)
    asked = around.sells and bool(naming.medicines_of(around.thread, around))
    for found in _rebates(text):
        # A programme gives the vaccine to everybody: that it is free is no gift of the pharmacy.
        free = _FREE.fullmatch(found[0])
        counted = [span for span in medicines if not (free and naming.of_vaccines(text[slice(*span)]))]
        if (asked and not (free and naming.of_vaccines(text))) or any(_near(found.span(), span) for span in counted):
            yield found.span()


def offers(text: str, around: Around) -> Iterator[Span]:
    """Where a price or a stock is asked for and nobody names a medicine: it may be one all the same."""
    if around.sells and not any(rebates(text, around)):
        yield from (found.span() for found in _rebates(text) if not (_FREE.fullmatch(found[0]) and naming.of_vaccines(text)))


def _rebates(text: str) -> Iterator[re.Match[str]]:
    for found in _REBATE.finditer(text):
        if _OF_A_SERVICE.search(text, 0, found.start()) or _FOR_A_SERVICE.match(text, found.end()):
            continue
        if "%" not in found[0] or not _is_covered(text, found):
            yield found


def _near(span: Span, other: Span) -> bool:
    return other[0] - NEAR <= span[1] and span[0] <= other[1] + NEAR
