"""Accepted webhooks a second with production settings, against the floor; same server, same workers, same database."""

import asyncio
import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.bench import load, stage

ROUNDS = 5


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    requests = 400 if quick else 4000
    with stage.database() as environment:
        ours_port, floor_port = stage.free_port(), stage.free_port()
        web = (stage.ROOT / "Procfile").read_text().split("web: ")[1].splitlines()[0]
        commands = {
            "ours": web.replace("${PORT:-8000}", str(ours_port)),
            "floor": web.replace("${PORT:-8000}", str(floor_port)).replace("config.wsgi", "tests.bench.floor"),
        }
        with stage.processes(environment, **commands):
            stage.wait_for(ours_port)
            stage.wait_for(floor_port)
            ours, floor = _measure(ours_port, floor_port, requests)
        kept = _kept(environment["DATABASE_URL"])
    yield _result(ours, floor, kept)


def _measure(ours_port: int, floor_port: int, requests: int) -> tuple[list[load.Load], list[load.Load]]:
    ours, floor = [], []
    for round_number in range(ROUNDS + 1):
        bodies = [load.comment(round_number * requests + number, int(time.time())) for number in range(requests)]
        pair = [
            ("/floor/", floor_port, floor),
            ("/hooks/meta/", ours_port, ours),
        ]
        for path, port, results in pair if round_number % 2 else reversed(pair):  # neither is always first
            results.append(asyncio.run(load.post_all(port, [load.request(path, body) for body in bodies])))
    return ours[1:], floor[1:]  # the first round warms up


def _kept(database_url: str) -> dict[str, int]:
    with psycopg.connect(database_url) as connection:
        return dict(connection.execute("SELECT endpoint, count(*) FROM inbox_delivery GROUP BY 1").fetchall())


def _result(ours: list[load.Load], floor: list[load.Load], kept: dict[str, int]) -> dict[str, Any]:
    rates = sorted(each.rate for each in ours), sorted(each.rate for each in floor)
    ours_rate, floor_rate = rates[0][ROUNDS // 2], rates[1][ROUNDS // 2]
    times = [time for each in ours for time in each.times], [time for each in floor for time in each.times]
    p99, floor_p99 = load.percentile(times[0], 0.99), load.percentile(times[1], 0.99)
    refused = sum(each.refused for each in ours)
    accepted = len(times[0]) - refused
    everything = kept.get("meta", 0) >= accepted
    ratio = ours_rate / floor_rate
    return {
        "name": "ingest",
        "ours": round(ours_rate),
        "floor": round(floor_rate),
        "ratio": round(ratio, 3),
        "unit": "accepted webhooks a second, median of five rounds",
        "p50_ms": round(load.percentile(times[0], 0.5), 2),
        "p99_ms": round(p99, 2),
        "floor_p99_ms": round(floor_p99, 2),
        "accepted": accepted,
        "refused": refused,
        "every_accepted_body_kept": everything,
        "cpus": os.cpu_count(),
        "goal": "ratio ≥ 0.8, p99 ≤ 2 × the floor's, every accepted body in the database",
        "met": ratio >= 0.8 and p99 <= 2 * floor_p99 and everything and not refused,
    }
