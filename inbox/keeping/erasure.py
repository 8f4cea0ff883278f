"""A person takes their consent back, or wants to be forgotten: what of them goes, and what stays without them."""

import hashlib
import json
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from inbox import intake, platforms
from inbox.channels import troubles
from inbox.keeping import kept, retention, unnamed
from inbox.models import Channel, Contact, Conversation, Delivery, ErasureRequest, KeptWords, Message, Reaction
from inbox.models.contacts import FORGOTTEN
from inbox.platforms.base import Reason

Kind = ErasureRequest.Kind
OF_META = ["facebook", "instagram"]  # whose people Meta names by the same ids as it does here


def receive(kind: str, user_id: str, *, signed_request: str, now: datetime) -> ErasureRequest:
    """Keep what was asked; told twice, it is one."""
    fresh = {"code": secrets.token_hex(8).upper(), "kind": kind, "user_id": user_id[:200], "received_at": now}
    return ErasureRequest.objects.get_or_create(digest=_digest(kind, signed_request), defaults=fresh)[0]


def received(kind: str, *, signed_request: str) -> ErasureRequest | None:
    """What this very request led to, where it was told before."""
    return ErasureRequest.objects.filter(digest=_digest(kind, signed_request)).first()


def _digest(kind: str, signed_request: str) -> bytes:
    # Of what is said, and not of how its signature is spelt: base64 has several ways to write one.
    payload = signed_request.partition(".")[2] or signed_request
    return hashlib.sha256(f"{kind} {payload}".encode()).digest()


def carry_out(*, now: datetime) -> int:
    """Do what was asked for and is not yet done; return how many."""
    return sum(_carry_out(pk, now) for pk in ErasureRequest.objects.filter(done_at=None).values_list("pk", flat=True)[:100])


@transaction.atomic
def _carry_out(pk: int, now: datetime) -> bool:
    asked = ErasureRequest.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if asked is None:
        return False
    if asked.kind == Kind.DELETION and _is_too_early(asked.user_id, now):
        return False  # the next time
    asked.erased = {"connections": _end_connections(asked, now)}
    if asked.kind == Kind.DELETION:
        asked.erased |= _forget(asked.user_id, now)
    asked.user_id, asked.done_at = "", now
    asked.save(update_fields=["erased", "user_id", "done_at"])
    return True


def _is_too_early(user_id: str, now: datetime) -> bool:
    """What others said in a body that names this person is first taken in; what is on its way to them first arrives."""
    waiting = retention.bodies_to_read(user_id).exists()
    return waiting or any(unnamed.is_needed(contact, now=now) for contact in _contacts(user_id))


def _contacts(user_id: str) -> list[Contact]:
    known_as = Q(external_id=user_id) | Q(former_ids__external_id=user_id)
    return list(Contact.objects.filter(known_as, channel__platform__in=OF_META).order_by("pk").distinct())


def _end_connections(asked: ErasureRequest, now: datetime) -> int:
    """The tokens that stand on this person's consent are worth nothing any more: erased, and shown before a send fails."""
    channels = list(Channel.objects.connected().filter(grantor_id=asked.user_id).exclude(grantor_id="").order_by("pk"))
    for channel in channels:
        forgotten = {"grantor_id": ""} if asked.kind == Kind.DELETION else {}
        Channel.objects.filter(pk=channel.pk).update(sealed_token=b"", sealed_refresh_token=b"", **forgotten)
        troubles.block(
            channel, Reason.TOKEN_DEAD, since=now, now=now, detail="the person who connected it took their consent back"
        )
        audit.record("channel.consent_withdrawn", channel, organization=channel.organization_id, by=None, now=now)
    return len(channels)


def _forget(user_id: str, now: datetime) -> dict[str, int]:
    contacts = _contacts(user_id)
    # Who only ever reacted is nobody's contact.
    reactions, _each = Reaction.objects.filter(channel__platform__in=OF_META, actor_id=user_id).delete()
    messages = sum(forget(contact, now=now) for contact in contacts)
    bodies = retention.erase_bodies_naming(user_id, now=now)
    return {"people": len(contacts), "messages": messages, "reactions": reactions, "bodies": bodies}


class NotYet(Exception):
    """Something is on its way to this person that must leave as it was written."""


@transaction.atomic
def forget_who_asked(contact: Contact, *, now: datetime) -> int:
    """The same where a person asks us, and not their platform. Raises NotYet."""
    if unnamed.is_needed(contact, now=now):
        raise NotYet
    channel = contact.channel
    known_as = {contact.external_id, *contact.former_ids.values_list("external_id", flat=True)}
    count = forget(contact, now=now)
    for each in sorted(known_as):
        retention.erase_bodies_naming(each, now=now)
    audit.record("contact.forgotten", channel, organization=channel.organization_id, by=None, now=now, messages=count)
    return count


@transaction.atomic
def forget(contact: Contact, *, now: datetime) -> int:
    """Who they were, and every word of theirs; return how many messages. Waits and our own answers stay, without their name; so
    do words of theirs that tell of harm that must be reported, or of a danger that goes on."""
    bodies = _bodies_of(contact)
    names = unnamed.take_out(contact, forgotten=True, now=now)
    theirs = Message.objects.filter(conversation__contact=contact, direction=Message.Direction.IN)
    count = theirs.count()
    retention.erase_words(theirs, why=KeptWords.Why.FORGOTTEN, now=now)
    kept.unname(theirs, names, now=now)
    nobody = f"{FORGOTTEN}{secrets.token_hex(8)}"
    Conversation.objects.filter(contact=contact, thread_id=contact.external_id).update(thread_id=nobody)
    known_as = [contact.external_id, *contact.former_ids.values_list("external_id", flat=True)]
    Reaction.objects.filter(channel=contact.channel_id, actor_id__in=known_as).delete()
    retention.erase_posts_of(contact, known_as)
    contact.former_ids.all().delete()
    contact.external_id, contact.name, contact.first_name, contact.phone = nobody, "", "", ""
    contact.named_at = contact.ask_name_at = None
    contact.save()
    retention.erase_these_bodies(bodies, now=now)
    return count


def _bodies_of(contact: Contact) -> list[int]:
    """What a site told or listed of them: by their comments, what was said to these, and their name.

    A site has no ids of people. Where a platform has, a body is known by these.
    """
    connector = platforms.get(contact.channel.platform)
    if connector.family and not platforms.family(connector.family).addressed:
        return []
    said = Message.objects.filter(conversation__contact=contact, direction=Message.Direction.IN)
    told, name = set(said.values_list("external_id", flat=True)), contact.name
    written = [name.encode(), json.dumps(name)[1:-1].encode()] if name else []
    rows = Delivery.objects.of_channel(contact.channel_id).filter(processed_at__isnull=False)
    return [row.pk for row in rows.iterator(chunk_size=5) if any(name in row.body for name in written) or _tells_of(row, told)]


def _tells_of(delivery: Delivery, told: set[str]) -> bool:
    try:
        events = intake.read(delivery)
    except Exception:  # whatever it is, it is noted on the delivery, and somebody still reads it
        return False
    return any(getattr(event, name, "") in told for event in events for name in ("external_id", "parent", "thread"))
