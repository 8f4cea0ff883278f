"""Kinds of nodes: which fields they have, which lists lie below them, and how both are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.meta.graph import paging
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.fields import Asked, parse, picked
from simulator.wire import Json

Value = Callable[[Call, Any], Any]  # None: this node has no such value, and the field is left out


@dataclass(frozen=True, slots=True)
class Edge:
    """A list below a node. rows gives an ordered queryset for the arguments of the list."""

    of: Callable[[], "Node"]
    rows: Callable[[Call, Any, Json], Any]
    needs: str = ""
    key: str = "created_at"  # by which the rows are ordered, newest first unless `oldest_first` says so
    oldest_first: Callable[[Json], bool] = lambda arguments: False
    most: int = 100
    usual: int = 25
    default: str = ""  # the fields of its rows, where they differ from those of the node read alone
    summary: Callable[[Call, Any, Json], Json] | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """known: fields that exist on the platform and are never filled here; anything else is refused as nonexistent."""

    name: str
    default: str
    fields: dict[str, Value]
    edges: dict[str, Edge] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    needs: str = ""
    lookups: dict[str, Callable[[Call, Any, Asked], Any]] = field(default_factory=dict)  # fields that take arguments


def read(call: Call, node: Node, thing: Any) -> Json:
    return show(call, node, thing, parse(str(call.params.get("fields") or node.default)))


def show(call: Call, node: Node, thing: Any, asked: Sequence[Asked]) -> Json:
    shown: Json = {}
    for each in asked or parse(node.default):
        value = _value(call, node, thing, each)
        if value is not None:
            shown[each.key] = value
    if "id" in node.fields:
        shown.setdefault("id", node.fields["id"](call, thing))
    return shown


def _value(call: Call, node: Node, thing: Any, asked: Asked) -> Any:
    if edge := node.edges.get(asked.name):
        found = listed(call, edge, thing, asked.arguments, asked.inner, name=asked.name)
        # An empty list below a node is left out, unless its summary was asked for.
        return found if found["data"] or "summary" in found else None
    if lookup := node.lookups.get(asked.name):
        return lookup(call, thing, asked)
    if asked.name in node.fields:
        return picked(node.fields[asked.name](call, thing), asked.inner)
    if asked.name in node.known:
        return None
    raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({asked.name}) on node type ({node.name})")


def listed(call: Call, edge: Edge, thing: Any, arguments: Json, inner: Sequence[Asked] = (), *, name: str = "") -> Json:
    """One page of an edge, whether asked for as a field or by its own address."""
    node, rows = edge.of(), edge.rows(call, thing, arguments)
    wanted = inner or parse(str(arguments.get("fields") or edge.default or node.default))
    page = paging.cut(rows, arguments, key=edge.key, oldest_first=edge.oldest_first(arguments), usual=edge.usual, most=edge.most)
    found: Json = {"data": [show(call, node, row, wanted) for row in page.rows]}
    if page.cursors:
        below = "" if call.node is thing and call.edge == name else f"{node_id(call, thing)}/{name}"
        found["paging"] = paging.shown(call, page, arguments, below, str(arguments.get("fields") or _text(inner)))
    if edge.summary and "summary" in arguments:
        found["summary"] = edge.summary(call, rows, arguments)
    return found


def node_id(call: Call, thing: Any) -> str:
    return str(getattr(thing, "thread_id", "") or thing.external_id)


def _text(asked: Sequence[Asked]) -> str:
    return ",".join(each.name + (f"{{{_text(each.inner)}}}" if each.inner else "") for each in asked)
