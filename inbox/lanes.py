"""A lane for each platform, in which its pages are compared one after the other: a slow one holds up nobody but itself.

Lanes are threads of the clock's process. They hold nothing: the rows say what is due, and a page is claimed before a look.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections, connection
from django.utils import timezone

from inbox import jobs
from inbox.channels import reconciliation
from inbox.models import Channel

log = logging.getLogger(__name__)

WIDTH = 2  # pages of one platform looked at at once

_running: dict[tuple[str, int], threading.Thread] = {}
_starting = threading.Lock()


def start(*, now: datetime) -> list[threading.Thread]:
    """Set the lanes going in which something is due, and return them at once; those that still run are left alone."""
    waiting = Channel.objects.filter(reconciliation.due(now)).order_by("platform").values_list("platform", flat=True).distinct()
    with _starting:
        return [lane for platform in waiting for number in range(WIDTH) if (lane := _start(platform, number))]


def _start(platform: str, number: int) -> threading.Thread | None:
    before = _running.get((platform, number))
    if before and before.is_alive():
        return None
    lane = threading.Thread(target=_run, args=(platform,), name=f"lane-{platform}-{number}", daemon=True)
    _running[platform, number] = lane
    lane.start()
    return lane


def _run(platform: str) -> None:
    close_old_connections()
    try:
        work(platform, clock=timezone.now)
    except Exception:
        log.exception("the lane of %s stopped; the clock starts it again", platform)
    finally:
        connection.close()


def work(platform: str, *, clock: Callable[[], datetime]) -> int:
    """Compare every page of a platform that is due, the longest due first; return how many."""
    done = 0
    while (pk := _first_due(platform, clock())) is not None:
        if reconciliation.compare(pk, now=clock()):
            jobs.ring()
        done += 1
    return done


def _first_due(platform: str, now: datetime) -> int | None:
    due = Channel.objects.filter(reconciliation.due(now), platform=platform)
    return due.order_by("list_at", "pk").values_list("pk", flat=True).first()
