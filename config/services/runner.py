"""Run the lines of the Procfile together: all start, all stop, nothing stays behind."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

PATIENCE = 12.0  # seconds a process has to finish what it does
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Died(Exception):
    """A process ended by itself."""


def stop_on_signals() -> None:
    """The first signal unwinds the program through its `finally` blocks; later ones do not disturb that."""

    def leave(number: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise SystemExit(128 + number)

    for sign in SIGNALS:
        signal.signal(sign, leave)


def ignore_signals() -> None:
    for sign in SIGNALS:
        signal.signal(sign, signal.SIG_IGN)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is being stopped is stopped to the end, however often somebody presses Ctrl-C."""
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in SIGNALS}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def read(procfile: Path) -> dict[str, str]:
    lines = (line.partition(":") for line in procfile.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, _colon, command in lines}


class Runner:
    """with Runner(…) as runner: whatever it started has ended when the block has."""

    def __init__(self, *, folder: Path, logs: Path, show: bool) -> None:
        self.folder = folder
        self.logs = logs
        self.show = show
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.last_lines: dict[str, deque[str]] = {}
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=self.folder,
            env={"PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that its children can be found and stopped with it
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours holds a lock that this needs
        )
        self.processes[name] = process
        self.last_lines[name] = deque(maxlen=30)
        reader = threading.Thread(target=self._read, args=(name, process), daemon=True)
        reader.start()
        self._readers.append(reader)

    def wait_until(self, ready: Callable[[], bool], patience: float) -> None:
        end = time.monotonic() + patience
        while not ready():
            self.check()
            if time.monotonic() > end:
                raise Died(f"Not ready after {patience:.0f} s.")
            time.sleep(0.05)

    def wait(self) -> None:
        """Until a signal unwinds us, or a process ends by itself, which is an error."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                time.sleep(0.1)  # for its last words to be read
                told = "\n".join(f"  {line}" for line in self.last_lines[name])
                raise Died(f"{name} ended by itself ({process.returncode}).\n{told}")

    def stop(self) -> None:
        with undisturbed():
            for process in self.processes.values():
                # Only the leader: it tells its own children, who would take a second signal for impatience.
                _tell(process.pid, signal.SIGTERM, os.kill)
            end = time.monotonic() + PATIENCE
            for process in self.processes.values():
                _wait(process, end)
                _tell(process.pid, signal.SIGKILL, os.killpg)
                process.wait()
            for reader in self._readers:
                reader.join(timeout=2)
        self.processes.clear()

    def _read(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        with _lines(process.stdout) as lines, (self.logs / f"{name}.log").open("a") as log:
            for raw in lines:
                line = raw.decode(errors="replace").rstrip()
                self.last_lines[name].append(line)
                log.write(line + "\n")
                log.flush()
                if self.show:
                    sys.stderr.write(f"{name:<9} | {line}\n")


def _lines(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - asked for with PIPE
    return stream


def _wait(process: "subprocess.Popen[bytes]", end: float) -> None:
    try:
        process.wait(timeout=max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        return


def _tell(pid: int, sign: signal.Signals, how: Callable[[int, int], None]) -> None:
    try:
        how(pid, sign)
    except (ProcessLookupError, PermissionError):  # gone; macOS says the second of a group of zombies
        return


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    """Even a runner that is killed leaves no process behind (Linux)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
