"""A second opinion on danger: what the words say together where no rule ties them. Weights by train.py.

Two word lists hold what the words mean (lexicons/dark.toml, alarm.toml), a third what makes such words light (light.toml); the
weights hear them beside the words themselves, and in pairs.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.text import Span, Text
from inbox.triage.topics.features import Feature, Vocabulary, features
from inbox.triage.topics.weights import Weights, read

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
CORPUS = HERE / "corpus"
ANY = "danger"  # of whichever kind
KINDS = ("self_harm", "emergency", "poisoning")
MEANINGS = ("dark.", "alarm.", "light.")
LISTS = ("self_harm.", "emergency.", "poisoning.", "medication_errors.", "speech.", "people.", "body.", "idioms.", "reactions.")
EVERYWHERE = frozenset({"emergency.person_here", "people.adult", "people.child", "people.self"})
# Small words of which every message is made, and marks: people in danger ask as well.
SMALL = frozenset(
    f"_{word}_"
    for line in (
        "pis s c j l d n m t qu le la les un une des de du au aux en ce ca ces mon ma mes son sa ses notre nos votre vos et a je",
        "y the of to is are it in on at for and an that this my i ? ! bonjour allo hello hi svp stp please",
    )
    for word in line.split()
)
# What never makes a danger smaller.
JOKES_AND_THANKS = re.compile(
    r"(?<!\w)(?:h?(?:ha){2,}h?|lol+|mdr+|ptdr|lmf?ao|rofl|jk|merci(?: beaucoup| bcp)?|thanks?(?: you| so much| a lot)*)(?!\w)"
    r"|[^\w\s.,;:'\"()/?!+%$#*=&@<>-]+"
)
MEANT, CUE, PAIR = 2.0, 1.5, 0.7  # how loudly each kind speaks: by trying, on the corpus
SILENCE = 4.0  # as if so much more had been said: a word or two are little to judge by
THRESHOLD = 0.2  # train.py says what it costs
DOUBT = 0.5  # where the rules heard a story, a lesson, a good end, or a side effect that is not serious
HARMLESS = -0.6  # less than this, and a phrase that a rule knows was a figure of speech
SHOWN = 3  # words that spoke loudest


@dataclass(frozen=True, slots=True)
class Opinion:
    scores: Mapping[str, float]
    loudest: tuple[Feature, ...]  # for danger

    @property
    def danger(self) -> float:
        return self.scores[ANY]

    @property
    def kind(self) -> str:
        return max(KINDS, key=lambda kind: self.scores[kind])


def heard(text: Text, vocabulary: Vocabulary) -> dict[str, Feature]:
    """What the weights see of a text: the words as topics see them, what the lists say of them, and what is meant together."""
    jokes = [Span(*found.span()) for found in JOKES_AND_THANKS.finditer(text.folded)]
    found = {
        feature.name: feature
        for feature in features(text, vocabulary)
        if feature.name not in SMALL and not (jokes and _is_in_jest(feature, jokes))
    }
    meant = {}
    for group, cues in text.cues.items():
        if group.startswith(MEANINGS):
            meant[group] = found[f"={group}"] = _feature(f"={group}", MEANT, cues)
        elif group.startswith(LISTS) and group not in EVERYWHERE:
            found[f"={group}"] = _feature(f"={group}", CUE, cues)
    for one, other in combinations(sorted(meant), 2):
        if (name := f"{one}&{other}") in vocabulary.known:
            found[name] = Feature(name, PAIR, (meant[one].spans[0], meant[other].spans[0]))
    return found


def _is_in_jest(feature: Feature, jokes: Iterable[Span]) -> bool:
    inside = [any(joke.start <= start and end <= joke.end for joke in jokes) for start, end in feature.spans]
    return any(inside) if " " in feature.name else all(inside)


def length_of(loudness: Iterable[float]) -> float:
    return (SILENCE**2 + sum(each**2 for each in loudness)) ** 0.5


def _feature(name: str, loudness: float, cues: Iterable[Cue]) -> Feature:
    return Feature(name, loudness, tuple((cue.start, cue.end) for cue in cues))


def opinion(text: Text, weights: Weights | None = None) -> Opinion:
    weights = weights or learned()
    known = weights.features
    found = [feature for name, feature in heard(text, weights.vocabulary).items() if name in known]
    length = length_of(feature.loudness for feature in found)
    totals = [0.0] * len(weights.topics)
    spoke = []
    for feature in found:
        for number, weight in known[feature.name]:
            totals[number] += weight * feature.loudness
            if not number:
                spoke.append((weight * feature.loudness, feature))
    spoke.sort(key=lambda pair: -pair[0])
    scores = {name: bias + total / length for name, bias, total in zip(weights.topics, weights.biases, totals, strict=True)}
    return Opinion(scores, tuple(feature for _weight, feature in spoke))


def finding(said: Opinion) -> Finding:
    cues = tuple(Cue("word", *span) for feature in said.loudest[:SHOWN] for span in feature.spans[:1])
    return Finding(
        family=Family.CRISIS,
        type=said.kind,
        start=min(cue.start for cue in cues),
        end=max(cue.end for cue in cues),
        confidence=Confidence.LOW,
        rule=f"{said.kind}.learned",
        cues=cues,
        urgency=Urgency.NOW,
    )


@cache
def learned() -> Weights:
    return read(FILE.read_text(encoding="utf-8"))


def corpus_digest() -> str:
    """Changes with every example."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(CORPUS.glob("*.jsonl")))).hexdigest()[:16]


@cache
def digest() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]
