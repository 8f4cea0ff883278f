"""The way out: claim, send, record, reconcile. No lock is held across a network call; nothing uncertain is sent twice."""

import logging
from datetime import datetime, timedelta

import django_rq
from django.db import models, transaction
from django.db.models import F, Max, Q
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError

from accounts import audit
from inbox import intake, live, notices, platforms
from inbox.channels import connection_of
from inbox.models import Channel, Conversation, EarlyEvent, Message, Notice
from inbox.models.channels import TokenUnreadable
from inbox.platforms.base import (
    Kind,
    Outgoing,
    Reason,
    SendError,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Window,
    WindowState,
)
from responses import reasons
from responses.models import Reply, TemplateVersion

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=15)
STALE_AFTER = timedelta(minutes=2)  # well past every timeout of a platform call
FIRST_LOOKUP, MAX_LOOKUPS = timedelta(seconds=20), 5  # 20 s, 40 s … : five looks in about ten minutes
CLOCKS_DIFFER = timedelta(minutes=1)  # the platform's clock and ours

State = Reply.State


# --- sending -------------------------------------------------------------------------------------


def deliver(reply_pk: int, *, now: datetime) -> str:
    """Send one reply if it is due and nobody else has it; return the state it is left in."""
    claimed = Reply.objects.due(now).filter(pk=reply_pk)
    if not claimed.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return Reply.objects.values_list("state", flat=True).get(pk=reply_pk)  # another worker's, taken back, or not yet due
    reply = _load(reply_pk)
    live.nudge(reply.conversation.organization_id)
    if code := _forbidden(reply, now):
        return _fail(reply, code, "", now)
    try:
        connection = connection_of(reply.conversation.channel)
        sent = platforms.get(reply.conversation.platform).send(outgoing(reply, now), connection)
    except TokenUnreadable as error:
        return _fail(reply, Reason.TOKEN_DEAD, str(error), now)
    except SendRefused as error:
        return _fail(reply, error.reason, error.detail, now)
    except SendNotReached as error:
        return _wait(reply, error, now)
    except SendUncertain as error:
        return _doubt(reply, str(error), now)
    return record_sent(reply, sent, now)


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
    return platforms.get(conversation.platform).window(kind, max(theirs, default=None), now)


def _forbidden(reply: Reply, now: datetime) -> str:
    """What changed between pressing Send and sending, so that it may not leave after all."""
    if reply.version_id and not TemplateVersion.objects.usable(now).filter(pk=reply.version_id).exists():
        return reasons.WORDS_WITHDRAWN
    channel = reply.conversation.channel
    if channel.disconnected_at:
        return Reason.TOKEN_DEAD
    if not platforms.get(channel.platform).can_answer(channel.settings):
        return reasons.READ_ONLY
    if window(reply, now).state is WindowState.CLOSED:
        return reasons.NO_PRIVATE_REPLY if reply.private_reply else Reason.WINDOW_CLOSED
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
    )
    Reply.objects.filter(pk=reply.pk).update(message=message)
    # What was refused before, for one person or one hour, is plainly allowed again.
    Channel.objects.filter(pk=reply.conversation.channel_id).exclude(problem="").update(problem="", problem_at=None)
    _audit("reply.sent", reply, now, external_id=sent.external_id, sent_at=sent.at)
    live.nudge(reply.conversation.organization_id)
    return State.SENT


@transaction.atomic
def _fail(reply: Reply, code: str, detail: str, now: datetime) -> str:
    if not _mine(reply).update(state=State.FAILED, error_code=code, error_detail=detail[:300]):
        return _state(reply)
    if code in {Reason.TOKEN_DEAD, Reason.PERMISSION, Reason.OUTDATED}:
        Channel.objects.filter(pk=reply.conversation.channel_id).update(problem=code, problem_at=now)
    _audit("reply.failed", reply, now, reason=str(code))
    notices.tell(
        [reply.author], Notice.Kind.SEND_FAILED, reply.conversation, key=f"reply-{reply.pk}-failed-{reply.attempts}", now=now
    )
    live.nudge(reply.conversation.organization_id)
    return State.FAILED


def _wait(reply: Reply, error: SendNotReached, now: datetime) -> str:
    code = reasons.NOT_REACHED if error.reason is Reason.OTHER else error.reason
    if reply.attempts >= MAX_ATTEMPTS:
        return _fail(reply, code, error.detail, now)
    pause = error.retry_after or min(LONGEST_RETRY, FIRST_RETRY * 2 ** (reply.attempts - 1))
    _mine(reply).update(state=State.QUEUED, send_at=now + pause, error_code=code, error_detail=error.detail[:300])
    live.nudge(reply.conversation.organization_id)
    ring(reply.pk, at=now + pause)
    return State.QUEUED


def _doubt(reply: Reply, detail: str, now: datetime) -> str:
    _mine(reply).update(state=State.UNCERTAIN, error_code="", error_detail=detail[:300])
    live.nudge(reply.conversation.organization_id)
    return State.UNCERTAIN


def _mine(reply: Reply) -> "models.QuerySet[Reply]":
    """The row, as long as this claim holds: a sweep may have called it uncertain while the platform took its time."""
    return Reply.objects.filter(pk=reply.pk, claimed_at=reply.claimed_at, state__in=[State.SENDING, State.UNCERTAIN])


def _state(reply: Reply) -> str:
    return Reply.objects.values_list("state", flat=True).get(pk=reply.pk)


def _load(reply_pk: int) -> Reply:
    related = ("conversation__channel", "conversation__post", "conversation__location", "author")
    return Reply.objects.select_related(*related).get(pk=reply_pk)


def _audit(action: str, reply: Reply, now: datetime, **detail: object) -> None:
    audit.record(action, reply, organization=reply.conversation.organization_id, by=None, now=now, **detail)


# --- what nobody is sure of --------------------------------------------------------------------------


def reconcile(*, now: datetime) -> int:
    """Look for uncertain replies among the echoes, then on the platform; return how many were found."""
    # A worker that died while sending may have been heard: never back to the queue.
    stale = Reply.objects.filter(state=State.SENDING, claimed_at__lt=now - STALE_AFTER)
    stale.update(state=State.UNCERTAIN, error_detail="The worker stopped before the platform’s answer was recorded.")
    uncertain = Reply.objects.filter(state=State.UNCERTAIN).order_by("claimed_at").values_list("pk", flat=True)
    return sum(_look_for(_load(pk), now) for pk in uncertain[:200])


def _look_for(reply: Reply, now: datetime) -> bool:
    sent = _echo_of(reply) or _listed(reply, now)
    if sent:
        record_sent(reply, sent, now)
    return sent is not None


def _echo_of(reply: Reply) -> Sent | None:
    ours = Message.objects.filter(channel=reply.conversation.channel_id, direction=Message.Direction.OUT, reply=None)
    by_key = Q(correlation=correlation(reply))
    same_words = Q(
        conversation=reply.conversation_id,
        source__in=[Message.Source.NATIVE, Message.Source.AUTOMATIC],  # one that came at once looks like a machine's
        text=reply.text,
        sent_at__gte=reply.tried_at - CLOCKS_DIFFER,
    )
    echo = ours.filter(by_key | same_words).order_by("sent_at", "pk").first()
    return Sent(echo.external_id, echo.sent_at) if echo else _receipt_of(reply)


def _receipt_of(reply: Reply) -> Sent | None:
    """Where a platform lists nothing, what it tells of a message's way is all that says that it has it."""
    told = EarlyEvent.objects.filter(channel=reply.conversation.channel_id, correlation=correlation(reply))
    first = told.order_by("at", "pk").first()
    return Sent(first.refers_to, first.at) if first and first.at else None


def _listed(reply: Reply, now: datetime) -> Sent | None:
    due = now >= (reply.looked_up_at or reply.tried_at) + FIRST_LOOKUP * 2**reply.lookups
    if reply.lookups >= MAX_LOOKUPS or not due:
        return None
    turn = Reply.objects.filter(pk=reply.pk, state=State.UNCERTAIN, lookups=reply.lookups)
    if not turn.update(lookups=reply.lookups + 1, looked_up_at=now):
        return None  # another clock looks
    try:
        connection = connection_of(reply.conversation.channel)
        connector = platforms.get(reply.conversation.platform)
        sent = connector.find_sent(outgoing(reply, reply.tried_at), connection, _since(reply))
    except (SendError, SendUncertain, TokenUnreadable) as error:
        log.info("reply %s could not be looked up: %s", reply.pk, error)
        sent = None
    if (
        sent
        and Message.objects.filter(channel=reply.conversation.channel_id, external_id=sent.external_id)
        .exclude(reply=None)
        .exists()
    ):
        sent = None  # another reply in the same words
    if sent is None and reply.lookups + 1 == MAX_LOOKUPS:
        notices.tell([reply.author], Notice.Kind.SEND_UNCERTAIN, reply.conversation, key=f"reply-{reply.pk}-uncertain", now=now)
        live.nudge(reply.conversation.organization_id)
    return sent


def _since(reply: Reply) -> datetime:
    """Look from when it was claimed, but not as far back as an earlier reply in the same words."""
    same = Message.objects.filter(channel=reply.conversation.channel_id, text=reply.text).exclude(reply=None)
    last: datetime | None = same.aggregate(Max("sent_at"))["sent_at__max"]
    began = reply.tried_at - CLOCKS_DIFFER
    return max(began, last + timedelta(seconds=1)) if last else began


# --- the doorbell ------------------------------------------------------------------------------------


def ring(reply_pk: int, *, at: datetime) -> None:
    """Ask for delivery at a time. May be lost: the clock rings again for whatever is due."""
    moment = at.replace(microsecond=0) + timedelta(seconds=1)  # the scheduler counts whole seconds, and early is too early
    try:
        django_rq.get_queue("send").enqueue_at(moment, "responses.jobs.send_reply", reply_pk, result_ttl=0, failure_ttl=3600)
    except RedisError:
        log.warning("redis is away: the clock will send reply %s", reply_pk)


def send_due(*, now: datetime) -> int:
    """Ring for every reply that is due; return how many."""
    queue = django_rq.get_queue("send", commit_mode="auto")  # these rows are committed
    due = list(Reply.objects.due(now).order_by("send_at").values_list("pk", flat=True)[:500])
    for pk in due:
        try:
            # One ring a reply however long the workers are away.
            queue.enqueue("responses.jobs.send_reply", pk, job_id=f"reply-{pk}", unique=True, result_ttl=0, failure_ttl=60)
        except DuplicateJobError:
            continue
    return len(due)
