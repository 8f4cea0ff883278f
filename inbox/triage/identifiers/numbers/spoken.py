"""Digits said aloud, as a phone types them: “cinq un quatre cinq cinq cinq zéro un quarante-deux”."""

import re
from collections.abc import Iterator

from inbox.triage.identifiers import words

_UNITS, _TEENS, _TENS = (words.pairs("spoken", name) for name in ("units", "teens", "tens"))
ONE = "|".join(sorted((one.replace("_", "[ -]") for one in (*_UNITS, *_TEENS)), key=len, reverse=True))
TEN = "|".join(sorted((ten.replace("_", "[ -]") for ten in _TENS), key=len, reverse=True))
_TIMES = {"": 1, "double ": 2, "triple ": 3}
_WORD = (
    rf"(?:(?:{TEN})(?:[ -](?:et[ -])?(?:{ONE})\b)?|(?:{ONE})|cents?|hundred|mille|thousand|(?:double|triple) (?:{ONE})|\d{{1,4}})"
)
_RUN = re.compile(rf"(?<![\w\0])(?=\w)(?:{_WORD}\b[ ,.-]{{1,3}}){{2,}}{_WORD}(?![\w])")
_TWO_TO_NINE = frozenset("23456789")
_MANY = re.compile("double|triple|cent|hundred|mille|thousand")
_TOKEN = re.compile(
    rf"(?P<times>(?:double|triple) )?(?:(?P<ten>{TEN})(?:[ -](?:et[ -])?(?P<more>{ONE})\b(?![ -]cents?\b))?"
    rf"|(?P<one>{ONE})|(?P<hundred>cents?|hundred)|(?P<thousand>mille|thousand)|(?P<digits>\d+))"
)


def numbers(folded: str) -> Iterator[tuple[int, int, str]]:
    """Where four words of number or more follow each other, or three that stand for more, and the digits that they say."""
    for found in _RUN.finditer(folded):
        if re.search("[a-z]", found[0]) and (len(re.findall(r"\w+", found[0])) > 3 or _MANY.search(found[0])):
            yield *found.span(), _said(found[0])


def _said(run: str) -> str:
    """“quatre cent trente-huit” is 438, “quatre trente-huit” as well; “mille deux cent quatre” is 1204."""
    numbers: list[int | str] = []  # “zero one” keeps its zero
    room, added = 0, 0  # what may still be added to the last of them is less; what was added last
    for token in _TOKEN.finditer(run):
        last = int(numbers[-1]) if numbers else 0
        if token["hundred"]:
            if added and last >= 1000:  # “mille deux cent”
                numbers[-1] = last - added + 100 * added
            elif added:  # “cinq cent deux cent”
                numbers[-1:] = [last - added, 100 * added]
            elif numbers and str(numbers[-1]) in _TWO_TO_NINE:
                numbers[-1] = 100 * last
            elif room > 100:  # “mille cent”
                numbers[-1] = last + 100
            else:
                numbers.append(100)
            room, added = 100, 0
        elif token["thousand"]:
            numbers[-1:] = [1000 * last] if 0 < last < 100 else [*numbers[-1:], 1000]
            room, added = 1000, 0
        else:
            value = _value(token)
            merged = 0 < int(value) < min(room, 100)
            added = int(value) if merged and 1 < int(value) < 10 else 0
            numbers[-1:] = [last + int(value)] if merged else [*numbers[-1:], value]
            room = 0
    return "".join(map(str, numbers))


def _value(token: re.Match[str]) -> str:
    if token["digits"]:
        return token["digits"]
    ten, more, one = (re.sub("[ -]", "_", token[name] or "") for name in ("ten", "more", "one"))
    if ten:
        return str(int(_TENS[ten]) + int((_UNITS | _TEENS).get(more, "0")))
    return (_UNITS | _TEENS)[one] * _TIMES[token["times"] or ""]
