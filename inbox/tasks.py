"""Celery beat: it is now."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from inbox import crises, jobs, moderation, waits
from inbox.cases import alerts
from inbox.channels import telling
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks, silence
from inbox.fetching import clues, names
from inbox.keeping import erasure, retention
from inbox.models import Delivery, Pulse
from inbox.news import mails
from inbox.running import bulkheads, processes


@shared_task
def flag_due_waits() -> int:
    return waits.flag_due(now=timezone.now())


@shared_task
def watch_crises() -> int:
    """Somebody may be in danger: people are told now, and by mail now."""
    now = timezone.now()
    crises.attend(now=now)
    crises.pass_over(now=now)
    crises.resolve(now=now)
    told = crises.alert_due(now=now)
    if mails.waits_of_danger(now=now):
        bulkheads.alone(mails.send_of_danger, now=now)
    return told


@shared_task
def watch_cases() -> int:
    return alerts.alert_due(now=timezone.now())


@shared_task
def learn_names() -> None:
    now = timezone.now()
    bulkheads.by_platform(names.platforms_due(now), names.learn, now=now)


@shared_task
def follow_clues() -> None:
    now = timezone.now()
    bulkheads.by_platform(clues.platforms_due(now), _follow_and_ring, now=now)


def _follow_and_ring(*, now: datetime, platform: str) -> None:
    if clues.follow(now=now, platform=platform):
        jobs.ring()


@shared_task
def watch_processes() -> None:
    processes.tend(Pulse.Part.CLOCK, now=timezone.now())


@shared_task
def check_pages() -> None:
    now = timezone.now()
    bulkheads.by_platform(checks.platforms_due(now), _check, now=now)


def _check(*, now: datetime, platform: str) -> None:
    checks.check_due(platform, clock=timezone.now)


@shared_task
def compare_pages() -> None:
    now = timezone.now()
    bulkheads.by_platform(reconciliation.platforms_due(now), _compare_and_ring, now=now)


def _compare_and_ring(*, now: datetime, platform: str) -> None:
    for found in reconciliation.compare_due(platform, clock=timezone.now):
        if found:
            jobs.ring()


@shared_task
def listen_for_silence() -> int:
    return silence.listen(now=timezone.now())


@shared_task
def warn_of_lapsing_access() -> int:
    return telling.lapsing(now=timezone.now())


@shared_task
def send_mails() -> None:
    bulkheads.alone(mails.send_due, now=timezone.now())


@shared_task
def let_go() -> dict[str, int]:
    return retention.purge(now=timezone.now()) | {"requests": erasure.carry_out(now=timezone.now())}


@shared_task
def do_message_actions() -> None:
    now = timezone.now()
    bulkheads.by_platform(moderation.platforms_due(now), moderation.do_due, now=now)


@shared_task
def ring_for_waiting_deliveries() -> None:
    """Whatever Redis forgot: the rows are the queue."""
    if Delivery.objects.waiting(timezone.now()).exists():
        jobs.ring()
