"""The secrets that a site and we share, where we make them: two are valid at once while the site changes over."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import Membership
from inbox.channels.calling import endpoint_of
from inbox.models import Channel
from inbox.models.channels import TokenUnreadable

BYTES = 32


def identifier() -> str:
    """For a channel that its platform gives none: nobody else can guess the address made of it."""
    return secrets.token_hex(12)


def secret() -> str:
    return secrets.token_urlsafe(BYTES)


def newest(channel: Channel) -> str:
    """The one to give to the site; "" where it has none."""
    return next(iter(_held(channel)), "")


def count(channel: Channel) -> int:
    return len(_held(channel))


def kept(channel: Channel) -> str:
    """All that are valid, as a token; "" where it has none."""
    return ",".join(_held(channel))


def _held(channel: Channel) -> list[str]:
    """The newest first. Those that no key opens any more are worth as much as none."""
    try:
        return channel.token.split(",") if channel.sealed_token else []
    except TokenUnreadable:
        return []


def receiver_of(channel: Channel) -> str:
    """Where this channel's own webhooks are to be sent."""
    return f"{settings.PUBLIC_URL}/hooks/{endpoint_of(channel)}/"


def renew(channel: Channel, *, by: Membership, now: datetime) -> None:
    """A new secret; the one that was in use stays valid beside it, and older ones do not."""
    _change(channel, lambda held: [secret(), *held[:1]], "channel.secret_renewed", by, now)


def forget_older(channel: Channel, *, by: Membership, now: datetime) -> None:
    """From now on the newest alone is valid."""
    _change(channel, lambda held: held[:1], "channel.secret_forgotten", by, now)


@transaction.atomic
def _change(channel: Channel, change: Callable[[list[str]], list[str]], action: str, by: Membership, now: datetime) -> None:
    held = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if not (secrets_now := change(_held(held))):
        return
    held.token = ",".join(secrets_now)
    held.save(update_fields=["sealed_token"])
    audit.record(action, channel, organization=channel.organization_id, by=by, now=now)
