"""Servers that outlive the command that started them, known by the number they wrote down."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from config.services.folders import Unusable

# Kept, so that nobody warns of a child that is meant to go on.
_started: list[subprocess.Popen[bytes]] = []


def start(command: Sequence[str], *, log: Path, user: int | None = None, group: int | None = None) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C in the terminal reaches only the command that may stop it in order."""
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment(),
            cwd="/",
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            start_new_session=True,
        )
    _started.append(process)
    return process


def environment() -> dict[str, str]:
    """Nothing of the caller's settings: PGPORT or PGDATA would change what we start."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def number_in(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def alive(pid: int | None, name: str) -> bool:
    """Whether this process is still that program: numbers are used again, above all after a restart."""
    if pid is None:
        return False
    try:
        process = psutil.Process(pid)
        return name in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def stop(pid: int | None, name: str, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """The politest signal first, each with its patience in seconds."""
    for sign, patience in signals:
        if pid is None or not alive(pid, name):
            break
        os.kill(pid, sign)
        until(lambda: not alive(pid, name), patience)
    _started[:] = [process for process in _started if process.poll() is None]


def until(condition: Callable[[], bool], patience: float) -> bool:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def complain(what: str, log: Path) -> Unusable:
    told = log.read_text(errors="replace").strip().splitlines()[-8:] if log.exists() else []
    return Unusable("\n".join([f"{what} did not start. The end of {log}:", *told]))
