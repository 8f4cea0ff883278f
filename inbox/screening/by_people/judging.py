"""What a person says of what a machine saw: that it is not so, and why; or that it is, after all."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, Role, permissions_of
from accounts.models import Membership
from inbox import crises, waits
from inbox.cases import course
from inbox.desk import summaries
from inbox.keeping import kept
from inbox.models import Conversation, Finding, KeptWords, SafetyCase
from inbox.screening import managers
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
    """What keeps an answer to managers is theirs to remove: to remove it is to let others answer."""
    may = member.may(REMOVES[finding.family])
    return may and (not _is_reserved(finding) or managers.may_answer(finding.message.conversation, member))


def who_may(finding: Finding) -> list[str]:
    """The roles that may remove it, in words."""
    needed = {REMOVES[finding.family], *([Permission.REPLY_RESERVED] if _is_reserved(finding) else [])}
    return [str(role.label) for role in Role if needed <= permissions_of(role)]


def _is_reserved(finding: Finding) -> bool:
    return finding.family == Family.ROUTE and finding.type in managers.TYPES


def remove(finding: Finding, *, reason: str, note: str, by: Membership, now: datetime) -> None:
    """Take a finding off the message. It stays in the list of removals, and does not come back until the text changes; words that
    were kept for it go."""
    with transaction.atomic():
        conversation = _locked(finding)
        rows = _alike(finding, Finding.objects.standing())
        if finding not in rows:
            raise NotPossible(_("This was already removed."))
        change = {"removed_at": now, "removed_by": by, "removal": reason, "removal_note": (note := masked(note[:300]))}
        for row in rows:
            Finding.objects.filter(pk=row.pk).update(**change)
            crises.removed(row, conversation, by=by, now=now)
            _record("finding.removed", row, by, now, removal=reason, note=note)
        kept.let_go(KeptWords.objects.filter(message__conversation=conversation), by=by, now=now)
        _draw(finding, conversation, now)


def put_back(finding: Finding, *, by: Membership, now: datetime) -> None:
    with transaction.atomic():
        conversation = _locked(finding)
        removed = Finding.objects.filter(removed_at=finding.removed_at, removed_by=finding.removed_by_id)
        rows = _alike(finding, removed.filter(removed_at__isnull=False))
        if finding not in rows:
            raise NotPossible(_("This was already put back."))
        for row in rows:
            Finding.objects.filter(pk=row.pk).update(removed_at=None, removed_by=None, removal="", removal_note="")
            crises.put_back(row, conversation, by=by, now=now)
            _record("finding.put_back", row, by, now, removal=row.removal, note=row.removal_note)
        _draw(finding, conversation, now)


def _alike(finding: Finding, rows: QuerySet[Finding]) -> list[Finding]:
    """What its badge says with it, as a badge stands once: all of its type; of what points to a person, what overlaps."""
    same = list(rows.filter(message=finding.message_id, type=finding.type).order_by("pk"))
    if finding.family != Family.IDENTIFIER:
        return same
    return [row for row in same if row.text_digest == finding.text_digest and row.overlaps(finding.start, finding.end)]


def _locked(finding: Finding) -> Conversation:
    """The conversation before its messages, as everywhere."""
    return Conversation.objects.select_for_update(no_key=True).get(messages=finding.message_id)


def _record(action: str, finding: Finding, by: Membership, now: datetime, **told: str) -> None:
    seen = {"type": finding.type, "rule": finding.rule, "triage_version": finding.triage_version}
    told |= {"message": str(finding.message_id)}
    audit.record(action, finding, organization=finding.organization_id, by=by, now=now, **seen, **told)


def _draw(finding: Finding, conversation: Conversation, now: datetime) -> None:
    course.draw(SafetyCase.objects.filter(message=finding.message_id, type=finding.type), now=now)
    summaries.draw(conversation, waits.running(conversation))
    finding.refresh_from_db()
