"""What the list shows: its views, one page of one of them, and how many there are of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    ExpressionWrapper,
    Max,
    QuerySet,
    SmallIntegerField,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import clock, platforms
from inbox.desk import concerns, lines
from inbox.desk.concerns import Concern
from inbox.desk.lines import Line
from inbox.desk.places import Place, as_row, read_token, token
from inbox.desk.search.asked import clean, points_to_somebody
from inbox.models import Conversation, Rank, ResponsePolicy, prepared
from inbox.models.conversations import IN_ORDER, NEWEST
from inbox.models.prepared import Prepared

PAGE = 50


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
    concern: str = ""
    words: str = ""  # that are searched for: in all views at once, kept to a location alone
    refused: bool = False  # what was searched for pointed to somebody, and is not kept
    contact: int = 0  # whose conversations: in all views at once, kept to a location alone

    @classmethod
    def read(cls, query: QueryDict, locations: Iterable[Location]) -> Filters:
        names = ("view", "platform", "kind", "concern", "location")
        view, platform, kind, concern, slug = (query.get(name, "") for name in names)
        location = next((one for one in locations if one.slug == slug), None)
        if slug and location is None:
            raise Location.DoesNotExist
        words, refused = clean(query.get("q", "")), query.get("search") == "refused"
        if words or refused:
            refused |= points_to_somebody(words)
            return cls(location=location, words="" if refused else words, refused=refused)
        if contact := _key(query.get("contact", "")):
            return cls(location=location, contact=contact)
        return cls(
            view=View(view) if view in View.values else View.WAITING,
            location=location,
            platform=platform if platform in platforms.slugs() else "",
            kind=kind if kind in KINDS else "",
            concern=concern if concern in Concern.values else "",
        )

    def query(self, after: str = "", **changes: Any) -> str:
        """The query string of these filters, with some of them changed; "" for the plain inbox."""
        these = replace(self, **changes)
        if {"view", "platform", "kind", "concern"} & changes.keys():
            these = replace(these, words="", refused=False, contact=0)  # out of what shows all views at once
        query = QueryDict(mutable=True)
        if these.view != View.WAITING:
            query["view"] = these.view
        if these.location:
            query["location"] = these.location.slug
        if these.platform:
            query["platform"] = these.platform
        if these.kind:
            query["kind"] = these.kind
        if these.concern:
            query["concern"] = these.concern
        if these.words:
            query["q"] = these.words
        if these.refused:
            query["search"] = "refused"
        if these.contact:
            query["contact"] = str(these.contact)
        if after:
            query["after"] = after
        return f"?{query.urlencode()}" if query else ""

    def shape(self, membership: Membership) -> Shape:
        return Shape(prepared.kept_to(membership), bool(self.location), bool(self.platform), bool(self.kind), self.concern)

    def given(self, membership: Membership, now: datetime) -> dict[Any, Any]:
        """The real value of each stand-in of such a shape."""
        asked = {_LOCATION: self.location and self.location.pk, _PLATFORM: self.platform, _KIND: self.kind}
        # The resolution of the promise: due this very second is not late.
        return prepared.given(membership) | asked | {prepared.MOMENT: clock.whole(now)}

    @property
    def platform_label(self) -> str:
        return str(platforms.get(self.platform).label) if self.platform else ""

    @property
    def kind_label(self) -> str:
        return str(KINDS[Conversation.Kind(self.kind)]) if self.kind else ""

    @property
    def concern_label(self) -> str:
        return str(Concern(self.concern).label) if self.concern else ""

    @property
    def searching(self) -> bool:
        return bool(self.words) or self.refused

    @property
    def in_all_views(self) -> bool:
        return self.searching or bool(self.contact)

    @property
    def newest_first(self) -> bool:
        return self.view in NEWEST_FIRST


def _key(typed: str) -> int:
    """0 for whatever is none."""
    return int(typed) if re.fullmatch("[1-9][0-9]{0,17}", typed) else 0


_LOCATION, _PLATFORM, _KIND = prepared.key(3), ":platform", ":kind"


class Shape(NamedTuple):
    """What the text of a question about the list depends on."""

    kept_to: int | None  # as prepared.kept_to says
    location: bool
    platform: bool
    kind: bool
    concern: str

    def stand_ins(self) -> tuple[Membership, Filters]:
        location = Location(pk=_LOCATION) if self.location else None
        platform, kind = _PLATFORM if self.platform else "", _KIND if self.kind else ""
        filters = Filters(location=location, platform=platform, kind=kind, concern=self.concern)
        return prepared.stand_in(self.kept_to), filters


def narrowed(membership: Membership, filters: Filters) -> QuerySet[Conversation]:
    return within(Conversation.objects.visible_to(membership), filters)


def within(rows: QuerySet[Conversation], filters: Filters) -> QuerySet[Conversation]:
    if filters.location:
        rows = rows.filter(location=filters.location)
    if filters.platform:
        rows = rows.filter(platform=filters.platform)
    if filters.concern:
        rows = rows.filter(concerns.of(filters.concern))
    return rows.filter(kind=filters.kind) if filters.kind else rows


def of_view(rows: QuerySet[Conversation], view: View, membership: Membership, moment: datetime) -> QuerySet[Conversation]:
    match view:
        case View.OVERDUE:
            return _due_by(rows.overdue(moment), Value(moment, DateTimeField()))  # type: ignore[attr-defined]
        case View.NEARING:
            return _due_by(rows.nearing(moment), _latest_near(membership, moment))  # type: ignore[attr-defined]
        case View.MINE:
            return rows.waiting().filter(assignee=membership)  # type: ignore[attr-defined]
        case View.UNASSIGNED:
            return rows.waiting().filter(assignee=None)  # type: ignore[attr-defined]
        case View.ANSWERED:
            return rows.answered()  # type: ignore[attr-defined]
        case View.CLOSED:
            return rows.closed()  # type: ignore[attr-defined]
    return rows.waiting()  # type: ignore[attr-defined]


def _due_by(rows: QuerySet[Conversation], moment: Value | ExpressionWrapper) -> QuerySet[Conversation]:
    """Those due by a moment. Said once more in the order of the index, which is read no further than there."""
    end = as_row(Value(Rank.NONE.value, SmallIntegerField()), moment)
    return rows.filter(LessThanOrEqual(as_row("urgency", "due_at"), end), due_at__lte=moment)


def _latest_near(membership: Membership, moment: datetime) -> ExpressionWrapper:
    """When the last of those that are near now can be due: within the longest warning of any policy."""
    longest = Max(Cast(KeyTextTransform("0", "warn_seconds"), BigIntegerField()))
    policies = ResponsePolicy.objects.filter(organization=membership.organization_id).order_by().values("organization")
    seconds = Subquery(policies.annotate(longest=longest).values("longest"))
    return ExpressionWrapper(Value(moment, DateTimeField()) + seconds * Value(timedelta(seconds=1)), DateTimeField())


# --- one page ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    first: bool
    next: str  # the token of the page after this one; "" when this is the last


def page(membership: Membership, filters: Filters, *, after: str, now: datetime) -> Page:
    place = read_token(after)
    question = _page(filters.shape(membership), filters.view, PAGE + 1, is_further=place is not None)
    given = filters.given(membership, now) | (_given_place(place) if place else {})
    found = [Line.of(columns) for columns in question.ask(given)]
    more = len(found) > PAGE
    return Page(found[:PAGE], first=place is None, next=write_token(found[PAGE - 1], filters) if more else "")


@cache
def _page(shape: Shape, view: View, at_most: int, *, is_further: bool) -> Prepared:
    member, filters = shape.stand_ins()
    newest_first = view in NEWEST_FIRST
    rows = of_view(narrowed(member, filters), view, member, prepared.MOMENT)
    if is_further:
        rows = rows.filter(_beyond(_PLACE, newest_first=newest_first))
    rows = rows.order_by(*(NEWEST if newest_first else IN_ORDER))
    return Prepared.of(lines.columns(rows, ended=newest_first)[:at_most])


_PLACE = Place(30_000, datetime(3, 1, 1, tzinfo=UTC), prepared.key(4))


def _given_place(place: Place) -> dict[Any, Any]:
    return {_PLACE.urgency: place.urgency, -_PLACE.urgency: -place.urgency, _PLACE.at: place.at, _PLACE.pk: place.pk}


def _beyond(place: Place, *, newest_first: bool) -> GreaterThan | LessThan:
    """Compares whole rows, as that alone is one range of the index; written out with OR it reads all that lies before."""
    urgency, at = Value(place.urgency, SmallIntegerField()), Value(place.at, DateTimeField())
    pk = Value(place.pk, BigIntegerField())
    if newest_first:
        return LessThan(as_row(*(order.expression for order in NEWEST)), as_row(-urgency, at, pk))
    return GreaterThan(as_row(*IN_ORDER), as_row(urgency, at, pk))


def write_token(row: Line, filters: Filters) -> str:
    at = row.last_message_at if filters.newest_first or row.due_at is None else row.due_at
    return token(at, row.pk, row.urgency)
