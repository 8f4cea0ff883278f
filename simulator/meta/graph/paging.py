"""Pages of a list by an opaque cursor: it names the row it stands behind, so that what is new shifts nothing."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from simulator import options
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.wire import Json

GAP = "gap|"  # a cursor whose page was answered empty once already


@dataclass(frozen=True, slots=True)
class Cut:
    rows: Sequence[Any]
    cursors: Json
    more: bool
    limit: int


def cut(rows: QuerySet[Any], arguments: Json, *, key: str, oldest_first: bool, usual: int, most: int) -> Cut:
    """Newest first unless told otherwise; at most `most` rows."""
    limit = min(_limit(arguments, usual), most)
    cursor = _read(str(arguments.get("after") or ""))
    if _first_time(cursor) and options.get("graph_empty_pages"):
        return Cut([], {"before": write(GAP + cursor), "after": write(GAP + cursor)}, True, limit)
    cursor = cursor.removeprefix(GAP)
    behind = _behind(rows, cursor, key, oldest_first) if cursor else rows
    order = tuple(name if oldest_first else f"-{name}" for name in dict.fromkeys((key, "pk")))
    found = list(behind.order_by(*order)[: limit + 1])
    chosen = found[:limit]
    cursors = {"before": write(_mark(chosen[0], key)), "after": write(_mark(chosen[-1], key))} if chosen else {}
    return Cut(chosen, cursors, len(found) > limit, limit)


def _first_time(cursor: str) -> bool:
    return bool(cursor) and not cursor.startswith(GAP)


def _limit(arguments: Json, usual: int) -> int:
    given = str(arguments["limit"]) if arguments.get("limit") not in (None, "") else str(usual)
    if not given.isdecimal():
        raise GraphError(100, message="(#100) Param limit must be a non-negative integer")
    return int(given)


def _mark(row: Any, key: str) -> str:
    return f"{'' if key == 'pk' else getattr(row, key).isoformat()}|{row.pk}"


def _behind(rows: QuerySet[Any], cursor: str, key: str, oldest_first: bool) -> QuerySet[Any]:
    moment, _, pk = cursor.rpartition("|")
    side = "gt" if oldest_first else "lt"
    try:
        if key == "pk":
            return rows.filter(**{f"pk__{side}": int(pk)})
        at = datetime.fromisoformat(moment)
        return rows.filter(Q(**{f"{key}__{side}": at}) | Q(**{key: at, f"pk__{side}": int(pk)}))
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid cursors values") from error


def write(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid cursors values") from error


def shown(call: Call, cut: Cut, arguments: Json, below: str, fields: str) -> Json:
    """below: the list's own address, where it was asked for as a field of something else."""
    paging: Json = {"cursors": cut.cursors}
    if not cut.more:
        return paging
    query = {name: value for name, value in arguments.items() if name not in ("after", "as", "access_token", "appsecret_proof")}
    query |= {"fields": fields} if fields else {}
    # Graph repeats the token here: whoever logs or stores this address has given it away.
    query |= {"access_token": call.token.value} if call.token else {}
    query |= {"limit": str(cut.limit), "after": cut.cursors["after"]}
    path = f"/{call.version}/{below}" if below else call.request.path
    paging["next"] = call.request.build_absolute_uri(f"{path}?{urlencode(query)}")
    return paging


def paged(call: Call, rows: Sequence[Any], show: Callable[[Any], Json], *, default: str, most: int = 100) -> Json:
    """A page of plain things that are no rows of a queryset: the cursor counts."""
    limit, start = max(1, min(_limit(call.params, 25), most)), int(_read(str(call.params.get("after") or "")) or 0)
    chosen = rows[start : start + limit]
    if not chosen:
        return {"data": []}
    cursors = {"before": write(str(start)), "after": write(str(start + limit))}
    found: Json = {"data": [call.pick(show(row), default) for row in chosen]}
    return found | {"paging": shown(call, Cut(chosen, cursors, start + limit < len(rows), limit), call.params, "", "")}
