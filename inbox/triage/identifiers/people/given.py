"""What tells a name where nothing around it does: a family name that is listed, or words that no list of other words knows.

“Xiaoling Zhou-Exemple”, “Tremblay, Gérard-Raymond”, “a P. Exemple”, “Exemple, that's the last name on my file”.
"""

import re
from collections.abc import Iterator
from functools import cache

from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import Sheet
from inbox.triage.lexicons import words
from inbox.triage.words import medicines

Span = tuple[int, int]
_PART = re.compile(r"[^\W\d_]+")
_LINK = r"(?:(?:de la|dela|de|des|du|del|della|di|da|dos|van der|van|von|den|el|al|ben|bin|la|le|wa|y|mc|o) |[do]')"
_LINKED = re.compile(rf"(?i:{_LINK})")
_ABOUT = r"(?:vrai |real |full |legal |last |family |first |sur |nom |complet )*"
# “Exemple, that's the last name on my file”, “Exemple, oui c'est mon vrai nom de famille”
_IS_THE_NAME = re.compile(
    rf"(?: avec [^,.]{{1,40}})?,? ?(?:oui |yes |yeah |et )?(?:c'? ?est|cest|ce|c|that'?s|that one is|is|it's) (?:bien |ca |aussi )*"
    rf"(?:mon|le|ma|my|the|notre|our) {_ABOUT}(?:nom|name|surname)\b(?! (?:de (?:la|votre|ma|mon)|of) )"
)
# “Oui c'est Exemple mon nom de famille”
_MY_NAME = re.compile(r" (?:mon|my) (?:vrai |real )?(?:nom|name)\b")
_IS = re.compile(r"(?:^|[ ,.])(?:c'? ?est|cest|ce|c|it's|its) $")
_SPELLED = re.compile(r",? ?\(?([a-z])(?:-[a-z]){2,}(?![a-z])")
_BEFORE_A_CUE = re.compile(rf"(?<![\w'-])(?:{_LINK})?{persons.PROPER}(?: (?:{_LINK})?{persons.PROPER}){{0,3}}$")
_LAST_NAME = re.compile(
    r"(?:nom de famille|last name|surname|family name)(?: (?:sur|au|on|in) (?:le |la |mon |my |the )?\w+)?(?:,| :|:| c'est| est| is|'s)? "
    r"(?P<name>[a-z'-]{3,})(?:(?:,? (?:pas|not|et|and|ou|or) )(?P<other>[a-z'-]{3,}))?"
)
# “D. Exemple”, “Exemple K.”
_INITIAL_BEFORE = re.compile(
    rf"(?<![\w.'-])(?P<name>(?:[A-Z]\.[ -]?){{1,2}}(?P<family>{persons.PROPER}(?:-{persons.PROPER})?))(?![\w-])"
)
_INITIAL_BEHIND = re.compile(rf"(?<![\w'.-])(?P<name>(?P<family>{persons.PROPER}),? (?:[A-Z]\.[ -]?){{1,2}})(?!\w)")
_SMALL_INITIAL = re.compile(r"(?<![\w'.-])([a-z-]{4,}) [a-z]\. ")
# “Ming-Hua (Michelle) Exemple”
_NICKNAMED = re.compile(rf"(?<![\w'-])(?P<name>(?P<first>{persons.PROPER}) [(\"«“] ?(?P<nick>{persons.PROPER}) ?[)\"»”] {persons.PROPER})(?![\w-])")
# “Exemple, Marc-André”, “Exemple Ancien, Luz Marina”, “EXEMPLE, M-A”
_FAMILY_FIRST = re.compile(
    rf"(?<![\w'-])(?P<family>{persons.PROPER}(?: (?:veuve |nee |wa )?(?:{_LINK})?{persons.PROPER})?), ?"
    rf"(?P<first>{persons.PROPER}(?: {persons.PROPER})?(?: [A-Z](?!\w))?|[A-Z](?:\.-?|-)(?:[A-Z]\.?)?)(?![\w'-])"
)
_PLACED = re.compile(rf"(?<![a-z]){lexicon.any_of('given', 'placed')}\.? $")
_NO_PERSON = lexicon.block("told_of", "no_family")


@cache
def _families() -> frozenset[str]:
    return words("family_names", "common")


@cache
def _big_families() -> frozenset[str]:
    return _families() | words("family_names", "words_too")


@cache
def _others() -> frozenset[str]:
    """Every word that is known, and is nobody's name."""
    known = words("everyday_words", "words") | words("everyday_words", "names_of_things") | medicines.names()
    return known | persons.NO_NAMES | _NO_PERSON | words("not_names", "anywhere") | words("not_names", "first")


def is_family(name: str, *, big: bool = True) -> bool:
    """name: without accents. A family name that is common, or two with a hyphen, one of which is."""
    known = _big_families() if big else _families()
    name = _LINKED.sub("", name) if " " in name or "'" in name else name
    if name in known:
        return True
    parts = name.split("-")
    return len(parts) > 1 and any(part in _families() for part in parts) and all(map(is_no_word, parts))


def is_surely_family(name: str) -> bool:
    """Neither a word of every day nor a first name."""
    return is_family(name, big=False) and (not persons.is_first(name) or name in words("first_names", "rather_family_names"))


def is_no_word(name: str) -> bool:
    """A name that is listed, or no word that is."""
    if name in _big_families() or persons.is_first(name):
        return True
    parts = _PART.findall(name)
    return bool(parts) and len(name) > 1 and _others().isdisjoint(parts) and name not in _others()


def by_family(parts: list[re.Match[str]], written: str) -> tuple[int, int] | None:
    """Which of the words in capitals that follow each other are a name: from and to, in their own text."""
    names = [_LINKED.sub("", part[0]).lower() for part in parts]
    end = len(names)
    while end and not is_no_word(names[end - 1]):
        end -= 1
    start = end
    while start and is_no_word(names[start - 1]):
        start -= 1
    del written
    found = names[start:end]
    if len(found) < 2:
        return None
    # “Phạm Văn Exemple” and “Singh Balbir” have it first.
    if is_surely_family(found[-1]) or ("-" in found[-1] and is_family(found[-1])):
        return parts[start].start(), parts[end - 1].end()
    if is_surely_family(found[0]) and (len(found) > 2 or not persons.is_first(found[0])):
        return parts[start].start(), parts[end - 1].end()
    if is_family(found[-1]) and persons.is_first(found[0]):
        return parts[start].start(), parts[end - 1].end()
    return None


def is_placed(sheet: Sheet, start: int) -> bool:
    """Behind a street, a school, a title of staff."""
    return bool(_PLACED.search(sheet.before(start, 24)))


def find(sheet: Sheet, written: str) -> Iterator[Span]:
    """written: the text without accents, with its capitals."""
    if "." in written:
        yield from _with_initials(sheet, written)
    if "," in written:
        yield from _family_first(sheet, written)
    if "(" in written or '"' in written or "«" in written:
        for found in _NICKNAMED.finditer(written):
            if persons.is_first(found["first"].lower()) or persons.is_first(found["nick"].lower()):
                yield found.span("name")
    if "nom" in sheet.folded or "name" in sheet.folded:
        yield from _told(sheet, written)
    if "-" in written:
        for found in _SPELLED.finditer(sheet.folded):
            name = _BEFORE_A_CUE.search(written, max(0, found.start() - 40), found.start())
            if name and name[0][0].lower() == found[1]:
                yield name.span()


def _told(sheet: Sheet, written: str) -> Iterator[Span]:
    for cue in _IS_THE_NAME.finditer(sheet.folded):
        found = _BEFORE_A_CUE.search(written, max(0, cue.start() - 60), cue.start())
        if found and persons.NO_NAMES.isdisjoint(found[0].lower().split()):
            yield found.span()
    for cue in _MY_NAME.finditer(sheet.folded):
        found = _BEFORE_A_CUE.search(written, max(0, cue.start() - 60), cue.start())
        if found and _IS.search(sheet.before(found.start(), 10)) and persons.NO_NAMES.isdisjoint(found[0].lower().split()):
            yield found.span()


def _with_initials(sheet: Sheet, written: str) -> Iterator[Span]:
    for pattern in (_INITIAL_BEFORE, _INITIAL_BEHIND):
        for found in pattern.finditer(written):
            family = found["family"].lower()
            if len(family) < 3 or is_placed(sheet, found.start()) or found[0].startswith("M. "):
                continue
            if is_surely_family(family):
                yield found.start("name"), found.end("name")


def _family_first(sheet: Sheet, written: str) -> Iterator[Span]:
    for found in _FAMILY_FIRST.finditer(written):
        family, first = found["family"].lower(), found["first"].lower()
        one, *others = [part for part in family.split() if part not in persons.PARTICLES and part != "veuve"] or [family]
        if is_placed(sheet, found.start()):
            continue
        short = "." in first or "-" in first[:2]
        known = short or (persons.is_first(first.split()[0]) and first.split()[0] not in persons.NO_NAMES)
        if not known or not all(map(is_no_word, (one, *others))):
            continue
        if is_surely_family(one) or is_family(one) and "-" in one and not persons.is_first(one):
            yield found.span()
        elif not short and not persons.is_first(one) and first not in words("first_names", "also_family_names"):
            yield found.span()


def small(sheet: Sheet) -> Iterator[Span]:
    """“le nom de famille c'est exemple pas fictif”."""
    if "name" in sheet.folded or "nom de famille" in sheet.folded:
        for found in _LAST_NAME.finditer(sheet.folded):
            for part in ("name", "other"):
                if found[part] and is_family(found[part], big=False):
                    yield found.span(part)
