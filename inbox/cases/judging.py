"""What people say of a safety case: which of the four criteria are known, whether it is serious, that it was passed on and to
whom it was reported. Each by name, and what was said by mistake is taken back by name."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Membership
from inbox import live
from inbox.cases import course
from inbox.cases.criteria import CRITERIA
from inbox.models import CaseReport, SafetyCase
from inbox.news import notices

JUDGED = (*CRITERIA, "serious")


@transaction.atomic
def check(case: SafetyCase, said: Mapping[str, str], *, by: Membership, now: datetime) -> None:
    held = _held(case)
    before = {name: getattr(held, name) for name in JUDGED}
    after = {name: said[name] for name in JUDGED}
    SafetyCase.objects.filter(pk=held.pk).update(**after, checked_at=now, checked_by=by)
    _record("case.checked", held, by, now, before=before, after=after)


@transaction.atomic
def forward(case: SafetyCase, *, by: Membership, now: datetime) -> bool:
    """Say that those who answer for safety have it. False: somebody said so before."""
    return _forward(_held(case), by, now)


@transaction.atomic
def take_back_forward(case: SafetyCase, *, by: Membership, now: datetime) -> bool:
    """It was not passed on after all. False: nobody says it was, or they were told outside."""
    held = _held(case)
    if held.forwarded_at is None or held.told:
        return False
    SafetyCase.objects.filter(pk=held.pk).update(forwarded_at=None, forwarded_by=None)
    notices.forget(held)
    _record("case.not_forwarded", held, by, now, before=held.forwarded_at)
    return True


@transaction.atomic
def report(case: SafetyCase, *, to: str, told_on: date, reference: str, by: Membership, now: datetime) -> CaseReport:
    """Somebody outside was told of it. Who says so says as well that it was passed on."""
    held = _held(case)
    _forward(held, by, now)
    made = held.reports.create(to=to, told_on=told_on, reference=reference, recorded_at=now, recorded_by=by)
    _record("case.reported", held, by, now, report=made.pk, to=to, told_on=told_on, reference=reference)
    return made


@transaction.atomic
def take_back_report(report: CaseReport, *, by: Membership, now: datetime) -> bool:
    """It was not so. False: somebody said so before."""
    held = _held(report.case)
    if not CaseReport.objects.filter(pk=report.pk, undone_at=None).update(undone_at=now, undone_by=by):
        return False
    notices.forget(held)
    _record("case.not_reported", held, by, now, report=report.pk, to=report.to, reference=report.reference)
    return True


def _held(case: SafetyCase) -> SafetyCase:
    return SafetyCase.objects.select_for_update(no_key=True).get(pk=case.pk)


def _forward(held: SafetyCase, by: Membership, now: datetime) -> bool:
    if held.forwarded_at:
        return False
    SafetyCase.objects.filter(pk=held.pk).update(forwarded_at=now, forwarded_by=by)
    _record("case.forwarded", held, by, now)
    return True


def _record(action: str, held: SafetyCase, by: Membership, now: datetime, **detail: Any) -> None:
    course.draw(SafetyCase.objects.filter(pk=held.pk), now=now)
    audit.record(action, held, organization=held.organization_id, by=by, now=now, **detail)
    live.nudge(held.organization_id)
