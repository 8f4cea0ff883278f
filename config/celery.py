import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("comptoir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _look_at_connections(**_told: Any) -> None:
    """A connection that PostgreSQL ended, as when it restarts, is let go; Celery itself would keep it for a thousand tasks."""
    close_old_connections()
