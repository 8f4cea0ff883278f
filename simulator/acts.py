"""What people, and our own app, do on the platforms. Each act changes the state and emits the webhook its platform would send.

`at` backdates an act: the platform then tells that time everywhere.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from simulator import deliveries, faults, options, platforms
from simulator.models import Comment, Fault, Message, Page, Person, Post, Source


def person_of(page: Page, name: str) -> Person:
    external_id = platforms.of(page).person_id(page, name)
    return Person.objects.get_or_create(page=page, external_id=external_id, defaults={"name": name})[0]


@transaction.atomic
def publish_post(page: Page, text: str, *, at: datetime | None = None, external_id: str = "", silent: bool = False) -> Post:
    at = at or options.now()
    post_id, share_id = platforms.of(page).post_ids(page)
    post = Post.objects.create(page=page, text=text, external_id=external_id or post_id, share_id=share_id, created_at=at)
    if not silent:
        deliveries.emit(page, platforms.of(page).post_event(post, at), "publication", at=at)
    return post


@transaction.atomic
def write_comment(
    page: Page,
    *,
    text: str = "",
    post: Post | None = None,
    parent: Comment | None = None,
    author: str | None = None,
    photo: str = "",
    by_page: bool = False,
    source: str = Source.CUSTOMER,
    external_id: str = "",
    at: datetime | None = None,
) -> Comment:
    """No author and not by the page: a comment whose author the platform withholds. A reply to a reply goes under its root."""
    at = at or options.now()
    post = post or (parent.post if parent else _latest_post(page))
    comment = Comment.objects.create(
        post=post,
        parent=parent.root if parent else None,
        external_id=external_id or platforms.of(page).comment_id(post),
        author=person_of(page, author) if author and not by_page else None,
        by_page=by_page,
        source=source,
        text=text,
        photo=photo,
        created_at=at,
    )
    _tell(comment, "add", at)
    return comment


def _latest_post(page: Page) -> Post:
    return page.posts.first() or publish_post(page, "Bonjour !", silent=True)


def _tell(comment: Comment, verb: str, at: datetime) -> None:
    if verb == "add" and comment.source == Source.API and faults.take(comment.page, Fault.Kind.NO_ECHO):
        return
    what = f"{'réponse' if comment.by_page else 'commentaire'} {verb}: {comment.text[:60]}"
    deliveries.emit(comment.page, platforms.of(comment.page).comment_event(comment, verb, at), what, at=at)


@transaction.atomic
def edit_comment(comment: Comment, text: str, *, at: datetime | None = None) -> None:
    at = at or options.now()
    comment.text, comment.edited_at = text, at
    comment.save(update_fields=["text", "edited_at"])
    _tell(comment, "edited", at)


@transaction.atomic
def remove_comment(comment: Comment, *, at: datetime | None = None) -> None:
    at = at or options.now()
    comment.removed_at = at
    comment.save(update_fields=["removed_at"])
    _tell(comment, "remove", at)


@transaction.atomic
def set_hidden(comment: Comment, hidden: bool, *, at: datetime | None = None) -> None:
    at = at or options.now()
    comment.hidden_at = at if hidden else None
    comment.save(update_fields=["hidden_at"])
    _tell(comment, "hide" if hidden else "unhide", at)


@transaction.atomic
def react_to_comment(comment: Comment, author: str, reaction: str, *, at: datetime | None = None) -> None:
    """An empty reaction takes it back."""
    at = at or options.now()
    comment.likes = max(0, comment.likes + (1 if reaction else -1))
    comment.save(update_fields=["likes"])
    event = platforms.of(comment.page).reaction_event(comment, person_of(comment.page, author), reaction, at)
    deliveries.emit(comment.page, event, f"réaction {reaction or 'retirée'}", at=at)


@transaction.atomic
def write_message(
    page: Page,
    person: Person,
    *,
    text: str = "",
    attachment: dict[str, Any] | None = None,
    by_page: bool = False,
    source: str = Source.CUSTOMER,
    reply_to: str = "",
    metadata: str = "",
    tag: str = "",
    comment: Comment | None = None,
    external_id: str = "",
    at: datetime | None = None,
) -> Message:
    at = at or options.now()
    message = Message.objects.create(
        page=page,
        person=person,
        external_id=external_id or platforms.of(page).message_id(),
        by_page=by_page,
        source=source,
        text=text,
        attachment=attachment,
        reply_to=reply_to,
        metadata=metadata,
        tag=tag,
        comment=comment,
        created_at=at,
    )
    if comment:
        Comment.objects.filter(pk=comment.pk).update(privately_replied_at=at)
    if source != Source.API or not faults.take(page, Fault.Kind.NO_ECHO):
        _tell_message(message, "add", at)
    return message


def _tell_message(message: Message, verb: str, at: datetime) -> None:
    event = platforms.of(message.page).message_event
    if event is None:
        raise ValueError(f"{message.page.get_platform_display()} carries no messages")
    what = f"{'écho' if message.by_page else 'message'} {verb}: {message.text[:60]}"
    deliveries.emit(message.page, event(message, verb, at), what, at=at)


@transaction.atomic
def edit_message(message: Message, text: str, *, at: datetime | None = None) -> None:
    message.text, message.edits = text, message.edits + 1
    message.save(update_fields=["text", "edits"])
    _tell_message(message, "edit", at or options.now())


@transaction.atomic
def delete_message(message: Message, *, at: datetime | None = None) -> None:
    at = at or options.now()
    message.deleted_at = at
    message.save(update_fields=["deleted_at"])
    _tell_message(message, "delete", at)


@transaction.atomic
def react_to_message(message: Message, reaction: str, *, at: datetime | None = None) -> None:
    message.reaction = reaction
    message.save(update_fields=["reaction"])
    _tell_message(message, "react" if reaction else "unreact", at or options.now())
