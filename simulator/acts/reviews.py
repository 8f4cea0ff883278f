from datetime import datetime

from django.db import transaction

from simulator import options, platforms
from simulator.acts.people import person_of
from simulator.acts.posts import publish_post
from simulator.models import Page, Review, Source
from simulator.webhooks import deliveries
from simulator.wire import Json


@transaction.atomic
def write_review(
    page: Page,
    *,
    author: str | None,
    text: str = "",
    stars: int | None = None,
    recommends: bool | None = None,
    extra: Json | None = None,
    external_id: str = "",
    at: datetime | None = None,
) -> Review:
    at = at or options.now()
    platform = platforms.of(page)
    external_id = external_id or platform.review_id(page)
    post = None
    if platform.reviews_are_posts:
        post = publish_post(page, text, author=author, kind="rating", external_id=external_id, at=at, silent=True)
    review = Review.objects.create(
        page=page,
        author=person_of(page, author) if author else None,
        text=text,
        stars=stars,
        recommends=recommends,
        post=post,
        extra=extra or {},
        external_id=external_id,
        created_at=at,
        updated_at=at,
    )
    _tell(review, "add", at)
    return review


def _tell(review: Review, verb: str, at: datetime) -> None:
    tells = platforms.of(review.page).review_event
    if tells is None:
        raise ValueError(f"{review.page.platform_label} carries no reviews")
    what = f"avis {verb}: {review.text[:60]}"
    deliveries.emit(review.page, tells(review, verb, at), what, about=review.external_id, verb=verb)


@transaction.atomic
def edit_review(
    review: Review,
    *,
    text: str | None = None,
    stars: int | None = None,
    recommends: bool | None = None,
    at: datetime | None = None,
) -> None:
    """What is None stays as it is."""
    review.updated_at = at or options.now()
    given = {"text": text, "stars": stars, "recommends": recommends}
    for name, value in given.items():
        if value is not None:
            setattr(review, name, value)
    review.save()
    _tell(review, "edited", review.updated_at)


@transaction.atomic
def remove_review(review: Review, *, at: datetime | None = None) -> None:
    review.removed_at = at or options.now()
    review.save(update_fields=["removed_at"])
    _tell(review, "remove", review.removed_at)


@transaction.atomic
def answer_review(review: Review, text: str, *, state: str = "", source: str = Source.API, at: datetime | None = None) -> None:
    """An empty answer takes it back. No platform tells of answers to a review."""
    review.reply, review.reply_state = text, state if text else ""
    review.reply_source, review.replied_at = (source, at or options.now()) if text else ("", None)
    review.save(update_fields=["reply", "reply_state", "reply_source", "replied_at"])
