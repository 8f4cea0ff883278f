"""/_sim/meta/…: what Meta's platforms can do beside what all have in common."""

from datetime import datetime

from django.urls import path

from simulator import acts, options
from simulator.acts.people import acted
from simulator.admin import shown
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.meta import endpoint, keys
from simulator.meta.facebook import events
from simulator.meta.login import signed_requests
from simulator.meta.messenger import happenings, owners
from simulator.models import Comment, Message, Page, Person, Post, Token
from simulator.webhooks import deliveries
from simulator.wire import Json, seconds


def _now(given: Json) -> datetime:
    return at_of(given) or options.now()


def _person(given: Json) -> Person:
    """Somebody by id, or by name."""
    page = page_of(given)
    if given.get("person"):
        return Person.objects.select_related("page").get(page=page, external_id=str(given["person"]))
    return acts.person_of(page, str(given["author"]))


# --- what happens in a thread --------------------------------------------------------------------


@asked
def thread(given: Json, verb: str) -> Answer:
    person, at = _person(given), _now(given)
    match verb:
        case "seen":
            happenings.seen(person, at)
        case "delivered":
            happenings.delivered(person, list(person.messages.filter(by_page=True)), at)
        case "referral":
            happenings.referred(person, given["referral"], at)
        case "happen":
            happenings.happen(person, given["payload"], at)
        case "take":
            owners.taken_by_others(person, at, app=str(given.get("app") or endpoint.NATIVE_APP_ID))
        case "pass":
            owners.passed_to_us(person, at)
        case "block":
            person.extra = person.extra | {"blocked_page": bool(given.get("blocked", True))}
            person.save(update_fields=["extra"])
        case "act":
            acted(person, at)
        case _:
            raise ValueError(f"a thread has no {verb}")
    return {"person": person.external_id, "owner": owners.owner(person, options.now())}


@asked
def postback(given: Json) -> Answer:
    made = happenings.pressed(
        page_of(given),
        given["author"],
        given["title"],
        given.get("payload", ""),
        referral=given.get("referral"),
        at=_now(given),
    )
    return shown.message(made)


# --- what happens on a wall ----------------------------------------------------------------------


@asked
def react(given: Json) -> Answer:
    """To a post (`post`), or to the page itself."""
    person, at = _person(given), _now(given)
    if not given.get("post"):
        deliveries.emit(person.page, events.like_event(person.page, person, at), "la page est aimée")
        return {}
    post = Post.objects.select_related("page").get(external_id=given["post"])
    return shown.post(react_to_post(post, person, str(given.get("reaction", "like")), at))


def react_to_post(post: Post, person: Person, reaction: str, at: datetime) -> Post:
    """An empty reaction takes it back."""
    given = {name: kind for name, kind in post.extra.get("reactions", {}).items() if name != person.external_id}
    post.extra = post.extra | {"reactions": given | ({person.external_id: reaction} if reaction else {})}
    post.save(update_fields=["extra"])
    if post.page.platform == "facebook":
        deliveries.emit(post.page, events.post_reaction_event(post, person, reaction, at), f"réaction {reaction or 'retirée'}")
    return post


@asked
def end_live(given: Json) -> Answer:
    post = Post.objects.get(external_id=given["post"], kind="live")
    post.extra = post.extra | {"ended": True}
    post.save(update_fields=["extra"])
    return {}


# --- keys, permissions, leave --------------------------------------------------------------------


@asked
def kill(given: Json) -> Answer:
    """reason: a subcode of 190; "" brings the keys back."""
    return {"killed": keys.kill(str(given.get("reason", "460")), page=page_of(given) if given.get("page") else None)}


@asked
def expire(given: Json) -> Answer:
    """When the keys of a page end; without a time: now."""
    return {"changed": Token.objects.filter(page=page_of(given)).update(expires_at=_now(given))}


@asked
def withdraw(given: Json) -> Answer:
    """Take a permission away; `silently`, as one that lapses unused."""
    page = page_of(given) if given.get("page") else None
    touched = keys.withdraw(given["scope"], page=page)
    if not given.get("silently"):
        tell_withdrawn(given["scope"], touched, _now(given))
    return {"pages": [each.external_id for each in touched]}


def tell_withdrawn(scope: str, pages: list[Page], at: datetime) -> None:
    """A webhook of its own object, which belongs to nobody's page."""
    value = {"verb": "revoked", "target_ids": [page.external_id for page in pages]}
    item = {"id": "0", "uid": "0", "time": seconds(at), "changes": [{"field": scope, "value": value}]}
    for page in pages[:1]:
        deliveries.emit(page, item, f"permission retirée : {scope}", of="permissions")


@asked
def lose_role(given: Json) -> Answer:
    page = page_of(given)
    page.extra = page.extra | {"role_lost": bool(given.get("lost", True))}
    page.save(update_fields=["extra"])
    return {"killed": keys.kill("492" if page.extra["role_lost"] else "", page=page)}


@asked
def leave(given: Json) -> Answer:
    """POST a signed_request to a deauthorize or data-deletion callback. kill: the keys die too, as they do."""
    if given.get("kill"):
        keys.kill("458")
    return signed_requests.post(
        given["url"],
        user_id=str(given.get("user", keys.MANAGER)),
        wrong=bool(given.get("wrong")),
        instagram=bool(given.get("instagram")),
    )


@asked
def tokens(given: Json) -> Answer:
    known = Token.objects.filter(platform__in=("facebook", "instagram")).select_related("page")
    return [
        {
            "value": each.value,
            "kind": each.kind,
            "page": each.page.external_id if each.page else "",
            "scopes": each.scopes,
            "expires_at": each.expires_at.isoformat() if each.expires_at else None,
            "dead": each.dead,
        }
        for each in known
    ]


@asked
def hide_author(given: Json) -> Answer:
    """The author of a comment is withheld from now on."""
    return {"changed": Comment.objects.filter(external_id=given["comment"]).update(author=None)}


@asked
def unsupported(given: Json) -> Answer:
    """A message of a kind that is not for apps: that it came is all that is told."""
    made: Message = acts.write_message(page_of(given), _person(given), extra={"is_unsupported": True}, at=at_of(given))
    return shown.message(made)


URLS = [
    path("_sim/meta/threads/<str:verb>", thread),
    path("_sim/meta/postback", postback),
    path("_sim/meta/react", react),
    path("_sim/meta/end-live", end_live),
    path("_sim/meta/kill", kill),
    path("_sim/meta/expire", expire),
    path("_sim/meta/withdraw", withdraw),
    path("_sim/meta/lose-role", lose_role),
    path("_sim/meta/leave", leave),
    path("_sim/meta/tokens", tokens),
    path("_sim/meta/hide-author", hide_author),
    path("_sim/meta/unsupported", unsupported),
]
