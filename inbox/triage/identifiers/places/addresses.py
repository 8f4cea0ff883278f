"""Where somebody lives: street addresses and boxes (PHI-10)."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.sheet import Sheet, identifier
from inbox.triage.words import medicines

_CIVIC = (
    r"(?<![\w\0.,$/-])(?:no\.? ?|#)?(?:[a-f]-)?\d{1,5}"
    r"(?: ?-? ?[a-d](?=,? |-\d)|½| 1/2|,? et demie?| and a half| bis(?=,? )| ter(?=,? ))?"
    r"(?:-\d{1,5}|(?<!\d{5}) ?- ?\d{1,5})?,? +"
)
_WORD = r"(?:(?:[a-z]\.-)+)?[a-z0-9][a-z0-9'-]*\.?"
LINK = r"(?:(?:(?:de la|de|du|des|la|le|les|ste?\.?|sainte?|notre-dame)(?![a-z])|(?:de )?[dl]')[ -]*)*"
ORDER = r"\d{1,3} ?(?:e|er|re|ere|eme|ieme|st|nd|rd|th)\b"
_FRENCH = re.compile(
    rf"(?:{_CIVIC}|(?<![\w\0.,$/-])\d{{1,5}}(?=(?:rue|boul|boulevard|avenue|ave|chemin|rang)\b))"
    rf"(?:{ORDER} (?:rue|avenue|av\.?|ave\.?|rang|boulevard|boul\.?)\b"
    rf"|(?P<way>{words.any_of('places', 'ways')})(?![a-z]) *(?:{ORDER}|(?P<name>{LINK}{_WORD}(?: (?!\d+ ){_WORD}){{0,3}})))"
)
_NUMBERED = re.compile(r"(?:rang|rg\.?|route|rte\.?|autoroute|aut\.?|rue|avenue|chemin concession) \d{1,3}\b")
_COUNTRY = re.compile(
    rf"{_CIVIC}(?:(?:county|regional|township|range|side|fire|rural) ?(?:road|rd\.?|route|line)"
    r"|concession(?: road| rd\.?)?|hwy\.?|highway|line|side ?road) (?:#|no\.? ?)?\d{1,4}\b"
    rf"|{_CIVIC}(?:west|east|north|south|[wens]\.?) \d{{1,3}}(?:st|nd|rd|th)\b(?: (?:ave(?:nue)?|st(?:reet)?)\b\.?)?"
    r"|(?<![\w\0])lots? \d{1,4},? (?:du|au) (?:camping|domaine|parc) (?:(?:chez|des|de la|de|du) )?[a-z'-]+"
    r"|(?<![\w\0])lots? \d{1,4},? (?:conc(?:ession)?\.?|con\.?|rang|rg\.?) (?:#|no\.? ?)?\d{1,2}\b"
    rf"|{_CIVIC}the (?:esplanade|parkway|promenade|kingsway|queensway|donway|links|crescent|boardwalk|bridle path)\b"
)
_ENGLISH = re.compile(
    rf"{_CIVIC}(?P<name>(?:(?:north|south|east|west|[nsew])\.? )?(?!\d+ ){_WORD}(?: (?!\d+ ){_WORD}){{0,2}}?) "
    rf"(?P<way>{words.any_of('places', 'types')})(?![a-z'-])(?: {words.any_of('places', 'sure_types')}(?![a-z'-]))?"
)
_SURE, _SURE_TYPE = re.compile(words.any_of("places", "sure_ways")), re.compile(words.any_of("places", "sure_types"))
_HOME = re.compile(rf"\b{words.any_of('places', 'homes')}\b[^\0!?]{{0,40}}$")
_SHOP_BEHIND = re.compile(rf",? {words.any_of('places', 'shops_behind')}(?![a-z])")
_SHOP = re.compile(rf"\b{words.any_of('places', 'shops')}\b[^\0!?]{{0,30}}$")
_BARE = re.compile(
    r"(?<![\w\0.,$/-])\d{2,5}(?:-\d{1,4})?[a-d]?,? "
    rf"(?P<name>(?:st|ste|saint|sainte)[ .-]+[a-z'-]+|(?:{LINK}(?<=[ ']))?[a-z][a-z'-]+(?:[- ][a-z'-]+)?)"
)
_BOX = re.compile(
    r"(?<![\w\0])(?:(?:(?:case|casier|boite)s? postale?s?|general delivery,? (?:po )?box"
    r"|c\. ?p\.|p\.? ?o\.? ?box|post office box|b\. ?p\.) ?(?:no\.? ?|#)?\d{1,5}\b"
    r"(?:,? (?:succ(?:ursale|\.)?|station|stn\.?) [a-z]\b)?"
    r"|(?:r\.? ?r\.?|rural route|route rurale) ?(?:no\.? ?|#)?\d{1,2}\b"
    r"(?:,? (?:civic|civique|no\.?|number|numero|#)(?: number)? ?\d{1,5}\b)?)"
)
# “1130 Sherbrooke Ouest”
_COMPASS = re.compile(
    r"(?<![\w.,$/-])\d{3,5},? (?P<name>(?!Rive|C[oô]te |P[oô]le|Am[eé]rique|Cor[eé]e|Korea|Islands|Vitamin)"
    r"[A-ZÀ-Ý][\w'’-]{2,}(?: [A-ZÀ-Ý][\w'’-]+)?)"
    r" (?:Est|Ouest|Nord|Sud|East|West|North|South)(?!\w)"
)
_BOX_SHORT = re.compile(r"(?<![\w\0])CP \d{2,5}\b(?!/)")
STOPS = words.block("places", "not_streets")
_HALF_A_CODE = re.compile(r"[a-z]\d[a-z]")  # “77 ch. du Vieux-Quai J0X 9Y9”
_NO_CIVIC = re.compile(
    r"\b(?:page|km|sortie|exit|version|autobus|bus|article|chapitre|coutent?|costs?|prix|price)(?: le| la|:)? $"
)
_LINKED = re.compile(LINK)
_SHORT = {"st", "ste", "mgr", "dr", "gen", "cap", "col", "sgt", "prof", "hon", "pres", "fr", "pte", "gde", "n-d", "n.-d"}
_LIVES = re.compile(
    r"(?<![a-z])(?:(?:reste|habite|demeure|vis|live|livrez|livrer|deliver)(?: it)? (?:au|at|to)"
    r"|(?:adresse|address)(?: (?:est|is|c'est))?(?: (?:le|au))?) ?:? ?$"
)
_STAYS = re.compile(rf"(?<![a-z]){words.any_of('places', 'stays_at')} ?:? ?$")
_MONTH = re.compile(words.any_of("places", "months"))
_OF_PERSONS = re.compile(r"\b(?:voisine?|neighbou?r)\b")
_RURAL, _RURAL_BESIDE = re.compile(r"r\.? ?r|rural|route r"), re.compile(r",? ?")
_CAPITALS = re.compile(r"[^\W\d_][\w'’.-]*(?: [A-ZÀ-Ý][\w'’-]*)*")
_POINT = r"(?:,? (?:est|ouest|nord|sud|east|west|north|south|e|o|n|s|w|ne|nw|se|sw)\b\.?)?"
_UNIT = (
    r"(?:[.,/]? ?(?:- )?\(?(?:(?:app?t?s?|apto|cond|loft|bloc|block|bte|boite|etage|code(?: de (?:la )?porte)?(?= ?:? ?\d)"
    r"|appart?(?:ement)?|apart?(?:ment)?|unite?|suite|bureau|bur|porte|condo|local|logement|log|chambre|ch"
    r"|room|rm|ste|sonnette|sonnerie|buzz(?:er)?)\b\.?|#) ?(?:no\.? ?|#|num(?:ero)? ?)?[a-z]?-?\d{1,5}(?:-?[a-z])?\b"
    r"|,? ?(?:- )?\(?(?:app?t?|unit|suite|porte|door|local|condo|bloc|block|loft)\.? [a-z]\b|,? ?r\.? ?r\.? ?\d{1,2}\b"
    r"|,? ?(?:(?:au|on the) )?\d{1,2} ?(?:er|e|ieme|eme|st|nd|rd|th) (?:etage|floor)\b"
    rf"|,? ?\(?(?:au |in the |la |le |the |par la |use the )?{words.any_of('places', 'parts_of_a_house')}(?![a-z]))?"
)
_BEHIND, _FLAT = re.compile(_POINT + _UNIT + _UNIT), re.compile(_UNIT + _UNIT)
_FLAT_TOLD = (
    r"(?<![\w\0])(?:(?:app?t?s?|appart(?:ement)?|apart(?:ment)?|unite?|suite|porte|bureau|local|condo|logement|chambre|room)\b"
    r"\.? ?(?:#|no\.? ?)?(?:[a-z]?\d{1,5}[a-z]?|[a-f](?= ))?|\d{1,2} ?(?:er|e|ieme|eme|st|nd|rd|th) (?:etage|floor))"
    r",? ?(?:- |(?:at|of|du|au|sur) )?$"
)
_FLAT_NAMED = re.compile(_FLAT_TOLD)
# “306, 1550 boul. Gouin”, “10 500, boulevard …”
_FLAT_BEFORE = re.compile(rf"{_FLAT_TOLD}|(?<![\w\0])(?:#\d{{1,4}},?|lot) $|(?<![\w\0.,:$/-])(?:#?\d{{1,3}}[a-d]?,|\d{{1,2}}) $")
# A flat behind a number and a name says that they are an address, as these words do.
_AT_HOME = re.compile(
    r"\.?,? ?(?:app?t?s?|appart(?:ement)?|apart(?:ment)?|unit|suite|logement|sonnette|buzzer|porte)\b\.? ?#?\d|(?:, ?| )# ?\d"
    r"|, ?(?:(?:tel|cell?)\w*\.? ?:? ?)?\0"
    r"|(?:,? [a-z][a-z'. -]{1,25})?,? ?\(?(?:(?:qc|quebec|on|ontario|nb|bc|ab|mb|sk|ns)\b\)?)?,? ?"
    r"[abceghj-nprstvxy]\d[abceghj-nprstv-z] ?-?\d[abceghj-nprstv-z]\d(?!\w)"
    r"|[,?.!]{0,2} (?:c'est|c est|cest) (?:la (?:que|ou) (?:je|j'|on) ?(?:reste|habite|vis)"
    r"|(?:mon|notre) adresse|chez (?:nous|moi))"
)
_FLAT_OF_A_HOME = re.compile(r"(?<![a-z])(?:app?t?s?|appart(?:ement)?|apartment|logement|log)\b\.? ?#?\d")
_MORE_NAME = re.compile(r" [A-ZÀ-Ý][\w'’-]+")  # “27, 3e Avenue Imaginaire”
_CORNER = re.compile(
    r",? \(?(?i:(?:au |at the )?(?:coin|angle|corner)(?: of)?(?: de| du| des)?(?: la)?)(?: d['’])? ?(?i:rue |boul\.? |av\.? )?"
    r"[A-ZÀ-Ý][\w'’-]+(?: (?:Street|St|Ave|Avenue|Road|Rd)\b\.?)?"
)
_TOWN = re.compile(
    r"(?:, (?:à |in )?| (?:à|in) )(?P<town>[A-ZÀ-Ý][^\W\d_][^\W\d]*)"
    r"(?:(?:[ '’-]|(?<=\bSt)\.|(?<=\bSte)\.)+[A-ZÀ-Ý][^\W\d]+){0,2}(?!\w)"
    r"(?:,? ?\(?(?:QC|Qc|Québec|Quebec|ON|PQ|P\.Q\.)\)?)?"
)


_NO_TOWNS = {
    "no",
    "nom",
    "tel",
    "tél",
    "cell",
    "nam",
    "ramq",
    "ddn",
    "dob",
    "rx",
    "phone",
    "merci",
}  # “app. 3, No assurance maladie”


def find(sheet: Sheet) -> Iterator[Finding]:
    ends = 0
    for start, end, sure in _in_one(sheet) if sheet.has_digits else ():
        if (
            start >= ends
            and not _NO_CIVIC.search(sheet.before(start, 20))
            and (sheet.anybodys or not is_a_shop(sheet, start, end) or _FLAT_OF_A_HOME.search(sheet.open, start, end))
        ):
            ends = end
            flat = _FLAT_BEFORE.search(sheet.open, max(0, start - 20), start)
            yield identifier(
                "address", (flat.start() if flat else start, end), 10, Confidence.HIGH if sure else Confidence.MEDIUM
            )


def _in_one(sheet: Sheet) -> list[tuple[int, int, bool]]:
    """In order, the longest first. “RR 3, 4418 County Rd 9” is one."""
    written = sorted(_written(sheet), key=lambda each: (each[0], -each[1]))
    for at, (start, end, sure) in enumerate(written[:-1]):
        behind = written[at + 1]
        if _RURAL.match(sheet.folded, start) and _RURAL_BESIDE.fullmatch(sheet.folded, end, behind[0]):
            written[at] = start, behind[1], sure
    return written


def _written(sheet: Sheet) -> Iterator[tuple[int, int, bool]]:
    for found in _FRENCH.finditer(sheet.open):
        end = found.end("name") if found["name"] else found.end()
        numbered = _NUMBERED.match(sheet.open, found.start("way")) if found["way"] else None
        if numbered:  # “845 rang 5”
            end = numbered.end()
        elif found["name"]:
            end = street_ends(sheet, found.start("name"), end)
        elif not found["way"]:
            more = _MORE_NAME.match(sheet.original, end)
            end = more.end() if more and sheet.folded[more.start() + 1 : more.end()] not in STOPS else end
        sure = not found["way"] or numbered or _SURE.fullmatch(found["way"])
        if end and (sure or _is_told(sheet, found.start(), found.start("name"))):
            yield found.start(), whole(sheet, end), True
    for found in _ENGLISH.finditer(sheet.open):
        if not any(word.strip(".,") in STOPS or _is_full_stop(word) for word in found["name"].split()):
            capital = sheet.original[found.start("name")].isupper() and sheet.original[found.start("way")].isupper()
            if _SURE_TYPE.fullmatch(found["way"]) or capital or _HOME.search(sheet.before(found.start(), 60)):
                yield found.start(), whole(sheet, found.end()), True
    yield from ((found.start(), whole(sheet, found.end()), True) for found in _COUNTRY.finditer(sheet.open))
    for found in _BARE.finditer(sheet.open):
        told = _is_told(sheet, found.start(), found.start("name"), both=True) and found["name"].split()[0] not in STOPS
        told = told and not _is_dose(found["name"])
        if told and (end := street_ends(sheet, *found.span("name"))):
            yield found.start(), whole(sheet, end), False
    if _COMPASS.search(sheet.original):
        yield from (
            (found.start(), whole(sheet, found.end()), False)
            for found in _COMPASS.finditer(sheet.original)
            if _is_open(sheet, found)
        )
    boxes = (found for found in _BOX.finditer(sheet.open) if not _is_measure(sheet, found))
    yield from ((found.start(), whole(sheet, found.end()), True) for found in boxes)
    yield from (
        (*found.span(), True) for found in _BOX_SHORT.finditer(sheet.original) if "\0" not in sheet.open[slice(*found.span())]
    )


def _is_open(sheet: Sheet, found: re.Match[str]) -> bool:
    return "\0" not in sheet.open[slice(*found.span())] and not _is_dose(sheet.folded[slice(*found.span("name"))])


def _is_dose(name: str) -> bool:
    """“je suis tombée à 50 de Pristiq”."""
    return any(word in medicines.names() for word in re.findall(r"[^\W\d_]+", name))


def _is_measure(sheet: Sheet, found: re.Match[str]) -> bool:
    """“2 cp 2 fois”, “r 2” are a dose and a rank."""
    letters = re.sub(r"[^a-z]", "", found[0])
    return letters == "rr" and not (
        sheet.original[found.start() : found.start() + 1].isupper() or _HOME.search(sheet.before(found.start(), 60))
    )


def _is_told(sheet: Sheet, start: int, name: int, *, both: bool = False) -> bool:
    """By a capital, or by words that speak of a home. A number and a name alone need both."""
    link = _LINKED.match(sheet.folded, name) if name >= 0 else None
    capital = link is not None and (
        sheet.original[link.end() : link.end() + 1].isupper() or "st" in link[0] or "saint" in link[0]
    )
    home = bool(_HOME.search(sheet.before(start, 60)))
    if both:
        measures = words.unit().match(sheet.folded, sheet.folded.find(" ", start))
        if sheet.folded[start : start + 3].isdigit() and not measures and _LIVES.search(sheet.before(start, 30)):
            return True
        named = (capital or (link and link[0].startswith("d"))) and not (measures or _MONTH.match(sheet.folded, name))
        if named and _STAYS.search(sheet.before(start, 45)):
            return True
        flat = _FLAT_NAMED.search(sheet.before(start, 24))
        home = home or bool(flat)
        if link and link[0] and _AT_HOME.match(sheet.open, _capitals_end(sheet, link.end())):
            return True
        return capital and (home or bool(_AT_HOME.match(sheet.open, _capitals_end(sheet, link.end()))))  # type: ignore[union-attr]
    return capital or home


def is_home(sheet: Sheet, at: int) -> bool:
    """Whether the words before this place speak of where somebody lives."""
    return bool(_HOME.search(sheet.before(at, 60)))


def _capitals_end(sheet: Sheet, start: int) -> int:
    found = _CAPITALS.match(sheet.original, start)
    return found.end() if found else start


def street_ends(sheet: Sheet, start: int, end: int) -> int:
    """Where the name of the street ends: before the first word that is no part of one. 0: there is none."""
    last, linked, after_link, began_big = 0, True, False, False
    for word in re.finditer(r"[^\s]+", sheet.folded[start:end]):
        bare = word[0].strip(".,")
        if linked and re.fullmatch(r"(?:de|la|le|les|du|des|l'|d'|st|ste|saint|sainte)", bare):
            after_link = True
            continue
        linked = False
        if (
            (bare in STOPS and not _is_named_so(sheet, start + word.start(), bare, after_link=after_link))
            or bare.isdigit()
            or _HALF_A_CODE.fullmatch(bare)
        ):
            break
        capital = sheet.original[start + word.start()].isupper()
        if last and began_big and not capital:
            break
        began_big = began_big or (not last and capital)
        last = start + word.end()
        if _is_full_stop(word[0]):
            return last if _behind(_FLAT, sheet.open, last) > last else last - 1
    return last


def _is_named_so(sheet: Sheet, at: int, word: str, *, after_link: bool) -> bool:
    """“rue de la Côte”, “rue A”."""
    letter = sheet.original[at]
    return (after_link and word == "cote" and letter.isupper()) or (len(word) == 1 and "A" <= letter <= "F")


def _is_full_stop(word: str) -> bool:
    """“12 rue Imaginaire. Êtes-vous ouverts”, not “rue St. Jean”, “rue J. Exemple”."""
    return word.endswith(".") and len(word) > 2 and word[:-1] not in _SHORT


def whole(sheet: Sheet, end: int) -> int:
    """With the point of the compass, the flat and the town behind it."""
    end = _behind(_BEHIND, sheet.open, end)
    corner = _CORNER.match(sheet.original, end)
    end = _behind(_FLAT, sheet.open, corner.end()) if corner and "\0" not in sheet.open[end : corner.end()] else end
    town = _TOWN.match(sheet.original, end)
    if town and town["town"].lower() not in _NO_TOWNS and "\0" not in sheet.open[end : town.end()]:
        end = _behind(_FLAT, sheet.open, town.end())
    return end


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def is_a_shop(sheet: Sheet, start: int, end: int = 0) -> bool:
    before = sheet.before(start, 60)
    shop = _SHOP.search(before) or (end and _SHOP_BEHIND.match(sheet.folded, end))
    return bool(shop) and not (_HOME.search(before) or _OF_PERSONS.search(before))
