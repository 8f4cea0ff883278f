"""Celery beat: it is now."""

from celery import shared_task
from django.utils import timezone

from inbox import clues, jobs, lanes, names, waits
from inbox.models import Delivery


@shared_task
def flag_due_waits() -> int:
    return waits.flag_due(now=timezone.now())


@shared_task
def learn_names() -> int:
    return names.learn(now=timezone.now())


@shared_task
def follow_clues() -> int:
    followed = clues.follow(now=timezone.now())
    if followed:
        jobs.ring()
    return followed


@shared_task
def watch_pages() -> int:
    return len(lanes.start(now=timezone.now()))


@shared_task
def ring_for_waiting_deliveries() -> None:
    """Whatever Redis forgot: the rows are the queue."""
    if Delivery.objects.waiting(timezone.now()).exists():
        jobs.ring()
