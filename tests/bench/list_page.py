"""The inbox page's server time at ten thousand and at a million conversations, one in a hundred of them waiting."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.bench import people, stage
from tests.bench.load import percentile

ROUNDS = 4

_LOOK = """
import json, sys, time
import django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
client.cookies["sessionid"] = sys.argv[1]
for _ in range(10):
    assert client.get("/inbox/").status_code == 200
with CaptureQueriesContext(connection) as captured:
    client.get("/inbox/")
queries = len(captured)  # before the next request clears the log
times = []
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    client.get("/inbox/")
    times.append((time.perf_counter() - begun) * 1000)
print(json.dumps({"times": times, "queries": queries}))
"""

_FILL = """
    INSERT INTO inbox_contact (channel_id, external_id, name, first_name, phone)
    SELECT %(channel)s, 'person-' || n, 'Personne Exemple ' || n, '', '' FROM generate_series(%(from)s, %(to)s) n;
    INSERT INTO inbox_conversation (organization_id, location_id, channel_id, platform, kind, thread_id, contact_id, language,
        created_at, close_outcome, preview, waiting_count, last_message_at, last_inbound_at, waiting_since, warn_at, due_at,
        version, owner, rating, unpublished, urgency, badges, closed_at)
    SELECT %(organization)s, %(location)s, %(channel)s, 'facebook', 'comment', 'thread-' || n, c.id, 'fr', at, '',
        'Êtes-vous ouverts lundi?', CASE WHEN waits THEN 1 ELSE 0 END, at, at, CASE WHEN waits THEN at END,
        CASE WHEN waits THEN at + interval '18 hours' END, CASE WHEN waits THEN at + interval '24 hours' END, 1, '', '', false,
        CASE WHEN n %% 700 = 1 THEN 2 ELSE 3 END, CASE WHEN n %% 700 = 1 THEN ARRAY['adverse_event'] ELSE '{}' END,
        CASE WHEN n %% 10 = 0 AND NOT waits THEN at END
    FROM (SELECT n, n %% 100 = 1 AS waits,
            now() - CASE WHEN n %% 100 = 1 THEN interval '1 second' * (n %% 90000) ELSE interval '1 second' * n END AS at
          FROM generate_series(%(from)s, %(to)s) n) numbers
    JOIN inbox_contact c ON c.external_id = 'person-' || n AND c.channel_id = %(channel)s;
"""


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    sizes = (10_000, 50_000) if quick else (10_000, 1_000_000)
    looks = 10 if quick else 40
    with stage.database() as little, stage.database() as much:
        members = [_settle_in(environment, size) for environment, size in zip((little, much), sizes, strict=True)]
        found: list[list[dict[str, Any]]] = [[], []]
        for number in range(ROUNDS):
            for which in (0, 1) if number % 2 else (1, 0):  # in turn, as a machine's speed changes within minutes
                found[which].append(_look((little, much)[which], members[which]["session"], looks))
    times = [[time for each in of_size for time in each["times"]] for of_size in found]
    small, large = (percentile(of_size, 0.5) for of_size in times)
    queries = max(each["queries"] for of_size in found for each in of_size)
    ratio = large / small
    yield {
        "name": "list",
        "ours": round(large, 2),
        "floor": round(small, 2),
        "ratio": round(ratio, 3),
        "unit": f"ms of server time for the whole page, median; ours at {sizes[1]:,} conversations, floor at {sizes[0]:,}",
        "p50_ms": round(large, 2),
        "p99_ms": round(percentile(times[1], 0.99), 2),
        "queries": queries,
        "goal": "ratio ≤ 1.2, ≤ 8 queries",
        "met": ratio <= 1.2 and queries <= 8,
    }


def _settle_in(environment: dict[str, str], size: int) -> dict[str, Any]:
    member = people.settle_in(environment)
    _fill(environment["DATABASE_URL"], member, 1, size)
    return member


def _fill(database_url: str, member: dict[str, Any], first: int, last: int) -> None:
    values = {**{key: member[key] for key in ("organization", "location", "channel")}, "from": first, "to": last}
    with psycopg.connect(database_url, autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_FILL, values)
        cursor.execute("VACUUM ANALYZE inbox_contact")
        cursor.execute("VACUUM ANALYZE inbox_conversation")


def _look(environment: dict[str, str], session: str, times: int) -> dict[str, Any]:
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK, session, str(times)],
        cwd=stage.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(looked.stdout.splitlines()[-1])
