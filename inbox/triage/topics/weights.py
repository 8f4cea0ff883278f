"""The learned weights: read from a text file, made by inbox/triage/topics/train.py."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inbox.triage.topics.features import Vocabulary

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
CORPUS = HERE.parent / "corpus"
UNIT = 100  # weights are whole hundredths


@dataclass(frozen=True)
class Weights:
    digest: str  # of what they were learned from
    topics: tuple[str, ...]
    biases: tuple[float, ...]
    features: Mapping[str, tuple[tuple[int, float], ...]]  # of each feature, for which topics it speaks, and how much

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Of each feature, where it stands in the table."""
        return {name: row for row, name in enumerate(self.features)}

    @cached_property
    def table(self) -> NDArray[np.float64]:
        """A feature a row, a topic a column: how much it speaks for that."""
        table = np.zeros((len(self.features), len(self.topics)))
        for row, weights in enumerate(self.features.values()):
            for topic, weight in weights:
                table[row, topic] = weight
        return table

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.features)


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
    code = (HERE / f"{name}.py" for name in ("features", "found", "heard", "names", "train"))
    sources = [*sorted(CORPUS.glob("*.jsonl")), *code, CORPUS.parent / "teaching.py"]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _pair(written: str) -> tuple[str, float]:
    name, _, number = written.rpartition(":")
    return name, int(number) / UNIT
