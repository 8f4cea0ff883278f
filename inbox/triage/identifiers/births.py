"""Dates of birth (PHI-7). A date is nobody's until something says that it is a birth."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import persons, words
from inbox.triage.identifiers.sheet import Sheet, identifier

_MONTH = (
    r"(?:janv?(?:ier)?|january|jan|fevr?(?:ier)?|feb(?:ruary|uary)?|mars|march|mar|avr(?:il)?|apr(?:il)?|mai|may|juin|june|jun"
    r"|juil(?:let|l)?|july|jul|aout|august|aug|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|dec(?:embre|ember)?"
    # Spanish, Portuguese and Italian
    r"|enero|janeiro|gennaio|febrero|fevereiro|febbraio|marzo|marco|abril|aprile|mayo|maio|maggio|junio|junho|giugno|julio|julho"
    r"|luglio|agosto|se[pt]t?iembre|setembro|settembre|octubre|outubro|ottobre|noviembre|novembro|diciembre|dezembro|dicembre)\.?"
)
_YEAR = r"(?:(?:19|20)\d\d|'\d\d|\d\d(?!\d))"
_FULL_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[0-3]?\d)(?: ?(?:er|e|ieme|st|nd|rd|th))?"
_SEP = r" ?[-/. ,] ?"
_SMALL = (
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:[ -](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)"
)
_SAID_YEAR = (
    r"(?:(?:mille? neuf cent|dix[- ]neuf cent|deux mille|nineteen|twenty|two thousand(?: and)?)(?:[ -](?:et[ -])?[a-z]+){0,4}"
    rf"|(?:vingt|trente|quarante|cinquante|soixante|quatre[- ]vingts?)(?:[ -](?:et[ -])?{_SMALL})?)"
)
# One of these stands in every year that is said.
_IN_SAID_YEARS = ("cent", "mill", "vingt", "trente", "quarante", "cinquante", "soixante", "nineteen", "twenty", "thousand")
_SAID_DAY = (
    rf"(?:premier|{_SMALL}|vingt(?:[- ](?:et[- ]un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:[- ]et[- ]un)?"
    r"|(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|one|two|three|four|five|seven|eight|nine|ten)"
)
_DATE = re.compile(
    rf"(?<![\w\0$-])(?<!\d[.,/])(?:"
    rf"{_FULL_YEAR}{_SEP}[0-3]?\d{_SEP}[0-3]?\d"  # 1951-05-03
    rf"|{_FULL_YEAR}{_SEP}{_MONTH}{_SEP}{_DAY}|{_FULL_YEAR} ?{_MONTH} ?{_DAY}"  # 1951 mai 3
    rf"|[0-3]?\d{_SEP}[0-3]?\d{_SEP}{_YEAR}|[3-9]\d{_SEP}[01]?\d{_SEP}[0-3]?\d"  # 12-04-88, 51-05-03
    rf"|{_DAY}(?:{_SEP}| ?(?:de |of |du mois de )?){_MONTH}(?:{_SEP}| ?(?:de |of |en |in )?){_YEAR}"  # 3 mai 1951, 3rd of May 51
    rf"|{_MONTH} ?(?:the |le )?{_DAY}(?:{_SEP}| (?:of |in )?){_YEAR}"  # May 3rd, 1951
    rf"|(?:{_SAID_DAY}|{_DAY}) (?:de |of )?{_MONTH} (?:{_SAID_YEAR}|{_YEAR})"  # trois mai cinquante et un
    rf"|{_MONTH} (?:the )?(?:{_SAID_DAY}|{_DAY}),? (?:{_SAID_YEAR}|{_YEAR})"  # may third nineteen fifty one
    rf"|(?P<plain>(?:19|20)\d\d[01]\d[0-3]\d|[0-3]\d[01]\d(?:19|20)\d\d)"  # 19510503, 03051951
    rf"|\d\d ?[a-z]{{3}} ?(?:19|20)\d\d"
    rf")(?![\w]|[-/]\d|[.,]\d)"
)
_CUE = re.compile(rf"(?<![a-z]){words.any_of('births', 'cues')}(?![a-z])")
# “ne” is a negation nearly everywhere else.
_BORN = re.compile(
    r"(?<![a-z])nee?s?[ :,]*(?:est |etait |c'est )?(?:(?:le|un|en|au|a|depuis le|du) ?)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) ?)?$"
)
_NOT_BIRTH = re.compile(rf"\b{words.any_of('births', 'not_births')}\b")
_SENTENCE_ENDS = re.compile(r"[!?\n]|(?<!\bb)(?<!\bn)\. ")
_SHARED = re.compile(rf"^(?:[ ,;:/&()-]|{words.any_of('births', 'kin')}|{words.any_of('names', 'relatives')})*$")
BEFORE, AFTER = 60, 34


def find(sheet: Sheet, names: list[Finding]) -> Iterator[Finding]:
    """Every date is taken from the sheet: it is no other number either."""
    last = None
    for found in _dates(sheet):
        start, end = found.span()
        cue = _birth(sheet, start, end)
        if cue or _is_beside_a_name(sheet, start, end, names) or (last and _SHARED.match(sheet.folded[last:start])):
            last = end
            yield identifier("dob", (start, end), 7, Confidence.HIGH if cue else Confidence.MEDIUM, cue)
        else:
            last = None
            if not found["plain"]:  # eight digits may be anything
                sheet.take(start, end)


def _dates(sheet: Sheet) -> list[re.Match[str]]:
    told = sheet.has_digits or any(word in sheet.folded for word in _IN_SAID_YEARS)
    return [found for found in _DATE.finditer(sheet.open) if _is_day(found[0])] if told else []


def _is_day(written: str) -> bool:
    """“20 12 45” may be; “33-55-99” is not."""
    numbers = [int(digits) for digits in re.findall(r"\d+", written)]
    if not re.search("[a-z]{3}", written) and len(numbers) == 3:
        day_or_month = [number for number in numbers if number < 1900]
        return sum(1 <= number <= 12 for number in day_or_month) >= 1 and sum(1 <= number <= 31 for number in day_or_month) >= 2
    return not re.search(r"\d\d ?[a-z]{3} ?\d{4}", written) or bool(re.search(_MONTH, written))


def _birth(sheet: Sheet, start: int, end: int) -> tuple[int, int] | None:
    """The cue of a birth before the date with no other date between; else the first thing behind it."""
    begin = max(0, start - BEFORE)
    before = sheet.folded[begin:start]
    born = _BORN.search(before)
    cues = [*_CUE.finditer(before)] or ([born] if born else [])
    if cues:
        between = before[cues[-1].end() :]
        if not _DATE.search(between) and not _NOT_BIRTH.search(between) and not _SENTENCE_ENDS.search(between):
            return begin + cues[-1].start(), begin + cues[-1].end()
    after = _CUE.search(sheet.folded[end : end + AFTER])
    if after and not re.search(r"[\d!?]|\.(?= )|, ", sheet.folded[end : end + after.start()]):
        return end + after.start(), end + after.end()
    return None


def _is_beside_a_name(sheet: Sheet, start: int, end: int, names: list[Finding]) -> bool:
    """“Ghislaine Fictive 1948-11-02”: nothing between but a comma, and the year of a birth."""
    if not re.search(_FULL_YEAR, sheet.folded[start:end]):
        return False
    between = (sheet.folded[name.end : start] for name in names if name.end <= start)
    return any(re.fullmatch(r"[ ,;:()/-]{0,4}", text) for text in between) or persons.right_before(sheet, start) is not None
