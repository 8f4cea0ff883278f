"""Dates of birth (PHI-7). A date is nobody's until something says that it is a birth."""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.people import persons
from inbox.triage.identifiers.sheet import Sheet, identifier

_MONTH = (
    r"(?:janv?(?:ier)?|january|jan|fevr?(?:ier)?|feb(?:ruary|uary)?|mars|march|mar|avr(?:il)?|apr(?:il)?|mai|may|juin|june|jun"
    r"|juil(?:let|l)?|july|jul|aout|aou(?![a-z])|august|aug|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|dec(?:embre|ember)?"
    # Spanish, Portuguese and Italian
    r"|enero|janeiro|gennaio|febrero|fevereiro|febbraio|marzo|marco|abril|aprile|mayo|maio|maggio|junio|junho|giugno|julio|julho"
    r"|luglio|agosto|se[pt]t?iembre|setembro|settembre|octubre|outubro|ottobre|noviembre|novembro|diciembre|dezembro|dicembre)\.?"
)
_YEAR = r"(?:(?:19|20)\d\d|'\d\d|\d\d(?!\d))"
_FULL_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[0-3]?\d)(?: ?(?:er|e|ieme|st|nd|rd|th))?"
_SEP = r" ?[-/. ,_|\\\n] ?"
_SMALL = (
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:[ -](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)"
)
_SAID_YEAR = (
    r"(?:(?:mil(?:le)? neuf cent|dix[- ]neuf cent|deux mille|nineteen|twenty|two thousand(?: and)?)(?:[ -](?:et[ -])?[a-z]+){0,4}"
    rf"|(?:vingt|trente|quarante|cinquante|soixante|quatre[- ]vingts?)(?:[ -](?:et[ -])?{_SMALL})?"
    r"|(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
# One of these stands in every year that is said.
_IN_SAID_YEARS = (
    *("cent", "mill", "vingt", "trente", "quarante", "cinquante", "soixante", "nineteen", "twenty", "thousand"),
    *("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)
_SAID_DAY = (
    rf"(?:premier|{_SMALL}|vingt(?:[- ](?:et[- ]un|deux|trois|quatre|cinq|six|sept|huit|neuf))?|trente(?:[- ]et[- ]un)?"
    r"|(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|one|two|three|four|five|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twenty|thirty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_DATE = re.compile(
    rf"(?<![\w\0$-])(?=\w)(?<!\d[.,/])(?:"
    rf"{_FULL_YEAR}{_SEP}[0-3]?\d{_SEP}[0-3]?\d"  # 1951-05-03
    rf"|{_FULL_YEAR}{_SEP}{_MONTH}{_SEP}{_DAY}|{_FULL_YEAR} ?{_MONTH} ?{_DAY}"  # 1951 mai 3
    rf"|{_FULL_YEAR},? (?:le |on |the )+(?:{_DAY} (?:de |of )?{_MONTH}|{_MONTH} {_DAY})(?! ?\d{{4}})"  # 1951, le 3 mai
    rf"|{_MONTH} (?:of |de )?{_FULL_YEAR},? (?:le |on |the )+{_DAY}(?! ?{_MONTH})"  # May of 1951, the 3rd
    rf"|{_DAY} of (?:the )?[01]?\d(?:st|nd|rd|th)?,? {_YEAR}"  # the 3rd of the 5th, 1951
    rf"|[0-3]?\d du [01]?\d(?: du| de| en)? {_YEAR}"  # 3 du 5 1951
    rf"|[0-3]?\d{_SEP}[0-3]?\d{_SEP}{_YEAR}|[3-9]\d{_SEP}[01]?\d{_SEP}[0-3]?\d"  # 12-04-88, 51-05-03
    rf"|{_DAY}(?:{_SEP}| ?(?:de |of |du mois de )?){_MONTH}(?:{_SEP}|,? ?\(?(?:de |of |en |in |de l'an )?){_YEAR}"
    # 3 mai 1951, 3rd of May
    rf"|{_MONTH}(?: ?|[/-])(?:the |le )?{_DAY}(?:{_SEP}| (?:of |in )?){_YEAR}"  # May 3rd, 1951
    rf"|(?:{_SAID_DAY}|{_DAY}) (?:(?:de |of )?{_MONTH}|du {_SMALL}),? (?:en |in )?(?:{_SAID_YEAR}|{_YEAR})"  # trois mai cinquante
    rf"|{_MONTH} (?:the )?(?:{_SAID_DAY}|{_DAY}),? (?:{_SAID_YEAR}|{_YEAR})"  # may third nineteen fifty one
    # mil neuf cent cinquante, le trois mai
    rf"|{_SAID_YEAR},? le (?:{_SAID_DAY}|{_DAY}) (?:de )?{_MONTH}(?! (?:en )?(?:\d|{_SAID_YEAR}))"
    rf"|(?P<plain>(?:19|20)\d\d[01]\d[0-3]\d|[0-3]\d[01]\d(?:19|20)\d\d)"  # 19510503, 03051951
    rf"|\d\d ?[a-z]{{3}} ?(?:19|20)\d\d"
    rf")(?![\w]|[-/]\d|[.,]\d)"
)
_PLAIN = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d|[0-3]\d[01]\d(?:19|20)\d\d")
_CUE = re.compile(rf"(?<![a-z]){words.any_of('births', 'cues')}(?![a-z])")
_RIGHT_BEFORE = re.compile(rf"(?<![a-z]){words.any_of('births', 'cues')}(?: (?:le|is|est|c'est|cest|on|the|:))*[ :]*$")
# “ne” is a negation nearly everywhere else.
_BORN = re.compile(
    rf"(?<![a-z])nee?s?[ :,]*(?:est |etait |c'est )?(?:{words.any_of('births', 'how')},? ?)?"
    rf"(?:(?:en|a|au|aux) [a-z0-9'-]{{2,16}}(?: [a-z'-]{{2,16}}){{0,3}}?,? )?"
    r"\n?(?:(?:le|un|en|au|a|depuis le|du) ?:? ?\n?|l'|\()?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) ?)?$"
)
# “…, ce sont leurs dates de naissance”.
_APART = re.compile(r"[\d!?]|\.(?= )|, (?!(?:c'est|c est|cest|ce sont|that's|it's|those are|these are|is|are)\b)")
# “On me demande ma date de naissance. 3-5-1951.”
_ASKED_FOR = re.compile(r"^[.?:] ?(?=(?:c'est |it's )?(?:le |the )?$)")
_BORN_IN = re.compile(rf"(?<![a-z])nee?s? en (?:19|20)?\d\d(?:,? (?:le |un )| ?\()(?P<day>{_DAY} (?:de )?{_MONTH})(?! ?\d)(?!\w)")
_NOT_BIRTH = re.compile(rf"\b{words.any_of('births', 'not_births')}\b")
# “Vous avez mis 1980-01-15 comme date de naissance, c'est 1980-11-15”: what is told of a birth is put right.
_PUT_RIGHT = re.compile(
    r"(?:c'est|c est|cest|c'etait|it's|its|it is|should be|devrait etre|plutot|non|not|pas|mais|but|rather|au lieu d[ue]"
    r"|instead of)"
    r"(?: (?:plutot|bien|le|du|actually|en fait|pas|not|supposed to be|really|the))*[ :,]*$"
)
_SENTENCE_ENDS = re.compile(r"[!?\n]|(?<!\bb)(?<!\bn)\. (?!:)")
_SHARED = re.compile(rf"^(?:[ ,;:/&()-]|{words.any_of('births', 'kin')}|{words.any_of('names', 'relatives')})*$")
# “mon mari (23-12-1950)”
_RELATIVE = re.compile(
    rf"(?<![a-z]){words.any_of('told_of', 'my')} (?:[\w'-]+ )?"
    rf"(?:{words.any_of('names', 'relatives')}|{words.any_of('told_of', 'more_relatives')})"
    r"(?:,? (?:a |is |qui a |who is |age de )?\d{1,2} ?(?:ans|mois|months?|years?)?(?: old)?)? ?[(:,] ?$"
)
_LONG_AGO = re.compile(r"(?<!\d)(?:19\d\d|200\d|201[0-5])")
# A whole date of long ago that stands alone: “14 Feb 1933. Violet Exemple”, “…, 24 décembre 1950, cherchez Noël”.
_OLD = re.compile(
    r"(?<!\d)(?:19[1-9]\d|200\d|201[0-2])(?!\d)|'[3-9]\d$|neuf cent|nineteen"
    r"|[a-z]{3} (?:trente|quarante|cinquante|soixante|quatre[- ]vingt|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_TELLING, FEW = re.compile(r"[a-z]{4,}"), 2  # words that tell something
_OF_SOMEBODY = re.compile(
    r"\b(?:nee?s?|born|birthday|birth|moi|elle|lui|nous deux|both of us|dates?|kids?|enfants?|fils|fille)\b"
)
_ALONE_BEFORE = re.compile(
    r"(?:^|[\n,;:(.!?-])(?: ?(?:voici|here|moi|me|lui|him|elle|her)[,:]?)? ?$"
    r"|(?:assurances?|insurance|systeme|system|dossier|file|carte|card|ordi\w*|computer)"
    r" (?:says?|said|dit|disait|has|shows?|indique|a)"
    r"(?: que c'est)?(?: the| le)? $"
)
_ALONE_BEHIND = re.compile(
    r" ?(?:$|[\n;:().!/-]|,(?! [fhm],)|\?(?!\?))| (?:et|and|pour|for|c'est|cest|c|pis|instead"
    r"|doesn't|isn't|is not|does not|est pas|marche pas) "
)
_TWO_DIGITS_OF_A_YEAR = re.compile(rf"{_MONTH} ?[3-9]\d$")
_MYSELF = re.compile(r"(?<![a-z])(?:moi|me|lui|elle|him|her)[:,]? $")  # “(me, 11 Nov 48)”
_NOT_OF_BIRTH = re.compile(rf"(?<![a-z]){words.any_of('births', 'not_alone')}(?![a-z])")
_TWO_DIGITS = re.compile(r"[3-9]\d-[01]\d-[0-3]\d|[0-3]?\d([-/.])[0-3]?\d\1[3-9]\d")
# “ddn 620314”, “ddn de ma petite: 2 0 2 1 - 0 3 - 1 4”
_LABELLED = re.compile(
    r"(?<![a-z])(?:d\.?d\.?n\.?|d\.?o\.?b\.?|naissance|birth ?-?date|date of birth)(?:"
    r"(?: est| is| c'est)?[ :.#=-]{0,3}(?P<short>\d{8}|\d{6}|\d{1,4}(?P<mark>[/-])\d{1,2}(?P=mark)\d{2,4})(?![\d.,-])"
    r"|[^\d\0!?\n]{0,30}(?P<spread>\d(?:[ ./-]{1,3}\d){7})(?![\w]|[-.,/ ]\d))"
)
# A form: “Jour: 14 Mois: 03 Année: 1962”
_PARTS = {part: rf"(?:{part})[ :=]{{0,3}}" for part in ("jour|day", "mois|month", "annee|year")}
_DAY_OF, _MONTH_OF, _YEAR_OF = (
    rf"{label}{value}(?!\d)"
    for label, value in zip(_PARTS.values(), (r"[0-3]?\d", rf"(?:[01]?\d|{_MONTH})", _FULL_YEAR), strict=True)
)
_APART_IN_A_FORM = re.compile(
    rf"(?<![a-z])(?:{_DAY_OF}[ ,;/\n-]*{_MONTH_OF}[ ,;/\n-]*{_YEAR_OF}|{_MONTH_OF}[ ,;/\n-]*{_DAY_OF}[ ,;/\n-]*{_YEAR_OF}"
    rf"|{_YEAR_OF}[ ,;/\n-]*{_MONTH_OF}[ ,;/\n-]*{_DAY_OF})"
)
BEFORE, AFTER, RIGHT_BEHIND, AROUND = 60, 34, 110, 50


def find(sheet: Sheet, names: list[Finding], cards: list[Finding]) -> Iterator[Finding]:
    """Every date is taken from the sheet: it is no other number either."""
    last = None
    for found in _dates(sheet):
        start, end = found.span()
        cue = _birth(sheet, start, end) or _put_right(sheet, start)
        beside = _is_beside_a_name(sheet, start, end, names) or _is_on_the_card(sheet, start, end, cards)
        beside = beside or _stands_alone(sheet, start, end, somebody=bool(names or cards))
        if cue or beside or (last and _SHARED.match(sheet.folded[last:start])):
            last = end
            yield identifier("dob", (start, end), 7, Confidence.HIGH if cue else Confidence.MEDIUM, cue)
        else:
            last = None
            if not found["plain"]:  # eight digits may be anything
                sheet.take(start, end)


def labelled(sheet: Sheet) -> Iterator[Finding]:
    """Digits that are a day, right behind what says that they are a birth; and “née en 62, le 14 mars”."""
    for found in _LABELLED.finditer(sheet.open) if sheet.has_digits else ():
        part = "short" if found["short"] else "spread"
        digits = re.sub(r"\D", "", found[part])
        if found["mark"] or _PLAIN.fullmatch(digits) or (len(digits) == 6 and _are_six_of_a_day(digits)):
            yield identifier("dob", found.span(part), 7, Confidence.MEDIUM, (found.start(), found.start(part)))
    for found in _APART_IN_A_FORM.finditer(sheet.open) if "annee" in sheet.open or "year" in sheet.open else ():
        if cue := _birth(sheet, *found.span()):
            yield identifier("dob", found.span(), 7, Confidence.MEDIUM, cue)
    for found in _BORN_IN.finditer(sheet.open) if "ne en " in sheet.open or "nee en " in sheet.open else ():
        yield identifier("dob", found.span("day"), 7, Confidence.MEDIUM, (found.start(), found.start("day")))


def _are_six_of_a_day(digits: str) -> bool:
    one, two, three = (int(digits[at : at + 2]) for at in (0, 2, 4))
    return 1 <= two <= 12 and (1 <= one <= 31 or 1 <= three <= 31)


def said(sheet: Sheet, runs: list[tuple[int, int, str]]) -> Iterator[Finding]:
    """“née le trois trois soixante-trois”, “birthdate oh six twelve forty seven”."""
    for start, end, digits in runs:
        before = sheet.folded[max(0, start - 40) : start]
        cue = _BORN.search(before) or _RIGHT_BEFORE.search(before)
        a_day = 4 <= len(digits) <= 8 and not re.fullmatch(r"(?:19|20)\d\d", digits)
        if cue and a_day and not words.unit().match(sheet.folded, end):
            yield identifier("dob", (start, end), 7, Confidence.MEDIUM, (start - len(before) + cue.start(), start))


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
        between = _ASKED_FOR.sub("", before[cues[-1].end() :])
        if not _DATE.search(between) and not _NOT_BIRTH.search(between) and not _SENTENCE_ENDS.search(between):
            return begin + cues[-1].start(), begin + cues[-1].end()
    after = _CUE.search(sheet.folded[end : end + AFTER])
    if after and not _APART.search(sheet.folded[end : end + after.start()]):
        return end + after.start(), end + after.end()
    return None


def _put_right(sheet: Sheet, start: int) -> tuple[int, int] | None:
    before = sheet.folded[max(0, start - RIGHT_BEHIND) : start]
    told = [*_CUE.finditer(before)] if _PUT_RIGHT.search(before) else []
    if not told or _NOT_BIRTH.search(before, told[-1].end()) or "\n" in before[told[-1].end() :]:
        return None
    return start - len(before) + told[-1].start(), start - len(before) + told[-1].end()


def _stands_alone(sheet: Sheet, start: int, end: int, *, somebody: bool) -> bool:
    """Of long ago, and hardly anything else is said; or of somebody who is named. Else it is a day that many remember."""
    written = sheet.folded[start:end]
    beside = sheet.folded[:start] + sheet.folded[end:]
    if not somebody and not _OF_SOMEBODY.search(beside) and len(_TELLING.findall(beside)) > FEW:
        return False
    if not (_OLD.search(written) or (_TWO_DIGITS_OF_A_YEAR.search(written) and _MYSELF.search(sheet.before(start, 8)))):
        return False
    if written.isdigit() or not _ALONE_BEFORE.search(sheet.before(start, AROUND)):
        return False
    near = sheet.before(start, AROUND), written, sheet.after(end, AROUND)
    return bool(_ALONE_BEHIND.match(sheet.folded, end)) and not any(map(_NOT_OF_BIRTH.search, near))


def _is_on_the_card(sheet: Sheet, start: int, end: int, cards: list[Finding]) -> bool:
    """“TREM 6253 1492, 14 mars 1962”: the year that the health number tells."""
    written = sheet.folded[start:end]
    for card in cards:
        year = re.search(r"\d\d", sheet.folded[card.start : card.end])
        behind = re.fullmatch(r"[ ,;:.()/-]{1,4}", sheet.folded[card.end : start])
        if year and behind and re.search(rf"(?<!\d)(?:19|20)?{year[0]}(?!\d)", written):
            return True
    return False


def _is_beside_a_name(sheet: Sheet, start: int, end: int, names: list[Finding]) -> bool:
    """“Ghislaine Fictive 1948-11-02”: nothing between but a comma, and the year of a birth."""
    written = sheet.folded[start:end]
    if _TWO_DIGITS.fullmatch(written) and sheet.before(start, 1) in {"(", " "}:
        return (
            any(sheet.folded[name.end : start] in {" (", ", "} for name in names)
            or persons.right_before(sheet, start) is not None
        )
    if not re.search(_FULL_YEAR, written):
        return False
    between = (sheet.folded[name.end : start] for name in names if name.end <= start)
    relative = _RELATIVE.search(sheet.before(start, 40))
    if relative and (relative[0].rstrip()[-1] != "," or _LONG_AGO.search(written)):
        return True
    return any(re.fullmatch(r"[ ,;:.()/-]{0,4}", text) for text in between) or persons.right_before(sheet, start) is not None
