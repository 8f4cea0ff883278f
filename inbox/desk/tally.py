"""How many conversations each view of the list holds: one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import Location, Membership
from inbox import platforms
from inbox.desk.queries import KINDS, Filters, Shape, View, narrowed, of_view
from inbox.models import Channel, Conversation, SafetyCase
from inbox.models.prepared import MOMENT, Prepared

COUNTED = 100  # one more than is shown: a count costs the same at any size


@dataclass(frozen=True, slots=True)
class Tally:
    views: dict[str, int]
    locations: dict[int, int]
    platforms: dict[str, int]
    kinds: dict[str, int]
    safety: int  # cases with which somebody has something to do
    pages: frozenset[str]  # platforms on which the organization has or had a page


def tally(membership: Membership, filters: Filters, locations: Iterable[Location], now: datetime) -> Tally:
    """How many of each view within the filters, and how many wait at each location, on each platform, of each kind. One query."""
    places = [place.pk for place in locations]
    given = filters.given(membership, now) | {_PLACES: places, _SLUGS: platforms.slugs(), _KINDS: list(KINDS)}
    question = _question(filters.shape(membership), COUNTED)
    ((*views, safety, of_places, of_platforms, of_kinds, pages),) = question.ask(given)
    return Tally(
        views=dict(zip(View, views, strict=True)),
        locations=dict(zip(places, of_places or [], strict=True)),
        platforms=dict(zip(platforms.slugs(), of_platforms, strict=True)),
        kinds=dict(zip(KINDS, of_kinds, strict=True)),
        safety=safety,
        pages=frozenset(pages or ()),
    )


# --- the statement -------------------------------------------------------------------------------------

_PLACES, _SLUGS, _KINDS = ":places", ":slugs", ":kinds"


@cache
def _question(shape: Shape, at_most: int) -> Prepared:
    member, filters = shape.stand_ins()
    waiting = narrowed(member, Filters()).waiting()  # type: ignore[attr-defined]
    asked = [_capped(of_view(narrowed(member, filters), view, member, MOMENT), at_most) for view in View]
    asked.append(_capped(_safety(member, filters), at_most))
    # These locations are the member's own, and the location alone is what its index begins with.
    asked.append(_capped_of_each(Conversation.objects.waiting(), "location", _PLACES, "bigint", at_most))
    asked.append(_capped_of_each(waiting, "platform", _SLUGS, "text", at_most))
    asked.append(_capped_of_each(waiting, "kind", _KINDS, "text", at_most))
    asked.append(_pages(member))
    return Prepared(f"SELECT {', '.join(sql for sql, _ in asked)}", tuple(value for _, values in asked for value in values))


def _safety(member: Membership, filters: Filters) -> QuerySet[SafetyCase]:
    """At a location, whatever the platform and the kind, as its page shows them."""
    rows = SafetyCase.objects.visible_to(member).open()
    return rows.filter(message__conversation__location=filters.location) if filters.location else rows


Sql = tuple[str, list[Any]]  # made by the ORM, with its parameters beside it


def _capped(rows: QuerySet[Any], at_most: int) -> Sql:
    sql, values = rows.order_by().values_list(Value(1))[:at_most].query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS capped)", list(values)  # noqa: S608


def _capped_of_each(rows: QuerySet[Conversation], field: str, keys: str, of_type: str, at_most: int) -> Sql:
    """An array, in the order of the keys: one statement for all of them."""
    count, values = _capped(rows.filter(**{field: RawSQL("each.key", ())}), at_most)
    each = f"unnest(%s::{of_type}[]) WITH ORDINALITY AS each (key, n)"
    return f"(SELECT array_agg({count} ORDER BY n) FROM {each})", [*values, keys]  # noqa: S608


def _pages(member: Membership) -> Sql:
    rows = Channel.objects.filter(organization=member.organization_id).order_by().values_list("platform").distinct()
    sql, values = rows.query.sql_with_params()
    return f"ARRAY({sql})", list(values)
