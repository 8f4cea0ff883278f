"""What people say of a safety case: which of the four criteria are known, whether it is serious, that it was passed on."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Membership
from inbox import live
from inbox.cases.criteria import CRITERIA
from inbox.models import SafetyCase

JUDGED = (*CRITERIA, "serious")


@transaction.atomic
def check(case: SafetyCase, said: Mapping[str, str], *, by: Membership, now: datetime) -> None:
    held = SafetyCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    before = {name: getattr(held, name) for name in JUDGED}
    after = {name: said[name] for name in JUDGED}
    SafetyCase.objects.filter(pk=held.pk).update(**after, checked_at=now, checked_by=by)
    audit.record("case.checked", held, organization=held.organization_id, by=by, now=now, before=before, after=after)
    live.nudge(held.organization_id)


@transaction.atomic
def forward(case: SafetyCase, *, by: Membership, now: datetime) -> bool:
    """Say that those who answer for safety have it. False: somebody said so before."""
    if not SafetyCase.objects.filter(pk=case.pk, forwarded_at=None).update(forwarded_at=now, forwarded_by=by):
        return False
    audit.record("case.forwarded", case, organization=case.organization_id, by=by, now=now)
    live.nudge(case.organization_id)
    return True
