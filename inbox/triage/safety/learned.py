"""A second net beneath the rules: words that together speak of an adverse event though no rule ties them. Weights by train.py."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety import against
from inbox.triage.safety.scene import GROUPS, Scene
from inbox.triage.text import Text
from inbox.triage.topics.features import Feature, features

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
UNIT = 100  # weights are whole hundredths
THRESHOLD = 0.5  # few look-alikes reach it: train.py says how many
SHOWN = 3  # words that spoke loudest
HEARD = ("exposure.", "special.", "speech.", "products.")
CUE = 1.5  # how loudly a cue of the word lists speaks


@dataclass(frozen=True, slots=True)
class Weights:
    bias: float
    features: Mapping[str, float]


def heard(text: Text, known: Mapping[str, float] | set[str]) -> dict[str, Feature]:
    """What the weights see of a text: words and what stands together, and the cues of the word lists."""
    found = {feature.name: feature for feature in features(text, known)}
    for group, cues in text.cues.items():
        if group in GROUPS or group.startswith(HEARD):
            name = f"={group.partition('.')[2] if group in GROUPS else group}"
            found[name] = Feature(name, CUE, tuple((cue.start, cue.end) for cue in cues))
    return found


def suspicion(scene: Scene, weights: Weights) -> tuple[float, list[Feature]]:
    """How much the words speak for an adverse event, and those that do, loudest first."""
    known = weights.features
    found = [feature for name, feature in heard(scene.text, known).items() if name in known]
    length = sum(feature.loudness**2 for feature in found) ** 0.5 or 1.0
    score = weights.bias + sum(known[feature.name] * feature.loudness for feature in found) / length
    return score, sorted(found, key=lambda feature: known[feature.name] * feature.loudness, reverse=True)


def find(scene: Scene) -> Iterator[Finding]:
    if not scene.products or not scene.text.words or _is_spoken_against(scene):
        return
    score, loudest = suspicion(scene, learned())
    if score < THRESHOLD:
        return
    cues = tuple(Cue("word", *span) for feature in loudest[:SHOWN] for span in feature.spans[:1])
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


def _is_spoken_against(scene: Scene) -> bool:
    """Good news, questions, suppositions, and what the rules know did not happen."""
    if any(scene.cues(group) for group in ("positive", "hypothetical", "asks", "wanted")):
        return True
    return any(against.denied(scene, event) or against.went_away(scene, event) for event in scene.events)


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
