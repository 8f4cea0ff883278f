"""A person whom we wrote to in private from under a public comment, or asked there to go on in private, and who does: one need
in two places.

The clock of the public half goes with them, so that one wait is counted once. `Conversation.moved_at` says that we asked.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet

from inbox import platforms, waits
from inbox.models import Contact, Conversation, Message, Wait, WaitEvent
from inbox.waits.course import EVER

Kind = Conversation.Kind


def changed(message: Message, *, now: datetime) -> None:
    """Where it asks to go on in private: it is there now, was taken back, never arrived or stands again."""
    if not _asks_to_go_on(message):
        return
    if message.removed_at or message.undone:
        _asked_no_more(message.conversation)
    else:
        _asked(message.conversation, at=message.sent_at, now=now)


def _asks_to_go_on(message: Message) -> bool:
    """A private answer to a comment does, whatever it says; a public one where its words ask for it, and it can be followed."""
    in_public = message.source == Message.Source.MOVING and message.conversation.kind == Kind.COMMENT
    return message.private or (in_public and platforms.get(message.conversation.platform).allows_private_reply())


def _asked_no_more(public: Conversation) -> None:
    """But by what else asks them. A clock that went with them stays where it went, and what asked for it goes on counting."""
    carried = WaitEvent.objects.filter(kind=WaitEvent.Kind.CARRIED, wait__messages__conversation=public)
    gone_at = carried.exclude(wait__conversation=public).aggregate(at=Max("recorded_at"))["at"]
    asking = Q(private=True) | Q(source=Message.Source.MOVING)
    counting = Q(pk__in=public.messages.standing().values("pk")) | Q(sent_at__lte=gone_at or EVER)
    newest = public.messages.filter(asking, counting, direction=Message.Direction.OUT).aggregate(at=Max("sent_at"))["at"]
    public.moved_at = newest or gone_at
    public.save(update_fields=["moved_at"])


def _asked(conversation: Conversation, *, at: datetime, now: datetime) -> None:
    """Their author was asked to go on in private. Where they did already, as we hear of it late, the clock follows."""
    conversation.moved_at = max(filter(None, (conversation.moved_at, at)))
    conversation.save(update_fields=["moved_at"])
    private = Conversation.objects.filter(channel=conversation.channel_id, kind=Kind.MESSAGE, contact=conversation.contact_id)
    for half in private.exclude(contact=None):
        join(half, now=now)


def join(private: Conversation, *, now: datetime) -> None:
    """Whoever has waited in public since before we asked them to, and writes here, waits here from now on."""
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
    """Those among them whom we asked under a comment to go on in private: what they say in private may take its clock along."""
    pks = {contact.pk for contact in contacts}
    return set(_publics().filter(contact__in=pks).values_list("contact", flat=True)) if pks else set()


def _publics() -> "QuerySet[Conversation]":
    return Conversation.objects.filter(kind=Kind.COMMENT, moved_at__isnull=False)
