"""What a platform tells in a webhook: of which pages, and of a page itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from inbox.channels import troubles
from inbox.models import Channel, Trouble
from inbox.platforms.base import AccessChanged, Enforcement, Event, PolicyEnforced, Reason, Receipt, Status

Held = dict[tuple[str, str], Channel]
FRESH = timedelta(hours=1)


def hold(events: Sequence[Event]) -> Held:
    """The channels that these events concern, each held by one worker at a time, always in the same order."""
    named = Q(external_id__in={event.channel_id for event in events})
    for event in events:
        if isinstance(event, AccessChanged) and event.setting:
            named |= Q(platform=event.platform, settings__contains=dict([event.setting]))
        if isinstance(event, AccessChanged) and event.grantor:
            named |= Q(platform=event.platform, grantor_id=event.grantor)
    locked = Channel.objects.connected().filter(named).order_by("pk").select_for_update(no_key=True)
    found = {(channel.platform, channel.external_id): channel for channel in locked}
    wanted = {channel.pk for event in events for channel in concerned(event, found)}
    return {key: channel for key, channel in found.items() if channel.pk in wanted}


def concerned(event: Event, held: Held) -> list[Channel]:
    """The channel that an event names, or all those that stand on one account or one person's consent."""
    if isinstance(event, AccessChanged) and (event.setting or event.grantor):
        return [channel for channel in held.values() if channel.platform == event.platform and _stands_on(channel, event)]
    channel = held.get((event.platform, event.channel_id))
    return [channel] if channel else []


def _stands_on(channel: Channel, event: AccessChanged) -> bool:
    if event.grantor:
        return channel.grantor_id == event.grantor
    name, value = event.setting or ("", "")
    return channel.settings.get(name) == value


def access_changed(channel: Channel, event: AccessChanged, *, at: datetime, now: datetime) -> None:
    """A permission came or went: what is missing is known before a send fails, and the platform is asked for the rest."""
    missing = set(channel.missing_permissions) - {event.what} if event.granted else {*channel.missing_permissions, event.what}
    channel.missing_permissions, channel.check_at = sorted(missing), now  # also for what is told next while this one is held
    if event.granted and channel.problem == Reason.PERMISSION and not missing:
        channel.problem, channel.problem_at = "", None  # refused for want of it, and worth a try now
    channel.save(update_fields=["missing_permissions", "check_at", "problem", "problem_at"])
    if missing:
        detail = event.detail or ", ".join(sorted(missing))
        troubles.begin(channel, Trouble.Kind.PERMISSION, since=at, now=now, detail=detail)
    else:
        troubles.end(channel, Trouble.Kind.PERMISSION, at=at)


def policy_enforced(channel: Channel, event: PolicyEnforced, *, at: datetime, now: datetime) -> None:
    """No question about the page tells this: it stands until the platform says otherwise, or somebody connects the page again."""
    match event.action:
        case Enforcement.FORBIDDEN:
            troubles.begin(channel, Trouble.Kind.MESSAGES_FORBIDDEN, since=at, now=now, detail=event.detail)
        case Enforcement.ALLOWED:
            troubles.end(channel, Trouble.Kind.MESSAGES_FORBIDDEN, at=at)
        case Enforcement.WARNED:
            troubles.happened(channel, Trouble.Kind.WARNED, at=at, now=now, detail=event.detail)


def refused_later(channel: Channel, event: Receipt, *, at: datetime, now: datetime) -> None:
    """Accepted at first, and told later that it was not: what would meet the next one too stops the page, as a refusal does."""
    fresh = now - at < FRESH  # not one that is told again after all is well
    if event.status is Status.FAILED and event.reason in troubles.BLOCKING and fresh:
        troubles.block(channel, event.reason, since=at, now=now, detail=event.detail)


def greeted(channel: Channel, *, now: datetime) -> None:
    """It is there: whatever was held against it is asked about at the next tick."""
    Channel.objects.filter(Q(checked_at=None) | ~Q(problem=""), pk=channel.pk).update(check_at=now)


def look_soon(channel: Channel, *, now: datetime) -> None:
    """Something happened that the webhook does not tell: compare with the platform's list at the next tick."""
    Channel.objects.filter(pk=channel.pk).update(list_at=now)
