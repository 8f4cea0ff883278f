"""Connecting a page or an account, and parting from it."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Location, Membership
from inbox import platforms
from inbox.channels import troubles
from inbox.channels.calling import calling
from inbox.models import Channel, Delivery, MessageAction, Trouble, UnhandledEvent
from inbox.models.channels import TokenUnreadable
from inbox.platforms.base import Reason, SendError, SendUncertain

log = logging.getLogger(__name__)

TO_LEARN_ITS_SECRET = timedelta(hours=1)


class AlreadyConnected(ValueError):
    """The page belongs to another location or organization."""


@transaction.atomic
def connect(
    location: Location,
    platform: str,
    *,
    external_id: str,
    name: str,
    token: str,
    by: Membership | None,
    now: datetime,
    settings: Mapping[str, str] | None = None,
    refresh_token: str = "",
) -> Channel:
    """Connect a page to a location, or give a connected one a new token. What came for it before is then taken in.

    settings: what the platform's `Connector.fields` ask; None leaves those of a known page as they are.
    Raises AlreadyConnected when it belongs to another organization, or to a location that `by` does not see.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(platform=platform, external_id=external_id).first()
    if channel and channel.organization_id != location.organization_id:
        raise AlreadyConnected(_("This page is connected by another organization."))
    if channel and by and not Channel.objects.visible_to(by).filter(pk=channel.pk).exists():
        raise AlreadyConnected(_("This page is connected at a location that you do not look after."))
    action = "channel.reconnected" if channel else "channel.connected"
    channel = channel or Channel(platform=platform, external_id=external_id, connected_at=now)
    channel.organization, channel.location, channel.name = location.organization, location, name
    # A site that is yet to be given its secret refuses every call; it is asked when it has greeted us, or after a while.
    patience = TO_LEARN_ITS_SECRET if channel.shares_secret and not channel.sealed_token else timedelta(0)
    channel.token, channel.refresh_token = token, refresh_token
    # What was known of the old one: whose consent it stood on, until when, for what.
    channel.grantor_id, channel.missing_permissions = "", []
    channel.token_expires_at = channel.access_expires_at = channel.renewed_at = None
    if settings is not None:
        channel.settings = dict(settings)
    if channel.disconnected_at:
        _give_up(channel, now)  # what was under way then, and came back to wait
    channel.disconnected_at, channel.problem, channel.problem_at = None, "", None
    channel.check_at, channel.list_at = now + patience, now
    channel.save()
    troubles.end(channel, *Trouble.Kind, at=now)
    detail = {"platform": platform, "page": external_id, "location": location.slug}
    audit.record(action, channel, organization=location.organization_id, by=by, now=now, **detail)
    replay_unknown(channel, now=now)
    return channel


def disconnect(channel: Channel, *, by: Membership, now: datetime) -> None:
    """Stop sending and receiving for a page. Its conversations stay; the running clocks run on."""
    _ask_for_no_more(channel, now)
    with transaction.atomic():
        channel.disconnected_at, channel.sealed_token, channel.sealed_refresh_token = now, b"", b""
        channel.save(update_fields=["disconnected_at", "sealed_token", "sealed_refresh_token"])
        _give_up(channel, now)
        troubles.end(channel, *Trouble.Kind, at=now)
        troubles.begin(channel, Trouble.Kind.DISCONNECTED, since=now, now=now)
        audit.record("channel.disconnected", channel, organization=channel.organization_id, by=by, now=now)


def _give_up(channel: Channel, now: datetime) -> None:
    """What people asked its platform to do is not done, and said to be so: months later nobody would expect it."""
    queued = MessageAction.objects.filter(conversation__channel=channel, state=MessageAction.State.QUEUED)
    queued.update(state=MessageAction.State.FAILED, ended_at=now, error_code=Reason.TOKEN_DEAD, error_detail="")


def _ask_for_no_more(channel: Channel, now: datetime) -> None:
    """While its token is still here. What the platform says to it keeps nobody from parting: what comes all the same is kept."""
    connector = platforms.get(channel.platform)
    family = [each.slug for each in platforms.connectors() if each.family == connector.family]
    others = Channel.objects.connected().filter(platform__in=family).exclude(pk=channel.pk)
    try:
        with calling(channel, now=now) as connection:
            connector.unsubscribe(connection, frozenset(others.values_list("external_id", flat=True)))
    except (SendError, SendUncertain, TokenUnreadable) as problem:
        log.info("channel %s: its platform was not asked to stop: %s", channel.pk, type(problem).__name__)


def replay_unknown(channel: Channel, *, now: datetime) -> int:
    """Queue again the deliveries that named this page before it was connected; return how many."""
    kept = UnhandledEvent.of_unknown_page(channel.platform, channel.external_id)
    return Delivery.objects.filter(pk__in=kept.values("delivery")).requeue(now=now)
