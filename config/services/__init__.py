"""PostgreSQL and Redis of this clone: real ones, from wheels, started when the environment names no others.

Whoever needs them holds a shared lock; the last to let go stops them. A lock dies with its process, so nothing is miscounted.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import IO

from config.services import folders
from config.services.folders import Unusable
from config.services.postgres import Postgres
from config.services.redis import RedisServer

__all__ = ["STATE", "Unusable", "forget", "running"]

STATE = Path(os.environ.get("COMPTOIR_STATE") or Path(__file__).resolve().parents[2] / "var")
# Each purpose has a database of its own, so that tests and measures never touch what a developer sees.
REDIS_NUMBERS = {"comptoir": 0, "test": 1, "bench": 2}


@contextmanager
def running(state: Path, database: str = "comptoir") -> Iterator[dict[str, str]]:
    """DATABASE_URL and REDIS_URL: as the environment has them, else of servers that run at least as long as the block."""
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    if len(given) == 2:
        yield given
        return
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    postgres = None if "DATABASE_URL" in given else Postgres(state)
    redis = None if "REDIS_URL" in given else RedisServer(state)
    with (state / "services.users").open("a") as users:
        try:
            with _alone(state):
                flock(users, LOCK_SH)
                yielded = dict(given)
                if postgres:
                    yielded["DATABASE_URL"] = postgres.start(database)
                if redis:
                    yielded["REDIS_URL"] = redis.start(REDIS_NUMBERS.get(database, 0))
            yield yielded
        finally:
            with _alone(state):
                if _is_last(users):
                    _stop(state)


def forget(state: Path, *, keep: tuple[str, ...] = ("venv", "services.lock", "dev.lock")) -> None:
    """Start over: everything this clone remembers is removed, its installed packages excepted."""
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (state / "services.users").open("a") as users, _alone(state):
        if not _is_last(users):
            raise Unusable("Comptoir runs in this clone: stop it first.")
        _stop(state)
        folders.remove(state, keep=keep)


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Only one process at a time starts or stops servers."""
    with (state / "services.lock").open("a") as gate:
        flock(gate, LOCK_EX)
        yield


def _stop(state: Path) -> None:
    Postgres(state).stop()
    RedisServer(state).stop()


def _is_last(users: IO[str]) -> bool:
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
