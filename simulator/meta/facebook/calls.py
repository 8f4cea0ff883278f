"""What can be done on a Facebook page through Graph: comment, answer, edit, hide, like, delete."""

from simulator import acts, options
from simulator.meta.graph.call import TRUE, Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.models import Comment, Post, Source
from simulator.wire import Json

COMMENT_LIMIT = 8000


@needs("engage")
def write_comment(call: Call) -> Json:
    return _accept(call, call.node, None)


@needs("engage")
def write_reply(call: Call) -> Json:
    """Facebook shows two levels: an answer to an answer goes under its root, or is refused."""
    if call.node.parent and options.get("facebook_depth") == "refuse":
        raise GraphError.named("1705")
    return _accept(call, call.node.post, call.node)


def _accept(call: Call, post: Post, parent: Comment | None) -> Json:
    picture = str(call.params.get("attachment_url") or "")
    text = str(call.params.get("message") or "") if picture else call.text("message", COMMENT_LIMIT)
    written = acts.write_comment(
        call.page, text=text, post=post, parent=parent, photo=picture, by_page=True, source=Source.API, at=call.moment
    )
    return {"id": written.external_id}


@needs("engage")
def change_comment(call: Call) -> Json:
    """POST on a comment edits it, or hides it: never a way to answer."""
    comment: Comment = call.node
    if "is_hidden" in call.params:
        if comment.by_page:
            raise GraphError(200, message="(#200) You cannot hide your own comment", status=403)
        acts.set_hidden(comment, str(call.params["is_hidden"]).lower() in TRUE, at=call.moment)
    elif not comment.by_page:
        raise GraphError(200, message="(#200) You do not have sufficient permissions to edit this comment", status=403)
    else:
        acts.edit_comment(comment, call.text("message", COMMENT_LIMIT), at=call.moment)
    return {"success": True}


@needs("engage")
def delete_comment(call: Call) -> Json:
    acts.remove_comment(call.node, at=call.moment)
    return {"success": True}


@needs("engage")
def like_comment(call: Call) -> Json:
    return _like(call.node, call.method == "POST")


def _like(comment: Comment, liked: bool) -> Json:
    """No webhook tells of the page's own likes."""
    if bool(comment.extra.get("liked_by_page")) != liked:
        comment.likes = max(0, comment.likes + (1 if liked else -1))
        comment.extra = comment.extra | {"liked_by_page": liked}
        comment.save(update_fields=["likes", "extra"])
    return {"success": True}


@needs("engage")
def like_post(call: Call) -> Json:
    post: Post = call.node
    reactions = dict(post.extra.get("reactions", {}))
    if call.method == "POST":
        reactions[call.page.external_id] = "like"
    else:
        reactions.pop(call.page.external_id, None)
    post.extra = post.extra | {"reactions": reactions}
    post.save(update_fields=["extra"])
    return {"success": True}


@needs("engage")
def publish(call: Call) -> Json:
    post = acts.publish_post(call.page, call.text("message", 63206), at=call.moment)
    return {"id": post.external_id}


@needs("engage")
def delete_post(call: Call) -> Json:
    acts.remove_post(call.node, at=call.moment)
    return {"success": True}


@needs("engage")
def block(call: Call) -> Json:
    blocked = dict(call.page.extra.get("blocked", {})) | dict.fromkeys(call.list("user") or call.list("psid"), True)
    call.page.extra = call.page.extra | {"blocked": blocked}
    call.page.save(update_fields=["extra"])
    return dict.fromkeys(blocked, True)


ROUTES: Routes = {
    ("POST", "page", "feed"): publish,
    ("POST", "page", "blocked"): block,
    ("POST", "post", "comments"): write_comment,
    ("POST", "post", "likes"): like_post,
    ("DELETE", "post", "likes"): like_post,
    ("DELETE", "post", ""): delete_post,
    ("POST", "comment", "comments"): write_reply,
    ("POST", "comment", ""): change_comment,
    ("POST", "comment", "likes"): like_comment,
    ("DELETE", "comment", "likes"): like_comment,
    ("DELETE", "comment", ""): delete_comment,
}
