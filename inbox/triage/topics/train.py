"""Learn the weights from inbox/triage/corpus/*.jsonl, and say how good they are on messages that they were not learned from.

    var/venv/bin/python -m inbox.triage.topics.train            learn and write weights.tsv
    var/venv/bin/python -m inbox.triage.topics.train --measure  leave out each file in turn, and write nothing

Needs scikit-learn (requirements-dev.txt); reading the weights does not.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from inbox.triage.findings import Context, Finding
from inbox.triage.reading import find
from inbox.triage.teaching import Everything, often
from inbox.triage.text import Text
from inbox.triage.topics import rank, rules
from inbox.triage.topics.features import Token, tokens
from inbox.triage.topics.heard import Judge, beside_words, identifiers, of_word
from inbox.triage.topics.names import Topic
from inbox.triage.topics.weights import CORPUS, FILE, UNIT, Weights, digest, write

STRENGTH = 1.0  # C of the support vectors: how much an example may pull
LEAST = 4 / UNIT  # weights that say less are left out
TOP = 3
POINTS = {"sure": 3.0, "likely": 1.5, "hint": 0.5}  # of a phrase


@dataclass(frozen=True)
class Example:
    text: str
    topic: str
    also: tuple[str, ...]
    file: str  # who wrote it, more or less: the same pen writes a file

    @cached_property
    def read(self) -> Text:
        return Text(self.text)

    @cached_property
    def said(self) -> list[Token]:
        return list(tokens(self.read, identifiers(self.findings)))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return find(self.read, Context())


Ranker = Callable[[Example], Sequence[str]]


def examples(paths: Iterable[Path] = ()) -> list[Example]:
    """Of these files, or of the corpus."""
    return [
        Example(row["text"], row["topic"], tuple(row["also"]), path.stem)
        for path in paths or sorted(CORPUS.glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def learn(taught: Sequence[Example]) -> Weights:
    known = often({f"_{word}_" for word, _here in example.said} for example in taught)
    loud = [_loud(example, known) for example in taught]
    names = sorted(often({name for name, _loudness in row} for row in loud))
    topics = sorted({example.topic for example in taught})
    machine = LinearSVC(C=STRENGTH, random_state=0)
    machine.fit(_matrix(loud, names), [topics.index(example.topic) for example in taught])
    found = {name: _weights(column) for name, column in zip(names, machine.coef_.T, strict=True)}
    return Weights(digest(), tuple(topics), tuple(map(float, machine.intercept_)), {n: w for n, w in found.items() if w})


def _loud(example: Example, known: Container[str]) -> list[tuple[str, float]]:
    """Features as a judge adds them up: of each word its own, and what stands beside words once."""
    of_words = chain.from_iterable(of_word(word, known) for word in dict(example.said))
    beside = {one.name: one.loudness for one in beside_words(example.read, example.said, example.findings, Everything(()))}
    return [*of_words, *beside.items()]


def _matrix(loud: Sequence[Sequence[tuple[str, float]]], names: Sequence[str]) -> csr_matrix:
    place = {name: at for at, name in enumerate(names)}
    cells: list[tuple[int, int, float]] = []
    for row, features in enumerate(loud):
        heard = [(place[name], loudness) for name, loudness in features if name in place]
        length = sum(loudness**2 for _at, loudness in heard) ** 0.5
        cells += [(row, at, loudness / length) for at, loudness in heard]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), (len(loud), len(names)))  # adds up what a row has twice


def _weights(column: Iterable[float]) -> tuple[tuple[int, float], ...]:
    return tuple((topic, round(float(weight), 2)) for topic, weight in enumerate(column) if abs(weight) >= LEAST)


def measure(kept_out: Iterable[Example], ranker: Ranker) -> tuple[float, float]:
    """How often the topic was first, and how often among the first three."""
    places = [_place(ranker(example), example.topic) for example in kept_out]
    return sum(place == 0 for place in places) / len(places), sum(place < TOP for place in places) / len(places)


def by_rules(example: Example) -> list[str]:
    """Without the weights: what they must beat to be worth having."""
    points = _points(example.read)
    return sorted(points, key=lambda topic: (topic == Topic.GREETING, -points[topic], topic)) or [Topic.OTHER.value]


def _points(text: Text) -> Mapping[str, float]:
    """What the phrases of lexicons/topics.toml say of each topic. The same twice says no more than once."""
    total: dict[str, float] = defaultdict(float)
    denied = rules.denied(text)
    for group, cues in text.cues.items():
        topic, _, level = group.removeprefix(rules.PREFIX).rpartition("_")
        if group.startswith(rules.PREFIX) and level in POINTS and topic not in denied:
            total[topic] += POINTS[level] * len({text.folded[cue.start : cue.end] for cue in cues})
    return total


def with_weights(weights: Weights) -> Ranker:
    judge = Judge(weights)
    return lambda example: [one.topic for one in rank(example.read, Context(), example.findings, judge)]


def _place(topics: Sequence[str], topic: str) -> int:
    return topics.index(topic) if topic in topics else len(Topic)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--measure", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    known = examples()
    _say(f"{len(known)} examples, {len({example.topic for example in known})} topics", None)
    if asked.measure:
        _measure(known)
    else:
        FILE.write_text(write(learn(known)), encoding="utf-8")
        _say(f"{FILE.name}: {FILE.stat().st_size // 1024} KB", None)


def _measure(known: Sequence[Example]) -> None:
    _say("rules alone", measure(known, by_rules))
    counts = Counter(example.file for example in known)
    figures = {file: left_out(known, file) for file in sorted(counts)}
    for file, of_file in figures.items():
        _say(f"{file} ({counts[file]}), by the other files", of_file)
    first, in_three = (sum(figures[file][place] * counts[file] for file in counts) / len(known) for place in (0, 1))
    _say("each file by the others", (first, in_three))


def left_out(known: Sequence[Example], file: str) -> tuple[float, float]:
    """How good what the other files teach is on this one: on another writer's messages, that is."""
    weights = learn([example for example in known if example.file != file])
    return measure([example for example in known if example.file == file], with_weights(weights))


def _say(what: str, figures: tuple[float, float] | None) -> None:
    sys.stdout.write(f"{what}: first {figures[0]:.3f}, in three {figures[1]:.3f}\n" if figures else f"{what}\n")


if __name__ == "__main__":
    main()
