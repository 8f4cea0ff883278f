"""What happens on LinkedIn beside comments, for tests and for the page: `client.ask("POST", "linkedin/…", {…})`."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from simulator import acts, options, tokens
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.linkedin import events, members
from simulator.linkedin.urns import find_post
from simulator.models import Page, Post, Token
from simulator.platforms import number
from simulator.webhooks import deliveries
from simulator.wire import Json

ROLES = (*members.WRITE, "")


def _post(given: Json) -> Post:
    found = find_post(given["post"])
    if found is None:
        raise KeyError(given["post"])
    return found


@asked
def like(given: Json) -> Answer:
    post = _post(given)
    _like(post, given["author"], given)
    return {}


@transaction.atomic
def _like(post: Post, author: str, given: Json) -> None:
    post.extra["likes"] = int(post.extra.get("likes", 0)) + 1
    post.save(update_fields=["extra"])
    person = acts.person_of(post.page, author)
    deliveries.emit(post.page, events.post_liked(post, person, at_of(given) or options.now()), f"j’aime de {author}")


@asked
def share(given: Json) -> Answer:
    post, urn = _post(given), "urn:li:share:" + number(19, "74")
    person, at = acts.person_of(post.page, given["author"]), at_of(given) or options.now()
    with transaction.atomic():
        deliveries.emit(post.page, events.post_shared(post, person, given.get("text", ""), urn, at), "partage")
    return {"id": urn}


@asked
def role(given: Json) -> Answer:
    """A member's role on a page, or with an empty one the loss of it."""
    if given["role"] not in ROLES:
        raise ValueError(f"no such role: {given['role']}; there are {', '.join(ROLES)}")
    page = page_of(given)
    members.set_role(page, given.get("member", members.ADMIN), given["role"])
    return members.roles(page)


@asked
def revoke(given: Json) -> Answer:
    """The member takes the grant back: every token of theirs is dead, and what was subscribed with it is silent."""
    member = given.get("member", members.ADMIN)
    users = [member, ""] if member == members.ADMIN else [member]
    return {"revoked": Token.objects.filter(platform="linkedin", user__in=users, dead="").update(dead="revoked")}


@asked
def token(given: Json) -> Answer:
    """A key of a certain member, without an end."""
    kept = tokens.grant(page_of(given), given["value"])
    Token.objects.filter(pk=kept.pk).update(user=given["member"])
    return {}


@asked
def person(given: Json) -> Answer:
    """private: who cannot be seen; headline."""
    found = acts.person_of(page_of(given), given["author"])
    found.extra |= {name: given[name] for name in ("private", "headline") if name in given}
    found.save(update_fields=["extra"])
    return {"id": found.external_id} | found.extra


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """A post of somebody else that names the page, or a mark of liking under the page's latest."""
    page = get_object_or_404(Page, pk=pk, platform="linkedin")
    author, text = request.POST.get("author", "").strip(), request.POST.get("text", "").strip()
    if author and request.POST.get("do") == "mention" and text:
        acts.publish_post(page, text, author=author, kind="mention")
    elif author and request.POST.get("do") == "like" and (post := page.posts.filter(author=None, removed_at=None).first()):
        _like(post, author, {})
    return redirect("page", pk)
