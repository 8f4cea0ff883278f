"""A text as the learned weights see it: its words, pieces of unknown ones, what the words mean, and what stands together."""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from inbox.triage.findings import Cue, Finding
from inbox.triage.text import WORDS_REMEMBERED, Text

MEANING, RULE = READ = "meanings.", "topics."  # the groups of two word lists
KIND = "!!"  # how the word begins that stands for what is hidden
SHORTEST, LONGEST = 3, 5  # letters of a piece, the ends of its word among them
TELLING = 4  # letters that a word needs to explain anything
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
    yield from of_words(text.tokens, vocabulary)
    yield from neighbours(text.pairs, vocabulary.known)
    yield from listed(text, (), LISTED, vocabulary.known)
    yield from _together(text, vocabulary.known)


def of_words(said: Iterable[Token], vocabulary: Vocabulary) -> Iterator[Feature]:
    for word, here in said:
        for name, loudness in vocabulary.of(word):
            yield Feature(name, loudness, (here,))


def tokens(text: Text, hidden: Sequence[Finding]) -> Iterator[Token]:
    """The words. Of what is hidden (a number, a name) it counts that it is there, and not how it is written."""
    said: Finding | None = None
    for word, here in text.tokens:
        within = next((one for one in hidden if one.start <= here[0] < one.end), None) if hidden else None
        if within is None:
            yield word, here
        elif within is not said:
            yield f"{KIND}{within.type}", (within.start, within.end)
            said = within


def words(text: Text) -> Iterator[str]:
    """Of each word the name of its feature."""
    for word, _here in text.tokens:
        yield f"_{word}_"


def neighbours(pairs: Iterable[tuple[str, Span, Span]], known: Container[str]) -> Iterator[Feature]:
    """Of text.pairs."""
    return (Feature(name, TOGETHER, (there, here)) for name, there, here in pairs if name in known)


def listed(text: Text, hidden: Sequence[Finding], loudness: float, known: Container[str]) -> Iterator[Feature]:
    """What stands in the two word lists."""
    for group, places in text.places.items():
        if (name := _of_group(group)) and name in known and (spans := seen(places, hidden)):
            yield Feature(name, loudness, spans)


@cache
def _of_group(group: str) -> str:
    """ "" for a group of another list."""
    if not group.startswith(READ):
        return ""
    return f"{'#' if group.startswith(RULE) else '@'}{group.partition('.')[2]}"


def seen(places: tuple[Span, ...], hidden: Sequence[Finding]) -> tuple[Span, ...]:
    """Those that are no part of what is hidden."""
    if not hidden:
        return places
    return tuple(place for place in places if not any(one.start <= place[0] < one.end for one in hidden))


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


def _spans(one: Cue, other: Cue) -> tuple[tuple[int, int], ...]:
    return ((one.start, one.end), (other.start, other.end))


def shown(loudest: Iterable[Feature], most: int) -> list[Span]:
    """Where the words stand that say why: each once, and none too small to explain anything (“y”) while others are there."""
    spans: list[Span] = []
    for start, end in (feature.spans[0] for feature in loudest if feature.spans):
        if start < end and not any(start < behind and before < end for before, behind in spans):
            spans.append((start, end))
    telling = [(start, end) for start, end in spans if end - start >= TELLING]
    return (telling or spans)[:most]
