"""Reviews of a location and our answers to them, which Google reads before the public does."""

from datetime import datetime, timedelta

from django.db.models import Avg, QuerySet
from django.http import HttpRequest

from simulator import acts, faults, options
from simulator.faults import Kind
from simulator.google import push
from simulator.google.rest import NOT_FOUND, GoogleError, given, google_call, location, page_size, position
from simulator.models import Page, Review, Source, Token
from simulator.webhooks import deliveries
from simulator.wire import Json

REPLY_LIMIT = 4096  # bytes
STARS = ("STAR_RATING_UNSPECIFIED", "ONE", "TWO", "THREE", "FOUR", "FIVE")
ORDERS = {"": "-updated_at", "updateTime desc": "-updated_at", "rating": "stars", "rating desc": "-stars"}
State = Review.ReplyState


def of(page: Page) -> QuerySet[Review]:
    return page.reviews.filter(removed_at=None).select_related("page", "author")


def show(review: Review) -> Json:
    shown = {
        "name": review.external_id,
        "reviewId": review.external_id.rpartition("/")[2],
        "reviewer": _reviewer(review),
        "starRating": STARS[review.stars or 0],
        "createTime": _time(review.created_at),
        "updateTime": _time(review.updated_at),
    }
    shown |= {"comment": review.text} if review.text else {}
    shown |= {"policyViolation": review.extra["policyViolation"]} if "policyViolation" in review.extra else {}
    return shown | ({"reviewReply": show_reply(review)} if review.reply else {})


def _reviewer(review: Review) -> Json:
    if review.author is None:
        return {"displayName": "A Google User", "isAnonymous": True}
    first, _, last = review.author.name.partition(" ")
    name = f"{first} {last[:1]}." if last and options.get("google_short_names") else review.author.name
    return {"displayName": name, "profilePhotoUrl": "https://lh3.example/photo.jpg", "isAnonymous": False}


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# --- answers -------------------------------------------------------------------------------------


def show_reply(review: Review) -> Json:
    assert review.replied_at is not None  # noqa: S101
    shown = {"comment": review.reply, "updateTime": _time(review.replied_at)}
    if options.get("google_moderation") == "none":
        return shown  # as it was before Google read answers first
    state = judge(review)
    shown["reviewReplyState"] = state.upper()
    return shown | ({"policyViolation": "PERSONALLY_IDENTIFIABLE_INFORMATION"} if state == State.REJECTED else {})


def judge(review: Review) -> str:
    """What Google has decided by now. "approve" and "reject" take their time; "hold" waits for the page or for a test."""
    verdicts = {"approve": State.APPROVED, "reject": State.REJECTED}
    verdict, pause = verdicts.get(options.get("google_moderation")), float(options.get("google_moderation_seconds"))
    ripe = review.replied_at is not None and options.now() - review.replied_at >= timedelta(seconds=pause)
    if review.reply_state == State.PENDING and verdict and ripe:
        Review.objects.filter(pk=review.pk).update(reply_state=verdict)
        return str(verdict)
    return str(review.reply_state or State.APPROVED)


@google_call
def listed(request: HttpRequest, token: Token, moment: datetime, **path: str) -> Json:
    page = location(token, **path)
    order = request.GET.get("orderBy", "")
    if order not in ORDERS:
        raise GoogleError(400, "Request contains an invalid argument.")
    rows, start, size = of(page).order_by(ORDERS[order], "-pk"), position(request), page_size(request, 50, 50)
    chosen, total = rows[start : start + size], rows.count()
    if not total:
        return {}
    shown: Json = {"reviews": [show(review) for review in chosen], "totalReviewCount": total}
    shown["averageRating"] = round(rows.aggregate(mean=Avg("stars"))["mean"] or 0, 1)
    return shown | ({"nextPageToken": f"p{start + size}"} if start + size < total else {})


def _find(token: Token, account: str, location_: str, review: str) -> Review:
    page = location(token, account, location_)
    found = of(page).filter(external_id=f"{page.external_id}/reviews/{review}").first()
    if found is None:
        raise GoogleError(404, NOT_FOUND)
    return found


@google_call
def single(request: HttpRequest, token: Token, moment: datetime, **path: str) -> Json:
    return show(_find(token, path["account"], path["location"], path["review"]))


@google_call
def reply(request: HttpRequest, token: Token, moment: datetime, **path: str) -> Json:
    review = _find(token, path["account"], path["location"], path["review"])
    if not review.page.extra.get("verified", True):
        raise GoogleError(403, "The location is not verified.")
    if request.method == "DELETE":
        if not review.reply:
            raise GoogleError(404, NOT_FOUND)
        acts.answer_review(review, "", at=moment)
        return {}
    text = str(given(request).get("comment") or "")
    if not text.strip() or len(text.encode()) > REPLY_LIMIT:
        raise GoogleError(400, "Request contains an invalid argument.")
    acts.answer_review(review, text, state=State.PENDING, source=Source.API, at=moment)
    if options.get("google_reply_tells") and not faults.take(review.page, Kind.NO_ECHO):
        deliveries.emit(review.page, push.note(review, "UPDATED_REVIEW", moment), "réponse à un avis")
    return show_reply(review)
