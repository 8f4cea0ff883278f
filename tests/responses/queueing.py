"""Replies on their way, as the tests of the outbox want them."""

from uuid import uuid4

from accounts.models import Membership
from inbox.models import Conversation
from responses import replies
from responses.models import Reply
from responses.replies import Words
from tests.factories import NOON, SECOND, make_version

TEN = 10 * SECOND  # the time to take a reply back


def queue(conversation: Conversation, by: Membership, *, answer="oui, jusqu’à 21 h.", mode="", now=NOON, **says) -> Reply:
    """says: what its version says otherwise than most."""
    version = make_version(conversation.organization, **says)
    words = Words(version=version, language="fr", filled={"answer": answer, "first_name": "Julie"})
    return replies.compose(conversation, by=by, now=now, words=words, mode=mode, key=uuid4())


def state_of(reply: Reply) -> str:
    reply.refresh_from_db()
    return reply.state
