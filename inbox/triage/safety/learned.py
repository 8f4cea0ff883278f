"""What words together say of an adverse event: where no rule ties them, they may find one; where they deny it, no rule holds.

Weights by train.py.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety import against
from inbox.triage.safety.scene import GROUPS, Event, Scene
from inbox.triage.text import Text
from inbox.triage.topics.features import Feature, Vocabulary, neighbours, of_words, tokens

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
UNIT = 100  # weights are whole hundredths
# By measuring, each part of the examples by the others: train.py says how good they are.
FOUND = 0.1  # from here on, words about a product are enough, where something is said that happens to people
TAKEN = 0.35  # where nothing in the word lists happened, but something was taken
NAMED = 0.45  # where neither is said
UNNAMED = 0.6  # where no product is named
DENIED = -0.2  # below, a rule was taken in
DOUBTED = 0.1  # below, one that ties little was
LOOSE = frozenset({"AE-endangered", "AE-lack-of-effect", "AE-overdose", "AE-error-reached"})
TOOK = ("exposure.taken", "exposure.since_taking", "exposure.caused", "reactions.reacted")
FIRM = frozenset({"AE-pregnancy", "AE-darkened", "AE-headed"})  # whatever else is said
TOLD = ("special.no_effect", "special.fake", "special.expecting", "special.got_into", "special.misused")
WRONGLY = ("special.error", "special.too_much", "special.swallowed")
SHOWN = 3  # words that spoke loudest
HEARD = ("exposure.", "special.", "speech.", "products.")
CUE = 1.5  # how loudly a cue of the word lists speaks


@dataclass(frozen=True)
class Weights:
    bias: float
    features: Mapping[str, float]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.features)


def heard(text: Text, vocabulary: Vocabulary) -> Iterator[Feature]:
    """Those that the weights know, some more than once: words, or their pieces; what stands together; cues of the word lists."""
    said = list(tokens(text))
    yield from of_words(said, vocabulary)
    yield from neighbours(said, vocabulary.known)
    yield from (feature for feature in _meant(text) if feature.name in vocabulary.known)


def _meant(text: Text) -> Iterator[Feature]:
    for group, cues in text.cues.items():
        if group in GROUPS or group.startswith(HEARD):
            name = f"={group.partition('.')[2] if group in GROUPS else group}"
            yield Feature(name, CUE, tuple((cue.start, cue.end) for cue in cues))


def suspicion(text: Text, weights: Weights) -> tuple[float, list[Feature]]:
    """How much the words speak for an adverse event, and those that do, loudest first."""
    known = weights.features
    found = {feature.name: feature for feature in heard(text, weights.vocabulary)}.values()
    length = sum(feature.loudness**2 for feature in found) ** 0.5 or 1.0
    score = weights.bias + sum(known[feature.name] * feature.loudness for feature in found) / length
    return score, sorted(found, key=lambda feature: known[feature.name] * feature.loudness, reverse=True)


def denies(scene: Scene, rule: str, in_danger: bool = False, weights: Weights | None = None) -> bool:
    """A rule held, but what is said beside it is praise, hearsay, a question beforehand, a joke."""
    loose = rule in LOOSE
    if rule in FIRM or (in_danger and not loose):
        return False
    return suspicion(scene.text, weights or learned())[0] < (DOUBTED if loose and not in_danger else DENIED)


def find(scene: Scene, weights: Weights | None = None) -> Iterator[Finding]:
    if against.told_in_a_story(scene) or not (scene.products or _is_told_of_something_unnamed(scene)):
        return
    if scene.events and all(_is_no_harm(scene, event) for event in scene.events):
        return
    score, loudest = suspicion(scene.text, weights or learned())
    if score < _enough(scene):
        return
    cues = tuple(Cue("word", *span) for feature in loudest[:SHOWN] for span in feature.spans[:1] if span[0] < span[1])
    yield Finding(
        family=Family.SAFETY,
        type="adverse_event",
        start=min(cue.start for cue in cues),
        end=max(cue.end for cue in cues),
        confidence=Confidence.LOW,
        rule="AE-learned",
        cues=cues,
        urgency=Urgency.SOON,
    )


def _enough(scene: Scene) -> float:
    """How much the words must say: the less, the more the word lists know of what happened."""
    cues = scene.text.cues
    if not scene.products:
        return UNNAMED
    if scene.events or any(group in cues for group in TOLD):
        return FOUND
    return TAKEN if any(group in cues for group in TOOK) else NAMED


def _is_no_harm(scene: Scene, event: Event) -> bool:
    return against.slept_well(scene, event) or against.is_of_the_price(scene, event) or against.is_sought_for(scene, event)


def _is_told_of_something_unnamed(scene: Scene) -> bool:
    """Something was taken or given, and something happened or was done wrongly: nobody is ill of a fall or of the winter."""
    cues = scene.text.cues
    return any(group in cues for group in TOOK) and (bool(scene.events) or any(group in cues for group in WRONGLY))


@cache
def learned() -> Weights:
    return read(FILE.read_text(encoding="utf-8"))


@cache
def digest() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]


def read(written: str) -> Weights:
    """The bias; then a feature and its weight a line."""
    bias, *rest = written.splitlines()
    pairs = (line.rpartition("\t") for line in rest)
    return Weights(int(bias) / UNIT, {name: int(weight) / UNIT for name, _tab, weight in pairs})


def write(weights: Weights) -> str:
    lines = (f"{name}\t{round(weight * UNIT)}" for name, weight in sorted(weights.features.items()))
    return "\n".join([str(round(weights.bias * UNIT)), *lines]) + "\n"
