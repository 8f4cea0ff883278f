"""Where the words around two capitals say that they are a person's name: the first of them is a first name that is known.

“Is Desmond Exemple allowed to pick up for me?”, “je m'occupe de Rollande Exemple”, “the name on the card is Desmond Exemple”.
"""

import re
from collections.abc import Iterator

from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import Sheet
from inbox.triage.lexicons import words

Span = tuple[int, int]
BEFORE, BEHIND = 90, 70  # characters that are read around a name
_PART = rf"(?:[A-Z]\.|{persons.PROPER})"
_LINK = r"(?:(?:de la|de|des|du|del|della|di|da|dos|van der|van|von|den|el|al|ben|bin|la|le|y) |d')"
# Capitals that follow each other: a name, and what begins the sentence before it.
_CAPITALS = re.compile(rf"(?<![\w'-]){persons.PROPER}(?: {_LINK}?{_PART})+(?![\w-])")
_WORD = re.compile(rf"{_LINK}?{_PART}")


def _list(name: str) -> str:
    return rf"(?<![a-z]){lexicon.any_of('told_of', name)}(?![a-z])"


_MY = lexicon.any_of("told_of", "my")
_TITLE, _RELATIVE, _THING = (lexicon.any_of("names", name) for name in ("titles", "relatives", "things"))
_RELATIVE = rf"(?:{_RELATIVE}|{lexicon.any_of('told_of', 'more_relatives')})"
_TITLED = re.compile(rf"(?i:(?<![a-z]){_TITLE} )$")
_QUOTE = r"[ :,«\"'(=-]*"
_NAMED = re.compile(rf"{_list('name')}(?:'s)?(?: [\w'-]+){{0,6}}?{_QUOTE}$")
_INTRODUCED = re.compile(
    rf"(?:{_list('aloud')}{_QUOTE}|{_list('before')} "
    rf"|(?<![a-z])(?:{_THING}|{lexicon.any_of('told_of', 'more_things')})(?: [\w']+){{0,3}} {_list('a_certain')} ?"
    rf"|{_list('belongings')} (?:de|of) ?|{_list('belongings')} d'|{_list('responsible')} ?[:=-] ?"
    rf"|(?<![a-z]){_MY} (?:[\w'-]+ )?{_RELATIVE}s?(?: [\w'-]+){{0,4}}, ?"
    rf"|(?<![a-z]){_RELATIVE} (?:du|de|from|in|at|across|d'en) [^.,!?]{{1,20}}, ?"
    rf"|{_list('children')} |(?<!par)(?<!by)(?<!signe) ?: ?)(?:{_TITLE} )?$"
)
_BEHIND = re.compile(
    rf"(?:,? {_list('place')}|(?: [a-z']+){{0,2}}? {_list('does')}"
    rf"|,? {_list('is_whose')} (?:[\w'-]+ )?{_RELATIVE}(?![a-z])"
    rf"|,? {_list('patient')}|,? {lexicon.any_of('full_names', 'announced_behind')}(?![a-z]))"
)
# “It's insulin for a Harold Exemple.”
_FOR_A = re.compile(r"(?<![a-z])(?:for|of|to|from) an? $")
_ENDS_THERE = re.compile(r" ?[.,;!?)]| who |$")
_WHO_WRITES = re.compile(r"(?:bonjour|bonsoir|allo|hi|hello|salut)?[ ,!]*$")
_WANTS = re.compile(rf",? {_list('wants')}")
_TAKES_CARE = re.compile(rf"(?: [a-z']+){{0,2}} {lexicon.any_of('told_of', 'at_work')}(?![a-z])")
_NOT_A_PERSONS = re.compile(_list("not_persons"))
_FAMILY_FIRST = re.compile(rf"(?<![\w'-])({persons.PROPER}), ({persons.PROPER})(?![\w-])")
_LABEL = re.compile(r"(?<![a-z])(?:marque|label|etiquette|ecrit|says|dit|reads|sous|under)e?s?(?: le nom)?[ :«\"]*$")
_WORDS_TOO = lexicon.block("names", "words_too")
_PLACES = lexicon.block("told_of", "places")
_PLACED = re.compile(rf"(?<![a-z]){lexicon.any_of('told_of', 'placed')}\.? $")
_TAGGED = re.compile(r"[@#]$|(?:^|[\s.])[-–—] ?$")
_DISEASE = re.compile("'s (?:disease|syndrome|palsy)")
_OTHERWISE = re.compile(_list("otherwise"))
_ENDS = re.compile(r"[!?\n]+|(?<!\bm)(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bdre)(?<!\bmme)(?<!\bmrs)\.(?= )")


def find(sheet: Sheet, written: str) -> Iterator[Span]:
    """written: the text without accents, with its capitals."""
    for run in _CAPITALS.finditer(written):
        span = _first_name_first(written, run)
        if span and (_is_told(sheet, *span) or (sheet.untold and not _is_titled(written, span[0]) and _is_alone(sheet, *span))):
            yield span


def family_first(sheet: Sheet, written: str) -> Iterator[Span]:
    """“la bouteille est marquée Exemple, Linda”."""
    for found in _FAMILY_FIRST.finditer(written):
        family, first = found[1].lower(), found[2].lower()
        before = sheet.before(found.start(), BEFORE)
        told = _LABEL.search(before) or _INTRODUCED.search(before) or _NAMED.search(before)
        known = persons.is_first(first) and first not in words("first_names", "also_family_names")
        if told and known and not persons.is_first(family) and family not in persons.NO_NAMES:
            yield found.span()


def _is_titled(written: str, at: int) -> bool:
    return bool(_TITLED.search(written, max(0, at - 12), at))


def _first_name_first(written: str, run: re.Match[str]) -> Span | None:
    parts = [*_WORD.finditer(run[0])]
    while parts and parts[-1][0].lower() in persons.NO_NAMES:
        parts.pop()
    for word in parts[:-1]:
        start = run.start() + word.start()
        known = persons.is_first(word[0].lower()) and word[0].lower() not in persons.NO_NAMES
        if known or _is_titled(written, start):
            return start, run.start() + parts[-1].end() - 2 * parts[-1][0].endswith(("'s", "’s"))
    return None


def _is_told(sheet: Sheet, start: int, end: int) -> bool:
    before, behind = sheet.before(start, BEFORE), sheet.after(end, BEHIND)
    named = _NAMED.search(before)
    if named:
        return not _NOT_A_PERSONS.search(before, max(0, named.start() - 12))
    if _FOR_A.search(before) and _ENDS_THERE.match(behind):
        return True
    introduced = _INTRODUCED.search(before)
    listed = introduced and introduced[0].startswith(":") and _NOT_A_PERSONS.search(before, max(0, introduced.start() - 20))
    if introduced and not listed:  # “marque: Laura Exemple” is listed
        return True
    if _WHO_WRITES.match(before) and len(before) < BEFORE and _WANTS.match(behind):
        return True
    return bool(_BEHIND.match(behind)) and not _TAKES_CARE.match(behind)


def _is_alone(sheet: Sheet, start: int, end: int) -> bool:
    """Nothing tells: a first and a family name all the same, where neither staff, a place nor somebody famous is spoken of."""
    first, *_, last = sheet.folded[start:end].split()
    if (
        first in _WORDS_TOO
        or last in _PLACES
        or (persons.is_first(last) and last not in words("first_names", "also_family_names"))
    ):
        return False
    if _PLACED.search(sheet.before(start, 16)) or _TAGGED.search(sheet.before(start, 3)) or _DISEASE.match(sheet.folded, end):
        return False
    return not _OTHERWISE.search(_sentence(sheet, start, end))


def _sentence(sheet: Sheet, start: int, end: int) -> str:
    before, behind = sheet.before(start, 110), sheet.after(end, 110)
    return _ENDS.split(before)[-1] + " \0 " + _ENDS.split(behind)[0]
