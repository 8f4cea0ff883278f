"""Where state lives: in var/ of the clone. Outside it lives only what cannot be there.

Two things cannot: a socket whose path is too long, and, when root works in a folder that is closed to others
(/root, usually), the data of PostgreSQL, which refuses to run as root and so runs as nobody.
"""

import hashlib
import os
import re
import shutil
import stat
from pathlib import Path

LONGEST_SOCKET = 100  # the system's limit is 107 on Linux, 103 on macOS


class Unusable(Exception):
    """Something on this machine is in the way; the message says what to do."""


def is_root() -> bool:
    return os.geteuid() == 0


def home(state: Path) -> Path:
    """The folder under which PostgreSQL keeps its data."""
    return outside(state) if is_root() and not reachable(state) else state


def for_socket(folder: Path, name: str, state: Path) -> Path:
    """`folder` when a socket in it has a usable address, else a short one."""
    path = str(folder / name)
    if len(path) <= LONGEST_SOCKET and re.fullmatch(r"[A-Za-z0-9/._-]+", path):
        return folder
    short = outside(state) / folder.name[:1]
    short.mkdir(mode=0o700, exist_ok=True)
    return short


def outside(state: Path) -> Path:
    """This clone's private folder outside of it; it survives a restart of the machine."""
    mark = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:12]
    folder = _temporary() / f"comptoir-{os.geteuid()}-{mark}"
    folder.mkdir(mode=0o711 if is_root() else 0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Unusable(f"{folder} belongs to someone else: remove it, or move the clone.")
    return folder


def reachable(path: Path) -> bool:
    """Whether every account of this machine may pass through to it."""
    path = path.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def remove(state: Path, *, keep: tuple[str, ...] = ()) -> None:
    """Forget everything but `keep`. Only for servers that do not run."""
    for found in state.iterdir() if state.exists() else ():
        if found.name in keep:
            continue
        shutil.rmtree(found) if found.is_dir() and not found.is_symlink() else found.unlink()
    shutil.rmtree(outside(state))
    if not keep:
        state.rmdir()


def tidy(state: Path) -> None:
    """Leave nothing outside that holds nothing."""
    folder = outside(state)
    for found in (*folder.iterdir(), folder):
        if found.is_dir() and not any(found.iterdir()):
            found.rmdir()


def _temporary() -> Path:
    # Not TMPDIR: it differs from one terminal to the next, and two commands of one clone must meet.
    return next(folder for folder in (Path("/var/tmp"), Path("/tmp")) if folder.is_dir())  # noqa: S108
