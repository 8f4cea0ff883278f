"""What tests/test_urls.py needs to ask each URL: a world with a row of everything, and arguments for each URL that takes any.

A new URL with arguments needs one line in EXAMPLES. Every text of the world carries a marker, so that a leak shows by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.access import Permission, Role, permissions_of
from accounts.models import Invitation, Location, Membership, Organization
from accounts.team import invitations
from inbox import waits
from inbox.models import (
    CaseReport,
    Channel,
    Conversation,
    Delivery,
    Finding,
    Message,
    MessageAction,
    Notice,
    OwnTopic,
    Pulse,
    SafetyCase,
    Wait,
)
from responses.models import Reply, TemplateVersion
from tests.factories import (
    make_case,
    make_channel,
    make_contact,
    make_conversation,
    make_finding,
    make_location,
    make_member,
    make_message,
    make_organization,
    make_post,
    make_topic,
    make_version,
    make_waiting,
)
from tests.inbox.wire import feed

OURS = "ZQX-ours"  # in what belongs to the organization
HERE = "ZQX-here"  # in what belongs to one of its locations


@dataclass
class World:
    """One organization with two locations; everything that can be asked for is at `here`."""

    organization: Organization
    here: Location
    there: Location
    member: Membership
    channel: Channel
    site: Channel
    conversation: Conversation
    wait: Wait
    excluded: Wait
    reply: Reply
    notice: Notice
    action: MessageAction
    answer: Message
    delivery: Delivery
    version: TemplateVersion
    submitted: TemplateVersion
    invitation: Invitation
    elsewhere: Organization
    finding: Finding
    added: Finding
    case: SafetyCase
    report: CaseReport
    topic: OwnTopic
    purged: Message

    def of_role(self, role: Role) -> Membership:
        return make_member(self.organization, role)

    def the_owner_as(self, role: Role) -> Membership:
        Membership.objects.filter(pk=self.member.pk).update(role=role)
        return self.member

    def of_the_other_location(self, access: Any) -> Membership:
        return make_member(self.organization, _role_with(access), locations=[self.there])

    def outsider(self, access: Any) -> Membership:
        return make_member(self.elsewhere, _role_with(access))


def _role_with(access: Any) -> Role:
    if not isinstance(access, Permission):
        return Role.STAFF
    return next(role for role in Role if access in permissions_of(role))


def make_world() -> World:
    now = timezone.now()
    past = now - timedelta(days=9)
    Pulse.objects.bulk_create(Pulse(name=part, at=now, since=now) for part in Pulse.Part)  # all of Comptoir runs
    ours = make_organization(name=f"{OURS} group")
    here = make_location(ours, name=f"{OURS} pharmacy", short_name=f"{OURS} short", slug="here")
    there = make_location(ours, slug="there")
    member = make_member(ours, Role.MANAGER, name=f"{OURS} Member", email="zqx-ours@example.com")
    channel = make_channel(here, name=f"{HERE} page")
    site = make_channel(here, "website", name=f"{HERE} site")
    conversation = _late(channel, past)
    conversation.messages.update(attachments=[{"type": "unsupported"}])
    other = _late(channel, past)
    waits.exclude(other.waits.get(), reason=f"{HERE} reason", by=member, now=now)
    reply = Reply.objects.create(
        conversation=conversation, author=member, kind="comment", language="fr", text=f"{HERE} answer", created_at=now,
        send_at=now, reply_to=conversation.thread_id,
    )  # fmt: skip
    action = MessageAction.objects.create(
        conversation=conversation, message=conversation.messages.get(), kind="hide", by=member, state="failed",
        created_at=now, try_at=now,
    )  # fmt: skip
    answer = make_message(other, at=now, direction="out", source="comptoir", text=f"{HERE} answer")
    delivery = Delivery.objects.create(
        endpoint="meta", digest=b"zqx", body=feed(channel, "1", past, message=f"{HERE} body"), received_at=past, try_at=past,
        processed_at=past, outcome="failed", error=f"{HERE} error", channel_ids=[channel.pk],
    )  # fmt: skip
    notice = Notice.objects.create(membership=member, kind="late", conversation=conversation, key="zqx", created_at=now)
    version = make_version(
        ours, title_fr=f"{OURS} titre", title_en=f"{OURS} title", body_fr=f"{OURS} corps", body_en=f"{OURS} body"
    )
    submitted = make_version(ours, state="in_review", title_fr=f"{OURS} soumis", title_en=f"{OURS} submitted")
    terms = {"role": "staff", "all_locations": True, "locations": []}
    invitation, _token = invitations.invite(
        ours, email="zqx-ours@invited.example.com", name=f"{OURS} Guest", by=member, now=now, **terms
    )
    case = make_case(conversation.messages.get())
    report = case.reports.create(to="pv", told_on=now.date(), reference="PV-1", recorded_at=now, recorded_by=member)
    return World(
        ours, here, there, member, channel, site, conversation, conversation.waits.get(), other.waits.get(), reply, notice,
        action, answer, delivery, version, submitted, invitation, make_location(make_organization()).organization,
        make_finding(conversation.messages.get(), family="route", type="spam"),
        make_finding(conversation.messages.get(), family="route", type="misinformation", rule="person", added_by=member),
        case,
        report,
        make_topic(ours, name_fr=f"{OURS} sujet", withdrawn_at=now),
        make_message(make_conversation(make_channel(here, "linkedin", name=f"{HERE} page")), at=past, text="", purged_at=now),
    )  # fmt: skip


def _late(channel: Channel, at: Any) -> Conversation:
    contact = make_contact(channel, name=f"{HERE} Contact")
    return make_waiting(channel, at=at, text=f"{HERE} question?", contact=contact, post=make_post(channel, text=f"{HERE} post"))


@dataclass(frozen=True)
class Example:
    kwargs: Callable[[World], dict[str, Any]]
    # Who else must not find it: people of another location (and organization), of another organization, or anybody but its owner.
    kept_to: str


LOCATION, ORGANIZATION, PERSON, NOBODY = "location", "organization", "person", "nobody"


def _pk(name: str, kept_to: str) -> Example:
    return Example(lambda world: {"pk": getattr(world, name).pk}, kept_to)


EXAMPLES: dict[str, Example] = {
    "receive": Example(lambda world: {"family": "meta"}, NOBODY),
    "receive_for": Example(lambda world: {"family": "website", "channel_id": "no-such-channel"}, NOBODY),
    "meta_callback": Example(lambda world: {"what": "deletion"}, NOBODY),
    "erasure": Example(lambda world: {"code": "NONE"}, NOBODY),
    "account_reset_password_from_key": Example(lambda world: {"uidb36": "1", "key": "set-password"}, NOBODY),
    "accounts:invitation": Example(lambda world: {"token": "no-such-token"}, NOBODY),
    "accounts:withdraw": _pk("invitation", ORGANIZATION),
    "accounts:person": _pk("member", ORGANIZATION),
    "accounts:end": _pk("member", ORGANIZATION),
    "accounts:location": _pk("here", ORGANIZATION),
    "accounts:location_days": _pk("here", ORGANIZATION),
    "inbox:conversation": _pk("conversation", LOCATION),
    "inbox:history": _pk("conversation", LOCATION),
    "inbox:why": _pk("conversation", LOCATION),
    "inbox:explain": _pk("conversation", LOCATION),
    "inbox:attachment": Example(
        lambda world: {"pk": world.conversation.pk, "message_pk": world.conversation.messages.get().pk, "number": 0}, LOCATION
    ),
    "inbox:reread": Example(lambda world: {"pk": world.purged.conversation_id, "message_pk": world.purged.pk}, LOCATION),
    "inbox:act": Example(
        lambda world: {"pk": world.conversation.pk, "message_pk": world.conversation.messages.get().pk, "action": "hide"},
        LOCATION,
    ),
    "inbox:act_on_thread": Example(lambda world: {"pk": world.conversation.pk, "action": "take_thread"}, LOCATION),
    "inbox:act_again": Example(lambda world: {"pk": world.action.pk}, LOCATION),
    "responses:correct": Example(lambda world: {"pk": world.answer.pk}, LOCATION),
    "inbox:unmask": Example(
        lambda world: {"pk": world.conversation.pk, "message_pk": world.conversation.messages.get().pk}, LOCATION
    ),
    "inbox:unmask_person": _pk("conversation", LOCATION),
    "inbox:assign": _pk("conversation", LOCATION),
    "inbox:note": _pk("conversation", LOCATION),
    "inbox:close": _pk("conversation", LOCATION),
    "inbox:reopen": _pk("conversation", LOCATION),
    "inbox:acknowledge": _pk("conversation", LOCATION),
    "accounts:duty_set": _pk("here", LOCATION),
    "inbox:exclude": _pk("conversation", LOCATION),
    "inbox:reopen_wait": _pk("excluded", LOCATION),
    "inbox:finding_add": Example(
        lambda world: {"pk": world.conversation.pk, "message_pk": world.conversation.messages.get().pk}, LOCATION
    ),
    "inbox:finding_take_back": _pk("added", PERSON),
    "inbox:finding_remove": _pk("finding", LOCATION),
    "inbox:finding_put_back": _pk("finding", LOCATION),
    "inbox:case": _pk("case", LOCATION),
    "inbox:case_summary": _pk("case", LOCATION),
    "inbox:case_check": _pk("case", LOCATION),
    "inbox:case_forward": _pk("case", LOCATION),
    "inbox:case_not_forwarded": _pk("case", LOCATION),
    "inbox:case_report": _pk("case", LOCATION),
    "inbox:case_not_reported": Example(lambda world: {"pk": world.case.pk, "report_pk": world.report.pk}, LOCATION),
    "inbox:case_unmask": _pk("case", LOCATION),
    "topics:topic": _pk("topic", ORGANIZATION),
    "topics:withdraw": _pk("topic", ORGANIZATION),
    "topics:restore": _pk("topic", ORGANIZATION),
    "inbox:notice": _pk("notice", PERSON),
    "channels:leave": Example(lambda world: {"slug": "linkedin"}, NOBODY),
    "channels:come_back": Example(lambda world: {"slug": "linkedin"}, NOBODY),
    "channels:started": _pk("channel", LOCATION),
    "channels:page": _pk("channel", LOCATION),
    "channels:delivery": _pk("delivery", LOCATION),
    "channels:delivery_body": _pk("delivery", LOCATION),
    "channels:replay": _pk("delivery", LOCATION),
    "channels:reconnect": _pk("channel", LOCATION),
    "channels:check": _pk("channel", LOCATION),
    "channels:webhook": _pk("site", LOCATION),
    "channels:renew_secret": _pk("site", LOCATION),
    "channels:forget_secret": _pk("site", LOCATION),
    "channels:disconnect": _pk("channel", LOCATION),
    "responses:move": _pk("conversation", LOCATION),
    "responses:composer": _pk("conversation", LOCATION),
    "responses:draft": _pk("conversation", LOCATION),
    "responses:replies": _pk("conversation", LOCATION),
    "responses:reply_undo": _pk("reply", LOCATION),
    "responses:reply_resolve": _pk("reply", LOCATION),
    "responses:reply_again": _pk("reply", LOCATION),
    "responses:template": Example(lambda world: {"pk": world.version.template_id}, ORGANIZATION),
    "responses:template_edit": Example(lambda world: {"pk": world.version.template_id}, ORGANIZATION),
    "responses:decide": _pk("submitted", ORGANIZATION),
    "responses:withdraw": _pk("version", ORGANIZATION),
    "responses:miss": _pk("wait", LOCATION),
    "responses:miss_review": _pk("wait", LOCATION),
    "responses:miss_reopen": _pk("wait", LOCATION),
}

# Views of packages that carry no class of ours, with the class they are given.
# None: accounts/sign_in/urls.py classifies allauth's, one by one.
THIRD_PARTY: dict[str, str] = {}

# The whole organization's by nature, whatever locations a reader sees.
ORGANIZATION_WIDE = {"accounts:audit", "accounts:audit_export"}
