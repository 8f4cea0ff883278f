"""What a message is about, best first, each topic with the words that spoke for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inbox.triage.findings import Context, Cue, Family, Finding
from inbox.triage.text import Text
from inbox.triage.topics import rules
from inbox.triage.topics.names import Topic
from inbox.triage.topics.rules import Evidence

ENOUGH = 1.0  # points under which nothing was said
SHOWN = 5  # cues that are named of a topic
GREETING = 0.1  # a greeting is the topic of what says nothing else


@dataclass(frozen=True, slots=True)
class Ranked:
    topic: str  # a Topic, or the name of one of the organization's own
    score: float
    cues: tuple[Cue, ...] = ()  # the strongest first


def rank(text: Text, context: Context, findings: Sequence[Finding] = ()) -> tuple[Ranked, ...]:
    """Never empty: what says nothing is a greeting, or something else. What endangers somebody leads, whatever else is said."""
    evidence = [*rules.of_words(text), *rules.of_findings(findings), *rules.of_own_words(text, context)]
    scores = dict(rules.points(evidence))
    if Topic.GREETING in scores:
        scores[Topic.GREETING] *= GREETING
    said = {topic: score for topic, score in scores.items() if score >= ENOUGH or topic == Topic.GREETING}
    first = {rules.topic_of(finding) for finding in findings if finding.family is Family.CRISIS}
    ordered = sorted(said, key=lambda topic: (topic not in first, -said[topic], topic))
    return tuple(Ranked(topic, said[topic], _cues(topic, evidence)) for topic in ordered) or (Ranked(Topic.OTHER, 0.0),)


def _cues(topic: str, evidence: Iterable[Evidence]) -> tuple[Cue, ...]:
    spoke = sorted((piece for piece in evidence if piece.topic == topic), key=lambda piece: -piece.points)
    return tuple(dict.fromkeys(piece.cue for piece in spoke))[:SHOWN]
