"""How many conversations each view of the list holds: one statement, which the ORM writes once for each shape of the question.

Writing it takes longer than running it, and the list asks at every look. So it is written for stand-ins, and their values are
put in their places each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

from accounts.models import Location, Membership
from inbox import clock, platforms
from inbox.desk.queries import KINDS, Filters, View, narrowed, of_view
from inbox.models import Conversation, SafetyCase

COUNTED = 1000  # one more than is shown: a count costs the same at any size


@dataclass(frozen=True, slots=True)
class Tally:
    views: dict[str, int]
    locations: dict[int, int]
    platforms: dict[str, int]
    kinds: dict[str, int]
    safety: int  # cases with which somebody has something to do


def tally(membership: Membership, filters: Filters, locations: Iterable[Location], now: datetime) -> Tally:
    """How many of each view within the filters, and how many wait at each location, on each platform, of each kind. One query."""
    places = [place.pk for place in locations]
    # Who is kept to no location at all is kept to one that does not exist: the statement stays one statement.
    kept_to = None if membership.all_locations else membership.location_ids() or [0]
    shape = Shape(
        None if kept_to is None else len(kept_to), bool(filters.location), bool(filters.platform), bool(filters.kind), COUNTED
    )
    sql, parameters = _statement(shape)
    given = _given(membership, filters, kept_to or [], clock.whole(now)) | {
        _PLACES: places,
        _SLUGS: platforms.slugs(),
        _KINDS: list(KINDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(each, each) for each in parameters])
        *views, safety, of_places, of_platforms, of_kinds = cursor.fetchone()
    return Tally(
        views=dict(zip(View, views, strict=True)),
        locations=dict(zip(places, of_places or [], strict=True)),
        platforms=dict(zip(platforms.slugs(), of_platforms, strict=True)),
        kinds=dict(zip(KINDS, of_kinds, strict=True)),
        safety=safety,
    )


# --- the statement -------------------------------------------------------------------------------------

# Values that no row has: where they stand in the statement, the real ones go.
_ORGANIZATION, _MEMBER, _LOCATION, _FIRST_PLACE = -1, -2, -3, -10
_PLATFORM, _KIND, _PLACES, _SLUGS, _KINDS = ":platform", ":kind", ":places", ":slugs", ":kinds"
_MOMENT = datetime(1, 1, 1, tzinfo=UTC)


class Shape(NamedTuple):
    """What the text of the statement depends on."""

    kept_to: int | None  # how many locations the member is kept to; None: all
    location: bool
    platform: bool
    kind: bool
    at_most: int


def _given(membership: Membership, filters: Filters, kept_to: list[int], moment: datetime) -> dict[Any, Any]:
    """The real value of each stand-in."""
    return {
        _ORGANIZATION: membership.organization_id,
        _MEMBER: membership.pk,
        _LOCATION: filters.location and filters.location.pk,
        _PLATFORM: filters.platform,
        _KIND: filters.kind,
        _MOMENT: moment,
    } | {_FIRST_PLACE - n: pk for n, pk in enumerate(kept_to)}


@cache
def _statement(shape: Shape) -> tuple[str, list[Any]]:
    """The text, and its parameters with stand-ins among them."""
    member = Membership(pk=_MEMBER, organization_id=_ORGANIZATION, all_locations=shape.kept_to is None)
    member.places = [Location(pk=_FIRST_PLACE - n) for n in range(shape.kept_to or 0)]
    filters = Filters(
        location=Location(pk=_LOCATION) if shape.location else None,
        platform=_PLATFORM if shape.platform else "",
        kind=_KIND if shape.kind else "",
    )
    waiting = narrowed(member, Filters()).waiting()  # type: ignore[attr-defined]
    asked = [_capped(of_view(narrowed(member, filters), view, member, _MOMENT), shape) for view in View]
    asked.append(_capped(_safety(member, filters), shape))
    # These locations are the member's own, and the location alone is what its index begins with.
    asked.append(_capped_of_each(Conversation.objects.waiting(), "location", _PLACES, "bigint", shape))
    asked.append(_capped_of_each(waiting, "platform", _SLUGS, "text", shape))
    asked.append(_capped_of_each(waiting, "kind", _KINDS, "text", shape))
    return f"SELECT {', '.join(sql for sql, _ in asked)}", [value for _, values in asked for value in values]


def _safety(member: Membership, filters: Filters) -> QuerySet[SafetyCase]:
    """At a location, whatever the platform and the kind, as its page shows them."""
    rows = SafetyCase.objects.visible_to(member).open()
    return rows.filter(message__conversation__location=filters.location) if filters.location else rows


Sql = tuple[str, list[Any]]  # made by the ORM, with its parameters beside it


def _capped(rows: QuerySet[Any], shape: Shape) -> Sql:
    sql, values = rows.order_by().values_list(Value(1))[: shape.at_most].query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS capped)", list(values)  # noqa: S608


def _capped_of_each(rows: QuerySet[Conversation], field: str, keys: str, of_type: str, shape: Shape) -> Sql:
    """An array, in the order of the keys: one statement for all of them."""
    count, values = _capped(rows.filter(**{field: RawSQL("each.key", ())}), shape)
    each = f"unnest(%s::{of_type}[]) WITH ORDINALITY AS each (key, n)"
    return f"(SELECT array_agg({count} ORDER BY n) FROM {each})", [*values, keys]  # noqa: S608
