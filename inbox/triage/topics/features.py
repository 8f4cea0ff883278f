"""A text as the learned weights see it: its words, pieces of unknown ones, what the words mean, and what stands together."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from inbox.triage.findings import Cue, Finding
from inbox.triage.lexicon import TOKEN
from inbox.triage.text import Text

HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
MEANING, RULE = READ = "meanings.", "topics."  # the groups of two word lists
KIND = "!!"  # how the word begins that stands for what is hidden
SHORTEST, LONGEST = 3, 5  # letters of a piece, the ends of its word among them
WORDS_REMEMBERED = 20_000
WORD, PIECE, TOGETHER, LISTED = 1.5, 0.7, 1.0, 2.0  # how loudly each kind speaks: by trying, on the corpus


Span = tuple[int, int]
Token = tuple[str, Span]


class Feature(NamedTuple):
    name: str
    loudness: float
    spans: tuple[Span, ...]


class Vocabulary:
    """What each word says to weights that know these features: itself, or else its pieces, as it may be a mistyped one."""

    def __init__(self, known: Container[str]) -> None:
        self.known = known
        self.of = lru_cache(WORDS_REMEMBERED)(self._of)

    def _of(self, word: str) -> tuple[tuple[str, float], ...]:
        if (whole := f"_{word}_") in self.known:
            return ((whole, WORD),)
        return tuple((piece, PIECE) for piece in pieces(word) if piece in self.known)


def features(text: Text, vocabulary: Vocabulary) -> Iterator[Feature]:
    """Those that the weights know, some more than once."""
    said = list(tokens(text))
    yield from of_words(said, vocabulary)
    yield from neighbours(said, vocabulary.known)
    yield from (feature for feature in listed(text, (), LISTED) if feature.name in vocabulary.known)
    yield from _together(text, vocabulary.known)


def of_words(said: Iterable[Token], vocabulary: Vocabulary) -> Iterator[Feature]:
    for word, here in said:
        for name, loudness in vocabulary.of(word):
            yield Feature(name, loudness, (here,))


def tokens(text: Text, hidden: Sequence[Finding] = ()) -> Iterator[Token]:
    """The words. Of what is hidden (a number, a name) it counts that it is there, and not how it is written."""
    said: Finding | None = None
    for found in TOKEN.finditer(text.folded):
        within = next((one for one in hidden if one.start <= found.start() < one.end), None)
        if within is None:
            yield written(found[0]), found.span()
        elif within is not said:
            yield f"{KIND}{within.type}", (within.start, within.end)
            said = within


def words(text: Text) -> Iterator[str]:
    """Of each word the name of its feature."""
    for word, _here in tokens(text):
        yield f"_{word}_"


def neighbours(said: Iterable[Token], known: Container[str]) -> Iterator[Feature]:
    before, there = "^", (0, 0)
    for word, here in said:
        if (name := f"{before} {word}") in known:
            yield Feature(name, TOGETHER, (there, here))
        before, there = word, here


def listed(text: Text, hidden: Sequence[Finding], loudness: float) -> Iterator[Feature]:
    """What stands in the two word lists."""
    for group, all_cues in text.cues.items():
        if group.startswith(READ) and (cues := seen(all_cues, hidden)):
            mark = "#" if group.startswith(RULE) else "@"
            yield Feature(f"{mark}{group.partition('.')[2]}", loudness, tuple((cue.start, cue.end) for cue in cues))


def seen(cues: Sequence[Cue], hidden: Sequence[Finding]) -> Sequence[Cue]:
    """Those that are no part of what is hidden."""
    if not hidden:
        return cues
    return [cue for cue in cues if not any(one.start <= cue.start < one.end for one in hidden)]


def _together(text: Text, known: Container[str]) -> Iterator[Feature]:
    """Meanings that stand in one text, and those that follow one another."""
    meant = [
        (f"@{group.removeprefix(MEANING)}", cue) for group, cues in text.cues.items() if group.startswith(MEANING) for cue in cues
    ]
    first = dict(reversed(meant))
    for one, other in combinations(sorted(first), 2):
        if (name := f"{one}&{other}") in known:
            yield Feature(name, TOGETHER, _spans(first[one], first[other]))
    for (one, cue), (other, next_cue) in pairwise(sorted(meant, key=lambda each: (each[1].start, each[0]))):
        if one != other and (name := f"{one}>{other}") in known:
            yield Feature(name, TOGETHER, _spans(cue, next_cue))


@lru_cache(WORDS_REMEMBERED)
def pieces(word: str) -> tuple[str, ...]:
    """ "pret": _pr, pre, ret, et_, _pre, pret, ret_, …"""
    whole = f"_{word}_"
    lengths = range(SHORTEST, min(LONGEST, len(whole) - 1) + 1)
    return tuple(dict.fromkeys(whole[at : at + n] for n in lengths for at in range(len(whole) - n + 1)))


@lru_cache(WORDS_REMEMBERED)
def written(token: str) -> str:
    """Which number it is says nothing; that it is one, and how long, does."""
    if token.isdigit():
        return "0" * min(len(token), 4)
    return HELD_DOWN.sub(r"\1", token).replace("œ", "oe").replace("æ", "ae")


def _spans(one: Cue, other: Cue) -> tuple[tuple[int, int], ...]:
    return ((one.start, one.end), (other.start, other.end))
