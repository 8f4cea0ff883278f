"""The conversation's line in the list, kept on the conversation itself so that the list is one scan of an index."""

from django.db.models import Count, Max, Q

from inbox import live
from inbox.models import Conversation, Message, Wait

LISTED = [
    "preview",
    "rating",
    "unpublished",
    "waiting_count",
    "last_message_at",
    "last_inbound_at",
    "waiting_since",
    "warn_at",
    "due_at",
    "closed_at",
    "close_outcome",
    "version",
]


def draw(conversation: Conversation, wait: Wait | None) -> None:
    """Copy what the list shows from the messages and from the wait that runs, if one does."""
    inbound = Q(direction=Message.Direction.IN)
    there = inbound & Q(removed_at=None)
    latest = conversation.messages.aggregate(
        turn=Max("sent_at"),
        inbound=Max("sent_at", filter=inbound),
        rating=Max("rating", filter=there),
        unpublished=Count("pk", filter=there & Q(moderation=Message.Moderation.PENDING)),
    )
    asking = list(wait.messages.filter(removed_at=None).order_by("sent_at", "pk").values_list("text", flat=True)) if wait else []
    conversation.preview = _first_words(asking[0] if asking else _last_words(conversation))
    conversation.rating, conversation.unpublished = latest["rating"] or "", bool(latest["unpublished"])
    conversation.waiting_count = len(asking)
    conversation.last_message_at = latest["turn"] or conversation.last_message_at
    conversation.last_inbound_at = latest["inbound"]
    conversation.waiting_since, conversation.warn_at, conversation.due_at = (
        (wait.started_at, wait.warn_at, wait.due_at) if wait else (None, None, None)
    )
    if wait:
        conversation.closed_at, conversation.close_outcome = None, ""
    conversation.version += 1
    conversation.save(update_fields=LISTED)
    live.nudge(conversation.organization_id)


def append(conversation: Conversation, wait: Wait, said: list[Message]) -> None:
    """The same where these inbound messages are the newest of all and belong to the wait that runs; not yet written."""
    if conversation.due_at is None:
        conversation.preview, conversation.waiting_count = _first_words(said[0].text), 0
        conversation.waiting_since, conversation.warn_at, conversation.due_at = wait.started_at, wait.warn_at, wait.due_at
        conversation.closed_at, conversation.close_outcome = None, ""
    conversation.waiting_count += len(said)
    conversation.rating = max(conversation.rating, *(message.rating for message in said))
    conversation.unpublished |= any(message.moderation == Message.Moderation.PENDING for message in said)
    conversation.last_message_at = conversation.last_inbound_at = said[-1].sent_at
    conversation.version += 1


def _last_words(conversation: Conversation) -> str:
    """Of the person, where there are any."""
    theirs_last = conversation.messages.order_by("direction", "-sent_at", "-pk")  # "in" sorts before "out"
    return theirs_last.values_list("text", flat=True).first() or ""


def _first_words(text: str) -> str:
    return " ".join(text.split())[:240]
