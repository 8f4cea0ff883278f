"""The way of a call through Graph: token, node, permission, faults, what it does, and the answer."""

import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from simulator import faults, options, platforms, wire
from simulator.meta import keys
from simulator.meta.graph import nodes, objects, scopes
from simulator.meta.graph.answers import answer, refuse
from simulator.meta.graph.call import Call, Handler, Routes
from simulator.meta.graph.errors import GraphError
from simulator.models import Page
from simulator.wire import Json

OLDEST, NEWEST = 21, 26  # the versions that live; an older one is answered as the oldest
WITHOUT_TOKEN: Routes = {}  # filled by those files whose calls prove themselves otherwise
OF_THE_APP: Routes = {}
REMOVED = ("ids",)  # with v26.0, for every version


def graph(request: HttpRequest, path: str, version: str = f"v{NEWEST}.0") -> HttpResponse:
    call = None
    try:
        call = _call(request, version)
        return _answered(call, path.strip("/"))
    except GraphError as error:
        return refuse(error, call)
    except faults.Refused as refused:
        named = GraphError.named(refused.name or "613")
        if call and refused.throttled:
            call.usage = {"code": named.code, "minutes": refused.minutes}
        return refuse(named, call)
    except faults.Dropped:
        return faults.drop(request)


def _call(request: HttpRequest, version: str) -> Call:
    number = int(re.sub(r"\D", "", version.partition(".")[0]) or NEWEST)
    call = Call(request, None, {}, options.now(), version=f"v{max(number, OLDEST)}.0")
    if number > NEWEST:
        raise GraphError(2500, message=f"Unknown path components: {request.path}")
    call.params = params_of(request)
    for name in REMOVED:
        if name in call.params:
            raise GraphError(100, message=f"(#100) The parameter {name} is not supported")
    return call


def params_of(request: HttpRequest) -> Json:
    try:
        params = wire.body_of(request)
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid JSON in the request body") from error
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return params | ({"access_token": token.strip()} if scheme.lower() == "bearer" else {})


def _answered(call: Call, path: str) -> HttpResponse:
    if handler := WITHOUT_TOKEN.get((call.method, "", path)):
        return answer(_done(call, handler), call)
    call.token = keys.bearer(call)
    if handler := OF_THE_APP.get((call.method, "", path)):
        return answer(_done(call, handler), call)
    name, _, call.edge = path.partition("/")
    kind, call.node, call.owner = objects.resolve(call, name)
    if call.owner is None:
        return answer(_done(call, _find(call, kind, OF_THE_APP)), call)
    return _of_a_page(call, kind, call.owner)


def _of_a_page(call: Call, kind: str, page: Page) -> HttpResponse:
    handler = _find(call, kind, platforms.of(page).routes)
    if call.token and not call.opened and not scopes.covers(call.token, page):
        return answer(_as_a_person(call, kind, handler), call)
    write = call.method != "GET"
    faults.before(page, write=write)
    scopes.require(call, getattr(handler, "needs", ""))
    done = _done(call, handler)
    if not write:
        return answer({"data": []} if "data" in done and faults.take(page, faults.Kind.EMPTY_LISTS) else done, call)
    call.request.moment = call.moment  # type: ignore[attr-defined]
    return _after(call, done, page)


def _done(call: Call, handler: Handler) -> Any:
    if call.method == "GET":
        return handler(call)
    with transaction.atomic():
        return handler(call)


def _after(call: Call, done: Json, page: Page) -> HttpResponse:
    match faults.after(page, call.request):
        case "error":
            raise GraphError(1, message="An unknown error occurred", status=500)
        case "no_id":
            return answer({}, call)
        case _:
            return answer(done, call)


def _as_a_person(call: Call, kind: str, handler: Handler) -> Json:
    """A token that is not this page's: a person's own sees empty lists and is not told why; another page's is refused."""
    token = call.token
    if token is None or token.kind != "user":
        raise GraphError.named("10")
    if call.method != "GET":
        raise GraphError.named("1705" if call.edge in ("comments", "replies") else "190/page")
    if kind == "page" and not call.edge:
        return handler(call)
    if call.edge:
        return {"data": []}
    raise GraphError.named("10")


def _find(call: Call, kind: str, routes: Routes) -> Handler:
    if handler := routes.get((call.method, kind, call.edge)):
        return handler
    node = platforms.of(call.owner).nodes.get(kind) if call.owner and call.method == "GET" else None
    if node is not None and not call.edge:
        return _reader(node)
    if node is not None and call.edge in node.edges:
        return _lister(node.edges[call.edge], call.edge)
    nonexistent = f"(#100) Tried accessing nonexisting field ({call.edge}) on node type ({kind})"
    raise GraphError(100, message=nonexistent) if call.edge or call.owner is None else GraphError.named("100/33")


def _reader(node: nodes.Node) -> Handler:
    def read(call: Call) -> Json:
        return nodes.read(call, node, call.node)

    read.needs = node.needs  # type: ignore[attr-defined]
    return read


def _lister(edge: nodes.Edge, name: str) -> Handler:
    def listed(call: Call) -> Json:
        return nodes.listed(call, edge, call.node, call.params, name=name)

    listed.needs = edge.needs  # type: ignore[attr-defined]
    return listed
