"""Health insurance numbers: Québec (PHI-1), Ontario (PHI-3), British Columbia (PHI-4)."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import checks, phones
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier

_GAP = r"[ \u00a0\t\n.\-–—_/,:]{0,3}"
_DIGIT = "[0-9OoIl]"
# In the text as it came: an accent in the four letters means a word.
_RAMQ = re.compile(
    rf"(?:(?<![^\W_])|(?<=NAM)|(?<=nam)|(?<=RAMQ)|(?<=ramq))([A-Za-z](?:[ .-]?[A-Za-z]){{3}})"
    rf"{_GAP}(?=\d|[OIl]\d)({_DIGIT}(?:{_GAP}{_DIGIT}){{7}})(?=[Ee][Xx][Pp]|(?![^\W_]))"
)
# A letter or a digit short, or one too many: only behind what says that it is one.
_NEARLY_RAMQ = re.compile(
    rf"(?<![^\W_])(?P<letters>[A-Z]{{3}}|[A-Z]{{5}}|[A-Za-z]{{4}}){_GAP}(?P<digits>\d{{4}}{_GAP}\d{{3,5}})(?![^\W_]|-\d)"
)
_RAMQ_CUES = frozenset({"health"})
_WORDS = words.block("health", "not_ramq")
_TEN = re.compile(
    r"(?:(?<![\w-])|(?<=ohip)|(?<=phn))"
    r"(?:(\d{4})(?:[ .-]{1,2}\d{3}[ .-]{1,2}\d{3}|[ .-]{1,2}\d{4}[ .-]{1,2}\d\d)|\d{10})(?![\d]|-\d)"
    r"(?:,?[ -]{0,3}\(?(?:version(?: code)?:? |ver\.? |vc:? |v\.? ?)?(?P<version>[a-z]{1,2})(?![\w'])\)?)?"
)
# Grouped as Ontario does, and nothing but a health number looks so: told from farther, or by “numéro de carte”.
_ONTARIAN = re.compile(r"\d{4}[ .-]{1,2}\d{3}[ .-]{1,2}\d{3}")
_ALONE = re.compile(r"(?!(?:19|20)\d\d )[1-9]\d{3}([ -])\d{3}\1\d{3}")  # told by nothing, and by nothing else
_THING = re.compile(r"\b(?:modeles?|models?|seri(?:e|al)|batteri?e?y?s?|paliers?|levels?|points)\b")
_FAR = 110
_A_CARD = re.compile(
    r"\b(?:(?:num(?:ero)?|no|number|#) (?:de |of )?(?:(?:ma |sa |la |my |the |his |her |new |nouvelle )+)?(?:carte|card)"
    r"|(?:num(?:ero)?|no|number|#) (?:on|sur|of|from|dessus) (?:my|the|his|her|ma|la|sa|mon) (?:\w+ ){0,4}(?:card|carte)"
    r"|card (?:number|no|num|#)|new (?:number|card|one)|(?:nouveau|nouvelle) (?:numero|carte|num))\b[^\d.!?\0]{0,40}$"
)
_A_CARD_BEHIND = re.compile(
    r"[^\d!?\0]{0,40}\b(?:num(?:ero)?|no|number|#) (?:on|sur|de|of|from|dessus) (?:my|the|his|her|ma|la|sa|mon)"
    r"[^\d.!?\0]{0,25}\b(?:card|carte)\b"
    r"|[^\d!?\0]{0,25}\b(?:green|red)(?: (?:and|n|&) white)? (?:health )?card\b"
)
_DATED = re.compile(r"(?:[0-3]\d([-/.])[01]\d\1(?:19|20)\d\d|(?:19|20)\d\d([-/.])[01]\d\2[0-3]\d)")
_A_CODE = re.compile(r"\b(?:codes?|promo|coupon|rabais|lots?|batch|serial|serie|modele?|ref)[ :]*$")
_A_DAY = re.compile(r"(?:19|20)\d\d\D?[01]\d\D?[0-3]\d")  # “health card …, born 2012-06-30”
_PROVINCES = {"bc", "on", "qc"}  # “9430 944 453 BC”
_NOT_VERSIONS = words.block("health", "not_versions")
_PLACES = frozenset({"ontario", "columbia"})
_HEALTH = _PLACES | {"health"}


# “My care card is 9 8 7 6 5 4 3 2 1 7”, “OHIP 5584 486674”: right behind what tells, however they are grouped.
_ANYHOW = re.compile(
    r"(?:[\s:,#=(]|\b(?:c'est|c est|cest|est|is|it's|le|la|the|no|num(?:ero)?|number|card|right|hein|voici|here)\b|\?(?= )){0,9}"
    r"(?P<digits>\d(?:[ .-]{0,3}\d){9})(?:,?[ -]{0,3}\(?(?:version |v\.?c?\.? )?"
    r"(?P<version>[a-z]{2})(?![\w'])\)?)?(?!\w|[ .,-]{1,3}\d)"
)
_AS_TELEPHONES = re.compile(r"\d{3}[ .-]{1,3}\d{3}[ .-]{0,3}\d\d.?\d\d")


def quebec(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    if not sheet.has_digits:
        return
    for found in _RAMQ.finditer(sheet.original):
        if "\0" in sheet.open[found.start() : found.end()]:
            continue
        cue = words.nearest(cues, sheet.folded, *found.span(), _RAMQ_CUES)
        confidence = _how_sure(found[1], found[2], bool(cue))
        dated = cue is None and found[1].islower() and _DATED.fullmatch(found[2])  # “fete 14-06-1973”
        if confidence and not dated and not _A_CODE.search(sheet.before(found.start(), 20)):
            yield identifier("ramq", found.span(), 1, confidence, cue[1:] if cue else None)
    if any(cue.kind == "health" for cue in cues):
        yield from _nearly(sheet, cues)


def _nearly(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    for found in _NEARLY_RAMQ.finditer(sheet.original):
        letters, digits = found["letters"], re.sub(r"\D", "", found["digits"])
        cue = words.nearest(cues, sheet.folded, *found.span())
        if BLANK in sheet.open[slice(*found.span())]:
            continue
        if cue and cue.kind == "health" and len(letters + digits) in {11, 13} and letters.lower() not in _WORDS:
            named = letters.isupper() and checks.ramq_date_possible(digits[:2], digits[2:4], "01")
            if named or (len(digits) == 7 and checks.ramq_date_possible(digits[:2], digits[2:4], digits[4:6])):
                yield identifier("ramq", found.span(), 1, Confidence.LOW, cue[1:])


def _how_sure(letters: str, digits: str, cued: bool) -> Confidence | None:
    name, written = re.sub(r"[^A-Za-z]", "", letters), re.sub(r"[^0-9OoIl]", "", digits)
    number = written.translate(str.maketrans("OoIl", "0011"))
    likely = cued or (written.isdigit() and len(letters) == 4) or (name.isupper() and sum(map(str.isdigit, written)) >= 6)
    if not likely or (name.lower() in _WORDS and (not cued or _A_DAY.fullmatch(digits))):
        return None
    if not checks.ramq_date_possible(number[:2], number[2:4], number[4:6]):
        return Confidence.LOW if cued else None
    return Confidence.HIGH if checks.ramq_digit_right(name + number) else Confidence.MEDIUM


def elsewhere(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    """Ten digits as Ontario (4-3-3, a version of one or two letters) or British Columbia (begins with 9) write them."""
    for found in _TEN.finditer(sheet.open) if sheet.has_digits else ():
        grouped, version = bool(found[1]), found["version"]
        end = found.end()
        if version in _PROVINCES:
            version, end = None, found.start("version")
        cue = words.nearest(cues, sheet.folded, found.start(), end)
        used = cue is not None and _is_a_phone(sheet, found, cue)
        told = (cue is not None and cue.kind in _HEALTH and not used) or _is_told_from_far(sheet, cues, cue, found)
        alone = not told and cue is None and bool(_ALONE.match(found[0])) and not _is_of_a_thing(sheet, found.start(), end)
        where = words.nearest(cues, sheet.folded, found.start(), end, _PLACES) or _columbian_before(sheet, cues, cue, found)
        if version and not _is_version(sheet, *found.span("version"), told=told):
            version, end = None, re.compile(r"[\d .-]*\d").match(sheet.open, found.start()).end()  # type: ignore[union-attr]
        digits = re.sub(r"\D", "", sheet.open[found.start() : found.end()])
        told = told or (where is not None and where.kind == "columbia" and checks.british_columbia(digits))
        said = "health" if told else _looks(digits) if alone else ""
        kind = _whose(digits, where.kind if where else said, bool(version), grouped)
        if kind:
            right = checks.luhn(digits) if kind == "ohip" else checks.british_columbia(digits)
            span = (found.start(), found.start() + len(sheet.open[found.start() : end].rstrip(" ,-")))
            sure = Confidence.HIGH if right else Confidence.MEDIUM
            yield identifier(kind, span, 3 if kind == "ohip" else 4, sure, cue[1:] if cue and told else None)


def _looks(digits: str) -> str:
    """All of British Columbia's begin with a nine."""
    return "columbia" if digits[0] == "9" else "health"


def _is_a_phone(sheet: Sheet, found: re.Match[str], cue: words.Found) -> bool:
    """“NAM …, 5145550142”, “5145550142, NAM …”: what would tell has a number of its own."""
    digits = found[0][:10]
    if not digits.isdigit() or not phones.is_assigned(digits):
        return False
    before = cue.end <= found.start()
    return BLANK in (sheet.open[cue.end : found.start()] if before else sheet.open[cue.end : cue.end + 12])


def _columbian_before(
    sheet: Sheet, cues: list[words.Found], near: words.Found | None, found: re.Match[str]
) -> words.Found | None:
    """“My care card is …, lost the plastic one. My kid's is 9123456789”: whose check digit is right."""
    if near is not None or not checks.british_columbia(re.sub(r"\D", "", found[0])[:10]):
        return None
    before = [cue for cue in cues if cue.kind == "columbia" and 0 <= found.start() - cue.end <= _FAR]
    return before[-1] if before else None


def grouped_anyhow(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    """Ten digits right behind what says that they are a health number, which a telephone's may look like."""
    for at, cue in enumerate(cues):
        if cue.kind not in _HEALTH:
            continue
        found = _ANYHOW.match(sheet.open, cue.end)
        if not found:
            continue
        digits = re.sub(r"\D", "", found["digits"])
        right = checks.british_columbia(digits)
        if not right and (digits.startswith("0") or _AS_TELEPHONES.fullmatch(found["digits"])):
            continue
        end = found.end("version") if found["version"] and found["version"] not in _NOT_VERSIONS else found.end("digits")
        columbia = cue.kind == "columbia" or (at and cues[at - 1].kind == "columbia" and cue.start - cues[at - 1].end <= 1)
        kind, rule = ("bc_phn", 4) if columbia or (right and cue.kind == "health") else ("ohip", 3)
        yield identifier(kind, (found.start("digits"), end), rule, Confidence.MEDIUM, cue[1:])
        if another := _another(sheet, found["digits"], end):
            yield identifier(kind, another, rule, Confidence.MEDIUM, cue[1:])


def _is_of_a_thing(sheet: Sheet, start: int, end: int) -> bool:
    around = sheet.before(start, 40) + BLANK + sheet.after(end, 50)
    return bool(words.unit().match(sheet.folded, end)) or bool(_THING.search(around))


def _another(sheet: Sheet, written: str, end: int) -> tuple[int, int] | None:
    """“my PHN 9-433-120-877 and my hubby's 9-433-120-914”: written alike."""
    if _AS_TELEPHONES.fullmatch(written):
        return None
    alike = re.sub(r"\d", r"\\d", re.escape(written))
    found = re.compile(rf"[^\d\0!?]{{1,40}}(?<![\w-])({alike})(?![\w-])").match(sheet.open, end) if "-" in written else None
    return found.span(1) if found else None


def _is_version(sheet: Sheet, start: int, end: int, *, told: bool) -> bool:
    version, written = sheet.folded[start:end], sheet.original[start:end]
    if version in _NOT_VERSIONS:  # “9538 325 896 AM” has one, “1234 567 897 am I covered” has none
        return len(version) == 2 and written.isupper() and not sheet.original.isupper() and version != "ok"
    return told or written.isupper()


def _is_told_from_far(sheet: Sheet, cues: list[words.Found], near: words.Found | None, found: re.Match[str]) -> bool:
    if not _ONTARIAN.match(found[0]) or (near is not None and near.kind != "record"):
        return False
    start = found.start()
    far = any(cue.kind in _HEALTH and 0 <= start - cue.end <= _FAR for cue in cues)
    on_a_card = _A_CARD.search(sheet.before(start, 80)) or _A_CARD_BEHIND.match(sheet.after(found.end(), 90))
    return far or (near is None and bool(on_a_card))


def _whose(digits: str, told: str, version: bool, grouped: bool) -> str:
    columbia = checks.british_columbia(digits)
    if digits[0] == "0" or not (told or version or (grouped and columbia)):
        return ""
    if told == "columbia" or (columbia and told != "ontario" and not version):
        return "bc_phn"
    return "ohip" if told or checks.luhn(digits) or grouped else ""
