"""People's words as they may be shown: what points to a person is masked, the rest stays as it was written.

What triage found is kept with the message, so that masking what people said reads no text again. Words that triage never
reads (our own, a title, a name) are read as they are drawn.
"""

from collections.abc import Iterable

from accounts.models import Location
from inbox.models import Conversation, Finding, Message
from inbox.models.safety.findings import RIGHT_ALL_THE_SAME, digest_of
from inbox.triage import identifiers
from inbox.triage.findings import Confidence, Family
from inbox.triage.findings import Finding as Found
from inbox.triage.identifiers import Hidden
from inbox.triage.identifiers.unread import concealed, masked


def words(message: Message, findings: Iterable[Finding] | None = None) -> str:
    """What a message says. findings: of it, where they are not written yet."""
    return version(message, message.text, findings)


def version(message: Message, text: str, findings: Iterable[Finding] | None = None) -> str:
    """The same of another version of its words."""
    return identifiers.between(text, hidden_in(message, text, findings), 0, len(text))


def erased(message: Message, text: str) -> str:
    """The same of words that were erased, and kept elsewhere. Where nothing was found in just these, they are read as they are
    drawn: a name that was taken out moved all places."""
    digest = digest_of(message, text)
    known = any(row.text_digest == digest for row in message.findings.all())
    return version(message, text) if known else told(text, message.conversation)


def hidden_in(message: Message, text: str, findings: Iterable[Finding] | None = None) -> list[Hidden]:
    if not text:
        return []
    if message.direction == Message.Direction.OUT:
        return list(concealed(text, _facts(message.conversation.location)))
    digest = digest_of(message, text)
    known = message.findings.all() if findings is None else findings
    seen = [_found(row) for row in known if row.text_digest == digest and _hides(row)]
    if not message.triage_version:  # what people added is all that was seen in it
        stretches = concealed(text, _facts(message.conversation.location))
        seen += [_as_found(stretch, kind) for stretch in stretches for kind in stretch.kinds or ("other",)]
    return identifiers.hidden(text, seen)


def told(text: str, conversation: Conversation) -> str:
    """Other words in a conversation: ours, a title. What the location says of itself is nobody's secret."""
    return masked(text, _facts(conversation.location))


def _hides(row: Finding) -> bool:
    """Also where a later reading says it better; no longer where a person said that it points to nobody."""
    return row.family == Family.IDENTIFIER and (row.removed_at is None or row.removal in RIGHT_ALL_THE_SAME)


def _found(row: Finding) -> Found:
    return Found(Family.IDENTIFIER, row.type, row.start, row.end, Confidence(row.confidence), row.rule)


def _as_found(stretch: Hidden, kind: str) -> Found:
    return Found(Family.IDENTIFIER, kind, stretch.start, stretch.end, Confidence.MEDIUM, "")


def _facts(location: Location) -> tuple[str, ...]:
    return tuple(fact for fact in (location.phone, location.address, location.name) if fact)


def kinds(message: Message, erased: Iterable[str] = ()) -> list[str]:
    """What is masked in a message, in any of its versions. erased: words of it that are kept elsewhere."""
    texts = [message.text, *(version.text for version in message.versions.all())]
    titles = [str(kept.get("title", "")) for kept in message.attachments]
    stretches = [stretch for text in texts for stretch in hidden_in(message, text)]
    stretches += [stretch for title in titles for stretch in concealed(title, _facts(message.conversation.location))]
    stretches += [stretch for text in erased for stretch in concealed(text, _facts(message.conversation.location))]
    return sorted({kind for stretch in stretches for kind in stretch.kinds or ("other",)})
