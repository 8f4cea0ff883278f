"""The alarm for a page of which nothing is heard: each silence is told once, and is over when the page is heard again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F
from django.db.models.functions import Coalesce, TruncHour

from inbox import platforms
from inbox.channels import troubles
from inbox.channels.watching import checks
from inbox.models import Channel, Message, Trouble
from inbox.platforms.base import Connector, Difference
from inbox.rhythm import LOOK_BACK, SHORTEST, Rhythm

FIRST_WORD = timedelta(days=1)  # a page that was never heard of has no rhythm to tell by


def listen(*, now: datetime) -> int:
    """Raise the alarm for pages that are silent for longer than is usual; return for how many."""
    _heard_again(now)
    # Of a page that was never heard, the silence began when it was connected.
    since = Coalesce("last_event_at", "connected_at")
    quiet = Channel.objects.connected().annotate(begun=since).filter(begun__lte=now - SHORTEST).select_related("location")
    told = Trouble.objects.filter(kind=Trouble.Kind.SILENT, since=Coalesce("channel__last_event_at", "channel__connected_at"))
    unsure = quiet.exclude(pk__in=told.values("channel"))
    return sum(_listen(channel, now) for channel in unsure.order_by("pk"))


def rhythm_of(channel: Channel, *, until: datetime) -> Rhythm | None:
    """What was usual for a page by then, from what people wrote to it in the weeks before, however we came to hear of it."""
    begin = max(until - LOOK_BACK, channel.connected_at)
    theirs = Message.objects.filter(channel=channel, direction=Message.Direction.IN, historic=False)
    hours = theirs.filter(sent_at__range=(begin, until)).annotate(hour=TruncHour("sent_at")).order_by()
    counted = hours.values_list("hour").annotate(events=Count("pk"))
    return Rhythm.of(counted, begin=begin, end=until, zone=ZoneInfo(channel.location.time_zone))


def _listen(channel: Channel, now: datetime) -> bool:
    connector = platforms.get(channel.platform)
    if not connector.speaks() or not _is_unusual(channel, connector, now):
        return False
    begun = troubles.begin(channel, Trouble.Kind.SILENT, since=channel.last_event_at or channel.connected_at, now=now)
    if begun:
        checks.soon(channel, now=now)
    return begun is not None


def _is_unusual(channel: Channel, connector: Connector, now: datetime) -> bool:
    heard_at = channel.last_event_at
    if heard_at is None:
        return _was_to_be_heard(channel, connector, now)
    rhythm = rhythm_of(channel, until=heard_at)  # the silence itself makes nothing usual
    return rhythm is not None and rhythm.is_broken(heard_at, now)


def _was_to_be_heard(channel: Channel, connector: Connector, now: datetime) -> bool:
    """Whether people wrote to it since it was connected, as its list shows, of which its platform should have told."""
    if now < channel.connected_at + FIRST_WORD:
        return False
    told = [kind for kind in connector.kinds if connector.tells(kind, Difference.MISSING)]
    theirs = Message.objects.filter(channel=channel, direction=Message.Direction.IN, conversation__kind__in=told)
    return theirs.filter(sent_at__range=(channel.connected_at, now - SHORTEST)).exists()


def _heard_again(now: datetime) -> None:
    silences = Trouble.objects.open().filter(kind=Trouble.Kind.SILENT, channel__last_event_at__gt=F("since"))
    for silence in silences.select_related("channel"):
        if silence.channel and silence.channel.last_event_at:
            troubles.end(silence.channel, Trouble.Kind.SILENT, at=silence.channel.last_event_at)
