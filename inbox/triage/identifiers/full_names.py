"""A first and a family name in capitals, told to be somebody's by where they stand.

“Le transfert de Rénald Exemple”, “Desmond Exemple's pills”, “dossier 204417, Emmanuelle Exemple”, a line of a list.
"""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import names, persons
from inbox.triage.identifiers import words as lexicon
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier
from inbox.triage.lexicons import fold as bare
from inbox.triage.lexicons import words
from inbox.triage.words import medicines

Span = tuple[int, int]
_BETWEEN = r"(?:(?:[A-ZÀ-Ý]\.|[Dd][aei]|[Dd]el|[Dd]os|[Vv]an(?: der)?|[Vv]on|[Ll]a|[Ll]e|[Ee]l|[Aa]l|[Bb]en|Ste?\.?|Abi) ?){0,2}"
_NAME = rf"(?P<name>{persons.PROPER} {_BETWEEN}{persons.PROPER}(?: {persons.PROPER})?)(?![\w’-]|'[^s])"
_THING, _RELATIVE = lexicon.any_of("names", "things"), lexicon.any_of("names", "relatives")
_SORT = r"(?: (?:de|d'|du|des|for|en) ?)?(?: ?[a-zà-ÿ0-9']+| CNESST| RAMQ| SAAQ| VIH| IRM)?"
# Two words in capitals are enough.
_SURELY = (
    rf"(?i:(?<![a-z]){_THING}{_SORT} (?:est |is )?(?:pour|de|for|of|à|a|au nom de) |(?<![a-z]){_THING}{_SORT} d['’]){_NAME}",
    rf"{_NAME}['’]s (?i:(?:\w+ ){{0,2}}?{_THING})(?![a-z])",
    r"(?i:(?<![a-z])(?:(?:son|mon|leur|le|his|her|my|the|kid['’]s|child['’]s) (?:vrai |legal |full |real )?(?:nom|name)"
    rf"(?: légal)?(?: est| is|:)?|(?:labell?ed|marked|addressed to|libellée?|crié le nom(?: de)?) ))[ :«\"“]*{_NAME}",
    rf"(?m:^ ?(?:\d{{1,2}}[.)]|[-*•]) ?){_NAME}(?m:(?= *$))",
)
# The first must be a first name.
_LIKELY = (
    rf"(?:^|[.!?,;:] ){_NAME},? (?i:here|ici|mon nom|my name)(?![a-z])",
    rf"(?:^|\s)[-–—] {_NAME}(?= [-–—] |[ .]*$)",
    r"(?i:(?<![a-z])(?:patiente?|cliente?|madame|monsieur|dame|customer|guy|lady|woman|man|person)(?: [a-zà-ÿ']+){0,4})"
    rf", {_NAME}(?=[ ,])",
    rf"(?:(?<=[ (]){_NAME}), (?i:(?:mon|ma|my|son|sa|his|her|our|notre) (?:\w+ )?(?:{_RELATIVE}|boss|coloc|proprio))(?![a-z])",
    rf"{_NAME},? (?i:(?:still |encore )?(?:arrive|attend|a besoin|needs|takes|prend|comes by|va passer|passera|has no"
    r"|n['’]a pas|is allergic|est allergique|paid|a payé|is my|est m(?:on|a)|seen by|vue? par"
    r"|fait (?:une?|encore|des))(?![a-z]))",
    rf"(?i:(?<![a-z])(?:acheté|ramassé|signé|bought|picked up|signed)e?s? (?:par|by)) {_NAME}",
    rf"(?i:(?<![a-z])(?:{_RELATIVE}|fiston|fillette|kids?|gars)) ?[=:] ?{_NAME}",
    rf"(?i:(?<![a-z])(?:prescrit|donné|remis|vendu|prescribed|given|sold|handed)(?: [^.!?,;]{{0,30}})? (?:à|to)) {_NAME}",
    rf"(?i:(?<![a-z])(?:{_THING}|pilulier|slip)(?: [^.!?;:\n]{{0,50}})?:) {_NAME}",
    r"(?i:(?<![a-z])(?:demander|demandez|ask for|locataire|guardian (?:of|for)|(?:proprio(?:taire)?|mandataire|tuteur)"
    rf" d['’]?e? ?)) ?{_NAME}",
    rf"(?i:(?<![a-z])(?:une? autre|another|the other|the wrong|deux|two)) {_NAME}",
    rf"(?i:(?<![a-z])(?:la |le |ma |mon |my |our )?(?:petite?|little|young|jeune)) {_NAME}",
    rf"(?i:(?<![a-z])(?:refusé(?: de servir)?|retirer|enlever|remove|rappeler|call back)) {_NAME}",
)
_NOBODY = lexicon.block("names", "nobody")
_SURE, _LIKE = tuple(map(re.compile, _SURELY)), tuple(map(re.compile, _LIKELY))
_STAFF = re.compile(rf"(?<![a-z]){lexicon.any_of('names', 'staff')},? $")  # right before it, not somewhere in the sentence
_ANY = re.compile(rf"{persons.PROPER} ")
_AND = re.compile(rf" ?(?:et|and|&|,|,? puis|pis) ?{_NAME}")
_AFTER_NUMBER = re.compile(rf" ?[,:;/–—-]? {_NAME}(?=[ ,.;:/–—-]|$)")
_BEFORE_NUMBER = re.compile(rf"(?<!\w){_NAME} ?(?:/|,|–|—|-) ?(?:(?:née?|born|ddn|dob|BC PHN|PHN|NAM|RAMQ)[ :]*)?$")


def find(sheet: Sheet, known: list[Finding]) -> Iterator[Finding]:
    """known: what else was found in it."""
    if sheet.original.isupper() or not _ANY.search(sheet.original):
        return
    taken = [(each.start, each.end) for each in known]
    for start, end in _named(sheet, known):
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            taken.append((start, end))
            yield identifier("name", (start, end), 11, Confidence.LOW)


def _named(sheet: Sheet, known: list[Finding]) -> Iterator[Span]:
    found_names = [(each.start, each.end) for each in known if each.type == "name"]
    for pattern in _SURE:
        found_names += [found.span("name") for found in pattern.finditer(sheet.original) if _is_name(sheet, found)]
    for pattern in _LIKE:
        found_names += [
            found.span("name") for found in pattern.finditer(sheet.original) if _is_name(sheet, found, known_first=True)
        ]
    numbers = [each for each in known if each.type not in ("name", "postal_code", "address")]
    for number in numbers:
        for found in (
            _AFTER_NUMBER.match(sheet.original, number.end),
            _BEFORE_NUMBER.search(sheet.original, max(0, number.start - 60), number.start),
        ):
            if found and _is_name(sheet, found, known_first=number.type in ("phone", "email")):
                found_names.append(found.span("name"))
    yield from found_names
    for _start, end in found_names:
        yield from _others(sheet, end)


def _others(sheet: Sheet, at: int) -> Iterator[Span]:
    """“… et Manon Exemple”, right behind a name."""
    while (found := _AND.match(sheet.original, at)) and _is_name(sheet, found, known_first=True):
        yield found.span("name")
        at = found.end("name")


def _is_name(sheet: Sheet, found: re.Match[str], *, known_first: bool = False) -> bool:
    start, end = found.span("name")
    parts = bare(found["name"]).replace("’", "'").split()
    if BLANK in sheet.open[start:end] or persons.NO_NAMES.intersection(parts) or words("rx_names", "names").intersection(parts):
        return False
    if names.is_known(sheet, found["name"]) or _STAFF.search(sheet.before(start, 40)) or names.is_at_work(sheet, start, end):
        return False
    if words("not_names", "anywhere").intersection(parts) or medicines.names().intersection(parts) or parts[0] in _NOBODY:
        return False
    return not known_first or persons.is_first(parts[0]) or (persons.is_first(parts[-1]) and parts[0] not in persons.NO_NAMES)
