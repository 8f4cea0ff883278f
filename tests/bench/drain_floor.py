"""The floor of `drain`: the rows that our warm-up left, written again by plain SQL, one transaction a delivery.

Of a delivery by somebody new: its contact, conversation, wait, message and wait event; of further words: their message and wait
event, and the conversation's line in the list. Before them the delivery is claimed as a queue in PostgreSQL claims it, after
them it is marked. All values are ready before the clock runs and psycopg prepares the statements; nothing is parsed, looked for
or locked but the delivery, so this is less than any program has to do that does not know beforehand what it will find.

python -m tests.bench.drain_floor DATABASE COUNT ROUND [prepare]: `prepare` puts COUNT deliveries there; else they are taken.
"""

import json
import sys
import time
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

STEP = 10_000_000  # the keys of a copy are those of its row, and so much more a round
ARRAYS = {"badges", "channel_ids", "topics"}  # lists of PostgreSQL; all others are JSON
KEYS = {"id", "channel_id", "contact_id", "conversation_id", "wait_id"}
LINE = (
    "preview",
    "waiting_count",
    "last_message_at",
    "last_inbound_at",
    "waiting_since",
    "warn_at",
    "due_at",
    "closed_at",
    "close_outcome",
    "version",
)
CLAIM = """
    SELECT id, body FROM inbox_delivery WHERE processed_at IS NULL AND try_at <= now() AND endpoint = %s
    ORDER BY try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
DONE = "UPDATE inbox_delivery SET processed_at = now(), outcome = 'done', error = '' WHERE id = %s"

Row = dict[str, Any]
Statement = tuple[str, list[Any]]


def main(address: str, count: int, round_number: int, *, prepare: bool) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        deliveries = _rows(connection, f"inbox_delivery WHERE endpoint = 'meta' ORDER BY id LIMIT {count}")
        if prepare:
            _put(connection, deliveries, round_number)
            return
        plan = Plan(connection, round_number * STEP)
        statements = {delivery["id"] + plan.step: plan.of(delivery) for delivery in deliveries}
        print("ready", flush=True)
        input()
        while _take_next(connection, f"floor {round_number}", statements):
            pass
        print(time.monotonic(), flush=True)


def _take_next(connection: psycopg.Connection, endpoint: str, statements: dict[int, list[Statement]]) -> bool:
    with connection.transaction():
        claimed = connection.execute(CLAIM, [endpoint]).fetchone()
        if claimed is None:
            return False
        for sql, values in statements[claimed[0]]:
            connection.execute(sql, values)
        connection.execute(DONE, [claimed[0]])
    return True


def _put(connection: psycopg.Connection, deliveries: list[Row], round_number: int) -> None:
    step = round_number * STEP
    channels = [row | {"external_id": f"{row['external_id']}-{round_number}"} for row in _template(connection, "inbox_channel")]
    untaken = {"endpoint": f"floor {round_number}", "processed_at": None, "outcome": "", "channel_ids": None}
    waiting = [row | untaken for row in deliveries]
    with connection.transaction():
        for table, rows in (("inbox_channel", channels), ("inbox_delivery", waiting)):
            for row in rows:
                connection.execute(*_insert(table, row, step))


class Plan:
    """What is written of each delivery."""

    def __init__(self, connection: psycopg.Connection, step: int) -> None:
        self.step = step
        self.contacts, self.conversations, self.waits = (
            {row["id"]: row for row in _template(connection, f"inbox_{name}")} for name in ("contact", "conversation", "wait")
        )
        self.messages = {row["external_id"]: row for row in _template(connection, "inbox_message")}
        self.events = {row["detail"]["message"]: row for row in _template(connection, "inbox_waitevent")}

    def of(self, delivery: Row) -> list[Statement]:
        value = json.loads(bytes(delivery["body"]))["entry"][0]["changes"][0]["value"]
        message = self.messages[value["comment_id"]]
        conversation = self.conversations[message["conversation_id"]]
        rows = [("message", message), ("waitevent", self.events[message["id"]])]
        if conversation["thread_id"] == message["external_id"]:
            opened = [
                ("contact", self.contacts[conversation["contact_id"]]),
                ("conversation", conversation),
                ("wait", self.waits[message["wait_id"]]),
            ]
            return [_insert(f"inbox_{name}", row, self.step) for name, row in opened + rows]
        return [*(_insert(f"inbox_{name}", row, self.step) for name, row in rows), _line(conversation, self.step)]


def _template(connection: psycopg.Connection, table: str) -> list[Row]:
    return _rows(connection, f"{table} WHERE id < {STEP}")


def _rows(connection: psycopg.Connection, what: str) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f"SELECT * FROM {what}").fetchall()


def _insert(table: str, row: Row, step: int) -> Statement:
    columns = ", ".join(row)
    values = [_copied(name, value, step) for name, value in row.items()]
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(row))})", values


def _line(conversation: Row, step: int) -> Statement:
    changed = ", ".join(f"{name} = %s" for name in LINE)
    values = [*(conversation[name] for name in LINE), conversation["id"] + step]
    return f"UPDATE inbox_conversation SET {changed} WHERE id = %s", values


def _copied(name: str, value: Any, step: int) -> Any:
    if name in KEYS and value is not None:
        return value + step
    return Jsonb(value) if isinstance(value, dict | list) and name not in ARRAYS else value


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), prepare="prepare" in sys.argv[4:])
