"""What the lexicon of identifiers says, compiled once."""

import re
import tomllib
from functools import cache
from typing import NamedTuple

from inbox.triage.lexicons import FOLDER

NEAR, BEHIND, FAR = 40, 32, 120  # characters from a cue to its number, and from a number to a cue that follows it
_SENTENCE_ENDS = re.compile(r"[!?\n]|\.(?= [a-z]{3})")


class Found(NamedTuple):
    kind: str
    start: int
    end: int


@cache
def _lexicon() -> dict[str, dict[str, list[str] | str]]:
    return tomllib.loads((FOLDER / "identifiers.toml").read_text(encoding="utf-8"))


@cache
def _cues() -> re.Pattern[str]:
    kinds = _lexicon()["kinds"]
    # Longer expressions first, whatever their kind: “numéro d'ordonnance” before “numéro”.
    named = [f"(?P<{kind}>{'|'.join(sorted(words, key=len, reverse=True))})" for kind, words in kinds.items()]
    return re.compile(rf"(?<![a-z])(?=[a-z#])(?:{'|'.join(named)})(?![a-z])")


@cache
def unit() -> re.Pattern[str]:
    return re.compile(rf" ?{any_of('numbers', 'units')}(?![a-z]|\d[a-z][ -]?\d)")


def any_of(table: str, name: str) -> str:
    """A list of the lexicon as a part of a pattern."""
    return f"(?:{'|'.join(_lexicon()[table][name])})"


@cache
def block(table: str, name: str) -> frozenset[str]:
    """A block of words of the lexicon."""
    return frozenset(str(_lexicon()[table][name]).split())


def pairs(table: str, name: str) -> dict[str, str]:
    """A block of “word:value”."""
    return dict(pair.split(":") for pair in block(table, name))


def cues(folded: str) -> list[Found]:
    return [Found(str(found.lastgroup), *found.span()) for found in _cues().finditer(folded)]


def nearest(found: list[Found], folded: str, start: int, end: int, kinds: frozenset[str] | None = None) -> Found | None:
    """The cue that a number belongs to: the last one before it, else the first one behind it in the same sentence."""
    wanted = [cue for cue in found if kinds is None or cue.kind in kinds]
    before = [cue for cue in wanted if cue.end <= start and start - cue.end <= NEAR]
    if before:
        return before[-1]
    behind = [cue for cue in wanted if end <= cue.start <= end + BEHIND]
    return behind[0] if behind and not _SENTENCE_ENDS.search(folded, end, behind[0].start) else None
