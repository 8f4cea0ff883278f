"""Who is told of a safety case and of its clocks: each step once, and after a clock that stood still the last one alone."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Membership
from inbox.cases import clocks
from inbox.cases.clocks import Clock, Step
from inbox.models import Finding, Notice, SafetyCase
from inbox.news import notices

NEWS = timedelta(days=1)  # since we know, of what nobody owes: what new rules find in older words is told to nobody


@transaction.atomic
def alert_due(*, now: datetime, limit: int = 200) -> int:
    """Tell people of what the clocks of cases have come to; return how many cases were looked at."""
    due = SafetyCase.objects.to_alert(now).order_by("alert_at", "pk")
    held = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    related = ("message__conversation__location", "message__conversation__assignee")
    rows = list(held.select_related(*related).prefetch_related("reports")[:limit])
    for case in rows:
        _alert(case, now)
    return len(rows)


def _alert(case: SafetyCase, now: datetime) -> None:
    running = _running(case)
    notices.settle(case, but=[step.kind for each in running for step in each.steps], now=now)
    for each in running:
        if step := each.reached(now):
            _tell(case, step, each, now)
    coming = (step.at for each in running for step in each.steps if step.at > now)
    SafetyCase.objects.filter(pk=case.pk).update(due_at=clocks.due_at(case), alert_at=min(coming, default=None))


def _running(case: SafetyCase) -> list[Clock]:
    """What people are told of. Of an offer it is that somebody came to serious harm, until somebody looked at it."""
    found = Finding.objects.filter(message=case.message_id, type=case.type, removed_at=None)
    if not found.exists():
        return []
    if case.duty:
        return list(clocks.running(case))
    new = case.checked_at is None and case.forwarded_at is None and found.filter(serious=True).exists()
    return [Clock(case.aware_at, case.aware_at, (Step(case.aware_at, Notice.Kind.CASE),))] if new else []


def _tell(case: SafetyCase, step: Step, clock: Clock, now: datetime) -> None:
    if not case.duty and now - step.at > NEWS:
        return
    key = f"case:{case.pk}:{step.kind}:{clock.due_at:%Y%m%d%H%M}"
    if Notice.objects.filter(case=case, key=key).exists():
        return  # told before; who came since is not told again
    urgent = step.kind in clocks.URGENT
    notices.tell(who(case, everybody=urgent), step.kind, case, key=key, now=now, by_mail=urgent)


def who(case: SafetyCase, *, everybody: bool) -> list[Membership]:
    """Those who may judge it at its location: whoever holds the conversation alone, and all of them where time is short.

    Where there is none, whoever answers there, and at last whoever sees the organization: never nobody.
    """
    conversation = case.message.conversation
    able = list(notices.who_judges_safety(conversation.location_id, case.organization_id))
    if conversation.assignee in able and not everybody:
        return [conversation.assignee]
    answering = notices.who_answers(conversation.location_id, case.organization_id)
    return able or list(answering) or list(notices.who_sees_all(case.organization_id))
