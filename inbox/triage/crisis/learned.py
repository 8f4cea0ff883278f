"""A second opinion on danger: what the words say together where no rule ties them. Weights by train.py.

Two word lists hold what the words mean (lexicons/dark.toml, alarm.toml), a third what makes such words light (light.toml); the
weights hear them beside the words themselves, and in pairs.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from inbox.triage.findings import Confidence, Cue, Family, Finding, Urgency
from inbox.triage.text import Span, Text
from inbox.triage.topics.features import Feature, Vocabulary, features, shown
from inbox.triage.topics.weights import Weights, read

HERE = Path(__file__).parent
FILE = HERE / "weights.tsv"
CORPUS = HERE / "corpus"
ANY = "danger"  # of whichever kind
KINDS = ("self_harm", "emergency", "poisoning")
BY_OTHERS = ("threat", "medication_error")  # what somebody does: told in other words, and heard for themselves
MEANINGS = ("dark.", "alarm.", "light.")
LISTS = ("self_harm.", "emergency.", "poisoning.", "medication_errors.", "speech.", "people.", "body.", "idioms.", "reactions.")
# What rules use beside their heart: it stands in any message, and says who writes to whom.
EVERYWHERE = frozenset(
    {
        "emergency.hives",
        "emergency.not_an_age",
        "emergency.person_here",
        "emergency.training",
        "medication_errors.counting",
        "medication_errors.fetched",
        "medication_errors.handed_out",
        "medication_errors.label_says",
        "medication_errors.not_a_medicine",
        "medication_errors.person_given",
        "medication_errors.since_taken",
        "people.adult",
        "people.child",
        "people.self",
        "poisoning.dosed_with",
        "poisoning.on_paper",
        "poisoning.pet_food",
        "poisoning.thing",
        "self_harm.alarm_clock",
        "self_harm.by_medicines",
        "self_harm.pronoun",
        "self_harm.reference",
    }
)
# Meanings that say who, when or with what: alone they are no danger.
SETTING = frozenset(
    {
        "alarm.call",
        "alarm.creature",
        "alarm.elder",
        "alarm.little_one",
        "alarm.missing",
        "alarm.now",
        "alarm.pills",
        "alarm.young",
        "dark.dose_asked",
        "dark.kin",
        "dark.life",
        "dark.night",
        "dark.wanting",
    }
)
# Small words of which every message is made, and marks: people in danger ask as well.
SMALL = frozenset(
    f"_{word}_"
    for line in (
        "pis s c j l d n m t qu le la les un une des de du au aux en ce ca ces mon ma mes son sa ses notre nos votre vos et a je",
        "pour qui que quoi avec par sur dans chez il elle on ils elles nous me m se lui moi toi",
        "est suis sont ai as ete c cest si ou mais donc",
        "y the of to is are it in on at for and an that this my i ? ! bonjour allo hello hi svp stp please",
        "was were be been am he she they we you your his her with so but or if from by as do does did have has had me us",
    )
    for word in line.split()
)
# What never makes a danger smaller.
JOKES_AND_THANKS = re.compile(
    r"(?<!\w)(?:h?(?:ha){2,}h?|lol+|mdr+|ptdr|lmf?ao|rofl|jk|merci(?: beaucoup| bcp)?|thanks?(?: you| so much| a lot)*)(?!\w)"
    r"|[^\w\s.,;:'\"()/?!+%$#*=&@<>\u0300-\u036f-]+"
)
TOGETHER = re.compile(r"[ &>]")  # in the name of a feature that is two
MEANT, CUE, PAIR = 2.0, 1.5, 0.6  # how loudly each kind speaks: by trying, on the corpus
SENTENCE = 0.3  # so much surer, where one sentence of many speaks of danger and the others do not
TWICE = 2  # kinds of danger in that sentence
SILENCE = 4.0  # as if so much more had been said: a word or two are little to judge by
SPEAKS = 0.1  # from here on words alone say that somebody is in danger: train.py says how well
SHOWN = 3  # words that spoke loudest


class Opinion:
    def __init__(self, found: Sequence[Feature], weights: Weights) -> None:
        self.found = found
        self.weights = weights

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """Of each kind, how much is said of it."""
        loudness = [feature.loudness for feature in self.found]
        said = self.weights.table[[self.weights.rows[feature.name] for feature in self.found]] * np.array(loudness)[:, None]
        totals = self.weights.biases + said.sum(axis=0) / length_of(loudness)
        return dict(zip(self.weights.topics, totals.tolist(), strict=True))

    @property
    def danger(self) -> float:
        return self.scores[ANY]

    @property
    def by_others(self) -> float:
        """That somebody does it to others, in whichever way."""
        return max(self.scores[kind] for kind in BY_OTHERS)

    def loudest(self, kind: str = ANY) -> Sequence[Feature]:
        """Of those that say anything of danger, or of one kind of it."""
        speaks = self.weights.table[:, self.weights.topics.index(kind)]
        said = [(speaks[self.weights.rows[feature.name]] * feature.loudness, feature) for feature in self.found]
        return [feature for loud, feature in sorted(said, key=lambda each: -each[0]) if loud]


def heard(text: Text, vocabulary: Vocabulary) -> dict[str, Feature]:
    """What the weights see of a text: the words as topics see them, what the lists say of them, and what is meant together."""
    jokes = {at for found in JOKES_AND_THANKS.finditer(text.folded) for at in range(*found.span())}
    found = {
        feature.name: feature
        for feature in features(text, vocabulary)
        if feature.name not in SMALL and not (jokes and _is_in_jest(feature, jokes))
    }
    meant = {}
    for group, places in text.places.items():
        if loudness := _loudness(group):
            name = f"={group}"
            meant[group] = found[name] = Feature(name, loudness, places)
    for one, other in combinations(sorted(meant), 2):
        if (name := f"{one}&{other}") in vocabulary.known:
            found[name] = Feature(name, PAIR, (meant[one].spans[0], meant[other].spans[0]))
    return found


def _is_in_jest(feature: Feature, jokes: Container[int]) -> bool:
    """jokes: where their letters stand."""
    inside = [start in jokes and end - 1 in jokes for start, end in feature.spans]
    return any(inside) if TOGETHER.search(feature.name) else all(inside)


def length_of(loudness: Iterable[float]) -> float:
    return (SILENCE**2 + sum([each * each for each in loudness])) ** 0.5


def is_heard(group: str) -> bool:
    """Whether a list of words counts when danger is judged."""
    return _loudness(group) > 0


@cache
def _loudness(group: str) -> float:
    """0 for a list that is not heard."""
    if not group.startswith((*MEANINGS, *LISTS)) or group in EVERYWHERE:
        return 0.0
    return MEANT if group.startswith(MEANINGS) else CUE


def opinion(text: Text, weights: Weights | None = None) -> Opinion:
    """Of the whole, or of the sentence that speaks of danger in a long message about other things."""
    weights = weights or learned()
    known = weights.features
    found = [feature for name, feature in heard(text, weights.vocabulary).items() if name in known]
    whole = Opinion(found, weights)
    if len(text.sentences) == 1:
        return whole
    grave = [sentence for sentence, count in _dangers(text).items() if count >= TWICE]
    worst = max((Opinion(_within(found, sentence), weights) for sentence in grave), key=lambda said: said.danger, default=whole)
    return worst if worst.danger - SENTENCE > whole.danger else whole


def _dangers(text: Text) -> Counter[Span]:
    """Of how many kinds each sentence speaks."""
    kinds = {(text.sentence(cue.start), group) for group, cues in text.cues.items() if means_danger(group) for cue in cues}
    return Counter(sentence for sentence, _group in kinds)


def _within(found: Iterable[Feature], sentence: Span) -> list[Feature]:
    """Of what stands together, both."""
    inside = ((feature, [sentence.start <= start < sentence.end for start, _end in feature.spans]) for feature in found)
    return [feature for feature, here in inside if (all(here) if TOGETHER.search(feature.name) else any(here))]


def is_spoken_of(text: Text) -> bool:
    """Whether anything in it means danger, and not only somebody, some time or some medicine."""
    return any(map(means_danger, text.cues))


@cache
def means_danger(group: str) -> bool:
    return group.startswith(MEANINGS[:2]) and group not in SETTING


def finding(kind: str, cues: Sequence[Cue]) -> Finding:
    return Finding(
        family=Family.CRISIS,
        type=kind,
        start=min(cue.start for cue in cues),
        end=max(cue.end for cue in cues),
        confidence=Confidence.LOW,
        rule=f"{kind}.learned",
        cues=tuple(cues),
        urgency=Urgency.NOW,
    )


def cues(said: Opinion, kind: str) -> Sequence[Cue]:
    """The words that spoke loudest for one kind of danger."""
    return tuple(Cue("word", *span) for span in shown(said.loudest(kind), SHOWN))


@cache
def learned() -> Weights:
    return read(FILE.read_text(encoding="utf-8"))


def corpus_digest() -> str:
    """Changes with every example."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(CORPUS.glob("*.jsonl")))).hexdigest()[:16]


@cache
def digest() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]
