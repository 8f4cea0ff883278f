"""Done: handed over platform by platform, tried again when nobody knows, and shown at once."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from inbox import live, platforms, waits
from inbox.channels import calling
from inbox.intake import messages, threads
from inbox.models import Channel, Message, MessageAction, Wait
from inbox.models.actions import IN_A_CRISIS
from inbox.models.channels import TokenUnreadable, may_be_called
from inbox.models.waits import REFUSED
from inbox.moderation.offering import is_evidence
from inbox.platforms.base import (
    Action,
    Deed,
    Edited,
    Kind,
    Moderated,
    Moderation,
    Owner,
    OwnerChanged,
    Reason,
    Removed,
    SendError,
    SendNotReached,
    SendUncertain,
    VisibilityChanged,
)
from inbox.triage.identifiers.unread import masked

State = MessageAction.State
MAX_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=5)
STALE_AFTER = timedelta(minutes=2)


def platforms_due(now: datetime) -> list[str]:
    """Where something is to be done, or was begun by somebody who died over it."""
    stale = Q(state=State.DOING, claimed_at__lt=now - STALE_AFTER)
    waiting = MessageAction.objects.filter(
        may_be_called(now, "conversation__channel__"), Q(state=State.QUEUED, try_at__lte=now) | stale
    )
    return list(waiting.order_by().values_list("conversation__platform", flat=True).distinct())


def do_due(*, now: datetime, platform: str) -> int:
    """Hand over what is due on one platform; return how many were done. No lock is held across a call."""
    stale = MessageAction.objects.filter(state=State.DOING, claimed_at__lt=now - STALE_AFTER, conversation__platform=platform)
    stale.update(state=State.QUEUED, try_at=now)
    due = MessageAction.objects.due(now, platform).order_by("try_at", "pk").values_list("pk", flat=True)
    return sum(do(pk, now=now) == State.DONE for pk in list(due[:50]))


def do(pk: int, *, now: datetime) -> str:
    claimed = MessageAction.objects.filter(pk=pk, state=State.QUEUED)
    if not claimed.update(state=State.DOING, claimed_at=now, attempts=F("attempts") + 1):
        return ""  # another worker has it
    asked = MessageAction.objects.select_related(
        "message__conversation", "conversation__channel", "conversation__post", "by"
    ).get(pk=pk)
    if asked.message and is_evidence(asked.message, asked.kind):
        return _fail(asked, IN_A_CRISIS, "", now)  # it opened since
    try:
        with calling(asked.conversation.channel, now=now) as connection:
            platforms.get(asked.conversation.platform).act(_deed(asked), connection)
    except TokenUnreadable:
        return _fail(asked, Reason.TOKEN_DEAD, "", now)
    except SendNotReached as error:
        return _later(asked, error.reason, error.detail, error.retry_after, now)
    except SendUncertain as error:
        return _later(asked, Reason.OTHER, str(error), None, now)
    except SendError as error:
        return _fail(asked, error.reason, error.detail, now)
    return _done(asked, now)


def _deed(asked: MessageAction) -> Deed:
    conversation = asked.conversation
    return Deed(
        action=Action(asked.kind),
        kind=Kind(conversation.kind),
        thread=conversation.thread_id,
        external_id=asked.message.external_id if asked.message else "",
        post_id=conversation.post.external_id if conversation.post else "",
        text=asked.text,
    )


def _later(asked: MessageAction, reason: Reason, detail: str, pause: timedelta | None, now: datetime) -> str:
    if reason is Reason.THROTTLED:
        # The channel waits as long as was asked; it was no attempt.
        again: dict[str, Any] = {"try_at": now, "attempts": F("attempts") - 1}
        _mine(asked).update(state=State.QUEUED, error_code=reason, error_detail=masked(detail)[:300], **again)
        return State.QUEUED
    if asked.attempts >= MAX_ATTEMPTS:
        return _fail(asked, reason, detail, now)
    at = now + (pause or FIRST_PAUSE * 2 ** (asked.attempts - 1))
    _mine(asked).update(state=State.QUEUED, try_at=at, error_code=reason, error_detail=masked(detail)[:300])
    return State.QUEUED


@transaction.atomic
def _fail(asked: MessageAction, reason: str, detail: str, now: datetime) -> str:
    if _mine(asked).update(state=State.FAILED, ended_at=now, error_code=reason, error_detail=masked(detail)[:300]):
        live.nudge(asked.conversation.organization_id)
    return State.FAILED


@transaction.atomic
def _done(asked: MessageAction, now: datetime) -> str:
    # The channel first, as intake does: the webhook that tells of it may be on its way.
    Channel.objects.select_for_update(no_key=True).get(pk=asked.conversation.channel_id)
    if _mine(asked).update(state=State.DONE, ended_at=now, error_code="", error_detail=""):
        _take_effect(asked, now)
        live.nudge(asked.conversation.organization_id)
    return State.DONE


def _mine(asked: MessageAction) -> "QuerySet[MessageAction]":
    return MessageAction.objects.filter(pk=asked.pk, state=State.DOING, claimed_at=asked.claimed_at)


def _take_effect(asked: MessageAction, now: datetime) -> None:
    """What the page shows from now on, without waiting for the platform to tell it."""
    conversation = asked.conversation
    who: dict[str, Any] = {"platform": conversation.platform, "channel_id": conversation.channel.external_id}
    message = Message.objects.select_related("conversation").get(pk=asked.message_id) if asked.message_id else None
    if message is None:
        owner = Owner.US if asked.kind == Action.TAKE_THREAD else Owner.NOBODY
        threads.note(OwnerChanged(**who, thread=conversation.thread_id, owner=owner), conversation.channel, at=now)
        return
    told = who | {"external_id": message.external_id}
    match asked.kind:
        case Action.HIDE | Action.UNHIDE:
            messages.show_or_hide(message, VisibilityChanged(**told, hidden=asked.kind == Action.HIDE), at=now)
        case Action.LIKE | Action.UNLIKE:
            Message.objects.filter(pk=message.pk).update(liked_at=now if asked.kind == Action.LIKE else None)
        case Action.MARK_READ:
            until = Message.objects.filter(conversation=conversation, direction=message.direction, sent_at__lte=message.sent_at)
            until.filter(read_at=None).update(read_at=now)
        case Action.APPROVE:
            messages.moderate(message, Moderated(**told, state=Moderation.APPROVED), at=now)
            messages.ask_again(message, by=asked.by, now=now)
        case Action.REJECT:
            _wait_no_more(asked, message, REFUSED, now)
            messages.moderate(message, Moderated(**told, state=Moderation.REJECTED), at=now)
        case Action.EDIT:
            messages.edit(message, Edited(**told, text=asked.text), at=now, now=now)
        case Action.DELETE:
            _wait_no_more(asked, message, "deleted", now)
            messages.remove(message, Removed(**told), at=now, now=now)
    messages.changed(message, now=now)


def _wait_no_more(asked: MessageAction, message: Message, reason: str, now: datetime) -> None:
    """Somebody who waits for an answer to this alone waits no more; not because they took it back, but because we did."""
    running = waits.running(message.conversation)
    if running is None or message.wait_id != running.pk:
        return
    # What a site refused by itself still asks, as what it hides: a rule may not end a wait, nor hide a miss.
    refused_here = MessageAction.objects.filter(kind=Action.REJECT, state=State.DONE, message__wait=running.pk).values("message")
    others = running.messages.filter(removed_at=None).exclude(pk=message.pk)
    if not others.exclude(moderation=Moderation.REJECTED, pk__in=refused_here).exists():
        waits.end_by_hand(running, outcome=Wait.Outcome.EXCLUDED, reason=asked.reason or reason, by=asked.by, now=now)
