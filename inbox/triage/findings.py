"""What triage takes and gives. Pure data: nothing here knows of the database, of settings or of the hour.

A finding points at the writer's own words: its span, and those of its cues, are positions in the text as it came.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Family(StrEnum):
    """What a finding asks of people; its type says the rest."""

    IDENTIFIER = "identifier"  # points to a person: mask it
    CRISIS = "crisis"  # somebody may be in danger: before everything else
    SAFETY = "safety"  # an adverse event, a defect, an incident: a record is owed
    ROUTE = "route"  # somebody else's work: compliance, privacy, managers


class Urgency(StrEnum):
    NONE = "none"
    SOON = "soon"
    NOW = "now"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic that an organization added to the closed list, and the words that tell of it."""

    name: str  # as rankings hold it
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a message beside its text."""

    channel: str = ""  # as in samples: facebook_comment, instagram_dm, google_review, web_form …
    public: bool = True
    page_kind: str = "pharmacy"  # pharmacy, clinic, manufacturer
    author: str = ""  # the name that the platform shows
    page_numbers: tuple[str, ...] = ()  # the page's own phone numbers: nobody's secret
    staff: tuple[str, ...] = ()  # names of those who answer: no findings
    products: tuple[str, ...] = ()  # the organization's own products
    page_language: str = "fr"
    own_topics: tuple[OwnTopic, ...] = ()


class Cue(NamedTuple):
    """One piece of the text that counted, and as what: "product", "event", "link", "person", "negation", "means" …"""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    family: Family
    type: str  # an identifier's (ramq, sin, phone …) or a topic's (self_harm, adverse_event …)
    start: int
    end: int
    confidence: Confidence
    rule: str  # "PHI-1", "AE-lack-of-effect" …: what an auditor looks up
    cues: tuple[Cue, ...] = ()
    urgency: Urgency = Urgency.NONE  # what it asks for by itself
    serious: bool = False  # of an adverse event: one of the criteria of seriousness is in the words
    special: str = ""  # pregnancy, overdose, misuse, lack_of_effect, counterfeit …


@dataclass(frozen=True, slots=True)
class RankedTopic:
    topic: str  # topics.names.Topic, or the name of one of the organization's own
    score: float
    why: Callable[[], tuple[Cue, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The words that spoke loudest for it: worked out when somebody asks, as most never do."""
        return self.why()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that triage says of one message."""

    language: str = ""
    first_name: str = ""
    urgency: Urgency = Urgency.NONE
    ranking: tuple[RankedTopic, ...] = ()  # best first
    findings: tuple[Finding, ...] = ()
    version: str = ""  # of the rules and the lexicons together
    whole: bool = True  # False: the text is longer than is read, and beyond that only identifiers were looked for

    @property
    def topics(self) -> tuple[str, ...]:
        """Best first."""
        return tuple(ranked.topic for ranked in self.ranking)

    @property
    def identifiers(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.family is Family.IDENTIFIER)

    @property
    def is_adverse_event(self) -> bool:
        return any(finding.type == "adverse_event" for finding in self.findings)
