"""What is known about the time in which a webhook should have come, gathered for `causes`."""

import re
from datetime import datetime, timedelta

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Value

from inbox import platforms
from inbox.channels.calling import endpoint_of
from inbox.channels.gaps.causes import Evidence, cause_of
from inbox.channels.gaps.comparing import Finding
from inbox.models import Channel, Clue, Delivery, EarlyEvent, Gap, RejectedCount, Trouble
from inbox.platforms.base import Difference

SOON = timedelta(minutes=5)  # by then a webhook should have come


def cause(finding: Finding, channel: Channel, *, before: datetime) -> Gap.Cause:
    """before: when the page was last compared to the end; a change without a time of its own came after it."""
    connector = platforms.get(channel.platform)
    difference = finding.found.difference
    plain = Evidence(difference, finding.posted_at, channel.connected_at, told=connector.tells(finding.kind, difference))
    found = cause_of(plain)
    if found in {Gap.Cause.HISTORY, Gap.Cause.NEVER_TOLD}:
        return found  # whatever else happened
    begin, end = _stretch(finding, before)
    return cause_of(
        Evidence(
            difference,
            finding.posted_at,
            channel.connected_at,
            told=plain.told,
            outcomes=_outcomes(finding.found.external_id, channel, begin - SOON),
            troubles=_troubles(channel, begin, end),
            turned_away=_turned_away(connector.family, begin, end),
        )
    )


def _stretch(finding: Finding, before: datetime) -> tuple[datetime, datetime]:
    if finding.found.difference is Difference.MISSING and finding.posted_at:
        return finding.posted_at, finding.posted_at + SOON
    return max(before, finding.changed_at or before), finding.found.seen_at


def _troubles(channel: Channel, begin: datetime, end: datetime) -> frozenset[str]:
    lasted = Trouble.objects.filter(Q(channel=channel) | Q(channel=None)).between(begin, end)
    return frozenset(lasted.values_list("kind", flat=True))


def _turned_away(endpoint: str, begin: datetime, end: datetime) -> bool:
    refused = RejectedCount.objects.filter(endpoint=endpoint, day__range=(begin.date(), end.date()))
    return refused.exclude(reason=RejectedCount.Reason.HANDSHAKE).exists()


def _outcomes(external_id: str, channel: Channel, since: datetime) -> frozenset[str]:
    """What became of the deliveries that name it and did not end in the inbox."""
    early = Exists(EarlyEvent.objects.filter(delivery=OuterRef("pk"), channel=channel))
    troubled = Delivery.objects.annotate(early=early).filter(
        Q(processed_at=None) | Q(outcome__in=[Delivery.Outcome.FAILED, Delivery.Outcome.PARTLY]) | Q(early=True),
        endpoint=endpoint_of(channel),
        received_at__gte=since,
    )
    named = troubled.annotate(place=_place_of(_needle(external_id))).filter(place__gt=0)
    if Clue.objects.filter(channel=channel, external_id=external_id).exists():
        return frozenset({"waits"})  # it was named, and is still to be fetched
    lost = {Delivery.Outcome.FAILED, Delivery.Outcome.PARTLY}
    return frozenset(outcome if outcome in lost else "waits" for outcome in named.values_list("outcome", flat=True))


def _needle(external_id: str) -> str:
    """The part of an id that its webhook writes as the listing does, whatever stands before it."""
    parts = re.findall(r"[A-Za-z0-9-]+", external_id)
    return parts[-1] if parts and len(parts[-1]) >= 4 else external_id


def _place_of(needle: str) -> Func:
    return Func(Value(needle.encode()), F("body"), function="position", arg_joiner=" in ", output_field=IntegerField())
