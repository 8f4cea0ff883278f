"""Deliveries turned into conversations a second by the job that a worker runs, against the same rows written by plain SQL.

The bodies: comments on eight pages, two in three by somebody new, one in three further words of somebody who waits already.
The floor is `drain_floor`: the rows that our own warm-up left, written again by prepared statements in the same database, with as
many processes, one transaction a delivery. That is how a plain program would do it; one that writes many deliveries at once,
as ours does, can be faster than the floor.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.bench import load, people, stage

PAGES = 8
ROUNDS = 3
GROUP = 300  # of these, the last third are further words of the first third

_CONNECT = """
import sys
import django
django.setup()
from django.utils import timezone
from accounts.models import Location
from inbox import channels
for page in sys.argv[1:]:
    channels.connect(Location.objects.get(), "facebook", external_id=page, name=page, token="none", by=None, now=timezone.now())
"""

_WORK = """
import time
import django
django.setup()
from django.utils import timezone
from inbox import jobs
from inbox.models import Delivery
from inbox.triage import reading
reading.warm_up()
waiting = Delivery.objects.filter(endpoint="meta").waiting
waiting(timezone.now()).exists()
print("ready", flush=True)
input()
while waiting(timezone.now()).exists():
    jobs.drain_deliveries()
print(time.monotonic(), flush=True)
"""

Rates = dict[str, list[float]]


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    count = GROUP if quick else 5 * GROUP
    with stage.database() as environment:
        people.settle_in(environment)
        subprocess.run([sys.executable, "-c", _CONNECT, *_pages()], cwd=stage.ROOT, env=environment, check=True)
        bench = Bench(environment, count)
        bench.ours(1)  # warms up, and leaves the rows that the floor copies
        alone, together = bench.measure(1), bench.measure(2)
    yield _result("drain", alone, 1, bench.once, ">= half of the floor, each delivery taken once", _middle(alone["floor"]) / 2)
    yield _result(
        "drain_together", together, 2, bench.once, "not slower than one worker, each delivery taken once", _middle(alone["ours"])
    )


def _pages() -> list[str]:
    return [f"1002003004005{number:02d}" for number in range(PAGES)]


class Bench:
    def __init__(self, environment: dict[str, str], count: int) -> None:
        self.environment, self.count = environment, count
        self.database_url = environment["DATABASE_URL"]
        self.rounds = 0
        self.once = True  # so far no delivery was worked on twice

    def measure(self, processes: int) -> Rates:
        rates: Rates = {"ours": [], "floor": []}
        for number in range(ROUNDS):
            for name in ("ours", "floor") if number % 2 else ("floor", "ours"):  # neither is always first
                rates[name].append(getattr(self, name)(processes))
        return rates

    def ours(self, processes: int) -> float:
        self._store()
        before = self._work_done()
        rate = self._race(processes, [sys.executable, "-c", _WORK])
        done = [after - earlier for after, earlier in zip(self._work_done(), before, strict=True)]
        self.once &= done == [self.count, self.count]
        return rate

    def floor(self, processes: int) -> float:
        self.rounds += 1
        command = [sys.executable, "-m", "tests.bench.drain_floor", self.database_url, str(self.count), str(self.rounds)]
        subprocess.run([*command, "prepare"], cwd=stage.ROOT, env=self.environment, check=True)
        return self._race(processes, command)

    def _race(self, processes: int, command: list[str]) -> float:
        """Deliveries a second, from the moment that all may begin until the last has found nothing more."""
        racers = [
            subprocess.Popen(
                command, cwd=stage.ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(processes)
        ]
        for racer in racers:
            assert racer.stdout and racer.stdout.readline() == "ready\n"
        begun = time.monotonic()
        for racer in racers:
            assert racer.stdin
            racer.stdin.write("\n")
            racer.stdin.flush()
        ended = [float(racer.communicate()[0]) for racer in racers]
        return self.count / (max(ended) - begun)

    def _store(self) -> None:
        """Deliveries as the receiver leaves them."""
        self.rounds += 1
        first, begun = self.rounds * self.count, int(time.time()) - self.count
        with psycopg.connect(self.database_url) as connection:
            for number in range(first, first + self.count):
                within = (number - first) % GROUP
                under = number - 2 * GROUP // 3 if within >= 2 * GROUP // 3 else None
                page = _pages()[number % PAGES if under is None else under % PAGES]
                body = load.comment(number, begun + number - first, page=page, under=under)
                connection.execute(_STORE, [body, body])

    def _work_done(self) -> list[int]:
        """How many times a delivery was written on, and a message written, as PostgreSQL counts: also what was rolled back."""
        with psycopg.connect(self.database_url) as connection:
            counted = dict(connection.execute("SELECT relname, ARRAY[n_tup_upd, n_tup_ins] FROM pg_stat_user_tables").fetchall())
        return [counted["inbox_delivery"][0], counted["inbox_message"][1]]


_STORE = """
    INSERT INTO inbox_delivery (endpoint, digest, body, signed_by, received_at, try_at, attempts, outcome, error)
    VALUES ('meta', sha256(%s), %s, 'sha256', now(), now(), 0, '', '')
"""


def _middle(rates: list[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def _result(name: str, rates: Rates, workers: int, once: bool, goal: str, least: float) -> dict[str, Any]:
    ours, floor = _middle(rates["ours"]), _middle(rates["floor"])
    return {
        "name": name,
        "ours": round(ours),
        "floor": round(floor),
        "ratio": round(ours / floor, 3),
        "unit": f"deliveries a second by {workers} worker{'s' * (workers > 1)}, median of {ROUNDS} rounds",
        "workers": workers,
        "least": round(least),
        "each_taken_once": once,
        "goal": goal,
        "met": ours >= least and once,
    }
