"""From a page that somebody chose to one whose first event is seen: connected, subscribed, checked."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Location, Membership
from inbox import platforms
from inbox.channels.calling import calling
from inbox.channels.joining.connecting import connect
from inbox.models import Channel, Gap, Message
from inbox.models.channels import ChannelQuerySet
from inbox.platforms.base import Health, Kind, SendError, SendUncertain
from inbox.platforms.consent import Candidate

CLOCKS_DIFFER = timedelta(minutes=1)  # the platforms' from ours; without it the oldest messages would be read each time


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must hold. done: None where the platform does not tell, or nobody has asked it yet."""

    words: str | Promise
    done: bool | None
    advice: str | Promise = ""


def start(candidate: Candidate, place: Location, *, by: Membership, now: datetime) -> Channel:
    """Connect it, ask for its webhooks, and ask the platform what it says of it. Raises AlreadyConnected."""
    channel = connect(
        place,
        candidate.platform,
        external_id=candidate.external_id,
        name=candidate.name,
        token=candidate.token,
        by=by,
        now=now,
        settings=candidate.settings,
        refresh_token=candidate.refresh_token,
    )
    told = {"grantor_id": candidate.grantor_id, "token_expires_at": candidate.expires_at}
    Channel.objects.filter(pk=channel.pk).update(missing_permissions=sorted(candidate.missing), **told)
    channel.refresh_from_db()
    subscribe(channel, now=now)
    return channel


def subscribe(channel: Channel, *, now: datetime) -> None:
    """Ask for its webhooks, and in any case for its health: what the platform refuses is seen on the page's own page."""
    connector = platforms.get(channel.platform)
    callback = f"{settings.PUBLIC_URL}/hooks/{connector.family}/"
    with suppress(SendError, SendUncertain), calling(channel, now=now) as connection:
        connector.subscribe(connection, callback)
    with suppress(SendError, SendUncertain), calling(channel, now=now) as connection:
        _note(channel, connector.check(connection), now)


def _note(channel: Channel, health: Health, now: datetime) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        subscribed=health.subscribed,
        missing_fields=list(health.missing_fields),
        missing_permissions=sorted({*channel.missing_permissions, *health.missing_permissions}),
        token_expires_at=health.token_expires_at or channel.token_expires_at,
        access_expires_at=health.access_expires_at,
        checked_at=now,
    )


def steps(channel: Channel) -> list[Step]:
    connector = platforms.get(channel.platform)
    if channel.shares_secret:
        return []  # a site is asked for nothing: that it is heard of is all there is to see
    asked = channel.checked_at is not None
    return [
        Step(_("The platform accepts the access token"), not channel.problem if asked else None),
        Step(
            _("All permissions were given"),
            not channel.missing_permissions if asked else None,
            _("Connect it again, and agree to everything that the dialog asks."),
        ),
        _hearing(channel) if connector.speaks() else _looking(channel),
    ]


def _hearing(channel: Channel) -> Step:
    return Step(
        _("The platform sends its webhooks here"),
        channel.subscribed,
        _("Comptoir asks for them again every quarter of an hour, and says on the page’s own page what stands in the way."),
    )


def _looking(channel: Channel) -> Step:
    return Step(
        _("Comptoir can read what is written there"),
        False if channel.list_problem else True if channel.listed_at else None,
        _("Comptoir tries again by itself, and says on the page’s own page what stands in the way."),
    )


def awaited(channel: Channel) -> str:
    """What to do there so that a first event comes, and how soon it is seen."""
    connector = platforms.get(channel.platform)
    words = _AWAITED.get(connector.kinds, _ANYTHING) if connector.speaks() else _LOOKED_FOR
    there = channel.name if channel.shares_secret else channel.get_platform_display()
    return str(words) % {"platform": there, "minutes": int(connector.list_every.total_seconds() // 60)}


_LOOKED_FOR = _(
    "%(platform)s sends nothing by itself: every %(minutes)d min, Comptoir looks for new comments. Write one there, as anybody "
    "would: the first that is found appears here, and you know that it works."
)
_ANYTHING = _(
    "Write a comment or a message on %(platform)s, as anybody would: it appears here within seconds, and you know that it works."
)
_AWAITED: dict[tuple[Kind, ...], str | Promise] = {
    (Kind.COMMENT,): _(
        "Write a comment on %(platform)s, as anybody would: it appears here within seconds, and you know that it works."
    ),
    (Kind.MESSAGE,): _(
        "Write a message on %(platform)s, as anybody would: it appears here within seconds, and you know that it works."
    ),
    (Kind.REVIEW,): _(
        "Have a review written on %(platform)s: it appears here once the platform has told of it, and you know that it works."
    ),
}


# --- the first event ---------------------------------------------------------------------------------


def first_event(channel: Channel) -> Message | None:
    """The first that proves the connection: what somebody wrote since, and reached us by the way that was just set up."""
    [since] = _since(Channel.objects.filter(pk=channel.pk)).values_list("since", flat=True)
    proofs = _proofs(channel.pk, since).select_related("conversation__contact")
    return proofs.order_by("sent_at", "pk").first()


def waiting(channels: Iterable[Channel]) -> set[int]:
    """Which of these are connected, and wait for their first event."""
    rows = Channel.objects.connected().filter(pk__in=[channel.pk for channel in channels])
    proven = Exists(_proofs(OuterRef("pk"), OuterRef("since")))
    return set(_since(rows).exclude(proven).values_list("pk", flat=True))


def _since(channels: ChannelQuerySet) -> QuerySet[Any, Any]:
    """With `since`: when somebody last connected it, as what its old token brought proves nothing of the new one."""
    joined = AuditEntry.objects.filter(
        organization=OuterRef("organization"),
        subject_type=Channel._meta.label_lower,
        subject_id=OuterRef("pk"),
        action__in=["channel.connected", "channel.reconnected"],
    )
    return channels.annotate(since=Coalesce(Subquery(joined.order_by("-pk").values("at")[:1]), "connected_at"))


def _proofs(channel: Any, since: Any) -> QuerySet[Message]:
    """What a platform that speaks did not tell, and we found by looking, proves nothing."""
    silent = [connector.slug for connector in platforms.connectors() if not connector.speaks()]
    found = Gap.objects.filter(channel=OuterRef("channel"), external_id=OuterRef("external_id"), kind=Gap.Kind.MISSING)
    theirs = Message.objects.filter(channel=channel, direction=Message.Direction.IN, historic=False)
    new = theirs.filter(received_at__gte=since, sent_at__gte=since - CLOCKS_DIFFER)
    return new.filter(Q(channel__platform__in=silent) | ~Exists(found))
