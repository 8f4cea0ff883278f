"""Telling people in the app, once a thing."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox import live
from inbox.models import Channel, Conversation, Notice


def who_answers(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who may answer at a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.REPLY).who_see(location_id)


def who_watches(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who looks after the pages of a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.CHANNELS_VIEW).who_see(location_id)


def tell(
    members: Iterable[Membership],
    kind: Notice.Kind,
    about: Conversation | Channel,
    *,
    key: str,
    now: datetime,
    by_mail: bool = False,
) -> None:
    """Leave each member a notice. The same key is told once, however often this is called."""
    told = {"kind": kind, "key": key, "created_at": now, "mail_at": now if by_mail else None, **_subject(about)}
    Notice.objects.bulk_create([Notice(membership=member, **told) for member in members], ignore_conflicts=True)
    live.nudge(about.organization_id)


def read(membership: Membership, *, now: datetime, about: Conversation | Channel | None = None) -> int:
    unread = Notice.objects.filter(membership=membership, read_at=None)
    if about:
        unread = unread.filter(**_subject(about))
    return unread.update(read_at=now)


def _subject(about: Conversation | Channel) -> dict[str, Conversation | Channel]:
    return {"channel": about} if isinstance(about, Channel) else {"conversation": about}
