"""Conversations as plain data, one after another, in flat memory whatever their number; what points to a person is masked."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from inbox.models import Conversation, Message, Wait
from inbox.screening.shown import masking
from inbox.triage.identifiers.unread import masked

CHUNK = 500
BY_NUMBER = {"whatsapp"}  # where people, and the ids of messages, are called after telephone numbers


def rows(conversations: QuerySet[Conversation], *, now: datetime) -> Iterator[dict[str, Any]]:
    """Each conversation with its messages and waits; times in UTC, ISO 8601; the state of a wait as it is at `now`."""
    whole = (
        conversations.select_related("channel", "contact", "location")
        .prefetch_related(
            Prefetch("messages", Message.objects.order_by("sent_at", "external_id").prefetch_related("findings")),
            Prefetch("waits", Wait.objects.order_by("started_at", "pk")),
        )
        .order_by("pk")
    )
    for conversation in whole.iterator(chunk_size=CHUNK):
        yield _row(conversation, now)


def _row(conversation: Conversation, now: datetime) -> dict[str, Any]:
    contact = conversation.contact
    return {
        "platform": conversation.platform,
        "channel_id": conversation.channel.external_id,
        "kind": conversation.kind,
        "thread_id": _id(conversation.thread_id, conversation),
        "contact": {"id": _id(contact.external_id, conversation), "name": masked(contact.name)} if contact else None,
        "state": conversation.state,
        "rating": conversation.rating or None,
        "messages": [_message(message, conversation) for message in conversation.messages.all()],
        "waits": [_wait(wait, now) for wait in conversation.waits.all()],
    }


def _message(message: Message, conversation: Conversation) -> dict[str, Any]:
    message.conversation = conversation  # known already: not asked for again by each
    return {
        "external_id": _id(message.external_id, conversation),
        "direction": message.direction,
        "text": masking.words(message),
        "sent_at": _utc(message.sent_at),
        "edited_at": _utc(message.edited_at),
        "removed_at": _utc(message.removed_at),
        "hidden": message.hidden,
        "rating": message.rating or None,
        "moderation": message.moderation or None,
        "moderated_at": _utc(message.moderated_at),
        "source": message.source,
    }


def _id(external_id: str, conversation: Conversation) -> str:
    """As the platform calls it; where a person can be reached by it, another name for it, the same each time."""
    contact = conversation.contact
    number = contact.phone.lstrip("+") if contact else ""
    told = conversation.platform in BY_NUMBER or (number and number in external_id) or masked(external_id) != external_id
    if not external_id or not told:
        return external_id
    key = f"{conversation.channel_id}\0{external_id}"
    return "hidden-" + hmac.new(settings.AUDIT_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()[:24]


def _wait(wait: Wait, now: datetime) -> dict[str, Any]:
    return {
        "started_at": _utc(wait.started_at),
        "due_at": _utc(wait.due_at),
        "state": wait.state(now),
        "ended_at": _utc(wait.ended_at),
        "outcome": wait.outcome or None,
        "ended_by": wait.ended_by or None,
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
