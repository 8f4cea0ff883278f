"""What became of the safety cases of the demo's maker, who owes reports: since when it knew, and what its people did."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F

from accounts.access import Role
from inbox.cases import course, judging
from inbox.models import SafetyCase

if TYPE_CHECKING:
    from responses.demo.stories import Story


def judge(told: "Iterable[Story]", *, now: datetime) -> None:
    owed = SafetyCase.objects.filter(duty=True)
    for case in owed.annotate(heard_at=F("message__received_at")):
        SafetyCase.objects.filter(pk=case.pk).update(aware_at=case.heard_at)
    for story in told:
        if "case" in story.seed:
            _judge(story, story.seed["case"])
    course.draw(owed, now=now)


def _judge(story: "Story", said: dict[str, Any]) -> None:
    told = SafetyCase.objects.filter(message__external_id=story.first, message__channel__external_id=story.page.external_id)
    case = told.get(type=said["type"])
    by = story.founded.one(Role.PHARMACIST)
    if "checked" in said:
        judging.check(case, said["checked"], by=by, now=_at(story, said["checked_after"]))
    if "forwarded_after" in said:
        judging.forward(case, by=by, now=_at(story, said["forwarded_after"]))
    for report in said.get("reports", ()):
        at = _at(story, report["after"])
        told_on = at.astimezone(case.zone).date()
        judging.report(case, to=report["to"], told_on=told_on, reference=report["reference"], by=by, now=at)


def _at(story: "Story", minutes: int) -> datetime:
    return story.began + timedelta(minutes=minutes)
