"""Replies whose fate nobody knows: looked for among the echoes, then on the platform, and only then put before a person."""

import logging
from datetime import datetime, timedelta

from django.db.models import Max, Q

from inbox import channels, platforms
from inbox.channels.spacing import page_by_page
from inbox.models import EarlyEvent, Message, Notice
from inbox.models.channels import TokenUnreadable
from inbox.news import notices
from inbox.platforms.base import SendError, SendNotReached, SendUncertain, Sent
from responses import outbox
from responses.models import Reply
from responses.models.replies import ASK_AFTER, MAX_LOOKUPS

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=40)  # past every timeout of a platform call; an answer that comes later still is recorded
FIRST_LOOKUP = timedelta(seconds=20)  # 20 s, 40 s … : five looks in about ten minutes
AT_ONCE = 200
CLOCKS_DIFFER = timedelta(minutes=1)  # the platform's clock and ours

State = Reply.State


def give_up_on_stale(*, now: datetime) -> int:
    """A sender that died while sending may have been heard: never back to the queue. Return how many."""
    stale = Reply.objects.filter(state=State.SENDING, claimed_at__lt=now - STALE_AFTER)
    return stale.update(
        state=State.UNCERTAIN, error_code="", error_detail="The sender stopped before the platform’s answer was recorded."
    )


def reconcile(*, now: datetime, platform: str = "") -> int:
    """Look for uncertain replies, of one platform or of all; return how many were found.

    Page by page, and of each those first that were looked for least.
    """
    uncertain = Reply.objects.filter(state=State.UNCERTAIN)
    if platform:
        uncertain = uncertain.filter(conversation__platform=platform)
    fairly = page_by_page(uncertain, "conversation__channel", "lookups", "claimed_at", "pk")
    return sum(_settle(outbox.load(pk), now) for pk in fairly.values_list("pk", flat=True)[:AT_ONCE])


def platforms_concerned() -> list[str]:
    return list(Reply.objects.filter(state=State.UNCERTAIN).values_list("conversation__platform", flat=True).distinct())


def _settle(reply: Reply, now: datetime) -> bool:
    sent = _echo_of(reply) or _listed(reply, now)
    if sent:
        outbox.record_sent(reply, sent, now)
    elif reply.asks_a_person(now):
        _ask_author(reply, now)
    return sent is not None


def _ask_author(reply: Reply, now: datetime) -> None:
    key = f"reply-{reply.pk}-uncertain"
    if not Notice.objects.filter(membership=reply.author, key=key).exists():
        notices.tell([reply.author], Notice.Kind.SEND_UNCERTAIN, reply.conversation, key=key, now=now)


def _echo_of(reply: Reply) -> Sent | None:
    ours = Message.objects.filter(channel=reply.conversation.channel_id, direction=Message.Direction.OUT, reply=None)
    by_key = Q(correlation=outbox.correlation(reply))
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
    told = EarlyEvent.objects.filter(channel=reply.conversation.channel_id, correlation=outbox.correlation(reply))
    first = told.order_by("at", "pk").first()
    return Sent(first.refers_to, first.at) if first and first.at else None


def _listed(reply: Reply, now: datetime) -> Sent | None:
    if not _turn(reply, now):
        return None
    try:
        with channels.calling(reply.conversation.channel, now=now) as connection:
            connector = platforms.get(reply.conversation.platform)
            sent = connector.find_sent(outbox.outgoing(reply, reply.tried_at), connection, _since(reply))
    except (SendNotReached, SendUncertain) as error:
        log.info("reply %s could not be looked up: %s", reply.pk, _reason(error))
        return None  # no look: it did not say that nothing is there
    except (SendError, TokenUnreadable) as error:
        log.info("reply %s could not be looked up: %s", reply.pk, _reason(error))
        sent = None
    reply.lookups += 1
    Reply.objects.filter(pk=reply.pk, state=State.UNCERTAIN).update(lookups=reply.lookups)
    return None if sent is None or _another_reply(reply, sent) else sent


def _turn(reply: Reply, now: datetime) -> bool:
    """Whether it is time to look, and no other clock does."""
    pause = ASK_AFTER if reply.asks_a_person(now) else FIRST_LOOKUP * 2**reply.lookups
    if reply.lookups >= MAX_LOOKUPS or now < (reply.looked_up_at or reply.tried_at) + pause:
        return False
    mine = Reply.objects.filter(pk=reply.pk, state=State.UNCERTAIN, looked_up_at=reply.looked_up_at)
    return mine.update(looked_up_at=now) == 1


def _reason(error: Exception) -> str:
    return str(error.reason) if isinstance(error, SendError) else type(error).__name__


def _another_reply(reply: Reply, sent: Sent) -> bool:
    """One in the same words, which is known already."""
    known = Message.objects.filter(channel=reply.conversation.channel_id, external_id=sent.external_id)
    return known.exclude(reply=None).exists()


def _since(reply: Reply) -> datetime:
    """Look from when it was claimed, but not as far back as an earlier reply in the same words."""
    same = Message.objects.filter(channel=reply.conversation.channel_id, text=reply.text).exclude(reply=None)
    last: datetime | None = same.aggregate(Max("sent_at"))["sent_at__max"]
    began = reply.tried_at - CLOCKS_DIFFER
    return max(began, last + timedelta(seconds=1)) if last else began
