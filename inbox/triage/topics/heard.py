"""A message as the learned weights hear it: each word with its pieces, what stands together, the word lists, the findings."""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inbox.triage.findings import Family, Finding
from inbox.triage.text import Text, pairs
from inbox.triage.topics import found
from inbox.triage.topics.features import KIND, WORDS_REMEMBERED, Feature, Span, listed, neighbours, pieces, tokens
from inbox.triage.topics.weights import Weights, learned

# How loudly each kind speaks: by trying, on the corpus. A word without a weight may be a mistyped one: its pieces speak for it.
WORD, PIECE, PIECE_OF_UNKNOWN, LISTED = 2.0, 0.5, 0.7, 1.5
LOUDEST = 12  # of what spoke for a topic, of which the words are named

Numbers = NDArray[np.float32]


class Part(NamedTuple):
    """What one piece of the text says for one topic."""

    topic: str
    weight: float
    spans: tuple[Span, ...]


class Judge:
    """Weights laid out to be added up fast: a feature a row, a topic a column. A word and its pieces are added up once."""

    def __init__(self, weights: Weights) -> None:
        self.topics = weights.topics
        self.biases = np.array(weights.biases, dtype=np.float32)
        self.row = {name: row for row, name in enumerate(weights.features)}
        self.table = np.zeros((len(self.row), len(self.topics)), dtype=np.float32)
        for row, of_topics in enumerate(weights.features.values()):
            for topic, weight in of_topics:
                self.table[row, topic] = weight
        self.word = lru_cache(WORDS_REMEMBERED)(self._word)

    def _word(self, word: str) -> tuple[Numbers, float]:
        """What it says of each topic, and how loud it is: the square of it."""
        loud = {self.row[name]: loudness for name, loudness in of_word(word, self.row) if name in self.row}
        loudness = np.array(list(loud.values()), dtype=np.float32)
        return loudness @ self.table[list(loud)], float(loudness @ loudness)


class Heard:
    """What the weights say of a text: a long one is no louder than a short one."""

    def __init__(self, judge: Judge, text: Text, findings: Sequence[Finding]) -> None:
        self.judge = judge
        said = list(tokens(text, identifiers(findings)))
        first = dict(reversed(said))
        words = [judge.word(word) for word in first]
        others = {one.name: one for one in beside_words(text, said, findings, judge.row)}
        loud = np.array([one.loudness for one in others.values()], dtype=np.float32)
        self.spans = [*((span,) for span in first.values()), *(one.spans for one in others.values())]
        self.length = (sum(square for _said, square in words) + float(loud @ loud)) ** 0.5
        self.said = np.empty((len(self.spans), len(judge.topics)), dtype=np.float32)
        for row, (vector, _square) in enumerate(words):
            self.said[row] = vector
        self.said[len(words) :] = judge.table[[judge.row[name] for name in others]] * loud[:, None]
        self.said /= self.length or 1.0

    @property
    def speaks(self) -> bool:
        """Whether there is a word of it that says anything."""
        return any(self.spans) and bool(self.said.any())

    def scores(self) -> dict[str, float]:
        totals = self.judge.biases + self.said.sum(axis=0)
        return dict(zip(self.judge.topics, totals.tolist(), strict=True))

    def parts(self, topic: str) -> Iterator[Part]:
        """What spoke loudest for it."""
        if topic not in self.judge.topics:  # an organization's own
            return
        column = self.said[:, self.judge.topics.index(topic)]
        loudest = (-column).argsort()[:LOUDEST]
        for row, weight in zip(loudest.tolist(), column[loudest].tolist(), strict=True):
            if weight > 0:
                yield Part(topic, weight, self.spans[row])


def of_word(word: str, known: Container[str]) -> Iterator[tuple[str, float]]:
    """The features of a word, and how loud each is."""
    whole = f"_{word}_"
    if word.startswith(KIND):
        yield whole, WORD
        return
    if whole in known:
        yield whole, WORD
    loudness = PIECE if whole in known else PIECE_OF_UNKNOWN
    yield from ((piece, loudness) for piece in pieces(word))


def beside_words(
    text: Text, said: Iterable[tuple[str, Span]], findings: Sequence[Finding], known: Container[str]
) -> Iterator[Feature]:
    """Those that the weights know."""
    hidden = identifiers(findings)
    yield from neighbours(pairs(said) if hidden else text.pairs, known)
    yield from listed(text, hidden, LISTED, known)
    yield from found.of_cues(text, hidden, known)
    of_findings = found.of_findings(text, [finding for finding in findings if finding.family is not Family.IDENTIFIER])
    yield from (feature for feature in of_findings if feature.name in known)


def identifiers(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.family is Family.IDENTIFIER]


@cache
def judge() -> Judge:
    return Judge(learned())
