"""What triage says of a sentence that somebody types, with an organization's topics and products as they are or will be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.utils.translation import gettext as _

from inbox import triage
from inbox.models import Conversation
from inbox.screening.by_rules.contexts import House
from inbox.screening.shown import words
from inbox.triage.findings import Cue, Finding, OwnTopic, RankedTopic
from inbox.triage.safety.scene import Scene
from inbox.triage.text import Text
from inbox.triage.topics.names import LABELS


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was seen, and the words that made it."""

    label: str
    quoted: str
    own: bool = False
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Tried:
    topics: tuple[Line, ...]  # best first
    products: tuple[str, ...]
    findings: tuple[Line, ...]

    @classmethod
    def of(cls, sentence: str, house: House, names: Mapping[str, str]) -> Self:
        """As under a post of a page of the organization's. names: those of its own topics."""
        context = house.context("facebook", Conversation.Kind.COMMENT, author="")
        reading = triage.read(sentence, context)
        products = Scene(Text(sentence), context).products
        return cls(
            tuple(_topic(each, sentence, names) for each in reading.ranking),
            tuple(dict.fromkeys(sentence[each.start : each.end] for each in products)),
            tuple(dict.fromkeys(_finding(each, sentence) for each in reading.findings)),
        )


def house_of(organization_id: int) -> House:
    return House.of([organization_id])[organization_id]


def with_topic(house: House, topic: OwnTopic) -> House:
    """topic: in the place of what is known under its name, or beside all that is known."""
    return replace(house, own_topics=(*(each for each in house.own_topics if each.name != topic.name), topic))


def with_products(house: House, products: Iterable[str]) -> House:
    return replace(house, products=tuple(products))


def _topic(ranked: RankedTopic, sentence: str, names: Mapping[str, str]) -> Line:
    label = names.get(ranked.topic) or str(LABELS.get(ranked.topic, ranked.topic))
    return Line(label, _quoted(ranked.cues, sentence), own=ranked.topic in names)


def _finding(found: Finding, sentence: str) -> Line:
    special = f" ({words.special(found.special)})" if found.special else ""
    cues = found.cues or (Cue("", found.start, found.end),)
    return Line(words.label(found.type) + special, _quoted(cues, sentence), tone=words.tone(found.type))


def _quoted(cues: Iterable[Cue], sentence: str) -> str:
    """In the order of the sentence; what stands within longer words is said by these."""
    said = dict.fromkeys(" ".join(sentence[cue.start : cue.end].split()) for cue in sorted(cues, key=lambda cue: cue.start))
    longest = (each for each in said if each and not any(each in other for other in said if other != each))
    return ", ".join(_("“%(words)s”") % {"words": each} for each in longest)
