from datetime import datetime

from django.db import transaction

from simulator import faults, options, platforms
from simulator.acts.people import person_of, worded
from simulator.acts.posts import publish_post
from simulator.faults import Kind
from simulator.models import Comment, Page, Post, Source
from simulator.webhooks import deliveries
from simulator.wire import Json


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
    extra: Json | None = None,
    external_id: str = "",
    at: datetime | None = None,
) -> Comment:
    """No author and not by the page: a comment whose author the platform withholds. A reply to a reply goes under its root;
    which one it answers is kept in `extra`."""
    at = at or options.now()
    post = post or (parent.post if parent else _latest_post(page))
    comment = Comment.objects.create(
        post=post,
        parent=parent.root if parent else None,
        external_id=(external_id := external_id or platforms.of(page).comment_id(post)),
        short_id=external_id.rpartition("_")[2],
        author=person_of(page, author) if author and not by_page else None,
        by_page=by_page,
        source=source,
        text=text if by_page else worded(page, text),
        photo=photo,
        extra=(extra or {}) | ({"answers": parent.external_id} if parent and parent.parent else {}),
        created_at=at,
        hidden_at=at if not by_page and platforms.of(page).holds(page) else None,
    )
    _tell(comment, "add", at)
    return comment


def _latest_post(page: Page) -> Post:
    return page.posts.filter(kind="", removed_at=None).first() or publish_post(page, "Bonjour !", silent=True)


def _tell(comment: Comment, verb: str, at: datetime) -> None:
    if verb == "add" and comment.source == Source.API and faults.take(comment.page, Kind.NO_ECHO):
        return
    if tells := platforms.of(comment.page).comment_event:
        what = f"{'réponse' if comment.by_page else 'commentaire'} {verb}: {comment.text[:60]}"
        deliveries.emit(comment.page, tells(comment, verb, at), what, about=comment.external_id, verb=verb)


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
    if tells := platforms.of(comment.page).reaction_event:
        event = tells(comment, person_of(comment.page, author), reaction, at)
        deliveries.emit(comment.page, event, f"réaction {reaction or 'retirée'}")
