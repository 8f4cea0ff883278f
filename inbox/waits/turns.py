"""What the waits of a conversation are drawn from: its messages, as turns of the person and of us.

Where a clock went with the person from a public comment to their private thread (`halves`), what waits of the comment is drawn
there: its messages keep their wait, and count in their own conversation no more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from inbox import platforms
from inbox.models import Conversation, Message, Wait
from inbox.waits import timeline

Direction, Source = Message.Direction, Message.Source


@dataclass(frozen=True, slots=True)
class Said:
    messages: dict[int, Message]
    turns: list[timeline.Turn]
    gone_to: set[int]  # conversations in which a clock of this one runs, or ran


def read(conversation: Conversation, rows: Collection[Wait], *, by_hand: set[int], begin: datetime) -> Said:
    """What was said from a moment on. rows: the waits that are drawn. by_hand: those that a person ended."""
    own = list(conversation.messages.filter(sent_at__gte=begin).order_by("sent_at", "pk"))
    lent = _lent(conversation, rows)
    away = _away(conversation)
    turns = [_turn(message, by_hand | away.keys()) for message in own if _is_one(message)]
    turns += [_turn(message, by_hand, lent=True) for message in lent if _is_one(message)]
    _mark_machines(own, timeline.machine_made(turns))
    return Said({message.pk: message for message in (*own, *lent)}, turns, set(away.values()))


def _is_one(message: Message) -> bool:
    """Neither what never arrived nor what only holds the line: they still wait."""
    return not message.undone and not message.holds


def _turn(message: Message, settled: Collection[int], *, lent: bool = False) -> timeline.Turn:
    return timeline.Turn(
        key=message.pk,
        at=message.sent_at,
        inbound=message.direction == Direction.IN,
        counts=message.wait_id not in settled and not message.historic,
        ours=message.source == Source.COMPTOIR or lent,
        removed_at=message.removed_at,
    )


def _mark_machines(messages: list[Message], machines: set[int]) -> None:
    for message in messages:
        source = Source.AUTOMATIC if message.pk in machines else Source.NATIVE
        if message.source in {Source.NATIVE, Source.AUTOMATIC} and message.source != source:
            message.source = source
            message.save(update_fields=["source"])


def _away(public: Conversation) -> dict[int, int]:
    """The clocks that went from here to a private thread, and to which."""
    if public.moved_at is None:
        return {}
    carried = Wait.objects.filter(messages__conversation=public).exclude(conversation=public).order_by()
    return dict(carried.values_list("pk", "conversation"))


def _lent(private: Conversation, rows: Collection[Wait]) -> list[Message]:
    """What waits here and was said in public, and what we answered there before we wrote in private."""
    if private.kind != Conversation.Kind.MESSAGE or not platforms.get(private.platform).allows_private_reply():
        return []
    theirs = list(Message.objects.filter(wait__in=rows).exclude(conversation=private))
    if not theirs:
        return []
    ours = Message.objects.filter(
        conversation__in={message.conversation_id for message in theirs},
        direction=Direction.OUT,
        sent_at__gte=min(message.sent_at for message in theirs),
        sent_at__lt=F("conversation__moved_at"),
    )
    return [*theirs, *ours.exclude(source=Source.AUTOMATIC)]
