"""Of some platforms a page may send so many private replies to comments an hour: how many it sent, and when the next one fits.

The replies themselves are the count: it outlives every process, and is one for all of them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter

from django.db import connection
from django.db.models import Q

from inbox import platforms
from inbox.models import Channel, Conversation
from inbox.platforms.base import Reason
from responses.models import Reply
from responses.models.replies import ReplyQuerySet
from responses.sending import reasons

# What is claimed is heard by the platform a little later, and counted there from then on.
COUNTS_FOR = timedelta(hours=1, minutes=1)
State = Reply.State


def without_room(leaving: Collection[Reply], *, now: datetime) -> dict[int, datetime]:
    """Which of these, claimed just now, find their hour full, by their keys; and from when on there is a place for each.

    Whoever else claims private replies of these pages waits until this transaction ends: of two, one gets the last place.
    """
    counted = sorted((reply for reply in leaving if _counts(reply)), key=attrgetter("conversation.channel_id", "pk"))
    mine: dict[Channel, list[int]] = {}
    for reply in counted:
        mine.setdefault(reply.conversation.channel, []).append(reply.pk)
    for channel in mine:
        _take_the_count(channel)
    return {pk: at for channel, keys in mine.items() for pk, at in _turned_away(channel, keys, now)}


def full_until(conversation: Conversation, *, now: datetime) -> datetime | None:
    """When a private reply here would leave; None: it has room now."""
    channel, limit = conversation.channel, _limit(conversation)
    if limit is None or len(sent := _sent(channel, now)) < limit:
        return None
    return _place(sent[-limit:], _waiting(channel, now))


def _turned_away(channel: Channel, keys: Sequence[int], now: datetime) -> list[tuple[int, datetime]]:
    limit = platforms.get(channel.platform).private_an_hour or 0
    before = _sent(channel, now, but=keys)
    room = max(0, limit - len(before))
    if len(keys) <= room:
        return []
    sent, places = [*before, *[now] * room][-limit:], count(_waiting(channel, now))
    return [(pk, _place(sent, next(places))) for pk in keys[room:]]


def _place(sent: Sequence[datetime], waiting: int) -> datetime:
    """sent: as many as fit, the oldest first: each makes room for one that waits, and that one for the next."""
    rounds, place = divmod(waiting, len(sent))
    return sent[place] + (rounds + 1) * COUNTS_FOR


def _counts(reply: Reply) -> bool:
    return reply.private_reply and _limit(reply.conversation) is not None


def _limit(conversation: Conversation) -> int | None:
    connector = platforms.get(conversation.platform)
    kind = conversation.post.kind if conversation.post else ""
    return None if kind in connector.private_uncounted else connector.private_an_hour or None


def _sent(channel: Channel, now: datetime, *, but: Collection[int] = ()) -> list[datetime]:
    """When each was claimed for which the platform was called, whatever came of it; the oldest first."""
    # What we refused ourselves has no words of the platform; nor has what a person settled, of which nobody knew.
    refused = Q(state=State.FAILED) & (~Q(error_detail="") | Q(error_code=reasons.NOT_SENT))
    refused &= ~Q(error_code=Reason.TOKEN_DEAD)  # nobody can say whose call that was
    called = Q(state__in=[State.SENDING, State.SENT, State.UNCERTAIN]) | refused
    counted = _of(channel).filter(called, claimed_at__gt=now - COUNTS_FOR).exclude(pk__in=but)
    times = counted.order_by("claimed_at").values_list("claimed_at", flat=True)
    return [at for at in times if at]


def _waiting(channel: Channel, now: datetime) -> int:
    return _of(channel).filter(state=State.QUEUED, error_code=Reason.THROTTLED, send_at__gt=now).count()


def _of(channel: Channel) -> ReplyQuerySet:
    mine = Reply.objects.filter(private_reply=True, conversation__channel=channel)
    return mine.exclude(conversation__post__kind__in=platforms.get(channel.platform).private_uncounted)


def _take_the_count(channel: Channel) -> None:
    # Not the row of the channel: whoever takes in what it hears holds that, and the sender waits for nobody.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('private replies'), %s)", [channel.pk % 2**31])
