"""Instagram accounts (Instagram Login): the `comments` webhook, and their edges of Graph. Messages are messenger's."""

import secrets
from datetime import datetime

from simulator import acts, options
from simulator.meta import endpoint, messenger
from simulator.meta.graph import Call, GraphError, Routes, paged
from simulator.models import Comment, Page, Post, Source
from simulator.platforms import Platform, number
from simulator.signing import stable_number
from simulator.wire import Json, iso, seconds

COMMENT_LIMIT = 2200


# --- webhooks ------------------------------------------------------------------------------------


def author(comment: Comment) -> Json | None:
    if comment.by_page:
        return {"id": comment.page.external_id, "username": comment.page.username}
    return {"id": comment.author.external_id, "username": comment.author.name} if comment.author else None


def comment_event(comment: Comment, verb: str, at: datetime) -> Json | None:
    """Only a new comment is told: no edit, no removal, no hiding, and no time of its own."""
    if verb != "add":
        return None
    value: Json = {"id": comment.external_id}
    value |= {"parent_id": comment.parent.external_id} if comment.parent else {}
    who = author(comment)
    value |= {"from": who} if who else {}
    value |= {"text": comment.text, "media": {"id": comment.post.external_id, "media_product_type": "FEED"}}
    change = {"field": "comments", "value": value}
    body = change if options.get("instagram_flat") else {"changes": [change]}
    return {"id": comment.page.external_id, "time": seconds(at)} | body


# --- Graph ---------------------------------------------------------------------------------------


def show_comment(comment: Comment, *, replies: bool = True) -> Json:
    who = author(comment)
    shown: Json = {"id": comment.external_id, "text": comment.text, "timestamp": iso(comment.created_at)}
    shown |= {"from": who, "username": who["username"]} if who else {}
    shown |= {"parent_id": comment.parent.external_id} if comment.parent else {}
    if replies and comment.parent is None:
        shown["replies"] = {"data": [show_comment(reply, replies=False) for reply in comment.visible_replies()]}
    return shown | {
        "hidden": comment.hidden_at is not None,
        "like_count": comment.likes,
        "media": {"id": comment.post.external_id, "media_product_type": "FEED"},
    }


def show_media(post: Post) -> Json:
    return {
        "id": post.external_id,
        "caption": post.text,
        "timestamp": iso(post.created_at),
        "permalink": f"https://www.instagram.com/p/{post.external_id}/",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "comments_count": post.comments.filter(removed_at=None).count(),
        "like_count": 0,
    }


COMMENT_FIELDS = "id,text,timestamp"


def show_account(call: Call) -> Json:
    page: Page = call.page
    # `id` is the app's own view of the account; only `user_id` is the number webhooks carry.
    shown = {"user_id": page.external_id, "username": page.username, "name": page.name, "account_type": "BUSINESS"}
    return call.pick(shown | {"id": stable_number("app-scoped", page.external_id, digits=17)}, "id")


def read_comment(call: Call) -> Json:
    return call.pick(show_comment(call.node), COMMENT_FIELDS)


def read_media(call: Call) -> Json:
    return call.pick(show_media(call.node), "id")


def list_media(call: Call) -> Json:
    return paged(call, call.page.posts.all(), show_media, default="id", most=50)


def list_comments(call: Call) -> Json:
    """Newest first, roots only, fifty at most, and no filter on time."""
    rows = call.node.comments.filter(removed_at=None, parent=None).order_by("-created_at", "-pk")
    return paged(call, rows, show_comment, default=COMMENT_FIELDS, most=50)


def list_replies(call: Call) -> Json:
    return paged(call, call.node.visible_replies(), show_comment, default=COMMENT_FIELDS, most=50)


def write_comment(call: Call) -> Json:
    return _accept(call, call.node, None)


def write_reply(call: Call) -> Json:
    if call.node.root.hidden_at:
        raise GraphError(100, message="(#100) Cannot reply to a hidden comment")
    return _accept(call, call.node.post, call.node)


def _accept(call: Call, post: Post, parent: Comment | None) -> Json:
    text = call.text("message", COMMENT_LIMIT)
    written = acts.write_comment(call.page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=call.moment)
    return {"id": written.external_id}


def hide(call: Call) -> Json:
    if "hide" not in call.params:
        raise GraphError(100, message="(#100) The parameter hide is required")
    if call.node.by_page:
        raise GraphError(100, message="(#100) The owner's own comments cannot be hidden")
    acts.set_hidden(call.node, str(call.params["hide"]).lower() in {"true", "1"}, at=call.moment)
    return {"success": True}


def delete_comment(call: Call) -> Json:
    acts.remove_comment(call.node, at=call.moment)
    return {"success": True}


ROUTES: Routes = messenger.ROUTES | {
    ("GET", "page", ""): show_account,
    ("GET", "page", "media"): list_media,
    ("GET", "post", ""): read_media,
    ("GET", "post", "comments"): list_comments,
    ("POST", "post", "comments"): write_comment,
    ("GET", "comment", ""): read_comment,
    ("GET", "comment", "replies"): list_replies,
    ("POST", "comment", "replies"): write_reply,
    ("POST", "comment", ""): hide,
    ("DELETE", "comment", ""): delete_comment,
}

PLATFORM = Platform(
    slug="instagram",
    label="Instagram",
    endpoint=endpoint.ENDPOINT,
    object="instagram",
    person_id=lambda page, name: stable_number(page.external_id, name),
    post_ids=lambda page: (number(17, "179"), ""),
    comment_id=lambda post: number(17, "180"),
    comment_event=comment_event,
    message_event=messenger.message_event,
    message_id=lambda: "aWdf" + secrets.token_urlsafe(36),
    routes=ROUTES,
    people="usernames",
    options={"instagram_flat": False},  # comments as entry[].field/value instead of entry[].changes[]
)
