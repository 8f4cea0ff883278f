"""What a manager answers and nobody else: a message of the media, and of who threatens with the law. They are told once of it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox.models import Conversation, Finding, Message, Notice, Wait
from inbox.news import notices
from inbox.triage.findings import Family
from inbox.triage.topics.names import Topic

TYPES = frozenset({Topic.MEDIA_REQUEST.value, "legal"})
NEWS = timedelta(days=1)  # since it was taken in, of what nobody waits with: what new rules find in older words is told to nobody


def unanswered(conversation: Conversation) -> "QuerySet[Finding]":
    """What keeps it to them: until one of us answers, its author takes it back, or a person says that it is not so.

    Closing it frees it for nobody. What was said in the public half counts where the clock runs on in the private one.
    """
    here = Q(message__conversation=conversation) | Q(message__wait__conversation=conversation)
    answered = Q(message__wait__isnull=False, message__wait__outcome=Wait.Outcome.ANSWERED)
    found = Finding.objects.standing().filter(here, ~answered, family=Family.ROUTE, type__in=TYPES)
    return found.filter(message__historic=False, message__removed_at=None, message__direction=Message.Direction.IN)


def who(conversation: Conversation) -> list[Membership]:
    """Its managers. Where there is none, everybody who answers there: somebody has to."""
    members = Membership.objects.active().filter(organization=conversation.organization_id)
    managers = list(members.with_permission(Permission.REPLY_RESERVED).who_see(conversation.location_id))
    return managers or list(notices.who_answers(conversation.location_id, conversation.organization_id))


def may_answer(conversation: Conversation, member: Membership) -> bool:
    return member.may(Permission.REPLY_RESERVED) or member in who(conversation)


def tell(findings: Iterable[Finding], *, now: datetime) -> None:
    """In the transaction that writes what was found. Who was told of one message of a conversation is not told of the next
    before that one is answered.
    """
    told = defaultdict(set)
    for finding in findings:
        if finding.type in TYPES and _is_news(finding.message, now):
            told[finding.message.conversation_id].add(finding.message)
    for messages in told.values():
        conversation, keys = next(iter(messages)).conversation, {message.pk for message in messages}
        if unanswered(conversation).exclude(message__in=keys).exists():
            continue
        key = f"reserved:{min(keys)}"
        notices.tell(who(conversation), Notice.Kind.RESERVED, conversation, key=key, now=now, by_mail=True)


def _is_news(message: Message, now: datetime) -> bool:
    if message.historic or message.direction != Message.Direction.IN:
        return False
    if message.wait:
        return message.wait.ended_at is None
    return now - (message.visible_at or message.received_at) <= NEWS
