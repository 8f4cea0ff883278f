"""RQ: something happened. A job is a doorbell: it may be lost, doubled or late, and the row decides."""

import logging
from contextlib import suppress
from math import inf
from time import monotonic, sleep

import django_rq
from django.utils import timezone
from django_rq import job
from redis.exceptions import RedisError

from inbox import crises, intake, live, moderation
from inbox.running import bulkheads

log = logging.getLogger(__name__)

BELL = "doorbell:ingest"
BELL_MILLISECONDS = 2000  # after this another worker is called as well: the one that came is busy, or gone

LOOK = 100  # deliveries; a worker that finds more is behind
STAY_SECONDS = 0.005  # what comes meanwhile is taken in together
LINGER_SECONDS = 0.2  # without a delivery, before the worker goes: being called again costs more than looking
SHIFT_SECONDS = 5  # then other jobs have their turn, if any waits; who comes next goes on
LONGEST_SECONDS = 60  # then whoever waits or not: a worker tells between two jobs that it lives
COVERED_SECONDS = 0.02  # a ring speaks also for what the same process stores so soon after it

_rung_at = -inf


def ring_for_webhook() -> None:
    """As `ring`. In a flood most are covered by the one before, and Redis is not asked: that was a sixth of the intake's cost."""
    global _rung_at
    if monotonic() >= _rung_at + COVERED_SECONDS:
        _rung_at = monotonic()
        ring()


def ring() -> None:
    """Wake a worker for what waits in the deliveries: at most one wake-up in flight. Losing it costs seconds, not messages."""
    try:
        # The process's own connection: django-rq would open one a call.
        redis = live.redis()
        if redis.set(BELL, b"1", nx=True, px=BELL_MILLISECONDS):
            django_rq.get_queue("ingest", connection=redis).enqueue(drain_deliveries, result_ttl=0)
    except RedisError:
        log.warning("ingest: Redis does not answer; the clock will ring again")


def ring_for_actions(platform: str) -> None:
    """Somebody pressed a button. Losing this costs seconds: the clock looks too."""
    try:
        django_rq.get_queue("default").enqueue(do_actions, platform, result_ttl=0)
    except RedisError:
        log.warning("actions: Redis does not answer; the clock will do them")


@job("default", result_ttl=0)
def do_actions(platform: str) -> None:
    # In a lane beside the worker: a platform that hangs does not hold up what comes in.
    bulkheads.by_platform([platform], moderation.do_due, now=timezone.now())


@job("ingest", result_ttl=0)
def drain_deliveries() -> None:
    begun = busy = monotonic()
    while (taken := intake.drain(now=timezone.now(), limit=LOOK)) or monotonic() < busy + LINGER_SECONDS:
        busy = monotonic() if taken else busy
        if taken:
            _attend()
        if _is_over(monotonic() - begun):
            live.redis().delete(BELL)
            ring()
            return
        if taken < LOOK:
            _stay()
    # Whoever found the bell ringing, or was covered by who did, has stored a row by now: the last look misses none.
    live.redis().delete(BELL)
    sleep(COVERED_SECONDS)
    if intake.drain(now=timezone.now()):
        _attend()


def _is_over(worked: float) -> bool:
    """Handing over for nobody's sake costs those who write just then a good part of a second."""
    return worked > LONGEST_SECONDS or (worked > SHIFT_SECONDS and _others_wait())


def _others_wait() -> bool:
    try:
        return any(django_rq.get_queue(name, connection=live.redis()).count for name in ("default", "ingest"))
    except RedisError:
        return True


def _attend() -> None:
    """Who may be in danger is not kept waiting for the clock."""
    now = timezone.now()
    if crises.attend(now=now):
        crises.alert_due(now=now)


def _stay() -> None:
    """Let a little gather, as one transaction for three costs much less than three. Who keeps up calls nobody else."""
    with suppress(RedisError):
        live.redis().set(BELL, b"1", px=BELL_MILLISECONDS)
    sleep(STAY_SECONDS)
