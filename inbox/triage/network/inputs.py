"""A text as the network sees it: its words in their order, and of each word in which groups of the word lists it stands."""

import re
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from inbox.triage.text import WORDS_REMEMBERED, Text

LONGEST = 100  # words: what comes after seldom changes what a message is about
DIGIT = re.compile(r"\d")
PIECES = 6000  # that pieces of words are told apart into
SHORTEST, LONGEST_PIECE = 3, 4  # letters of a piece, the ends of its word among them
MOST = 24  # pieces of a word that are heard
GROUPS = 6  # of a word that are heard


class Input(NamedTuple):
    words: list[str]
    groups: list[list[str]]  # of each word
    spans: list[tuple[int, int]]


def read(text: Text) -> Input:
    """How it begins."""
    return pieces_of(text, 1)[0]


def pieces_of(text: Text, most: int | None = None) -> list[Input]:
    """All of it, piece by piece; each begins in the middle of the one before."""
    starts = range(0, max(1, len(text.tokens) - LONGEST // 2), LONGEST // 2)[:most]
    return [_read(text, start) for start in starts]


def _read(text: Text, first: int) -> Input:
    told = text.tokens[first : first + LONGEST]
    words = [DIGIT.sub("0", word) for word, _span in told]  # that there is a number counts, and how long it is
    spans = [span for _word, span in told]
    groups: list[list[str]] = [[] for _word in words]
    starts = [start for start, _end in spans]
    for group, places in text.places.items():
        for start, end in places:
            at = bisect_left(starts, start)
            if at and spans[at - 1][1] > start:
                at -= 1
            while at < len(starts) and starts[at] < end:
                groups[at].append(group)
                at += 1
    return Input(words, groups, spans)


@lru_cache(WORDS_REMEMBERED)
def pieces(word: str) -> Sequence[int]:
    """A mistyped word has most of the pieces of the word that was meant."""
    whole = f"_{word}_"
    lengths = range(SHORTEST, LONGEST_PIECE + 1)
    return tuple(zlib.crc32(whole[at : at + n].encode()) % PIECES for n in lengths for at in range(len(whole) - n + 1))[:MOST]
