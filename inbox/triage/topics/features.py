"""A text as the learned weights see it: its words, pieces of unknown ones, what the words mean, and what stands together."""

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from inbox.triage.findings import Cue
from inbox.triage.text import Text

TOKEN = re.compile(r"[^\W_]+|[^\w\s.,;:'\"()/-]")  # words, emoji, ? and !
HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
MEANING, RULE = "meanings.", "topics."  # the groups of two word lists
SHORTEST, LONGEST = 3, 5  # letters of a piece, the ends of its word among them
WORDS_REMEMBERED = 20_000
WORD, PIECE, TOGETHER, LISTED = 1.5, 0.7, 1.0, 2.0  # how loudly each kind speaks: by trying, on the corpus


class Feature(NamedTuple):
    name: str
    loudness: float
    spans: tuple[tuple[int, int], ...]


def features(text: Text, known: Container[str]) -> Iterator[Feature]:
    """Some more than once. A word without a weight may be a mistyped one: its pieces speak for it."""
    before, there = "^", (0, 0)
    for found in TOKEN.finditer(text.folded):
        word, here = written(found[0]), found.span()
        if (whole := f"_{word}_") in known:
            yield Feature(whole, WORD, (here,))
        else:
            for piece in pieces(word):
                yield Feature(piece, PIECE, (here,))
        yield Feature(f"{before} {word}", TOGETHER, (there, here))
        before, there = word, here
    yield from _of_lists(text)


def words(text: Text) -> Iterator[str]:
    """Of each word the name of its feature."""
    for found in TOKEN.finditer(text.folded):
        yield f"_{written(found[0])}_"


def _of_lists(text: Text) -> Iterator[Feature]:
    meant: list[tuple[str, Cue]] = []
    for group, cues in text.cues.items():
        if group.startswith(RULE):  # of phrases of topics
            yield Feature(f"#{group.removeprefix(RULE)}", LISTED, tuple((cue.start, cue.end) for cue in cues))
        elif group.startswith(MEANING):
            meant += [(f"@{group.removeprefix(MEANING)}", cue) for cue in cues]
    for meaning, cue in meant:
        yield Feature(meaning, LISTED, ((cue.start, cue.end),))
    first = dict(reversed(meant))
    for one, other in combinations(sorted(first), 2):
        yield Feature(f"{one}&{other}", TOGETHER, _spans(first[one], first[other]))
    for (one, cue), (other, next_cue) in pairwise(sorted(meant, key=lambda each: (each[1].start, each[0]))):
        if one != other:
            yield Feature(f"{one}>{other}", TOGETHER, _spans(cue, next_cue))


@lru_cache(WORDS_REMEMBERED)
def pieces(word: str) -> tuple[str, ...]:
    """ "pret": _pr, pre, ret, et_, _pre, pret, ret_, …"""
    whole = f"_{word}_"
    lengths = range(SHORTEST, min(LONGEST, len(whole) - 1) + 1)
    return tuple(dict.fromkeys(whole[at : at + n] for n in lengths for at in range(len(whole) - n + 1)))


def written(token: str) -> str:
    """Which number it is says nothing; that it is one, and how long, does."""
    if token.isdigit():
        return "0" * min(len(token), 4)
    return HELD_DOWN.sub(r"\1", token).replace("œ", "oe").replace("æ", "ae")


def _spans(one: Cue, other: Cue) -> tuple[tuple[int, int], ...]:
    return ((one.start, one.end), (other.start, other.end))
