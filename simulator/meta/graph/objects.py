"""Which thing an id names, and whose it is. Ids are looked for everywhere: a token opens only its own, but it is told so."""

from typing import Any

from simulator import platforms
from simulator.meta import endpoint
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.models import Comment, Message, Page, Person, Post, Token
from simulator.signing import stable_number

Found = tuple[str, Any, Page | None]  # the kind of node, the thing, its page


def resolve(call: Call, node: str) -> Found:
    """A platform's own nodes are looked for first, and whether its token opens them is its own affair."""
    token = call.token
    if token and token.page:
        call.page = token.page
        if special := platforms.of(token.page).resolve(call, node):
            call.opened = True
            return (*special, call.page)
    found = _special(node, token) or _page(node, token) or _person(node) or _thing(node)
    if found is None:
        raise GraphError.named("100/33")
    return found


def _special(node: str, token: Token | None) -> Found | None:
    if node in (endpoint.APP_ID, endpoint.INSTAGRAM_APP_ID, "app"):
        return "app", node, None
    if node == "me" and token and token.kind == "app":
        raise GraphError(2500, message="An active access token must be used to query information about the current user.")
    if node == "me" and token:
        return ("page", token.page, token.page) if token.page else ("user", token, None)
    if token and token.user and node == token.user:
        return "user", token, None
    return None


def _page(node: str, token: Token | None) -> Found | None:
    if token and token.page and token.page.platform == "instagram" and node == app_scoped(token.page):
        return "page", token.page, token.page
    page = Page.objects.filter(external_id=node).first()
    return ("page", page, page) if page else None


def app_scoped(page: Page) -> str:
    """Instagram Login's `id`: this app's own number for an account, which no webhook carries."""
    return stable_number("app-scoped", page.external_id, digits=17)


def _person(node: str) -> Found | None:
    kind = "thread" if node.startswith("t_") else "person"
    person = Person.objects.select_related("page").filter(external_id=node.removeprefix("t_")).first()
    return (kind, person, person.page) if person else None


def _thing(node: str) -> Found | None:
    found: list[tuple[str, Post | Comment | Message | None]] = [
        ("post", Post.objects.select_related("page", "author").filter(external_id=node, removed_at=None).first()),
        ("comment", find_comment(node)),
        ("message", Message.objects.select_related("page", "person").filter(external_id=node, deleted_at=None).first()),
    ]
    return next(((kind, thing, thing.page) for kind, thing in found if thing), None)


def find_comment(external_id: str) -> Comment | None:
    """Facebook gives comment ids with or without the post in front, and takes both."""
    comments = Comment.objects.select_related("post__page", "author", "parent").filter(removed_at=None)
    exact = comments.filter(external_id=external_id).first()
    return exact or comments.filter(short_id=external_id.rpartition("_")[2], post__page__platform="facebook").first()
