"""What the platforms let nobody keep goes on time: people's words, their names, and the raw bodies that hold both.

Waits, figures and what we said ourselves stay. What may be kept for how long is told by each connector (`retention`).
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from inbox import platforms, waits
from inbox.desk import summaries
from inbox.keeping import kept, unnamed
from inbox.models import (
    Contact,
    Conversation,
    Delivery,
    EarlyEvent,
    Finding,
    KeptWords,
    Message,
    MessageVersion,
    Post,
    Reaction,
)
from inbox.platforms import listings
from inbox.platforms.base import Connector

AT_ONCE = 500
OF_OTHERS = "mention"  # the kind of a post that somebody else published
SET_ASIDE = timedelta(days=30)
LISTED = timedelta(hours=48)  # raw items that we read ourselves: they can be read again


def purge(*, now: datetime) -> dict[str, int]:
    """Let go of what is over its time; return how many messages, names, posts, reactions and raw bodies that were."""
    done = {"messages": 0, "names": 0, "posts": 0, "reactions": 0, "bodies": erase_bodies(now=now)}
    for connector in platforms.connectors():
        done["messages"] += _purge_words(connector, now)
        done["posts"] += _purge_posts(connector, now)
        done["reactions"] += _purge_reactions(connector, now)
        done["names"] += _purge_names(connector, now)
    kept.let_go(KeptWords.objects.all(), by=None, now=now)
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
def erase_words(messages: QuerySet[Message], *, now: datetime, why: str = KeptWords.Why.TIME) -> None:
    """The words of these messages and every version of them; that they were there, and when, stays. What told of harm or danger
    is kept for its case or crisis alone."""
    rows = Conversation.objects.filter(pk__in=messages.values("conversation")).select_for_update(no_key=True)
    conversations = list(rows.order_by("pk"))  # before its messages, as everywhere
    held = kept.keep(messages.filter(direction=Message.Direction.IN), why=why, at=now, now=now)
    pks = list(messages.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    MessageVersion.objects.filter(message__in=pks).delete()
    Finding.objects.filter(message__in=pks).exclude(message__in=held).update(text_digest="")
    Message.objects.filter(pk__in=pks).update(text="", attachments=[], purged_at=now)
    for conversation in conversations:  # what was said since still stands there
        summaries.draw(conversation, waits.running(conversation))


def _purge_names(connector: Connector, now: datetime) -> int:
    if connector.retention.names is None:
        return 0
    old = Contact.objects.filter(channel__platform=connector.slug, named_at__lte=now - connector.retention.names)
    return sum(_purge_name(contact, now) for contact in old.order_by("pk").iterator(chunk_size=AT_ONCE))


@transaction.atomic
def _purge_name(contact: Contact, now: datetime) -> bool:
    if unnamed.is_needed(contact, now=now):
        return False  # the next time: a reply that greets them is on its way
    unnamed.take_out(contact, forgotten=False, now=now)
    # Of somebody who waits, the platform is asked again; of others nobody needs it.
    ask_at = now if contact.conversations.waiting().exists() else None
    Contact.objects.filter(pk=contact.pk).update(name="", first_name="", named_at=None, ask_name_at=ask_at)
    return True


def _purge_posts(connector: Connector, now: datetime) -> int:
    if connector.retention.words is None:
        return 0
    told = Post.objects.filter(channel__platform=connector.slug, kind=OF_OTHERS, told_at__lte=now - connector.retention.words)
    return told.exclude(text="", picture="").update(text="", picture="")


def _purge_reactions(connector: Connector, now: datetime) -> int:
    """A like is kept no longer than words would be; that one was taken back, neither."""
    if connector.retention.words is None:
        return 0
    over = Reaction.objects.filter(channel__platform=connector.slug, at__lte=now - connector.retention.words)
    return over.delete()[0]


def may_be_read_again(message: Message) -> bool:
    """Words of which only a copy may not be kept; not those whose author asked to be forgotten."""
    contact = message.conversation.contact
    asked = contact is not None and contact.is_forgotten
    return not asked and platforms.get(message.channel.platform).retention.words is not None


def erase_posts_of(contact: Contact, known_as: Sequence[str]) -> None:
    """What this person published, and named us in. Facebook's posts are called after who published them."""
    theirs = Message.objects.filter(conversation__contact=contact, direction=Message.Direction.IN).values("external_id")
    named = [Q(external_id__startswith=f"{each}_") for each in known_as]
    posts = Post.objects.filter(channel=contact.channel_id, kind=OF_OTHERS)
    posts.filter(reduce(or_, named, Q(external_id__in=theirs))).update(text="", picture="", permalink="")


def erase_bodies(*, now: datetime) -> int:
    """Raw bodies that were taken in and are over their time. Their digest stays: a repetition is still known as one."""
    count = 0
    kept = {family.slug: family.keeps for family in platforms.families()}
    for endpoint, time in (kept | {listings.ENDPOINT: LISTED, listings.FETCHED: LISTED}).items():
        here = Q(endpoint=endpoint) | Q(endpoint__startswith=f"{endpoint}/")  # each channel's own address among them
        taken = Delivery.objects.filter(here, erased_at=None, processed_at__isnull=False)
        # What found no place may still find one, such as when its page is connected; unless the platform allows no such time.
        whole = taken if time <= LISTED else taken.filter(outcome=Delivery.Outcome.DONE)
        count += _erase(whole.filter(received_at__lte=now - time), now)
        count += _erase(taken.filter(received_at__lte=now - max(time, SET_ASIDE)), now)
    return count


def erase_bodies_naming(external_id: str, *, now: datetime) -> int:
    """Every raw body in which this id of a platform stands, however young, once it was taken in."""
    return _erase(_naming(external_id).filter(processed_at__isnull=False), now)


def erase_these_bodies(pks: Sequence[int], *, now: datetime) -> int:
    return _erase(Delivery.objects.filter(pk__in=pks), now)


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
