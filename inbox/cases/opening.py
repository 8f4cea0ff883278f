"""A case is opened with the finding that tells of it, in the same transaction; a case that is open stays as it is."""

from collections.abc import Collection, Iterable
from datetime import datetime

from inbox.cases import clocks
from inbox.models import Finding, Message, Rank, SafetyCase
from inbox.models.safety.findings import digest_of

TYPES = frozenset(SafetyCase.Type)


def open_for(findings: Iterable[Finding], makers: Collection[int]) -> None:
    """makers: the organizations that owe a report, as whoever read the messages knows them."""
    told = [finding for finding in findings if _tells(finding)]
    if not told:
        return
    serious = {(finding.message, finding.type) for finding in told if finding.serious}
    opened = sorted((_case(finding, makers, serious) for finding in told), key=lambda case: case.aware_at)
    SafetyCase.objects.bulk_create(opened, ignore_conflicts=True)  # of two of a kind the earlier one stays


def _tells(finding: Finding) -> bool:
    if finding.type == SafetyCase.Type.MEDICATION_ERROR and finding.urgency != Rank.CRISIS:
        return False  # seen in time, it reached nobody
    return finding.type in TYPES and finding.message.direction == Message.Direction.IN


def _case(finding: Finding, makers: Collection[int], serious: Collection[tuple[Message, str]]) -> SafetyCase:
    case = SafetyCase(
        organization_id=finding.organization_id,
        message=finding.message,
        type=finding.type,
        aware_at=_aware_at(finding, finding.message),
        duty=finding.organization_id in makers,
    )
    if running := clocks.forward(case):
        case.due_at = running.due_at
    if case.duty or ((finding.message, finding.type) in serious and not finding.message.historic):
        case.alert_at = case.aware_at  # the beat tells of it
    return case


def _aware_at(finding: Finding, message: Message) -> datetime:
    """When we received the words it was found in. Those of an edit count from the edit: the platform's time, as ours is later."""
    edited = message.edited_at is not None and finding.text_digest == digest_of(message, message.text)
    return max(message.received_at, message.edited_at) if edited and message.edited_at else message.received_at
