"""When a page, or Comptoir itself, did not work in a period: what stands beside its figures and its misses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Q

from accounts.locations.dates import bounds
from accounts.models import Membership
from inbox.models import Channel, Trouble, Wait
from responses.measuring.reports import Period


@dataclass(frozen=True, slots=True)
class Outage:
    trouble: Trouble
    begin: datetime  # within the period
    end: datetime

    @classmethod
    def within(cls, trouble: Trouble, begin: datetime, end: datetime) -> Self:
        return cls(trouble, max(trouble.since, begin), min(trouble.ended_at or end, end))

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    @property
    def minutes(self) -> int:
        return int(self.length.total_seconds()) // 60

    @property
    def page(self) -> Channel | None:
        """None: Comptoir itself."""
        return self.trouble.channel

    @property
    def what(self) -> str:
        return self.trouble.get_kind_display()


def of(membership: Membership, period: Period, *, now: datetime) -> list[Outage]:
    """Those of this member's pages, and our own, that lasted at some moment of the period; the newest first."""
    begin, end = bounds(period.first, period.last, membership.zone)
    return list(_between(membership, begin, min(end, now)))


def _between(membership: Membership, begin: datetime, end: datetime) -> Iterable[Outage]:
    ours = Q(channel__in=Channel.objects.visible_to(membership)) | Q(channel=None)
    lasted = Q(ended_at=None) | Q(ended_at__gt=begin)
    rows = Trouble.objects.filter(ours, lasted, since__lt=end, kind__in=Trouble.OUTAGES)
    for trouble in rows.select_related("channel__location").order_by("-since", "-pk"):
        yield Outage.within(trouble, begin, end)


Meanwhile = dict[int, list[Outage]]  # by the number of a wait


def meanwhile(waits: Sequence[Wait], membership: Membership, *, now: datetime) -> Meanwhile:
    """What of them fell into each of these waits, of its own page or of Comptoir itself: one query."""
    if not waits:
        return {}
    begin, end = min(wait.started_at for wait in waits), max(wait.ended_at or now for wait in waits)
    troubles = [outage.trouble for outage in _between(membership, begin, end)]
    return {wait.pk: list(_of_one(wait, troubles, now)) for wait in waits}


def _of_one(wait: Wait, troubles: Iterable[Trouble], now: datetime) -> Iterable[Outage]:
    begin, end = wait.started_at, wait.ended_at or now
    for trouble in troubles:
        concerned = trouble.channel_id in {None, wait.conversation.channel_id}
        if concerned and trouble.since < end and (trouble.ended_at is None or trouble.ended_at > begin):
            yield Outage.within(trouble, begin, end)
