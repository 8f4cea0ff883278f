"""Learn what speaks of danger from crisis/corpus, the topics' corpus and that of adverse events, and say how good it is
on what it was not taught.

    var/venv/bin/python -m inbox.triage.crisis.train            measure, learn and write weights.tsv

Needs scikit-learn (requirements-dev.txt); reading the weights does not.
"""

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from inbox.triage import engine, safety
from inbox.triage.crisis import SUBJECTS
from inbox.triage.crisis.learned import (
    ANY,
    BY_OTHERS,
    CORPUS,
    FILE,
    HERE,
    KINDS,
    SPEAKS,
    corpus_digest,
    heard,
    length_of,
    opinion,
)
from inbox.triage.findings import Context
from inbox.triage.teaching import Everything, lines, often
from inbox.triage.text import Text
from inbox.triage.topics.features import Vocabulary, words
from inbox.triage.topics.weights import CORPUS as TOPICS
from inbox.triage.topics.weights import UNIT, Weights, write

PARTS = 5
STRENGTH = 3.0
LEAST, LEAST_OF_TWO = 4 / UNIT, 25 / UNIT  # two lists together are many, and most say next to nothing: they would only take time
OURS = 2.0  # what was written for this counts as much as so many others, who are easier to tell from danger
ADVERSE = HERE.parent / "safety" / "corpus"
TWO_LISTS = re.compile(r"[a-z_]+\.[a-z_]+&")  # as learned.heard names them
TAKEN = {"overdose", "medication_error", "misuse"}
PLAIN = {"self_harm", "emergency", "poisoning"}  # topics that are dangers whatever else is said
UNCLEAR = {"adverse_event", "medication_error", "device_incident", "abuse"}  # it depends on how it ended


@dataclass(frozen=True, slots=True)
class Example:
    text: Text
    danger: str  # its kind, or nothing
    ours: bool = False

    @property
    def part(self) -> int:
        return hashlib.sha256(self.text.original.encode()).digest()[2] % PARTS


def examples() -> list[Example]:
    found = [*_ours(), *_of_topics(), *_of_adverse_events()]
    return list({example.text.original.lower(): example for example in reversed(found)}.values())


def _ours() -> Iterator[Example]:
    for row in lines(CORPUS):
        yield Example(Text(row["text"]), row["danger"], ours=True)


def _of_topics() -> Iterator[Example]:
    for row in lines(TOPICS):
        if "danger" in row:  # somebody said whether it is one
            yield Example(Text(row["text"]), row["danger"], ours=True)
            continue
        topics = [row["topic"], *row["also"]]
        danger = next((topic for topic in topics if topic in PLAIN), "")
        if danger or not UNCLEAR & set(topics) or _is_mild(row["text"]):
            yield Example(Text(row["text"]), danger)


def _of_adverse_events() -> Iterator[Example]:
    return (Example(Text(row["text"]), "") for row in lines(ADVERSE) if _is_mild(row["text"]))


def _is_mild(text: str) -> bool:
    """As the rules see it: nothing serious, nobody who took what they should not have."""
    read = Text(text)
    crises = [finding for subject in SUBJECTS for finding in engine.findings(subject, read)]
    return not crises and not any(finding.serious or finding.special in TAKEN for finding in safety.find(read, Context()))


def learn(taught: Sequence[Example]) -> Weights:
    everything = Vocabulary(Everything(often(set(words(example.text)) for example in taught)))
    loud = [{name: one.loudness for name, one in heard(example.text, everything).items()} for example in taught]
    names = sorted(often(loud))
    place = {name: at for at, name in enumerate(names)}
    cells = [cell for row, told in enumerate(loud) for cell in _cells(row, {name: told[name] for name in told if name in place})]
    matrix = csr_matrix(
        (
            [value for _row, _name, value in cells],
            ([row for row, _name, _value in cells], [place[name] for _row, name, _value in cells]),
        ),
        (len(loud), len(names)),
    )
    machines = [_machine(matrix, taught, kind) for kind in (ANY, *KINDS, *BY_OTHERS)]
    weights = np.array([machine.coef_[0] for machine in machines])
    features = {
        name: tuple((number, float(weights[number, at])) for number in range(len(machines)) if abs(weights[number, at]) >= LEAST)
        for name, at in place.items()
    }
    biases = tuple(float(machine.intercept_[0]) for machine in machines)
    return Weights(
        corpus_digest(),
        (ANY, *KINDS, *BY_OTHERS),
        biases,
        {name: some for name, some in features.items() if _is_worth_it(name, some)},
    )


def _is_worth_it(name: str, weights: Sequence[tuple[int, float]]) -> bool:
    least = LEAST_OF_TWO if TWO_LISTS.match(name) else LEAST
    return any(abs(weight) >= least for _kind, weight in weights)


def _cells(row: int, told: Mapping[str, float]) -> Iterator[tuple[int, str, float]]:
    length = length_of(told.values())
    return ((row, name, loudness / length) for name, loudness in told.items())


def _machine(matrix: csr_matrix, taught: Sequence[Example], kind: str) -> LinearSVC:
    """What is done by others is no example of the dangers that people tell of themselves, nor of their absence."""
    rows = [row for row, example in enumerate(taught) if kind in BY_OTHERS or example.danger not in BY_OTHERS]
    machine = LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0)
    is_it = np.array([bool(taught[row].danger) if kind == ANY else taught[row].danger == kind for row in rows])
    return machine.fit(matrix[rows], is_it, sample_weight=np.array([OURS if taught[row].ours else 1.0 for row in rows]))


def measure(kept_out: Sequence[Example], weights: Weights) -> Counter[str]:
    """How many in danger, and others, and how many of each were taken for being in danger, by their words alone."""
    counts: Counter[str] = Counter()
    for example in kept_out:
        who = "in danger" if example.danger else "look-alikes" if example.ours else "others"
        counts[who] += 1
        said = opinion(example.text, weights)
        counts[f"{who}: found"] += max(said.danger, said.by_others) >= SPEAKS
    return counts


def main() -> None:
    told = examples()
    counts: Counter[str] = Counter()
    for part in range(PARTS):
        counts += measure([one for one in told if one.part == part], learn([one for one in told if one.part != part]))
    sys.stdout.write(f"each fifth by the others: {dict(sorted(counts.items()))}\n")
    FILE.write_text(write(learn(told)), encoding="utf-8")
    sys.stdout.write(f"{FILE.name}: {FILE.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
