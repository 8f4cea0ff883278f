"""What the list shows: its views, one page of one of them, and how many there are of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    Func,
    Max,
    OuterRef,
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
from inbox.desk.timer import FIELDS
from inbox.models import Conversation, Rank, ResponsePolicy, Wait
from inbox.models.conversations import IN_ORDER, NEWEST

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
    end = _row(Value(Rank.NONE.value, SmallIntegerField()), moment)
    return rows.filter(LessThanOrEqual(_row("urgency", "due_at"), end), due_at__lte=moment)


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
    rows = with_last_wait(rows).order_by(*NEWEST) if filters.newest_first else rows.order_by(*IN_ORDER)
    place = read_token(after)
    if place:
        rows = rows.filter(_beyond(place, newest_first=filters.newest_first))
    found = list(rows[: PAGE + 1])
    places = {place.pk: place for place in membership.places}  # asked for already: not once more with each row
    for row in found:
        if row.location_id in places:
            row.location = places[row.location_id]
    more = len(found) > PAGE
    return Page(found[:PAGE], first=place is None, next=write_token(found[PAGE - 1], filters) if more else "")


class Place(NamedTuple):
    """Where a row stands in a view: how urgent it is, then when it is due or was last written in."""

    urgency: int
    at: datetime
    pk: int


def _beyond(place: Place, *, newest_first: bool) -> GreaterThan | LessThan:
    """Compares whole rows, as that alone is one range of the index; written out with OR it reads all that lies before."""
    urgency, at = Value(place.urgency, SmallIntegerField()), Value(place.at, DateTimeField())
    pk = Value(place.pk, BigIntegerField())
    if newest_first:
        return LessThan(_row(*(order.expression for order in NEWEST)), _row(-urgency, at, pk))
    return GreaterThan(_row(*IN_ORDER), _row(urgency, at, pk))


def _row(*columns: Any) -> Func:
    return Func(*columns, function="ROW", output_field=BooleanField())


def with_last_wait(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """How the last wait ended, for conversations in which nobody waits any more."""
    last = Wait.objects.filter(conversation=OuterRef("pk")).order_by("-started_at", "-pk")
    return rows.annotate(**{f"last_{field}": Subquery(last.values(field)[:1]) for field in FIELDS})


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"([0-9])-([0-9a-f]{1,14})-([0-9a-f]{1,15})")


def write_token(row: Conversation, filters: Filters) -> str:
    at = row.last_message_at if filters.newest_first or row.due_at is None else row.due_at
    return f"{row.urgency}-{_microseconds(at)}-{row.pk:x}"


def read_token(token: str) -> Place | None:
    """The place a token names, or None: whatever is not a token of ours means the first page."""
    match = _TOKEN.fullmatch(token)
    if not match:
        return None
    try:
        return Place(int(match[1]), _EPOCH + timedelta(microseconds=int(match[2], 16)), int(match[3], 16))
    except OverflowError:
        return None


def _microseconds(at: datetime) -> str:
    return f"{(at - _EPOCH) // timedelta(microseconds=1):x}"
