"""Whose work a message is beside the counter's: a manager's, the privacy officer's, compliance's. They are told once of it."""

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts.access import Permission
from accounts.models import Membership
from inbox.models import Conversation, Finding, Message, Notice
from inbox.news import notices
from inbox.screening import managers
from inbox.triage.topics.names import Topic

NEWS = timedelta(days=1)  # since it was taken in, of what nobody waits with: what new rules find in older words is told to nobody


class Office(NamedTuple):
    types: Set[str]
    permission: Permission
    kind: Notice.Kind


OFFICES = (
    Office(managers.TYPES, Permission.REPLY_RESERVED, Notice.Kind.RESERVED),
    Office({Topic.PRIVACY_REQUEST, Topic.PRIVACY_INCIDENT}, Permission.PRIVACY_HANDLE, Notice.Kind.PRIVACY),
    Office({"ad_complaint"}, Permission.ADVERTISING_HANDLE, Notice.Kind.ADVERTISING),
)


def who(office: Office, conversation: Conversation) -> list[Membership]:
    """Where nobody holds it, managers do; where there is none, everybody who answers there."""
    members = Membership.objects.active().filter(organization=conversation.organization_id)
    holders = list(members.with_permission(office.permission).who_see(conversation.location_id))
    return holders or managers.who(conversation)


def tell(findings: Iterable[Finding], *, now: datetime) -> None:
    """In the transaction that writes what was found."""
    news = [finding for finding in findings if _is_news(finding.message, now)]
    for office in OFFICES:
        _tell(office, [finding.message for finding in news if finding.type in office.types], now)


def _tell(office: Office, messages: Iterable[Message], now: datetime) -> None:
    """Who was told of one message of a conversation is not told of the next before that one is answered."""
    told = defaultdict(set)
    for message in messages:
        told[message.conversation_id].add(message)
    for those in told.values():
        conversation, keys = next(iter(those)).conversation, {message.pk for message in those}
        if not managers.unanswered(conversation, office.types).exclude(message__in=keys).exists():
            key = f"{office.kind}:{min(keys)}"
            notices.tell(who(office, conversation), office.kind, conversation, key=key, now=now, by_mail=True)


def _is_news(message: Message, now: datetime) -> bool:
    if message.historic or message.direction != Message.Direction.IN:
        return False
    if message.wait:
        return message.wait.ended_at is None
    return now - (message.visible_at or message.received_at) <= NEWS
