"""What belongs to a name that was found, and is hidden with it: a title, the other of a couple, “junior”, a name at birth."""

import re
from collections.abc import Iterable
from dataclasses import replace

from inbox.triage.findings import Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import given, persons
from inbox.triage.identifiers.sheet import BLANK, Sheet
from inbox.triage.lexicons import fold as bare

_BEFORE = 40  # letters in which it stands
_TITLE = re.compile(rf"(?<![\w.'’-]){lexicon.any_of('names', 'titles')} ?$")
_COUPLE = re.compile(rf"(?<![\w'’-])(?P<first>{persons.PROPER}) (?:et|and|&|ou|or|pis) $")
_LISTED = re.compile(rf"(?<![\w'’-])(?P<first>{persons.PROPER}), $")
_BEHIND = re.compile(
    rf",? (?:(?i:junior|senior|jr|sr|père|fils)(?!['’\w]| d)\.?|\((?P<birth>{persons.PROPER})\)"
    rf"|née? {persons.PROPER}(?=[ .,;!?]*$))"
)


def widened(sheet: Sheet, found: list[Finding]) -> list[Finding]:
    """In the order of the text; none reaches into another, nor is a part of one."""
    names = _in_order(one for one in found if one.type == "name")
    wide: list[Finding] = []
    for at, name in enumerate(names, start=1):
        behind = names[at].start if at < len(names) else len(sheet.original)
        wide.append(_name(sheet, name, wide[-1].end if wide else 0, behind))
    return sorted([*wide, *(one for one in found if one.type != "name")], key=lambda one: (one.start, one.end))


def _in_order(names: Iterable[Finding]) -> list[Finding]:
    """Without those that are a part of another, or the same."""
    kept: list[Finding] = []
    for name in sorted(names, key=lambda one: (one.start, -one.end)):
        if not kept or name.end > kept[-1].end:
            kept.append(name)
    return kept


def _name(sheet: Sheet, name: Finding, before: int, behind: int) -> Finding:
    """before, behind: where the names beside it end and begin."""
    start, end = name.start, name.end
    couple = _COUPLE.search(sheet.original, max(before, start - _BEFORE), start)
    if couple and _is_a_first_name(couple["first"]):
        start = couple.start()
        while (other := _LISTED.search(sheet.original, max(before, start - _BEFORE), start)) and _is_a_first_name(other["first"]):
            start = other.start()
    if title := _TITLE.search(sheet.folded, max(before, start - _BEFORE), start):
        start = title.start()
    more = _BEHIND.match(sheet.original, end)
    if more and more.end() <= behind and (not more["birth"] or given.is_no_word(bare(more["birth"]))):
        end = more.end()
    free = BLANK not in sheet.open[start : name.start] + sheet.open[name.end : end]
    return replace(name, start=start, end=end) if free else name


def _is_a_first_name(written: str) -> bool:
    return persons.is_first(bare(written)) and bare(written) not in persons.NO_NAMES
