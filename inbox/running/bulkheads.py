"""Lanes for calls to the platforms and the mail server: one that hangs holds up neither another nor whoever asked."""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

from django.db import connections

from inbox.running import problems

log = logging.getLogger(__name__)

T = TypeVar("T")
IDLE = 600.0  # seconds after which a thread with nothing to do ends, and gives its database connection back


class Lane(Generic[T]):
    """Threads that do one kind of work, each with a database connection; as many as are asked for at once, and no more."""

    def __init__(self, name: str, work: Callable[[T], None]) -> None:
        self.name = name
        self.work = work
        self._waiting: SimpleQueue[T | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def put(self, thing: T) -> None:
        """Called by one thread alone."""
        self._waiting.put(thing)
        if not self._idle.acquire(blocking=False):
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            self._threads.append(threading.Thread(target=self._run, name=self.name))
            self._threads[-1].start()

    def close(self) -> None:
        """Wait until all is done."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (thing := self._next()) is not None:
            self.work(thing)
            self._idle.release()
        connections.close_all()

    def _next(self) -> T | None:
        """None: it is time to end."""
        while True:
            try:
                return self._waiting.get(timeout=IDLE)
            except Empty:
                if self._idle.acquire(blocking=False):
                    return None
                # Somebody counts on this thread, and is about to give it something.


_taken: set[str] = set()
_lock = threading.Lock()


class Work(Protocol):
    """What is done for one platform at a time: a function that claims each thing before it calls, as all of ours do."""

    __name__: str
    __module__: str

    def __call__(self, *, now: datetime, platform: str) -> object: ...


class WorkAlone(Protocol):
    """What calls somebody else than a platform, and claims as well."""

    __name__: str
    __module__: str

    def __call__(self, *, now: datetime) -> object: ...


def by_platform(platforms: Iterable[str], work: Work, *, now: datetime) -> list[threading.Thread]:
    """Begin this work for each platform in a thread of its own, and do not wait.

    Where the last one still runs, none is begun.
    """
    begun = (_begin(f"{_name(work)}:{platform}", partial(work, now=now, platform=platform)) for platform in platforms)
    return [thread for thread in begun if thread]


def alone(work: WorkAlone, *, now: datetime) -> threading.Thread | None:
    """The same in one lane. None: the last one still runs."""
    return _begin(_name(work), partial(work, now=now))


def _name(work: Work | WorkAlone) -> str:
    return f"{work.__module__}.{work.__name__}"


def _begin(lane: str, work: Callable[[], object]) -> threading.Thread | None:
    if not _enter(lane):
        return None
    # Daemons: whoever stops the clock does not wait for a platform. What was claimed and not done comes up again.
    thread = threading.Thread(target=_run, args=(lane, work), name=lane, daemon=True)
    thread.start()
    return thread


def _enter(lane: str) -> bool:
    with _lock:
        free = lane not in _taken
        _taken.add(lane)
        return free


def _run(lane: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as problem:
        log.error("lane %s: %s", lane, problems.whole(problem))
    finally:
        connections.close_all()
        with _lock:
            _taken.discard(lane)
