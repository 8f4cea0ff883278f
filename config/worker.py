"""The RQ worker: works in its own process, no fork a job, and outlives a PostgreSQL that was restarted."""

from typing import Any

from django.db import close_old_connections
from rq.worker import SimpleWorker

from inbox.triage import language


class Worker(SimpleWorker):
    def work(self, *args: Any, **options: Any) -> bool:
        language.warm_up()  # before the first message, which would otherwise wait a second for it
        return super().work(*args, **options)

    def perform_job(self, *args: Any, **options: Any) -> bool:
        # What a request does for a view: a connection that died meanwhile is opened again.
        close_old_connections()
        try:
            return super().perform_job(*args, **options)
        finally:
            close_old_connections()
