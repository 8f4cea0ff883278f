"""socialActions: comments under posts and under comments, one level deep."""

from django.http import HttpResponse

from simulator import acts
from simulator.linkedin.events import first_admin
from simulator.linkedin.members import READ, WRITE
from simulator.linkedin.reactions import liked_by
from simulator.linkedin.rest import Call, RestError, answer, denied, not_found, rest_call
from simulator.linkedin.urns import actor, comment_urn, find_comment, find_post
from simulator.models import Comment, Post, Source
from simulator.wire import Json, milliseconds

TEXT_LIMIT = 1250


def show(comment: Comment) -> Json:
    who, created, page = actor(comment), milliseconds(comment.created_at), comment.page
    impersonator = {"impersonator": first_admin(page)} if comment.by_page else {}
    likes = {"totalLikes": comment.likes, "aggregatedTotalLikes": comment.likes}
    replies = comment.visible_replies().count()
    shown: Json = {
        "id": comment.external_id,
        "commentUrn": comment_urn(comment),
        "actor": who,
        "object": comment.post.external_id,
        "message": {"attributes": [], "text": comment.text},
        "created": {"actor": who, "time": created} | impersonator,
        "lastModified": {"actor": who, "time": milliseconds(comment.edited_at or comment.created_at)} | impersonator,
        "likesSummary": {"selectedLikes": [], "likedByCurrentUser": liked_by(page, comment_urn(comment))} | likes,
        "commentsSummary": {
            "selectedComments": [],
            "totalFirstLevelComments": replies,
            "aggregatedTotalComments": replies,
        },
    }
    return shown | ({"parentComment": comment_urn(comment.parent)} if comment.parent else {})


def target(call: Call, urn: str, allowed: tuple[str, ...]) -> tuple[Post, Comment | None]:
    """The post a URN names, and the comment where it names one."""
    if not urn.startswith("urn:li:"):
        raise RestError(400, "INVALID_URN_TYPE", f"{urn} is not a URN")
    comment = find_comment(urn)
    post = comment.post if comment else find_post(urn)
    if post is None:
        raise not_found(urn)
    call.may(post.page, allowed)
    return post, comment


@rest_call
def collection(call: Call, *, urn: str) -> HttpResponse:
    if call.request.method == "POST":
        call.needs("write")
        return _write(call, *target(call, urn, WRITE))
    call.needs("read")
    # Who may only post jobs is not refused: there is nothing to see.
    post, parent = target(call, urn, WRITE)
    readable = post.page.extra.get("roles", {}).get(call.member, READ[0]) in READ
    rows = parent.visible_replies() if parent else post.comments.filter(removed_at=None, parent=None)
    found = list(rows.select_related("post__page", "author", "parent")) if readable else []
    start, count = call.window()
    return answer(
        {"elements": [show(each) for each in found[start : start + count]], "paging": call.paging(start, count, len(found))}
    )


def _write(call: Call, post: Post, parent: Comment | None) -> HttpResponse:
    given = call.body()
    for field in ("actor", "object", "message"):
        if not given.get(field):
            raise RestError(400, "MISSING_FIELD", f"Field {field} is required")
    if given["actor"] != post.page.external_id:
        raise denied("Actor is not authorized to comment")
    if find_post(str(given["object"])) != post:
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", "object does not match the commented entity")
    if "content" in given:
        raise denied("Unpermitted fields present in REQUEST_BODY: [/content]")
    if parent is None and given.get("parentComment"):
        parent = find_comment(str(given["parentComment"]))
    text = _text(given["message"])
    written = acts.write_comment(post.page, text=text, post=post, parent=parent, by_page=True, source=Source.API, at=call.moment)
    return answer(show(written), 201, {"x-restli-id": written.external_id})


def _text(message: Json) -> str:
    text = str(message.get("text", "") if isinstance(message, dict) else "")
    if not text.strip():
        raise RestError(400, "MISSING_FIELD", "Field message.text is required")
    if len(text) > TEXT_LIMIT:
        raise RestError(400, "FIELD_LENGTH_TOO_LONG", f"message.text is longer than {TEXT_LIMIT} characters")
    return text


@rest_call
def single(call: Call, *, urn: str, pk: str) -> HttpResponse:
    write = call.request.method != "GET"
    call.needs("write" if write else "read")
    post, _ = target(call, urn, WRITE if write else READ)
    found = post.comments.select_related("post__page", "author", "parent").filter(external_id=pk, removed_at=None).first()
    if found is None:
        raise not_found("the comment")
    if not write:
        return answer(show(found))
    if call.required("actor") != post.page.external_id:
        raise denied("Actor is not authorized to change the comment")
    if call.request.method == "DELETE":
        acts.remove_comment(found, at=call.moment)
        return HttpResponse(status=204)
    return _edit(call, found)


def _edit(call: Call, comment: Comment) -> HttpResponse:
    if call.request.headers.get("X-RestLi-Method", "").upper() != "PARTIAL_UPDATE":
        raise RestError(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method: PARTIAL_UPDATE is missing")
    if not comment.by_page:
        raise denied("Only the actor who wrote a comment may edit it")
    try:
        message = {"text": call.body()["patch"]["message"]["$set"]["text"]}
    except (KeyError, TypeError) as error:
        raise RestError(400, "MISSING_FIELD", "patch.message.$set.text is required") from error
    acts.edit_comment(comment, _text(message), at=call.moment)
    return HttpResponse(status=204)
