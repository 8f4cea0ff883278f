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


def who_reviews(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who reviews the misses of a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.MISSES_REVIEW).who_see(location_id)


def who_is_handed(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody to whom a conversation of a location may be given: who answers there, and whose advice is asked."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.INBOX_HAND_ON).who_see(location_id)


def who_watches(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who looks after the pages of a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.CHANNELS_VIEW).who_see(location_id)


def who_watches_all() -> QuerySet[Membership]:
    """Everybody who looks after pages, wherever: what ails Comptoir itself ails all of them."""
    return Membership.objects.active().with_permission(Permission.CHANNELS_VIEW)


def tell(
    members: Iterable[Membership],
    kind: Notice.Kind,
    about: Conversation | Channel | None,
    *,
    key: str,
    now: datetime,
    by_mail: bool = False,
) -> None:
    """Leave each member a notice. The same key is told once, however often this is called. about: None for Comptoir itself."""
    members = list(members)
    told = {"kind": kind, "key": key, "created_at": now, "mail_at": now if by_mail else None, **_subject(about)}
    Notice.objects.bulk_create([Notice(membership=member, **told) for member in members], ignore_conflicts=True)
    for organization in {about.organization_id} if about else {member.organization_id for member in members}:
        live.nudge(organization)


def tell_again(members: Iterable[Membership], kind: Notice.Kind, about: Conversation, *, key: str, now: datetime) -> None:
    """The same, by mail as well, and anew each time it is called: unread again, and on top."""
    told = {"kind": kind, "key": key, "created_at": now, "mail_at": now, "conversation": about}
    anew = ["kind", "created_at", "read_at", "mail_at"]
    rows = [Notice(membership=member, **told) for member in members]
    Notice.objects.bulk_create(rows, update_conflicts=True, unique_fields=["membership", "key"], update_fields=anew)
    live.nudge(about.organization_id)


def read_all(membership: Membership, *, now: datetime) -> None:
    Notice.objects.filter(membership=membership, read_at=None).update(read_at=now)


def read(membership: Membership, about: Conversation | Channel | None, *, now: datetime) -> None:
    """All that was said of it."""
    Notice.objects.filter(membership=membership, read_at=None, **_subject(about)).update(read_at=now)


def _subject(about: Conversation | Channel | None) -> dict[str, Conversation | Channel | None]:
    return {
        "channel": about if isinstance(about, Channel) else None,
        "conversation": about if isinstance(about, Conversation) else None,
    }
