"""A conversation's line in the list: its columns, and nothing else of it."""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from inbox.desk.halves import half
from inbox.models import Conversation, Wait

_OF_LAST_WAIT = ("started_at", "warn_at", "due_at", "ended_at", "outcome")  # as much as a timer needs
_IS_BLOCKED = ExpressionWrapper(~Q(channel__problem="") | Q(channel__disconnected_at__isnull=False), BooleanField())


class Piece(NamedTuple):
    text: str
    marked: bool


class Excerpt(NamedTuple):
    """Of a message that was searched for, masked; what was meant is marked."""

    message: int
    ours: bool
    name: tuple[Piece, ...]  # of its author, where something in it is marked
    pieces: tuple[Piece, ...]


class Line(NamedTuple):
    """Two that are equal show the same, but for the time."""

    pk: int
    place: str
    platform: str
    kind: str
    name: str | None
    phone: str | None
    assignee: str | None
    assignee_email: str | None
    preview: str
    rating: str
    unpublished: bool
    waiting_count: int
    badge_elsewhere: bool  # the gravest stands on another message than the one whose words are shown
    urgency: int
    waiting_since: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    last_message_at: datetime
    blocked: bool  # nothing can be sent from its page
    half: int | None  # the conversation in which the person goes on in private, or began in public
    badges: tuple[str, ...]  # gravest first
    last: tuple[Any, ...] = ()  # of _OF_LAST_WAIT, where nobody waits any more
    found: Excerpt | None = None  # where the list shows what was searched for

    @classmethod
    def of(cls, columns: tuple[Any, ...]) -> Self:
        *plain, badges = columns[:_WIDTH]
        return cls._make((*plain, tuple(badges), columns[_WIDTH:], None))


_COLUMNS = (  # as Line names them, one by one
    *("pk", "location__short_name", "platform", "kind", "contact__name", "contact__phone"),
    *("assignee__user__name", "assignee__user__email", "preview", "rating", "unpublished", "waiting_count", "badge_elsewhere"),
    *("urgency", "waiting_since", "warn_at", "due_at", "last_message_at", "blocked", "half", "badges"),
)
_WIDTH = len(_COLUMNS)


def columns(rows: QuerySet[Conversation], *, ended: bool) -> QuerySet[Conversation, tuple[Any, ...]]:
    """ended: whether nobody waits there, so that the last wait is to be shown."""
    last = Wait.objects.filter(conversation=OuterRef("pk")).order_by("-started_at", "-pk")
    how = [Subquery(last.values(field)[:1]) for field in _OF_LAST_WAIT] if ended else []
    return rows.annotate(half=half(), blocked=_IS_BLOCKED).values_list(*_COLUMNS, *how)
