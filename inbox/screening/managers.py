"""What a manager answers and nobody else: a message of the media, and of who threatens with the law."""

from collections.abc import Set

from django.db.models import Q, QuerySet

from accounts.access import Permission
from accounts.models import Membership
from inbox.models import Conversation, Finding, Message, Wait
from inbox.news import notices
from inbox.triage.findings import Family
from inbox.triage.topics.names import Topic

TYPES = frozenset({Topic.MEDIA_REQUEST.value, "legal"})


def unanswered(conversation: Conversation, types: Set[str] = TYPES) -> "QuerySet[Finding]":
    """What keeps it to them: until one of us answers, its author takes it back, or a person says that it is not so.

    Closing it frees it for nobody. What was said in the public half counts where the clock runs on in the private one.
    """
    here = Q(message__conversation=conversation) | Q(message__wait__conversation=conversation)
    answered = Q(message__wait__isnull=False, message__wait__outcome=Wait.Outcome.ANSWERED)
    found = Finding.objects.standing().filter(here, ~answered, family=Family.ROUTE, type__in=types)
    return found.filter(message__historic=False, message__removed_at=None, message__direction=Message.Direction.IN)


def who(conversation: Conversation) -> list[Membership]:
    """Its managers. Where there is none, everybody who answers there: somebody has to."""
    members = Membership.objects.active().filter(organization=conversation.organization_id)
    managers = list(members.with_permission(Permission.REPLY_RESERVED).who_see(conversation.location_id))
    return managers or list(notices.who_answers(conversation.location_id, conversation.organization_id))


def may_answer(conversation: Conversation, member: Membership) -> bool:
    return member.may(Permission.REPLY_RESERVED) or member in who(conversation)
