"""A message being read for identifiers: the words as they came, and what of them is not explained yet."""

import re
import unicodedata
from dataclasses import dataclass, field

from inbox.triage.findings import Confidence, Context, Cue, Family, Finding

BLANK = "\0"  # stands where something was found: neither a letter, nor a digit, nor a space
_MARKS = {
    "‘": "'",
    "’": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "−": "-",
    "№": "#",
    "º": "°",
    "\u200b": " ",
    "\ufeff": " ",
    "\u00ad": "-",
}


def _plain(char: str) -> str:
    """One character for one character, so that every position stays where it was."""
    if char in _MARKS or unicodedata.category(char) in {"Pd", "Zs"}:
        return _MARKS.get(char, " " if char.isspace() else "-")
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).lower()
    return bare if len(bare) == 1 else char


_RANGES = (range(0x80, 0x250), range(0x1E00, 0x2120), range(0x2212, 0x2213), range(0x3000, 0x3001), range(0xFEFF, 0xFF5F))
_TABLE = {code: plain for codes in _RANGES for code in codes if (plain := _plain(chr(code))) != chr(code)}


def fold(text: str) -> str:
    """Without accents, case and typographic marks, exactly as long as the text."""
    return text.lower() if text.isascii() else text.translate(_TABLE).lower()


@dataclass(slots=True)
class Sheet:
    original: str
    context: Context
    anybodys: bool = False  # institutions' numbers count as well
    folded: str = field(init=False)  # where cues are looked for
    open: str = field(init=False)  # where identifiers are: what was found is blanked out
    has_digits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.folded = self.open = fold(self.original)
        self.has_digits = bool(re.search(r"\d", self.folded))

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
