"""Deliveries that did not find their way, and any other: whose they are, and taking them in once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Value

from accounts import audit
from accounts.models import Membership, Organization
from inbox import intake
from inbox.channels.calling import endpoint_of
from inbox.models import Channel, Delivery, UnhandledEvent
from inbox.platforms import listings

SEARCHED = 50_000  # deliveries that are looked through, from the newest on
FOUND = 100

Outcome = Delivery.Outcome


def dead(membership: Membership) -> QuerySet[Delivery]:
    """What could not be taken in, or not all of it, of a member's pages; and what nobody can read, which is nobody's."""
    mine = Channel.objects.visible_to(membership)
    parts = UnhandledEvent.objects.filter(channel__in=mine, reason=UnhandledEvent.Reason.UNRECOGNISED)
    ours = Q(channel_ids__overlap=list(mine.values_list("pk", flat=True))) | Q(pk__in=parts.values("delivery"))
    nobodys = Q(outcome=Outcome.FAILED) & (Q(channel_ids=None) | Q(channel_ids=[]))
    stuck = Q(outcome__in=[Outcome.FAILED, Outcome.PARTLY]) | Q(processed_at=None, attempts__gt=0)
    return Delivery.objects.filter(stuck & (ours | nobodys))


def of_channel(channel: Channel) -> list[Delivery]:
    """The newest deliveries that name a page, whatever became of them. Their bodies are read, so it takes a moment."""
    newest = Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    named = Func(
        Value(channel.external_id.encode()), F("body"), function="position", arg_joiner=" in ", output_field=IntegerField()
    )
    own, read = endpoint_of(channel), [listings.ENDPOINT, listings.FETCHED]
    # Where a channel has an address of its own, that names it, and the body need not.
    here = Q(endpoint=own) if "/" in own else Q(endpoint=own, place__gt=0)
    rows = Delivery.objects.filter(pk__gt=newest - SEARCHED).annotate(place=named)
    found = rows.filter(here | Q(endpoint__in=read, place__gt=0)).order_by("-pk")[:FOUND]
    return [delivery for delivery in found if (channel.platform, channel.external_id) in pages_of(delivery)]


def pages_of(delivery: Delivery) -> set[tuple[str, str]]:
    """The pages that it names, by their platform's ids; empty where it cannot be read."""
    try:
        events = list(intake.read(delivery))
    except Exception:  # whatever it is, it is noted on the delivery
        return set()
    return {(event.platform, event.channel_id) for event in events}


def channels_of(delivery: Delivery, membership: Membership) -> list[Channel]:
    """Those of a member's pages that it names."""
    named = pages_of(delivery)
    mine = Channel.objects.visible_to(membership).filter(external_id__in={page for _platform, page in named})
    return [channel for channel in mine if (channel.platform, channel.external_id) in named]


def find(pk: int, membership: Membership) -> Delivery | None:
    """One delivery, where it is any of this member's business."""
    delivery = Delivery.objects.filter(pk=pk).first()
    if delivery is None:
        return None
    return delivery if dead(membership).filter(pk=pk).exists() or channels_of(delivery, membership) else None


def may_read(delivery: Delivery, membership: Membership) -> bool:
    """Whether every word in it is of this member's pages. One body may hold those of several pages, of several owners."""
    if delivery.erased_at:
        return False
    named = pages_of(delivery)
    if not named:  # nobody's: it can be of any page, and is theirs who have them all
        return membership.all_locations and not Organization.objects.exclude(pk=membership.organization_id).exists()
    return len(channels_of(delivery, membership)) == len(named)


def requeue(rows: QuerySet[Delivery], *, now: datetime) -> int:
    """Queue them again; what was taken in already stays as it is. A body that is no longer kept cannot be read again."""
    return rows.filter(erased_at=None).update(processed_at=None, try_at=now, attempts=0)


@transaction.atomic
def replay(pks: Sequence[int], *, by: Membership, now: datetime) -> int:
    """The same because a member asks, of what is their business."""
    count = requeue(Delivery.objects.filter(pk__in=pks), now=now)
    named = sorted(pks)[:FOUND]
    audit.record("deliveries.replayed", by.organization, organization=by.organization_id, by=by, now=now, deliveries=named)
    return count


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
