"""Which conversation a turn belongs to, and joining two that turn out to be one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from inbox import waits
from inbox.models import Channel, Contact, Conversation, Message, Post
from inbox.platforms.base import Author, ContactChanged, Kind, OwnerChanged, OwnTurn, PostSeen, Received, Touched
from inbox.triage import language


def conversation_of(event: Received | OwnTurn, channel: Channel, *, at: datetime, now: datetime) -> Conversation | None:
    """Where a turn belongs; None for an answer of ours to something that we have not heard of (yet)."""
    parent = _message(channel, event.parent)
    if isinstance(event, OwnTurn):
        if event.kind != Kind.MESSAGE:
            return parent.conversation if parent else None
        author: Author | None = Author(event.thread)
    else:
        author = event.author
    contact = contact_of(channel, author, now=now) if author else None
    thread = parent.conversation.thread_id if parent and event.kind != Kind.MESSAGE else event.thread
    post = post_of(channel, event.post) or (parent.conversation.post if parent else None)
    # Looked for, then made: the channel is held by this worker alone, and the unique constraint stands behind it.
    key = {"channel": channel, "kind": event.kind, "thread_id": thread, "contact": contact}
    conversation = Conversation.objects.filter(**key).first()
    if conversation is None:
        return Conversation.objects.create(
            **key,
            organization_id=channel.organization_id,
            location_id=channel.location_id,
            platform=channel.platform,
            post=post,
            language=language.detect(event.text) if isinstance(event, Received) else "",
            created_at=at,
            last_message_at=at,
        )
    if post and conversation.post_id is None:
        conversation.post = post
        conversation.save(update_fields=["post"])
    return conversation


def contact_of(channel: Channel, author: Author, *, now: datetime) -> Contact:
    name = author.name[:200]
    contact = Contact.objects.filter(channel=channel, external_id=author.id).first()
    if contact is None:
        return Contact.objects.create(channel=channel, external_id=author.id, name=name, ask_name_at=None if name else now)
    if name and contact.name != name:
        contact.name, contact.ask_name_at = name, None
        contact.save(update_fields=["name", "ask_name_at"])
    return contact


def post_of(channel: Channel, seen: PostSeen | None) -> Post | None:
    """The post, filled with what this event tells and left as it was where it tells nothing."""
    if not seen or not seen.external_id:
        return None
    told = {
        "text": seen.text,
        "permalink": seen.permalink[:1000],
        "picture": seen.picture[:2000],
        "published_at": seen.published_at,
        "kind": seen.kind[:20],
    }
    told = {name: value for name, value in told.items() if value}
    post = Post.objects.filter(channel=channel, external_id=seen.external_id).first()
    if post is None:
        return Post.objects.create(channel=channel, external_id=seen.external_id, **told)
    news = {name: value for name, value in told.items() if getattr(post, name) != value}
    if news:
        Post.objects.filter(pk=post.pk).update(**news)
        post.refresh_from_db()
    return post


def rethread(message: Message, *, now: datetime) -> None:
    """What was written under this message before we knew its place moves to the thread that it belongs to."""
    conversation = message.conversation
    if conversation.kind == Kind.MESSAGE or conversation.thread_id == message.external_id:
        return
    astray = Conversation.objects.filter(channel=message.channel_id, kind=conversation.kind, thread_id=message.external_id)
    for stray in astray.order_by("pk"):
        same = Conversation.objects.filter(
            channel=stray.channel_id, kind=stray.kind, thread_id=conversation.thread_id, contact=stray.contact_id
        ).first()
        if same:
            _merge(stray, into=same, now=now)
        else:
            stray.thread_id = conversation.thread_id
            stray.post_id = stray.post_id or conversation.post_id
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
        thread.exclude(owner_at__gt=at).update(owner=event.owner, owner_at=at, version=F("version") + 1)


def rename(event: ContactChanged, channel: Channel, *, now: datetime) -> None:
    """The person keeps their conversations under the new id. Where both were known, the threads become one."""
    old = Contact.objects.filter(channel=channel, external_id=event.old_id).first()
    new = contact_of(channel, Author(event.new_id, event.name), now=now)
    if old is None or old == new:
        return
    for conversation in Conversation.objects.filter(contact=old).order_by("pk"):
        thread = event.new_id if conversation.thread_id == event.old_id else conversation.thread_id
        same = Conversation.objects.filter(channel=channel, kind=conversation.kind, thread_id=thread, contact=new).first()
        if same:
            _merge(conversation, into=same, now=now)
        else:
            conversation.contact, conversation.thread_id = new, thread
            conversation.save(update_fields=["contact", "thread_id"])
    Contact.objects.filter(pk=old.pk, conversations=None).delete()


def _message(channel: Channel, external_id: str) -> Message | None:
    if not external_id:
        return None
    return Message.objects.select_related("conversation__post").filter(channel=channel, external_id=external_id).first()
