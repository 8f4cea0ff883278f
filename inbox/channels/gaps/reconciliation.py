"""Comparing a page with what its platform lists, so that nothing is lost when a webhook is: claim, look, bring in.

What is found missing or changed becomes a delivery like any other, and each difference a `Gap` with its cause.
No lock is held while the platform thinks.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from inbox import platforms
from inbox.channels import pace, troubles
from inbox.channels.calling import calling
from inbox.channels.gaps import evidence
from inbox.channels.gaps.comparing import Finding, Held, Listing, absent, differences, gone, unreadable
from inbox.models import Channel, Delivery, Gap, Message, Post, Trouble
from inbox.models.channels import TokenUnreadable, may_be_called
from inbox.platforms import listings, wire
from inbox.platforms.base import (
    Connection,
    Connector,
    Difference,
    Kind,
    LookLater,
    Meter,
    Reason,
    SendError,
    SendNotReached,
    SendRefused,
    SendUncertain,
)
from inbox.platforms.listings import Found

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # past every listing: who claimed a page and died gives it back after this
OVERLAP = timedelta(hours=1)  # listings are read again this far before the last one
FARTHEST = timedelta(days=30)  # how far back a page is looked through after a long absence
MOST_ITEMS, MOST_POSTS, MOST_SECOND_LOOKS = 20_000, 200, 20
SECOND_LOOK_AGAIN, OLD_THREAD_AGAIN = timedelta(days=1), timedelta(hours=1)
NOT_LISTED = timedelta(days=1)  # where a platform lists nothing, asked again in case it has learnt to
WORTH_TELLING = 3  # failures in a row


def compare(channel_pk: int, *, now: datetime) -> int | None:
    """Compare one page that is due with its platform's list; return how many things were brought in. None: not due.

    Whoever calls rings for the delivery.
    """
    channel = _claim(channel_pk, now)
    if channel is None:
        return None
    try:
        with calling(channel, now=now) as connection:
            findings, posts = _look(channel, connection, now)
    except (SendError, SendUncertain, TokenUnreadable) as problem:
        _failed(channel, problem, now)
        return 0
    return _bring_in(channel, findings, posts, connection.meter, now)


def compare_now(channel: Channel, *, now: datetime) -> int:
    """The same because somebody asks, whenever it would be due."""
    Channel.objects.filter(pk=channel.pk).update(list_at=now)
    return compare(channel.pk, now=now) or 0


def due(now: datetime) -> Q:
    """Channels to compare now."""
    return may_be_called(now) & (Q(list_at=None) | Q(list_at__lte=now))


def platforms_due(now: datetime) -> list[str]:
    return list(Channel.objects.filter(due(now)).order_by("platform").values_list("platform", flat=True).distinct())


def compare_due(platform: str, *, clock: Callable[[], datetime]) -> Iterator[int]:
    """Compare every page of a platform that is due, the longest due first; tell how many differences each had."""
    while (pk := _first_due(platform, clock())) is not None:
        yield compare(pk, now=clock()) or 0


def _first_due(platform: str, now: datetime) -> int | None:
    rows = Channel.objects.filter(due(now), platform=platform).order_by("list_at", "pk")
    return rows.values_list("pk", flat=True).first()


def _claim(channel_pk: int, now: datetime) -> Channel | None:
    if not Channel.objects.filter(due(now), pk=channel_pk).update(list_at=now + LEASE):
        return None
    return Channel.objects.get(pk=channel_pk)


# --- looking ---------------------------------------------------------------------------------------


def _look(channel: Channel, connection: Connection, now: datetime) -> tuple[list[Finding], list[Found]]:
    """The differences, and what is news of our posts. Raises what a connector raises."""
    connector = platforms.get(channel.platform)
    since = _since(channel, connector, now)
    threads = _old_threads(channel, connector, since, now)
    listing = _listing(connector, connection, since, _posts(channel, since), threads)
    listed = listing.turns
    in_old_threads = [each.turn.external_id for each in listed if each.turn.thread in threads]
    Message.objects.filter(channel=channel, external_id__in=in_old_threads).update(still_there_at=now)
    held = _held(channel, [each.turn.external_id for each in listed], since)
    if not listed and len([ours for ours in held.values() if ours.kind in connector.listed_in_full]) > 2:
        # Such as a token that may not read this page: it answers with an empty list, and no error.
        raise SendRefused(Reason.PERMISSION, "the platform lists nothing of what was written in the last days")
    found = list(differences(listed, held, looked_at=now, waits_for=connector.speaks()))
    left_out = absent(listed, held.values(), since=since, looked_at=now)
    left_out += [ours for ours in _waited_for(channel, connector, since, now) if ours.external_id not in held]
    found += _second_looks(channel, connector, connection, left_out, now)
    return found, _new_posts(channel, listing, now)


def _since(channel: Channel, connector: Connector, now: datetime) -> datetime:
    usual = now - connector.list_back
    last = channel.listed_at - OVERLAP if channel.listed_at else channel.connected_at - connector.list_back
    return max(min(usual, last), now - FARTHEST)


def _posts(channel: Channel, since: datetime) -> list[str]:
    alive = Post.objects.filter(channel=channel, removed_at=None)
    recent = alive.filter(Q(published_at__gte=since) | Q(conversations__last_message_at__gte=since)).distinct()
    return list(recent.order_by("-pk").values_list("external_id", flat=True)[:MOST_POSTS])


def _old_threads(channel: Channel, connector: Connector, since: datetime, now: datetime) -> list[str]:
    """Those that began before that and went on since, where no listing need show what is new in them: not asked for lately, and
    first those that were not for longest.
    """
    if not connector.old_threads:
        return []
    begun_since = Message.objects.filter(channel=channel, external_id=OuterRef("conversation__thread_id"), sent_at__gte=since)
    alive = Message.objects.filter(channel=channel, conversation__kind=Kind.COMMENT, sent_at__gte=since, removed_at=None)
    threads = alive.exclude(Exists(begun_since)).order_by().values("conversation__thread_id")
    asked = threads.annotate(asked_at=Max("still_there_at")).filter(Q(asked_at=None) | Q(asked_at__lte=now - OLD_THREAD_AGAIN))
    longest_first = asked.order_by(F("asked_at").asc(nulls_first=True), "conversation__thread_id")
    return list(longest_first.values_list("conversation__thread_id", flat=True)[: connector.old_threads])


def _listing(
    connector: Connector, connection: Connection, since: datetime, posts: Sequence[str], threads: Sequence[str]
) -> Listing:
    found, until = Listing(), monotonic() + connector.longest_look.total_seconds()
    under = (item for thread in threads for item in connector.answers_under(thread, connection, since))
    for item in chain(connector.listing(connection, since, posts), under):
        _read(connector, connection.external_id, item, found)
        if len(found.turns) > MOST_ITEMS or monotonic() > until:
            raise SendNotReached(Reason.OTHER, "the listing has no end")
    return found


def _read(connector: Connector, channel_id: str, item: dict[str, Any], found: Listing) -> None:
    try:
        found.add(connector.read_listed(channel_id, item), item)
    except wire.Unreadable:
        found.turns.append(unreadable(connector.slug, channel_id, item))


def _new_posts(channel: Channel, listing: Listing, now: datetime) -> list[Found]:
    """Posts that we do not know, or not the words of: what is asked under them is read beside them."""
    names = [post.external_id for post, _item in listing.posts]
    known = dict(Post.objects.filter(channel=channel, external_id__in=names).values_list("external_id", "text"))
    return [
        Found(difference=Difference.MISSING, external_id=post.external_id, seen_at=now, item=item)
        for post, item in listing.posts
        if post.external_id not in known or (post.text and known[post.external_id] != post.text)
    ]


def _held(channel: Channel, listed: Sequence[str], since: datetime) -> dict[str, Held]:
    messages = Message.objects.filter(Q(external_id__in=listed) | Q(sent_at__gte=since), channel=channel)
    return {ours.external_id: ours for ours in _as_held(messages)}


def _waited_for(channel: Channel, connector: Connector, since: datetime, now: datetime) -> Iterable[Held]:
    """What waits for an answer and is older than the listing reaches: who took it back waits no more, and few platforms tell.

    What was said under the media of others is not shown by its id, and would count as gone.
    """
    theirs = Message.objects.filter(channel=channel, direction=Message.Direction.IN, sent_at__lt=since, removed_at=None)
    asking = theirs.filter(wait__isnull=False, wait__ended_at=None, conversation__kind__in=connector.listed_in_full)
    return _as_held(_to_look_at(asking.exclude(conversation__post__kind="mention"), now))


def _as_held(messages: "QuerySet[Message]") -> Iterator[Held]:
    changed = Greatest("received_at", "edited_at", "hidden_at", "moderated_at", "removed_at")  # of those that are told
    columns = ("external_id", "text", "sent_at", "hidden", "rating", "moderation", "removed_at", "purged_at")
    for row in messages.values(*columns, kind=F("conversation__kind"), changed_at=changed):
        yield Held(**row | {"kind": Kind(row["kind"])})


def _second_looks(
    channel: Channel, connector: Connector, connection: Connection, left_out: Sequence[Held], now: datetime
) -> Iterator[Finding]:
    """What a listing should hold and does not, or is too old for it: each is asked for by itself before it counts as removed."""
    names = [ours.external_id for ours in left_out if ours.kind in connector.listed_in_full]
    messages = Message.objects.filter(channel=channel, external_id__in=names)
    chosen = set(_to_look_at(messages, now).values_list("external_id", flat=True))
    for ours in left_out:
        if ours.external_id not in chosen:
            continue
        item = connector.look(ours.external_id, ours.kind, connection)
        if item is None:
            yield gone(ours, now)
            continue
        messages.filter(external_id=ours.external_id).update(still_there_at=now)
        again = Listing()
        if item:
            _read(connector, connection.external_id, item, again)
        yield from differences(again.turns, {ours.external_id: ours}, looked_at=now, waits_for=False)


def _to_look_at(messages: "QuerySet[Message]", now: datetime) -> "QuerySet[Message]":
    """Those that nobody looked at for longest; never looked at, the newest first: of these a listing said something."""
    unsure = messages.filter(Q(still_there_at=None) | Q(still_there_at__lt=now - SECOND_LOOK_AGAIN))
    return unsure.order_by(F("still_there_at").asc(nulls_first=True), "-sent_at", "pk")[:MOST_SECOND_LOOKS]


# --- bringing in -----------------------------------------------------------------------------------


@transaction.atomic
def _bring_in(channel: Channel, findings: Sequence[Finding], posts: Sequence[Found], meter: Meter, now: datetime) -> int:
    fresh = _unreported(channel, findings)
    if fresh or posts:
        found = [*posts, *(finding.found for finding in fresh)]
        body = listings.differences_of(channel.platform, channel.external_id, found)
        delivery = Delivery.objects.keep(listings.ENDPOINT, body, now=now)
        Gap.objects.bulk_create([_gap(channel, finding, delivery, now) for finding in fresh], ignore_conflicts=True)
    Channel.objects.filter(pk=channel.pk).update(listed_at=now, list_failures=0, list_problem="")
    troubles.end(channel, Trouble.Kind.UNLISTED, at=now)
    usual = pace.every(platforms.get(channel.platform).list_every, meter.used)
    _next(channel, now + max(usual, meter.apart), now)
    return len(fresh) + len(posts)


def _unreported(channel: Channel, findings: Sequence[Finding]) -> list[Finding]:
    names = [finding.found.external_id for finding in findings]
    known = set(Gap.objects.filter(channel=channel, external_id__in=names).values_list("external_id", "kind", "change"))
    return [each for each in findings if (each.found.external_id, str(each.found.difference), each.change) not in known]


def _gap(channel: Channel, finding: Finding, delivery: Delivery, now: datetime) -> Gap:
    return Gap(
        channel=channel,
        external_id=finding.found.external_id,
        kind=finding.found.difference,
        change=finding.change,
        posted_at=finding.posted_at,
        found_at=now,
        cause=evidence.cause(finding, channel, before=channel.listed_at or channel.connected_at),
        delivery=delivery,
    )


def _failed(channel: Channel, problem: Exception, now: datetime) -> None:
    """Keep why, and look again later, each time later."""
    reason = Reason.TOKEN_DEAD if isinstance(problem, TokenUnreadable) else getattr(problem, "reason", Reason.OTHER)
    log.info("channel %s could not be listed: %s", channel.pk, reason)
    failures, usual = channel.list_failures + 1, platforms.get(channel.platform).list_every
    asked = getattr(problem, "retry_after", None)
    if reason is Reason.THROTTLED or isinstance(problem, LookLater):
        _next(channel, now + usual + (asked or usual), now)  # no failure; and what people wait for goes first
        return
    pause = NOT_LISTED if reason is Reason.NOT_ALLOWED else pace.after_failure(usual, failures)
    Channel.objects.filter(pk=channel.pk).update(list_failures=failures, list_problem=reason)
    _next(channel, now + max(pause, asked or pause), now)
    last_well, detail = channel.listed_at or channel.connected_at, getattr(problem, "detail", "")
    if reason in {Reason.TOKEN_DEAD, Reason.OUTDATED}:
        troubles.block(channel, reason, since=last_well, now=now, detail=detail)
    elif failures >= WORTH_TELLING and reason is not Reason.NOT_ALLOWED:
        troubles.begin(channel, Trouble.Kind.UNLISTED, since=last_well, now=now, detail=detail)


def _next(channel: Channel, at: datetime, now: datetime) -> None:
    """The next look, unless somebody asked for an earlier one meanwhile."""
    Channel.objects.filter(pk=channel.pk, list_at=now + LEASE).update(list_at=at)
