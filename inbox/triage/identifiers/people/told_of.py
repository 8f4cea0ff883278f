"""Where the words around two capitals say that they are a person's name: the first of them is a first name that is known.

“Is Desmond Exemple allowed to pick up for me?”, “je m'occupe de Rollande Exemple”, “the name on the card is Desmond Exemple”.
"""

import re
from collections.abc import Iterator
from functools import cache

from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import given, persons
from inbox.triage.identifiers.sheet import Sheet
from inbox.triage.lexicons import words

Span = tuple[int, int]
FAR_FROM_IT = 9
BEFORE, BEHIND = 90, 70  # characters that are read around a name
_PART = rf"(?:[A-Z]\.|{persons.PROPER})"
_LINK = r"(?:(?:de la|dela|de los|de|des|du|del|della|di|da|dos|van der|van|von|den|el|al|ben|bin|la|le|wa|y) |d')"
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
# “Labonté Exemple” is a family name before a first one where two capitals stand alone.
_FAMILY_BEFORE = re.compile(
    r"(?<![\w'-])(?<![A-ZÀ-Ý]\. )(?P<family>[A-Z][A-Za-z'-]{3,}) "
    r"(?P<first>[A-Z][A-Za-z]{2,}(?:-[A-Z][A-Za-z]+)?)(?![\w'-])(?! [A-Z])"
)
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?\n:;*-]) ?$")
_PLAIN = re.compile(r"[a-z]{3,}")
_PAIR = re.compile(r"(?<![\w'.-])([a-z]{2,}(?:-[a-z]+)?) (?=([a-z]+(?:'[a-z]{2,})?(?:-[a-z]+)*)(?![\w@-]|\.\w))")
_LINKED_BEFORE = re.compile(r"(?<![a-z])(?:el|al|ait|ben|van|von|da|di|della|st|ste|saint|mc) $")
_LINE_ENDS = re.compile(r" ?(?:[,:]| - |[ .]*$|\n)")
_TO_DO = ("-toi", "-moi", "-nous", "-vous", "-le", "-la", "-les")  # “Repose-toi Linda”
_NO_FAMILY = lexicon.block("told_of", "no_family")
_LABEL = re.compile(r"(?<![a-z])(?:marque|label|etiquette|ecrit|says|dit|reads|sous|under)e?s?(?: le nom)?[ :«\"]*$")
_WORDS_TOO = lexicon.block("names", "words_too")
_PLACES = lexicon.block("told_of", "places")
_PLACED = re.compile(rf"(?<![a-z]){lexicon.any_of('told_of', 'placed')}\.? $")
_TAGGED, _DASHED = re.compile(r"[@#]$"), re.compile(r"(?:^|[\s.])[-–—] ?$")
_DISEASE = re.compile("'s (?:disease|syndrome|palsy)")
_OTHERWISE = re.compile(rf"{_list('otherwise')}|{_list('otherwise_of_others')}")
_SURELY_OTHERWISE = re.compile(_list("otherwise"))
_THANKS = re.compile(
    r"(?:merci|thanks|thank you|thx)(?: (?:beaucoup|bien|d'avance|a vous|in advance|so much|a lot)|, god bless(?: you)?)*[ .!]*$",
    re.DOTALL,
)
_ENDS = re.compile(r"[!?\n|;]+| [-–/] |(?<!\bm)(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bdre)(?<!\bmme)(?<!\bmrs)\.(?= )")


def find(sheet: Sheet, written: str) -> Iterator[Span]:
    """written: the text without accents, with its capitals."""
    for run in _CAPITALS.finditer(written):
        span = _first_name_first(written, run)
        if span and (_is_told(sheet, *span) or (sheet.untold and not _is_titled(written, span[0]) and _is_alone(sheet, *span))):
            yield span
        elif sheet.untold and (named := given.by_family([*_WORD.finditer(run[0])])):
            start, end = run.start() + named[0], run.start() + named[1] - 2 * run[0][: named[1]].endswith(("'s", "’s"))
            if not _is_titled(written, start) and _is_by_family(sheet, start, end):
                yield start, end


def _is_by_family(sheet: Sheet, start: int, end: int) -> bool:
    last = sheet.folded[start:end].split()[-1]
    if last in _PLACES or given.is_placed(sheet, start) or _is_tagged(sheet, start, end) or _DISEASE.match(sheet.folded, end):
        return False
    return not _SURELY_OTHERWISE.search(_sentence(sheet, start, end))


@cache
def _parts_of_families() -> frozenset[str]:
    return frozenset(part for name in words("family_names", "common") for part in _PLAIN.findall(name))


def small(sheet: Sheet) -> Iterator[Span]:
    """“rappelez lise tremblay svp”, “tremblay lise”: a first and a family name that are common, whatever their letters."""
    if _parts_of_families().isdisjoint(_PLAIN.findall(sheet.folded)):
        return
    shouted, common = sheet.original.isupper(), words("family_names", "common")
    for found in _PAIR.finditer(sheet.folded):
        one, two = found[1], found[2]
        if two in common or ("-" in two and given.is_family(two, big=False)):
            first, behind = one, False
        elif (one in common or ("-" in one and given.is_family(one, big=False))) and given.is_surely_family(one):
            first, behind = two, True
        else:
            continue
        if not persons.is_first(first) or first in persons.NO_NAMES or first in _WORDS_TOO:
            continue
        big = sheet.original[found.start(1)].isupper() and sheet.original[found.start(2)].isupper()
        if (shouted or not big) and _is_alone(sheet, found.start(1), found.end(2), family_first=True):
            linked = _LINKED_BEFORE.search(sheet.folded, max(0, found.start(1) - 6), found.start(1)) if behind else None
            yield linked.start() if linked else found.start(1), found.end(2)


def family_first(sheet: Sheet, written: str) -> Iterator[Span]:
    """“la bouteille est marquée Exemple, Linda”."""
    for found in _FAMILY_FIRST.finditer(written):
        family, first = found[1].lower(), found[2].lower()
        before = sheet.before(found.start(), BEFORE)
        told = _LABEL.search(before) or _INTRODUCED.search(before) or _NAMED.search(before)
        listed = sheet.untold and found[1].isupper() and len(family) > 2  # “EXEMPLE, Linda”
        if (told or listed) and _is_family_first(family, first):
            yield found.span()
    for found in _FAMILY_BEFORE.finditer(written):
        if _is_family_first(found["family"].lower(), found["first"].lower()) and _is_not_of_a_sentence(sheet, found):
            yield found.span()


@cache
def _rather_family() -> frozenset[str]:
    return words("first_names", "rather_family_names")


@cache
def _also_family() -> frozenset[str]:
    return words("first_names", "also_family_names") | _rather_family()


def _may_be_family(name: str) -> bool:
    """“Jean-Baptiste”, “Al-Hassan” as well."""
    return all(part in _also_family() or part in persons.PARTICLES for part in name.split("-"))


def _is_family_first(family: str, first: str) -> bool:
    known = persons.is_first(first) and first not in _WORDS_TOO
    known = known and (
        first not in words("first_names", "also_family_names")
        or (given.is_surely_family(family) and not family.startswith("saint-"))
    )
    other = not persons.is_first(family) or family in _rather_family()
    return known and other and family not in persons.NO_NAMES and family not in _NO_FAMILY and not family.endswith(_TO_DO)


def _is_not_of_a_sentence(sheet: Sheet, found: re.Match[str]) -> bool:
    """“moi Exemple Linda une boîte”, “EXEMPLE Linda”: not “Demain Linda”, whose capital is its sentence's."""
    before = sheet.before(found.start(), BEFORE)
    if _INTRODUCED.search(before) or _NAMED.search(before):
        return True
    begins = _SENTENCE_BEGINS.search(before)
    ends = _LINE_ENDS.match(sheet.folded, found.end())
    apart = ends is not None and (ends[0].strip() in {",", ":"} or not (begins and begins[0].strip()))
    told = not begins or found["family"].isupper() or apart
    return told and sheet.untold and _is_alone(sheet, *found.span(), family_first=True)


def _is_titled(written: str, at: int) -> bool:
    return bool(_TITLED.search(written, max(0, at - 12), at))


def _first_name_first(written: str, run: re.Match[str]) -> Span | None:
    parts = [*_WORD.finditer(run[0])]
    while parts and parts[-1][0].lower() in persons.NO_NAMES:
        parts.pop()
    for word in parts[:-1]:
        start = run.start() + word.start()
        known = persons.is_first(word[0].lower()) and word[0].lower() not in persons.NO_NAMES
        known = known or run[0].startswith("Thi ", word.end() + 1)  # “Nguyen Thi Exemple”
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


def _is_alone(sheet: Sheet, start: int, end: int, *, family_first: bool = False) -> bool:
    """Nothing tells: a first and a family name all the same, where neither staff, a place nor somebody famous is spoken of."""
    first, *_, last = sheet.folded[start:end].split()
    if (
        first in _WORDS_TOO
        or last in _PLACES
        or (not family_first and " thi " not in sheet.folded[start:end] and persons.is_first(last) and not _may_be_family(last))
    ):
        return False
    if _PLACED.search(sheet.before(start, 16)) or _is_tagged(sheet, start, end) or _DISEASE.match(sheet.folded, end):
        return False
    others = _SURELY_OTHERWISE if family_first else _OTHERWISE
    return not others.search(_sentence(sheet, start, end))


def _is_tagged(sheet: Sheet, start: int, end: int) -> bool:
    """“@Linda Exemple”, and who is quoted: “… — Linda Exemple”."""
    before = sheet.before(start, 3)
    quoted = _DASHED.search(before) and ("\n" not in sheet.folded or not sheet.folded[end:].strip(" ."))
    return bool(_TAGGED.search(before) or quoted)


def _sentence(sheet: Sheet, start: int, end: int) -> str:
    before, behind = sheet.before(start, 110), sheet.after(end, 110)
    rest = _ENDS.split(behind)[0]
    thanks = _THANKS.search(rest)  # “Exemple Linda, … merci” thanks us, not her
    return _ENDS.split(before)[-1] + " \0 " + (rest[: thanks.start()] if thanks and thanks.start() > FAR_FROM_IT else rest)
