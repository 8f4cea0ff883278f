"""Bare numbers, explained by the nearest word alone: prescriptions (PHI-8), files (PHI-12), social insurance (PHI-2)."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import checks, phones
from inbox.triage.identifiers.sheet import Sheet, identifier
from inbox.triage.lexicons import words as listed

# Digits with hyphens, or grouped as people group them.
_NUMBER = re.compile(
    r"(?=\d)(?:(?<![\w\0.,$-])|(?<=\d{6},)|(?<=[^\w][:#.])|(?<=[a-z][:#.])|(?<=[a-z])|(?<=[a-z]-))(?:"
    r"(?P<nine>\d{3}(?P<gap>[ .-]{1,2})\d{3}(?P=gap)\d{3})"
    r"|(?P<spaced>\d{4} \d{3} \d{3}|\d{1,2} \d{3} \d{3}(?! \d{3}(?!\d))|\d{3} \d{4}|\d{4} \d{3}|\d{2} \d{2} \d{3}"
    r"|\d{2} \d{5}|\d{3} \d{3})"
    r"|(?P<plain>(?:(?:19|20)\d\d/|\d\d/(?=\d{4}(?!\d))(?!19|20))?\d+(?:-\d+)*)(?P<letters>-?[a-z]{1,2}(?:-?\d{1,2})?(?!\w))?)(?=x\d\d?(?!\w)|(?![\w]|-\d|[.,]\d(?!\d{5})|:\d))"
)
_BUSINESS = re.compile(r" ?r[tcp] ?\d{4}\b")  # 193456787 RT0001 is a company
_RENEWAL = re.compile(r"(?:\d{6,8}|\d{2,4}-\d{4,5})-\d{1,3}|\d{1,3}-\d{6,8}")
_GLUED = re.compile(
    r"(?:^|[^a-z])(?:[a-z]|rx|nas|sin|nam|tel|cell|no|ordo|dos|file|chart|mrn|num|numero|number|dossier|ordonnance|prescription|[a-z]{1,3}[-#:])$"
)
_AND = re.compile(r"[ ,/&+;]*(?:et|and|pis|puis|ou|or|le|la|the|aussi|also|le no|#)?[ #]*(?:le |la |the )?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-(?:19|20)\d\d)?")
_OTHERS = frozenset({"product", "policy", "insured", "record", "phone"})
_GROUPED_ANYHOW = re.compile(r"[^\d\0]{0,25}?(\d(?:[\s./-]{0,3}\d){8})(?![\d]|[ .-]?\d)")
_FAR = re.compile(r"[^\d\0]{0,80}?(\d{3}([ .-])\d{3}\2\d{3})(?![\d]|[ .-]?\d)")
_IN_THREES = re.compile(r"[^\d.!?\n]{0,40}[1-79]\d\d-\d{3}-\d{3}")
# “rx 66203 50”, “le numéro de ma prescription, c'est 6 4 4 1 2 0 9”: right behind the word that tells, however they are grouped.
_SPREAD = re.compile(
    r"(?:[\s:.,#=(-]|\b(?:c'est|c est|cest|est|is|it's|le|la|the|no|num(?:ero)?|number|moi|me|nous|us|au|at|sur|on)\b){0,9}"
    r"(?P<digits>\d{1,5}(?:[\s.-]{1,3}\d{1,5}){1,9})(?![\w\0]|[-.,/:]\d)"
)
# “cell de ma fille 514 55 50 142”
_SPREAD_NEAR = re.compile(r"[^\d\0.!?\n]{0,25}?(?P<digits>[2-9]\d{0,4}(?:[ .-]{1,3}\d{1,5}){2,9})(?![\w\0]|[-.,/:]\d)")
_A_SERIES = re.compile(r"\d{5}[A-Z]$")  # “dossier 220914H”
_A_NUMBER_BEHIND = re.compile(r"[^\d\0.!?\n]{0,15}[\d\0]")
_EACH_ALONE = re.compile(r"\d(?:[ .-]{1,3}\d)+")
_SERIES = re.compile(r"(?<!\w)(?!(?:RX|NO|NUM|NAS|SIN)(?!\w-))[A-Z]{1,3}-?$")
_APART = re.compile(
    r"(?<!\w)(?!(?:RX|NO|ID|ET|DE|DU|LE|LA|MR|DR|OU|OR|IS|MRN|NUM|DOS|NAM|NAS|SIN|EST|THE|PIS) )[A-Z]{1,3} $"
)  # “dossier CH 20442”
_SPELLED = re.compile(r"(?<![^\W_])[a-z](?:[ .,-]{0,2}[a-z]){3}[ .,:-]{0,3}$")
_MEDICINE = re.compile(r" ?\(?(?:din|npn)(?![a-z])")  # “02241234 DIN”
_DIN = re.compile(r"(?<![a-z])din(?![a-z])")
_DAY = re.compile(r"20[0-3]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_SENTENCE = re.compile(r"[!?\n]|\. ")
_WITH_LETTERS = frozenset({"rx", "record"})
_THE_NUMBER = re.compile(
    r"(?<![a-z])(?:(?:le|mon|son|the|my|its|with) (?:num(?:ero)?|no|number|#)(?: (?:c'est|cest|c est|est|is|it's|etait))?"
    r"|(?:le|la|les) voici|here (?:it|they) (?:is|are)|it's|c'est (?:le|la))[ :=#(]*$"
)
_OF_PERSONS = _WITH_LETTERS | {"phone"}
# “carte soleil …, 6452187 c'est la prescription”: what a number is said to be tells more than the word before it.
_SAID_TO_BE = re.compile(
    r"(?:,? voila)?,? ?\(?"
    r"(?:(?:c'est|c est|cest|c(?= l[ea] )|ca c'est|etait|est|is|was|that's|being|=)(?: aussi| also)?"
    r"|(?=(?:le|la|mon|ma|my|the) ))(?: ce qui est (?:ecrit|marque) sur| what's on)?"
    r"(?: (?:le|la|les|l'|mon|ma|mes|my|the|sa|son|his|her|notre|our|celui d[e']|pour))?"
    r"(?: ?(?:no|num(?:ero)?|number|#)(?: d[eu']| of)?(?: (?:la|ma|my|the|sa|mon|son))?)? ?"
)
# “#6452187 pour mon Synthroid”, “le numéro pour la thyroïde c'est 6452187”.
_A_NUMBER = re.compile(r"(?:#|(?<![a-z])(?:no|n°|num(?:ero)?s?|numbers?)\b)")
_TREATS = re.compile(rf"(?<![a-z]){words.any_of('numbers', 'medicines')}(?![a-z])")
RX = range(6, 9)


def find(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    kind, last = "", 0
    for found in _NUMBER.finditer(sheet.open) if sheet.has_digits else ():
        start, end = found.span()
        if not _may_be_somebodys(sheet, found):
            continue
        end = found.end("plain") if found["plain"] else end
        cue = words.nearest(cues, sheet.folded, start, end)
        if kind and last and _AND.fullmatch(sheet.folded[last:start]):
            cue = None  # “ordonnances 6452187 et 6452188”: one word for both
        else:
            cue = _said_to_be(sheet, cues, end) or _told_before(sheet, cues, cue, start)
            kind = cue.kind if cue else ""
            kind = "rx" if kind in ("", "phone") and _is_a_medicines(sheet, start, end) else kind
        last = end
        glued = found["letters"] or not _stands_alone(sheet, start)
        if kind != "phone" and _is_a_phone_of_nothing(sheet, found, cue):
            kind, cue = "phone", None
        told = _read(sheet, found, kind) if not glued or kind in _WITH_LETTERS else None
        if told:
            start -= told[0] == "phone" and sheet.before(start, 1) == "+"
            if kind in _WITH_LETTERS:
                start, end = start - len(_letters_before(sheet, start, kind)), found.end()
            yield identifier(told[0], (start, end), told[1], told[2], cue[1:] if cue else None)


def _is_a_phone_of_nothing(sheet: Sheet, found: re.Match[str], cue: words.Found | None) -> bool:
    """“NAM …, 5145550142”, “5145550142, dossier 20441”: what would tell has a number of its own."""
    if not found["plain"] or not re.fullmatch(r"\d{10}", found[0]) or not phones.is_assigned(found[0]):
        return False
    if cue is None or cue.end <= found.start():
        return cue is None or bool(re.search(r"[\d\0]", sheet.open[cue.end : found.start()]))
    return bool(_A_NUMBER_BEHIND.match(sheet.open, cue.end))


def _told_before(sheet: Sheet, cues: list[words.Found], near: words.Found | None, start: int) -> words.Found | None:
    """“J'ai besoin de ma prescription pour lundi, si possible. Le numéro c'est 6452187.”: what was spoken of last."""
    number = _THE_NUMBER.search(sheet.before(start, 40)) if near is None or near.kind == "phone" else None
    if not number:
        return near
    told = [cue for cue in cues if start - words.FAR <= cue.end <= start - len(number[0]) and cue != near]
    return told[-1] if told and (near is None or told[-1].kind in _WITH_LETTERS) else near


def _said_to_be(sheet: Sheet, cues: list[words.Found], end: int) -> words.Found | None:
    behind = next((cue for cue in cues if cue.start >= end), None)
    if behind is None or behind.start - end > words.NEAR or behind.kind not in _OF_PERSONS:
        return None
    return behind if _SAID_TO_BE.fullmatch(sheet.folded[end : behind.start]) else None


def _is_a_medicines(sheet: Sheet, start: int, end: int) -> bool:
    """A number of which nothing else is told than which medicine it is for."""
    before, behind = sheet.before(start, 50), sheet.after(end, 40)
    label = [*_A_NUMBER.finditer(before)]
    if not label or _SENTENCE.search(before, label[-1].end()):
        return False
    between = before[label[-1].end() :]
    told = _TREATS.search(_SENTENCE.split(before)[-1]) or _TREATS.search(_SENTENCE.split(behind)[0])
    named = listed("rx_names", "names").intersection(re.findall(r"[a-z]{4,}", f"{between} {behind}"))
    return bool(told or named)


def _letters_before(sheet: Sheet, start: int, kind: str) -> str:
    """“File C-44917”: the letters are part of the number."""
    before = sheet.original[max(0, start - 5) : start]
    found = _SERIES.search(before) or (kind == "record" and not sheet.original.isupper() and _APART.search(before))
    return found[0] if found else ""


def _may_be_somebodys(sheet: Sheet, found: re.Match[str]) -> bool:
    start, end = found.span()
    begin = found.end("plain") if found["plain"] else end
    measures = (not _A_SERIES.search(sheet.original, start, end) and words.unit().match(sheet.folded, begin)) or _BUSINESS.match(
        sheet.folded, end
    )
    alone = _stands_alone(sheet, start) or bool(_SERIES.search(sheet.original[max(0, start - 5) : start]))
    return sum(map(str.isdigit, found[0])) >= 3 and alone and not measures


def social_insurance(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    """Right behind their name, nine digits are told however they are grouped."""
    for cue in (cue for cue in cues if cue.kind == "sin"):
        found = _GROUPED_ANYHOW.match(sheet.open, cue.end)
        if found:
            sure = Confidence.HIGH if checks.luhn(re.sub(r"\D", "", found[1])) else Confidence.MEDIUM
            yield identifier("sin", found.span(1), 2, sure, cue[1:])
        elif (far := _FAR.match(sheet.open, cue.end)) and (_IN_THREES.fullmatch(far[0]) or _is_sin(re.sub(r"\D", "", far[1]))):
            yield identifier("sin", far.span(1), 2, Confidence.MEDIUM, cue[1:])


def spread(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    """Digits one by one, or in groups that nobody else makes, right behind what says whose they are."""
    for cue in cues if sheet.has_digits else ():
        found = _SPREAD.match(sheet.open, cue.end) if cue.kind in _OF_PERSONS else None
        if not found and cue.kind == "phone":
            found = _SPREAD_NEAR.match(sheet.open, cue.end)
        plain = found and cue.kind != "phone" and _NUMBER.fullmatch(found["digits"])
        if not found or plain or words.unit().match(sheet.folded, found.end()):
            continue
        digits = re.sub(r"\D", "", found["digits"])
        apart = _EACH_ALONE.fullmatch(found["digits"])
        if "\n" in found[0] and cue.kind != "phone":
            continue
        if not apart and not re.search(r"\d{3}", found["digits"]):
            continue
        if cue.kind == "rx" and len(digits) in RX:
            yield identifier("rx_number", found.span("digits"), 8, Confidence.MEDIUM, cue[1:])
        elif cue.kind == "record" and 5 <= len(digits) <= 10:
            yield identifier("record_number", found.span("digits"), 12, Confidence.MEDIUM, cue[1:])
        elif cue.kind == "phone" and phones.is_assigned(digits) and not phones.is_nobodys(sheet, *found.span("digits")):
            yield identifier("phone", found.span("digits"), 5, Confidence.MEDIUM, cue[1:])


def said(sheet: Sheet, cues: list[words.Found], runs: list[tuple[int, int, str]]) -> Iterator[Finding]:
    """Numbers in words, right behind what says whose they are."""
    for start, end, digits in runs:
        before = [cue for cue in cues if cue.end <= start <= cue.end + words.BEHIND]
        told = before and not words.unit().match(sheet.folded, end) and not _SENTENCE.search(sheet.folded, before[-1].end, start)
        length, begin = len(digits), start
        match before[-1].kind if told else "":
            case "rx" if length in RX:
                kind, rule = "rx_number", 8
            case "record" if length >= 4:
                kind, rule = "record_number", 12
            case "sin" if length == 9:
                kind, rule = "sin", 2
            case "columbia" if length == 10:
                kind, rule = "bc_phn", 4
            case "health" if length == 10 and (checks.british_columbia(digits) or _columbia_told(before)):
                kind, rule = "bc_phn", 4
            case "health" | "ontario" if length == 10:
                kind, rule = "ohip", 3
            case "health" if length == 8 and (letters := _SPELLED.search(sheet.folded, before[-1].end, start)):
                kind, rule, begin = "ramq", 1, letters.start()
            case _:
                continue
        yield identifier(kind, (begin, end), rule, Confidence.MEDIUM, before[-1][1:])


def _columbia_told(before: list[words.Found]) -> bool:
    """“my BC health number”."""
    return len(before) > 1 and before[-2].kind == "columbia" and before[-1].start - before[-2].end <= 1


def _read(sheet: Sheet, found: re.Match[str], kind: str) -> tuple[str, int, Confidence] | None:
    written = found["plain"] or found[0]
    digits = re.sub(r"\D", "", written)
    if (
        kind == "rx"
        and _is_prescription(written, digits)
        and not (_is_called(sheet, found) or _is_a_din(sheet, found, digits) or _MEDICINE.match(sheet.folded, found.end()))
    ):
        return "rx_number", 8, Confidence.HIGH
    if kind == "record" and len(digits) >= 4 and not _YEAR.fullmatch(written):
        return "record_number", 12, Confidence.HIGH
    if len(digits) == 9 and (kind == "sin" or (kind not in _OTHERS and _is_sin(digits))):
        return "sin", 2, Confidence.HIGH if checks.luhn(digits) else Confidence.MEDIUM
    if len(digits) in {10, 11} and found["plain"] and kind not in {"product", "policy", "insured"} and phones.is_assigned(digits):
        sure = Confidence.HIGH if kind == "phone" else Confidence.MEDIUM
        return None if phones.is_nobodys(sheet, *found.span()) else ("phone", 5, sure)
    return None


def _is_prescription(written: str, digits: str) -> bool:
    return (len(digits) in RX or bool(_RENEWAL.fullmatch(written))) and not _DAY.fullmatch(digits)


def _is_sin(digits: str) -> bool:
    return digits[0] not in "08" and checks.luhn(digits)


def _is_called(sheet: Sheet, found: re.Match[str]) -> bool:
    """“Pour mon ordonnance, appelez le 555-0142”."""
    return any(span.start == found.start() for span in phones.local(sheet))


def _is_a_din(sheet: Sheet, found: re.Match[str], digits: str) -> bool:
    """“Le DIN sur le flacon c'est 00636533 pis sur le papier 00441651”."""
    return len(digits) == 8 and digits[0] == "0" and bool(_DIN.search(sheet.before(found.start(), 70)))


def _stands_alone(sheet: Sheet, start: int) -> bool:
    """Letters glued to a number are part of it, unless they say what it is: “rx6452187”."""
    before = sheet.before(start, 14)
    return not before or not before[-1].isalpha() or bool(_GLUED.search(before))
