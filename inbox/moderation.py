"""What may be done to a message or a thread beside answering: offered where the platform has it, asked for, done, recorded.

Each action may be repeated without harm, so that an uncertain one is simply tried again. None of them stops a clock; what a
person deletes leaves the figures with its reason and its name.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import live, platforms, waits
from inbox.channels import calling
from inbox.intake import messages, threads
from inbox.models import Channel, Conversation, Message, MessageAction, Wait
from inbox.models.channels import TokenUnreadable, may_be_called
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

log = logging.getLogger(__name__)

State = MessageAction.State
OPEN = [State.QUEUED, State.DOING]
MAX_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=5)
STALE_AFTER = timedelta(minutes=2)

ON_THREADS = frozenset({Action.TAKE_THREAD, Action.RELEASE_THREAD})
# Taking away what somebody else said is not everybody's: it takes it out of the figures as well.
NEEDS = {Action.DELETE: Permission.INBOX_EXCLUDE, Action.REJECT: Permission.INBOX_EXCLUDE, Action.EDIT: Permission.REPLY_FREELY}

# What somebody in danger, or dangerous, wrote is kept where it stands: it is evidence.
NOT_IN_A_CRISIS = frozenset({Action.DELETE, Action.REJECT})


# What tells of harm or of a defect leaves the public's sight by a person's reason alone.
TAKES_AWAY = frozenset({Action.HIDE, Action.REJECT})


class NotPossible(ValueError):
    """It cannot be asked for; the words say why."""


# --- what is offered ------------------------------------------------------------------------------------


def offered(message: Message, by: Membership) -> list[Action]:
    """What this person may do to this message now, on its platform."""
    if message.removed_at or message.private or message.channel.disconnected_at or not by.may(Permission.INBOX_WORK):
        return []
    ours = message.direction == Message.Direction.OUT
    able = _able(message.channel, message.conversation.kind, ours=ours) - ON_THREADS
    if message.conversation.crisis_since and not ours:
        able -= NOT_IN_A_CRISIS
    return [action for action in Action if action in able and _fits(action, message) and by.may(_needed(action, ours))]


def offered_on_thread(conversation: Conversation, by: Membership) -> list[Action]:
    if conversation.kind != Kind.MESSAGE or conversation.channel.disconnected_at or not by.may(Permission.INBOX_WORK):
        return []
    able = _able(conversation.channel, conversation.kind, ours=False)
    by_holder = {Owner.PLATFORM: Action.TAKE_THREAD, Owner.OTHER: Action.TAKE_THREAD, Owner.US: Action.RELEASE_THREAD}
    return [wanted for owner, wanted in by_holder.items() if owner == conversation.holder and wanted in able]


def missing(conversation: Conversation) -> list[Action]:
    """What other platforms let one do to what people say in public, and this one does not."""
    if conversation.kind == Kind.MESSAGE:
        return []
    able = _able(conversation.channel, conversation.kind, ours=False)
    return [action for action in (Action.HIDE, Action.DELETE, Action.LIKE) if action not in able]


def _able(channel: Channel, kind: str, *, ours: bool) -> frozenset[Action]:
    return platforms.get(channel.platform).actions(Kind(kind), channel.settings, ours=ours)


def _fits(action: Action, message: Message) -> bool:
    match action:
        case Action.HIDE | Action.UNHIDE:
            return message.hidden is (action is Action.UNHIDE)
        case Action.LIKE | Action.UNLIKE:
            return (message.liked_at is None) is (action is Action.LIKE)
        case Action.MARK_READ:
            return message.read_at is None
        case Action.APPROVE:
            for_good = platforms.get(message.channel.platform).rejects_for_good
            return message.moderation in ({Moderation.PENDING} if for_good else {Moderation.PENDING, Moderation.REJECTED})
        case Action.REJECT:
            return message.moderation in {Moderation.PENDING, Moderation.APPROVED}
    return True


def _needed(action: Action, ours: bool) -> Permission:
    if action is Action.DELETE and ours:
        return Permission.INBOX_WORK
    return NEEDS.get(action, Permission.INBOX_WORK)


# --- asking ------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    conversation: Conversation,
    message: Message | None,
    action: Action,
    *,
    by: Membership,
    now: datetime,
    reason: str = "",
    text: str = "",
    not_before: datetime | None = None,
) -> MessageAction:
    """Queue it. Asked for twice, it is done once. Raises NotPossible."""
    held = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    if message:
        message.conversation = held
    open_to = offered(message, by) if message else offered_on_thread(conversation, by)
    if action not in open_to:
        raise NotPossible(_("This cannot be done here, or is done already."))
    theirs = message is not None and message.direction == Message.Direction.IN
    if action is Action.DELETE and theirs and not reason.strip():
        raise NotPossible(_("Say why it is deleted: the reason stays in the audit trail."))
    what = {"conversation": conversation, "message": message, "kind": action}
    if action in TAKES_AWAY and theirs and message and not reason.strip() and message.cases.standing().exists():
        raise NotPossible(
            _("This tells of harm or of a defect: say why it is taken out of sight. The reason stays in the audit trail.")
        )
    if under_way := MessageAction.objects.filter(**what, state__in=OPEN).first():
        if under_way.text != text:
            raise NotPossible(_("An earlier correction is still on its way. Try again in a moment."))
        return under_way
    why = masked(reason.strip())[:200]
    asked = MessageAction.objects.create(**what, text=text, reason=why, by=by, created_at=now, try_at=not_before or now)
    organization = conversation.organization_id
    audit.record(f"message.{action}", message or conversation, organization=organization, by=by, now=now, reason=asked.reason)
    live.nudge(organization)
    return asked


@transaction.atomic
def take_back(asked: MessageAction, *, by: Membership, now: datetime) -> bool:
    """As long as it has not begun. False: too late."""
    queued = MessageAction.objects.filter(pk=asked.pk, state=State.QUEUED, attempts=0)
    if not queued.delete()[0]:
        return False
    organization, subject = asked.conversation.organization_id, asked.message or asked.conversation
    audit.record("message.taken_back", subject, organization=organization, by=by, now=now, what=asked.kind)
    live.nudge(organization)
    return True


@transaction.atomic
def ask_again(asked: MessageAction, *, by: Membership, now: datetime) -> bool:
    """Try once more what was not done. False: it is under way, settled, or not this person's to ask."""
    ours = asked.message is not None and asked.message.direction == Message.Direction.OUT
    if not by.may(_needed(Action(asked.kind), ours)):
        return False
    failed = MessageAction.objects.filter(pk=asked.pk, state=State.FAILED)
    return bool(failed.update(state=State.QUEUED, try_at=now, attempts=0, ended_at=None, error_code="", error_detail=""))


# --- doing ---------------------------------------------------------------------------------------------------


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
    asked = MessageAction.objects.select_related("message", "conversation__channel", "conversation__post", "by").get(pk=pk)
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
        _mine(asked).update(state=State.QUEUED, error_code=reason, error_detail=detail[:300], **again)
        return State.QUEUED
    if asked.attempts >= MAX_ATTEMPTS:
        return _fail(asked, reason, detail, now)
    at = now + (pause or FIRST_PAUSE * 2 ** (asked.attempts - 1))
    _mine(asked).update(state=State.QUEUED, try_at=at, error_code=reason, error_detail=detail[:300])
    return State.QUEUED


@transaction.atomic
def _fail(asked: MessageAction, reason: Reason, detail: str, now: datetime) -> str:
    if _mine(asked).update(state=State.FAILED, ended_at=now, error_code=reason, error_detail=detail[:300]):
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
        case Action.APPROVE | Action.REJECT:
            state = Moderation.APPROVED if asked.kind == Action.APPROVE else Moderation.REJECTED
            messages.moderate(message, Moderated(**told, state=state), at=now)
        case Action.EDIT:
            messages.edit(message, Edited(**told, text=asked.text), at=now, now=now)
        case Action.DELETE:
            _deleted(asked, message, Removed(**told), now)
    messages.changed(message, now=now)


def _deleted(asked: MessageAction, message: Message, event: Removed, now: datetime) -> None:
    """Somebody who still waits for an answer to it waits no more; not because they took it back, but because we did."""
    running = waits.running(message.conversation)
    asking = running.messages.filter(removed_at=None).exclude(pk=message.pk) if running else None
    if running and asking is not None and message.wait_id == running.pk and not asking.exists():
        waits.end_by_hand(running, outcome=Wait.Outcome.EXCLUDED, reason=asked.reason or "deleted", by=asked.by, now=now)
    messages.remove(message, event, at=now)
