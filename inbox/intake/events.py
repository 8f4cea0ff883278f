"""What one event does. Its channel is held by this worker alone."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Membership
from inbox import channels, clock, platforms, waits
from inbox.fetching import clues
from inbox.intake import messages, threads
from inbox.models import Channel, Conversation, Delivery, EarlyEvent, Message, MessageAction, Notice
from inbox.news import notices
from inbox.platforms import listings
from inbox.platforms.base import (
    AccessChanged,
    ContactChanged,
    Edited,
    Event,
    Greeted,
    Hint,
    Kind,
    Moderated,
    Moderation,
    OwnerChanged,
    OwnTurn,
    PolicyEnforced,
    PostPublished,
    Reacted,
    Receipt,
    Received,
    Removed,
    Restored,
    Touched,
    VisibilityChanged,
)
from inbox.waits import halves

CLOCKS_DIFFER = timedelta(minutes=1)  # a platform's own, from one answer of it to the next


def read(delivery: Delivery) -> list[Event]:
    return list(platforms.parse(delivery.endpoint, bytes(delivery.body), received_at=delivery.received_at))


def apply(event: Event, channel: Channel, delivery: Delivery, number: int, now: datetime) -> None:
    """Let one event take effect, or keep it until what it refers to arrives."""
    match event:
        case Received() | OwnTurn():
            _turn(event, channel, delivery, number, now)
        case Edited() | Removed() | Restored() | VisibilityChanged() | Moderated():
            if isinstance(event, Removed):
                threads.post_removed(channel, event.external_id, at=clock.believable(event.at, delivery.received_at))
            message = _message(channel, event.external_id)
            if message is None:
                _keep_early(event.external_id, channel, delivery, number)
            else:
                _change(event, message, delivery, now)
        case Receipt():
            _receipt(event, channel, delivery, number, now)
            channels.refused_later(channel, event, at=clock.believable(event.at, delivery.received_at), now=now)
        case Touched() | OwnerChanged():
            threads.note(event, channel, at=clock.believable(event.at, delivery.received_at))
        case ContactChanged():
            threads.rename(event, channel, at=clock.believable(event.at, delivery.received_at), now=now)
        case AccessChanged():
            channels.access_changed(channel, event, at=clock.believable(event.at, delivery.received_at), now=now)
        case PolicyEnforced():
            channels.policy_enforced(channel, event, at=clock.believable(event.at, delivery.received_at), now=now)
        case Hint(external_id=""):
            channels.look_soon(channel, now=now)
        case Hint(of_parent=True) if (known := _message(channel, event.external_id)) and known.parent_id:
            pass
        case Hint():
            clues.keep(channel, event.external_id, delivery, number, now=now)
        case Reacted():
            messages.react(channel, event, at=clock.believable(event.at, delivery.received_at))
        case PostPublished():
            threads.post_of(channel, event.post, now=now)
            _removed_before(channel, event.post.external_id)
        case Greeted():
            channels.greeted(channel, now=now)


def _turn(event: Received | OwnTurn, channel: Channel, delivery: Delivery, number: int, now: datetime) -> None:
    at = clock.believable(event.at, delivery.received_at)
    known = _message(channel, event.external_id) or _sent_before(channel, event)
    listed = delivery.endpoint == listings.ENDPOINT
    if known:
        if known.historic and not listed:
            messages.count(known, now=now)
        _told_again(event, known, now)
        return
    conversation = threads.conversation_of(event, channel, at=at, now=now)
    if conversation is None:
        # Until what it answers arrives; or, where it does not name that, until it is told again.
        _keep_early(event.parent or event.external_id, channel, delivery, number)
        return
    historic = listed and at < channel.connected_at
    message = messages.add(event, conversation, at=at, received_at=delivery.received_at, now=now, historic=historic)
    halves.join(conversation, now=now)
    _arrived(message, now)


def _told_again(event: Received | OwnTurn, known: Message, now: datetime) -> None:
    before = known.sent_at
    if event.kind == Kind.REVIEW and event.at and event.at > before + CLOCKS_DIFFER:
        # A review has one place for an answer: what stands there with a later time is not the one that we knew.
        _answered_anew(event, known, now)
        return
    if messages.correct(known, event):
        # From the earlier of its two times on: a wait that it no longer ends runs again.
        waits.settle(known.conversation, now=now, since=min(before, known.sent_at))
    if event.parent and not known.parent_id:
        threads.nest(known, event, now=now)


def _answered_anew(event: Received | OwnTurn, known: Message, now: datetime) -> None:
    if not isinstance(event, OwnTurn) or event.at is None:
        return
    before = known.sent_at
    if known.holds and event.text != known.text and not _is_corrected_here(known, event.text):
        known.source, known.sent_by = Message.Source.NATIVE, None  # somebody answered in the place of what only held
        messages.renew(known, event.text, at=event.at)
    elif known.undone or known.removed_at:
        messages.renew(known, event.text, at=event.at)
    elif event.text != known.text:
        edited = Edited(platform=event.platform, channel_id=event.channel_id, external_id=event.external_id, text=event.text)
        messages.edit(known, edited, at=event.at, now=now)
    waits.settle(known.conversation, now=now, since=before)


def _is_corrected_here(known: Message, text: str) -> bool:
    """Whether we asked for these words ourselves: the platform may tell of them before we have noted that it took them."""
    return known.actions.filter(kind=MessageAction.Kind.EDIT, text=text).exists()


def _arrived(message: Message, now: datetime) -> None:
    """A message is here: what waited for it takes effect, and the clocks are drawn."""
    threads.rethread(message, now=now)
    waiting = [(kept, read(kept.delivery)[kept.number]) for kept in _early(message.channel_id, message.external_id)]
    # What it said is known before it is taken back: whether that is kept hangs on all of its words.
    for kept, event in sorted(waiting, key=lambda early: not isinstance(early[1], Edited)):
        kept.delete()
        apply(event, kept.channel, kept.delivery, kept.number, now)
    if waiting:
        message.refresh_from_db()
    messages.changed(message, now=now)


def _removed_before(channel: Channel, post: str) -> None:
    """A post of ours whose removal was told before it was."""
    for kept in _early(channel.pk, post):
        if isinstance(event := read(kept.delivery)[kept.number], Removed):
            threads.post_removed(channel, post, at=clock.believable(event.at, kept.delivery.received_at))


def _early(channel_pk: int, external_id: str) -> list[EarlyEvent]:
    early = EarlyEvent.objects.filter(channel=channel_pk, refers_to=external_id)
    return list(early.select_related("delivery", "channel").order_by("pk"))


def _receipt(event: Receipt, channel: Channel, delivery: Delivery, number: int, now: datetime) -> None:
    at = clock.believable(event.at, delivery.received_at)
    if not event.external_id:
        messages.receipts(channel, event, at=at)
    elif message := _message(channel, event.external_id) or _declared_sent(channel, event.correlation):
        before = message.undone
        messages.receipt(message, event, at=at)
        if message.undone != before:
            messages.changed(message, now=now)  # who did not get it waits on
            _tell_author(message, f"message-{message.pk}-failed", now)
    else:
        _keep_early(event.external_id, channel, delivery, number, correlation=event.correlation[:100], at=at)


def _change(
    event: Edited | Removed | Restored | VisibilityChanged | Moderated, message: Message, delivery: Delivery, now: datetime
) -> None:
    at = clock.believable(event.at, delivery.received_at)
    match event:
        case Edited():
            messages.edit(message, event, at=at, now=now)
        case Removed():
            messages.remove(message, event, at=at, now=now)
        case Restored():
            messages.restore(message, event, at=at, now=now)
        case VisibilityChanged():
            messages.show_or_hide(message, event, at=at)
        case Moderated():
            _moderated(event, message, at, now)
    messages.changed(message, now=now)


def _moderated(event: Moderated, message: Message, at: datetime, now: datetime) -> None:
    refused = message.moderation == Moderation.REJECTED
    changed = messages.moderate(message, event, at=at)
    if changed and refused:
        messages.ask_again(message, by=None, now=now)
    if changed:
        _tell_author(message, f"message-{message.pk}-refused-{at:%Y%m%d%H%M%S}", now)


def _tell_author(message: Message, key: str, now: datetime) -> None:
    if message.undone and message.sent_by:
        notices.tell([message.sent_by], Notice.Kind.SEND_FAILED, message.conversation, key=key, now=now)


def _keep_early(refers_to: str, channel: Channel, delivery: Delivery, number: int, **told: Any) -> None:
    row = {"channel": channel, "refers_to": refers_to, **told}
    EarlyEvent.objects.get_or_create(delivery=delivery, number=number, defaults=row)


def _sent_before(channel: Channel, event: Received | OwnTurn) -> Message | None:
    return _declared_sent(channel, event.correlation) if isinstance(event, OwnTurn) else None


def _declared_sent(channel: Channel, correlation: str) -> Message | None:
    """An answer of ours that a person declared sent before the platform told its id."""
    if not correlation:
        return None
    ours = Message.objects.filter(channel=channel, correlation=correlation, external_id=correlation)
    return ours.select_related("conversation").first()


def _message(channel: Channel, external_id: str) -> Message | None:
    return Message.objects.select_related("conversation").filter(channel=channel, external_id=external_id).first()


@transaction.atomic
def record_own(
    conversation: Conversation,
    *,
    external_id: str,
    text: str,
    sent_at: datetime,
    now: datetime,
    reply_to: str = "",
    private: bool = False,
    correlation: str = "",
    by: Membership | None = None,
    source: str = Message.Source.COMPTOIR,
) -> Message:
    """An answer of ours that the platform accepted, at the platform's time; ends the wait, unless its source says that it holds.

    Its echo may have come first, and then has the better time; the echo that comes later corrects this one.
    """
    channel = Channel.objects.select_for_update(no_key=True).get(pk=conversation.channel_id)
    message = _message(channel, external_id)
    if message is None:
        message = Message.objects.create(
            conversation=conversation,
            channel=channel,
            external_id=external_id,
            parent_id=reply_to,
            direction=Message.Direction.OUT,
            source=source,
            text=text,
            private=private,
            sent_by=by,
            sent_at=sent_at,
            received_at=now,
            correlation=correlation[:100],
        )
        _arrived(message, now)
        return message
    if message.undone or message.removed_at:
        messages.renew(message, text, at=sent_at)
    elsewhere = message.conversation if message.conversation_id != conversation.pk else None
    message.conversation, message.source = conversation, source
    message.private, message.sent_by = private, by
    message.save(update_fields=["conversation", "source", "private", "sent_by"])
    messages.changed(message, now=now)
    if elsewhere:  # a private answer to a comment was first heard of as a message of its own
        _leave(elsewhere, now)
    return message


def _leave(conversation: Conversation, now: datetime) -> None:
    if conversation.messages.exists():
        waits.settle(conversation, now=now)
    else:
        conversation.delete()
