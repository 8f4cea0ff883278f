"""Reactions of the organization to posts and comments."""

import re

from django.db.models import F
from django.http import HttpResponse

from simulator.linkedin.members import WRITE
from simulator.linkedin.rest import Call, RestError, answer, not_found, rest_call
from simulator.linkedin.urns import find_comment, find_post
from simulator.models import Comment, Page, Post, Resource

TYPES = ("LIKE", "PRAISE", "EMPATHY", "INTEREST", "APPRECIATION", "ENTERTAINMENT")  # MAYBE was withdrawn


def _kept(actor: str, root: str) -> Resource | None:
    return Resource.objects.filter(platform="linkedin", kind="reaction", key=f"{actor}|{root}").first()


def liked_by(page: Page, root: str) -> bool:
    return _kept(page.external_id, root) is not None


def _target(call: Call, root: str) -> tuple[Post, Comment | None]:
    comment = find_comment(root)
    post = comment.post if comment else find_post(root)
    if post is None:
        raise not_found(root)
    call.may(post.page, WRITE)
    return post, comment


@rest_call
def create(call: Call) -> HttpResponse:
    call.needs("write")
    actor = call.organization(call.required("actor"), WRITE).external_id
    given = call.body()
    root, kind = str(given.get("root") or ""), str(given.get("reactionType") or "")
    if not root or not kind:
        raise RestError(400, "MISSING_FIELD", f"Field {'reactionType' if root else 'root'} is required")
    if kind not in TYPES:
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", f"{kind} is not a reaction type")
    _, comment = _target(call, root)
    if _kept(actor, root) is None and comment:
        Comment.objects.filter(pk=comment.pk).update(likes=F("likes") + 1)
    defaults = {"data": {"reactionType": kind}, "created_at": call.moment}
    Resource.objects.update_or_create(platform="linkedin", kind="reaction", key=f"{actor}|{root}", defaults=defaults)
    key = f"(actor:{actor},entity:{root})"
    return answer({"id": key, "root": root, "reactionType": kind}, 201, {"x-restli-id": key})


@rest_call
def single(call: Call, *, key: str) -> HttpResponse:
    call.needs("write" if call.request.method == "DELETE" else "read")
    match = re.fullmatch(r"actor:(urn:li:[^,]+),entity:(.+)", key)
    if match is None:
        raise RestError(400, "ILLEGAL_ARGUMENT", "The key of a reaction is (actor:…,entity:…)")
    call.organization(match[1], WRITE)
    _, comment = _target(call, match[2])
    kept = _kept(match[1], match[2])
    if kept is None:
        raise not_found("the reaction")
    if call.request.method != "DELETE":
        return answer({"id": f"({key})", "root": match[2], "reactionType": kept.data["reactionType"]})
    kept.delete()
    if comment:
        Comment.objects.filter(pk=comment.pk, likes__gt=0).update(likes=F("likes") - 1)
    return HttpResponse(status=204)
