"""The RQ worker: works in its own process, no fork a job, and outlives a PostgreSQL that was restarted."""

import logging
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from rq.worker import SimpleWorker

from inbox.models import Pulse
from inbox.running import processes

log = logging.getLogger(__name__)


class Worker(SimpleWorker):
    _tended = datetime.min.replace(tzinfo=UTC)

    def perform_job(self, *args: Any, **options: Any) -> bool:
        # What a request does for a view: a connection that died meanwhile is opened again.
        close_old_connections()
        try:
            return super().perform_job(*args, **options)
        finally:
            close_old_connections()

    @property
    def dequeue_timeout(self) -> int:
        """Who has nothing to do says so as often as who has."""
        return int(processes.EVERY.total_seconds())

    def heartbeat(self, *args: Any, **options: Any) -> None:
        super().heartbeat(*args, **options)
        now = timezone.now()
        if now - self._tended >= processes.EVERY:
            self._tended = now
            self._tend(now)

    def _tend(self, now: datetime) -> None:
        close_old_connections()
        try:
            processes.tend(Pulse.Part.WORKER, now=now)
        except (OperationalError, InterfaceError) as error:
            log.warning("worker: PostgreSQL is away: %s", type(error).__name__)
        finally:
            close_old_connections()
