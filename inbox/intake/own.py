"""Answers of ours that the platforms accepted, many at once: the plain case of `events.record_own`.

Whatever needs more thought is left to it, one by one: an answer whose echo came first, or in the place of an earlier one; one for
which something waits; what asks to go on in private.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.models import Conversation, EarlyEvent, Message
from inbox.waits import answered


@dataclass(frozen=True, slots=True)
class Own:
    """As `record_own` takes it. Its conversation is locked, and its channel."""

    conversation: Conversation
    external_id: str
    text: str
    sent_at: datetime
    reply_to: str
    private: bool
    correlation: str
    by: int
    source: str

    @property
    def key(self) -> tuple[int, str]:
        return self.conversation.channel_id, self.external_id


def record(own: Sequence[Own], *, now: datetime) -> dict[int, Message]:
    """Those that could be recorded here, by the key of their conversation: ends the waits, at the platform's time."""
    known, places = _known(own), Counter(each.conversation.pk for each in own)
    names = Counter(each.key for each in own)
    plain = [
        each
        for each in own
        if not each.private
        and each.source != Message.Source.MOVING
        and each.key not in known
        and names[each.key] == places[each.conversation.pk] == 1
    ]
    running = answered.held([each.conversation for each in plain])
    messages = [_message(each, now) for each in plain if each.conversation.pk in running]
    Message.objects.bulk_create(messages)
    answered.settle(messages, running, now=now)
    return {message.conversation_id: message for message in messages}


def _known(own: Sequence[Own]) -> set[tuple[int, str]]:
    """What was heard of under these names before: an echo, what waits for them, or a thread that began with them."""
    of, names = {each.conversation.channel_id for each in own}, {each.external_id for each in own}
    kinds = {each.conversation.kind for each in own} - {Conversation.Kind.MESSAGE}  # the others are named by what began them
    echoes = Message.objects.filter(channel__in=of, external_id__in=names).order_by().values_list("channel", "external_id")
    early = EarlyEvent.objects.filter(channel__in=of, refers_to__in=names).order_by().values_list("channel", "refers_to")
    threads = Conversation.objects.filter(channel__in=of, kind__in=kinds, thread_id__in=names).order_by()
    return set(echoes.union(early, threads.values_list("channel", "thread_id")))


def _message(own: Own, now: datetime) -> Message:
    return Message(
        conversation=own.conversation,
        channel_id=own.conversation.channel_id,
        external_id=own.external_id,
        parent_id=own.reply_to,
        direction=Message.Direction.OUT,
        source=own.source,
        text=own.text,
        sent_by_id=own.by,
        sent_at=own.sent_at,
        received_at=now,
        correlation=own.correlation[:100],
    )
