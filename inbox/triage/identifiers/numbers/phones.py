"""Phone numbers (PHI-5) that are somebody's: neither ours, nor a help line, nor a toll-free line of an institution."""

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers

from inbox.triage.findings import Confidence, Finding
from inbox.triage.help import help_lines
from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import spoken
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier

HELP_LINES = help_lines.numbers()
TOLL_FREE = frozenset({"800", "888", "877", "866", "855", "844", "833", "822", "900"})
_SEP = r"[ .\-/,*_·•:()\[\]|~\t']{0,3}"
_SOME = r"[ .\-/,*_·•:()\[\]|~\t']{1,3}"
_HEAD = r"(?:(?<![a-z\d\0])|(?<=tel)|(?<=cell)|(?<=cel)|(?<=phone)|(?<=fax)|(?<=au)|(?<=no))(?<!\d[-.,])(?<!(?<!\d{3})\d/)(?<!\$)"
_TAIL = r"(?!\d|-\d|[.,]\d)"
_EXTENSION = r"(?:,? ?(?:poste|ext\.?|extension|x|#) ?\d{1,5})?"
_NATIONAL = re.compile(
    rf"{_HEAD}[\[(]?(?:\+?1{_SEP})?\(?(?:[2-9]\d\d\)?{_SOME}[2-9]\d\d(?:{_SEP}|\n)\d\d[ .-]?\d\d"  # 514 555-0142, 514-555-01-42
    rf"|[2-9]\d\d\)?{_SEP}[2-9]\d\d{_SOME}\d\d[ .-]?\d\d"  # (514)555-0142
    rf"|[2-9](?:[ .,-]{{1,3}}\d){{2}}\)?(?:[ .,-]{{1,3}}\d){{7}}"  # 5 1 4 5 5 5 0 1 4 2
    rf"|[2-9]\d[ .-]\d\d[ .-]\d\d[ .-]\d\d[ .-]\d\d){_TAIL}{_EXTENSION}"  # 51 45 55 01 42
)
_ABROAD = re.compile(r"(?<![\w\0])(?:\+|011 |00)[2-9]\d{0,2}[ .\-()]{0,3}\d(?:[ .\-()]{0,2}\d){6,11}(?!\d)")
# “Votre numéro”, “I called you at”: the page's own, whether or not we know it.
_YOURS = re.compile(rf"\b{words.any_of('phones', 'yours')}\b[^\d\0!?]{{0,30}}$")
_MINE = re.compile(rf"\b{words.any_of('phones', 'mine')}\b[^\d\0]{{0,25}}$")
_CALL_ME = re.compile(rf"[.,;!]? ?{words.any_of('phones', 'call_me')}(?![a-z])")
_YOURS_BEHIND = re.compile(rf"^[^\d\0]{{0,25}}\b{words.any_of('phones', 'behind')}(?![a-z])")
_INSTITUTION = re.compile(rf"\b{words.any_of('phones', 'institutions')}(?![a-z])[^\d\0!?.]{{0,20}}$")
_LOCAL = re.compile(r"(?<![\w\0.$-])[2-9]\d\d[ .-]?\d{4}(?![\w-]|[.,]\d)")
_IS_MY_NUMBER = re.compile(
    r",? (?:c'est|c est|cest|is|that's)(?: aussi| also)? (?:mon|ma|my|le|sa|son|his|her) "
    r"(?:num(?:ero)?(?! d)|tel(?:ephone)?|cell?(?:ulaire)?|cell ?phone|phone|number|mobile)(?![a-z])"
)
_CALLS = re.compile(
    rf"\b{words.any_of('phones', 'calls')}(?![a-z])(?: moi| me| nous| us| ma \w+| mon \w+)?[ :.=,#]*"
    r"(?:c'est|c est|cest|est|is|it's|its|au|at|le|on|numero|number|no|cell|tel|sur|a la maison|at home|home|work|maison)?"
    r"(?: le| au| at| sur)?[ :.=#]*$"
)


def find(sheet: Sheet, cues: list[words.Found], runs: list[tuple[int, int, str]]) -> Iterator[Finding]:
    """runs: digits that are said in words."""
    said_ = ((start, end) for start, end, digits in runs if is_assigned(digits) and BLANK not in sheet.open[start:end])
    for start, end in (*typed(sheet.open), *said_):
        if is_nobodys(sheet, start, end):
            sheet.take(start, end)
            continue
        cue = words.nearest(cues, sheet.folded, start, end, frozenset({"phone"}))
        yield identifier("phone", (start, end), 5, Confidence.HIGH, cue[1:] if cue else None)


def local(sheet: Sheet) -> Iterator[Finding]:
    """Seven digits, when the words before them say that they are called."""
    for found in _LOCAL.finditer(sheet.open) if sheet.has_digits else ():
        called = _CALLS.search(sheet.before(found.start(), 45))
        plain = (
            found[0].isdigit() and called and re.match("(?:mon|my) (?:n|#)|c'?est", called[0])
        )  # “mon numéro 4411223” may be any
        called = called or _IS_MY_NUMBER.match(sheet.folded, found.end())
        if called and not plain and not is_nobodys(sheet, *found.span()):
            yield identifier("phone", found.span(), 5, Confidence.MEDIUM)


def written(folded: str) -> Iterator[tuple[int, int]]:
    """Whoever's they are: written with separators, with a country, or in words."""
    yield from typed(folded)
    for start, end, digits in spoken.numbers(folded):
        if is_assigned(digits):
            yield start, end


def typed(folded: str) -> Iterator[tuple[int, int]]:
    if sum(map(str.isdigit, folded)) >= 7:
        for found in _NATIONAL.finditer(folded):
            if is_assigned(found[0]):
                yield _trimmed(folded, *found.span())
        for found in _ABROAD.finditer(folded):
            if _is_abroad(found[0]):
                yield found.span()


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    """A parenthesis that closes is opened; “(appelez-moi 514 555-0142)” keeps its own."""
    if folded[start] == "(" and ")" not in folded[start:end]:
        start += 1
    return start, end


def digits_of(written: str) -> str:
    """The ten digits of a number here, without its country and its extension."""
    digits = re.sub(r"\D", "", re.split(r"poste|ext|x|#", written)[0])
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def is_assigned(written: str) -> bool:
    digits = digits_of(written)
    return len(digits) == 10 and digits[3] not in "01" and _is_area(digits[:3])


@cache
def _is_area(area: str) -> bool:
    """Of North America: the numbers 555-01xx are fictitious in all of them."""
    if area in TOLL_FREE:
        return True
    return any(
        phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{area}{rest}")))
        for rest in ("5550142", "2345678", "6622345")
    )


def _is_abroad(written: str) -> bool:
    number = re.sub(r"^(?:011 |00)", "+", written)
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "CA"))
    except phonenumbers.NumberParseException:
        return False


def is_nobodys(sheet: Sheet, start: int, end: int) -> bool:
    if sheet.anybodys:
        return False
    digits = digits_of(sheet.folded[start:end])
    if any(digits_of(own)[-len(digits) :] == digits for own in (*sheet.context.page_numbers, *HELP_LINES) if len(digits) >= 7):
        return True
    before = sheet.before(start, 70)
    theirs = (
        (_YOURS.search(before) and not _CALL_ME.match(sheet.after(end, 30)))
        or _INSTITUTION.search(before)
        or _YOURS_BEHIND.search(sheet.after(end, 50))
    )
    return digits[:3] in TOLL_FREE or bool(theirs and not _MINE.search(before))
