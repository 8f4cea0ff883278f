"""All that is known of how a page does, gathered for one screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    BigIntegerField,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Membership
from inbox import platforms
from inbox.channels import allowance
from inbox.channels.calling import variables
from inbox.channels.watching import silence
from inbox.channels.watching.verdict import OF_TROUBLE, Counts, Point, Tone, Verdict, Words, judge, quota_used
from inbox.models import Channel, Delivery, Gap, Message, Pulse, RejectedCount, Trouble, UnhandledEvent, prepared
from inbox.models.prepared import MOMENT, Prepared
from inbox.running import processes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GAPS_OF, TROUBLES_OF, REJECTED_OF = 30 * DAY, 90 * DAY, 7 * DAY
GAPS_SHOWN, TROUBLES_SHOWN = 50, 50
HARMLESS = (Gap.Cause.HISTORY, Gap.Cause.NEVER_TOLD)  # nothing should have told us


@dataclass(frozen=True, slots=True)
class Lag:
    """From the moment something was written until it stood in the inbox."""

    days: int
    count: int
    median: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Broken:
    """A page that does not work, and why in words. No page: Comptoir itself."""

    page: int | None
    name: str
    what: Words


@dataclass(frozen=True, slots=True)
class Found:
    """A gap, and where what was brought in can be read; None where it is still missing."""

    gap: Gap
    conversation: int | None


@dataclass(frozen=True, slots=True)
class Health:
    channel: Channel
    verdict: Verdict
    speaks: bool  # whether webhooks tell what is new
    lags: Sequence[Lag]
    usual: float | None  # events a day; None: too few to tell
    causes: Sequence[tuple[str, int]]
    gaps: Sequence[Found]
    counts: Counts
    rejected: Sequence[RejectedCount]
    troubles: Sequence[Trouble]  # newest first, our own outages among them

    @property
    def usual_a_day(self) -> int:
        return max(1, round(self.usual or 0))

    @property
    def quota_used(self) -> int | None:
        return quota_used(self.channel, self.counts)

    @property
    def private_an_hour(self) -> int | None:
        return platforms.get(self.channel.platform).private_an_hour

    @property
    def turned_away(self) -> int:
        return sum(row.count for row in self.rejected)


def of(channel: Channel, *, now: datetime) -> Health:
    troubles = _troubles(channel, now)
    counts = counted([channel.pk], now=now)[channel.pk].of_quota(_counted_quotas([channel], now).get(channel.platform))
    gaps = Gap.objects.filter(channel=channel, found_at__gt=now - GAPS_OF)
    connector = platforms.get(channel.platform)
    rhythm = silence.rhythm_of(channel, until=channel.last_event_at or now)
    return Health(
        channel=channel,
        verdict=judge(channel, [row for row in troubles if row.channel_id and not row.ended_at], counts, now=now),
        speaks=connector.speaks(),
        lags=[lag(channel, days, now=now) for days in (1, 7)],
        usual=rhythm.expected(now - 7 * DAY, now) / 7 if rhythm else None,
        causes=_causes(gaps),
        gaps=_found(channel, gaps),
        counts=counts,
        rejected=list(_rejected(connector.family, now)),
        troubles=troubles,
    )


def verdicts(channels: Iterable[Channel], *, now: datetime) -> list[tuple[Channel, Verdict]]:
    """The same for a list of pages, in so many queries however long it is."""
    channels = list(channels)
    counts, used = counted([channel.pk for channel in channels], now=now), _counted_quotas(channels, now)
    lasting: dict[int | None, list[Trouble]] = {}
    for trouble in Trouble.objects.open().filter(channel__in=channels).order_by("since", "pk"):
        lasting.setdefault(trouble.channel_id, []).append(trouble)
    return [
        (channel, judge(channel, lasting.get(channel.pk, ()), counts[channel.pk].of_quota(used.get(channel.platform)), now=now))
        for channel in channels
    ]


def broken(membership: Membership, *, now: datetime) -> list[Broken]:
    """What is broken now, for the banner of the inbox; a page that was disconnected by hand is no news.

    Comptoir itself is asked for its marks: of those who would tell that it stands still, none may run.
    """
    question = _whats_broken(prepared.kept_to(membership), of_ours=processes.have_had_time())
    stands_still = {MOMENT - Pulse.STOOD_STILL: now - Pulse.STOOD_STILL}
    rows = question.ask(prepared.given(membership) | stands_still)
    found = sorted(rows, key=lambda row: (row[0] or 0, row[3]))
    return [Broken(page, name, OF_TROUBLE[processes.KINDS.get(kind, kind)][0]) for page, name, kind, _since in found]


@cache
def _whats_broken(kept_to: int | None, *, of_ours: bool) -> Prepared:
    kinds = sorted(Trouble.BROKEN - {Trouble.Kind.DISCONNECTED})
    mine = Channel.objects.visible_to(prepared.stand_in(kept_to)).connected()
    pages = Trouble.objects.open().filter(channel__in=mine, kind__in=kinds)
    nothing = Value(None, BigIntegerField()), Value("Comptoir", CharField()), F("name")
    stale = Pulse.objects.stale(MOMENT) if of_ours else Pulse.objects.none()
    rows = stale.values_list(*nothing, "at").union(pages.values_list("channel", "channel__name", "kind", "since"), all=True)
    return Prepared.of(rows)


def of_comptoir(*, now: datetime) -> list[Point]:
    """What of Comptoir itself stands still."""
    still = processes.standing_still(now=now)
    return [Point(Tone.BROKEN, *OF_TROUBLE[processes.KINDS[Pulse.Part(pulse.name)]], pulse.at) for pulse in still]


def counted(channels: Sequence[int], *, now: datetime) -> dict[int, Counts]:
    gaps = Gap.objects.filter(channel__in=channels, found_at__gt=now - DAY).exclude(cause__in=HARMLESS)
    aside = UnhandledEvent.objects.filter(channel__in=channels, reason=UnhandledEvent.Reason.UNRECOGNISED)
    missed, unread, failed = _per_channel(gaps), _per_channel(aside), Delivery.objects.failed_of(channels)
    private = _per_channel(_in_private(channels, now))
    return {pk: Counts(missed.get(pk, 0), failed.get(pk, 0), unread.get(pk, 0), private.get(pk, 0)) for pk in channels}


def _counted_quotas(channels: Iterable[Channel], now: datetime) -> dict[str, int]:
    """By platform, in percent, where we count ourselves what its channels take of it together."""
    given = variables()
    allowed = {each.platform: platforms.get(each.platform).address(given, each.settings).allowance for each in channels}
    return {platform: allowance.percent_used(platform, units, now) for platform, units in allowed.items() if units}


def _in_private(channels: Sequence[int], now: datetime) -> QuerySet[Message]:
    """The private replies to comments of the last hour, without those that their platform does not count."""
    uncounted = frozenset[str]().union(*(connector.private_uncounted for connector in platforms.connectors()))
    sent = Message.objects.filter(channel__in=channels, sent_at__gt=now - HOUR, private=True)
    return sent.exclude(conversation__post__kind__in=uncounted)


def _per_channel(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("channel").annotate(number=Count("pk")))


class Percentiles(Aggregate):
    """The median, and what 95 of 100 do not exceed."""

    function = "percentile_cont"
    template = "%(function)s(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(DurationField())


def lag(channel: Channel, days: int, *, now: datetime) -> Lag:
    """Of what people wrote in these days."""
    theirs = Message.objects.filter(channel=channel, direction=Message.Direction.IN, historic=False)
    took = ExpressionWrapper(Coalesce("visible_at", "received_at") - F("sent_at"), DurationField())
    found = theirs.filter(sent_at__gt=now - days * DAY).aggregate(count=Count("pk"), times=Percentiles(took))
    median, p95 = found["times"] or (None, None)
    return Lag(days, found["count"], median, p95)


def _troubles(channel: Channel, now: datetime) -> list[Trouble]:
    ours = Trouble.objects.filter(Q(channel=channel) | Q(channel=None, since__gt=channel.connected_at))
    recent = ours.filter(Q(ended_at=None) | Q(ended_at__gt=now - TROUBLES_OF))
    return list(recent.order_by("-since", "-pk")[:TROUBLES_SHOWN])


def _causes(gaps: QuerySet[Gap]) -> list[tuple[str, int]]:
    counted = gaps.order_by().values_list("cause").annotate(number=Count("pk")).order_by("-number", "cause")
    return [(str(Gap.Cause(cause).label), number) for cause, number in counted]


def _found(channel: Channel, gaps: QuerySet[Gap]) -> list[Found]:
    rows = list(gaps.exclude(cause=Gap.Cause.HISTORY)[:GAPS_SHOWN])
    messages = Message.objects.filter(channel=channel, external_id__in=[gap.external_id for gap in rows])
    where = dict(messages.values_list("external_id", "conversation"))
    return [Found(gap, where.get(gap.external_id)) for gap in rows]


def _rejected(endpoint: str, now: datetime) -> QuerySet[RejectedCount]:
    since = (now - REJECTED_OF).date()
    return RejectedCount.objects.filter(endpoint=endpoint, day__gte=since).order_by("-day", "reason")
