"""What belongs to what was found, and is hidden with it: of a name a title, the other of a couple, “junior”, a name at birth;
of a date its article."""

import re
from dataclasses import replace

from inbox.triage.findings import Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import BLANK, Sheet
from inbox.triage.lexicons import fold as bare

_BEFORE = 40  # letters in which it stands
_TITLE = re.compile(rf"(?<![\w.'’-]){lexicon.any_of('names', 'titles')} ?$")
_COUPLE = re.compile(rf"(?<![\w'’-])(?P<first>{persons.PROPER}) (?:et|and|&|ou|or|pis) $")
_LISTED = re.compile(rf"(?<![\w'’-])(?P<first>{persons.PROPER}), $")
_ARTICLE = re.compile(r"(?<!\w)(?:le|on|on the|the) $")
_BEHIND = re.compile(
    rf",? (?:(?i:junior|senior|jr|sr|père|fils)(?!['’\w]| d)\.?|\({persons.PROPER}\)|née? {persons.PROPER}(?=[ .,;!?]*$))"
)


def widened(sheet: Sheet, one: Finding) -> Finding:
    if one.type == "dob" and (article := _ARTICLE.search(sheet.before(one.start, _BEFORE))):
        return replace(one, start=one.start - len(article[0]))
    return _widened(sheet, one) if one.type == "name" else one


def _widened(sheet: Sheet, name: Finding) -> Finding:
    start = name.start
    written = sheet.original[max(0, start - _BEFORE) : start]
    couple = _COUPLE.search(written)
    if couple and persons.is_first(bare(couple["first"])) and bare(couple["first"]) not in persons.NO_NAMES:
        start -= len(written) - couple.start()
        while (before := _LISTED.search(sheet.original, max(0, start - 25), start)) and persons.is_first(bare(before["first"])):
            start = before.start()
    if title := _TITLE.search(sheet.before(start, _BEFORE)):
        start -= len(title[0])
    behind = _BEHIND.match(sheet.original, name.end)
    end = behind.end() if behind else name.end
    free = BLANK not in sheet.open[start : name.start] + sheet.open[name.end : end]
    return replace(name, start=start, end=end) if free else name


def widest(found: list[Finding]) -> list[Finding]:
    """Without the names that are a part of another."""
    names = [one for one in found if one.type == "name"]
    if len(names) < 2:
        return found
    parts = [one for one in names if any(one is not other and _holds(other, one) for other in names)]
    return [one for one in found if one not in parts] if parts else found


def _holds(whole: Finding, part: Finding) -> bool:
    return whole.start <= part.start and part.end <= whole.end and (whole.start, whole.end) != (part.start, part.end)
