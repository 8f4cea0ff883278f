"""What a message is about, best first, each topic with the words that spoke for it.

Two word lists (lexicons/topics.toml: phrases of each topic; lexicons/meanings.toml: words by what they mean) are read by learned
weights (weights.tsv); what the other detectors found is added, and what they found of danger leads.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from inbox.triage.findings import Context, Cue, Family, Finding, RankedTopic
from inbox.triage.text import Text
from inbox.triage.topics import rules
from inbox.triage.topics.names import Topic
from inbox.triage.topics.weights import Heard, Part, Weights, learned

SHOWN = 3  # topics that are given, and words that are named of each
# What is for detectors to find: where they found nothing, the weights must be surer before a message is called that.
DANGERS = frozenset({Topic.SELF_HARM, Topic.EMERGENCY, Topic.POISONING})
DOUBT = 0.15


def rank(
    text: Text, context: Context, findings: Sequence[Finding] = (), weights: Weights | None = None
) -> tuple[RankedTopic, ...]:
    """Never empty: what says nothing is something else. What endangers somebody leads, whatever else is said."""
    heard = Heard(weights or learned(), text)
    other_parts = [*rules.of_findings(findings), *rules.of_own_words(text, context)]
    if not heard.features and not other_parts:
        return (RankedTopic(Topic.OTHER, 0.0),)
    scores = heard.scores()
    for topic, points in rules.points(other_parts).items():
        scores[topic] = scores.get(topic, 0.0) + points
    for topic in DANGERS - {rules.topic_of(finding) for finding in findings}:
        scores[topic] -= DOUBT
    endangering = {rules.topic_of(finding) for finding in findings if finding.family is Family.CRISIS}
    possible = scores.keys() - (rules.denied(text) - endangering)
    ordered = sorted(possible, key=lambda topic: (topic not in endangering, -scores[topic], topic))[:SHOWN]
    parts = [*heard.parts(ordered), *other_parts]
    return tuple(RankedTopic(topic, round(scores[topic], 3), _cues(topic, parts)) for topic in ordered)


def _cues(topic: str, parts: Iterable[Part]) -> tuple[Cue, ...]:
    """The words that spoke loudest for it. What two words said together, each said half of."""
    spoke: dict[tuple[int, int], float] = defaultdict(float)
    for part in parts:
        if part.topic == topic:
            for span in part.spans:
                spoke[span] += part.weight / len(part.spans)
    loudest = sorted((span for span in spoke if spoke[span] > 0 and span[0] < span[1]), key=lambda span: (-spoke[span], span))
    return tuple(Cue(topic, *span) for span in loudest[:SHOWN])
