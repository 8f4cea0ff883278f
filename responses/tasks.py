"""Celery beat: it is now."""

from celery import shared_task
from django.utils import timezone

from inbox.running import bulkheads
from responses import library
from responses.sending import uncertain
from responses.texts import telling


@shared_task
def resolve_uncertain_replies() -> None:
    now = timezone.now()
    uncertain.give_up_on_stale(now=now)
    bulkheads.by_platform(uncertain.platforms_concerned(), uncertain.reconcile, now=now)


@shared_task
def expire_templates() -> int:
    return library.expire_due(now=timezone.now())


@shared_task
def tell_of_expiring_templates() -> int:
    return telling.expiring(now=timezone.now())
