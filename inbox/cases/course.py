"""The course of a case: its clocks drawn anew whenever something of it changes."""

from datetime import datetime

from inbox.cases import clocks
from inbox.models import SafetyCase
from inbox.models.safety.cases import SafetyCaseQuerySet


def draw(cases: SafetyCaseQuerySet, *, now: datetime) -> None:
    """When the nearest of its clocks is due; and that the beat looks at it, to tell what holds and hush what does not."""
    for case in cases.select_related("message__conversation__location").prefetch_related("reports"):
        SafetyCase.objects.filter(pk=case.pk).update(due_at=clocks.due_at(case), alert_at=now)
