"""The audit trail as people read it."""

import json
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Organization

RECENT = 5000  # the choices of the filter come from the latest entries, so that they cost the same at any length

WORDS: dict[str, str | Promise] = {
    "invitation.sent": _("Invitation sent"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "member.joined": _("Person joined"),
    "member.changed": _("Person’s role or locations changed"),
    "member.ended": _("Person’s access ended"),
    "user.changed": _("Own settings changed"),
    "user.password_changed": _("Password changed"),
    "user.password_reset": _("Password reset by mail"),
    "user.second_step_on": _("Second step turned on"),
    "user.second_step_off": _("Second step turned off"),
    "user.recovery_codes_made": _("Recovery codes made"),
    "location.created": _("Location created"),
    "location.changed": _("Location changed"),
    "special_day.said": _("Hours of a single day changed"),
    "organization.founded": _("Organization founded"),
    "organization.changed": _("Organization changed"),
    "policy.created": _("Response policy changed"),
    "channel.connected": _("Channel connected"),
    "channel.reconnected": _("Channel connected again"),
    "channel.disconnected": _("Channel disconnected"),
    "channel.secret_renewed": _("New secret for a channel"),
    "channel.secret_forgotten": _("Old secret of a channel forgotten"),
    "channel.consent_withdrawn": _("Consent to a channel taken back"),
    "contact.forgotten": _("Somebody forgotten, as they asked"),
    "message.hide": _("Comment hidden"),
    "message.unhide": _("Comment shown again"),
    "message.delete": _("Message deleted from the platform"),
    "message.like": _("Comment liked"),
    "message.unlike": _("Like taken back"),
    "message.taken_back": _("Action on a message taken back"),
    "message.mark_read": _("Message marked as read"),
    "message.edit": _("Answer corrected"),
    "message.approve": _("Comment published"),
    "message.reject": _("Comment refused"),
    "message.take_thread": _("Conversation taken over"),
    "message.release_thread": _("Conversation handed back"),
    "deliveries.replayed": _("Deliveries taken in again"),
    "delivery.read": _("Raw delivery looked at"),
    "channel.resubscribed": _("Webhooks of a channel asked for"),
    "channel.token_renewed": _("Token of a channel renewed"),
    "conversation.assigned": _("Conversation assigned"),
    "conversation.closed": _("Conversation closed"),
    "conversation.reopened": _("Conversation reopened"),
    "finding.added": _("Badge added to a message by a person"),
    "finding.taken_back": _("Added badge taken back"),
    "finding.removed": _("Badge removed from a message"),
    "finding.put_back": _("Badge put back on a message"),
    "crisis.opened": _("Crisis opened"),
    "crisis.alerted": _("Crisis: people alerted"),
    "crisis.acknowledged": _("Crisis taken on"),
    "crisis.ended": _("Crisis ended"),
    "case.checked": _("Safety case: criteria checked"),
    "case.forwarded": _("Safety case passed on"),
    "case.not_forwarded": _("Safety case: not passed on after all"),
    "case.reported": _("Safety case reported"),
    "case.not_reported": _("Safety case: not reported after all"),
    "words.kept": _("Erased words kept for a case or a danger"),
    "words.let_go": _("Kept words let go"),
    "help_lines.checked": _("Help lines checked"),
    "duty.changed": _("Pharmacists on duty changed"),
    "identifiers.shown": _("Masked information looked at"),
    "wait.excluded": _("Wait taken out of the figures"),
    "wait.closed_no_reply": _("Wait closed without an answer"),
    "wait.reopened": _("Wait put back"),
    "topic.added": _("Own topic added"),
    "topic.changed": _("Own topic changed"),
    "topic.withdrawn": _("Own topic withdrawn"),
    "topic.restored": _("Own topic put back in use"),
    "products.changed": _("Own products changed"),
    "template.drafted": _("Template drafted"),
    "template.revised": _("Template revised"),
    "template.submitted": _("Template submitted"),
    "template.approved": _("Template approved"),
    "template.changes_requested": _("Changes requested"),
    "template.withdrawn": _("Template withdrawn"),
    "template.expired": _("Template expired"),
    "template.replaced": _("Template replaced"),
    "reply.composed": _("Reply written"),
    "reply.undone": _("Reply taken back"),
    "reply.sent": _("Reply sent"),
    "reply.failed": _("Reply not sent"),
    "reply.resolved": _("Uncertain reply settled"),
    "miss.reviewed": _("Miss explained"),
    "miss.signed": _("Miss signed off"),
    "miss.reopened": _("Miss reopened"),
}

HEADER = (
    _("Number"),
    _("Moment"),
    _("Person"),
    _("E-mail"),
    _("Action"),
    _("Code of the action"),
    _("Kind of subject"),
    _("Number of the subject"),
    _("Subject"),
    _("Detail"),
    _("Digest"),
)


def in_words(action: str) -> str:
    return str(WORDS.get(action, action))


def actions(organization: Organization) -> list[tuple[str, str]]:
    latest = AuditEntry.objects.filter(organization=organization)[:RECENT].values_list("action", flat=True)
    return sorted(((action, in_words(action)) for action in set(latest)), key=lambda pair: pair[1])


def cells(entry: AuditEntry, zone: ZoneInfo) -> tuple[object, ...]:
    """One line of the CSV, as HEADER names it."""
    person = entry.actor.user if entry.actor else None
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    at = entry.at.astimezone(zone).isoformat(timespec="seconds")
    who = (person.name, person.email) if person else ("", "")
    subject = entry.subject_type, entry.subject_id, entry.subject
    return entry.pk, at, *who, in_words(entry.action), entry.action, *subject, detail, entry.digest
