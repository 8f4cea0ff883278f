"""What the composer had seen when it was opened, and what has happened since."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.db.models import Max

from accounts.models import Membership
from inbox.models import Conversation, Message
from responses.models import Reply


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest message, reply, edit and removal that a page showed. Travels in the form as text."""

    message: int = 0
    reply: int = 0
    edited: int = 0  # microseconds
    removed: int = 0

    def __str__(self) -> str:
        return f"{self.message}.{self.reply}.{self.edited}.{self.removed}"

    @classmethod
    def read(cls, value: str) -> Self | None:
        """None for what is not ours: then nothing is known to be seen, and nothing asked."""
        parts = value.split(".")
        if len(parts) != 4 or not all(part.isdecimal() for part in parts):
            return None
        return cls(*map(int, parts))

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        newest = conversation.messages.aggregate(Max("pk"), Max("edited_at"), Max("removed_at"))
        reply = conversation.replies.aggregate(Max("pk"))["pk__max"]
        return cls(newest["pk__max"] or 0, reply or 0, _stamp(newest["edited_at__max"]), _stamp(newest["removed_at__max"]))


@dataclass(frozen=True, slots=True)
class Changes:
    """What somebody about to answer has not seen. False when there is nothing."""

    received: list[Message] = field(default_factory=list)
    answered: list[Message] = field(default_factory=list)
    queued: list[Reply] = field(default_factory=list)
    edited: bool = False
    removed: bool = False

    def __bool__(self) -> bool:
        return bool(self.received or self.answered or self.queued or self.edited or self.removed)


def changes_since(seen: Seen, conversation: Conversation, *, by: Membership) -> Changes:
    """New messages, a colleague's reply, an edit or a removal. One's own replies are no news."""
    others = conversation.replies.filter(pk__gt=seen.reply).exclude(author=by).exclude(state__in=_OVER)
    # Before the messages: a reply that is sent between the two questions is then told twice, and never not at all.
    queued = list(others.select_related("author__user"))
    newer = list(
        conversation.messages.prefetch_related("findings")
        .filter(pk__gt=seen.message)
        .exclude(reply__author=by)
        .order_by("sent_at", "pk")[:20]
    )
    now = Seen.of(conversation)
    return Changes(
        received=[message for message in newer if message.direction == Message.Direction.IN],
        answered=[message for message in newer if message.direction == Message.Direction.OUT],
        queued=queued,
        edited=now.edited > seen.edited,
        removed=now.removed > seen.removed,
    )


_OVER = [Reply.State.SENT, Reply.State.FAILED, Reply.State.UNDONE]  # sent ones stand among the messages


def _stamp(moment: datetime | None) -> int:
    return round(moment.timestamp() * 1e6) if moment else 0
