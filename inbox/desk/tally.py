"""How many conversations each view of the list holds: one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import Location, Membership
from inbox import platforms
from inbox.desk import concerns
from inbox.desk.concerns import Concern
from inbox.desk.queries import KINDS, Filters, Shape, View, narrowed, of_view, within
from inbox.models import Channel, Conversation, SafetyCase
from inbox.models.prepared import MOMENT, Prepared

COUNTED = 100  # one more than is shown: a count costs the same at any size


@dataclass(frozen=True, slots=True)
class Tally:
    """None: not counted. Of what is over only a whole view is, as it has an index of its own."""

    views: dict[str, int]
    locations: dict[int, int | None]
    platforms: dict[str, int | None]
    kinds: dict[str, int | None]
    concerns: dict[str, int | None]
    safety: int  # cases with which somebody has something to do
    pages: frozenset[str]  # platforms on which one's own locations have or had a page


def tally(membership: Membership, filters: Filters, locations: Iterable[Location], now: datetime) -> Tally:
    """How many one would see of each view, and in this one at each location, on each platform, of each kind and concern; each
    within the other filters. One query.
    """
    places = [place.pk for place in locations]
    given = filters.given(membership, now) | {_PLACES: places, _SLUGS: platforms.slugs(), _KINDS: list(KINDS)}
    question = _question(filters.shape(membership), None if filters.newest_first else filters.view, COUNTED)
    ((*views, safety, of_places, of_platforms, of_kinds, of_concerns, pages),) = question.ask(given)
    return Tally(
        views=dict(zip(View, views, strict=True)),
        locations=dict(zip(places, of_places or [None] * len(places), strict=True)),
        platforms=dict(zip(platforms.slugs(), of_platforms or [None] * len(platforms.slugs()), strict=True)),
        kinds=dict(zip(KINDS, of_kinds or [None] * len(KINDS), strict=True)),
        concerns=dict(zip(Concern.values, of_concerns or [None] * len(Concern), strict=True)),
        safety=safety,
        pages=frozenset(pages or ()),
    )


# --- the statement -------------------------------------------------------------------------------------

_PLACES, _SLUGS, _KINDS = ":places", ":slugs", ":kinds"


@cache
def _question(shape: Shape, shown: View | None, at_most: int) -> Prepared:
    """shown: the view in which one would see them; None where they are not counted."""
    member, filters = shape.stand_ins()
    asked = [_capped(of_view(narrowed(member, filters), view, member, MOMENT), at_most) for view in View]
    asked.append(_capped(_safety(member, filters), at_most))
    # These locations are the member's own, and the location alone is what its index begins with.
    anywhere = within(Conversation.objects.all(), replace(filters, location=None))
    on_any, of_any = narrowed(member, replace(filters, platform="")), narrowed(member, replace(filters, kind=""))
    for rows, field, keys, of_type in (
        (anywhere, "location", _PLACES, "bigint"),
        (on_any, "platform", _SLUGS, "text"),
        (of_any, "kind", _KINDS, "text"),
    ):
        seen = of_view(rows, shown, member, MOMENT) if shown else None
        asked.append(_NOT_COUNTED if seen is None else _capped_of_each(seen, field, keys, of_type, at_most))
    of_whatever = narrowed(member, replace(filters, concern=""))
    asked.append(_of_concerns(of_view(of_whatever, shown, member, MOMENT), at_most) if shown else _NOT_COUNTED)
    asked.append(_pages(member))
    return Prepared(f"SELECT {', '.join(sql for sql, _ in asked)}", tuple(value for _, values in asked for value in values))


def _safety(member: Membership, filters: Filters) -> QuerySet[SafetyCase]:
    """At a location, whatever the platform and the kind, as its page shows them."""
    rows = SafetyCase.objects.visible_to(member).open()
    return rows.filter(message__conversation__location=filters.location) if filters.location else rows


Sql = tuple[str, list[Any]]  # made by the ORM, with its parameters beside it
_NOT_COUNTED: Sql = ("NULL", [])


def _capped(rows: QuerySet[Any], at_most: int) -> Sql:
    sql, values = rows.order_by().values_list(Value(1))[:at_most].query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS capped)", list(values)  # noqa: S608


def _capped_of_each(rows: QuerySet[Conversation], field: str, keys: str, of_type: str, at_most: int) -> Sql:
    """An array, in the order of the keys: one statement for all of them."""
    count, values = _capped(rows.filter(**{field: RawSQL("each.key", ())}), at_most)
    each = f"unnest(%s::{of_type}[]) WITH ORDINALITY AS each (key, n)"
    return f"(SELECT array_agg({count} ORDER BY n) FROM {each})", [*values, keys]  # noqa: S608


def _of_concerns(rows: QuerySet[Conversation], at_most: int) -> Sql:
    """An array, in the order of the concerns."""
    counts = [_capped(rows.filter(concerns.of(concern)), at_most) for concern in Concern]
    return f"ARRAY[{', '.join(sql for sql, _ in counts)}]", [value for _, values in counts for value in values]


def _pages(member: Membership) -> Sql:
    rows = Channel.objects.visible_to(member).order_by().values_list("platform").distinct()
    sql, values = rows.query.sql_with_params()
    return f"ARRAY({sql})", list(values)
