"""Who and what there is: organizations, roles, people, posts, and the notifications of the last sixty days."""

import re
from datetime import timedelta

from django.http import HttpResponse

from simulator.linkedin import members
from simulator.linkedin.members import WRITE
from simulator.linkedin.rest import Call, RestError, answer, not_found, rest_call
from simulator.linkedin.urns import find_comment, find_post, number
from simulator.models import Comment, Page, Person, Post, Resource
from simulator.wire import Json, milliseconds

KEPT = timedelta(days=60)
ACTIONS = {"COMMENT", "ADMIN_COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "LIKE", "SHARE", "SHARE_MENTION"}


# --- organizations and roles ---------------------------------------------------------------------


@rest_call
def organization(call: Call, *, pk: str) -> HttpResponse:
    page = call.organization(f"urn:li:organization:{pk}", WRITE)
    return answer(
        {
            "id": int(pk),
            "localizedName": page.name,
            "vanityName": page.username,
            "$URN": page.external_id,
            "name": {"localized": {"fr_CA": page.name}, "preferredLocale": {"country": "CA", "language": "fr"}},
        }
    )


@rest_call
def acls(call: Call) -> HttpResponse:
    """The organizations of the calling member, and the roles held there."""
    call.needs("roles")
    if call.required("q") != "roleAssignee":
        raise RestError(400, "ILLEGAL_ARGUMENT", "q must be roleAssignee")
    wanted = call.request.GET.get("role")
    rows = [(page, members.role(page, call.member)) for page in members.managed(call.member)]
    shown = [_acl(page, call.member, role) for page, role in rows if wanted in (None, role)]
    return call.paged(shown if call.request.GET.get("state", "APPROVED") == "APPROVED" else [])


def _acl(page: Page, member: str, role: str) -> Json:
    return {"role": role, "organization": page.external_id, "roleAssignee": member, "state": "APPROVED"}


# --- people --------------------------------------------------------------------------------------


@rest_call
def person(call: Call, *, pk: str) -> HttpResponse:
    urn = f"urn:li:person:{pk}"
    if urn in {member for page in members.managed(call.member) for member in members.roles(page)}:
        return answer(named(urn))
    found = Person.objects.filter(page__platform="linkedin", external_id=urn).first()
    if found is None or not found.name or found.extra.get("private"):
        return answer({"id": "private"})
    first, _, last = found.name.partition(" ")
    return answer(
        {
            "id": pk,
            "localizedFirstName": first,
            "localizedLastName": last,
            "localizedHeadline": found.extra.get("headline", ""),
            "vanityName": pk,
            "profilePicture": {"displayImage": f"urn:li:digitalmediaAsset:{pk}"},
        }
    )


def named(urn: str) -> Json:
    """A member who administers a page."""
    return {
        "id": number(urn),
        "localizedFirstName": "Camille",
        "localizedLastName": "Fictif",
        "localizedHeadline": "Responsable des communications",
        "vanityName": number(urn),
    }


@rest_call
def me(call: Call) -> HttpResponse:
    return answer(named(call.member))


# --- posts ---------------------------------------------------------------------------------------


def _post(post: Post) -> Json:
    created = milliseconds(post.created_at)
    return {
        "id": post.share_id or post.external_id,
        "author": post.author.external_id if post.author else post.page.external_id,
        "commentary": post.text,
        "createdAt": created,
        "publishedAt": created,
        "lastModifiedAt": created,
        "visibility": post.extra.get("visibility", "PUBLIC"),
        "lifecycleState": "PUBLISHED",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "isReshareDisabledByAuthor": False,
    }


@rest_call
def posts(call: Call) -> HttpResponse:
    call.needs("read")
    if call.request.headers.get("X-RestLi-Method", "FINDER").upper() != "FINDER":
        raise RestError(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method: FINDER is expected")
    if call.required("q") != "author":
        raise RestError(400, "ILLEGAL_ARGUMENT", "q must be author")
    page = call.organization(call.required("author"))
    if call.request.GET.get("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", "sortBy must be LAST_MODIFIED or CREATED")
    rows = page.posts.filter(author=None, removed_at=None).select_related("page", "author")
    return call.paged([_post(post) for post in rows])


@rest_call
def post(call: Call, *, urn: str) -> HttpResponse:
    call.needs("read")
    found = find_post(urn)
    if found is None:
        raise not_found(urn)
    call.may(found.page)
    return answer(_post(found))


@rest_call
def metadata(call: Call, *, urn: str) -> HttpResponse:
    """How many reacted and commented."""
    call.needs("read")
    comment = find_comment(urn)
    found = comment.post if comment else find_post(urn)
    if found is None:
        raise not_found(urn)
    call.may(found.page)
    rows = comment.visible_replies() if comment else Comment.objects.filter(post=found, removed_at=None)
    likes = comment.likes if comment else int(found.extra.get("likes", 0))
    reactions = {"LIKE": {"reactionType": "LIKE", "count": likes}} if likes else {}
    counted = {"count": rows.count(), "topLevelCount": rows.filter(parent=None).count() if comment is None else rows.count()}
    return answer({"entity": urn, "commentsState": "OPEN", "reactionSummaries": reactions, "commentSummary": counted})


# --- notifications -------------------------------------------------------------------------------


@rest_call
def notifications(call: Call) -> HttpResponse:
    call.needs("read")
    if call.required("q") != "criteria":
        raise RestError(400, "ILLEGAL_ARGUMENT", "q must be criteria")
    page = call.organization(call.required("organizationalEntity"), ("ADMINISTRATOR",))
    actions = set(call.listed("actions")) or ACTIONS
    if actions - ACTIONS:
        raise RestError(400, "INVALID_VALUE_FOR_FIELD", f"{sorted(actions - ACTIONS)[0]} is not an action")
    rows = Resource.objects.filter(platform="linkedin", kind="notification", data__organizationalEntity=page.external_id)
    start, end = _range(call)
    post = call.request.GET.get("sourcePost")
    chosen = [
        row.data | {"subscriber": call.member}
        for row in rows.filter(data__lastModifiedAt__gte=milliseconds(call.moment - KEPT)).order_by("-pk")
        if row.data["action"] in actions and start <= row.data["lastModifiedAt"] <= end and post in (None, row.data["sourcePost"])
    ]
    return call.paged(chosen)


def _range(call: Call) -> tuple[int, int]:
    given = call.request.GET.get("timeRange", "")
    match = re.fullmatch(r"\(start:(\d+)(?:,end:(\d+))?\)", given)
    if given and match is None:
        raise RestError(400, "ILLEGAL_ARGUMENT", "timeRange must be (start:…,end:…)")
    end = milliseconds(call.moment) + 1
    return (int(match[1]), int(match[2] or end)) if match else (0, end)
