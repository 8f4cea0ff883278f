"""Celery beat: it is now."""

from celery import shared_task
from django.utils import timezone

from responses import library, outbox


@shared_task
def send_due_replies() -> int:
    return outbox.send_due(now=timezone.now())


@shared_task
def resolve_uncertain_replies() -> int:
    return outbox.reconcile(now=timezone.now())


@shared_task
def expire_templates() -> int:
    return library.expire_due(now=timezone.now())
