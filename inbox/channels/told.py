"""What a platform tells of a page itself, in a webhook."""

from datetime import datetime

from inbox.models import Channel
from inbox.platforms.base import AccessChanged


def access_changed(channel: Channel, event: AccessChanged, *, at: datetime) -> None:
    """A permission came or went: what is missing is known before a send fails."""
    missing = set(channel.missing_permissions) - {event.what} if event.granted else {*channel.missing_permissions, event.what}
    Channel.objects.filter(pk=channel.pk).update(missing_permissions=sorted(missing))


def look_soon(channel: Channel, *, now: datetime) -> None:
    """Something happened that the webhook does not tell: compare with the platform's list at the next tick."""
    Channel.objects.filter(pk=channel.pk).update(list_at=now)
