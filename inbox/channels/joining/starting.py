"""From a page that somebody chose to one whose first event is seen: connected, subscribed, checked."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, Membership
from inbox import platforms
from inbox.channels.calling import calling
from inbox.channels.joining.connecting import connect
from inbox.models import Channel, Message
from inbox.platforms.base import Health, SendError, SendUncertain
from inbox.platforms.consent import Candidate


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
    asked = channel.checked_at is not None
    return [
        Step(_("The platform accepts the access token"), not channel.problem if asked else None),
        Step(
            _("All permissions were given"),
            not channel.missing_permissions if asked else None,
            _("Connect it again, and agree to everything that the dialog asks."),
        ),
        Step(
            _("The platform sends its webhooks here"),
            channel.subscribed,
            _("Comptoir asks for them again every quarter of an hour, and says on the page’s own page what stands in the way."),
        ),
    ]


def first_event(channel: Channel) -> Message | None:
    """The first thing that came since it was connected, and is seen in the inbox."""
    since = Message.objects.filter(channel=channel, received_at__gte=channel.connected_at)
    return since.select_related("conversation").order_by("received_at", "pk").first()
