"""Numbers of files and of the insured (PHI-12) that no digits alone are: “H-402 771”, “0044-KW-8812”, “00 41 887 B”.

Plain digits are explained in bare.py. Of an insurance, only these count: digits alone are as often a group's.
"""

import re
from collections.abc import Iterator

from inbox.triage.findings import Confidence, Finding
from inbox.triage.identifiers import words
from inbox.triage.identifiers.numbers import phones
from inbox.triage.identifiers.sheet import BLANK, Sheet, identifier

_KINDS = frozenset({"record", "insured"})
_GAP = r"[^\d\0!]{0,50}?"
# In the text as it came: letters with a space before their digits are capitals.
_NUMBER = (
    r"(?<![\w$.,/-])(?<!\d )(?P<number>(?:[A-Z]{1,4}\d{0,2}[ -]|[A-Za-z]{1,4}\d{0,2}-?)?\d+[A-Z]{0,2}"
    r"(?:(?:[ .]|-\n?|\n-)(?:\d+[A-Z]{0,2}(?![\w'])|(?<=-)[A-Z]{1,3}(?=-)))*"
    r"(?:(?:-?[A-Z]| [B-HJ-Z])(?![\w']))?)(?![\w]|[-/:,.]\d)"
)
_BEHIND_CUE = re.compile(_GAP + _NUMBER)
_DATE = re.compile(r"(?:\d{1,2}|(?:19|20)\d\d)([ ./-])\d{1,2}\1(?:(?:19|20)?\d\d|\d)|(?:19|20)\d\d-(?:19|20)\d\d")
_OF_A_THING = re.compile(r"\b(?:formulaires?|forms?|garanties?|warrant(?:y|ies)|modeles?|models?)\b")
_MARKS = re.compile(r"[ .\n-]+")


def find(sheet: Sheet, cues: list[words.Found]) -> Iterator[Finding]:
    ends = 0
    for cue in cues if sheet.has_digits else ():
        if cue.kind not in _KINDS or cue.end < ends:
            continue
        found = _BEHIND_CUE.match(sheet.original, cue.end)
        if not found or not _is_one(sheet, found, cues, cue):
            continue
        ends = found.end("number")
        yield identifier("record_number", found.span("number"), 12, Confidence.MEDIUM, cue[1:])


def _is_one(sheet: Sheet, found: re.Match[str], cues: list[words.Found], cue: words.Found) -> bool:
    start, end = found.span("number")
    between = (other.kind for other in cues if cue.end <= other.start and other.end <= start)
    return (
        BLANK not in sheet.open[start:end]
        and _is_strong(found["number"])
        and all(kind in _KINDS or kind == "rx" for kind in between)
        and not words.unit().match(sheet.folded, end)
        and not _OF_A_THING.search(sheet.before(start, 40))
    )


def _is_strong(written: str) -> bool:
    """Letters and digits, or several groups, that are neither a day nor a telephone."""
    digits, marks = re.sub(r"\D", "", written), _MARKS.findall(written)
    if _DATE.fullmatch(written) or (len(digits) in {10, 11} and phones.is_assigned(digits)):
        return False
    lettered = len(digits) >= 4 and bool(re.search("[A-Za-z]", written))
    return lettered or (len(digits) >= 5 and len(marks) > 1) or (len(digits) >= 8 and "-" in written)
