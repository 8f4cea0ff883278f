"""A case is opened with the finding that tells of it, in the same transaction; a case that is open stays as it is."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Organization
from inbox.models import Finding, Message, SafetyCase
from inbox.models.findings import digest_of

TYPES = frozenset(SafetyCase.Type)


def open_for(findings: Iterable[Finding]) -> None:
    told = [finding for finding in findings if _tells(finding)]
    if not told:
        return
    makers = Organization.objects.filter(
        pk__in={finding.organization_id for finding in told}, kind=Organization.Kind.MANUFACTURER
    )
    bound = set(makers.order_by().values_list("pk", flat=True))
    opened = sorted((_case(finding, bound) for finding in told), key=lambda case: case.aware_at)
    SafetyCase.objects.bulk_create(opened, ignore_conflicts=True)  # of two of a kind the earlier one stays


def _tells(finding: Finding) -> bool:
    return finding.type in TYPES and finding.message.direction == Message.Direction.IN


def _case(finding: Finding, bound: set[int]) -> SafetyCase:
    return SafetyCase(
        organization_id=finding.organization_id,
        message=finding.message,
        type=finding.type,
        aware_at=_aware_at(finding, finding.message),
        duty=finding.organization_id in bound,
    )


def _aware_at(finding: Finding, message: Message) -> datetime:
    """When we received the words it was found in. Those of an edit count from the edit: the platform's time, as ours is later."""
    edited = message.edited_at is not None and finding.text_digest == digest_of(message, message.text)
    return max(message.received_at, message.edited_at) if edited and message.edited_at else message.received_at
