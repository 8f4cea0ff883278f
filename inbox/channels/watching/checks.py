"""Asking the platforms how they see each page: token, permissions, subscription, quota. What can be put right is, at once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import audit
from inbox import live, platforms
from inbox.channels import pace, telling, troubles
from inbox.channels.calling import calling, endpoint_of
from inbox.models import Channel, Trouble
from inbox.models.channels import TokenUnreadable, may_be_called
from inbox.platforms.base import Connection, Connector, Health, Reason, SendError, SendUncertain

log = logging.getLogger(__name__)

Kind = Trouble.Kind

EVERY, SOONER = timedelta(minutes=15), timedelta(minutes=2)
UNTIL_SOMEBODY_ACTS = timedelta(hours=1)
LEASE = timedelta(minutes=5)  # past every answer: who claimed a page and died gives it back after this
WORTH_TELLING = 3  # failures in a row
RENEW_BEFORE = timedelta(days=15)  # ahead of the first warning, so that people are told only of what a machine could not do
RESUBSCRIBE_BEFORE = timedelta(days=7)
TOLD = ("token_expires_at", "access_expires_at", "subscribed", "subscription_expires_at", "quota_used")
ONCE_A = timedelta(days=1)  # no token or subscription is renewed more often


def due(now: datetime) -> Q:
    """Channels to check now."""
    return may_be_called(now) & (Q(check_at=None) | Q(check_at__lte=now))


def platforms_due(now: datetime) -> list[str]:
    return list(Channel.objects.filter(due(now)).order_by("platform").values_list("platform", flat=True).distinct())


def check_due(platform: str, *, clock: Callable[[], datetime]) -> int:
    """Check every page of a platform that is due, the longest due first; return how many were."""
    done = 0
    while (pk := _first_due(platform, clock())) is not None:
        check(pk, now=clock())
        done += 1
    return done


def _first_due(platform: str, now: datetime) -> int | None:
    rows = Channel.objects.filter(due(now), platform=platform).order_by("check_at", "pk")
    return rows.values_list("pk", flat=True).first()


def check(channel_pk: int, *, now: datetime, asked: bool = False) -> bool:
    """Check one page that is due; return whether its platform answered. asked: somebody wants to know, and may try again."""
    if not Channel.objects.filter(due(now), pk=channel_pk).update(check_at=now + LEASE):
        return False  # not due, or another lane has it
    channel = Channel.objects.get(pk=channel_pk)
    connector = platforms.get(channel.platform)
    try:
        with calling(channel, now=now) as connection:
            health = connector.check(connection)
    except (SendError, SendUncertain, TokenUnreadable) as problem:
        _failed(channel, problem, now)
        return False
    _record(channel, health, now, asked)
    _put_right(channel, connector, connection, health, now)
    return True


def check_now(channel: Channel, *, now: datetime) -> bool:
    """The same because somebody asks, whenever it would be due."""
    Channel.objects.filter(pk=channel.pk).update(check_at=now)
    return check(channel.pk, now=now, asked=True)


def soon(channel: Channel, *, now: datetime) -> None:
    """Ask at the next tick, and compare the page as well."""
    Channel.objects.filter(pk=channel.pk).update(check_at=now, list_at=now)


# --- what the platform said --------------------------------------------------------------------------------


def _failed(channel: Channel, problem: Exception, now: datetime) -> None:
    reason = Reason.TOKEN_DEAD if isinstance(problem, TokenUnreadable) else getattr(problem, "reason", Reason.OTHER)
    detail, failures = getattr(problem, "detail", ""), channel.check_failures + 1
    log.info("channel %s could not be checked: %s", channel.pk, reason)
    pause = getattr(problem, "retry_after", None) or min(EVERY, pace.after_failure(SOONER, failures - 1))
    if reason is Reason.THROTTLED:
        failures -= 1  # it answered, and does not want to be asked now
    elif reason in {Reason.TOKEN_DEAD, Reason.OUTDATED}:
        pause = UNTIL_SOMEBODY_ACTS
        troubles.block(channel, reason, since=_last_well(channel), now=now, detail=detail)
    elif failures >= WORTH_TELLING:
        troubles.begin(channel, Kind.UNREACHABLE, since=_last_well(channel), now=now, detail=detail)
    Channel.objects.filter(pk=channel.pk).update(check_failures=failures, check_at=now + pause)
    live.nudge(channel.organization_id)


def _record(channel: Channel, health: Health, now: datetime, asked: bool) -> None:
    where_told = {name: getattr(health, name) for name in TOLD if getattr(health, name) is not None}
    Channel.objects.filter(pk=channel.pk).update(
        **where_told,
        missing_permissions=sorted(health.missing_permissions),
        missing_fields=sorted(health.missing_fields),
        warnings=[warning[:300] for warning in health.warnings],
        checked_at=now,
        check_failures=0,
        check_at=now + EVERY,
    )
    troubles.unblock(channel, Reason.TOKEN_DEAD, Reason.OUTDATED, now=now)
    troubles.end(channel, Kind.UNREACHABLE, at=now)
    if health.missing_permissions:
        missing = ", ".join(sorted(health.missing_permissions))
        troubles.begin(channel, Kind.PERMISSION, since=_last_well(channel), now=now, detail=missing)
    elif channel.missing_permissions or asked:
        # Else it was refused for something that no list of permissions tells, which may still be so: of itself a check would
        # end that every quarter of an hour, and the next refusal tell of it anew. Who asks may try; refused again, it is back.
        troubles.unblock(channel, Reason.PERMISSION, now=now)


def _last_well(channel: Channel) -> datetime:
    """`channel` as it was before this check."""
    return channel.checked_at or channel.connected_at


# --- what can be put right ---------------------------------------------------------------------------------


def _put_right(channel: Channel, connector: Connector, connection: Connection, health: Health, now: datetime) -> None:
    deaf = Kind.UNSUBSCRIBED if health.subscribed is False else Kind.FIELDS_MISSING if health.missing_fields else None
    if deaf:
        _subscribe(channel, connector, connection, deaf, health, now)
    else:
        troubles.end(channel, Kind.UNSUBSCRIBED, Kind.FIELDS_MISSING, at=now)
        if _ends(health.subscription_expires_at, RESUBSCRIBE_BEFORE, channel.subscribed_at, now):
            _ask_for_webhooks(channel, connector, connection, now)
    if _ends(health.token_expires_at, RENEW_BEFORE, channel.renewed_at, now):
        _renew(channel, connector, connection, now)


def _ends(at: datetime | None, ahead: timedelta, last_asked: datetime | None, now: datetime) -> bool:
    return at is not None and at - now <= ahead and (last_asked is None or last_asked <= now - ONCE_A)


def _subscribe(channel: Channel, connector: Connector, connection: Connection, deaf: Kind, health: Health, now: datetime) -> None:
    """The platform sends us nothing, or not all: ask for it again, and look for what was lost meanwhile."""
    first = channel.checked_at is None  # just connected: nothing went wrong
    refusal = _ask_for_webhooks(channel, connector, connection, now)
    if first and not refusal:
        return
    detail = refusal or ", ".join(sorted(health.missing_fields))
    found = troubles.begin(channel, deaf, since=_last_well(channel), now=now, detail=detail, told=bool(refusal))
    if not refusal:
        troubles.end(channel, Kind.UNSUBSCRIBED, Kind.FIELDS_MISSING, at=now, ending="resubscribed")
        if found:
            telling.receives_again(found, now=now)


def _ask_for_webhooks(channel: Channel, connector: Connector, connection: Connection, now: datetime) -> str:
    """Why it was refused, in the platform's words; "" when it was not."""
    try:
        connector.subscribe(connection, f"{settings.PUBLIC_URL}/hooks/{endpoint_of(channel)}/")
    except (SendError, SendUncertain) as problem:
        log.info("channel %s could not be subscribed: %s", channel.pk, type(problem).__name__)
        return getattr(problem, "detail", "") or str(problem)
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(subscribed=True, missing_fields=[], subscribed_at=now, list_at=now)
        audit.record("channel.resubscribed", channel, organization=channel.organization_id, by=None, now=now)
    return ""


def _renew(channel: Channel, connector: Connector, connection: Connection, now: datetime) -> None:
    Channel.objects.filter(pk=channel.pk).update(renewed_at=now)
    try:
        renewed = connector.refresh(connection)
    except (SendError, SendUncertain) as problem:
        # People are warned before it ends; a token that is refused already shows at the next check.
        log.info("channel %s: its token could not be renewed: %s", channel.pk, type(problem).__name__)
        return
    if renewed is None:
        return
    before, (channel.token, ends) = bytes(channel.sealed_token), renewed
    with transaction.atomic():
        mine = Channel.objects.filter(pk=channel.pk, sealed_token=before)  # unless somebody gave it another meanwhile
        if mine.update(sealed_token=channel.sealed_token, token_expires_at=ends):
            audit.record("channel.token_renewed", channel, organization=channel.organization_id, by=None, now=now, ends=ends)
