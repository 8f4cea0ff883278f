"""What belongs to a name that was found, and is hidden with it: a title, the other of a couple, “junior”, a name at birth."""

import re
from dataclasses import replace

from inbox.triage.findings import Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import BLANK, Sheet
from inbox.triage.lexicons import fold as bare

_BEFORE = 40  # letters in which it stands
_TITLE = re.compile(rf"(?<![\w.'’-]){lexicon.any_of('names', 'titles')} ?$")
_COUPLE = re.compile(rf"(?<![\w'’-])(?P<first>{persons.PROPER}) (?:et|and|&) $")
_BEHIND = re.compile(
    rf",? (?:(?i:junior|senior|jr|sr|père|fils)(?!['’\w]| d)\.?|\({persons.PROPER}\)|née? {persons.PROPER}(?=[ .,;!?]*$))"
)


def widened(sheet: Sheet, name: Finding) -> Finding:
    start = name.start
    written = sheet.original[max(0, start - _BEFORE) : start]
    couple = _COUPLE.search(written)
    if couple and persons.is_first(bare(couple["first"])) and bare(couple["first"]) not in persons.NO_NAMES:
        start -= len(written) - couple.start()
    if title := _TITLE.search(sheet.before(start, _BEFORE)):
        start -= len(title[0])
    behind = _BEHIND.match(sheet.original, name.end)
    end = behind.end() if behind else name.end
    free = BLANK not in sheet.open[start : name.start] + sheet.open[name.end : end]
    return replace(name, start=start, end=end) if free else name
