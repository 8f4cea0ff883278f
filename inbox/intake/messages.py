"""What becomes of one message: written, edited, taken back, hidden. The same in whatever order it is told."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from inbox import cases, screening, waits
from inbox.keeping import kept
from inbox.models import Channel, Conversation, Finding, Message, MessageAction, MessageVersion, Reaction, Wait
from inbox.platforms.base import (
    Action,
    Edited,
    Moderated,
    Moderation,
    OwnTurn,
    Reacted,
    Reason,
    Receipt,
    Received,
    Removed,
    Restored,
    Status,
    VisibilityChanged,
)
from inbox.screening import offices
from inbox.triage.identifiers.unread import masked
from inbox.triage.writer import language
from inbox.waits import halves

OUT_OF_THE_QUEUE = (Action.REJECT, Action.DELETE)  # what ends the wait of whoever asked in it alone


def add(
    event: Received | OwnTurn, conversation: Conversation, *, at: datetime, received_at: datetime, now: datetime, historic: bool
) -> Message:
    message = told(event, conversation, at=at, received_at=received_at, now=now, historic=historic)
    if isinstance(event, OwnTurn):
        message.save(force_insert=True)
        return message
    reader = screening.Reader.of([conversation.organization_id], now=now)
    found = reader.read(message, conversation)
    message.save(force_insert=True)
    cases.open_for(Finding.objects.bulk_create(found), reader.makers)
    offices.tell(found, now=now)
    if learn_language(conversation, event):
        conversation.save(update_fields=["language"])
    return message


def told(
    event: Received | OwnTurn,
    conversation: Conversation,
    *,
    at: datetime,
    received_at: datetime,
    now: datetime,
    historic: bool = False,
) -> Message:
    """The message that an event tells of; not yet written."""
    ours = isinstance(event, OwnTurn)
    return Message(
        conversation=conversation,
        channel_id=conversation.channel_id,
        external_id=event.external_id,
        parent_id=event.parent,
        direction=Message.Direction.OUT if ours else Message.Direction.IN,
        source=Message.Source.NATIVE if ours else Message.Source.PLATFORM,
        text=event.text,
        attachments=[asdict(attachment) for attachment in event.attachments],
        sent_at=at,
        received_at=received_at,
        visible_at=now,
        historic=historic,
        correlation=event.correlation[:100] if isinstance(event, OwnTurn) else "",
        rating=event.rating[:10],
        moderation=event.moderation,
        failure_detail=masked(event.refusal)[:300],
        moderated_at=at if event.moderation else None,
    )


def learn_language(conversation: Conversation, event: Received) -> bool:
    """From the first words that tell it. True when they did."""
    if conversation.language:
        return False
    conversation.language = language.detect(event.text)
    return bool(conversation.language)


def correct(message: Message, event: Received | OwnTurn) -> bool:
    """A turn that we know comes again: our own answer now with the platform's time. True when something changed."""
    if not isinstance(event, OwnTurn) or event.at is None or message.direction != Message.Direction.OUT:
        return False
    if message.sent_at == event.at and message.external_id == event.external_id:
        return False
    message.sent_at, message.external_id = event.at, event.external_id
    message.correlation = message.correlation or event.correlation[:100]
    message.save(update_fields=["sent_at", "external_id", "correlation"])
    return True


def count(message: Message, *, now: datetime) -> None:
    """What had been found on the page was also told by a webhook: somebody waits for its answer like any other."""
    message.historic = False
    message.save(update_fields=["historic"])
    changed(message, now=now)
    found = Finding.objects.standing().filter(message=message).select_related("message__conversation", "message__wait")
    offices.tell(found, now=now)


def edit(message: Message, event: Edited, *, at: datetime, now: datetime) -> None:
    if message.removed_at and message.direction == Message.Direction.IN:
        _read_again(message, now, beside=event.text)
        kept.keep_late(message, event.text, at=at, now=now)
        return  # what was taken back stays so; what it said of a danger does too
    versions = [MessageVersion(message=message, text=event.text, written_at=at)]
    if not message.versions.exists() and message.purged_at is None:
        versions.append(MessageVersion(message=message, text=message.text, written_at=message.sent_at, original=True))
    MessageVersion.objects.bulk_create(versions, ignore_conflicts=True)
    newest, before = message.versions.order_by("original", "-written_at", "-text")[0], message.rating
    if event.rating and newest.text == event.text:
        message.rating = event.rating[:10]
    message.text, message.purged_at = newest.text, None
    if message.rating != before or message.versions.exclude(text=newest.text).exists():  # told anew is not edited
        message.edited_at = newest.written_at
    message.save(update_fields=["text", "edited_at", "rating", "purged_at"])
    _read_again(message, now)


def _read_again(message: Message, now: datetime, *, beside: str = "") -> None:
    """What they say, not what we do."""
    if message.direction == Message.Direction.IN:
        screening.read_again(message, now=now, beside=[beside] if beside else [])


def renew(message: Message, text: str, *, at: datetime) -> None:
    """Another answer of ours in the one place that there is, after the one before it was refused or taken away."""
    first = not message.versions.exists()
    before = MessageVersion(message=message, text=message.text, written_at=message.sent_at, original=first)
    after = MessageVersion(message=message, text=text, written_at=at)
    MessageVersion.objects.bulk_create([before, after], ignore_conflicts=True)
    message.text, message.sent_at, message.edited_at = text, at, at
    message.removed_at, message.failed_at, message.failure, message.failure_detail = None, None, "", ""
    message.moderation, message.moderated_at = "", None
    message.save()


@transaction.atomic
def remove(message: Message, event: Removed, *, at: datetime, now: datetime) -> None:
    """Its author took it back: the words go, that it was there stays. What told of harm or danger is kept for those alone who
    answer for it; what we said ourselves stays readable."""
    at = max(at, message.sent_at)
    if message.removed_at and message.removed_at <= at:
        return
    message.removed_at = at
    if message.direction == Message.Direction.IN:
        kept.keep(Message.objects.filter(pk=message.pk), why=kept.deleted_by(message), at=at, now=now)
        message.text, message.attachments, message.edited_at = "", [], None
        message.versions.all().delete()
    message.save(update_fields=["removed_at", "text", "attachments", "edited_at"])


def restore(message: Message, event: Restored, *, at: datetime, now: datetime) -> None:
    if message.removed_at is None or message.removed_at > at:
        return
    message.removed_at, message.text = None, event.text
    message.save(update_fields=["removed_at", "text"])
    _read_again(message, now)


def show_or_hide(message: Message, event: VisibilityChanged, *, at: datetime) -> None:
    if message.hidden_at and message.hidden_at > at:
        return
    message.hidden, message.hidden_at = event.hidden, at
    message.save(update_fields=["hidden", "hidden_at"])


def moderate(message: Message, event: Moderated, *, at: datetime) -> bool:
    """Whether it is now in another state than before."""
    if message.moderated_at and message.moderated_at > at:
        return False
    before = message.moderation
    if message.undone and event.state is not Moderation.REJECTED:
        message.sent_at = at  # nobody could read it until then
    message.moderation, message.moderated_at, message.failure_detail = event.state, at, masked(event.refusal)[:300]
    message.save(update_fields=["moderation", "moderated_at", "failure_detail", "sent_at"])
    return before != event.state


def ask_again(message: Message, *, by: Membership | None, now: datetime) -> None:
    """What we had refused is published after all: whoever wrote it waits on, if that had ended their wait."""
    if message.wait_id is None:
        return
    ends = MessageAction.objects.filter(kind__in=OUT_OF_THE_QUEUE, state=MessageAction.State.DONE, message__wait=message.wait_id)
    by_hand = Wait.objects.filter(pk=message.wait_id, ended_by=Wait.EndedBy.STAFF)
    if ended := by_hand.filter(ended_at__in=ends.values("ended_at")).first():
        waits.reopen(ended, by=by, now=now)


def receipt(message: Message, event: Receipt, *, at: datetime) -> None:
    """What the platform told of the way of one of ours. Delivered and read in any order; read implies delivered."""
    if message.direction != Message.Direction.OUT:
        return
    message.external_id = event.external_id or message.external_id  # a person may have declared it sent without knowing it
    if event.status is Status.FAILED and not message.delivered_at:
        message.failed_at, message.failure = at, event.reason or Reason.OTHER
        message.failure_detail = masked(event.detail)[:300]
    elif event.status in {Status.DELIVERED, Status.READ}:
        message.failed_at, message.failure, message.failure_detail = None, "", ""  # it arrived, whatever else was told
        message.delivered_at = min(message.delivered_at or at, at)
        if event.status is Status.READ:
            message.read_at = min(message.read_at or at, at)
    message.save(update_fields=["external_id", "delivered_at", "read_at", "failed_at", "failure", "failure_detail"])


def receipts(channel: Channel, event: Receipt, *, at: datetime) -> None:
    """The same for all of ours in a thread up to a moment."""
    ours = Message.objects.filter(
        channel=channel,
        conversation__kind=Conversation.Kind.MESSAGE,
        conversation__thread_id=event.thread,
        direction=Message.Direction.OUT,
        sent_at__lte=event.until or at,
    )
    ours.filter(delivered_at=None).update(delivered_at=at)
    if event.status is Status.READ:
        ours.filter(read_at=None).update(read_at=at)


def react(channel: Channel, event: Reacted, *, at: datetime) -> None:
    reaction, created = Reaction.objects.get_or_create(
        channel=channel,
        target_id=event.external_id,
        actor_id=event.actor.id,
        defaults={"reaction": event.reaction[:40], "at": at},
    )
    if not created and reaction.at <= at:
        reaction.reaction, reaction.at = event.reaction[:40], at
        reaction.save(update_fields=["reaction", "at"])


def changed(message: Message, *, now: datetime) -> None:
    """Draw the conversation's waits and its line in the list anew, from this message on, and whose clock goes where."""
    waits.settle(message.conversation, now=now, since=message.sent_at)
    halves.changed(message, now=now)
