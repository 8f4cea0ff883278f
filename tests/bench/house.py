"""The whole of Comptoir with servers of its own, whose parts can be killed and come back; and staff who go on answering."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config import services
from config.dev import ROOT, Site, logs
from config.services import runner
from config.services.postgres import Postgres
from config.services.redis import RedisServer
from simulator.client import Simulator

PARTS = ("web", "worker", "sender", "clock", "beat")
TOKEN = "bench-token"
_FOUND = """
import django
django.setup()
from django.utils import timezone
from accounts.access import Role
from accounts.models import Location, Membership, Organization, User
from inbox import channels
from inbox.waits import policies
now = timezone.now()
organization = Organization.objects.create(name="Bench", slug="bench")
policies.create(organization, now=now)
place = Location.objects.create(organization=organization, name="Bench", short_name="Bench", slug="bench")
user = User.objects.create_user(email="bench@example.com", name="Bench", language="en")
Membership.objects.create(user=user, organization=organization, role=Role.PHARMACIST, all_locations=True)
for page in {pages}:
    channels.connect(place, "facebook", external_id=page, name=page, token="{token}-" + page, by=None, now=now)
"""


@dataclass
class House:
    site: Site
    run: runner.Runner
    postgres: Postgres
    redis: RedisServer
    platforms: Simulator
    commands: dict[str, str] = field(default_factory=dict)

    def start(self, part: str) -> None:
        self.run.start(part, self.commands[part], self.site.environment)

    def kill(self, part: str) -> None:
        """At once, with everything that it started; nobody is told."""
        process = self.run.processes.pop(part)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def ask(self, question: str, *given: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.site.environment["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(question, given).fetchall()

    def count(self, question: str) -> int:
        return int(self.ask(question)[0][0])

    def until_delivered(self, patience: float) -> float:
        """Seconds until the platforms have no webhook left to send."""
        return _until(lambda: self.platforms.wait(timeout=0.2), patience)

    def until_free(self, patience: float) -> float:
        """Seconds until no channel has to wait as long as its platform asked: so long lasts what began with a 429."""
        told = "SELECT count(*) FROM inbox_channel WHERE throttled_until > now()"
        return _until(lambda: self.count(told) == 0, patience)

    def until_settled(self, patience: float) -> float:
        """Seconds until nothing is on its way any more, on either side."""
        return _until(lambda: not self.under_way(), patience)

    def until_decided(self, patience: float) -> float:
        """Seconds until every uncertain reply is found, or is before a person."""
        open_ = "SELECT count(*) FROM responses_reply WHERE state = 'uncertain' AND lookups < 5"
        return _until(lambda: self.count(open_) == 0, patience)

    def under_way(self) -> dict[str, int]:
        """What somebody still has to do, of each kind that there is."""
        replies = "SELECT count(*) FROM responses_reply WHERE state = "
        found = {state: self.count(f"{replies}'{state}'") for state in ("queued", "sending")}
        found["deliveries"] = self.count("SELECT count(*) FROM inbox_delivery WHERE processed_at IS NULL")
        found["webhooks"] = not self.platforms.wait(timeout=0.2)
        return {kind: int(count) for kind, count in found.items() if count}


def _until(holds: Any, patience: float) -> float:
    begun = time.monotonic()
    while not holds() and time.monotonic() - begun < patience:
        time.sleep(0.25)
    return time.monotonic() - begun


@contextmanager
def standing(pages: Sequence[str]) -> Iterator[House]:
    services.STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix="faults-", dir=services.STATE))
    state.chmod(0o711)
    before = dict(os.environ)
    for given in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
        os.environ.pop(given, None)
    os.environ["UNDO_SECONDS"] = "0"
    try:
        with (
            services.running(state) as addresses,
            closing(Site(state, addresses, wanted=0)) as site,
            runner.Runner(folder=ROOT, logs=logs(state), show=False) as run,
        ):
            yield _opened(site, run, state, pages)
    finally:
        os.environ.clear()
        os.environ.update(before)
        if kept := os.environ.get("COMPTOIR_KEEP_LOGS"):
            shutil.copytree(logs(state), kept, dirs_exist_ok=True)
        services.forget(state, keep=())


def _opened(site: Site, run: runner.Runner, state: Path, pages: Sequence[str]) -> House:
    commands = runner.read(ROOT / "Procfile")
    commands.pop("live")
    run.start("simulator", site._simulator(), site.environment)
    site.do(["/bin/sh", "-c", f"{commands.pop('release')} --verbosity 0"], "The database could not be migrated.")
    found = [sys.executable, "-c", _FOUND.format(pages=pages, token=TOKEN)]
    site.do(found, "The organization could not be founded.")
    house = House(site, run, Postgres(state), RedisServer(state), Simulator(site.platforms_url), commands)
    run.wait_until(house.platforms.healthy, 60)
    posts = ["Nos heures des fêtes", "Le vaccin est arrivé"]
    for page in pages:
        house.platforms.create_page("facebook", page, name=page, token=f"{TOKEN}-{page}", posts=posts)
    for part in PARTS:
        house.start(part)
    return house


class Staff:
    """Another process that answers whoever waits, each once, and goes on whatever happens to PostgreSQL."""

    def __init__(self, house: House, replies: int) -> None:
        self.house, self.replies = house, replies
        self.process: subprocess.Popen[str] | None = None
        self._told: dict[str, Any] = {}

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.staff", str(self.replies)],
            cwd=ROOT,
            env=self.house.site.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_busy(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def finish(self) -> None:
        assert self.process is not None
        try:
            told, _nothing = self.process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            told, _nothing = self.process.communicate()
        self._told = json.loads(told.splitlines()[-1]) if told.strip() else {}

    def composed(self) -> int:
        return int(self._told.get("composed", 0))
