"""Names of persons (PHI-11), told by what stands before them. Staff, and the writer's own shown name, are no findings."""

import re
from collections.abc import Iterator
from functools import cache

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import given, persons
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import lines, words
from inbox.triage.words import medicines

_RELATIVE, _TITLE = lexicon.any_of("names", "relatives"), lexicon.any_of("names", "titles")
_MY = r"(?:mon|ma|mes|notre|nos|my|our|son|sa|ses|his|her|leurs?|their)"
_THING = (
    lexicon.any_of("names", "things")
    + r"(?: est)?(?: (?:pour|de|for|of|a|au nom de)| d')+(?: ?(?:un|une|a) (?:certaine?|dame|monsieur|madame))?"
)
_PATIENT = (
    r"(?:(?:la |le |the |un |une |a )?"
    r"(?:patiente?|clients?|cliente|customers?|residente?|usagere?|beneficiaire|pte?(?= ?:)|px(?= ?:)))"
)
_CALL = r"(?:c'est pour|pour|it's for|for|call|r?appell?e[rz]|rejoindre)"
# The name may be one word: the writer says that it is a name.
_TOLD = re.compile(
    rf"(?<![a-z])(?=[a-z])(?:{lexicon.any_of('names', 'told')}|(?:{_THING}|{_CALL})(?: {_PATIENT})? {_TITLE}"
    rf"|(?:{_MY} (?:\w+ )?{_RELATIVE}|maman|moman|papa|popa),? "
    rf"(?:qui s'appel+e|s'appel+e|nommee?|whose name is|named|called|is called))"
    rf"(?![a-z])[ :=,\"«“(-]*(?:c'est |c est |cest |c |est |is )?(?:{_TITLE} )?"
)
# “A Mrs. Exemple”, “marked R. Exemple”: a title or an initial, and a name in capitals.
_TITLED = re.compile(
    r"(?<![^\W_])(?i:une?|an?|certaine?) "
    r"(?P<name>(?i:mme|m\.|mr\.?|mrs\.?|ms\.?|mlle|miss|monsieur|madame)"
    r" [A-ZÀ-Ý][\w'’-]++(?: [A-ZÀ-Ý][\w'’-]++)?+)(?! [A-ZÀ-Ý])"
)
_INITIAL = re.compile(
    r"(?i:marqu[ée]e?|[ée]crit|indique|says?|reads?|nom:?|name:?)[ :\"«]*"
    r"(?P<name>[A-ZÀ-Ý]\.(?: ?[A-ZÀ-Ý]\.)? ?[A-ZÀ-Ý][\w'’-]{2,})"
)
# “J. Exemple sur l'étiquette”
_ON_A_LABEL = re.compile(
    r"(?<![\w.])(?P<name>[A-ZÀ-Ý]\.(?: ?[A-ZÀ-Ý]\.)? ?[A-ZÀ-Ý][\w'’-]{2,}) "
    r"(?i:(?:sur|on|in|dans) (?:l['’]|(?:le|la|the|mon|ma|my|notre|our) )"
    r"(?:étiquette|etiquette|sac|bouteille|pot|flacon|boîte|label|bag|bottle|box|envelope|enveloppe))"
)
# “nom Exemple prénom Roland”, “Mr. Exemple's pills”: one word is enough.
_OWNED = rf"['’]s (?i:(?:\w+ ){{0,2}}?{lexicon.any_of('names', 'things')})(?![a-z])"
_NO_LABEL = "(?<!" + ")(?<!".join(f"{word} " for word in lexicon.block("names", "before_no_label")) + ")"
_LABELLED = re.compile(rf"(?<![\w'’-]){_NO_LABEL}(?i:nom|surname) (?P<name>{persons.PROPER}(?: {persons.PROPER})?)(?![\w-])")
_OWNER = re.compile(rf"(?<![\w'’-])(?:(?i:{_TITLE}) |(?=[A-Z]\.))(?P<name>(?:[A-Z]\. ?)*{persons.PROPER})(?={_OWNED})")
# “le fils de M. Exemple”, “Mme Exemple, chambre 12”
_OF = re.compile(rf"(?<![a-z]){_RELATIVE} (?:d[eu'] ?|of )$")
_PATIENT_IS = re.compile(r"(?<![a-z])(?:patiente?|cliente?|pte?|px) ?: ?$")
_REACHED = re.compile(r"[\w'’-]+ ?[,:(-]? ?(?:tel\w* ?:? ?|cell? ?:? ?)?\(?[2-9]\d\d\)?[ .-]?\d{3}[ .-]?\d{4}(?!\d)")
_ROOM = re.compile(rf"[\w'’-]+,? {lexicon.any_of('told_of', 'place')}(?![a-z])")
_MY_NAME = re.compile(r"(?:,? c'? ?(?:est)? mon nom|,? (?:is|that's|thats) my name)(?! de (?:famille|jeune fille))")
_AN_INITIAL = re.compile(r"[A-ZÀ-Ý]\.")
# A message that ends with who wrote it.
_SIGNED = re.compile(rf"(?:[.!?,;\n]|\d) ?(?P<name>{persons.PROPER} {persons.PROPER})[ .]*$")
# The name must be two words: first and family name.
_PARENT = r"(?:maman|papa|mom|dad|mum|mamie|papi|grand-maman|grand-papa|grandma|grandpa)"
_SOMEBODY = rf"(?:{_RELATIVE} (?:de|d'|of)|{_PARENT}|{_MY} (?:\w+ )?{_RELATIVE}|{_PATIENT})"
_NEAR = re.compile(
    rf"(?<![a-z])(?=[a-z])(?:(?P<role>{lexicon.any_of('names', 'roles')})|{_SOMEBODY}"
    rf"|(?P<asked>{lexicon.any_of('names', 'asked')})|(?P<introduced>{_THING}|{lexicon.any_of('names', 'introduced')}))"
    rf"(?![a-z])[ :,\"«“(-]*(?:{_TITLE} )?"
)
_ENTITLED = re.compile(rf"(?<![\w.'’-])(?<!\d )(?:{_TITLE}|(?P<bare>m)) ")
_NO_PERSON = words("not_names", "anywhere")
_NOT_TITLED = lexicon.block("names", "not_titled")
_AT_WORK = re.compile(rf" {lexicon.any_of('names', 'at_work')}\b")
_OCCUPATION = re.compile(
    r" ?[,(]? ?(?:(?:la|le|l'|votre|notre|your|our|the|une?|an?)? ?)(?:(?:new|nouveau|nouvelle|nouvel|head|chef|jeune|young) )?"
    rf"{lexicon.any_of('names', 'occupations')}\b"
)
_PRAISED = re.compile(
    rf"\b{lexicon.any_of('names', 'praised_before')}(?: (?:a|au|aux|to|par|by|de|la|le|the|d'|avec|with|for|pour))*+ $"
)
_PRAISED_BEHIND = re.compile(rf"[^.!?\n]{{0,60}}?\b{lexicon.any_of('names', 'praised_behind')}\b")
# Names that nothing introduces: “(Maurice Exemple)” after a relative, with an age, “… list. Helga Exemple this time”.
_BARE = rf"(?P<name>{persons.PROPER} {persons.PROPER})"
_ANY = re.compile(rf"(?<!\w){_BARE}")
_BRACKETED = re.compile(rf"\({_BARE}(?= ?[,)])")
_AGED = re.compile(
    rf"(?:(?<![^.!?,;:\n])|(?<=[.!?,;:\n] )|(?<=\d ans )){_BARE}(?=,? ?\(?(?i:{persons.AGE}))"
    rf"|(?i:{persons.AGE})[,.:)]* {_BARE.replace('name', 'last')}(?=[ .]*$)"
)
_AGAIN = re.compile(rf"(?<=[.!?,;:(-] ){_BARE}(?=,? (?i:this time|again|today|cette fois|encore|aujourd['’]hui|now)\b)")
_KIN = re.compile(rf"(?<![a-z])(?:{_RELATIVE}|{_PARENT})(?![a-z])")
_STRANGERS = re.compile(rf"(?<![a-z]){lexicon.any_of('names', 'strangers')}(?![a-z])")
# “Dites à la pharmacienne que c'est pour Denis” is about Denis.
_STAFF = re.compile(rf"\b{lexicon.any_of('names', 'staff')}\b(?:(?! que | pour | that | for )[^.!?\0]){{0,25}}$")

# Of “your customer Fulgence Exemple”, the customer is nobody's staff.
_CUSTOMER = re.compile(rf"{_PATIENT},? ?$")


def find(sheet: Sheet) -> Iterator[Finding]:
    ends, found_words = 0, []
    for start, end, cue, sure in sorted(_written(sheet)):
        told = sure is Confidence.HIGH  # who says “mon nom est Michel Tremblay” is a Tremblay of ours
        if start >= ends and not is_known(sheet, sheet.original[start:end], told=told):
            ends = end
            found_words.append(sheet.original[start:end])
            yield identifier("name", (start, end), 11, sure, cue)
    for words_ in {word for word in found_words if " " in word}:
        for again in re.finditer(rf"(?<!\w){re.escape(words_)}(?!\w)", sheet.original):
            if again.start() >= ends:
                yield identifier("name", again.span(), 11, Confidence.MEDIUM)


def _written(sheet: Sheet) -> Iterator[tuple[int, int, tuple[int, int], Confidence]]:
    for cue in _TOLD.finditer(sheet.folded):
        span = persons.span(sheet, cue.end(), fewest=1)
        if span:
            yield *span, cue.span(), Confidence.HIGH
    for pattern, nobodys in _short(sheet):
        for found in pattern.finditer(sheet.original):
            unnamed = any(words_.intersection(bare(found["name"]).split()) for words_ in nobodys)
            if not unnamed and BLANK not in sheet.open[slice(*found.span("name"))]:
                yield *found.span("name"), (found.start(), found.start("name")), Confidence.MEDIUM
    for cue in _NEAR.finditer(sheet.folded) if persons.may_be_named(sheet) else ():
        span = persons.span(sheet, cue.end(), fewest=2)
        if span and (cue["introduced"] or cue["asked"]) and not _is_introduced(sheet, *span):
            continue
        if span and cue["asked"] and is_at_work(sheet, cue.start(), span[1]):
            continue
        if span and cue["role"] and _NO_PERSON.intersection(bare(sheet.original[slice(*span)]).split()):
            continue
        if span and (cue["role"] or not _is_of_staff(sheet, cue.end())):
            yield *span, cue.span(), Confidence.MEDIUM
    for cue in _ENTITLED.finditer(sheet.folded):
        if cue["bare"] and not sheet.original[cue.start()].isupper():
            continue
        alone = (
            _OF.search(sheet.before(cue.start(), 25))
            or _ROOM.match(sheet.folded, cue.end())
            or _REACHED.match(sheet.folded, cue.end())
            or _PATIENT_IS.search(sheet.before(cue.start(), 12))
            or given.is_served(sheet, cue.start(), cue.end())
        )
        big = sheet.original[cue.end() : cue.end() + 1].isupper()
        span = persons.span(sheet, cue.end(), fewest=1 if alone and big else 2)
        if not span and alone and not big:
            span = given.small_family(sheet, cue.end())
        if not span or _NOT_TITLED.intersection(bare(sheet.original[slice(*span)]).split()):
            continue
        if not _is_of_staff(sheet, cue.start()) and not is_at_work(sheet, cue.start(), span[1]):
            yield *span, cue.span(), Confidence.MEDIUM
    yield from _alone(sheet)


def _short(sheet: Sheet) -> Iterator[tuple[re.Pattern[str], tuple[frozenset[str], ...]]]:
    """Where a word or an initial is enough, and the words that are nobody's name there."""
    yield _TITLED, (_NOT_TITLED,)
    if _AN_INITIAL.search(sheet.original):
        yield _INITIAL, ()
        yield _ON_A_LABEL, ()
    if "nom " in sheet.folded or "surname " in sheet.folded:
        yield _LABELLED, (persons.NO_NAMES, medicines.names())
    if "'s " in sheet.folded:
        yield _OWNER, (persons.NO_NAMES, _NOT_TITLED, medicines.names())


def _alone(sheet: Sheet) -> Iterator[tuple[int, int, tuple[int, int], Confidence]]:
    """Two words in capitals, the first a first name, that stand where a person's name does."""
    if not _ANY.search(sheet.original):
        return
    for pattern, before in ((_BRACKETED, _KIN), (_AGAIN, _STRANGERS), (_AGED, None)):
        for found in pattern.finditer(sheet.original):
            start, end = found.span("name") if found["name"] else found.span("last")
            told = before.search(sheet.folded, max(0, start - 160), start) if before else found
            if told and BLANK not in sheet.open[start:end] and persons.is_full(sheet.original[start:end]):
                yield start, end, told.span(), Confidence.MEDIUM


def is_at_work(sheet: Sheet, start: int, end: int) -> bool:
    """“Merci à Mme Julie Exemple”, “M. Marc Exemple, pharmacien”."""
    behind = (_OCCUPATION, _PRAISED_BEHIND)
    return bool(_PRAISED.search(sheet.before(start, 40))) or any(each.match(sheet.folded, end) for each in behind)


def beside(sheet: Sheet, found: list[Finding]) -> Iterator[Finding]:
    """“Ghislaine Exemple, 450 555-0161”: right before an identifier, or at the end, two words in capitals are whose it is."""
    for start, kind in sorted({(finding.start, finding.type) for finding in found}):
        span = persons.right_before(sheet, start, small=kind != "email")
        if not span or any(span[0] < other.end and other.start < span[1] for other in found):
            continue
        if not is_known(sheet, sheet.original[slice(*span)]) and not _is_of_staff(sheet, span[0]):
            yield identifier("name", span, 11, Confidence.LOW)
    yield from _told_behind(sheet, found)
    yield from _signed(sheet, found)


def _told_behind(sheet: Sheet, found: list[Finding]) -> Iterator[Finding]:
    """“kevin exemple c mon nom”, “lise exemple is my name”: in small letters as well."""
    for told in _MY_NAME.finditer(sheet.folded) if " my name" in sheet.folded or "mon nom" in sheet.folded else ():
        span = persons.right_before(sheet, told.start())
        if span and not any(span[0] < other.end and other.start < span[1] for other in found):
            yield identifier("name", span, 11, Confidence.MEDIUM, (told.start() + 1, told.end()))


def _is_of_staff(sheet: Sheet, at: int) -> bool:
    before = sheet.before(at, 30)
    return bool(_STAFF.search(before)) and not _CUSTOMER.search(before)


def _signed(sheet: Sheet, found: list[Finding]) -> Iterator[Finding]:
    """Who tells more of themself than a name signs it."""
    end = _SIGNED.search(sheet.original) if found else None
    if end and not any(other.start < end.end("name") and end.start("name") < other.end for other in found):
        name = end["name"]
        known = persons.NO_NAMES.intersection(bare(name).split()) or is_known(sheet, name)
        if not known and persons.is_first(bare(name).split()[0]):
            yield identifier("name", end.span("name"), 11, Confidence.LOW)


def _is_introduced(sheet: Sheet, start: int, end: int) -> bool:
    """Not “this is Bull Crap”, nor “est-ce que Julie Exemple travaille”."""
    family, comma, first = bare(sheet.original[start:end]).partition(", ")
    return persons.is_first(first if comma else family.split()[0]) and not _AT_WORK.match(sheet.folded, end)


def is_known(sheet: Sheet, name: str, *, told: bool = False) -> bool:
    """What the writer shows to all, one of those who answer, a brand; or somebody whom everybody knows, if it is not told to be a
    name."""
    said = _parts(name)
    if f"{bare(name)} ".startswith(_brands() if told else _nobodys()):
        return True
    return any(said <= _parts(shown) for shown in (sheet.context.author, *sheet.context.staff))


@cache
def _nobodys() -> tuple[str, ...]:
    return (*_brands(), *(f"{bare(name)} " for name in lines("not_names")["public"]))


@cache
def _brands() -> tuple[str, ...]:
    return tuple(map(bare, lines("not_names")["brands"]))


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", bare(name)))
