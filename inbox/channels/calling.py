"""Calling a platform for a channel: never while it asked us to wait, and never without hearing what it says of its quota."""

import logging
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Q

from inbox import live, platforms
from inbox.channels import allowance, spacing
from inbox.models import Channel
from inbox.platforms.base import Connection, Meter, Reason, SendNotReached, Units, Variable

log = logging.getLogger(__name__)

UNTOLD_PAUSE = timedelta(minutes=5)  # where a platform says to slow down, and not for how long
MOST_PERCENT = 32_767  # some count far past a hundred


@contextmanager
def calling(channel: Channel, *, now: datetime) -> Iterator[Connection]:
    """Speak for a channel; whatever its platform asks meanwhile is obeyed from then on, whoever calls next.

    Raises SendNotReached (throttled), and TokenUnreadable, before anything is called.
    """
    _obey(channel, now)
    connection, begun = _connection(channel, now), monotonic()
    try:
        yield connection
    except SendNotReached as error:
        if error.reason is Reason.THROTTLED:
            connection.meter.hear(None, error.retry_after or UNTOLD_PAUSE)
        raise
    finally:
        _keep(channel, connection, now + timedelta(seconds=math.ceil(monotonic() - begun)))


def _connection(channel: Channel, now: datetime) -> Connection:
    """What a connector needs to speak for this channel. Raises TokenUnreadable."""
    there = platforms.get(channel.platform).address(variables(), channel.settings)
    units = Units(allowance.spent(channel.platform, now) if there.allowance else {})
    return Connection(
        external_id=channel.external_id,
        token=channel.token,
        base_url=there.base_url,
        version=there.version,
        app_secret=there.app_secret,
        app_id=there.app_id,
        client_id=there.client_id,
        login_url=there.login_url,
        names_url=there.names_url,
        grantor_id=channel.grantor_id,
        refresh_token=channel.refresh_token,
        settings=channel.settings,
        hooks=there.hooks,
        allowance=there.allowance,
        public_but=there.public_but,
        meter=Meter(used=channel.quota_used, units=units, take=spacing.of(channel)),
    )


def variables(of: Iterable[Variable] | None = None) -> dict[str, Any]:
    """What the platforms were given by the environment, and where they find us. of: these alone, for whoever is in a hurry."""
    wanted = platforms.variables() if of is None else of
    return {variable.name: getattr(settings, variable.name) for variable in wanted} | {"PUBLIC_URL": settings.PUBLIC_URL}


def endpoint_of(channel: Channel) -> str:
    """The receiver at which this channel's webhooks arrive; empty where the platform tells nothing and is asked."""
    connector = platforms.get(channel.platform)
    if not connector.family:
        return ""
    family = platforms.family(connector.family)
    return platforms.endpoint_of(family.slug, channel.external_id if family.addressed else "")


def _obey(channel: Channel, now: datetime) -> None:
    # Asked anew: others call for this channel too.
    until = (
        Channel.objects.filter(pk=channel.pk, throttled_until__gt=now)
        .order_by()
        .values_list("throttled_until", flat=True)
        .first()
    )
    if until:
        raise SendNotReached(Reason.THROTTLED, "the platform asked to wait", until - now)


def _keep(channel: Channel, connection: Connection, now: datetime) -> None:
    meter = connection.meter
    # What we count ourselves is all channels', and is read where it is shown.
    counted = meter.used is None or connection.allowance
    used = channel.quota_used if counted else min(max(meter.used or 0, 0), MOST_PERCENT)
    if not meter.pause and used == channel.quota_used and not meter.units.here:
        return
    try:
        allowance.add(channel.platform, meter.units.here)
        Channel.objects.filter(pk=channel.pk).update(quota_used=used)
        _pause(channel, now + meter.pause, now)
    except (OperationalError, InterfaceError) as error:
        # What the call brought is worth more, and the platform will say it again.
        log.warning("channel %s: what its platform says of the quota was not kept: %s", channel.pk, type(error).__name__)


def _pause(channel: Channel, until: datetime, now: datetime) -> None:
    sooner = Q(throttled_until=None) | Q(throttled_until__lt=until)
    if until > now and Channel.objects.filter(sooner, pk=channel.pk).update(throttled_until=until):
        live.nudge(channel.organization_id)
