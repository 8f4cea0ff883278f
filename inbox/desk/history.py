"""What else a person said to us: the newest of it beside the conversation that is open, all of it in the list.

A person is who a platform knows on one page. Who asked to be forgotten is nobody any more, and where a platform does not say
that who writes again is the same, or told no more of them than a name, nothing is told: another person's words would stand there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, DateTimeField, Min, OuterRef, QuerySet, Value, Window
from django.db.models.lookups import LessThan

from accounts.models import Membership
from inbox import platforms
from inbox.desk import lines
from inbox.desk.lines import Line
from inbox.desk.places import Place, as_row, read_token, token
from inbox.desk.queries import PAGE, Filters, Page, narrowed
from inbox.desk.tally import COUNTED
from inbox.desk.timer import Timer
from inbox.models import Conversation, Crisis, SafetyCase
from inbox.models.contacts import NO_ID
from inbox.models.conversations import NEWEST_OF_ONE, shown_name
from inbox.screening.shown import words

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Other:
    conversation: Conversation
    badges: tuple[tuple[str, str], ...]  # label and colour, gravest first
    timer: Timer | None  # where they wait

    @classmethod
    def of(cls, conversation: Conversation, now: datetime) -> Self:
        return cls(conversation, words.short(_badges(conversation)), Timer.of_running(conversation, now))


@dataclass(frozen=True, slots=True)
class History:
    others: list[Other]  # the newest first
    count: int  # of all others, to one more than is shown
    since: datetime | None  # when the first of all began; None: there are more than are counted


def is_told(conversation: Conversation) -> bool:
    contact = conversation.contact
    return contact is not None and contact.is_known_by_id and platforms.get(conversation.platform).recognises


def of(conversation: Conversation, *, by: Membership, now: datetime) -> History | None:
    """What this member may see of it. One query, which reads no further than is counted."""
    if not is_told(conversation):
        return None
    theirs = Conversation.objects.visible_to(by).filter(contact=conversation.contact_id)
    newest = theirs.order_by(*NEWEST_OF_ONE).values("pk")[: COUNTED + 1]
    told = (
        Conversation.objects.filter(pk__in=newest)
        .select_related("location")
        .annotate(known=Window(Count("pk")), since=Window(Min("created_at")), dangers=_dangers(), cases=_cases())
    )
    rows = list(told.order_by(*NEWEST_OF_ONE)[: SHOWN + 1])
    if not rows:  # two contacts became one meanwhile
        return None
    others = [Other.of(row, now) for row in rows if row.pk != conversation.pk]
    return History(others[:SHOWN], rows[0].known - 1, rows[0].since if rows[0].known <= COUNTED else None)


def _dangers() -> ArraySubquery:
    """That there were, whatever became of them; but those that a person says were none."""
    seen = Crisis.objects.filter(conversation=OuterRef("pk")).exclude(ended=Crisis.Ended.REMOVED)
    return ArraySubquery(seen.order_by().values("type").distinct())


def _cases() -> ArraySubquery:
    told = SafetyCase.objects.standing().filter(message__conversation=OuterRef("pk"))
    return ArraySubquery(told.order_by().values("type").distinct())


def _badges(conversation: Conversation) -> list[str]:
    """What whoever answers should know of: danger, harm, and what stands in public and points to somebody."""
    is_public = conversation.kind != Conversation.Kind.MESSAGE
    exposed = [badge for badge in conversation.badges if badge in words.IDENTIFIERS] if is_public else []
    return sorted({*conversation.dangers, *conversation.cases, *exposed}, key=words.place)  # type: ignore[attr-defined]


# --- in the list -----------------------------------------------------------------------------------------


def page(membership: Membership, filters: Filters, *, after: str) -> Page:
    """All that a person said, in whatever state it is."""
    place = read_token(after)
    rows = _told(narrowed(membership, filters), filters.contact).order_by(*NEWEST_OF_ONE)
    if place:
        rows = rows.filter(_beyond(place))
    found = [Line.of(columns) for columns in lines.columns(rows, ended=True)[: PAGE + 1]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], first=place is None, next=token(last.last_message_at, last.pk) if last else "")


def name_in(found: Sequence[Line]) -> str:
    """Whose conversations these are; "" where there are none."""
    return shown_name(found[0].name or "", found[0].phone or "", found[0].platform) if found else ""


def _told(rows: QuerySet[Conversation], contact: int) -> QuerySet[Conversation]:
    recognising = [connector.slug for connector in platforms.connectors() if connector.recognises]
    theirs = rows.filter(contact=contact, platform__in=recognising)
    for beginning in NO_ID:
        theirs = theirs.exclude(contact__external_id__startswith=beginning)
    return theirs


def _beyond(place: Place) -> LessThan:
    end = as_row(Value(place.at, DateTimeField()), Value(place.pk, BigIntegerField()))
    return LessThan(as_row(*(order.expression for order in NEWEST_OF_ONE)), end)
