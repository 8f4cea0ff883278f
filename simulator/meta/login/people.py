"""The person behind a token of their own: who they are, which pages they run, what they agreed to."""

from typing import Any

from django.db.models import QuerySet

from simulator.meta import keys, known
from simulator.meta.facebook.nodes import PAGE
from simulator.meta.graph import scopes
from simulator.meta.graph.call import Call, Routes
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.nodes import Edge, Node, listed, read
from simulator.models import Page, Token
from simulator.wire import Json


def _pages(call: Call, person: Token, arguments: Json) -> QuerySet[Page]:
    return Page.objects.filter(pk__in=[page.pk for page in keys.pages_of(person)])


ACCOUNTS = Edge(
    of=lambda: PAGE,
    rows=_pages,
    key="pk",
    oldest_first=lambda arguments: True,
    default="access_token,category,category_list,name,id,tasks",
)
USER = Node(
    name="User",
    default="name,id",
    fields={
        "id": lambda call, person: person.user,
        "name": lambda call, person: keys.MANAGER_NAME,
        "first_name": lambda call, person: keys.MANAGER_NAME.partition(" ")[0],
        "last_name": lambda call, person: keys.MANAGER_NAME.partition(" ")[2],
        "email": lambda call, person: "alex.gestion@example.com",
    },
    edges={"accounts": ACCOUNTS},
    known=known.PERSON,
)


def me(call: Call) -> Json:
    return read(call, USER, call.node)


def accounts(call: Call) -> Json:
    token: Token = call.node
    if not token.allows("pages_show_list"):
        return {"data": []}  # as if there were none
    return listed(call, ACCOUNTS, token, call.params, name="accounts")


def permissions(call: Call) -> Json:
    token: Token = call.node
    held = [*scopes.OF_FACEBOOK_LOGIN] if token.scopes is None else token.scopes
    declined = [scope for scope in token.extra.get("asked", []) if scope not in held]
    told: list[dict[str, Any]] = [{"permission": scope, "status": "granted"} for scope in held]
    return {"data": told + [{"permission": scope, "status": "declined"} for scope in declined]}


def leave(call: Call) -> Json:
    """The person, or the app for them, takes everything back: all their tokens die."""
    if call.token is None or call.token.kind != "user":
        raise GraphError.named("10")
    keys.kill("458")
    return {"success": True}


OF_A_PERSON: Routes = {
    ("GET", "user", ""): me,
    ("GET", "user", "accounts"): accounts,
    ("GET", "user", "permissions"): permissions,
    ("DELETE", "user", "permissions"): leave,
}
