"""Comments on videos as the reference of the Data API v3 shows them: threads, answers, and what may be done to each."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from simulator import acts
from simulator.models import Comment, Page, Person, Post, Source
from simulator.signing import stable_number
from simulator.wire import Json
from simulator.youtube.rest import YouTubeError, call

PUBLISHED, HELD, SPAM, REJECTED = "published", "heldForReview", "likelySpam", "rejected"
SHOWN, TEXT_LIMIT = 5, 10_000  # answers that a thread shows; characters


def channel_id(name: str) -> str:
    return "UC" + stable_number("youtube", name, digits=22)


def _status(comment: Comment) -> str:
    return PUBLISHED if comment.hidden_at is None else str(comment.extra.get("status", HELD))


def _owner(post: Post) -> str:
    """Whose channel shows the video: somebody else's, where they named ours."""
    return channel_id(post.author.name) if post.author else post.page.external_id


def _handle(person: Person) -> str:
    return "@" + "".join(letter for letter in person.name.lower() if letter.isalnum())


def _comment(comment: Comment, *, by_id: bool = False) -> Json:
    page, author = comment.page, comment.author
    who = (
        (page.external_id, f"@{page.username}") if comment.by_page else (author.external_id, _handle(author)) if author else None
    )
    told = {
        "channelId": _owner(comment.post),
        "videoId": comment.post.external_id,
        "textDisplay": comment.text,
        "authorDisplayName": who[1] if who else "",
        "authorProfileImageUrl": "https://yt3.example/photo.jpg",
        "canRate": True,
        "viewerRating": "none",
        "likeCount": comment.likes,
        "publishedAt": _time(comment.created_at),
        "updatedAt": _time(comment.edited_at or comment.created_at),
    }
    told |= {"authorChannelId": {"value": who[0]}, "authorChannelUrl": f"http://www.youtube.com/channel/{who[0]}"} if who else {}
    told |= {"textOriginal": comment.text} if comment.by_page else {}  # told to its author alone
    told |= {"parentId": comment.parent.external_id} if comment.parent else {}
    told |= {"moderationStatus": _status(comment)} if _owner(comment.post) == page.external_id and not by_id else {}
    return {"kind": "youtube#comment", "etag": f"c{comment.pk}", "id": comment.external_id, "snippet": told}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _thread(root: Comment, status: str) -> Json:
    answers = [each for each in root.visible_replies().order_by("-created_at", "-pk") if _status(each) == status]
    told = {
        "channelId": _owner(root.post),
        "videoId": root.post.external_id,
        "topLevelComment": _comment(root),
        "canReply": not root.post.extra.get("closed"),
        "totalReplyCount": len(answers),
        "isPublic": _status(root) == PUBLISHED,
    }
    shown = {"replies": {"comments": [_comment(each) for each in answers[:SHOWN]]}} if answers else {}
    return {"kind": "youtube#commentThread", "etag": f"t{root.pk}", "id": root.external_id, "snippet": told} | shown


def _listed(request: HttpRequest, kind: str, rows: list[Any], show: Callable[[Any], Json]) -> Json:
    size, token = request.GET.get("maxResults", "20"), request.GET.get("pageToken", "")
    if not size.isdecimal() or not 1 <= int(size) <= 100:
        raise YouTubeError("invalidParameter")
    try:
        start = int(base64.urlsafe_b64decode(token)) if token else 0
    except ValueError:
        raise YouTubeError("invalidPageToken") from None
    end = start + int(size)
    more = {"nextPageToken": base64.urlsafe_b64encode(str(end).encode()).decode()} if end < len(rows) else {}
    chosen = [show(row) for row in rows[start:end]]
    return (
        {"kind": kind, "etag": "e", "pageInfo": {"totalResults": len(chosen), "resultsPerPage": int(size)}}
        | more
        | {"items": chosen}
    )


# --- reading -------------------------------------------------------------------------------------


def _all(page: Page) -> QuerySet[Comment]:
    shown = Comment.objects.filter(post__page=page, removed_at=None, post__removed_at=None)
    return shown.select_related("post__page", "post__author", "author", "parent")


def _one_of(request: HttpRequest, *filters: str) -> tuple[str, list[str]]:
    given = [name for name in filters if request.GET.get(name)]
    if len(given) != 1:
        raise YouTubeError("incompatibleParameters" if given else "missingRequiredParameter")
    return given[0], request.GET[given[0]].split(",")


@call
def threads(request: HttpRequest, page: Page) -> Json:
    name, wanted = _one_of(request, "allThreadsRelatedToChannelId", "id", "videoId")
    status, roots = request.GET.get("moderationStatus", PUBLISHED), _all(page).filter(parent=None).order_by("-created_at", "-pk")
    if name == "id":
        if {"moderationStatus", "maxResults", "order", "pageToken"} & set(request.GET):
            raise YouTubeError("incompatibleParameters")
        return _listed(request, "youtube#commentThreadListResponse", list(roots.filter(external_id__in=wanted)), _as_thread)
    if status not in (PUBLISHED, HELD, SPAM) or request.GET.get("order", "time") not in ("time", "relevance"):
        raise YouTubeError("invalidParameter")
    if name == "videoId":
        roots = roots.filter(post__external_id__in=wanted)
    elif wanted != [page.external_id]:
        raise YouTubeError("forbidden")
    rows = [root for root in roots if _stands(root, status)]
    return _listed(request, "youtube#commentThreadListResponse", rows, lambda root: _thread(root, status))


def _as_thread(root: Comment) -> Json:
    return _thread(root, PUBLISHED)


def _stands(root: Comment, status: str) -> bool:
    """Published by its first comment; in the other lists also for any of its answers."""
    return _status(root) == status or (status != PUBLISHED and any(_status(each) == status for each in root.visible_replies()))


@call
def comments(request: HttpRequest, page: Page) -> Json | None:
    match request.method:
        case "POST":
            return _insert(request, page)
        case "PUT":
            return _update(request, page)
        case "DELETE":
            acts.remove_comment(_own(page, request.GET.get("id", "")))
            return None
    name, wanted = _one_of(request, "id", "parentId")
    if name == "id":
        rows = list(_all(page).filter(external_id__in=wanted))
        return _listed(request, "youtube#commentListResponse", rows, lambda row: _comment(row, by_id=True))
    root = _find(page, wanted[0])
    answers = [each for each in _all(page).filter(parent=root).order_by("-created_at", "-pk") if _status(each) == PUBLISHED]
    return _listed(request, "youtube#commentListResponse", answers, _comment)


def _find(page: Page, external_id: str, missing: str = "commentNotFound") -> Comment:
    found = _all(page).filter(external_id=external_id).first()
    if found is None:
        raise YouTubeError(missing)
    return found


@call
def channels(request: HttpRequest, page: Page) -> Json:
    name, wanted = _one_of(request, "mine", "id")
    mine = [(page.external_id, page.name, f"@{page.username}")]
    people = [(each.external_id, each.name, _handle(each)) for each in page.people.filter(external_id__in=wanted)]
    return _listed(request, "youtube#channelListResponse", mine if name == "mine" else people, _channel)


def _channel(known: tuple[str, str, str]) -> Json:
    return {"kind": "youtube#channel", "etag": "e", "id": known[0], "snippet": {"title": known[1], "customUrl": known[2]}}


@call
def videos(request: HttpRequest, page: Page) -> Json:
    _name, wanted = _one_of(request, "id")
    if len(wanted) > 50:
        raise YouTubeError("invalidParameter")
    return _listed(request, "youtube#videoListResponse", list(page.posts.filter(external_id__in=wanted, removed_at=None)), _video)


def _video(post: Post) -> Json:
    title, _, words = post.text.partition(". ")
    told = {"title": title[:100], "description": words, "channelId": _owner(post), "publishedAt": _time(post.created_at)}
    return {"kind": "youtube#video", "etag": f"v{post.pk}", "id": post.external_id, "snippet": told}


# --- writing -------------------------------------------------------------------------------------


def _given(request: HttpRequest) -> tuple[Json, Json]:
    """A comment resource, and its snippet."""
    try:
        given = json.loads(request.body or b"{}")
        return given, dict(given["snippet"])
    except (ValueError, KeyError, TypeError):
        raise YouTubeError("processingFailure") from None


def _text(snippet: Json) -> str:
    text = str(snippet.get("textOriginal") or "").strip()
    if not text:
        raise YouTubeError("commentTextRequired")
    if len(text) > TEXT_LIMIT:
        raise YouTubeError("commentTextTooLong")
    return text


def _insert(request: HttpRequest, page: Page) -> Json:
    _resource, snippet = _given(request)
    text = _text(snippet)
    if not snippet.get("parentId"):
        raise YouTubeError("parentIdMissing")
    parent = _find(page, str(snippet["parentId"]), "parentCommentNotFound")
    if parent.parent:  # only the first comment of a thread can be answered
        raise YouTubeError("parentCommentNotFound")
    if parent.post.extra.get("closed"):
        raise YouTubeError("operationNotSupported")
    at = request.moment  # type: ignore[attr-defined]
    return _comment(acts.write_comment(page, text=text, parent=parent, by_page=True, source=Source.API, at=at))


def _own(page: Page, external_id: str) -> Comment:
    """Only who wrote a comment may change it, or delete it."""
    found = _find(page, external_id)
    if not found.by_page:
        raise YouTubeError("forbidden")
    return found


def _update(request: HttpRequest, page: Page) -> Json:
    resource, snippet = _given(request)
    found = _own(page, str(resource.get("id", "")))
    acts.edit_comment(found, _text(snippet))
    return _comment(found)


@call
def set_status(request: HttpRequest, page: Page) -> None:
    wanted = request.GET.get("moderationStatus", "")
    if wanted not in (PUBLISHED, HELD, REJECTED) or request.method != "POST":
        raise YouTubeError("invalidParameter")
    for external_id in request.GET.get("id", "").split(","):
        found = _find(page, external_id)
        if _owner(found.post) != page.external_id:
            raise YouTubeError("forbidden")
        if _status(found) == REJECTED and wanted == PUBLISHED:
            raise YouTubeError("processingFailure")
        moderate(found, wanted)


def moderate(comment: Comment, wanted: str) -> None:
    comment.extra = {name: value for name, value in comment.extra.items() if name != "status"}
    comment.extra |= {"status": wanted} if wanted in (SPAM, REJECTED) else {}
    comment.save(update_fields=["extra"])
    acts.set_hidden(comment, wanted != PUBLISHED)
