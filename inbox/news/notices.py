"""Telling people in the app, once a thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox import live
from inbox.models import Channel, Conversation, Notice, SafetyCase


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a layer above this one keeps, in words of the reader: `words` is what there is to say of it."""

    organization_id: int
    address: str
    title: str
    words: str = ""


About = Conversation | SafetyCase | Channel | Elsewhere | None  # None: Comptoir itself


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
    by_mail: bool | datetime = False,
) -> None:
    """Leave each member a notice. The same key is told once, however often this is called. by_mail: at once, or then."""
    members = list(members)
    told = {"kind": kind, "key": key, "created_at": now, "mail_at": _mail_at(by_mail, now), **_subject(about)}
    if isinstance(about, Elsewhere):
        told |= {"title": about.title[:100], "words": about.words}
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


def _mail_at(by_mail: bool | datetime, now: datetime) -> datetime | None:
    return (now if by_mail else None) if isinstance(by_mail, bool) else by_mail


def read_all(membership: Membership, *, now: datetime) -> None:
    Notice.objects.filter(membership=membership, read_at=None).update(read_at=now)


def read(membership: Membership, about: About | str, *, now: datetime) -> None:
    """All that was said of it, or of what stands at this address."""
    Notice.objects.filter(membership=membership, read_at=None, **_subject(about)).update(read_at=now)


def read_together(notice: Notice, *, now: datetime) -> None:
    """All of its kind that one look at the calendar told this member."""
    told = Notice.objects.filter(membership=notice.membership_id, kind=notice.kind, created_at=notice.created_at)
    told.filter(read_at=None).update(read_at=now)


def settle(case: SafetyCase, *, but: Iterable[Notice.Kind], now: datetime) -> None:
    """What was told of a case and no longer holds is read everywhere, and no mail of it leaves any more."""
    _end(Notice.objects.filter(case=case).exclude(kind__in=but), now)


def over(address: str, *, now: datetime) -> None:
    """The same of all that was told of what stands at this address."""
    _end(Notice.objects.filter(address=address), now)


def _end(over: QuerySet[Notice], now: datetime) -> None:
    over.filter(read_at=None).update(read_at=now)
    over.exclude(mail_at=None).update(mail_at=None)


def forget(case: SafetyCase) -> None:
    """Something that was said of a case was taken back: what its clocks have come to is told anew."""
    Notice.objects.filter(case=case).delete()


def _subject(about: About | str) -> dict[str, Any]:
    conversation = about.message.conversation if isinstance(about, SafetyCase) else about
    return {
        "case": about if isinstance(about, SafetyCase) else None,
        "channel": about if isinstance(about, Channel) else None,
        "conversation": conversation if isinstance(conversation, Conversation) else None,
        "address": about.address if isinstance(about, Elsewhere) else about if isinstance(about, str) else "",
    }
