"""The clock outlives a PostgreSQL that restarts."""

import psycopg
import pytest
from django.db import connection

from inbox import tasks


@pytest.mark.django_db(transaction=True)
def test_a_task_after_postgresql_restarted_works_as_before(settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    wanted = connection.get_connection_params()
    with psycopg.connect(**{name: wanted[name] for name in ("dbname", "user", "host", "port") if wanted.get(name)}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(Exception, match=r"closed|terminat"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the task that is met by it fails

    assert tasks.flag_due_waits.apply().get() == 0
