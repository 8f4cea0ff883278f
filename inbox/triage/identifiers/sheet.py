"""A message being read for identifiers: the words as they came, and what of them is not explained yet."""

import re
from dataclasses import dataclass, field

from inbox.triage.findings import Confidence, Context, Cue, Family, Finding
from inbox.triage.text import Text

BLANK = "\0"  # stands where something was found: neither a letter, nor a digit, nor a space


_DIGIT = re.compile(r"\d")
# Letters in a number, as a photograph is read: “450-555-O122”.
_READ_AS_ZERO = re.compile(r"(?<=\d)o(?=\d)|(?<=\d[-. ])o(?=\d[\do])")
_READ_AS_ONE = re.compile(r"(?<=\d)[li](?=\d\d)|(?<=[-. ]\d\d)[li](?=\d(?!\d))|(?<=[-. ]\d)[li](?=\d\d(?!\d))")


@dataclass(slots=True)
class Sheet:
    original: str
    context: Context
    anybodys: bool = False  # institutions' numbers count as well
    untold: bool = False  # so do names that nothing around them tells
    folded: str = field(init=False)  # where cues are looked for
    open: str = field(init=False)  # where identifiers are: what was found is blanked out
    has_digits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.open = self.folded = Text(self.original).folded
        self.has_digits = bool(_DIGIT.search(self.folded))
        if self.has_digits:
            self.open = _READ_AS_ONE.sub("1", _READ_AS_ZERO.sub("0", self.folded))

    def take(self, start: int, end: int) -> None:
        self.open = self.open[:start] + BLANK * (end - start) + self.open[end:]

    def before(self, at: int, distance: int) -> str:
        return self.folded[max(0, at - distance) : at]

    def after(self, at: int, distance: int) -> str:
        return self.folded[at : at + distance]


def identifier(
    kind: str, span: tuple[int, int], rule: int, confidence: Confidence = Confidence.HIGH, cue: tuple[int, int] | None = None
) -> Finding:
    cues = (Cue("cue", *cue),) if cue else ()
    return Finding(Family.IDENTIFIER, kind, *span, confidence, f"PHI-{rule}", cues)
