"""bin/dev: everything that Comptoir is, on this machine, with one command."""

import argparse
import fcntl
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

import psycopg

from config import services
from config.services import runner
from config.services.ports import HIGHEST, HOST, Port, listens
from inbox import platforms
from simulator.client import Simulator

ROOT = Path(__file__).resolve().parent.parent
WANTED_PORT = 8000
# As the simulated platforms know the app, so that its pages can be connected by their own sign-in.
APPS = {"META_APP_ID": "112233445566778", "INSTAGRAM_APP_ID": "998877665544332", "LINKEDIN_CLIENT_ID": "dev-linkedin-client"}
UNFINISHED = "demo-unfinished"
ANSWERING = ("web", "live")  # they have the processor to themselves; the others come up while the first page is read
# The simulated platforms' memory and the demo belong together.
ELSEWHERE = (
    "--fresh forgets only what is in var/, not the database of DATABASE_URL: leave DATABASE_URL out, "
    "or empty that database, remove var/simulator.sqlite3*, and start without --fresh."
)
PATIENCE = 90.0  # seconds until the first answer, on a slow machine


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/dev", description="Start Comptoir. PORT chooses the port (8000).")
    parser.add_argument("--fresh", action="store_true", help="forget all data and start over")
    parser.add_argument("--check", action="store_true", help="run the main job once on throw-away data, then stop")
    parser.add_argument("--no-trickle", action="store_true", help="no invented traffic")
    asked = parser.parse_args()
    runner.stop_on_signals()
    try:
        port = asked_port()
        if asked.check:
            return check()
        if asked.fresh and os.environ.get("DATABASE_URL"):
            raise services.Unusable(ELSEWHERE)
        # Data that was only half filled is no data.
        if asked.fresh or (services.STATE / UNFINISHED).exists():
            services.forget(services.STATE)
        return serve(port, trickle=not asked.no_trickle)
    except (services.Unusable, runner.Died) as problem:
        say(str(problem))
        return 1


def asked_port() -> int | None:
    """PORT as a number; None where nobody chose one."""
    given = os.environ.get("PORT", "").strip()
    if not given:
        return None
    try:
        number = int(given)
    except ValueError:
        number = 0
    if not 1 <= number <= HIGHEST:
        raise services.Unusable(f"PORT must be a number from 1 to {HIGHEST}, not {given!r}.")
    return number


def serve(port: int | None, *, trickle: bool) -> int:
    with (
        alone(services.STATE) as note,
        services.running(services.STATE) as addresses,
        runner.Runner(folder=ROOT, logs=logs(services.STATE), show=True) as run,
    ):
        site = Site(services.STATE, addresses, wanted=port or WANTED_PORT)
        if port and site.web.number != port:
            raise runner.Died(f"Port {port} is taken: choose another, or leave PORT out.")
        if site.web.number != (port or WANTED_PORT):
            say(f"Port {WANTED_PORT} is taken; this is {site.web.number}.")
        note(site.url)
        site.start(run, trickle=trickle)
        tell(f"Comptoir is ready: {site.url}/")
        say(f"The platforms' side, to write as a customer: {site.platforms_url}/")
        say(f"No mail leaves; what would is in {os.path.relpath(mails(services.STATE))}/")
        run.wait()
    return 0


@contextmanager
def alone(state: Path) -> Iterator[Callable[[str], None]]:
    """One bin/dev a clone: two would answer each other's customers. Yields a way to say where this one is."""
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (state / "dev.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise runner.Died(f"Comptoir already runs in this clone: {lock.read().strip()}/") from None

        def note(url: str) -> None:
            lock.truncate(0)
            lock.write(url)
            lock.flush()

        yield note


def check() -> int:
    with throw_away("check") as (site, run):
        site.do(manage("check_main_job"), "The main job failed.", output=sys.stdout)
        run.check()
    return 0


@contextmanager
def throw_away(name: str, **environment: str) -> Iterator[tuple["Site", runner.Runner]]:
    """A whole Comptoir with its demo, for the time of the block; nothing of it stays."""
    services.STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=services.STATE))
    state.chmod(0o711)
    before = dict(os.environ)
    # Servers of its own, whatever the environment says of others.
    for given in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
        os.environ.pop(given, None)
    os.environ.update(environment)
    try:
        with (
            services.running(state) as addresses,
            closing(Site(state, addresses, wanted=0)) as site,
            runner.Runner(folder=ROOT, logs=logs(state), show=False) as run,
        ):
            site.start(run, trickle=False)
            yield site, run
    finally:
        os.environ.clear()
        os.environ.update(before)
        with runner.undisturbed():
            services.forget(state, keep=())


class Site:
    """One running Comptoir and the simulated platforms beside it: its ports, its environment, its processes."""

    def __init__(self, state: Path, addresses: dict[str, str], *, wanted: int) -> None:
        self.state = state
        # The demo's websites are known by their address on the simulator: it is the same at the next start.
        self.web, self.live, self.platforms = Port(wanted), Port(), Port(wanted and beside(wanted))
        self.url = f"http://{HOST}:{self.web.number}"
        self.platforms_url = f"http://{HOST}:{self.platforms.number}"
        self.environment = {**os.environ, **addresses, **self._own_environment()}

    def _own_environment(self) -> dict[str, str]:
        return {
            "DEBUG": os.environ.get("DEBUG") or "1",
            # True of a server, not of a desk: nothing is collected here, and a container's root is its only account.
            "PYTHONWARNINGS": "ignore:No directory at,ignore:You're running the worker",
            "HOST": HOST,
            "PORT": str(self.web.number),
            "LIVE_PORT": str(self.live.number),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.url,
            "LIVE_URL": f"http://{HOST}:{self.live.number}",
            "EMAIL_URL": os.environ.get("EMAIL_URL") or f"file://{mails(self.state)}",
            **APPS,
            **{variable.name: self.platforms_url for variable in platforms.variables() if variable.kind in {"url", "urls"}},
        }

    def start(self, run: runner.Runner, *, trickle: bool) -> None:
        commands = runner.read(ROOT / "Procfile")
        # Not yet with traffic of its own: the demo's comes first, and arrives as any other, by webhook.
        run.start("simulator", self._simulator(), self.environment)
        self.do(["/bin/sh", "-c", f"{commands.pop('release')} --verbosity 0"], "The database could not be migrated.")
        for name in ANSWERING:
            run.start(name, commands.pop(name), self.environment)
        run.wait_until(self._ready, PATIENCE)
        for name, command in commands.items():
            run.start(name, command, self.environment)
        self._fill()
        Simulator(self.platforms_url).configure(trickle=trickle)

    def _fill(self) -> None:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            found = connection.execute("SELECT EXISTS (SELECT FROM accounts_organization)").fetchone()
        if found == (False,):
            say("Filling the demo…")
            unfinished = self.state / UNFINISHED
            unfinished.touch()
            self.do(manage("demo"), "The demo could not be filled.")
            unfinished.unlink()

    def do(self, command: list[str], otherwise: str, output: TextIO = sys.stderr) -> None:
        """A step that must succeed; what it says is progress, unless it is what was asked for."""
        if subprocess.run(command, cwd=ROOT, env=self.environment, stdout=output, check=False).returncode:
            raise runner.Died(otherwise)

    def _simulator(self) -> str:
        parts = ["python", "-m", "simulator", "--port", str(self.platforms.number)]
        parts += ["--state", f"'{self.state / 'simulator.sqlite3'}'", "--webhook-base", self.url]
        return " ".join(parts)

    def close(self) -> None:
        for port in (self.web, self.live, self.platforms):
            port.close()

    def _ready(self) -> bool:
        return listens(self.live.number) and listens(self.platforms.number) and answers(f"{self.url}/healthz/")


def beside(port: int) -> int:
    return port + 100 if port + 100 <= HIGHEST else port - 100


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def logs(state: Path) -> Path:
    return state / "log"


def mails(state: Path) -> Path:
    return state / "mails"


def tell(line: str) -> None:
    print(line, flush=True)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
