"""Plain factories: each makes one thing with believable defaults, and takes what matters to the test by name."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.access import Role
from accounts.models import Location, Membership, Organization, User
from inbox import cases, waits
from inbox.models import Channel, Contact, Conversation, Finding, Message, OwnTopic, Post, Rank, ResponsePolicy, SafetyCase
from inbox.models.safety.findings import digest_of
from inbox.waits import policies
from responses.models import Template, TemplateVersion

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # noon in Montréal
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

_numbers = count(1)


def make_organization(**fields: Any) -> Organization:
    number = next(_numbers)
    organization = Organization.objects.create(
        **{"name": f"Pharmacies {number}", "slug": f"pharmacies-{number}", "kind": "pharmacy"} | fields
    )
    policies.create(organization, now=NOON - 30 * DAY)
    return organization


def make_location(organization: Organization | None = None, **fields: Any) -> Location:
    number = next(_numbers)
    defaults = {
        "organization": organization or make_organization(),
        "name": f"Pharmacie {number}",
        "short_name": f"Quartier {number}",
        "slug": f"pharmacie-{number}",
        "phone": "418 555-0142",
        "address": "12, rue du Quai, Québec",
        "booking_url": "https://example.com/rendez-vous",
    }
    return Location.objects.create(**defaults | fields)


def make_member(
    organization: Organization, role: Role = Role.STAFF, *, locations: list[Location] | None = None, **fields: Any
) -> Membership:
    """Without locations: sees them all."""
    number = next(_numbers)
    user = User.objects.create_user(
        **{"email": f"person{number}@example.com", "name": f"Person {number}", "language": "en"} | fields
    )
    member = Membership.objects.create(user=user, organization=organization, role=role, all_locations=locations is None)
    member.locations.set(locations or [])
    return member


def make_channel(location: Location | None = None, platform: str = "facebook", **fields: Any) -> Channel:
    location = location or make_location()
    number = next(_numbers)
    token = fields.pop("token", f"token-{number}")
    channel = Channel(
        **{
            "organization": location.organization,
            "location": location,
            "platform": platform,
            "external_id": f"1002003004{number:05d}",
            "name": f"{location.name} on {platform}",
            "connected_at": NOON - 30 * DAY,
        }
        | fields
    )
    channel.token = token
    channel.save()
    return channel


def make_contact(channel: Channel, **fields: Any) -> Contact:
    number = next(_numbers)
    return Contact.objects.create(
        **{"channel": channel, "external_id": f"70112233{number:05d}", "name": "Julie Exemple"} | fields
    )


def make_post(channel: Channel, **fields: Any) -> Post:
    number = next(_numbers)
    defaults = {"channel": channel, "external_id": f"{channel.external_id}_{number}", "text": "La clinique est ouverte."}
    return Post.objects.create(**defaults | fields)


def make_conversation(channel: Channel | None = None, kind: str = "comment", **fields: Any) -> Conversation:
    channel = channel or make_channel()
    number = next(_numbers)
    at = fields.pop("at", NOON)
    contact = fields.pop("contact", None) or make_contact(channel)
    thread = f"900111_{number}" if kind == "comment" else contact.external_id
    defaults = {
        "organization": channel.organization,
        "location": channel.location,
        "channel": channel,
        "platform": channel.platform,
        "kind": kind,
        "thread_id": thread,
        "contact": contact,
        "created_at": at,
        "last_message_at": at,
        "language": "fr",
    }
    return Conversation.objects.create(**defaults | fields)


def make_message(conversation: Conversation, *, at: datetime = NOON, settle: bool = True, **fields: Any) -> Message:
    """One message, and (unless told not to) the waits drawn anew from it."""
    number = next(_numbers)
    defaults = {
        "conversation": conversation,
        "channel": conversation.channel,
        "external_id": conversation.thread_id if not conversation.messages.exists() else f"900111_{number}",
        "direction": "in",
        "source": "platform",
        "text": "Êtes-vous ouverts lundi?",
        "sent_at": at,
        "received_at": at,
    }
    message = Message.objects.create(**defaults | fields)
    if settle:
        waits.settle(conversation, now=max(at, message.received_at))
        conversation.refresh_from_db()
    return message


def make_finding(message: Message, words: str = "", **fields: Any) -> Finding:
    """What triage saw in these words of a message, or in all of it; the line of the list drawn anew."""
    start = message.text.index(words)
    defaults = {
        "organization": message.conversation.organization,
        "message": message,
        "text_digest": digest_of(message, message.text),
        "family": "safety",
        "type": "adverse_event",
        "start": start,
        "end": start + len(words or message.text),
        "rule": "TEST-1",
        "triage_version": "test-1",
        "found_at": message.received_at,
    }
    finding = Finding.objects.create(**defaults | fields)
    waits.settle(message.conversation, now=message.received_at)
    return finding


def make_danger(message: Message, type: str = "self_harm", words: str = "", **fields: Any) -> Finding:
    """What triage saw of somebody in danger."""
    return make_finding(message, words, **{"family": "crisis", "type": type, "urgency": Rank.CRISIS} | fields)


def make_case(message: Message, type: str = "adverse_event", words: str = "", **fields: Any) -> SafetyCase:
    """What triage saw of a product that did harm, with the case that it opens."""
    organization = message.conversation.organization
    makers = {organization.pk} if organization.kind == Organization.Kind.MANUFACTURER else set()
    cases.open_for([make_finding(message, words, type=type, **fields)], makers)
    return message.cases.get(type=type)


def make_topic(organization: Organization, words: tuple[str, ...] = ("orthèse",), **fields: Any) -> OwnTopic:
    defaults = {"slug": f"own-ortheses-{next(_numbers)}", "name_fr": "Orthèses", "name_en": "Orthotics", "created_at": NOON}
    return OwnTopic.objects.create(organization=organization, words=list(words), **defaults | fields)


def make_waiting(
    channel: Channel | None = None, *, at: datetime = NOON, text: str = "Êtes-vous ouverts lundi?", **fields: Any
) -> Conversation:
    """A conversation with one unanswered message."""
    conversation = make_conversation(channel, at=at, **fields)
    make_message(conversation, at=at, text=text)
    return conversation


def make_version(
    organization: Organization,
    *,
    state: str = "approved",
    author: Membership | None = None,
    decider: Membership | None = None,
    **fields: Any,
) -> TemplateVersion:
    """A template with one version; approved and in force unless told otherwise."""
    author = author or make_member(organization, Role.STAFF)
    template = Template.objects.create(organization=organization, created_by=author, created_at=NOON)
    decided = state in {"approved", "changes_requested", "withdrawn", "expired", "replaced"}
    defaults = {
        "holds": fields.get("topic") == "move",
        "template": template,
        "number": 1,
        "state": state,
        "title_fr": "Heures d’ouverture",
        "title_en": "Opening hours",
        "topic": "hours",
        "audience": "both",
        "body_fr": "Bonjour {first_name}, {answer} Au plaisir!",
        "body_en": "Hi {first_name}, {answer} See you soon!",
        "author": author,
        "created_at": NOON,
        "submitted_at": None if state == "draft" else NOON,
        "decided_by": (decider or make_member(organization, Role.COMPLIANCE)) if decided else None,
        "decided_at": NOON if decided else None,
    }
    version = TemplateVersion.objects.create(**defaults | fields)
    if version.state == TemplateVersion.State.APPROVED:
        template.in_force = version
        template.save(update_fields=["in_force"])
    return version


def policy_of(organization: Organization) -> ResponsePolicy:
    return ResponsePolicy.objects.filter(organization=organization).order_by("-version")[0]
