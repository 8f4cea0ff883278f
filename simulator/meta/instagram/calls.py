"""What can be done on an Instagram account through Graph: comment, answer, hide, delete, answer a mention."""

from simulator import acts
from simulator.meta.graph.call import TRUE, Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.objects import find_comment
from simulator.models import Comment, Post, Source
from simulator.wire import Json

COMMENT_LIMIT = 2200


@needs("engage")
def write_comment(call: Call) -> Json:
    if call.node.extra.get("comments_off"):
        raise GraphError(100, message="(#100) Comments are disabled on this media")
    return _accept(call, call.node, None)


@needs("engage")
def write_reply(call: Call) -> Json:
    """Under the root, whatever was answered; not under what is hidden, nor in a live broadcast."""
    if call.node.root.hidden_at:
        raise GraphError(100, message="(#100) Cannot reply to a hidden comment")
    if call.node.post.kind == "live":
        raise GraphError(100, message="(#100) Cannot reply to a comment on a live video")
    return _accept(call, call.node.post, call.node)


def _accept(call: Call, post: Post, parent: Comment | None) -> Json:
    text = call.text("message", COMMENT_LIMIT)
    written = acts.write_comment(call.page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=call.moment)
    return {"id": written.external_id}


@needs("engage")
def hide(call: Call) -> Json:
    if "hide" not in call.params:
        raise GraphError(100, message="(#100) The parameter hide is required")
    if call.node.by_page:
        raise GraphError(100, message="(#100) The owner's own comments cannot be hidden")
    acts.set_hidden(call.node, str(call.params["hide"]).lower() in TRUE, at=call.moment)
    return {"success": True}


@needs("engage")
def delete_comment(call: Call) -> Json:
    acts.remove_comment(call.node, at=call.moment)
    return {"success": True}


@needs("engage")
def change_media(call: Call) -> Json:
    if "comment_enabled" not in call.params:
        raise GraphError(100, message="(#100) The parameter comment_enabled is required")
    call.node.extra = call.node.extra | {"comments_off": str(call.params["comment_enabled"]).lower() not in TRUE}
    call.node.save(update_fields=["extra"])
    return {"success": True}


@needs("engage")
def answer_mention(call: Call) -> Json:
    """Under somebody else's post, where it names the account."""
    post = Post.objects.filter(page=call.page, kind="mention", external_id=str(call.params.get("media_id", ""))).first()
    named = str(call.params.get("comment_id") or "")
    parent = find_comment(named) if named else None
    if post is None or (named and (parent is None or parent.post != post)):
        raise GraphError.named("100/33")
    return _accept(call, post, parent)


ROUTES: Routes = {
    ("POST", "page", "mentions"): answer_mention,
    ("POST", "post", "comments"): write_comment,
    ("POST", "post", ""): change_media,
    ("POST", "comment", "replies"): write_reply,
    ("POST", "comment", ""): hide,
    ("DELETE", "comment", ""): delete_comment,
}
