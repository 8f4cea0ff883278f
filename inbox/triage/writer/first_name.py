"""The first name to greet somebody with, from the name a platform shows. "" when it is not certain.

A wrong name is worse than none, so each rule here can only say no, and in the end the name must be a known one.
"""

import re
import unicodedata
from functools import cache

from inbox.triage.lexicons import fold, lines, words

SHORTEST, LONGEST = 2, 20
_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013\u2212]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc`]")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|«[^»]*»|“[^”]*”")
_TWO_PEOPLE = re.compile(r"[&+/|]|\b(et|and|y|ou|or)\b", re.IGNORECASE)


def first_name(display_name: str) -> str:
    """“🌸 JULIE Tremblay” → “Julie”; “Pharmacie Julie”, “julie_t”, “Lise et Marc”, “JT” → “”."""
    shown = _plain(display_name)
    if _TWO_PEOPLE.search(shown):
        return ""
    if "," in shown:
        return _after_comma(shown)
    return _from_tokens([token.rstrip(".") if len(token) > 4 else token for token in shown.split()])


def _plain(display_name: str) -> str:
    """Letters and their marks; emoji, ornaments and asides gone."""
    name = unicodedata.normalize("NFKC", display_name)
    name = _APOSTROPHES.sub("'", _HYPHENS.sub("-", _ASIDE.sub(" ", name)))
    kept = (c if c.isalnum() or c in "-'._,&+/|@ " or unicodedata.category(c) == "Mn" else " " for c in name)
    # Variation selectors are marks as well, but of an emoji.
    return re.sub("[\ufe00-\ufe0f\u20e3]", "", "".join(kept)).strip()


def _after_comma(shown: str) -> str:
    """“Tremblay, Julie” is Julie; “Julie, Marc” may be two people."""
    before, _, after = (part.strip() for part in shown.partition(","))
    if _is_name(before.split()[:1]):
        return "" if _is_name(after.split()[:1]) else _from_tokens(before.split())
    return _from_tokens(after.split())


def _from_tokens(tokens: list[str]) -> str:
    if not tokens or fold(tokens[0]).rstrip(".") in words("not_names", "first") or tokens[0].endswith("'s"):
        return ""
    if fold(" ".join(tokens[:2])) in _brands():
        return ""
    if any(fold(token).strip(".") in words("not_names", "anywhere") for token in tokens):
        return ""
    if len(tokens) > 1 and _family_name_first(tokens):
        return _written(tokens[1]) if _is_shouted(tokens[0]) and not _is_shouted(tokens[1]) else ""
    if not _is_name(tokens[:1]):
        return ""
    return " ".join(_written(token) for token in tokens[: 2 if _is_pair(tokens) else 1])


def _family_name_first(tokens: list[str]) -> bool:
    """“TREMBLAY Julie”, and “Martin Julie”, where Martin may be either."""
    first, second = tokens[0], tokens[1]
    if not _is_name([second]):
        return False
    if not _is_name([first]):
        return len(tokens) == 2 and _is_shouted(first)
    doubtful = _may_be_family(first) and _is_common(second) and not _may_be_family(second)
    return len(tokens) == 2 and not _is_pair(tokens) and doubtful


def _is_name(tokens: list[str]) -> bool:
    if not tokens or not SHORTEST <= len(tokens[0]) <= LONGEST or (len(tokens[0]) == SHORTEST and tokens[0].isupper()):
        return False
    token = fold(tokens[0])
    return token in _known() or ("-" in token and all(len(part) >= SHORTEST and part in _known() for part in token.split("-")))


def _is_pair(tokens: list[str]) -> bool:
    """“Marie Ève Roy” is called Marie Ève. With no family name after it, “Jean Simon” is Jean."""
    if len(tokens) < 2 or (fold(tokens[0]), fold(tokens[1])) not in _pairs():
        return False
    return len(tokens) > 2 or not _may_be_family(tokens[1])


def _is_common(token: str) -> bool:
    """Rare names are too often family names elsewhere: “Samuel Diallo” is Samuel."""
    return fold(token) in words("first_names", "latin")


def _may_be_family(token: str) -> bool:
    return fold(token) in words("first_names", "also_family_names")


def _is_shouted(token: str) -> bool:
    return token.isupper() and sum(map(str.isalpha, token)) > SHORTEST


def _written(token: str) -> str:
    """As its owner wrote it, but neither shouted nor whispered."""
    if token.isupper() or token.islower():
        return "-".join(part[:1].upper() + part[1:].lower() for part in token.split("-"))
    return token[:1].upper() + token[1:]


@cache
def _known() -> frozenset[str]:
    return frozenset().union(
        *(words(name, group) for name in ("first_names", "more_first_names") for group in ("latin", "other"))
    )


@cache
def _brands() -> frozenset[str]:
    """Shops that are called as somebody is."""
    return frozenset(map(fold, lines("not_names")["brands"]))


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    found = set()
    for line in lines("first_names")["compound"]:
        first, _, seconds = line.partition(":")
        found |= {(fold(first), fold(second)) for second in seconds.split()}
    return frozenset(found)
