"""What tells a name where nothing around it does: a family name that is listed, or words that no list of other words knows.

“Xiaoling Zhou-Exemple”, “Tremblay, Gérard-Raymond”, “a P. Exemple”, “Exemple, that's the last name on my file”.
"""

import re
from collections.abc import Iterator
from functools import cache

from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import Sheet
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import words
from inbox.triage.words import medicines

Span = tuple[int, int]
_PART = re.compile(r"[^\W\d_]+")
_BIG = r"[A-ZÀ-Ý]"
_LINK = (
    r"(?:(?:de la|dela|de los|delos|de|des|du|del|della|di|da|dos|van der|van|von|den|el|al|ben|bin|la|le|wa|y|mc|o) |[do]['’])"
)
_LINKED = re.compile(_LINK)
_NAME = rf"(?:{_LINK})?{persons.PROPER}(?:[ ](?:{_LINK})?{persons.PROPER}){{0,3}}"
_ABOUT = r"(?:vrai |real |full |legal |last |family |first |sur |nom |complet )*"
# “Exemple, that's the last name on my file”, “Exemple, oui c'est mon vrai nom de famille”
_IS_THE_NAME = re.compile(
    r"(?: avec [^,.]{1,40})?,? ?(?:oui |yes |yeah |et )?(?<![a-z])"
    r"(?:c'? ?est|cest|ce|c|that'?s|that one is|is|it's) (?:bien |ca |aussi )*"
    rf"(?:mon|le|ma|my|the|notre|our) {_ABOUT}(?:nom|name|surname)\b(?! (?:de (?:la|votre|ma|mon)|of) )"
)
# “Oui c'est Exemple mon nom de famille”
_MY_NAME = re.compile(r" (?:mon|my) (?:vrai |real )?(?:nom|name)\b")
_IS = re.compile(r"(?:^|[ ,.])(?:c'? ?est|cest|ce|c|it's|its) $")
# “Exemple, E-X-E-M”, “Exemple, deux s”
_SPELLED = re.compile(r"(?<![a-z-])([a-z])(?:-[a-z]){2,}(?![a-z])")
_LETTERS = re.compile(r"(?<=[a-z,] )(?:(?:avec|with) )?(?:une?|deux|one|two|an?) [a-z](?![a-z'])(?! la)")
_SOME_LETTERS = (" deux ", " two ", " one ", " avec un", " with a")
_BEFORE_A_CUE = re.compile(rf"(?<![\w'’-]){_NAME}$")
_ON_CARD = re.compile(r"(?:nom|name) (?:sur|on) (?:la|le|ma|mon|the|my|l'|) ?[a-z]+ ?[,:] ?")
_AT_CUE = re.compile(_NAME)
_LAST_NAME = re.compile(
    r"(?:nom de famille|last name|surname|family name)(?: a la naissance| (?:sur|au|on|in) (?:le |la |mon |my |the )?\w+)?"
    r"(?:,| :|:| c'est| est| is|'s)? (?P<name>[a-z'-]{3,})(?:(?:,? (?:pas|not|et|and|ou|or) )(?P<other>[a-z'-]{3,}))?"
)
# “D. Exemple”, “Exemple K.”
_INITIAL = re.compile(rf"(?<![^\W_]){_BIG}\.")
_INITIAL_BEFORE = re.compile(
    rf"(?<![\w.'’-])(?P<name>(?:(?P<first>{persons.PROPER}) )?(?:{_BIG}\.[ -]?){{1,2}}(?P<family>{persons.PROPER}))"
    rf"(?![\w-])(?!['’]s [A-Z])"
)
_SIGNED = re.compile(r"(?:named|called|by|for|pour|a|nommee?|appelee?|par|says|dit|under|sous|from|de)(?: an?| une?)? [\"«“ ]*$")
_SMALL_INITIAL = re.compile(r" [a-z]\.(?= |$)")
_LAST_WORD = re.compile(r"(?<![\w'.-])[a-z-]{4,}$")
_INITIAL_BEHIND = re.compile(rf"(?<![\w'’.-])(?P<name>(?P<family>{persons.PROPER}),? (?:{_BIG}\.[ -]?){{1,2}})(?!\w)")
# “Ming-Hua (Michelle) Exemple”
_NICKNAMED = re.compile(
    rf"(?<![\w'’-])(?P<name>(?P<first>{persons.PROPER}) [(\"«“] ?(?P<nick>{persons.PROPER}) ?[)\"»”]"
    rf" (?P<family>{persons.PROPER}))(?![\w-])"
)
# “Exemple, Marc-André”, “Exemple Ancien, Luz Marina”, “EXEMPLE, M-A”
_COMMA = re.compile(rf"[^\W_], ?{_BIG}")
_FAMILY_FIRST = re.compile(
    rf"(?<![\w'’-])(?=(?P<name>(?P<family>{persons.PROPER}(?: (?:veuve |n[ée]e |wa )?(?:{_LINK})?{persons.PROPER})?), ?"
    rf"(?P<first>{persons.PROPER}(?: {persons.PROPER})?(?: [A-Z](?!\w))?|{_BIG}(?:\.-?|-)(?:{_BIG}\.?)?))(?![\w'’-]))"
)
_PLACED = re.compile(rf"(?<![a-z]){lexicon.any_of('given', 'placed')}\.? $")
_NO_PERSON = lexicon.block("told_of", "no_family")
_SERVED = re.compile(rf"(?<![a-z]){lexicon.any_of('given', 'titled_before')},? ?$")
_SERVED_BEHIND = re.compile(rf" ?[^\W\d_]+(?:[-'’][^\W\d_]+)*,? {lexicon.any_of('given', 'titled_behind')}(?![a-z])")
_DAME = re.compile(rf" (?:la|une|cette) dame (?P<name>{persons.PROPER})(?![\w-])")
_FOR = re.compile(rf" (?:pour|for|under|sous) (?P<name>{persons.PROPER})(?![\w-]| {_BIG})")
_A_THING = re.compile(rf"(?<![a-z]){lexicon.any_of('names', 'things')}(?: est| is)?$")
_WHO = re.compile(r" ?[^ ]+ (?:qui|who) ")
_SMALL = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]{3,})?(?![\w'’-])")


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
    if len(parts) < 2 or not any(part in known for part in parts):
        return False
    return all(part in _families() for part in parts) if not big else persons.NO_NAMES.isdisjoint(parts)


def is_surely_family(name: str) -> bool:
    """Neither a word of every day nor a first name."""
    if "-" in name:
        return is_family(name) and not persons.is_first(name)
    return is_family(name, big=False) and (not persons.is_first(name) or name in words("first_names", "rather_family_names"))


def is_no_word(name: str) -> bool:
    """A name that is listed, or no word that is."""
    if is_family(name) or persons.is_first(name):
        return True
    parts = _PART.findall(name)
    return bool(parts) and len(name) > 1 and _others().isdisjoint(parts) and name not in _others()


def by_family(parts: list[re.Match[str]]) -> Span | None:
    """Which of the words in capitals that follow each other are a name: from and to, in their own text."""
    names = [_LINKED.sub("", part[0].lower()) for part in parts]
    end = len(names)
    while end and not is_no_word(names[end - 1]):
        end -= 1
    start = end
    while start and is_no_word(names[start - 1]):
        start -= 1
    for last in range(end, start + 1, -1):
        if _are_a_name(names[start:last]):
            return parts[start].start(), parts[last - 1].end()
    return None


def _are_a_name(names: list[str]) -> bool:
    first, *_, last = names
    if first.startswith("saint-"):  # a day, a town
        return False
    if is_surely_family(last):
        return True
    if is_family(first, big=False) and (len(names) > 2 or not persons.is_first(first)):  # “Phạm Văn Exemple”, “Singh Balbir”
        return True
    return persons.is_first(first) and (is_family(last) or ("-" in last and not persons.is_first(last)))


def is_placed(sheet: Sheet, start: int) -> bool:
    """Behind a street, a school, a title of staff."""
    return bool(_PLACED.search(sheet.before(start, 24)))


def is_served(sheet: Sheet, start: int, end: int) -> bool:
    """“Mme Exemple au 2e”, “chez madame Exemple”: from where the title begins to where the name does."""
    at = _SERVED_BEHIND.match(sheet.folded, end)
    return bool(at or (_SERVED.search(sheet.before(start, 40)) and not _WHO.match(sheet.folded, end)))


def small_family(sheet: Sheet, at: int) -> Span | None:
    found = _SMALL.match(sheet.folded, at)
    return found.span() if found and is_surely_family(found[0]) else None


def find(sheet: Sheet) -> Iterator[Span]:
    if "." in sheet.folded:
        yield from _with_initials(sheet) if _INITIAL.search(sheet.original) else ()
        yield from _with_small_initials(sheet)
    if "," in sheet.folded and _COMMA.search(sheet.original):
        yield from _family_first(sheet)
    if "(" in sheet.folded or '"' in sheet.folded or "«" in sheet.folded:
        yield from _nicknamed(sheet)
    if "nom" in sheet.folded or "name" in sheet.folded:
        yield from _told(sheet)
    yield from _spelled(sheet)
    if " dame " in sheet.folded:
        yield from [found.span("name") for found in _DAME.finditer(sheet.original) if is_no_word(bare(found["name"]))]
    if any(word in sheet.folded for word in (" for ", " pour ", " under ", " sous ")):
        yield from _of_a_thing(sheet)


def _nicknamed(sheet: Sheet) -> Iterator[Span]:
    for found in _NICKNAMED.finditer(sheet.original):
        known = persons.is_first(bare(found["first"])) or persons.is_first(bare(found["nick"]))
        if known and is_no_word(bare(found["family"])):
            yield found.span("name")


def _of_a_thing(sheet: Sheet) -> Iterator[Span]:
    """“a prescription for Exemple”."""
    for found in _FOR.finditer(sheet.original):
        if is_surely_family(bare(found["name"])) and _A_THING.search(sheet.before(found.start(), 25)):
            yield found.span("name")


def _with_small_initials(sheet: Sheet) -> Iterator[Span]:
    """“renouvellement exemple c.”"""
    for found in _SMALL_INITIAL.finditer(sheet.folded):
        family = _LAST_WORD.search(sheet.folded, max(0, found.start() - 25), found.start())
        if family and is_surely_family(family[0]):
            yield family.start(), found.end()


def _told(sheet: Sheet) -> Iterator[Span]:
    for cue in _IS_THE_NAME.finditer(sheet.folded):
        if name := _before(sheet, cue.start()):
            yield name
    for cue in _MY_NAME.finditer(sheet.folded):
        name = _before(sheet, cue.start())
        if name and _IS.search(sheet.before(name[0], 10)):
            yield name
    for cue in _ON_CARD.finditer(sheet.folded):
        found = _AT_CUE.match(sheet.original, cue.end())
        if found and is_no_word(bare(found[0]).split()[0]):
            yield found.span()
    for found in _LAST_NAME.finditer(sheet.folded):
        yield from [found.span(part) for part in ("name", "other") if found[part] and is_family(found[part], big=False)]


def _spelled(sheet: Sheet) -> Iterator[Span]:
    for found in _SPELLED.finditer(sheet.folded) if "-" in sheet.folded else ():
        name = _before(sheet, found.start())
        if name and sheet.folded[name[0] :].startswith(found[0].replace("-", "")[:2]):
            yield name
    for found in _LETTERS.finditer(sheet.folded) if any(each in sheet.folded for each in _SOME_LETTERS) else ():
        name = _before(sheet, found.start())
        if name and is_family(sheet.folded[slice(*name)], big=False):
            yield name


def _before(sheet: Sheet, at: int) -> Span | None:
    while at and sheet.original[at - 1] in " ,(":
        at -= 1
    found = _BEFORE_A_CUE.search(sheet.original, max(0, at - 60), at)
    return found.span() if found and "'s " not in found[0] and persons.NO_NAMES.isdisjoint(bare(found[0]).split()) else None


def _with_initials(sheet: Sheet) -> Iterator[Span]:
    for pattern in (_INITIAL_BEFORE, _INITIAL_BEHIND):
        for found in pattern.finditer(sheet.original):
            if is_placed(sheet, found.start()) or sheet.original.startswith(
                "M. ", found.end("first") + 1 if found.groupdict().get("first") else found.start()
            ):
                continue
            family = bare(found["family"])
            told = len(family) > 3 and is_no_word(family) and _SIGNED.search(sheet.before(found.start("name"), 20))
            if told or is_family(family, big=len(family) > 3):
                first = found.groupdict().get("first")
                named = not first or persons.is_first(bare(first))
                yield found.start("name") if named else found.end("first") + 1, found.end("name")


def _family_first(sheet: Sheet) -> Iterator[Span]:
    for found in _FAMILY_FIRST.finditer(sheet.original):
        family, first = bare(found["family"]), bare(found["first"])
        names = [part for part in family.split() if part not in persons.PARTICLES and part != "veuve"] or [family]
        short = "." in first or "-" in first[:2]
        one = first.split()[0]
        known = short or (persons.is_first(one) and one not in persons.NO_NAMES)
        known = known or (
            found["family"].isupper() and len(family) > 3 and len(one) > 3 and is_no_word(one)
        )  # “EXEMPLE, Chidera”
        if not known or is_placed(sheet, found.start()) or not all(map(is_no_word, names)):
            continue
        sure = is_surely_family(names[0]) or (found["family"].isupper() and len(family) > 3)
        if sure or not (short or persons.is_first(names[0]) or first in words("first_names", "also_family_names")):
            yield found.span("name")
