"""What of a person stands where everybody can read it."""

from inbox.models import Conversation, Finding, Message
from inbox.models.findings import digest_of
from inbox.triage.findings import Family

EXPOSES = frozenset({"ramq", "sin", "ohip", "bc_phn", "dob", "phone", "email", "rx_number", "name", "address"})


def exposed(conversation: Conversation) -> Message | None:
    """The newest public message that points to somebody, until it is hidden or its author was asked to go on in private."""
    if conversation.kind == Conversation.Kind.MESSAGE:
        return None
    standing = Finding.objects.standing().of_family(Family.IDENTIFIER).filter(type__in=EXPOSES)
    found = standing.filter(message__conversation=conversation, message__removed_at=None, message__hidden=False)
    rows = found.select_related("message__channel").order_by("-message__sent_at", "-message__pk", "pk")
    newest = next((row.message for row in rows if row.text_digest == digest_of(row.message, row.message.text)), None)
    if newest is None or conversation.messages.filter(source=Message.Source.HOLDING, sent_at__gte=newest.sent_at).exists():
        return None
    newest.conversation = conversation
    return newest
