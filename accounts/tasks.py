from celery import shared_task

from accounts import audit


@shared_task
def seal_audit_trail() -> int:
    return audit.seal()


@shared_task
def seal_whole_audit_trail() -> int:
    return audit.seal(whole=True)
