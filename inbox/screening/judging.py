"""What a person says of what a machine saw: that it is not so, and why; or that it is, after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import crises, summaries, waits
from inbox.models import Conversation, Finding
from inbox.triage.findings import Family
from inbox.triage.identifiers.unread import masked

# Who may remove what: a danger is judged by those who know it, a number by those who answer for privacy.
REMOVES: dict[str, Permission] = {
    Family.CRISIS: Permission.FINDINGS_SAFETY,
    Family.SAFETY: Permission.FINDINGS_SAFETY,
    Family.IDENTIFIER: Permission.FINDINGS_PRIVACY,
    Family.ROUTE: Permission.FINDINGS_ROUTES,
}


class NotPossible(ValueError):
    """What was asked does not fit the finding as it is now; the words say why."""


def may_judge(finding: Finding, member: Membership) -> bool:
    return member.may(REMOVES[finding.family])


def remove(finding: Finding, *, reason: str, note: str, by: Membership, now: datetime) -> None:
    """Take a finding off the message. It stays in the list of removals, and does not come back until the text changes."""
    with transaction.atomic():
        conversation = _locked(finding)
        change = {"removed_at": now, "removed_by": by, "removal": reason, "removal_note": (note := masked(note[:300]))}
        if not Finding.objects.standing().filter(pk=finding.pk).update(**change):
            raise NotPossible(_("This was already removed."))
        crises.removed(finding, conversation, by=by, now=now)
        _record("finding.removed", finding, conversation, by, now, removal=reason, note=note)


def put_back(finding: Finding, *, by: Membership, now: datetime) -> None:
    with transaction.atomic():
        conversation = _locked(finding)
        change = {"removed_at": None, "removed_by": None, "removal": "", "removal_note": ""}
        if not Finding.objects.filter(pk=finding.pk, removed_at__isnull=False).update(**change):
            raise NotPossible(_("This was already put back."))
        crises.put_back(finding, conversation, by=by, now=now)
        _record("finding.put_back", finding, conversation, by, now, removal=finding.removal, note=finding.removal_note)


def _locked(finding: Finding) -> Conversation:
    """The conversation before its messages, as everywhere."""
    return Conversation.objects.select_for_update(no_key=True).get(messages=finding.message_id)


def _record(action: str, finding: Finding, conversation: Conversation, by: Membership, now: datetime, **told: str) -> None:
    seen = {"type": finding.type, "rule": finding.rule, "triage_version": finding.triage_version}
    told |= {"message": str(finding.message_id)}
    audit.record(action, finding, organization=finding.organization_id, by=by, now=now, **seen, **told)
    summaries.draw(conversation, waits.running(conversation))
    finding.refresh_from_db()
