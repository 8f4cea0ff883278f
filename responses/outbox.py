"""The way out: claim, hand over, record. No lock is held across a network call; nothing uncertain is sent twice."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import F, Q
from redis.exceptions import RedisError

from accounts import audit
from inbox import channels, intake, live, platforms
from inbox.models import Conversation, Notice
from inbox.models.channels import TokenUnreadable
from inbox.news import notices
from inbox.platforms.base import (
    Kind,
    Outgoing,
    Reason,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Window,
    WindowState,
)
from inbox.triage.identifiers.unread import masked
from responses.composing.allowed import allowed, limited
from responses.models import Reply, TemplateVersion
from responses.sending import doors, hourly, reasons

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
HURRIED = 4  # attempts after which a reply is tried at once when its platform answers another one
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=15)
BELL = "doorbell:send"
RELATED = ("conversation__channel", "conversation__post", "author", "version")  # read with a reply

State = Reply.State
Outcome = Sent | SendRefused | SendNotReached | SendUncertain


# --- sending -------------------------------------------------------------------------------------


def deliver(reply_pk: int, *, now: datetime) -> str:
    """Send one reply if it is due and nobody else has it; return the state it is left in."""
    for reply in claim([reply_pk], now=now):
        return record(reply, hand_over(reply, now=now), now=now)
    return Reply.objects.values_list("state", flat=True).get(pk=reply_pk)


@transaction.atomic
def claim(pks: Collection[int], *, now: datetime) -> list[Reply]:
    """Take replies to send them. One that is left out is another sender's, was taken back, is not yet due, or may not leave any
    more, or not in this hour; or somebody changes it just now, and it is found again.
    """
    due = Reply.objects.due(now).filter(pk__in=pks).order_by("pk")
    claimed = list(due.select_related(*RELATED).select_for_update(skip_locked=True, of=("self",), no_key=True))
    for reply in claimed:
        reply.state, reply.claimed_at, reply.attempts = State.SENDING, now, reply.attempts + 1
    if not claimed:
        return []
    taken = Reply.objects.filter(pk__in=[reply.pk for reply in claimed])
    taken.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    judged = list(_judged(claimed, now))
    may_leave = [reply for reply, code in judged if not code]
    full = hourly.without_room(may_leave, now=now)
    for reply, code in judged:
        if code:
            _fail(reply, code, "", now)
        elif reply.pk in full:
            _hold(reply, full[reply.pk])
    return [reply for reply in may_leave if reply.pk not in full]


def hand_over(reply: Reply, *, now: datetime) -> Outcome:
    """Call the platform, outside any transaction."""
    try:
        with channels.calling(reply.conversation.channel, now=now) as connection:
            return platforms.get(reply.conversation.platform).send(outgoing(reply, now), connection)
    except TokenUnreadable as error:
        return SendRefused(Reason.TOKEN_DEAD, str(error))
    except (OperationalError, InterfaceError) as error:
        return SendNotReached(Reason.OTHER, type(error).__name__)  # it is asked before the call, never after
    except (SendRefused, SendNotReached, SendUncertain) as error:
        return error


def record(reply: Reply, outcome: Outcome, *, now: datetime) -> str:
    """Keep what came of it; return the state. Done twice, it is done once."""
    match outcome:
        case Sent():
            return record_sent(reply, outcome, now)
        case SendRefused():
            doors.shut(reply.conversation.channel, outcome.reason, now=now, detail=outcome.detail)
            return _fail(reply, outcome.reason, outcome.detail, now)
        case SendNotReached():
            return _wait(reply, outcome, now)
        case SendUncertain():
            return _doubt(reply, str(outcome), now)


def outgoing(reply: Reply, now: datetime) -> Outgoing:
    conversation = reply.conversation
    return Outgoing(
        kind=Kind(reply.kind),
        thread=conversation.thread_id,
        text=reply.text,
        correlation=correlation(reply),
        reply_to="" if reply.private_reply else reply.reply_to,
        post_id=conversation.post.external_id if conversation.post else "",
        post_kind=conversation.post.kind if conversation.post else "",
        private_to=reply.reply_to if reply.private_reply else "",
        human_agent=not reply.private_reply and window(reply, now).state is WindowState.HUMAN_AGENT,
    )


def correlation(reply: Reply) -> str:
    return f"comptoir:{reply.key}"


def window(reply: Reply, now: datetime) -> Window:
    conversation = reply.conversation
    return window_of(conversation, Kind(reply.kind), now)


def window_of(conversation: Conversation, kind: Kind, now: datetime) -> Window:
    """Whether the platform lets us write now. A private message to a comment's author counts from what they last wrote."""
    theirs = [at for at in (conversation.last_inbound_at, conversation.touched_at) if at]
    last, connector = max(theirs, default=None), platforms.get(conversation.platform)
    if kind is Kind.MESSAGE and conversation.kind == Conversation.Kind.COMMENT:
        return connector.private_reply_window(conversation.post.kind if conversation.post else "", last, now)
    return connector.window(kind, last, now)


def _judged(replies: Collection[Reply], now: datetime) -> Iterator[tuple[Reply, str]]:
    """What changed of each between pressing Send and sending, so that it may not leave after all."""
    versions = {reply.version_id for reply in replies if reply.version_id}
    usable = set(TemplateVersion.objects.usable(now).filter(pk__in=versions).values_list("pk", flat=True))
    limits = limited([reply.conversation for reply in replies])
    for reply in replies:
        # What the person wrote since may ask for other words than these.
        only = allowed(reply.conversation, by=reply.author) if reply.conversation_id in limits else None
        if reply.version_id and reply.version_id not in usable:
            yield reply, reasons.WORDS_WITHDRAWN
        elif only and not only.holds(reply.version):
            yield reply, only.why
        else:
            yield reply, _shut(reply, now)


def _shut(reply: Reply, now: datetime) -> str:
    conversation, kind = reply.conversation, Kind(reply.kind)
    if code := doors.closed(conversation.channel, kind, now=now) or doors.closed_here(conversation, kind):
        return code
    if window(reply, now).state is WindowState.CLOSED:
        return doors.window_closed(conversation, private_reply=reply.private_reply)
    return ""


# --- recording what came of it ---------------------------------------------------------------------


@transaction.atomic
def record_sent(reply: Reply, sent: Sent, now: datetime) -> str:
    """The platform has it: end the wait at the platform's time."""
    if (
        not Reply.objects.filter(pk=reply.pk)
        .exclude(state=State.SENT)
        .update(state=State.SENT, external_id=sent.external_id, sent_at=sent.at, error_code="", error_detail="")
    ):
        return State.SENT
    message = intake.record_own(
        reply.conversation,
        external_id=sent.external_id,
        text=reply.text,
        sent_at=sent.at,
        now=now,
        reply_to=reply.reply_to,
        private=reply.private_reply,
        correlation=correlation(reply),
        by=reply.author,
        source=reply.source,
    )
    Reply.objects.filter(message=message).update(message=None)  # an earlier one, where there is one place for an answer
    Reply.objects.filter(pk=reply.pk).update(message=message)
    doors.reopen([reply.conversation.channel], now=now)
    _audit("reply.sent", reply, now, external_id=sent.external_id, sent_at=sent.at)
    live.nudge(reply.conversation.organization_id)
    return State.SENT


def hurry(pages: Collection[int], *, now: datetime) -> int:
    """Their platforms just took a reply: what waits only because they could not be reached is due now; return how many.

    Not what the platform asked us to wait for, nor what has failed so often that it may lie in the reply.
    """
    pauses = [Q(attempts=number, send_at=F("claimed_at") + _pause(number)) for number in range(1, HURRIED + 1)]
    waiting = Reply.objects.filter(reduce(or_, pauses), state=State.QUEUED, send_at__gt=now, conversation__channel__in=pages)
    return waiting.update(send_at=now)


def _pause(attempts: int) -> timedelta:
    return min(LONGEST_RETRY, FIRST_RETRY * 2 ** (attempts - 1))


@transaction.atomic
def _fail(reply: Reply, code: str, detail: str, now: datetime) -> str:
    if not _mine(reply).update(state=State.FAILED, error_code=code, error_detail=masked(detail)[:300]):
        return _state(reply)
    _audit("reply.failed", reply, now, reason=str(code))
    notices.tell(
        [reply.author], Notice.Kind.SEND_FAILED, reply.conversation, key=f"reply-{reply.pk}-failed-{reply.attempts}", now=now
    )
    live.nudge(reply.conversation.organization_id)
    return State.FAILED


def _wait(reply: Reply, error: SendNotReached, now: datetime) -> str:
    code = reasons.NOT_REACHED if error.reason is Reason.OTHER else error.reason
    if error.reason is Reason.THROTTLED:
        # The channel waits as long as was asked, and with it whatever is queued; it was no attempt.
        again: dict[str, object] = {"attempts": F("attempts") - 1}
    elif reply.attempts >= MAX_ATTEMPTS:
        return _fail(reply, code, error.detail, now)
    else:
        again = {"send_at": now + (error.retry_after or _pause(reply.attempts))}
    _mine(reply).update(state=State.QUEUED, error_code=code, error_detail=masked(error.detail)[:300], **again)
    live.nudge(reply.conversation.organization_id)
    return State.QUEUED


def _hold(reply: Reply, until: datetime) -> None:
    """As many of its kind have left its page as the platform takes in an hour. The page itself goes on; it was no attempt."""
    _mine(reply).update(
        state=State.QUEUED, error_code=Reason.THROTTLED, error_detail="", send_at=until, attempts=F("attempts") - 1
    )
    live.nudge(reply.conversation.organization_id)


def _doubt(reply: Reply, detail: str, now: datetime) -> str:
    _mine(reply).update(state=State.UNCERTAIN, error_code="", error_detail=masked(detail)[:300])
    live.nudge(reply.conversation.organization_id)
    return State.UNCERTAIN


def _mine(reply: Reply) -> "models.QuerySet[Reply]":
    """The row, as long as this claim holds: a sweep may have called it uncertain while the platform took its time."""
    return Reply.objects.filter(pk=reply.pk, claimed_at=reply.claimed_at, state__in=[State.SENDING, State.UNCERTAIN])


def _state(reply: Reply) -> str:
    return Reply.objects.values_list("state", flat=True).get(pk=reply.pk)


def load(reply_pk: int) -> Reply:
    return Reply.objects.select_related(*RELATED).get(pk=reply_pk)


def _audit(action: str, reply: Reply, now: datetime, **detail: object) -> None:
    audit.record(action, reply, organization=reply.conversation.organization_id, by=None, now=now, **detail)


# --- the doorbell ------------------------------------------------------------------------------------


def ring() -> None:
    """Have the sender look at the queue. May be lost: it looks by itself every second."""
    try:
        live.redis().publish(BELL, b"")
    except RedisError:
        log.warning("redis is away: the sender will find what is due by itself")
