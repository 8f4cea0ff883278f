"""The learned weights: read from a text file by plain Python, made by inbox/triage/topics/train.py."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from inbox.triage.text import Text
from inbox.triage.topics.features import features

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
CORPUS = HERE.parent / "corpus"
UNIT = 100  # weights are whole hundredths


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


class Heard:
    """What the weights say of a text: a long one is no louder than a short one."""

    def __init__(self, weights: Weights, text: Text) -> None:
        known = weights.features
        self.weights = weights
        self.features = {feature.name: feature for feature in features(text, known) if feature.name in known}
        self.length = sum(feature.loudness**2 for feature in self.features.values()) ** 0.5

    def scores(self) -> dict[str, float]:
        totals = [0.0] * len(self.weights.topics)
        for name, feature in self.features.items():
            for topic, weight in self.weights.features[name]:
                totals[topic] += weight * feature.loudness
        length = self.length or 1.0
        return {
            topic: bias + total / length
            for topic, bias, total in zip(self.weights.topics, self.weights.biases, totals, strict=True)
        }

    def parts(self, topics: Iterable[str]) -> Iterator[Part]:
        """What made the scores of these topics."""
        wanted = {number: topic for number, topic in enumerate(self.weights.topics) if topic in topics}
        for name, feature in self.features.items():
            for number, weight in self.weights.features[name]:
                if number in wanted:
                    yield Part(wanted[number], weight * feature.loudness / self.length, feature.spans)


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
    sources = [*sorted(CORPUS.glob("*.jsonl")), HERE / "features.py", HERE / "names.py", HERE / "train.py"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _pair(written: str) -> tuple[str, float]:
    name, _, number = written.rpartition(":")
    return name, int(number) / UNIT
