"""The learned weights: read from a text file, made by inbox/triage/topics/train.py."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from inbox.triage.findings import Family, Finding
from inbox.triage.text import Text
from inbox.triage.topics import found
from inbox.triage.topics.features import Feature, features

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
CORPUS = HERE.parent / "corpus"
UNIT = 100  # weights are whole hundredths
LOUDEST = 12  # features of which the words are named


class Part(NamedTuple):
    """What one piece of the text says for one topic."""

    topic: str
    weight: float
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    digest: str  # of what they were learned from
    topics: tuple[str, ...]
    biases: tuple[float, ...]
    features: Mapping[str, tuple[tuple[int, float], ...]]  # of each feature, for which topics it speaks, and how much


class Judge:
    """Weights laid out to be added up fast: a feature a row, a topic a column."""

    def __init__(self, weights: Weights) -> None:
        self.topics = weights.topics
        self.biases = np.array(weights.biases, dtype=np.float32)
        self.row = {name: row for row, name in enumerate(weights.features)}
        self.table = np.zeros((len(self.row), len(self.topics)), dtype=np.float32)
        for row, of_topics in enumerate(weights.features.values()):
            for topic, weight in of_topics:
                self.table[row, topic] = weight


class Heard:
    """What the weights say of a text: a long one is no louder than a short one."""

    def __init__(self, judge: Judge, text: Text, findings: Sequence[Finding]) -> None:
        known = judge.row
        self.judge = judge
        self.features = {one.name: one for one in everything(text, known, findings) if one.name in known}
        loud = np.array([one.loudness for one in self.features.values()], dtype=np.float32)
        length = float(np.sqrt(loud @ loud)) or 1.0
        self.said = judge.table[[known[name] for name in self.features]] * (loud / length)[:, None]

    @property
    def speaks(self) -> bool:
        """Whether there is a word of it that says anything."""
        return any(feature.spans for feature in self.features.values())

    def scores(self) -> dict[str, float]:
        totals = self.judge.biases + self.said.sum(axis=0)
        return dict(zip(self.judge.topics, totals.tolist(), strict=True))

    def parts(self, topic: str) -> Iterator[Part]:
        """What spoke loudest for it."""
        if topic not in self.judge.topics:  # an organization's own
            return
        column = self.said[:, self.judge.topics.index(topic)]
        features = tuple(self.features.values())
        for row in np.argsort(-column)[:LOUDEST].tolist():
            if (weight := float(column[row])) > 0:
                yield Part(topic, weight, features[row].spans)


def everything(text: Text, known: Container[str], findings: Sequence[Finding]) -> Iterator[Feature]:
    """All that the weights see."""
    hidden = identifiers(findings)
    yield from features(text, known, hidden)
    yield from found.of_cues(text, hidden)
    yield from found.of_findings(text, [finding for finding in findings if finding.family is not Family.IDENTIFIER])


def identifiers(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.family is Family.IDENTIFIER]


@cache
def judge() -> Judge:
    return Judge(learned())


@cache
def learned() -> Weights:
    return read(FILE.read_text(encoding="utf-8"))


def read(written: str) -> Weights:
    """Line one: the digest. Line two: topic:bias … Then a feature and its topic-number:weight … a line."""
    digest, biases, *rest = written.splitlines()
    topics = dict(_pair(pair) for pair in biases.split("\t"))
    known = {}
    for line in rest:
        name, *weights = line.split("\t")
        known[name] = tuple((int(topic), weight) for topic, weight in map(_pair, weights))
    return Weights(digest, tuple(topics), tuple(topics.values()), known)


def write(weights: Weights) -> str:
    biases = "\t".join(f"{topic}:{round(bias * UNIT)}" for topic, bias in zip(weights.topics, weights.biases, strict=True))
    lines = (
        "\t".join([name, *(f"{topic}:{round(weight * UNIT)}" for topic, weight in weights.features[name])])
        for name in sorted(weights.features)
    )
    return "\n".join([weights.digest, biases, *lines]) + "\n"


def digest() -> str:
    """Changes with every example, and with what is read from an example."""
    sources = [*sorted(CORPUS.glob("*.jsonl")), HERE / "features.py", HERE / "found.py", HERE / "names.py", HERE / "train.py"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _pair(written: str) -> tuple[str, float]:
    name, _, number = written.rpartition(":")
    return name, int(number) / UNIT
