"""Search among a million messages: the inbox page's server time with words of every kind, 95th percentile.

Each message says fourteen words of a vocabulary of twenty thousand, the first of them often, as words are. Among them are planted
ours, in as many messages as their names say, and some that were said only long ago. The floor, in the same run: the newest fifty
of a plain `to_tsvector('french', text) @@ plainto_tsquery(…)` behind a GIN index of its own, without stems of a second language,
without accents folded, names, masks or marks, and nothing drawn.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.bench import people, stage
from tests.bench.load import percentile

LOOKS = 6

# What is typed, by how often it is there. In a sixth of all messages; in 2 %; in one of a thousand, of ten or a hundred thousand.
WORDS = {
    "common": ["pharmacie", "ordonnances", "merci"],
    "middle": ["vaccin", "renouvellement", "rendez-vous"],
    "few": ["insuline", "médicament", "allergies"],
    "rare": ["méthotrexate", "orthèses", "fermees"],
    "long ago": ["masques"],  # in a tenth of the oldest half, in none since
    "accentless": ["medicament", "methotrexate", "ortheses"],
    "prefix": ["pharm", "renouv", "allerg"],
    "two": ["ordonnances merci", "pharmacie insuline", "vaccin merci", "l'ordonnance du vaccin", "masques vaccin"],
    "never together": ["matin soir"],  # each in a tenth
    "absent": ["zymurgie", "quelque kryptonite"],
    "name": ["Exemple77", "Personne"],  # one of three, and everybody
}

_LOOK = """
import json, sys, time
import config.wsgi
from django.test import Client
client = Client(headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
client.cookies["sessionid"] = sys.argv[1]
words, times = json.loads(sys.argv[2]), {}
for query in ("bonjour", "zoé", "bonjour zoé"):
    assert client.get("/inbox/", {"q": query}).status_code == 200
for _ in range(int(sys.argv[3])):
    for kind, queries in words.items():
        for query in queries:
            begun = time.perf_counter()
            answer = client.get("/inbox/", {"q": query})
            times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200
print(json.dumps(times))
"""

_FILL = """
    INSERT INTO inbox_contact (channel_id, external_id, name, first_name, phone)
    SELECT %(channel)s, 'person-' || n, 'Personne Exemple' || n, '', '' FROM generate_series(1, %(count)s / 4) n;
    INSERT INTO inbox_conversation (organization_id, location_id, channel_id, platform, kind, thread_id, contact_id, language,
        created_at, close_outcome, preview, waiting_count, last_message_at, version, owner, rating, unpublished, urgency, badges)
    SELECT %(organization)s, %(location)s, %(channel)s, 'facebook', 'comment', 'thread-' || n, c.id, 'fr',
        now() - interval '1 minute' * n, '', 'Bonjour', 0, now() - interval '1 minute' * n, 1, '', '', false, 3, '{}'
    FROM generate_series(1, %(count)s / 4) n
    JOIN inbox_contact c ON c.external_id = 'person-' || n AND c.channel_id = %(channel)s;
    INSERT INTO inbox_message (conversation_id, channel_id, external_id, parent_id, direction, source, text, attachments, sent_at,
        received_at, historic, private, hidden, rating, moderation, failure, correlation, triage_version, language)
    SELECT c.id, c.channel_id, c.id || '-' || n, '', CASE WHEN n = 3 THEN 'out' ELSE 'in' END, 'platform', said.text, '[]',
        c.created_at + interval '1 second' * n, c.created_at, false, false, false, '', '', '', '', 'bench', 'fr'
    FROM inbox_conversation c, generate_series(0, 3) n, LATERAL (
        SELECT concat_ws(' ', array_to_string(ARRAY(
                SELECT (ARRAY['ba','pré','ti','lo','con','mar','sé','ru','gan','fil'])[1 + w %% 10]
                    || (ARRAY['ra','li','té','mo','ven','dou','pi','cha','le','sor'])[1 + w / 10 %% 10]
                    || (ARRAY['ment','tion','er','é','eur','ette','al','ique','on','ières'])[1 + w / 100 %% 10]
                    || chr(97 + w / 1000)
                FROM (SELECT floor(exp(random() * ln(20000)))::int AS w FROM generate_series(1, 14 + 0 * n + 0 * c.id)) drawn
            ), ' '),
            CASE WHEN random() < 0.16 THEN 'pharmacie' END, CASE WHEN random() < 0.16 THEN 'ordonnance,' END,
            CASE WHEN random() < 0.3 THEN 'merci!' END, CASE WHEN random() < 0.02 THEN 'vaccins' END,
            CASE WHEN random() < 0.02 THEN 'renouvellements' END, CASE WHEN random() < 0.02 THEN 'rendez-vous' END,
            CASE WHEN random() < 0.001 THEN 'insuline' END, CASE WHEN random() < 0.001 THEN 'Médicaments' END,
            CASE WHEN random() < 0.001 THEN 'allergie' END, CASE WHEN random() < 0.0001 THEN 'Méthotrexate' END,
            CASE WHEN random() < 0.00001 THEN 'orthèse' END, CASE WHEN random() < 0.0001 THEN 'fermée' END,
            CASE WHEN random() < 0.1 AND c.created_at < now() - interval '1 minute' * %(count)s / 8 THEN 'masque' END,
            CASE (c.id + n) %% 10 WHEN 0 THEN 'matin' WHEN 1 THEN 'soir' END) AS text
    ) said
"""
_FLOOR = """
    CREATE TABLE plain AS SELECT id, sent_at, text, to_tsvector('french', text) AS words FROM inbox_message;
    CREATE INDEX ON plain USING gin (words);
    CREATE INDEX ON plain (sent_at DESC)
"""
_ASK = "SELECT id, text FROM plain WHERE words @@ plainto_tsquery('french', %s) ORDER BY sent_at DESC LIMIT 50"


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    count = 20_000 if quick else 1_000_000
    with stage.database() as environment:
        member = people.settle_in(environment)
        _fill(environment["DATABASE_URL"], member, count)
        times = _look(environment, member["session"], LOOKS)
        floor = _floor(environment["DATABASE_URL"])
    every = [time for of_kind in times.values() for time in of_kind]
    p95, floor_p95 = percentile(every, 0.95), percentile(floor, 0.95)
    yield {
        "name": "search",
        "ours": round(p95, 1),
        "floor": round(floor_p95, 1),
        "ratio": round(p95 / floor_p95, 2),
        "unit": f"ms of server time for the whole page among {count:,} messages, 95th percentile; the floor draws nothing",
        "p50_ms": round(percentile(every, 0.5), 1),
        "p99_ms": round(percentile(every, 0.99), 1),
        **{f"{kind}, median ms": round(percentile(of_kind, 0.5), 1) for kind, of_kind in times.items()},
        "goal": "p95 ≤ 100 ms",
        "met": p95 <= 100,
    }


def _fill(database_url: str, member: dict[str, Any], count: int) -> None:
    values = {**{key: member[key] for key in ("organization", "location", "channel")}, "count": count}
    with psycopg.connect(database_url, autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_FILL, values)
        for table in ("contact", "conversation", "message", "searchentry"):
            cursor.execute(f"VACUUM ANALYZE inbox_{table}")
        cursor.execute(_FLOOR)
        cursor.execute("VACUUM ANALYZE plain")


def _look(environment: dict[str, str], session: str, times: int) -> dict[str, list[float]]:
    looked = subprocess.run(
        [sys.executable, "-c", _LOOK, session, json.dumps(WORDS), str(times)],
        cwd=stage.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(looked.stdout.splitlines()[-1])


def _floor(database_url: str) -> list[float]:
    times = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        for _ in range(LOOKS):
            for word in (word for words in WORDS.values() for word in words):
                begun = time.perf_counter()
                connection.execute(_ASK, [word]).fetchall()
                times.append((time.perf_counter() - begun) * 1000)
    return times
