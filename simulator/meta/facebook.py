"""Facebook pages: the `feed` webhook, and the content edges of Graph."""

from datetime import datetime
from typing import Any

from simulator import acts
from simulator.meta import endpoint, messenger
from simulator.meta.graph import Call, GraphError, Routes, paged
from simulator.models import Comment, Page, Person, Post, Source
from simulator.platforms import Platform, number
from simulator.signing import stable_number
from simulator.wire import Json, iso, seconds

COMMENT_LIMIT = 8000


# --- webhooks ------------------------------------------------------------------------------------


def _entry(page: Page, at: datetime, value: Json) -> Json:
    return {"id": page.external_id, "time": seconds(at), "changes": [{"field": "feed", "value": value}]}


def permalink(post: Post) -> str:
    page, _, number_ = post.external_id.partition("_")
    return f"https://www.facebook.com/permalink.php?story_fbid={number_}&id={page}"


def _post(post: Post) -> Json:
    return {
        "status_type": "mobile_status_update",
        "is_published": True,
        "updated_time": iso(post.created_at),
        "permalink_url": permalink(post),
        "promotion_status": "inactive",
        "id": post.external_id,
    }


def author(comment: Comment) -> Json | None:
    if comment.by_page:
        return {"id": comment.page.external_id, "name": comment.page.name}
    return {"id": comment.author.external_id, "name": comment.author.name} if comment.author else None


def comment_event(comment: Comment, verb: str, at: datetime) -> Json:
    who = author(comment)
    value: Json = {"from": who} if who else {}
    if verb == "remove":
        value = {"from": {"id": who["id"]}} if who else {}
    else:
        value |= {"post": _post(comment.post)}
        value |= {"message": comment.text} if comment.text else {}
        value |= {"photo": comment.photo} if comment.photo else {}
    value |= {
        "post_id": comment.post.external_id,
        "comment_id": comment.external_id,
        "created_time": seconds(at),
        "item": "comment",
        "parent_id": comment.parent.external_id if comment.parent else comment.post.external_id,
        "verb": verb,
    }
    return _entry(comment.page, at, value)


def reaction_event(comment: Comment, person: Person, reaction: str, at: datetime) -> Json:
    value = {
        "reaction_type": reaction or "like",
        "from": {"id": person.external_id, "name": person.name},
        "post_id": comment.post.external_id,
        "comment_id": comment.external_id,
        "parent_id": comment.parent.external_id if comment.parent else comment.post.external_id,
        "created_time": seconds(at),
        "item": "reaction",
        "verb": "add" if reaction else "remove",
    }
    return _entry(comment.page, at, value)


def post_event(post: Post, verb: str, at: datetime) -> Json:
    value = {
        "from": {"id": post.page.external_id, "name": post.page.name},
        "message": post.text,
        "post_id": post.external_id,
        "created_time": seconds(at),
        "item": "status",
        "published": 1,
        "verb": "add",
    }
    return _entry(post.page, at, value)


# --- Graph ---------------------------------------------------------------------------------------


def show_comment(comment: Comment) -> Json:
    who = author(comment)
    shown: Json = {"created_time": iso(comment.created_at)}
    shown |= {"from": who} if who else {}
    shown |= {"message": comment.text, "id": comment.external_id}
    shown |= {"parent": {"id": comment.parent.external_id}} if comment.parent else {}
    if comment.photo:
        shown |= {"attachment": {"type": "photo", "media": {"image": {"src": comment.photo}}, "url": comment.photo}}
    return shown | {
        "object": {"id": comment.post.external_id},
        "is_hidden": comment.hidden_at is not None,
        "can_hide": not comment.by_page,
        "can_remove": True,
        "can_comment": True,
        "can_like": True,
        "can_reply_privately": bool(comment.author and not comment.privately_replied_at),
        "like_count": comment.likes,
        "comment_count": comment.visible_replies().count(),
        "permalink_url": f"{permalink(comment.post)}&comment_id={comment.external_id.rpartition('_')[2]}",
    }


def show_post(post: Post) -> Json:
    comments: Any = post.comments.filter(removed_at=None)
    shown: Json = {"created_time": iso(post.created_at), "message": post.text, "id": post.external_id}
    return shown | {"permalink_url": permalink(post), "comments": {"data": [show_comment(comment) for comment in comments]}}


COMMENT_FIELDS = "created_time,from,message,id"


def show_page(call: Call) -> Json:
    page = call.page
    return call.pick({"name": page.name, "id": page.external_id, "username": page.username, "category": "Pharmacie"}, "name,id")


def read_comment(call: Call) -> Json:
    return call.pick(show_comment(call.node), COMMENT_FIELDS)


def read_post(call: Call) -> Json:
    return call.pick(show_post(call.node), "created_time,message,id")


def list_posts(call: Call) -> Json:
    return paged(call, call.page.posts.all(), show_post, default="created_time,message,id")


def list_comments(call: Call) -> Json:
    rows = call.node.comments.filter(removed_at=None)
    if call.params.get("filter", "toplevel") != "stream":
        rows = rows.filter(parent=None)
    return paged(call, _in_order(call, rows), show_comment, default=COMMENT_FIELDS)


def list_replies(call: Call) -> Json:
    return paged(call, _in_order(call, call.node.visible_replies()), show_comment, default=COMMENT_FIELDS)


def _in_order(call: Call, rows: Any) -> Any:
    return rows.order_by("-created_at", "-pk") if call.params.get("order") == "reverse_chronological" else rows


def write_comment(call: Call) -> Json:
    return _accept(call, call.node, None)


def write_reply(call: Call) -> Json:
    return _accept(call, call.node.post, call.node)


def _accept(call: Call, post: Post, parent: Comment | None) -> Json:
    text = call.text("message", COMMENT_LIMIT)
    written = acts.write_comment(call.page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=call.moment)
    return {"id": written.external_id}


def change_comment(call: Call) -> Json:
    """POST on a comment edits it, or hides it: never a way to answer."""
    comment: Comment = call.node
    if "is_hidden" in call.params:
        acts.set_hidden(comment, str(call.params["is_hidden"]).lower() in {"true", "1"}, at=call.moment)
    elif not comment.by_page:
        raise GraphError(200, message="(#200) You do not have sufficient permissions to edit this comment", status=403)
    else:
        acts.edit_comment(comment, call.text("message", COMMENT_LIMIT), at=call.moment)
    return {"success": True}


def delete_comment(call: Call) -> Json:
    acts.remove_comment(call.node, at=call.moment)
    return {"success": True}


def like(call: Call) -> Json:
    return {"success": True}


ROUTES: Routes = {
    ("GET", "page", ""): show_page,
    ("GET", "page", "published_posts"): list_posts,
    ("GET", "page", "posts"): list_posts,
    ("GET", "page", "feed"): list_posts,
    ("GET", "post", ""): read_post,
    ("GET", "post", "comments"): list_comments,
    ("POST", "post", "comments"): write_comment,
    ("GET", "comment", ""): read_comment,
    ("GET", "comment", "comments"): list_replies,
    ("POST", "comment", "comments"): write_reply,
    ("POST", "comment", ""): change_comment,
    ("DELETE", "comment", ""): delete_comment,
    ("POST", "comment", "likes"): like,
    ("DELETE", "comment", "likes"): like,
} | messenger.ROUTES

PLATFORM = Platform(
    slug="facebook",
    label="Facebook",
    endpoint=endpoint.ENDPOINT,
    object="page",
    person_id=lambda page, name: stable_number(page.external_id, name),
    post_ids=lambda page: (f"{page.external_id}_{number(15)}", ""),
    comment_id=lambda post: f"{post.external_id.rpartition('_')[2]}_{number(15)}",
    comment_event=comment_event,
    reaction_event=reaction_event,
    post_event=post_event,
    message_event=messenger.message_event,
    routes=ROUTES,
)
