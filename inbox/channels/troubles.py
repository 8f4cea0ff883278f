"""When something began to be wrong with a page, and when it was well again: each told once, however often it is found."""

from datetime import datetime

from inbox import live
from inbox.models import Channel, Trouble
from inbox.platforms.base import Reason

Kind = Trouble.Kind

# Why a platform refused, where the reason blocks all sending for the page until somebody acts.
BLOCKING = {Reason.TOKEN_DEAD: Kind.TOKEN_DEAD, Reason.PERMISSION: Kind.PERMISSION}


def begin(channel: Channel, kind: Kind, *, since: datetime, now: datetime, detail: str = "") -> Trouble | None:
    """None: it was known already."""
    trouble = Trouble(channel=channel, kind=kind, since=min(since, now), found_at=now, detail=detail[:300])
    Trouble.objects.bulk_create([trouble], ignore_conflicts=True)
    begun = Trouble.objects.open().filter(channel=channel, kind=kind, found_at=now).first()
    live.nudge(channel.organization_id)
    return begun


def end(channel: Channel, *kinds: Kind, at: datetime, ending: str = "") -> bool:
    """Whether anything of this kind was wrong until then."""
    ended = Trouble.objects.open().filter(channel=channel, kind__in=kinds).update(ended_at=at, ending=ending)
    if ended:
        live.nudge(channel.organization_id)
    return bool(ended)


def block(channel: Channel, reason: Reason, *, since: datetime, now: datetime, detail: str = "") -> None:
    """The platform refuses this page until somebody acts: nothing is sent for it any more."""
    Channel.objects.filter(pk=channel.pk).update(problem=reason, problem_at=now)
    begin(channel, BLOCKING[reason], since=since, now=now, detail=detail)


def unblock(channel: Channel, *, now: datetime) -> None:
    """The platform took something for this page again."""
    Channel.objects.filter(pk=channel.pk).exclude(problem="").update(problem="", problem_at=None)
    end(channel, *BLOCKING.values(), at=now)
