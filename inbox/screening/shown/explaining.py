"""Why a badge stands on a message: the words that made it, the rule, how sure it is, and who removed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from inbox.models import Finding, Message
from inbox.models.safety.findings import digest_of
from inbox.screening.shown import masking, words
from inbox.triage.identifiers import Hidden, between


@dataclass(frozen=True, slots=True)
class Cue:
    kind: str
    text: str

    @property
    def quoted(self) -> str:
        return _("“%(words)s”") % {"words": self.text}

    @property
    def told(self) -> str:
        return f"{self.quoted} ({self.kind})" if self.kind else self.quoted


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
        return ", ".join(cue.told for cue in self.cues)


@dataclass(frozen=True, slots=True)
class Badge:
    """What was seen of one type in a message, said once, whichever rules saw it and however often."""

    all: list[Seen]

    @property
    def first(self) -> Seen:
        """Of the newest words, where it stands in them."""
        return min(self.all, key=lambda seen: (seen.earlier, seen.finding.urgency, seen.finding.pk))

    @property
    def finding(self) -> Finding:
        return self.first.finding

    @property
    def label(self) -> str:
        return self.first.label

    @property
    def tone(self) -> str:
        return self.first.tone

    @property
    def serious(self) -> bool:
        return any(seen.finding.serious for seen in self.all)

    @property
    def special(self) -> str:
        return ", ".join(dict.fromkeys(seen.special for seen in self.all if seen.special))

    @property
    def earlier(self) -> bool:
        return self.first.earlier

    @property
    def may_judge(self) -> bool:
        return self.first.may_judge

    @property
    def rules(self) -> list[Finding]:
        """One finding of each, and of each person."""
        return list({(seen.finding.rule, seen.finding.added_by_id): seen.finding for seen in self.all}.values())

    @property
    def cues(self) -> list[Cue]:
        return list(dict.fromkeys(cue for seen in self.all for cue in seen.cues))

    @property
    def reported(self) -> list[str]:
        """By whom, where people added it."""
        names = dict.fromkeys(str(seen.finding.added_by) for seen in self.all if seen.finding.by_person)
        return [_("reported by %(name)s") % {"name": name} for name in names]

    @property
    def why(self) -> str:
        return ", ".join(dict.fromkeys([*(cue.told for cue in self.cues), *self.reported]))


def badges(found: Iterable[Seen]) -> list[Badge]:
    """Gravest first."""
    by_type: dict[str, list[Seen]] = {}
    for seen_one in found:
        by_type.setdefault(seen_one.finding.type, []).append(seen_one)
    return [Badge(by_type[type_]) for type_ in sorted(by_type, key=words.place)]


def seen(finding: Finding, message: Message, *, may_judge: bool, unmasked: bool = False, kept: Sequence[str] = ()) -> Seen:
    """kept: words of it that were erased, where the reader sees these."""
    text = text_of(finding, message, kept)
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


def text_of(finding: Finding, message: Message, kept: Sequence[str] = ()) -> str:
    texts = [message.text, *(version.text for version in message.versions.all()), *kept]
    return next((text for text in texts if digest_of(message, text) == finding.text_digest), "")


def told(finding: Finding, message: Message, *, unmasked: bool = False, kept: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What the rules call each of the words that made it, and the words, where they are still kept."""
    text = text_of(finding, message, kept)
    return _told(finding, text, [] if unmasked else masking.hidden_in(message, text))


def _cues(finding: Finding, text: str, hidden: Sequence[Hidden]) -> list[Cue]:
    return list(dict.fromkeys(Cue(words.cue(kind), said) for kind, said in _told(finding, text, hidden)))


def _told(finding: Finding, text: str, hidden: Sequence[Hidden]) -> list[tuple[str, str]]:
    spans = [] if finding.about_all else finding.cues or [["", finding.start, finding.end]]
    said = ((kind, " ".join(between(text, hidden, start, end).split())) for kind, start, end in spans)
    return [(kind, words_) for kind, words_ in said if words_]
