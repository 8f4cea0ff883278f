"""What a session shows unmasked just now, and until when."""

from collections.abc import Collection
from datetime import datetime, timedelta

from accounts.access import Permission
from accounts.web.requests import MemberRequest
from inbox.models import Conversation, Message
from inbox.models.safety.findings import digest_of

SHOWN_FOR = timedelta(minutes=5)
UNMASKED = "unmasked"  # in the session


def key_of(message: Message) -> str:
    """One version of a message: an edit is masked again."""
    return f"{message.pk}:{digest_of(message, message.text)}"


def key_of_person(conversation: Conversation) -> str:
    return f"contact:{conversation.contact_id}"


def unmasked(request: MemberRequest, now: datetime) -> Collection[str]:
    """Who may no longer see it sees it no longer."""
    return frozenset(_until(request, now)) if request.membership.may(Permission.INBOX_IDENTIFIERS) else frozenset()


def remember(request: MemberRequest, key: str, now: datetime) -> None:
    until = _until(request, now) | {key: (now + SHOWN_FOR).timestamp()}
    request.session[UNMASKED] = {"by": request.membership.pk, "until": until}


def _until(request: MemberRequest, now: datetime) -> dict[str, float]:
    """Of the member who works here now; what is over is left out."""
    held = request.session.get(UNMASKED) or {}
    until = held.get("until", {}) if held.get("by") == request.membership.pk else {}
    return {key: moment for key, moment in until.items() if moment > now.timestamp()}
