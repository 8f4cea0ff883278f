"""Addresses (PHI-10) as people say them: the number behind its street, with “de la”, or in words.

“au 14 de la rue Imaginaire”, “rue de l'Invention au 212”, “on Maple, number 22”, “twenty two Imaginary Street”.
"""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import spoken
from inbox.triage.identifiers.places import addresses
from inbox.triage.identifiers.sheet import Sheet, identifier

_WAY, _SURE_WAY = words.any_of("places", "ways"), words.any_of("places", "sure_ways")
_TYPE = rf"{words.any_of('places', 'types')}(?![a-z'-])"
_WORD = r"[a-z][a-z'-]+"
_CIVIC = r"\d{1,5}[a-d]?"
_LABEL = r"(?:(?:la |the |house |maison |porte )?(?:num(?:ero)?|no\.?|number|#|civique|civic(?: number)?)(?: civique)?)"
_NOT_A_DAY = rf"(?!\w|:|/|[.,]\d|-\d| ?(?:h|e|er|ans?|am|pm|%|\$)\b| {words.any_of('places', 'months')})"
_OF_A_WAY = re.compile(
    rf"(?<![a-z])(?:au|to|at|le|no\.?|numero|#|:) ?(?P<civic>{_CIVIC}),? (?:de la |de l'|du |de |sur la |sur le )"
    rf"(?={_WAY}(?![a-z]) )"
)
_NAMED_WAY = re.compile(rf"{_WAY} +(?P<name>{addresses.LINK}[a-z0-9][a-z0-9'-]*\.?(?: (?!\d+ ){_WORD}){{0,3}})")
_NUMBER_BEHIND = re.compile(
    rf",? (?:au|at|(?P<label>(?:(?:au|at) (?:le |the )?)?{_LABEL})) ?(?P<civic>{_CIVIC}){_NOT_A_DAY}"
    r"|, (?P<last>\d{2,5}[a-d]?)(?=[,;.!]|$|\n| app)"
)
_STREET_BEFORE = re.compile(
    rf"(?<![\w\0-])(?:(?P<way>(?:{addresses.ORDER} )?{_WAY}(?![a-z])) "
    rf"(?:{addresses.LINK}{_WORD}|\d{{1,3}}(?: ?e)?)(?: {_WORD}){{0,2}}"
    rf"|{addresses.ORDER} (?:rue|rang|avenue|ave?\.?)(?: (?:est|ouest|nord|sud))?|{_WORD}(?: {_WORD}){{0,2}} {_TYPE})$"
)
# “number 5 on Imaginary Avenue”
_ON = re.compile(
    rf"(?<![a-z])(?:number|no\.?|#|(?:house|home|place|address)(?:'s| is)?(?: at)?) ?"
    rf"(?P<civic>{_CIVIC}) on (?:the )?{_WORD}(?: {_WORD})? {_TYPE}"
)
_ON_A_STREET = re.compile(rf"(?<![a-z]){words.any_of('places', 'lives_on')} $")
_CAPITALS = re.compile(r"(?:[A-Z][\w'-]+)(?: [A-Z][\w'-]+)?$")
_SAID = rf"(?:{spoken.TEN}|{spoken.ONE}|cents?|hundred|mille|thousand|and|et)"
_HERE = re.compile(
    rf"(?<![a-z]){words.any_of('places', 'lives_at')}\b[^\d\0!?\n]{{0,22}}?\b(?:au|at|to|is|est|c'est|cest|le) "
    rf"(?P<civic>(?!une? |and |et ){_SAID}(?:[ -]{_SAID}){{0,7}},?[ -])(?=[a-z\d])"
)
_IN_WORDS = re.compile(
    rf"(?:de la |de l'|du )?{_SURE_WAY}(?![a-z]) (?P<french>{addresses.LINK}{_WORD}(?: {_WORD}){{0,3}})"
    r"|(?:de la |sur la )?"
    rf"(?:[a-z]+(?:[ -][a-z]+)?(?:ieme|iere)|{addresses.ORDER}) (?:rue|avenue|rang)\b|{_WORD}(?: {_WORD})? {_TYPE}"
)
_FLAT_SAID = re.compile(
    rf",? (?:app?t?|appart(?:ement)?|apartment|logement|porte|unite?|suite)\.? "
    rf"(?:{_SAID}(?:[ -]{_SAID}){{0,3}}|[a-f])(?![a-z'])"
)
_A_STREET = re.compile(r" (?:rue|street|avenue|chemin|road|boulevard|rang|lane|crescent|drive|court|place)\b")


def find(sheet: Sheet) -> Iterator[Finding]:
    if _A_STREET.search(sheet.folded):
        yield from _in_words(sheet)
    if sheet.has_digits:
        yield from _of_a_way(sheet)
        yield from _number_behind(sheet)
        yield from (
            _address(sheet, found.start("civic"), found.end()) for found in _ON.finditer(sheet.open) if " on " in sheet.open
        )


def _of_a_way(sheet: Sheet) -> Iterator[Finding]:
    for found in _OF_A_WAY.finditer(sheet.open):
        street = _NAMED_WAY.match(sheet.open, found.end())
        if street and addresses.is_home(sheet, found.start()):
            yield _address(sheet, found.start("civic"), addresses.street_ends(sheet, *street.span("name")))


def _number_behind(sheet: Sheet) -> Iterator[Finding]:
    for found in _NUMBER_BEHIND.finditer(sheet.open):
        begin = max(0, found.start() - 50)
        end = found.end("civic") if found["civic"] else found.end("last")
        street = _STREET_BEFORE.search(sheet.open[begin : found.start()])
        named = _CAPITALS.search(sheet.original, begin, found.start())
        if street and _is_somebodys(sheet, found, street, begin):
            yield _address(sheet, begin + _name_begins(street), end)
        elif named and _ON_A_STREET.search(sheet.before(named.start(), 20)):
            yield _address(sheet, named.start(), end)


def _is_somebodys(sheet: Sheet, number: re.Match[str], street: re.Match[str], begin: int) -> bool:
    at = _name_begins(street)
    if at == street.end():  # “across the street, number 40”
        return False
    labelled = number["label"] and not re.search(r"\d", street[0]) and not addresses.is_a_shop(sheet, number.start())
    return bool(labelled) or addresses.is_home(sheet, begin + at)


def _name_begins(street: re.Match[str]) -> int:
    """Behind the last word that is no part of a name: “live on Imaginary Drive”. The end: nothing but “street” is left."""
    if street["way"]:
        behind = street[0][len(street["way"]) :].split()
        return street.end() if behind[0] in addresses.STOPS else street.start()  # “my place is number 5”
    *name, last = re.finditer(r"\S+", street[0])
    stops = [word.end() + 1 for word in name if word[0] in addresses.STOPS]
    begin = stops[-1] if stops else 0
    return street.end() if begin == last.start() else street.start() + begin


def _in_words(sheet: Sheet) -> Iterator[Finding]:
    for said in _HERE.finditer(sheet.open):
        street = _IN_WORDS.match(sheet.open, said.end())
        if street:
            end = addresses.street_ends(sheet, *street.span("french")) if street["french"] else street.end()
            flat = _FLAT_SAID.match(sheet.open, end)
            end = flat.end() if flat else end
            yield _address(sheet, said.start("civic"), end)


def _address(sheet: Sheet, start: int, end: int) -> Finding:
    return identifier("address", (start, addresses.whole(sheet, end)), 10, Confidence.MEDIUM)
