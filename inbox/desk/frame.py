"""What the frame of every page says: how many notices are unread, and who may be in danger. One question a page."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery

from accounts.models import Membership
from inbox.crises import reading
from inbox.models import Notice

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
    unread = Notice.objects.filter(membership=membership, read_at=None).order_by().values("pk")[: UNREAD_SHOWN + 1]
    crises = reading.to_take(membership).values("pk")[: reading.STRIP + 1]
    row = Membership.objects.filter(pk=membership.pk).order_by()
    unread_pks, crisis_pks = row.values_list(ArraySubquery(unread), ArraySubquery(crises))[0]
    return Frame(len(unread_pks), crisis_pks)
