"""What can go wrong, each undone again: a process killed, Redis gone or emptied, PostgreSQL away, a bad platform."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from redis import Redis

from config.services import processes
from tests.bench.house import PARTS, House

DATABASE = "comptoir"


@dataclass(frozen=True, slots=True)
class Mishap:
    name: str
    happen: Callable[[House, random.Random], None]


def killed(part: str) -> Mishap:
    def happen(house: House, chance: random.Random) -> None:
        house.kill(part)
        time.sleep(chance.uniform(0.5, 3))  # as long as a supervisor takes
        house.start(part)

    return Mishap(f"{part} killed", happen)


def _redis_killed(house: House, chance: random.Random) -> None:
    os.kill(processes.number_in(house.redis._pid_file), signal.SIGKILL)
    time.sleep(chance.uniform(1, 4))
    house.redis.start(0)


def _redis_emptied(house: House, chance: random.Random) -> None:
    with Redis.from_url(house.site.environment["REDIS_URL"]) as redis:
        redis.flushall()


def _postgres_restarted(house: House, chance: random.Random) -> None:
    house.postgres.stop()
    time.sleep(chance.uniform(0.5, 2))
    house.postgres.start(DATABASE)


def _postgres_refuses(house: House, chance: random.Random) -> None:
    address = house.site.environment["DATABASE_URL"].replace(f"/{DATABASE}?", "/postgres?")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS false")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])
        time.sleep(20)
        server.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS true")


def platform(name: str, fault: str, *, value: str = "", count: int = 8) -> Mishap:
    def happen(house: House, chance: random.Random) -> None:
        house.platforms.fault(fault, value=value or None, count=count)
        time.sleep(chance.uniform(4, 8))

    return Mishap(f"platform {name}", happen)


MISHAPS = [
    *(killed(part) for part in PARTS),
    Mishap("redis killed", _redis_killed),
    Mishap("redis emptied", _redis_emptied),
    Mishap("postgres restarted", _postgres_restarted),
    Mishap("postgres refuses for 20 s", _postgres_refuses),
    platform("slow", "slow", value="3000", count=20),
    platform("500 after accepting", "error_after_accept"),
    platform("hangs up after accepting", "drop_after_accept"),
    platform("hangs up amid its answer", "cut_mid_answer"),
    platform("hangs up before accepting", "drop_connection"),
    platform("gives no id", "no_id", count=4),
    platform("429 with headers", "refuse_429", count=3),
]
