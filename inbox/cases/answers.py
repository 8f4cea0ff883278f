"""What may be answered where somebody told of an adverse event: words approved for it, as no reply may judge what caused it."""

from django.db.models import Q, QuerySet

from inbox.models import Conversation, Finding, SafetyCase

ADVERSE_EVENT = SafetyCase.Type.ADVERSE_EVENT


def waiting(conversation: Conversation) -> "QuerySet[SafetyCase]":
    """Until it is answered; where a report is owed, until it was passed on. Also where it was told in the public half."""
    here = Q(message__conversation=conversation) | Q(message__wait__conversation=conversation)
    unanswered = Q(message__wait__isnull=False, message__wait__ended_at=None)
    owed = Q(duty=True, forwarded_at=None)
    return SafetyCase.objects.standing().filter(here, unanswered | owed, type=ADVERSE_EVENT)


def tells_of_harm(conversation: Conversation) -> bool:
    """Whether anything said here tells of an adverse event, answered or not."""
    return Finding.objects.standing().filter(message__conversation=conversation, type=ADVERSE_EVENT).exists()
