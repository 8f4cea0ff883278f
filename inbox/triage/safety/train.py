"""Learn what speaks of an adverse event from safety/corpus and what was written of topics and dangers; measure it on the rest.

    var/venv/bin/python -m inbox.triage.safety.train            measure, learn and write weights.tsv

Needs scikit-learn (requirements-dev.txt); reading the weights does not.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from inbox.triage import crisis, safety
from inbox.triage.crisis.learned import CORPUS as DANGERS
from inbox.triage.findings import Context
from inbox.triage.safety.learned import FILE, HERE, UNIT, Weights, heard, write
from inbox.triage.safety.scene import Scene
from inbox.triage.safety.shapes import speaks_of
from inbox.triage.teaching import Everything, lines, often
from inbox.triage.text import Text
from inbox.triage.topics.features import Vocabulary, words
from inbox.triage.topics.weights import CORPUS

PARTS = 5
STRENGTH = 2.0
ASIDE = 0.5  # how much an example counts that was written for its topic
LEAST = 4 / UNIT
NEITHER = {"medication_error", "poisoning", "emergency", "device_incident", "self_harm"}  # it depends on what was swallowed


@dataclass(frozen=True)
class Example:
    text: Text
    adverse: bool
    counts: float = 1.0

    @cached_property
    def scene(self) -> Scene:
        return Scene(self.text, Context())

    @property
    def part(self) -> int:
        return hashlib.sha256(self.text.original.encode()).digest()[0] % PARTS


def examples() -> list[Example]:
    return [*(Example(Text(row["text"]), row["adverse_event"]) for row in lines(HERE / "corpus")), *_by_topic(), *_of_dangers()]


def _by_topic() -> Iterator[Example]:
    for row in lines(CORPUS):
        topics, text = {row["topic"], *row["also"]}, Text(row["text"])
        if "danger" in row:  # somebody also said whether it is an event; where they were not sure, nothing is learned
            if "adverse_event" in row:
                yield Example(text, row["adverse_event"])
            continue
        if "adverse_event" in topics or not topics & NEITHER or not _is_of_a_product(text):
            yield Example(text, "adverse_event" in topics, ASIDE)


def _of_dangers() -> Iterator[Example]:
    """Who is ill, hurt or poisoned without a medicine tells no adverse event."""
    for row in lines(DANGERS):
        if not _is_of_a_product(text := Text(row["text"])):
            yield Example(text, False, ASIDE)


def _is_of_a_product(text: Text) -> bool:
    return bool(Scene(text, Context()).products) or speaks_of(text, "pill")


def learn(taught: Sequence[Example]) -> Weights:
    everything = Vocabulary(Everything(often(set(words(example.text)) for example in taught)))
    loud = [{feature.name: feature.loudness for feature in heard(example.scene, everything)} for example in taught]
    names = sorted(often(loud))
    place = {name: at for at, name in enumerate(names)}
    cells = [(row, place[name], value) for row, told in enumerate(loud) for name, value in told.items() if name in place]
    rows, columns, values = zip(*cells, strict=True)
    matrix = normalize(csr_matrix((values, (rows, columns)), (len(loud), len(names))))
    machine = LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0)
    counts = np.array([example.counts for example in taught])
    machine.fit(matrix, np.array([example.adverse for example in taught]), sample_weight=counts)
    found = {name: float(weight) for name, weight in zip(names, machine.coef_[0], strict=True) if abs(weight) >= LEAST}
    return Weights(float(machine.intercept_[0]), found)


def measure(kept_out: Sequence[Example], weights: Weights) -> tuple[int, int, int, int]:
    """Found, of how many; falsely found, of how many: by rules and words together."""
    said = [_is_found(example.text, weights) for example in kept_out]
    events = [yes for yes, example in zip(said, kept_out, strict=True) if example.adverse]
    others = [yes for yes, example in zip(said, kept_out, strict=True) if not example.adverse]
    return sum(events), len(events), sum(others), len(others)


def _is_found(text: Text, weights: Weights) -> bool:
    return any(True for _finding in safety.find(text, Context(), crisis.find(text), weights))


def main() -> None:
    told = examples()
    parts = [
        measure([one for one in told if one.part == part], learn([one for one in told if one.part != part]))
        for part in range(PARTS)
    ]
    found, events, false, others = (sum(column) for column in zip(*parts, strict=True))
    sys.stdout.write(f"each fifth by the others: {found} of {events} found, {false} of {others} others taken for events\n")
    FILE.write_text(write(learn(told)), encoding="utf-8")
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
