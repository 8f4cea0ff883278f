"""What single words and findings say of a topic, whatever the weights say: some deny it, and an organization has its own."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from inbox.triage.findings import Context, Finding, OwnTopic
from inbox.triage.text import Text
from inbox.triage.topics.heard import Part
from inbox.triage.topics.names import Topic
from inbox.triage.words import lexicon

OWN = 0.8  # a word that the organization gave for a topic of its own
PREFIX = "topics."
# Findings whose type is no topic of the list.
TOPIC_OF = {
    "threat": Topic.ABUSE,
    "device": Topic.DEVICE_INCIDENT,
    "quality": Topic.PRODUCT_QUALITY,
    "media": Topic.MEDIA_REQUEST,
    "third_party": Topic.THIRD_PARTY_REQUEST,
    "legal": Topic.COMPLAINT,
    "legal_threat": Topic.COMPLAINT,
    "ad_complaint": Topic.COMPLAINT,
}


def denied(text: Text) -> set[str]:
    """Topics that some of the words take away, whatever the others say."""
    return {_topic(group) for group in text.cues.keys() & _takes_away()}


@cache
def _takes_away() -> frozenset[str]:
    return frozenset(group for group in lexicon.groups() if group.startswith(PREFIX) and group.endswith("_never"))


def of_own_words(text: Text, context: Context) -> Iterator[Part]:
    """An organization's own topics, found by the words it gave, at the beginning of a word of the text."""
    for own in context.own_topics:
        for found in _own(own).finditer(text.folded):
            yield Part(own.name, OWN, (found.span(),))


@lru_cache(1000)
def _own(topic: OwnTopic) -> re.Pattern[str]:
    words = (r"\s+".join(map(re.escape, Text(word).folded.split())) for word in topic.words if word.strip())
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words) or '(?!)'})")


def topic_of(finding: Finding) -> str:
    """ "" for a finding that says nothing of the topic."""
    return TOPIC_OF.get(finding.type) or (finding.type if finding.type in _NAMES else "")


_NAMES = frozenset(topic.value for topic in Topic)


def _topic(group: str) -> str:
    return group.removeprefix(PREFIX).rpartition("_")[0]
