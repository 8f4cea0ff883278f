"""What the frame of every page says: how many notices are unread, and who may be in danger. One question a page."""

from dataclasses import dataclass
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery

from accounts.models import Membership
from inbox.crises import reading
from inbox.models import Notice, prepared
from inbox.models.prepared import Prepared

UNREAD_SHOWN = 99


@dataclass(frozen=True, slots=True)
class Frame:
    unread: int  # counted to one more than is shown
    crises: list[int]  # that nobody has taken on; read to one more than is shown


def of(membership: Membership) -> Frame:
    """Asked once a request: it is kept on the request's own membership."""
    known: Frame | None = membership.__dict__.get("frame")
    if known is None:
        known = membership.__dict__["frame"] = _asked(membership)
    return known


def _asked(membership: Membership) -> Frame:
    ((unread, of_expiry, crises),) = _question(prepared.kept_to(membership)).ask(prepared.given(membership))
    return Frame(len(unread) + len(of_expiry), crises)


@cache
def _question(kept_to: int | None) -> Prepared:
    member = prepared.stand_in(kept_to)
    mine = Notice.objects.filter(membership=member, read_at=None).order_by()
    unread = mine.exclude(kind=Notice.Kind.WORDS_EXPIRING).values("pk")[: UNREAD_SHOWN + 1]
    # What one look at the calendar found counts once, however many templates end.
    of_expiry = mine.filter(kind=Notice.Kind.WORDS_EXPIRING).values("created_at").distinct()[: UNREAD_SHOWN + 1]
    crises = reading.to_take(member).values("pk")[: reading.STRIP + 1]
    row = Membership.objects.filter(pk=member.pk).order_by()
    return Prepared.of(row.values_list(ArraySubquery(unread), ArraySubquery(of_expiry), ArraySubquery(crises)))
