"""Deliveries that did not find their way, and any other: whose they are, and taking them in once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects

from accounts import audit
from accounts.models import Membership, Organization
from inbox import intake
from inbox.channels.calling import endpoint_of
from inbox.models import Channel, Delivery, UnhandledEvent

FOUND = 100
AT_ONCE = 1000  # deliveries of one organization that wait to be taken in once more

Outcome = Delivery.Outcome
Line = tuple[Delivery, list[Channel], list[UnhandledEvent]]


def dead(membership: Membership) -> QuerySet[Delivery]:
    """What could not be taken in, or not all of it, of a member's pages; and what is nobody's, for whoever operates it all."""
    mine = Channel.objects.visible_to(membership)
    parts = UnhandledEvent.objects.filter(channel__in=mine, reason=UnhandledEvent.Reason.UNRECOGNISED)
    # Of what was taken in with parts set aside, others' parts may have been; which are whose is noted on each.
    ours = Q(channel_ids__overlap=[channel.pk for channel in mine]) & ~Q(outcome=Outcome.PARTLY)
    ours |= Q(pk__in=parts.values("delivery"))
    ours |= Q(endpoint__in=[own for channel in mine if (own := _own_endpoint(channel))])
    nobodys = Q(outcome=Outcome.FAILED) & (Q(channel_ids=None) | Q(channel_ids=[]))
    nobodys |= Q(pk__in=UnhandledEvent.unread_of_nobody().values("delivery"))
    stuck = Q(outcome__in=[Outcome.FAILED, Outcome.PARTLY]) | Q(processed_at=None, attempts__gt=0)
    return Delivery.objects.filter(stuck & (ours | nobodys if operates(membership) else ours))


def to_retry(membership: Membership) -> list[int]:
    """What is asked for when all are: what was tried longest ago comes first, so that each has its turn."""
    return list(dead(membership).order_by("processed_at", "pk").values_list("pk", flat=True)[:AT_ONCE])


def operates(membership: Membership) -> bool:
    """Whether this member stands for the whole installation: it has no other organization, and they see all of this one.

    What belongs to no page that is connected may be of anybody's. Where there are several organizations it is shown to none
    of them: whoever runs the server has the command `deliveries`.
    """
    return membership.all_locations and not Organization.objects.exclude(pk=membership.organization_id).exists()


def _own_endpoint(channel: Channel) -> str:
    """Its address, where it has one of its own: what arrives there is its, whether anybody can read it or not."""
    own = endpoint_of(channel)
    return own if "/" in own else ""


def of_channel(channel: Channel) -> list[Delivery]:
    """The newest deliveries that name a page, whatever became of them, without their bodies."""
    return _newest(Delivery.objects.of_channel(channel.pk))


def of_all(membership: Membership) -> list[Delivery]:
    """The same of every page of a member; and what is nobody's, for whoever operates it all."""
    kept = Delivery.objects.filter(erased_at=None)
    if operates(membership):
        return list(kept.defer("body").order_by("-pk")[:FOUND])
    mine = Channel.objects.visible_to(membership)
    own = Q(endpoint__in=[own for channel in mine if (own := _own_endpoint(channel))])
    return _newest(kept.filter(Q(channel_ids__overlap=[channel.pk for channel in mine]) | own))


def of_unknown_page(platform: str, page_id: str, membership: Membership) -> list[Delivery]:
    """The newest that name a page that nobody has connected. It may be anybody's, as what nobody can read."""
    if not operates(membership):
        return []
    kept = UnhandledEvent.of_unknown_page(platform, page_id)
    return list(Delivery.objects.filter(pk__in=kept.values("delivery")).defer("body").order_by("-pk")[:FOUND])


def _newest(rows: QuerySet[Delivery]) -> list[Delivery]:
    """Asked for in two halves, as the index of what a page sent holds only what was taken in."""
    taken = rows.filter(processed_at__isnull=False).defer("body").order_by("-pk")[:FOUND]
    waiting = rows.filter(processed_at=None).defer("body").order_by("-pk")[:FOUND]
    return sorted([*taken, *waiting], key=attrgetter("pk"), reverse=True)[:FOUND]


def pages_of(delivery: Delivery) -> set[tuple[str, str]]:
    """The pages that it names, by their platform's ids; empty where it cannot be read."""
    try:
        events = list(intake.read(delivery))
    except Exception:  # whatever it is, it is noted on the delivery
        return set()
    return {(event.platform, event.channel_id) for event in events}


def channels_of(delivery: Delivery, membership: Membership) -> list[Channel]:
    """Those of a member's pages that it names."""
    named, mine = pages_of(delivery), Channel.objects.visible_to(membership)
    here = Q(external_id__in={page for _platform, page in named}) | Q(external_id=delivery.endpoint.partition("/")[2])
    return [channel for channel in mine.filter(here) if _page(channel) in named or _own_endpoint(channel) == delivery.endpoint]


def lines(rows: Sequence[Delivery], membership: Membership, *, failed: bool = False) -> list[Line]:
    """Each delivery with those of a member's pages that it names, and with what was set aside of it and is theirs to know.

    As far as that is written beside it: none has to be read for a list. failed: only the pages whose part was not taken in.
    """
    prefetch_related_objects(rows, Prefetch("unhandled", UnhandledEvent.objects.order_by("number")))
    mine, everything = list(Channel.objects.visible_to(membership)), operates(membership)
    pks = {channel.pk for channel in mine}
    found: list[Line] = []
    for row in rows:
        parts = list(row.unhandled.all())
        named = {part.channel_id for part in parts} if failed else set()
        named |= set() if failed and row.outcome == Outcome.PARTLY else set(row.channel_ids or ())
        pages = [channel for channel in mine if channel.pk in named or _own_endpoint(channel) == row.endpoint]
        found.append((row, pages, [part for part in parts if everything or part.channel_id in pks]))
    return found


def _page(channel: Channel) -> tuple[str, str]:
    return channel.platform, channel.external_id


def parts_of(delivery: Delivery, membership: Membership) -> list[UnhandledEvent]:
    """Of what was set aside of it, what is this member's to know."""
    parts = delivery.unhandled.order_by("number")
    return list(parts if operates(membership) else parts.filter(channel__in=Channel.objects.visible_to(membership)))


def find(pk: int, membership: Membership) -> Delivery | None:
    """One delivery, where it is any of this member's business."""
    delivery = Delivery.objects.filter(pk=pk).first()
    if delivery is None or operates(membership):
        return delivery
    return delivery if dead(membership).filter(pk=pk).exists() or channels_of(delivery, membership) else None


def may_read(delivery: Delivery, membership: Membership) -> bool:
    """Whether every word in it is of this member's pages. One body may hold those of several pages, of several owners."""
    if delivery.erased_at:
        return False
    if operates(membership):
        return True
    mine = channels_of(delivery, membership)
    return bool(mine) and len(mine) == len(pages_of(delivery) or mine)


@transaction.atomic
def replay(pks: Sequence[int], *, by: Membership, now: datetime) -> list[int]:
    """Take them in once more because a member asks, as far as their organization has room for it; return which.

    The others, and other organizations, do not wait for it: there are so many a second, and so many at once.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    room = max(0, AT_ONCE - Delivery.objects.replayed(organization.pk).exclude(pk__in=pks).count())
    kept = set(Delivery.objects.filter(pk__in=pks, erased_at=None).values_list("pk", flat=True))
    some = [pk for pk in pks if pk in kept][:room]
    Delivery.objects.filter(pk__in=some).requeue(now=now, replayed_for=organization)
    if some:
        named = sorted(some)[:FOUND]
        audit.record("deliveries.replayed", organization, organization=organization.pk, by=by, now=now, deliveries=named)
    return some


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of deliveries that were queued again."""

    waiting: int
    done: int
    stuck: int  # again

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.stuck


def progress(pks: Sequence[int]) -> Progress:
    rows = Delivery.objects.filter(pk__in=pks)
    waits, done = Q(processed_at=None), Q(processed_at__isnull=False, outcome=Outcome.DONE)
    found = rows.aggregate(waiting=Count("pk", filter=waits), done=Count("pk", filter=done), total=Count("pk"))
    return Progress(found["waiting"], found["done"], found["total"] - found["waiting"] - found["done"])
