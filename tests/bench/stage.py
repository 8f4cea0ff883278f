"""A database of its own, and the processes of the Procfile with production settings, on free ports of the loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from cryptography.fernet import Fernet
from redis import Redis
from rq import Worker

ROOT = Path(__file__).resolve().parents[2]
SECRET = "bench-app-secret"
_numbers = count()  # of databases
VERIFY = "bench-verify-token"


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """Yield the environment of a production process on a fresh, migrated database; drop it afterwards."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"bench_{os.getpid()}_{next(_numbers)}"
    admin = urlunsplit(address._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    environment = production(urlunsplit(address._replace(path=f"/{name}")))
    try:
        manage(environment, "migrate", "--no-input", "--verbosity", "0")
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        yield environment
    finally:
        Redis.from_url(environment["REDIS_URL"]).flushdb()
        with psycopg.connect(admin, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def production(database_url: str) -> dict[str, str]:
    inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": database_url,
        "REDIS_URL": _own_redis(os.environ["REDIS_URL"]),
        "SECRET_KEY": "bench-" * 12,
        "AUDIT_KEY": "bench-" * 6,
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "PUBLIC_URL": "https://bench.example.com",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "memory://",
        "DEFAULT_FROM_EMAIL": "comptoir@example.com",
        "META_APP_SECRET": SECRET,
        "INSTAGRAM_APP_SECRET": "another-secret",
        "META_VERIFY_TOKEN": VERIFY,
        "LINKEDIN_CLIENT_SECRET": "a-third-secret",
        "HOST": "127.0.0.1",
    }


def _own_redis(url: str) -> str:
    """Another numbered database of the same Redis, so that nothing of a running Comptoir is touched."""
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db=15"
    return urlunsplit(urlsplit(url)._replace(path="/15"))


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def processes(environment: dict[str, str], *names: str, **replaced: str) -> Iterator[None]:
    """Run lines of the Procfile; `replaced` gives another command under a name of ours."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if ": " in line)
    commands = [lines[name] for name in names] + list(replaced.values())
    running = [
        subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=ROOT, env=environment, start_new_session=True)
        for command in commands
    ]
    try:
        yield
    finally:
        for process in running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def wait_for_worker(environment: dict[str, str], seconds: float = 60) -> None:
    """Until one asks for work: it reads the rules of triage first."""
    until = time.monotonic() + seconds
    while not Worker.count(connection=Redis.from_url(environment["REDIS_URL"])):
        if time.monotonic() > until:
            raise TimeoutError("no worker comes up")
        time.sleep(0.1)


def wait_for_part(environment: dict[str, str], name: str, seconds: float = 60) -> None:
    """Until this one has left its first mark."""
    until = time.monotonic() + seconds
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM inbox_pulse WHERE name = %s", [name]).fetchone():
            if time.monotonic() > until:
                raise TimeoutError(f"no {name} comes up")
            time.sleep(0.1)


def wait_for(port: int, path: str = "/healthz/", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
