"""What a message is about, best first, each topic with the words that spoke for it.

Learned weights (weights.tsv) read the words, two word lists (lexicons/topics.toml: phrases of each topic; lexicons/meanings.toml:
words by what they mean) and what the other detectors found; the network adds what their order says, the
transformer what they mean. Danger leads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from inbox.triage import network, transformer
from inbox.triage.findings import Context, Cue, Family, Finding, RankedTopic
from inbox.triage.network.inputs import DIGIT
from inbox.triage.text import Text
from inbox.triage.topics import rules
from inbox.triage.topics.heard import Heard, Judge, Part, judge
from inbox.triage.topics.names import Topic

A_NUMBER = "000-000-0000"
SHOWN = 3  # topics that are given, and words that are named of each
SECOND = 1
IN_ORDER, MEANT = 0.25, 0.25  # how much what the network and the transformer say counts beside what the words say
CLEAR = 0.5  # so far ahead, and the first topic is sure without the transformer
# What is for detectors to find: where they found nothing, the weights must be surer before a message is called that.
DANGERS = frozenset({Topic.SELF_HARM, Topic.EMERGENCY, Topic.POISONING})
DOUBT = 0.15
# Of what a medicine did, the danger is over more often than not: which comes first is for the weights to say. Both are shown.
OFTEN_OVER = frozenset({Topic.EMERGENCY, Topic.POISONING})


def rank(
    text: Text, context: Context, findings: Sequence[Finding] = (), judged_by: Judge | None = None
) -> tuple[RankedTopic, ...]:
    """Never empty: what says nothing is something else. What endangers somebody leads, whatever else is said.

    judged_by: other weights than those in use, which then judge alone.
    """
    heard = Heard(judged_by or judge(), text, findings)
    own = list(rules.of_own_words(text, context))
    if not heard.speaks and not own:
        return (RankedTopic(Topic.OTHER, 0.0),)
    scores = heard.scores()
    if judged_by is None:
        alike = _with_numbers_alike(text, findings)
        _add(scores, IN_ORDER, network.heard(alike).topics)
        if not _is_clear(scores):
            _add(scores, MEANT, transformer.heard(alike).topics)
    for part in own:
        scores[part.topic] = scores.get(part.topic, 0.0) + part.weight
    for topic in DANGERS - {rules.topic_of(finding) for finding in findings}:
        scores[topic] -= DOUBT
    ordered = _ordered(text, scores, findings)
    return tuple(RankedTopic(topic, round(scores[topic], 3), partial(_cues, topic, heard, own)) for topic in ordered)


def _with_numbers_alike(text: Text, findings: Iterable[Finding]) -> Text:
    """Telephone numbers as most people write them: how one is written says nothing of what a message is about."""
    phones = [finding for finding in findings if finding.family is Family.IDENTIFIER and finding.type == "phone"]
    written = text.original
    for phone in sorted(phones, key=lambda finding: -finding.start):
        written = written[: phone.start] + A_NUMBER + written[phone.end :]
    as_it_was = all(DIGIT.sub("0", text.original[phone.start : phone.end]) == A_NUMBER for phone in phones)
    return text if as_it_was else Text(written)


def _add(scores: dict[str, float], counts: float, said: Mapping[str, float]) -> None:
    for topic, likely in said.items():
        scores[topic] += counts * likely


def _is_clear(scores: Mapping[str, float]) -> bool:
    first, second, *_rest = sorted(scores.values(), reverse=True)
    return first - second > CLEAR


def _ordered(text: Text, scores: Mapping[str, float], findings: Sequence[Finding]) -> Sequence[str]:
    endangering = {rules.topic_of(finding) for finding in findings if finding.family is Family.CRISIS}
    an_event = any(finding.type == Topic.ADVERSE_EVENT for finding in findings)
    leading = endangering - OFTEN_OVER if an_event else endangering
    possible = scores.keys() - (rules.denied(text) - endangering)
    ordered = sorted(possible, key=lambda topic: (topic not in leading, -scores[topic], topic))
    second = [topic for topic in ordered[SECOND:] if topic in endangering]
    return [*ordered[:SECOND], *second, *(topic for topic in ordered[SECOND:] if topic not in second)][:SHOWN]


def _cues(topic: str, heard: Heard, own: Iterable[Part]) -> tuple[Cue, ...]:
    """The words that spoke loudest for it. What two words said together, each said half of."""
    spoke: dict[tuple[int, int], float] = defaultdict(float)
    for part in chain(heard.parts(topic), (part for part in own if part.topic == topic)):
        for span in part.spans:
            spoke[span] += part.weight / len(part.spans)
    loudest = sorted((span for span in spoke if span[0] < span[1]), key=lambda span: (-spoke[span], span))
    return tuple(Cue(topic, *span) for span in loudest[:SHOWN])
