"""What the platforms let nobody keep goes on time: people's words, their names, and the raw bodies that hold both.

Waits, figures and what we said ourselves stay. What may be kept for how long is told by each connector (`retention`).
"""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from inbox import live, platforms
from inbox.models import Contact, Conversation, Delivery, EarlyEvent, Finding, Message, MessageVersion
from inbox.platforms import listings
from inbox.platforms.base import Connector

AT_ONCE = 500
SET_ASIDE = timedelta(days=30)
LISTED = timedelta(hours=48)  # raw items that we read ourselves: they can be read again


def purge(*, now: datetime) -> dict[str, int]:
    """Let go of what is over its time; return how many messages, names and raw bodies that were."""
    done = {"messages": 0, "names": 0, "bodies": erase_bodies(now=now)}
    for connector in platforms.CONNECTORS:
        done["messages"] += _purge_words(connector, now)
        done["names"] += _purge_names(connector, now)
    return done


def _purge_words(connector: Connector, now: datetime) -> int:
    if connector.retention.words is None:
        return 0
    theirs = Message.objects.filter(
        channel__platform=connector.slug,
        direction=Message.Direction.IN,
        purged_at=None,
    )
    over = now - connector.retention.words
    theirs = theirs.filter(Q(edited_at=None) | Q(edited_at__lte=over), received_at__lte=over)
    count = 0
    while batch := list(theirs.order_by("received_at", "pk")[:AT_ONCE]):
        count += len(batch)
        erase_words(Message.objects.filter(pk__in=[message.pk for message in batch]), now=now)
    return count


@transaction.atomic
def erase_words(messages: QuerySet[Message], *, now: datetime) -> None:
    """The words of these messages and every version of them; that they were there, and when, stays."""
    found = list(messages.select_for_update(no_key=True).order_by("pk").values_list("pk", "conversation_id"))
    pks, conversations = [pk for pk, _conversation in found], {conversation for _pk, conversation in found}
    MessageVersion.objects.filter(message__in=pks).delete()
    Finding.objects.filter(message__in=pks).update(text_digest="")
    Message.objects.filter(pk__in=pks).update(text="", attachments=[], purged_at=now)
    rows = Conversation.objects.filter(pk__in=conversations)
    rows.update(preview="")
    for organization in set(rows.values_list("organization", flat=True)):
        live.nudge(organization)


def _purge_names(connector: Connector, now: datetime) -> int:
    if connector.retention.names is None:
        return 0
    old = Contact.objects.filter(channel__platform=connector.slug, named_at__lte=now - connector.retention.names)
    # Of somebody who waits, the platform is asked again; of others nobody needs it.
    waiting = old.filter(conversations__due_at__isnull=False).values("pk")
    asked = Contact.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)))
    count = old.exclude(pk__in=asked).update(name="", first_name="", named_at=None)
    return count + asked.update(name="", first_name="", named_at=None, ask_name_at=now)


def erase_bodies(*, now: datetime) -> int:
    """Raw bodies that were taken in and are over their time. Their digest stays: a repetition is still known as one."""
    count = 0
    kept = {family.slug: family.keeps for family in platforms.FAMILIES}
    for endpoint, time in (kept | {listings.ENDPOINT: LISTED, listings.FETCHED: LISTED}).items():
        taken = Delivery.objects.filter(endpoint=endpoint, erased_at=None, processed_at__isnull=False)
        # What found no place may still find one, such as when its page is connected; unless the platform allows no such time.
        whole = taken if time <= LISTED else taken.filter(outcome=Delivery.Outcome.DONE)
        count += _erase(whole.filter(received_at__lte=now - time), now)
        count += _erase(taken.filter(received_at__lte=now - max(time, SET_ASIDE)), now)
    return count


def erase_bodies_naming(external_id: str, *, now: datetime) -> int:
    """Every raw body in which this id of a platform stands, however young, once it was taken in."""
    return _erase(_naming(external_id).filter(processed_at__isnull=False), now)


def bodies_to_read(external_id: str) -> QuerySet[Delivery]:
    """Those that name it and wait to be taken in. They may hold what others said, to other pages too."""
    return _naming(external_id).filter(processed_at=None)


def _naming(external_id: str) -> QuerySet[Delivery]:
    kept = Delivery.objects.filter(erased_at=None)
    whole = rf"(^|[^[:alnum:]]){re.escape(external_id)}([^[:alnum:]]|$)"  # and not a part of somebody else's longer one
    return kept.extra(where=["encode(body, 'escape') ~ %s"], params=[whole])


def _erase(deliveries: QuerySet[Delivery], now: datetime) -> int:
    pks = list(deliveries.values_list("pk", flat=True)[:10_000])
    EarlyEvent.objects.filter(delivery__in=pks).delete()  # read from the body, which is gone
    return Delivery.objects.filter(pk__in=pks).update(body=b"", erased_at=now)
