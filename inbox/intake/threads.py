"""Which conversation a turn belongs to, and joining two that turn out to be one."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from inbox import crises, platforms, waits
from inbox.channels.calling import variables
from inbox.models import Channel, Contact, Conversation, FormerId, Message, Post
from inbox.platforms.base import Author, ContactChanged, Kind, Owner, OwnerChanged, OwnTurn, PostSeen, Received, Touched


def conversation_of(event: Received | OwnTurn, channel: Channel, *, at: datetime, now: datetime) -> Conversation | None:
    """Where a turn belongs; None for an answer of ours to something that we have not heard of (yet)."""
    parent = message_of(channel.pk, event.parent)
    if isinstance(event, OwnTurn):
        if event.kind != Kind.MESSAGE:
            return parent.conversation if parent else None
        author: Author | None = event.to or Author(event.thread)
    else:
        author = event.author
    contact = contact_of(channel, author, at=at, now=now) if author else None
    thread = parent.conversation.thread_id if parent and event.kind != Kind.MESSAGE else event.thread
    if contact and author and author.id == thread:
        thread = contact.external_id  # whichever of their ids this event used
    post = post_of(channel, event.post, now=now) or (parent.conversation.post if parent else None)
    # Looked for, then made: the channel is held by this worker alone, and the unique constraint stands behind it.
    key = {"channel": channel, "kind": event.kind, "thread_id": thread, "contact": contact}
    conversation = Conversation.objects.filter(**key).first()
    if conversation is None:
        post_id = post.pk if post else None
        conversation = opened(channel, kind=event.kind, thread_id=thread, contact=contact, post_id=post_id, at=at)
        conversation.save(force_insert=True)
    if post and conversation.post_id is None:
        conversation.post = post
        conversation.save(update_fields=["post"])
    return conversation


def opened(
    channel: Channel, *, kind: str, thread_id: str, contact: Contact | None, post_id: int | None, at: datetime
) -> Conversation:
    """A conversation in which nothing was said yet; not yet written."""
    return Conversation(
        channel=channel,
        kind=kind,
        thread_id=thread_id,
        contact=contact,
        post_id=post_id,
        organization_id=channel.organization_id,
        location_id=channel.location_id,
        platform=channel.platform,
        created_at=at,
        last_message_at=at,
    )


def contact_of(channel: Channel, author: Author, *, at: datetime, now: datetime) -> Contact:
    """The person who this was at that time, whichever of their ids was used; with what is told of them beside it."""
    name, phone = author.name[:200], author.phone[:40]
    former = FormerId.objects.select_related("contact").filter(channel=channel, external_id=author.id, until__gte=at).first()
    if former:
        return former.contact
    contact = Contact.objects.filter(channel=channel, external_id=author.id).first()
    if contact is None and author.id == phone:
        contact = Contact.objects.filter(channel=channel, phone=phone).order_by("-pk").first()
    if contact is None:
        contact = stranger(channel, author, now=now)
        contact.save(force_insert=True)
    if name and contact.name != name:
        contact.name, contact.ask_name_at, contact.named_at = name, None, now
        contact.save(update_fields=["name", "ask_name_at", "named_at"])
    if phone and contact.phone != phone:
        _learn_phone(contact, phone, now=now)
    return contact


def stranger(channel: Channel, author: Author, *, now: datetime) -> Contact:
    """Somebody of whom we have not heard; not yet written."""
    name = author.name[:200]
    told_at, ask_at = (now, None) if name else (None, now)
    return Contact(channel=channel, external_id=author.id, name=name, ask_name_at=ask_at, named_at=told_at)


def is_known_as(contact: Contact, author: Author) -> bool:
    """Whether an event tells nothing new of the person."""
    return author.name[:200] in {"", contact.name} and author.phone[:40] in {"", contact.phone}


def _learn_phone(contact: Contact, phone: str, *, now: datetime) -> None:
    """A number is one person's at a time: who was known by it alone is this one, who had it before has it no more."""
    known = Contact.objects.filter(channel=contact.channel_id)
    known.filter(phone=phone).exclude(external_id=phone).update(phone="")
    contact.phone = phone
    contact.save(update_fields=["phone"])
    if nameless := known.filter(external_id=phone).exclude(pk=contact.pk).first():
        _become(nameless, contact, now=now)


def post_of(channel: Channel, seen: PostSeen | None, *, now: datetime) -> Post | None:
    """The post, filled with what this event tells and left as it was where it tells nothing."""
    if not seen or not seen.external_id:
        return None
    post = Post.objects.filter(channel=channel, external_id=seen.external_id).first()
    post = post or Post(channel=channel, external_id=seen.external_id)
    if (news := news_of(post, seen)) or post.pk is None:
        for name, value in news.items():
            setattr(post, name, value)
        post.told_at = now
        post.save()
    return post


def news_of(post: Post, seen: PostSeen) -> dict[str, Any]:
    """What an event tells of a post that we did not know."""
    told = {
        "text": seen.text,
        "permalink": seen.permalink[:1000],
        "picture": seen.picture[:2000],
        "published_at": seen.published_at,
        "kind": seen.kind[:20],
    }
    return {name: value for name, value in told.items() if value and getattr(post, name) != value}


def post_removed(channel: Channel, external_id: str, *, at: datetime) -> None:
    """Where it is a post of ours that was removed: it is not looked through any more."""
    Post.objects.filter(channel=channel, external_id=external_id).update(removed_at=at)


def rethread(message: Message, *, now: datetime) -> None:
    """What was written under this message before we knew its place moves to the thread that it belongs to."""
    conversation = message.conversation
    if conversation.kind != Kind.MESSAGE and conversation.thread_id != message.external_id:
        _regroup(message, conversation.thread_id, conversation.post, now=now)


def nest(message: Message, event: Received | OwnTurn, *, now: datetime) -> None:
    """We learn only now what a message answers: it goes to that thread, with all that was written under it."""
    message.parent_id = event.parent
    message.save(update_fields=["parent_id"])
    if event.kind != Kind.MESSAGE:
        parent = message_of(message.channel_id, event.parent)
        thread, post = (parent.conversation.thread_id, parent.conversation.post) if parent else (event.thread, None)
        _regroup(message, thread, post, now=now)


def _regroup(root: Message, thread: str, post: Post | None, *, now: datetime) -> None:
    """What stands in a thread of its own under this message belongs to another one."""
    kind = root.conversation.kind
    for stray in Conversation.objects.filter(channel=root.channel_id, kind=kind, thread_id=root.external_id).order_by("pk"):
        key = {"channel": stray.channel_id, "kind": kind, "thread_id": thread, "contact": stray.contact_id}
        if same := Conversation.objects.filter(**key).first():
            _merge(stray, into=same, now=now)
        else:
            stray.thread_id, stray.post = thread, stray.post or post
            stray.save(update_fields=["thread_id", "post"])


def _merge(stray: Conversation, *, into: Conversation, now: datetime) -> None:
    """Open waits join: the earlier start holds. Everything else that hangs on the one moves to the other."""
    waits.release(stray, now=now)
    moved = True
    for relation in Conversation._meta.related_objects:
        for row in relation.related_model._default_manager.filter(**{relation.field.name: stray}):
            try:
                with transaction.atomic():
                    setattr(row, relation.field.name, into)
                    row.save(update_fields=[relation.field.name])
            except IntegrityError:
                moved = False  # such as a second draft of one person: it stays where it can still be read
    crises.mark(into)
    waits.settle(into, now=now)
    if moved:
        stray.delete()
    else:
        waits.settle(stray, now=now)


def note(event: Touched | OwnerChanged, channel: Channel, *, at: datetime) -> None:
    """What happened to a message thread and is no turn. The newest counts; of a thread that we do not know, nothing does."""
    thread = Conversation.objects.filter(channel=channel, kind=Kind.MESSAGE, thread_id=event.thread)
    if isinstance(event, Touched):
        thread.exclude(touched_at__gte=at).update(touched_at=at, version=F("version") + 1)
    else:
        thread.exclude(owner_at__gt=at).update(owner=_owner(event, channel), owner_at=at, version=F("version") + 1)


def _owner(event: OwnerChanged, channel: Channel) -> Owner:
    """A webhook goes to the app that it is about, as a rule; where the app is named and we know our own name, that decides."""
    ours = platforms.get(channel.platform).address(variables(), channel.settings).app_id
    if not ours or not event.app_id or event.owner is Owner.PLATFORM:
        return event.owner
    return Owner.US if event.app_id == ours else Owner.OTHER


def rename(event: ContactChanged, channel: Channel, *, at: datetime, now: datetime) -> None:
    """The person keeps their conversations under the new id, and what comes late under the old one still is theirs."""
    new = contact_of(channel, Author(event.new_id, event.name, event.phone), at=at, now=now)
    if event.old_id == new.external_id:
        return
    of_old = Q(external_id=event.old_id) | Q(phone=event.old_id)
    for old in Contact.objects.filter(of_old, channel=channel).exclude(pk=new.pk).order_by("pk"):
        _become(old, new, now=now)
    FormerId.objects.update_or_create(channel=channel, external_id=event.old_id, defaults={"contact": new, "until": at})


def _become(old: Contact, new: Contact, *, now: datetime) -> None:
    """Two contacts are one person. Where both have a thread in one place, the threads become one."""
    for conversation in Conversation.objects.filter(contact=old).order_by("pk"):
        thread = new.external_id if conversation.thread_id == old.external_id else conversation.thread_id
        key = {"channel": new.channel_id, "kind": conversation.kind, "thread_id": thread, "contact": new}
        if same := Conversation.objects.filter(**key).first():
            _merge(conversation, into=same, now=now)
        else:
            conversation.contact, conversation.thread_id = new, thread
            conversation.save(update_fields=["contact", "thread_id"])
    FormerId.objects.filter(contact=old).update(contact=new)
    if old.first_name and not new.first_name:
        Contact.objects.filter(pk=new.pk).update(first_name=old.first_name)
    Contact.objects.filter(pk=old.pk, conversations=None).delete()


def message_of(channel_pk: int, external_id: str) -> Message | None:
    if not external_id:
        return None
    return Message.objects.select_related("conversation__post").filter(channel=channel_pk, external_id=external_id).first()
