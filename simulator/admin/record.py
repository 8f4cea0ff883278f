"""Everything the platforms know, to compare an inbox with: what came in, in its last words; what was accepted, how often."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from simulator.models import Comment, Delivery, Message, Page, Post, Review
from simulator.wire import Json


def everything(*, page: str = "", since: datetime | None = None) -> Json:
    """Rows are plain and few fields wide, so that tens of thousands are told in a second."""
    pages = {each.pk: each for each in Page.objects.all() if page in ("", each.external_id)}
    inbound = [*_comments(pages, since, ours=False), *_messages(pages, since, ours=False)]
    inbound += [*_posts(pages, since), *_reviews(pages, since)]
    outbound = [*_comments(pages, since, ours=True), *_messages(pages, since, ours=True), *_answers(pages, since)]
    return {"inbound": inbound, "outbound": outbound, "repeated": _repeated(outbound), "deliveries": _deliveries(page)}


def _rows(rows: QuerySet[Any], since: datetime | None, *fields: str, **named: Any) -> Iterator[Json]:
    chosen = rows.filter(created_at__gte=since) if since else rows
    yield from chosen.order_by("pk").values(*fields, **named).iterator(chunk_size=2000)


def _comments(pages: dict[int, Page], since: datetime | None, *, ours: bool) -> Iterator[Json]:
    fields = ("external_id", "text", "photo", "by_page", "source", "created_at", "edited_at", "hidden_at", "removed_at")
    named = {
        "owner": F("post__page_id"),
        "under": F("post__external_id"),
        "root": F("parent__external_id"),
        "who": F("author__external_id"),
    }
    rows = Comment.objects.filter(by_page=ours, post__page__in=pages)
    for row in _rows(rows, since, *fields, **named):
        told = _told("comment", row, pages) | {"post": row["under"], "to": row["root"] or row["under"]}
        yield told | {"author": row["who"] or "", "photo": row["photo"]}


def _messages(pages: dict[int, Page], since: datetime | None, *, ours: bool) -> Iterator[Json]:
    fields = ("external_id", "text", "attachments", "metadata", "tag", "source", "edits", "created_at", "deleted_at", "read_at")
    named = {"owner": F("page_id"), "who": F("person__external_id"), "private_reply_to": F("comment__external_id")}
    rows = Message.objects.filter(by_page=ours, page__in=pages)
    for row in _rows(rows, since, *fields, **named):
        told = _told("message", row, pages) | {"to": row["private_reply_to"] or row["who"], "author": row["who"]}
        told |= {"attachments": len(row["attachments"]), "read": row["read_at"] is not None, "edited": row["edits"] > 0}
        yield told | {"metadata": row["metadata"], "tag": row["tag"]}


def _posts(pages: dict[int, Page], since: datetime | None) -> Iterator[Json]:
    """Those of others: a visitor's, one that mentions the page."""
    rows = Post.objects.filter(page__in=pages).exclude(author=None).exclude(kind="rating")
    named = {"owner": F("page_id"), "who": F("author__external_id")}
    for row in _rows(rows, since, "external_id", "text", "created_at", "removed_at", "kind", **named):
        yield _told("post", row, pages) | {"author": row["who"], "post_kind": row["kind"]}


def _reviews(pages: dict[int, Page], since: datetime | None) -> Iterator[Json]:
    named = {"owner": F("page_id"), "who": F("author__external_id")}
    rows = Review.objects.filter(page__in=pages)
    fields = ("external_id", "text", "stars", "recommends", "created_at", "updated_at", "removed_at")
    for row in _rows(rows, since, *fields, **named):
        told = _told("review", row, pages) | {"author": row["who"] or "", "stars": row["stars"], "recommends": row["recommends"]}
        yield told | {"edited": row["updated_at"] != row["created_at"]}


def _answers(pages: dict[int, Page], since: datetime | None) -> Iterator[Json]:
    """The one answer that a review may have."""
    rows = Review.objects.filter(page__in=pages).exclude(reply="")
    for row in _rows(rows, since, "external_id", "reply", "reply_source", "reply_state", "replied_at", owner=F("page_id")):
        yield {
            "id": row["external_id"],
            "kind": "answer",
            "platform": pages[row["owner"]].platform,
            "page": pages[row["owner"]].external_id,
            "to": row["external_id"],
            "text": row["reply"],
            "source": row["reply_source"],
            "state": row["reply_state"],
            "at": row["replied_at"].isoformat() if row["replied_at"] else "",
            "removed": False,
        }


def _told(kind: str, row: Json, pages: dict[int, Page]) -> Json:
    page = pages[row["owner"]]
    return {
        "id": row["external_id"],
        "kind": kind,
        "platform": page.platform,
        "page": page.external_id,
        "text": row["text"],
        "source": row.get("source", "customer"),
        "at": row["created_at"].isoformat(),
        "edited": row.get("edited_at") is not None,
        "hidden": row.get("hidden_at") is not None,
        "removed": (row.get("removed_at") or row.get("deleted_at")) is not None,
    }


def _repeated(outbound: list[Json]) -> list[Json]:
    """What our app had accepted more than once: the same words to the same place, or the same mark of a sender."""
    ours = [each for each in outbound if each["source"] == "api" and not each["removed"]]
    told: Counter[tuple[str, str, str]] = Counter(
        (each["page"], each["to"], each.get("metadata") or each["text"]) for each in ours
    )
    return [{"page": page, "to": to, "what": what, "times": times} for (page, to, what), times in told.items() if times > 1]


def _deliveries(page: str) -> Json:
    rows = Delivery.objects.filter(page__external_id=page) if page else Delivery.objects.all()
    counted = rows.aggregate(
        delivered=Count("pk", filter=~Q(delivered_at=None)),
        dropped=Count("pk", filter=~Q(dropped_at=None)),
        waiting=Count("pk", filter=Q(delivered_at=None, dropped_at=None, held=True)),
        under_way=Count("pk", filter=Q(delivered_at=None, dropped_at=None, held=False)),
    )
    lost = rows.exclude(dropped_at=None).exclude(about="").values_list("about", flat=True)
    counted["held"] = counted.pop("waiting")
    return counted | {"dropped_about": list(lost[:1000])}
