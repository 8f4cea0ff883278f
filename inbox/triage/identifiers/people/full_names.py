"""A first and a family name in capitals, told to be somebody's by where they stand.

“Le transfert de Rénald Exemple”, “Desmond Exemple's pills”, “dossier 204417, Emmanuelle Exemple”, a line of a list.
"""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.people import given, names, persons, told_of
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import words
from inbox.triage.words import medicines

Span = tuple[int, int]
_BETWEEN = r"(?:(?:[A-Z]\.|[Dd][aei]|[Dd]el|[Dd]os|[Vv]an(?: der)?|[Vv]on|[Ll]a|[Ll]e|[Ee]l|[Aa]l|[Bb]en|Ste?\.?|Abi) ?){0,2}"
_TWO = rf"{persons.PROPER} {_BETWEEN}{persons.PROPER}"
_NAME = rf"(?P<name>{_TWO}(?: {_BETWEEN}{persons.PROPER})?)(?![\w-]|'[^s])"


def _list(name: str) -> str:
    return rf"(?i:(?<![a-z]){lexicon.any_of('full_names', name)}(?![a-z]))"


_THING, _RELATIVE = (rf"(?i:(?<![a-z]){lexicon.any_of('names', name)})" for name in ("things", "relatives"))
_SORT = r"(?i:(?: (?:de|d'|du|des|for|en) ?)?(?: ?[a-z0-9']+)?)"
# Two words in capitals are enough.
_SURELY = (
    rf"{_THING}{_SORT} (?i:(?:est |is )?(?:pour|de|for|of|a|au nom de) ){_NAME}",
    rf"{_THING}{_SORT} (?i:d'){_NAME}",
    rf"{_NAME}'s (?i:(?:\w+ ){{0,2}}?){_THING}(?![a-z])",
    rf"{_list('named')}[ :«\"“]*{_NAME}",
    rf"(?m:^ ?(?:\d{{1,2}}[.)]|[-*•]) ?){_NAME}(?m:(?= *$| ?[:=] ?(?:\d|une? |deux |two |three |trois )))",
)
# The first must be a first name.
_LIKELY = (
    rf"(?:^|[.!?,;:] ){_NAME},? {_list('announced_behind')}",
    rf"(?:^|\s)[-] {_NAME}(?= [-] |[ .]*$)",
    rf"{_list('persons')}(?i:(?: [a-z']+){{0,4}}), {_NAME}(?=[ ,])",
    rf"(?<=[ (]){_NAME}, (?i:(?:mon|ma|my|son|sa|his|her|our|notre) (?:\w+ )?)(?:{_RELATIVE}(?![a-z])|{_list('relatives_too')})",
    rf"{_NAME},? {_list('does')}",
    rf"{_list('done_by')} {_NAME}",
    rf"(?:{_RELATIVE}|{_list('children')}) ?[=:] ?{_NAME}",
    rf"{_list('given')}(?: [^.!?,;]{{0,30}})? (?i:a|to) {_NAME}",
    rf"(?:{_THING}|{_list('things_too')})(?: [^.!?;:\n]{{0,50}})?: {_NAME}",
    rf"{_list('before')} ?{_NAME}",
)
_SURE, _LIKE = tuple(map(re.compile, _SURELY)), tuple(map(re.compile, _LIKELY))
_NAMES_TOO = frozenset({"noel", "ben"})  # before a family name
_NOBODY = lexicon.block("names", "nobody")
# Right before it, not somewhere in the sentence.
_STAFF = re.compile(rf"(?<![a-z]){lexicon.any_of('names', 'staff')}[.,]{{0,2}} $")
_ANY = re.compile(rf"{persons.PROPER},? {_BETWEEN}{persons.PROPER}")
_AND = re.compile(rf" ?(?:et|and|&|[,;]|,? puis|pis) ?{_NAME}")
_WIDER = re.compile(r"[,(]")
_AFTER_NUMBER = re.compile(rf" ?[,:;/-]? {_NAME}(?=[ ,.;:/-]|$)")
_BEFORE_NUMBER = re.compile(rf"(?<!\w){_NAME} ?[/,-] ?(?:(?i:nee?|born|ddn|dob|bc phn|phn|nam|ramq)[ :]*)?$")


def find(sheet: Sheet, known: list[Finding]) -> Iterator[Finding]:
    """known: what else was found in it."""
    taken = [(each.start, each.end) for each in known]
    untold = [span for span in (*given.find(sheet), *told_of.small(sheet)) if _is_name(sheet, *span)] if sheet.untold else []
    for start, end in (*_big(sheet, known), *untold):
        others = [other for other in taken if start < other[1] and other[0] < end]
        if not others or _is_wider(sheet, (start, end), others):
            taken.append((start, end))
            yield identifier("name", (start, end), 11, Confidence.LOW)


def _is_wider(sheet: Sheet, span: Span, others: list[Span]) -> bool:
    """“Exemple, Julie” where “Exemple” was found."""
    inside = all(span[0] <= start and end <= span[1] and span != (start, end) for start, end in others)
    return inside and bool(_WIDER.search(sheet.original, *span))


def _big(sheet: Sheet, known: list[Finding]) -> Iterator[Span]:
    if not sheet.original.isupper() and _ANY.search(sheet.original):
        yield from _named(sheet, _without_accents(sheet), known)


def _without_accents(sheet: Sheet) -> str:
    """With its capitals, as the lists write."""
    pairs = zip(sheet.original, sheet.folded, strict=True)
    return "".join([plain.upper() if letter.isupper() and len(plain.upper()) == 1 else plain for letter, plain in pairs])


def _named(sheet: Sheet, written: str, known: list[Finding]) -> Iterator[Span]:
    found_names = [(each.start, each.end) for each in known if each.type == "name"]
    for pattern in _SURE:
        found_names += [found.span("name") for found in pattern.finditer(written) if _is_name(sheet, *found.span("name"))]
    for pattern in _LIKE:
        spans = (found.span("name") for found in pattern.finditer(written))
        found_names += [span for span in spans if _is_name(sheet, *span, known_first=True)]
    found_names += [span for span in told_of.find(sheet, written) if _is_name(sheet, *span)]
    found_names += [span for span in told_of.family_first(sheet, written) if _is_name(sheet, *span)]
    numbers = [each for each in known if each.type not in ("name", "postal_code", "address")]
    for number in numbers:
        for found in (
            _AFTER_NUMBER.match(written, number.end),
            _BEFORE_NUMBER.search(written, max(0, number.start - 60), number.start),
        ):
            if found and _is_name(sheet, *found.span("name"), known_first=number.type in ("phone", "email")):
                found_names.append(found.span("name"))
    yield from found_names
    for _start, end in found_names:
        yield from _others(sheet, written, end)


def _others(sheet: Sheet, written: str, at: int) -> Iterator[Span]:
    """“… et Manon Exemple”, right behind a name."""
    while (found := _AND.match(written, at)) and _is_name(sheet, *found.span("name"), known_first=not _are_names(found["name"])):
        yield found.span("name")
        at = found.end("name")


def _are_names(written: str) -> bool:
    return all(map(given.is_no_word, written.lower().split()))


def _is_name(sheet: Sheet, start: int, end: int, *, known_first: bool = False) -> bool:
    name = sheet.original[start:end]
    parts = bare(name).replace("’", "'").split()
    if len(parts) > 1 and parts[-2] != "de":  # “Ahmed Ben Exemple”, not “Julie de Laval”
        parts = [part for part in parts if part in (parts[0], parts[-1]) or part not in persons.PARTICLES]
    if len(parts) > 1 and parts[0] in _NAMES_TOO and given.is_surely_family(parts[-1]):
        parts = parts[1:]
    if BLANK in sheet.open[start:end] or persons.NO_NAMES.intersection(parts) or words("rx_names", "names").intersection(parts):
        return False
    if names.is_known(sheet, name) or _STAFF.search(sheet.before(start, 40)) or names.is_at_work(sheet, start, end):
        return False
    if words("not_names", "anywhere").intersection(parts) or medicines.names().intersection(parts) or parts[0] in _NOBODY:
        return False
    return not known_first or persons.is_first(parts[0]) or (persons.is_first(parts[-1]) and parts[0] not in persons.NO_NAMES)
