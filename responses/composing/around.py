"""What a reply is read together with: the thread above it, whose page it is, who may be named."""

from accounts.models import Membership
from inbox.models import Conversation, Message
from responses import guard
from responses.models import TemplateVersion
from responses.texts.products import own_products
from responses.texts.readiness import SELLING

READ = 20  # messages of a thread: the newest


def around(conversation: Conversation, version: TemplateVersion | None) -> guard.Around:
    """What the rules make of it depends on whether everybody reads along: each says so itself."""
    theirs = conversation.messages.filter(direction=Message.Direction.IN, removed_at=None).order_by("-sent_at", "-pk")
    said = list(theirs.values_list("text", "topics")[:READ])
    topics = {version.topic} if version else set(said[0][1] if said else ())
    post = conversation.post.text if conversation.post else ""
    return guard.Around(
        thread="\n".join([post, *(text for text, _topics in said)]),
        own=own_products(conversation.organization),
        sells=not SELLING.isdisjoint(topics),
        people=_people(conversation),
    )


def _people(conversation: Conversation) -> tuple[str, ...]:
    team = Membership.objects.active().filter(organization=conversation.organization_id)
    contact = conversation.contact
    mine = [contact.name, contact.first_name] if contact else []
    return tuple(filter(None, [*team.values_list("user__name", flat=True), *mine]))
