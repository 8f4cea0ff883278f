"""What of a person stands where everybody can read it."""

from collections.abc import Sequence

from inbox.models import Conversation, Message
from inbox.models.safety.findings import digest_of
from inbox.triage.findings import Family

EXPOSES = frozenset({"ramq", "sin", "ohip", "bc_phn", "dob", "phone", "email", "rx_number", "name", "address"})
LOOKED_AT = 100
UNSEEN = frozenset({Message.Moderation.PENDING, Message.Moderation.REJECTED})  # nobody can read it, until it is published


def exposed(conversation: Conversation) -> Message | None:
    """The newest public message that points to somebody, until it is hidden or its author was asked to go on in private."""
    said = conversation.messages.select_related("channel").prefetch_related("findings").order_by("-sent_at", "-pk")
    return exposed_among(conversation, list(said[:LOOKED_AT])[::-1])


def exposed_among(conversation: Conversation, said: Sequence[Message]) -> Message | None:
    """The same among messages that are at hand, in their order."""
    if conversation.kind == Conversation.Kind.MESSAGE:
        return None
    for message in reversed(said):
        if message.source == Message.Source.MOVING:
            return None
        if not (message.hidden or message.removed_at or message.private or message.moderation in UNSEEN) and _points(message):
            return message
    return None


def _points(message: Message) -> bool:
    found = [row for row in message.findings.all() if row.stands and row.family == Family.IDENTIFIER and row.type in EXPOSES]
    return any(row.text_digest == digest_of(message, message.text) for row in found)
