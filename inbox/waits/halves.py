"""A person whom we wrote to in private from under a public comment, and who answers there: one need in two places.

The clock of the public half goes with them, so that one wait is counted once. `Conversation.moved_at` says that we wrote.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from inbox import platforms, waits
from inbox.models import Contact, Conversation, Message, Wait, WaitEvent

Kind = Conversation.Kind


def moved(conversation: Conversation, *, at: datetime, now: datetime) -> None:
    """Their author was written to in private. Where they answered there already, as we hear of it late, the clock follows."""
    conversation.moved_at = max(filter(None, (conversation.moved_at, at)))
    conversation.save(update_fields=["moved_at"])
    private = Conversation.objects.filter(channel=conversation.channel_id, kind=Kind.MESSAGE, contact=conversation.contact_id)
    for half in private.exclude(contact=None):
        join(half, now=now)


def join(private: Conversation, *, now: datetime) -> None:
    """Whoever has waited in public since before we wrote to them, and writes here, waits here from now on."""
    if private.kind != Kind.MESSAGE or private.contact_id is None:
        return
    running = Wait.objects.running().filter(
        conversation__contact=private.contact_id,
        conversation__kind=Kind.COMMENT,
        started_at__lte=F("conversation__moved_at"),
    )
    for wait in running.select_related("conversation", "policy").order_by("started_at", "pk"):
        if _wrote_since(private, wait.conversation.moved_at):
            _carry(wait, private, now)


def _wrote_since(private: Conversation, moved_at: datetime | None) -> bool:
    return private.messages.filter(direction=Message.Direction.IN, historic=False, sent_at__gte=moved_at).exists()


def _carry(wait: Wait, private: Conversation, now: datetime) -> None:
    """The wait keeps its start, its policy and what was told of it; one that runs in private already joins it."""
    held = Conversation.objects.select_for_update(no_key=True).filter(pk__in=[wait.conversation_id, private.pk])
    public = next(row for row in held.order_by("pk") if row.pk != private.pk)
    waits.release(private, now=now)
    Wait.objects.filter(pk=wait.pk).update(conversation=private)
    waits.told(wait, WaitEvent.Kind.CARRIED, now, now).save(force_insert=True)
    waits.settle(public, now=now)  # and with it the private half, where the clock runs now


def other(conversation: Conversation) -> "QuerySet[Conversation]":
    """The half that this one is not: of a moved comment its author's private thread, of a private thread their moved comments."""
    if not may_have_other(conversation):
        return Conversation.objects.none()
    private = Conversation.objects.filter(kind=Kind.MESSAGE)
    halves = _publics() if conversation.kind == Kind.MESSAGE else private
    return halves.filter(channel=conversation.channel_id, contact=conversation.contact_id)


def may_have_other(conversation: Conversation) -> bool:
    """Whether it is worth asking for the other half."""
    if conversation.contact_id is None:
        return False
    if conversation.kind == Kind.MESSAGE:
        return platforms.get(conversation.platform).allows_private_reply()
    return conversation.kind == Kind.COMMENT and conversation.moved_at is not None


def moved_people(contacts: Iterable[Contact]) -> set[int]:
    """Those among them whom we wrote to from under a comment: what they say in private may take its clock along."""
    pks = {contact.pk for contact in contacts}
    return set(_publics().filter(contact__in=pks).values_list("contact", flat=True)) if pks else set()


def _publics() -> "QuerySet[Conversation]":
    return Conversation.objects.filter(kind=Kind.COMMENT, moved_at__isnull=False)
