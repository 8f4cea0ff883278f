"""LinkedIn's /rest calls: headers that every call needs, errors as LinkedIn words them, comments, people, organizations."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from simulator import acts, faults, linkedin, options, tokens, wire
from simulator.linkedin import actor, comment_urn
from simulator.models import Comment, Page, Person, Post, Source
from simulator.wire import Json, milliseconds

OLDEST, NEWEST = 202510, 202611
TEXT_LIMIT = 1250
MISSING = "A version must be present. Please specify a version by adding the LinkedIn-Version header."


class RestError(Exception):
    def __init__(self, status: int, code: str, message: str, service_code: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.service_code = status, code, message, service_code


def rest_call(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Headers, token and faults around a call; the view gets (request, page, moment, …)."""

    def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
        write = request.method != "GET"
        try:
            _check_headers(request)
            page = _caller(request)
            faults.before(page, write=write)
            moment = options.now()
            with transaction.atomic():
                response = view(request, page, moment, **path)
            if not write:
                return response
            request.moment = moment  # type: ignore[attr-defined]
            return _after(response, page)
        except RestError as error:
            return refuse(error)
        except faults.Refused as refused:
            return refuse(_refusal(refused))
        except faults.Dropped:
            return faults.drop(request)

    return wrapped


def _check_headers(request: HttpRequest) -> None:
    version = request.headers.get("LinkedIn-Version", "")
    if not version:
        raise RestError(400, "VERSION_MISSING", MISSING)
    if not version.isdigit() or not OLDEST <= int(version[:6]) <= NEWEST:
        raise RestError(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if request.headers.get("X-Restli-Protocol-Version") != "2.0.0":
        raise RestError(400, "INVALID_PROTOCOL_VERSION", "X-Restli-Protocol-Version must be 2.0.0")


def _caller(request: HttpRequest) -> Page:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RestError(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604)
    page = tokens.page_of(token.strip(), "linkedin")
    if page is None:
        raise RestError(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    return page


def _refusal(refused: faults.Refused) -> RestError:
    if refused.dead:
        return RestError(401, "REVOKED_ACCESS_TOKEN", "The token has been revoked", 65601)
    if refused.throttled and refused.name == "comment":
        return RestError(429, "TOO_MANY_REQUESTS", "Comment create throttled: creation rate limit exceeded for member")
    if refused.throttled:
        return RestError(429, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource is reached.", 101)
    status = int(refused.name) if refused.name in {"400", "403", "404", "409", "422"} else 403
    return RestError(status, "ACCESS_DENIED", "Not enough permissions to access this resource", 100)


def _after(response: HttpResponse, page: Page) -> HttpResponse:
    match faults.after(page):
        case "error":
            raise RestError(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
        case "no_id":
            return HttpResponse(status=201)
        case _:
            return response


def refuse(error: RestError) -> HttpResponse:
    body: Json = {"status": error.status}
    body |= {"serviceErrorCode": error.service_code} if error.service_code else {}
    return answer(body | {"code": error.code, "message": error.message}, error.status)


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return wire.answer(value, status, headers, meta=False)


# --- comments ------------------------------------------------------------------------------------


def show(comment: Comment) -> Json:
    who, created = actor(comment), milliseconds(comment.created_at)
    shown: Json = {
        "id": comment.external_id,
        "commentUrn": comment_urn(comment),
        "actor": who,
        "object": comment.post.external_id,
        "message": {"attributes": [], "text": comment.text},
        "created": {"actor": who, "time": created} | ({"impersonator": linkedin.SUBSCRIBER} if comment.by_page else {}),
        "lastModified": {"actor": who, "time": milliseconds(comment.edited_at or comment.created_at)},
        "likesSummary": {
            "selectedLikes": [],
            "likedByCurrentUser": False,
            "totalLikes": comment.likes,
            "aggregatedTotalLikes": comment.likes,
        },
    }
    replies = comment.visible_replies().count()
    shown["commentsSummary"] = {"selectedComments": [], "totalFirstLevelComments": replies, "aggregatedTotalComments": replies}
    return shown | ({"parentComment": comment_urn(comment.parent)} if comment.parent else {})


def _target(page: Page, urn: str) -> tuple[Post, Comment | None]:
    """The post a URN names, and the comment where it names one."""
    if not urn.startswith("urn:li:"):
        raise RestError(400, "INVALID_URN_TYPE", f"{urn} is not a URN")
    comment = linkedin.find_comment(urn)
    post = comment.post if comment else linkedin.find_post(urn)
    if post is None:
        raise RestError(404, "NOT_FOUND", f"Could not find {urn}")
    if post.page != page:
        raise RestError(403, "ACCESS_DENIED", "Not enough permissions to access this resource", 100)
    return post, comment


@rest_call
def comments(request: HttpRequest, page: Page, moment: datetime, *, urn: str) -> HttpResponse:
    post, parent = _target(page, urn)
    if request.method == "POST":
        return _write(request, page, post, parent, moment)
    rows = parent.visible_replies() if parent else post.comments.filter(removed_at=None, parent=None)
    start, count = int(request.GET.get("start", 0)), min(int(request.GET.get("count", 10)), 100)
    chosen = [show(comment) for comment in rows[start : start + count]]
    paging: Json = {"start": start, "count": count, "total": rows.count(), "links": []}
    if start + count < rows.count():
        href = f"/rest/socialActions/{quote(urn, safe='')}/comments?start={start + count}&count={count}"
        paging["links"] = [{"rel": "next", "type": "application/json", "href": href}]
    return answer({"elements": chosen, "paging": paging})


def _write(request: HttpRequest, page: Page, post: Post, parent: Comment | None, moment: datetime) -> HttpResponse:
    given = _json(request)
    for field in ("actor", "object", "message"):
        if not given.get(field):
            raise RestError(400, "MISSING_FIELD", f"Field {field} is required")
    if given["actor"] != page.external_id:
        raise RestError(403, "ACCESS_DENIED", "Actor is not authorized to comment", 100)
    if linkedin.find_post(str(given["object"])) != post:
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", "object does not match the commented entity")
    if "content" in given:
        raise RestError(403, "ACCESS_DENIED", "Unpermitted fields present in REQUEST_BODY: [/content]", 100)
    if parent is None and given.get("parentComment"):
        parent = linkedin.find_comment(str(given["parentComment"]))
    text = str(given["message"].get("text", ""))
    if not text.strip():
        raise RestError(400, "MISSING_FIELD", "Field message.text is required")
    if len(text) > TEXT_LIMIT:
        raise RestError(400, "FIELD_LENGTH_TOO_LONG", f"message.text is longer than {TEXT_LIMIT} characters")
    written = acts.write_comment(page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=moment)
    return answer(show(written), 201, {"x-restli-id": written.external_id})


def _json(request: HttpRequest) -> Json:
    try:
        given = json.loads(request.body)
    except ValueError as error:
        raise RestError(400, "ILLEGAL_ARGUMENT", "The request body is not JSON") from error
    return given if isinstance(given, dict) else {}


@rest_call
def comment(request: HttpRequest, page: Page, moment: datetime, *, urn: str, pk: str) -> HttpResponse:
    post, _ = _target(page, urn)
    found = post.comments.filter(external_id=pk, removed_at=None).first()
    if found is None:
        raise RestError(404, "NOT_FOUND", "Could not find the comment")
    if request.method == "DELETE":
        acts.remove_comment(found, at=moment)
        return HttpResponse(status=204)
    if request.method == "POST":
        acts.edit_comment(found, str(_json(request)["patch"]["message"]["$set"]["text"]), at=moment)
        return HttpResponse(status=204)
    return answer(show(found))


# --- organizations, people, posts ----------------------------------------------------------------


@rest_call
def organization(request: HttpRequest, page: Page, moment: datetime, *, pk: str) -> HttpResponse:
    if page.external_id.rpartition(":")[2] != pk:
        raise RestError(403, "ACCESS_DENIED", "Not enough permissions to access this resource", 100)
    return answer({"id": int(pk), "localizedName": page.name, "vanityName": page.username, "$URN": page.external_id})


@rest_call
def person(request: HttpRequest, page: Page, moment: datetime, *, pk: str) -> HttpResponse:
    found = Person.objects.filter(page=page, external_id=f"urn:li:person:{pk}").first()
    if found is None or not found.name:
        return answer({"id": "private"})
    first, _, last = found.name.partition(" ")
    return answer({"id": pk, "localizedFirstName": first, "localizedLastName": last, "vanityName": pk})


@rest_call
def posts(request: HttpRequest, page: Page, moment: datetime) -> HttpResponse:
    if request.GET.get("author") != page.external_id:
        raise RestError(403, "ACCESS_DENIED", "Not enough permissions to access this resource", 100)
    shown = [
        {
            "id": post.share_id,
            "author": page.external_id,
            "commentary": post.text,
            "createdAt": milliseconds(post.created_at),
            "publishedAt": milliseconds(post.created_at),
            "lastModifiedAt": milliseconds(post.created_at),
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
        }
        for post in page.posts.all()
    ]
    return answer({"elements": shown, "paging": {"start": 0, "count": len(shown), "total": len(shown), "links": []}})
