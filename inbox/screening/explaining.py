"""Why a badge stands on a message: the words that made it, the rule, how sure it is, and who removed it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from inbox.models import Finding, Message
from inbox.models.findings import digest_of
from inbox.screening import masking, words
from inbox.triage.identifiers import Hidden, between


@dataclass(frozen=True, slots=True)
class Cue:
    kind: str
    text: str

    @property
    def quoted(self) -> str:
        return _("“%(words)s”") % {"words": self.text}


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding, as the page shows it to one reader."""

    finding: Finding
    label: str
    special: str
    tone: str
    cues: list[Cue] = field(default_factory=list)  # none where the words are gone
    earlier: bool = False  # seen in an earlier version of the words
    may_judge: bool = False

    @property
    def stands(self) -> bool:
        return self.finding.stands

    @property
    def why(self) -> str:
        return ", ".join(f"{cue.quoted} ({cue.kind})" if cue.kind else cue.quoted for cue in self.cues)


def seen(finding: Finding, message: Message, *, may_judge: bool, unmasked: bool = False) -> Seen:
    text = _text_of(finding, message)
    hidden = [] if unmasked else masking.hidden_in(message, text)
    return Seen(
        finding=finding,
        label=words.label(finding.type),
        special=words.special(finding.special) if finding.special else "",
        tone=words.tone(finding.type),
        cues=_cues(finding, text, hidden),
        earlier=finding.text_digest != digest_of(message, message.text),
        may_judge=may_judge,
    )


def _text_of(finding: Finding, message: Message) -> str:
    texts = [message.text, *(version.text for version in message.versions.all())]
    return next((text for text in texts if digest_of(message, text) == finding.text_digest), "")


def _cues(finding: Finding, text: str, hidden: Sequence[Hidden]) -> list[Cue]:
    spans = finding.cues or [["", finding.start, finding.end]]
    told = [(kind, " ".join(between(text, hidden, start, end).split())) for kind, start, end in spans]
    found = [Cue(words.cue(kind), said) for kind, said in told]
    return [cue for cue in dict.fromkeys(found) if cue.text]
