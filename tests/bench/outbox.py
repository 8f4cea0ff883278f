"""Replies on their way out, to a platform that answers in 50 ms: how many a second, and how late after their undo time.

The platform is a small server of our own that speaks Graph's wire (`platform.py`), so that no other program's work is measured.
The floor of the throughput: as many threads, calling the same platform with the same client, and nothing claimed or recorded.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from inbox.platforms.base import Connection
from inbox.platforms.meta import graph
from tests.bench import people, platform, stage
from tests.bench.load import percentile

TAKES = 0.05  # seconds
UNDO = 2  # seconds to take a reply back
RATE = 5  # a second
THREADS = 8  # of one platform, as the sender's default


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    with stage.database() as environment, platform.running(TAKES) as there:
        environment |= {"META_GRAPH_URL": there.url, "UNDO_SECONDS": str(UNDO), "SENDER_THREADS": str(THREADS)}
        people.settle_in(environment)
        yield _delay(environment, there, 30 if quick else 200)
        yield _throughput(environment, there, 60 if quick else 300)


# --- from the click to the platform ------------------------------------------------------------------


def _delay(environment: dict[str, str], there: platform.Platform, count: int) -> dict[str, Any]:
    there.accepted.clear()
    with _composer(environment, count, 1 / RATE) as compose, stage.processes(environment, "sender"):
        stage.wait_for_part(environment, "sender")
        committed = compose()
        _until(lambda: len(there.accepted) == count)
    delays = [(there.accepted[number][0] - at - UNDO - TAKES) * 1000 for number, at in committed.items()]
    doubled = sum(len(times) - 1 for times in there.accepted.values())
    p50, p99 = percentile(delays, 0.5), percentile(delays, 0.99)
    return {
        "name": "outbox delay",
        "ours": round(p50, 1),
        "floor": 100,
        "ratio": round(p50 / 100, 3),
        "unit": f"ms from committed to accepted, less {UNDO} s to take it back and the platform’s {TAKES * 1000:.0f} ms;"
        f" {RATE} a second; floor: the goal",
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "replies": count,
        "doubled": doubled,
        "goal": "p50 ≤ 100 ms over the platform’s own time, each sent once",
        "met": p50 <= 100 and not doubled,
    }


# --- how many a second -----------------------------------------------------------------------------


def _throughput(environment: dict[str, str], there: platform.Platform, count: int) -> dict[str, Any]:
    there.accepted.clear()
    with _composer(environment, count, 0) as compose:
        compose()
    with stage.processes(environment, "sender"):
        _until(lambda: len(there.accepted) == count)
    ours, doubled = _rate(there), sum(len(times) - 1 for times in there.accepted.values())
    there.accepted.clear()
    _call(there, count)
    floor = _rate(there)
    return {
        "name": "outbox throughput",
        "ours": round(ours, 1),
        "floor": round(floor, 1),
        "ratio": round(ours / floor, 3),
        "unit": f"replies a second to one platform that takes {TAKES * 1000:.0f} ms, {THREADS} threads; floor: the calls alone",
        "replies": count,
        "doubled": doubled,
        "goal": "each sent once",
        "met": not doubled,
    }


def _call(there: platform.Platform, count: int) -> None:
    connection = Connection("1", "token", there.url, "v26.0")

    def send(number: int) -> None:
        graph.write(connection, "1_1", "comments", id_field="id", form={"message": f"réponse {number}."})

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, range(count)))


def _rate(there: platform.Platform) -> float:
    times = sorted(at for each in there.accepted.values() for at in each)
    return (len(times) - 1) / (times[-1] - times[0])


@contextmanager
def _composer(environment: dict[str, str], count: int, every: float) -> Iterator[Callable[[], dict[int, float]]]:
    """Yields what has the replies composed, and says when each was committed."""
    command = [sys.executable, "-m", "tests.bench.composing", str(count), str(every)]
    with subprocess.Popen(
        command, cwd=stage.ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as composer:
        if composer.stdout is None or composer.stdout.readline() != "ready\n":
            raise RuntimeError("the composer did not start")

        def compose() -> dict[int, float]:
            told, _ = composer.communicate("\n")
            return {int(number): at for number, at in json.loads(told).items()}

        yield compose


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("not all replies have left")
        time.sleep(0.05)
