"""Telling people in the app, once a thing."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox import live
from inbox.models import Conversation, Notice


def who_answers(location_id: int, organization_id: int) -> QuerySet[Membership]:
    """Everybody who may answer at a location."""
    members = Membership.objects.active().filter(organization=organization_id)
    return members.with_permission(Permission.REPLY).who_see(location_id)


def tell(members: Iterable[Membership], kind: Notice.Kind, conversation: Conversation, *, key: str, now: datetime) -> None:
    """Leave each member a notice. The same key is told once, however often this is called."""
    Notice.objects.bulk_create(
        [Notice(membership=member, kind=kind, conversation=conversation, key=key, created_at=now) for member in members],
        ignore_conflicts=True,
    )
    live.nudge(conversation.organization_id)


def read(membership: Membership, *, now: datetime, conversation: Conversation | None = None) -> int:
    unread = Notice.objects.filter(membership=membership, read_at=None)
    if conversation:
        unread = unread.filter(conversation=conversation)
    return unread.update(read_at=now)
