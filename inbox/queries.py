"""What the list shows: its views, one page of one of them, and how many there are of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    Func,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import clock, platforms
from inbox.models import Conversation, ResponsePolicy, Wait
from inbox.timer import FIELDS

PAGE = 50
COUNTED = 1000  # one more than is shown: a count costs the same at any size


class View(TextChoices):
    WAITING = "waiting", _("Needs an answer")
    OVERDUE = "overdue", _("Overdue")
    NEARING = "nearing", _("Due soon")
    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


NEWEST_FIRST = {View.ANSWERED, View.CLOSED}

# In the plural, as the list calls them.
KINDS = {
    Conversation.Kind.COMMENT: _("Comments"),
    Conversation.Kind.MESSAGE: _("Private messages"),
    Conversation.Kind.REVIEW: _("Reviews"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the query string asks for. Unknown words are the default; a location that one may not see is not there."""

    view: View = View.WAITING
    location: Location | None = None
    platform: str = ""
    kind: str = ""

    @classmethod
    def read(cls, query: QueryDict, locations: Iterable[Location]) -> Filters:
        view, platform, kind, slug = (query.get(name, "") for name in ("view", "platform", "kind", "location"))
        location = next((one for one in locations if one.slug == slug), None)
        if slug and location is None:
            raise Location.DoesNotExist
        return cls(
            view=View(view) if view in View.values else View.WAITING,
            location=location,
            platform=platform if platform in platforms.slugs() else "",
            kind=kind if kind in KINDS else "",
        )

    def query(self, after: str = "", **changes: Any) -> str:
        """The query string of these filters, with some of them changed; "" for the plain inbox."""
        these = replace(self, **changes)
        query = QueryDict(mutable=True)
        if these.view != View.WAITING:
            query["view"] = these.view
        if these.location:
            query["location"] = these.location.slug
        if these.platform:
            query["platform"] = these.platform
        if these.kind:
            query["kind"] = these.kind
        if after:
            query["after"] = after
        return f"?{query.urlencode()}" if query else ""

    @property
    def platform_label(self) -> str:
        return str(platforms.get(self.platform).label) if self.platform else ""

    @property
    def kind_label(self) -> str:
        return str(KINDS[Conversation.Kind(self.kind)]) if self.kind else ""

    @property
    def newest_first(self) -> bool:
        return self.view in NEWEST_FIRST


def narrowed(membership: Membership, filters: Filters) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(membership)
    if filters.location:
        rows = rows.filter(location=filters.location)
    if filters.platform:
        rows = rows.filter(platform=filters.platform)
    return rows.filter(kind=filters.kind) if filters.kind else rows


def of_view(rows: QuerySet[Conversation], view: View, membership: Membership, now: datetime) -> QuerySet[Conversation]:
    moment = clock.whole(now)  # the resolution of the promise: due this very second is not late
    match view:
        case View.OVERDUE:
            return rows.overdue(moment)  # type: ignore[attr-defined]
        case View.NEARING:
            # Also by due time, as that is what the index knows: else every wait that is not yet near would be read.
            return rows.nearing(moment).filter(due_at__lte=_latest_near(membership, moment))  # type: ignore[attr-defined]
        case View.MINE:
            return rows.waiting().filter(assignee=membership)  # type: ignore[attr-defined]
        case View.UNASSIGNED:
            return rows.waiting().filter(assignee=None)  # type: ignore[attr-defined]
        case View.ANSWERED:
            return rows.answered()  # type: ignore[attr-defined]
        case View.CLOSED:
            return rows.closed()  # type: ignore[attr-defined]
    return rows.waiting()  # type: ignore[attr-defined]


def _latest_near(membership: Membership, moment: datetime) -> ExpressionWrapper:
    """When the last of those that are near now can be due: within the longest warning of any policy."""
    longest = Max(Cast(KeyTextTransform("0", "warn_seconds"), BigIntegerField()))
    policies = ResponsePolicy.objects.filter(organization=membership.organization_id).order_by().values("organization")
    seconds = Subquery(policies.annotate(longest=longest).values("longest"))
    return ExpressionWrapper(Value(moment, DateTimeField()) + seconds * Value(timedelta(seconds=1)), DateTimeField())


# --- one page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Conversation]
    first: bool
    next: str  # the token of the page after this one; "" when this is the last


def page(membership: Membership, filters: Filters, *, after: str, now: datetime) -> Page:
    rows = of_view(narrowed(membership, filters), filters.view, membership, now).for_list()  # type: ignore[attr-defined]
    place = read_token(after)
    rows = with_last_wait(rows).order_by("-last_message_at", "-pk") if filters.newest_first else rows.order_by("due_at", "pk")
    if place:
        rows = rows.filter(_beyond(place, newest_first=filters.newest_first))
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    last = found[:PAGE][-1] if more else None
    at = last and (last.last_message_at if filters.newest_first else last.due_at)
    return Page(found[:PAGE], first=place is None, next=write_token(at, last.pk) if last and at else "")


def _beyond(place: tuple[datetime, int], *, newest_first: bool) -> GreaterThan | LessThan:
    """Compares whole rows, as that alone is one range of the index; written out with OR it reads all that lies before."""
    column = "last_message_at" if newest_first else "due_at"
    key = Func(column, "pk", function="ROW", output_field=BooleanField())
    at, pk = Value(place[0], DateTimeField()), Value(place[1], BigIntegerField())
    row = Func(at, pk, function="ROW", output_field=BooleanField())
    return LessThan(key, row) if newest_first else GreaterThan(key, row)


def with_last_wait(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """How the last wait ended, for conversations in which nobody waits any more."""
    last = Wait.objects.filter(conversation=OuterRef("pk")).order_by("-started_at", "-pk")
    return rows.annotate(**{f"last_{field}": Subquery(last.values(field)[:1]) for field in FIELDS})


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"([0-9a-f]{1,14})-([0-9a-f]{1,15})")


def write_token(at: datetime, pk: int) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1):x}-{pk:x}"


def read_token(token: str) -> tuple[datetime, int] | None:
    """The place a token names, or None: whatever is not a token of ours means the first page."""
    match = _TOKEN.fullmatch(token)
    if not match:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(match[1], 16)), int(match[2], 16)
    except OverflowError:
        return None


# --- how many --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    views: dict[str, int]
    locations: dict[int, int]
    platforms: dict[str, int]
    kinds: dict[str, int]


def counts(membership: Membership, filters: Filters, locations: Iterable[Location], now: datetime) -> Counts:
    """How many of each view within the filters, and how many wait at each location, on each platform, of each kind. One query."""
    waiting = narrowed(membership, Filters()).waiting()  # type: ignore[attr-defined]
    places = [place.pk for place in locations]
    asked = [_capped(of_view(narrowed(membership, filters), view, membership, now)) for view in View]
    # These locations are the member's own, and the location alone is what its index begins with.
    asked.append(_capped_of_each(Conversation.objects.waiting(), "location", places, "bigint"))
    asked.append(_capped_of_each(waiting, "platform", platforms.slugs(), "text"))
    asked.append(_capped_of_each(waiting, "kind", list(KINDS), "text"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _ in asked)}", [value for _, values in asked for value in values])
        *views, of_places, of_platforms, of_kinds = cursor.fetchone()
    return Counts(
        views=dict(zip(View, views, strict=True)),
        locations=dict(zip(places, of_places or [], strict=True)),
        platforms=dict(zip(platforms.slugs(), of_platforms, strict=True)),
        kinds=dict(zip(KINDS, of_kinds, strict=True)),
    )


Sql = tuple[str, list[Any]]  # made by the ORM, with its parameters beside it


def _capped(rows: QuerySet[Conversation]) -> Sql:
    sql, values = rows.order_by().values_list(Value(1))[:COUNTED].query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS capped)", list(values)  # noqa: S608


def _capped_of_each(rows: QuerySet[Conversation], field: str, keys: list[Any], of_type: str) -> Sql:
    """An array, in the order of the keys. One statement for all of them: making it costs more than running it."""
    count, values = _capped(rows.filter(**{field: RawSQL("each.key", ())}))
    each = f"unnest(%s::{of_type}[]) WITH ORDINALITY AS each (key, n)"
    return f"(SELECT array_agg({count} ORDER BY n) FROM {each})", [*values, keys]  # noqa: S608
