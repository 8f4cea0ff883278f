"""Telling people in the app, once a thing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox import live
from inbox.models import Channel, Conversation, Notice, SafetyCase

About = Conversation | SafetyCase | Channel | None  # None: Comptoir itself


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


def who_judges_safety(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who may work on the safety cases of a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.FINDINGS_SAFETY).who_see(location_id)


def who_sees_all(organization_id: int) -> QuerySet[Membership]:
    """Everybody who sees the whole organization, for what must not be told to nobody."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.INBOX_VIEW).filter(all_locations=True)


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
    about: About,
    *,
    key: str,
    now: datetime,
    by_mail: bool = False,
) -> None:
    """Leave each member a notice. The same key is told once, however often this is called."""
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


def read(membership: Membership, about: About, *, now: datetime) -> None:
    """All that was said of it."""
    Notice.objects.filter(membership=membership, read_at=None, **_subject(about)).update(read_at=now)


def settle(case: SafetyCase, *, but: Iterable[Notice.Kind], now: datetime) -> None:
    """What was told of a case and no longer holds is read everywhere, and no mail of it leaves any more."""
    over = Notice.objects.filter(case=case).exclude(kind__in=but)
    over.filter(read_at=None).update(read_at=now)
    over.exclude(mail_at=None).update(mail_at=None)


def forget(case: SafetyCase) -> None:
    """Something that was said of a case was taken back: what its clocks have come to is told anew."""
    Notice.objects.filter(case=case).delete()


def _subject(about: About) -> dict[str, Any]:
    conversation = about.message.conversation if isinstance(about, SafetyCase) else about
    return {
        "case": about if isinstance(about, SafetyCase) else None,
        "channel": about if isinstance(about, Channel) else None,
        "conversation": conversation if isinstance(conversation, Conversation) else None,
    }
