"""Digits said aloud, as a phone types them: “cinq un quatre cinq cinq cinq zéro un quarante-deux”."""

import re
from collections.abc import Iterator

from inbox.triage.identifiers import words

_UNITS, _TEENS, _TENS = (words.pairs("spoken", name) for name in ("units", "teens", "tens"))
_ONE = "|".join(sorted((one.replace("_", "[ -]") for one in (*_UNITS, *_TEENS)), key=len, reverse=True))
_TEN = "|".join(sorted((ten.replace("_", "[ -]") for ten in _TENS), key=len, reverse=True))
_TIMES = {"": 1, "double ": 2, "triple ": 3}
_WORD = rf"(?:(?:{_TEN})(?:[ -](?:et[ -])?(?:{_ONE})\b)?|(?:{_ONE})|cents?|(?:double|triple) (?:{_ONE})|\d{{1,4}})"
_RUN = re.compile(rf"(?<![\w\0])(?:{_WORD}\b[ ,.-]{{1,3}}){{3,}}{_WORD}(?![\w])")
_TOKEN = re.compile(
    rf"(?P<times>(?:double|triple) )?(?:(?P<ten>{_TEN})(?:[ -](?:et[ -])?(?P<more>{_ONE})\b)?"
    rf"|(?P<one>{_ONE})|(?P<hundred>cents?)|(?P<digits>\d+))"
)


def numbers(folded: str) -> Iterator[tuple[int, int, str]]:
    """Where four words of number or more follow each other, and the digits that they say."""
    for found in _RUN.finditer(folded):
        if re.search("[a-z]", found[0]):
            yield *found.span(), _said(found[0])


def _said(run: str) -> str:
    """“quatre cent trente-huit” is 438, “quatre trente-huit” as well."""
    digits: list[str] = []
    hundreds = 0
    for token in _TOKEN.finditer(run):
        if token["hundred"]:
            hundreds = 100 * int(digits.pop() if digits and digits[-1] in set("23456789") else 1)
            continue
        value = _value(token)
        if hundreds and value != "0" and len(value) <= 2:
            digits.append(str(hundreds + int(value)))
        else:
            digits += [str(hundreds), value] if hundreds else [value]
        hundreds = 0
    return "".join(digits) + (str(hundreds) if hundreds else "")


def _value(token: re.Match[str]) -> str:
    if token["digits"]:
        return token["digits"]
    ten, more, one = (re.sub("[ -]", "_", token[name] or "") for name in ("ten", "more", "one"))
    if ten:
        return str(int(_TENS[ten]) + int((_UNITS | _TEENS).get(more, "0")))
    return (_UNITS | _TEENS)[one] * _TIMES[token["times"] or ""]
