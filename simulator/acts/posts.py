from datetime import datetime

from django.db import transaction

from simulator import options, platforms
from simulator.acts.people import person_of
from simulator.models import Page, Post
from simulator.webhooks import deliveries
from simulator.wire import Json


@transaction.atomic
def publish_post(
    page: Page,
    text: str,
    *,
    author: str | None = None,
    kind: str = "",
    extra: Json | None = None,
    at: datetime | None = None,
    external_id: str = "",
    silent: bool = False,
) -> Post:
    """Without an author the page publishes; with one, somebody writes on its wall or names it elsewhere (`kind`)."""
    at = at or options.now()
    post_id, share_id = platforms.of(page).post_ids(page)
    post = Post.objects.create(
        page=page,
        author=person_of(page, author) if author else None,
        kind=kind,
        text=text,
        extra=extra or {},
        external_id=external_id or post_id,
        share_id=share_id,
        created_at=at,
    )
    if not silent:
        _tell(post, "add", at)
    return post


def _tell(post: Post, verb: str, at: datetime) -> None:
    if tells := platforms.of(post.page).post_event:
        what = f"publication {verb}: {post.text[:60]}"
        deliveries.emit(post.page, tells(post, verb, at), what, about=post.external_id, verb=verb)


@transaction.atomic
def edit_post(post: Post, text: str, *, at: datetime | None = None) -> None:
    post.text = text
    post.save(update_fields=["text"])
    _tell(post, "edited", at or options.now())


@transaction.atomic
def remove_post(post: Post, *, at: datetime | None = None) -> None:
    post.removed_at = at or options.now()
    post.save(update_fields=["removed_at"])
    _tell(post, "remove", post.removed_at)
