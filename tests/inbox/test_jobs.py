from math import inf

import django_rq
import pytest
from django.utils import timezone

from inbox import jobs, live, tasks
from inbox.models import Conversation, Delivery
from tests.factories import NOON, make_channel
from tests.inbox.wire import feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    queue = django_rq.get_queue("ingest", connection=live.redis())
    queue.empty()
    live.redis().delete(jobs.BELL)
    yield queue
    queue.empty()
    live.redis().delete(jobs.BELL)


@pytest.fixture(autouse=True)
def _shift(monkeypatch):
    """No end of a shift here: a process that has read no message yet may need seconds for its first."""
    monkeypatch.setattr(jobs, "SHIFT_SECONDS", 60)


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


def store(page, comment):
    Delivery.objects.store("meta", feed(page, comment, NOON, message="?"), signed_by="sha256", now=timezone.now())


def test_many_webhooks_ring_one_bell(queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            jobs.ring()

    assert queue.count == 1


def test_in_a_flood_of_webhooks_one_ring_speaks_for_those_just_after_it(queue, monkeypatch, django_capture_on_commit_callbacks):
    def calls(*, covered_seconds):
        monkeypatch.setattr(jobs, "COVERED_SECONDS", covered_seconds)
        queue.empty()
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(3):
                live.redis().delete(jobs.BELL)  # a worker has come meanwhile
                jobs.ring_for_webhook()
        return queue.count

    monkeypatch.setattr(jobs, "_rung_at", -inf)
    assert calls(covered_seconds=60) == 1
    assert calls(covered_seconds=0) == 3


def test_what_was_stored_under_a_ring_before_the_silence_is_taken_with_the_last_look(queue, page, monkeypatch):
    waited = []

    def sleep(seconds):
        if live.redis().get(jobs.BELL) is None:  # the worker has silenced the bell
            waited.append(seconds)
            store(page, "covered")

    monkeypatch.setattr(jobs, "sleep", sleep)
    jobs.drain_deliveries()

    assert waited == [jobs.COVERED_SECONDS]
    assert Conversation.objects.count() == 1


def test_a_worker_takes_everything_and_silences_the_bell(queue, page):
    store(page, "1")
    store(page, "2")
    jobs.ring()

    jobs.drain_deliveries()

    assert Conversation.objects.count() == 2
    assert live.redis().get(jobs.BELL) is None


def test_what_was_stored_while_the_bell_rang_is_taken_with_the_last_look(queue, page, monkeypatch):
    drained = []
    original = jobs.intake.drain

    def drain(*, now, **limit):
        # Somebody stores a row and finds the bell ringing, just after the worker found nothing more.
        taken = original(now=now, **limit)
        if not drained:
            store(page, "late")
        drained.append(taken)
        return taken

    monkeypatch.setattr(jobs.intake, "drain", drain)
    jobs.drain_deliveries()

    assert Conversation.objects.count() == 1


def test_a_job_that_comes_twice_does_no_harm(queue, page):
    store(page, "1")

    jobs.drain_deliveries()
    jobs.drain_deliveries()

    assert Conversation.objects.count() == 1


def test_the_clock_rings_for_what_redis_forgot(queue, page, django_capture_on_commit_callbacks):
    store(page, "1")

    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring_for_waiting_deliveries()

    assert queue.count == 1


def test_the_clock_is_silent_where_nothing_waits(queue):
    tasks.ring_for_waiting_deliveries()

    assert queue.count == 0


def test_nobody_else_is_called_while_a_worker_keeps_up(queue, page, monkeypatch, django_capture_on_commit_callbacks):
    original = jobs.intake.drain

    def drain(*, now, **limit):
        jobs.ring()  # for a webhook that comes while the worker looks
        taken = original(now=now, **limit)
        live.redis().pexpire(jobs.BELL, 1)
        return taken

    store(page, "1")
    live.redis().set(jobs.BELL, b"1")
    monkeypatch.setattr(jobs.intake, "drain", drain)

    with django_capture_on_commit_callbacks(execute=True):
        jobs.drain_deliveries()

    assert queue.count == 1  # by the last look alone, when the worker has silenced the bell and goes


@pytest.fixture
def others():
    """Jobs of another kind."""
    queue = django_rq.get_queue("default", connection=live.redis())
    queue.empty()
    yield queue
    queue.empty()


@pytest.fixture
def work(queue, page, django_capture_on_commit_callbacks):
    """A worker takes in one delivery; whether it has called another then."""

    def work(number):
        store(page, number)
        with django_capture_on_commit_callbacks(execute=True):
            jobs.drain_deliveries()
        return queue.count == 1

    return work


def test_who_has_worked_long_calls_another_where_other_jobs_wait(work, others, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(jobs, "SHIFT_SECONDS", -1)
    assert not work("1")

    with django_capture_on_commit_callbacks(execute=True):
        others.enqueue(jobs.do_actions, "facebook")
    assert work("2")


def test_who_has_worked_longest_calls_another_whoever_waits(work, others, monkeypatch):
    monkeypatch.setattr(jobs, "LONGEST_SECONDS", -1)

    assert work("1")
