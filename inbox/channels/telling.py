"""Telling those who look after a page: in the app, and by mail where it cannot wait. Each thing once."""

from datetime import datetime, timedelta

from django.db.models import Q

from inbox.models import Channel, Notice, Trouble
from inbox.news import notices

Kind = Trouble.Kind

OF_TROUBLE = {
    Kind.TOKEN_DEAD: Notice.Kind.TOKEN_DEAD,
    Kind.PERMISSION: Notice.Kind.PERMISSION,
    Kind.OUTDATED: Notice.Kind.OUTDATED,
    Kind.BLOCKED: Notice.Kind.BLOCKED,
    Kind.MESSAGES_FORBIDDEN: Notice.Kind.MESSAGES_FORBIDDEN,
    Kind.WARNED: Notice.Kind.WARNED,
    Kind.UNSUBSCRIBED: Notice.Kind.UNSUBSCRIBED,
    Kind.FIELDS_MISSING: Notice.Kind.UNSUBSCRIBED,
    Kind.SILENT: Notice.Kind.SILENT,
    Kind.UNREACHABLE: Notice.Kind.UNREACHABLE,
    Kind.UNLISTED: Notice.Kind.UNREACHABLE,
}
OF_OUTAGE = {
    Kind.DOWN: Notice.Kind.CLOCK_STILL,
    Kind.NO_SENDER: Notice.Kind.SENDER_STILL,
    Kind.NO_WORKER: Notice.Kind.WORKER_STILL,
}
BEFORE = tuple(timedelta(days=days) for days in (1, 7, 14))  # so long before an access ends, the nearest first


def trouble(found: Trouble, *, now: datetime) -> None:
    kind = OF_TROUBLE.get(Kind(found.kind))
    if kind and found.channel:
        _tell(found.channel, kind, key=f"trouble:{found.pk}", now=now, by_mail=found.kind in Trouble.BROKEN)


def outage(found: Trouble, *, now: datetime) -> None:
    """Of Comptoir itself: all who look after pages hear of it, in every organization."""
    kind, key = OF_OUTAGE[Kind(found.kind)], f"trouble:{found.pk}"
    notices.tell(notices.who_watches_all(), kind, None, key=key, now=now, by_mail=True)


def receives_again(found: Trouble, *, now: datetime) -> None:
    """It was found deaf, and hears again by what we did about it at once."""
    if found.channel:
        _tell(found.channel, Notice.Kind.RESUBSCRIBED, key=f"trouble:{found.pk}:over", now=now)


def lapsing(*, now: datetime) -> int:
    """Warn of every access that ends soon, at each of these distances once; return how many pages."""
    soon = now + BEFORE[-1]
    ends = Q(token_expires_at__range=(now, soon)) | Q(access_expires_at__range=(now, soon))
    pages = list(Channel.objects.connected().filter(ends).order_by("pk"))
    for channel in pages:
        for what, at in (("token", channel.token_expires_at), ("access", channel.access_expires_at)):
            if at and now <= at <= soon:
                before = next(distance for distance in BEFORE if at - now <= distance)
                key = f"ends:{channel.pk}:{what}:{at:%Y%m%d%H%M}:{before.days}"
                _tell(channel, Notice.Kind.ENDS_SOON, key=key, now=now, by_mail=before == BEFORE[0])
    return len(pages)


def _tell(channel: Channel, kind: Notice.Kind, *, key: str, now: datetime, by_mail: bool = False) -> None:
    who = notices.who_watches(channel.location_id, channel.organization_id)
    notices.tell(who, kind, channel, key=key, now=now, by_mail=by_mail)
