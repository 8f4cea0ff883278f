"""Deliveries become conversations. Any event twice, late, or before the one it refers to gives the same inbox."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from rq.timeouts import JobTimeoutException

from accounts.models import Membership
from inbox import channels, clock, clues, messages, platforms, threads, waits
from inbox.models import Channel, Conversation, Delivery, EarlyEvent, Message, UnhandledEvent
from inbox.platforms import listings
from inbox.platforms.base import (
    AccessChanged,
    ContactChanged,
    Difference,
    Edited,
    Event,
    Hint,
    Malformed,
    Moderated,
    OwnerChanged,
    OwnTurn,
    PostPublished,
    Reacted,
    Receipt,
    Received,
    Removed,
    Restored,
    Touched,
    Unrecognised,
    VisibilityChanged,
)

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
Outcome, Reason = Delivery.Outcome, UnhandledEvent.Reason


def drain(*, now: datetime, limit: int = 1000) -> int:
    """Take in the deliveries that wait, oldest first, beside other workers; return how many."""
    taken = 0
    while taken < limit and take_next(now=now):
        taken += 1
    return taken


@transaction.atomic
def take_next(*, now: datetime) -> bool:
    delivery = Delivery.objects.waiting(now).order_by("try_at", "pk").select_for_update(skip_locked=True).first()
    if delivery is None:
        return False
    try:
        with transaction.atomic():
            outcome, error = _take(delivery, now), ""
    except InterfaceError:
        raise
    except Malformed as problem:
        outcome, error = Outcome.FAILED, str(problem)
    except Exception as problem:
        if _passes(problem):
            raise  # not the delivery's fault: nothing is noted on it, and it is the next one again
        log.exception("intake: delivery %s", delivery.pk)
        _set_aside(delivery, problem, now)
        return True
    delivery.processed_at, delivery.outcome, delivery.error = now, outcome, error[:500]
    delivery.save(update_fields=["processed_at", "outcome", "error"])
    return True


def _passes(problem: Exception) -> bool:
    """Whether PostgreSQL is away, overloaded or at odds with another worker, or the worker is told to stop."""
    if isinstance(problem, JobTimeoutException):
        return True
    state = getattr(problem.__cause__, "sqlstate", None) or ""
    return isinstance(problem, OperationalError) and (not state or state[:2] in {"08", "40", "53", "55", "57"})


def _set_aside(delivery: Delivery, problem: Exception, now: datetime) -> None:
    """Try again later, each time later; in the end keep it as failed, where an admin sees it."""
    delivery.attempts += 1
    delivery.error = f"{type(problem).__name__}: {problem}"[:500]
    delivery.try_at = now + timedelta(seconds=2**delivery.attempts)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.processed_at, delivery.outcome = now, Outcome.FAILED
    delivery.save(update_fields=["attempts", "error", "try_at", "processed_at", "outcome"])


def _take(delivery: Delivery, now: datetime) -> Delivery.Outcome:
    events = _events_of(delivery)
    held = channels.hold(events)
    if delivery.outcome:  # read again, as after a page was connected
        delivery.unhandled.all().delete()
    set_aside = 0
    for number, event in enumerate(events):
        concerned = channels.concerned(event, held)
        problem = _problem(event, concerned)
        if not problem and not all(_apply(event, channel, delivery, number, now) for channel in concerned):
            problem = "an answer that belongs to no conversation"
        if problem:
            _keep_aside(delivery, number, event, concerned, problem)
            set_aside += 1
    for channel in held.values():
        if _heard(delivery, channel):
            Channel.objects.filter(pk=channel.pk).update(last_event_at=delivery.received_at)
    return Outcome.PARTLY if set_aside else Outcome.DONE


def _heard(delivery: Delivery, channel: Channel) -> bool:
    """Whether the platform spoke, later than before. What we had to look for ourselves is no sign that it does."""
    if delivery.endpoint == listings.ENDPOINT and _tells_by_itself(channel):
        return False
    return channel.last_event_at is None or channel.last_event_at < delivery.received_at


def _tells_by_itself(channel: Channel) -> bool:
    connector = platforms.get(channel.platform)
    return any(connector.tells(kind, Difference.MISSING) for kind in connector.kinds)


def _events_of(delivery: Delivery) -> list[Event]:
    return list(platforms.parse(delivery.endpoint, bytes(delivery.body), received_at=delivery.received_at))


def _problem(event: Event, concerned: list[Channel]) -> str:
    if isinstance(event, Unrecognised):
        return event.reason or "unrecognised"
    return "" if concerned else Reason.UNKNOWN_CHANNEL


def _keep_aside(delivery: Delivery, number: int, event: Event, concerned: list[Channel], problem: str) -> None:
    unknown = not concerned and not isinstance(event, Unrecognised)
    UnhandledEvent.objects.create(
        delivery=delivery,
        number=number,
        platform=event.platform,
        page_id=event.channel_id[:200],
        channel=concerned[0] if concerned else None,
        reason=Reason.UNKNOWN_CHANNEL if unknown else Reason.UNRECOGNISED,
        detail="" if unknown else problem[:200],
        received_at=delivery.received_at,
    )


def _apply(event: Event, channel: Channel, delivery: Delivery, number: int, now: datetime) -> bool:
    """Let one event take effect, or keep it until what it refers to arrives. False: it has no place here."""
    match event:
        case Received() | OwnTurn():
            return _turn(event, channel, delivery, number, now)
        case Edited() | Removed() | Restored() | VisibilityChanged() | Moderated():
            message = _message(channel, event.external_id)
            if message is None:
                _keep_early(event.external_id, channel, delivery, number)
            else:
                _change(event, message, delivery, now)
        case Receipt():
            _receipt(event, channel, delivery, number)
        case Touched() | OwnerChanged():
            threads.note(event, channel, at=clock.believable(event.at, delivery.received_at))
        case ContactChanged():
            threads.rename(event, channel, at=clock.believable(event.at, delivery.received_at), now=now)
        case AccessChanged():
            channels.access_changed(channel, event, at=clock.believable(event.at, delivery.received_at))
        case Hint(external_id=""):
            channels.look_soon(channel, now=now)
        case Hint():
            clues.keep(channel, event.external_id, delivery, number, now=now)
        case Reacted():
            messages.react(channel, event, at=clock.believable(event.at, delivery.received_at))
        case PostPublished():
            threads.post_of(channel, event.post)
    return True


def _turn(event: Received | OwnTurn, channel: Channel, delivery: Delivery, number: int, now: datetime) -> bool:
    at = clock.believable(event.at, delivery.received_at)
    known = _message(channel, event.external_id) or _sent_before(channel, event)
    listed = delivery.endpoint == listings.ENDPOINT
    if known:
        if known.historic and not listed:
            messages.count(known, now=now)
        _told_again(event, known, now)
        return True
    conversation = threads.conversation_of(event, channel, at=at, now=now)
    if conversation is None:
        if not event.parent:
            return False
        _keep_early(event.parent, channel, delivery, number)
        return True
    historic = listed and at < channel.connected_at
    message = messages.add(event, conversation, at=at, received_at=delivery.received_at, now=now, historic=historic)
    _arrived(message, now)
    return True


def _told_again(event: Received | OwnTurn, known: Message, now: datetime) -> None:
    before = known.sent_at
    if messages.correct(known, event):
        # From the earlier of its two times on: a wait that it no longer ends runs again.
        waits.settle(known.conversation, now=now, since=min(before, known.sent_at))
    if event.parent and not known.parent_id:
        threads.nest(known, event, now=now)


def _arrived(message: Message, now: datetime) -> None:
    """A message is here: what waited for it takes effect, and the clocks are drawn."""
    threads.rethread(message, now=now)
    early = EarlyEvent.objects.filter(channel=message.channel_id, refers_to=message.external_id)
    waiting = list(early.select_related("delivery", "channel").order_by("pk"))
    for kept in waiting:
        event = _events_of(kept.delivery)[kept.number]
        kept.delete()
        _apply(event, kept.channel, kept.delivery, kept.number, now)
    if waiting:
        message.refresh_from_db()
    messages.changed(message, now=now)


def _receipt(event: Receipt, channel: Channel, delivery: Delivery, number: int) -> None:
    at = clock.believable(event.at, delivery.received_at)
    if not event.external_id:
        messages.receipts(channel, event, at=at)
    elif message := _message(channel, event.external_id) or _declared_sent(channel, event.correlation):
        messages.receipt(message, event, at=at)
    else:
        _keep_early(event.external_id, channel, delivery, number, correlation=event.correlation[:100], at=at)


def _change(
    event: Edited | Removed | Restored | VisibilityChanged | Moderated, message: Message, delivery: Delivery, now: datetime
) -> None:
    at = clock.believable(event.at, delivery.received_at)
    match event:
        case Edited():
            messages.edit(message, event, at=at)
        case Removed():
            messages.remove(message, event, at=at)
        case Restored():
            messages.restore(message, event, at=at)
        case VisibilityChanged():
            messages.show_or_hide(message, event, at=at)
        case Moderated():
            messages.moderate(message, event, at=at)
    messages.changed(message, now=now)


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
) -> Message:
    """An answer of ours that the platform accepted, at the platform's time; ends the wait.

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
            source=Message.Source.COMPTOIR,
            text=text,
            private=private,
            sent_by=by,
            sent_at=sent_at,
            received_at=now,
            correlation=correlation[:100],
        )
        _arrived(message, now)
        return message
    elsewhere = message.conversation if message.conversation_id != conversation.pk else None
    message.conversation, message.source = conversation, Message.Source.COMPTOIR
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
