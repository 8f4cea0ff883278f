"""/wp-json/wp/v2/comments: what a poll sees of them, and what an account may do."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from simulator import acts
from simulator.models import Comment, Post, Source
from simulator.wire import Json
from simulator.wordpress.rest import Answer, Call, WordPressError, invalid, named, paged, pick, rest
from simulator.wordpress.state import EVERYTHING, NAMES, author_name, direct_parent, link, rendered, set_status, status, zone

STAFF, COLLEAGUE = 3, 2  # the account that calls, and one that writes in the site's own pages
TEXT_LIMIT = 65525
ORDERS = {"date": "created_at", "date_gmt": "created_at", "id": "pk", "post": "post_id", "parent": "parent_id"}


def show(call: Call, comment: Comment, context: str = "view") -> Json:
    edit, at = context == "edit", comment.created_at.replace(microsecond=0)
    author = (STAFF if comment.source == Source.API else COLLEAGUE) if comment.by_page else 0
    email = f"{author_name(comment).lower().replace(' ', '.')}@example.com" if author_name(comment) else ""
    face = hashlib.sha256(email.encode()).hexdigest()
    shown: Json = {
        "id": int(comment.external_id),
        "post": int(comment.post.external_id),
        "parent": int(direct_parent(comment) or 0),
        "author": author,
        "author_name": author_name(comment),
        "author_url": "",
        "date": at.astimezone(zone(call.page)).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_gmt": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "content": {"rendered": rendered(comment.text)} | ({"raw": comment.text} if edit else {}),
        "link": link(comment),
        "status": status(comment),
        "type": "comment",
        "author_avatar_urls": {size: f"https://gravatar.example/avatar/{face}?s={size}" for size in ("24", "48", "96")},
        "meta": [],
        "_links": _links(call, comment),
    }
    private = {"author_email": email, "author_ip": "203.0.113.9", "author_user_agent": "Mozilla/5.0"}
    return shown | (private if edit else {})


def _links(call: Call, comment: Comment) -> Json:
    links: Json = {
        "self": [{"href": f"{call.root}comments/{comment.external_id}"}],
        "collection": [{"href": f"{call.root}comments"}],
        "up": [{"embeddable": True, "post_type": "post", "href": f"{call.root}posts/{comment.post.external_id}"}],
    }
    if parent := direct_parent(comment):
        links["in-reply-to"] = [{"embeddable": True, "href": f"{call.root}comments/{parent}"}]
    return links


# --- reading -------------------------------------------------------------------------------------


@rest
def collection(call: Call) -> Answer:
    return _create(call) if call.request.method == "POST" else _listed(call)


def _all(call: Call) -> QuerySet[Comment]:
    return Comment.objects.filter(post__page=call.page, removed_at=None).select_related("post__page", "author", "parent")


def _listed(call: Call) -> Answer:
    context = _context(call)
    rows = _with_status(call, _all(call).filter(**_asked(call), **_period(call)))
    direction, field = call.params.get("order", "desc"), ORDERS.get(call.params.get("orderby", "date_gmt"))
    if direction not in ("asc", "desc") or field is None:
        raise invalid("order", "order is not one of asc, desc") if field else invalid("orderby", "orderby is not allowed")
    sign = "-" if direction == "desc" else ""
    return paged(call, rows.order_by(sign + field, sign + "pk"), lambda comment: show(call, comment, context))


def _context(call: Call) -> str:
    context = call.params.get("context", "view")
    if context not in ("view", "embed", "edit"):
        raise invalid("context", "context is not one of view, embed, and edit.")
    if context == "edit" and not call.moderates:
        raise WordPressError("rest_forbidden_context", "Sorry, you are not allowed to edit comments.", call.denied)
    return str(context)


def _asked(call: Call) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if call.params.get("post"):
        filters["post__external_id__in"] = str(call.params["post"]).split(",")
    if call.params.get("include"):
        filters["external_id__in"] = str(call.params["include"]).split(",")
    if call.params.get("search"):
        filters["text__icontains"] = call.params["search"]
    return filters


def _period(call: Call) -> dict[str, Any]:
    """`after` and `before` look at the creation alone, in whole seconds; without a zone they are the site's own time."""
    filters: dict[str, Any] = {}
    if call.params.get("after"):
        filters["created_at__gte"] = _moment(call, "after") + timedelta(seconds=1)
    if call.params.get("before"):
        filters["created_at__lt"] = _moment(call, "before")
    return filters


def _moment(call: Call, name: str) -> datetime:
    # A plus that nobody encoded has become a space.
    at = parse_datetime(str(call.params[name]).replace(" ", "+"))
    if at is None:
        raise invalid(name, "Invalid date.")
    return (at if at.tzinfo else at.replace(tzinfo=zone(call.page))).replace(microsecond=0)


def _with_status(call: Call, rows: QuerySet[Comment]) -> QuerySet[Comment]:
    wanted = str(call.params.get("status", "approve"))
    if wanted not in ("approve", "approved") and not call.moderates:
        raise WordPressError("rest_forbidden_param", "Query parameter not permitted: status", call.denied)
    statuses = EVERYTHING if wanted == "all" else (NAMES.get(wanted, wanted),)
    return rows.filter(pk__in=[comment.pk for comment in rows if status(comment) in statuses])


# --- writing -------------------------------------------------------------------------------------


def _content(call: Call) -> str:
    content = call.params.get("content")
    text = str(content.get("raw", "") if isinstance(content, dict) else content or "")
    if not text.strip():
        raise WordPressError("rest_comment_content_invalid", "Invalid comment content.", 400)
    if len(text.encode()) > TEXT_LIMIT:
        raise WordPressError("comment_content_column_length", "Comment field exceeds maximum length allowed.", 400)
    return text


def _create(call: Call) -> Answer:
    if call.user is None:
        raise WordPressError("rest_comment_login_required", "Sorry, you must be logged in to comment.", 401)
    post = _post(call)
    text, parent = _content(call), _parent(call, post)
    same = _all(call).filter(post=post, by_page=True, source=Source.API, text=text)
    place = parent.external_id if parent else ""
    if any(direct_parent(comment) == place and status(comment) != "trash" for comment in same):
        raise named("comment_duplicate")
    written = acts.write_comment(call.page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=call.moment)
    headers = {"Location": f"{call.root}comments/{written.external_id}"}
    return show(call, written, "edit" if call.moderates else "view"), 201, headers


def _post(call: Call) -> Post:
    if not call.params.get("post") or call.params.get("id"):
        raise WordPressError(
            "rest_comment_invalid_post_id", "Sorry, you are not allowed to create this comment without a post.", 403
        )
    post = Post.objects.select_related("page").filter(page=call.page, external_id=str(call.params["post"])).first()
    if post is None or post.removed_at:
        raise WordPressError("rest_comment_invalid_post_id", "Sorry, you are not allowed to create a comment on this post.", 403)
    if post.extra.get("closed"):
        raise named("rest_comment_closed")
    return post


def _parent(call: Call, post: Post) -> Comment | None:
    wanted = str(call.params.get("parent") or "0")
    return _all(call).filter(post=post, external_id=wanted).first() if wanted != "0" else None


@rest
def single(call: Call, *, pk: str) -> Answer:
    comment = _all(call).filter(external_id=pk).first()
    if comment is None:
        raise WordPressError("rest_comment_invalid_id", "Invalid comment ID.", 404)
    match call.request.method:
        case "GET":
            context = _context(call)
            if status(comment) != "approved" and not call.moderates:
                raise WordPressError("rest_cannot_read", "Sorry, you are not allowed to read this comment.", call.denied)
            return pick(call, show(call, comment, context)), 200, {}
        case "DELETE":
            return _deleted(call, comment)
        case _:
            return _changed(call, comment)


def _changed(call: Call, comment: Comment) -> Answer:
    if not call.moderates:
        raise WordPressError("rest_cannot_edit", "Sorry, you are not allowed to edit this comment.", call.denied)
    wanted = str(call.params.get("status", ""))
    if "content" in call.params:
        acts.edit_comment(comment, _content(call), at=call.moment)
    elif (wanted and NAMES.get(wanted, wanted) == status(comment)) or (wanted and wanted not in NAMES):
        raise WordPressError("rest_comment_failed_edit", "Updating comment status failed.", 500)
    if wanted in NAMES and NAMES[wanted] != status(comment):
        set_status(comment, NAMES[wanted], call.moment)
    return show(call, comment, "edit"), 200, {}


def _deleted(call: Call, comment: Comment) -> Answer:
    if not call.moderates:
        raise WordPressError("rest_cannot_delete", "Sorry, you are not allowed to delete this comment.", call.denied)
    if str(call.params.get("force", "")).lower() in ("1", "true"):
        previous = show(call, comment, "edit")
        acts.remove_comment(comment, at=call.moment)
        return {"deleted": True, "previous": previous}, 200, {}
    if status(comment) == "trash":
        raise WordPressError("rest_already_trashed", "The comment has already been trashed.", 410)
    set_status(comment, "trash", call.moment)
    return show(call, comment, "edit"), 200, {}
