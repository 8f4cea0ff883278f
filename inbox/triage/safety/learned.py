"""What words together say of an adverse event: where no rule ties them, they may find one; where they deny it, no rule holds.

Weights by train.py.
"""

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from inbox.triage import network, transformer
from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.safety import against
from inbox.triage.safety.relations.taking import is_only_asked_for
from inbox.triage.safety.scene import GROUPS, Event, Scene
from inbox.triage.safety.shapes import shapes, speaks_of
from inbox.triage.text import Span, Text
from inbox.triage.topics.features import Feature, Vocabulary, neighbours, of_words, shown
from inbox.triage.words import goods

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
UNIT = 100  # weights are whole hundredths
# By measuring, each part of the examples by the others: train.py says how good they are.
FOUND = -0.7  # from here on, words about a product are enough, where it was taken or something is said that happens to people
NAMED = -0.6  # where neither is said, or somebody is in danger, of something else perhaps
UNNAMED = -0.6  # where no product is named
OPEN = 2.6  # where all that happened is denied, supposed, asked or told of everybody
UNLIKELY = 0.5  # where the word lists know of no product that was taken; or a rule was taken in
UNTOLD = 2.0  # where they know of nothing that happened either, or only of “effects”
NO_HARM_AT_ALL = 3.3  # where they know that what happened is no harm
DENIED = -0.5  # below, a rule was taken in
DENIED_SURE = -0.6  # below, even one that ties what was taken to what happened
DOUBTED = 0.0  # below, one that ties little was
LOOSE = frozenset({"AE-together", "AE-endangered", "AE-lack-of-effect", "AE-overdose", "AE-error-reached"})
SURE = frozenset({"AE-since", "AE-acts", "AE-follows", "AE-while-taking"})
TOOK = ("exposure.taken", "exposure.since_taking", "exposure.caused", "reactions.reacted")
# Whatever else is said; or told in a language of which the weights know nothing.
FIRM = frozenset({"AE-pregnancy", "AE-unawares", "AE-died", "AE-darkened", "AE-headed", "AE-endangered-abroad"})
TOLD = ("special.no_effect", "special.fake", "special.expecting", "special.got_into", "special.misused")
WRONGLY = ("special.error", "special.too_much", "special.swallowed", "special.regimen")
UNNAMED_BUT_TAKEN = frozenset({*TOOK, *WRONGLY})
GENERAL = frozenset({"effects"})
NO_HARM = (
    against.slept_well,
    against.is_of_the_price,
    against.is_sought_for,
    against.was_before,
    against.was_endured,
    against.is_no_more,
    against.is_reason,
    against.is_of_no_product,
)
NOT_TOLD = (against.denied, against.supposed, against.told_of_everybody, against.asked_in_general, against.is_hearsay)
IN_ORDER, MEANT = 0.25, 0.7  # how much what the network and the transformer say counts beside what the words say
AGAINST = 0.15  # how much the transformer's word counts against a rule
UNHEARD = -4.5  # what says less by its order tells of none: of 657 that were found, none
HOPELESS = -1.5  # whatever the transformer says, words and order that say less are of no adverse event: it need not be asked
RECALL = 1.0  # as if it were so much likelier: who reads it judges
SENTENCE = 0.3  # so much more must be said where only one sentence of many says it
SHOWN = 3  # words that spoke loudest
TOLD_IN = 4  # words at least: fewer tell nothing
HEARD = ("exposure.", "special.", "speech.", "products.")
CUE = 1.5  # how loudly a cue of the word lists speaks


@dataclass(frozen=True)
class Weights:
    bias: float
    features: Mapping[str, float]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.features)


def heard(scene: Scene, vocabulary: Vocabulary) -> Iterator[Feature]:
    """Those that the weights know, some more than once: words, or their pieces; what stands together; cues of the word lists."""
    yield from of_words(scene.text.tokens, vocabulary)
    yield from neighbours(scene.text.pairs, vocabulary.known)
    yield from _meant(scene.text, vocabulary.known)
    yield from shapes(scene, vocabulary.known)


def _meant(text: Text, known: Container[str]) -> Iterator[Feature]:
    for group, places in text.places.items():
        if (name := _of_group(group)) and name in known:
            yield Feature(name, CUE, places)


@cache
def _of_group(group: str) -> str:
    """ "" for a group that is not heard."""
    if group in GROUPS:
        return f"={GROUPS[group]}"
    return f"={group}" if group.startswith(HEARD) else ""


def suspicion(scene: Scene, weights: Weights) -> tuple[float, Collection[Feature]]:
    """How much the words speak for an adverse event, and all that were heard."""
    found = {feature.name: feature for feature in heard(scene, weights.vocabulary)}.values()
    return _score(found, weights), found


def _score(found: Collection[Feature], weights: Weights) -> float:
    length = sum([feature.loudness * feature.loudness for feature in found]) ** 0.5 or 1.0
    return weights.bias + sum([weights.features[feature.name] * feature.loudness for feature in found]) / length


def _loudest_sentence(scene: Scene, found: Iterable[Feature], weights: Weights) -> float:
    """How much that one speaks for an adverse event which does so most: the others may be about a file and a telephone number."""
    sentences = ([one for one in found if _is_within(one, sentence)] for sentence in scene.text.sentences)
    return max(_score(said, weights) for said in sentences)


def _is_within(feature: Feature, sentence: Span) -> bool:
    return all(sentence.start <= start < sentence.end for start, _end in feature.spans)


def denies(scene: Scene, rule: str, in_danger: bool = False, weights: Weights | None = None) -> bool:
    """A rule held, but what is said beside it is praise, hearsay, a question beforehand, a joke.

    weights: others than those in use, which then judge alone; below as well.
    """
    if rule in FIRM or (in_danger and rule not in LOOSE):
        return False
    score, said = suspicion(scene, weights or learned())
    more = max(score, _loudest_sentence(scene, said, weights or learned()) - SENTENCE) - _too_little(rule, in_danger)
    if weights is None and more < AGAINST * network.SURE:  # above, nothing that the transformer might say would take it back
        more += AGAINST * _meant_as(scene)
    return more < 0


def _too_little(rule: str, in_danger: bool) -> float:
    if rule in SURE:
        return DENIED_SURE
    return DOUBTED if rule in LOOSE and not in_danger else DENIED


def find(scene: Scene, in_danger: bool = False, weights: Weights | None = None, *, doubted: bool = False) -> Iterator[Finding]:
    """doubted: a rule held, and was taken in."""
    if len(scene.text.words) < TOLD_IN or against.told_in_a_story(scene) or against.all_is_well(scene):
        return
    if goods.are_named_alone(scene.text):
        return
    if weights is None and not doubted and network.odds(_told(scene)) < UNHEARD:
        return
    score, said = suspicion(scene, weights or learned())
    more = beside(scene, score) if weights is None else 0.0
    if score + more < _enough(scene, in_danger, doubted):
        return
    cues = tuple(Cue("word", *span) for span in shown(_loudest(said, weights or learned()), SHOWN))
    if not cues:  # not a word of it was ever learned
        return
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


def beside(scene: Scene, score: float) -> float:
    """What the network and the transformer add to what the words say, or take from it."""
    in_order = IN_ORDER * (network.odds(_told(scene)) + RECALL)
    return in_order + MEANT * _meant_as(scene) if score + in_order >= HOPELESS else in_order


def _told(scene: Scene) -> float:
    """How likely an adverse event is, by the order of the words."""
    return max(piece.heard.adverse_event for piece in network.in_pieces(scene.text))


def _meant_as(scene: Scene) -> float:
    """How much likelier an adverse event is than not, to the transformer."""
    return network.odds(max(heard.adverse_event for heard in transformer.in_pieces(scene.text)))


def _loudest(said: Collection[Feature], weights: Weights) -> list[Feature]:
    return sorted(said, key=lambda feature: weights.features[feature.name] * feature.loudness, reverse=True)


def _enough(scene: Scene, in_danger: bool, doubted: bool) -> float:
    """How much must be said: the less, the more the word lists know of what happened."""
    if _is_harmless(scene):
        return NO_HARM_AT_ALL
    if against.told_no_harm(scene):
        return OPEN
    if doubted or not _is_of_a_product(scene, in_danger):
        told = in_danger or any(event.kinds - GENERAL for event in scene.events)
        return UNLIKELY if told else UNTOLD
    if scene.events and all(_is_not_told(scene, event) for event in scene.events):
        return OPEN
    if in_danger:
        return NAMED
    if not scene.products:
        return UNNAMED
    return FOUND if scene.events or any(group in scene.text.cues for group in (*TOLD, *TOOK)) else NAMED


def _is_harmless(scene: Scene) -> bool:
    if scene.events:
        return all(_is_no_harm(scene, event) for event in scene.events)
    return _is_a_failing_device(scene)


def _is_a_failing_device(scene: Scene) -> bool:
    """“Le capteur a décollé pendant la nuit”: a complaint, and nobody was harmed."""
    cues = scene.text.cues
    devices = cues.get("devices.device", ()) if "devices.failed" in cues else ()
    return any(device.start < product.end and product.start < device.end for device in devices for product in scene.products)


def _is_not_told(scene: Scene, event: Event) -> bool:
    return any(speaks(scene, event) for speaks in NOT_TOLD)


def _is_no_harm(scene: Scene, event: Event) -> bool:
    """Nor is what is said in one clause with what stopped: “ma plaie a arrêté de saigner”."""
    clause = scene.text.clause(event.start)
    beside = (other for other in scene.events if clause.start <= other.start < clause.end)
    return any(harmless(scene, event) for harmless in NO_HARM) or any(against.is_no_more(scene, other) for other in beside)


def _is_of_a_product(scene: Scene, in_danger: bool) -> bool:
    """One is named; or else something was taken, given or done wrongly: nobody is ill of a fall or of the winter."""
    if scene.products or in_danger:
        return any(not is_only_asked_for(scene, product) for product in scene.products)
    return not UNNAMED_BUT_TAKEN.isdisjoint(scene.text.cues) or speaks_of(scene.text, "pill")


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
