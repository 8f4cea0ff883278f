"""When something began to be wrong with a page, and when it was well again: each told once, however often it is found."""

from collections.abc import Collection
from datetime import datetime, timedelta

from inbox import live
from inbox.channels import telling
from inbox.models import Channel, Trouble
from inbox.platforms.base import Reason
from inbox.triage.identifiers.unread import masked

Kind = Trouble.Kind
SOON = timedelta(seconds=10)

# Why a platform refused, where the reason blocks all sending for the page until somebody acts.
BLOCKING = {
    Reason.TOKEN_DEAD: Kind.TOKEN_DEAD,
    Reason.PERMISSION: Kind.PERMISSION,
    Reason.OUTDATED: Kind.OUTDATED,
    Reason.POLICY_BLOCK: Kind.BLOCKED,
    Reason.ACCOUNT_LOCKED: Kind.BLOCKED,
}


def begin(channel: Channel, kind: Kind, *, since: datetime, now: datetime, detail: str = "", told: bool = True) -> Trouble | None:
    """None: it was known already. told: whether people hear of it; else whoever calls sees to that."""
    row = Trouble(channel=channel, kind=kind, since=min(since, now), found_at=now, detail=masked(detail)[:300])
    Trouble.objects.bulk_create([row], ignore_conflicts=True)
    # Who lost to another process finds its row, found at another moment.
    begun = Trouble.objects.open().select_related("channel").filter(channel=channel, kind=kind, found_at=now).first()
    if begun and told:
        telling.trouble(begun, now=now)
    live.nudge(channel.organization_id)
    return begun


def happened(channel: Channel, kind: Kind, *, at: datetime, now: datetime, detail: str = "") -> None:
    """Something of a moment, told once however often it comes."""
    fields = {"channel": channel, "kind": kind, "since": at, "ended_at": at, "detail": masked(detail)[:300]}
    if not Trouble.objects.filter(**fields).exists():  # whoever calls holds the channel
        telling.trouble(Trouble.objects.create(**fields, found_at=now), now=now)
        live.nudge(channel.organization_id)


def messages_forbidden(channel: Channel) -> bool:
    return Trouble.objects.open().filter(channel=channel, kind=Kind.MESSAGES_FORBIDDEN).exists()


def end(channel: Channel, *kinds: Kind, at: datetime, ending: str = "") -> bool:
    """Whether anything of this kind was wrong until then."""
    ended = Trouble.objects.open().filter(channel=channel, kind__in=kinds).update(ended_at=at, ending=ending)
    if ended:
        live.nudge(channel.organization_id)
    return bool(ended)


def block(channel: Channel, reason: Reason, *, since: datetime, now: datetime, detail: str = "", anew: bool = False) -> None:
    """The platform refuses whatever is sent for this page. How it sees the page otherwise is asked at once.

    anew: whether it counts from now although it was known.
    """
    row = Channel.objects.filter(pk=channel.pk)
    if not anew:
        row = row.exclude(problem=reason)
    row.update(problem=reason, problem_at=now)
    Channel.objects.filter(pk=channel.pk, check_at__gt=now + SOON).update(check_at=now + SOON)
    begin(channel, BLOCKING[reason], since=since, now=now, detail=detail)


def blocked(among: Collection[Channel]) -> list[Channel]:
    """Those for which the platform is known to refuse whatever is sent."""
    known = Trouble.objects.open().filter(channel__in=among, kind__in=BLOCKING.values()).order_by()
    troubled = set(known.values_list("channel", flat=True))
    return [channel for channel in among if channel.problem in BLOCKING or channel.pk in troubled]


def unblock(channel: Channel, *reasons: Reason, now: datetime) -> None:
    """The platform took something for this page again."""
    reasons = reasons or tuple(BLOCKING)
    Channel.objects.filter(pk=channel.pk, problem__in=reasons).update(problem="", problem_at=None)
    end(channel, *(BLOCKING[reason] for reason in reasons), at=now)
