import signal

import django_rq
import psycopg
import pytest
from django.db import connection

from config.worker import Worker
from inbox.models import Pulse

pytestmark = pytest.mark.django_db(transaction=True)


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.fixture
def queue():
    queue = django_rq.get_queue("default")
    queue.empty()
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    yield queue
    queue.empty()
    for sign, handler in before.items():
        signal.signal(sign, handler)


def test_a_worker_outlives_a_postgresql_that_was_restarted(queue):
    before = ask()
    terminate(before)
    job = queue.enqueue(ask)

    Worker([queue], connection=queue.connection).work(burst=True)

    assert job.is_finished, job.latest_result()
    assert job.return_value() != before


def test_a_worker_leaves_its_mark_whether_there_is_work_or_not(queue):
    worker = Worker([queue], connection=queue.connection)

    worker.work(burst=True)

    assert Pulse.objects.filter(name="worker").exists()
    assert worker.dequeue_timeout < Pulse.STOOD_STILL.total_seconds() / 2


def test_a_worker_that_finds_no_postgresql_to_mark_itself_in_goes_on(queue):
    worker = Worker([queue], connection=queue.connection)
    terminate(ask())
    job = queue.enqueue(ask)

    worker.work(burst=True)

    assert job.is_finished, job.latest_result()


def terminate(backend: int) -> None:
    """From a connection of its own, as an operator would."""
    parameters = connection.get_connection_params()
    given = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    with psycopg.connect(**given) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
