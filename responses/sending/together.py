"""What several threads ask for at about the same time, done in one go."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Asked(Generic[T]):
    thing: T
    tried: bool = False
    done: bool = False


class Together(Generic[T]):
    """One thread at a time works, for all who have asked by then. It waits a moment for those who come at its heels."""

    def __init__(self, work: Callable[[list[T]], Collection[T]], *, moment: float = 0) -> None:
        self.work = work  # returns what was done of it
        self.moment = moment  # in seconds
        self.asked: list[Asked[T]] = []
        self._turn, self._lock = Lock(), Lock()

    def do(self, thing: T) -> bool:
        """Whether it was done, by this thread or by another. Raises what went wrong only where it is this one that worked."""
        mine = Asked(thing)
        with self._lock:
            self.asked.append(mine)
        with self._turn:
            if not mine.tried:
                self._do_all()
        return mine.done

    def _do_all(self) -> None:
        time.sleep(self.moment)
        with self._lock:
            batch, self.asked = self.asked, []
        for each in batch:
            each.tried = True
        done = self.work([each.thing for each in batch])
        for each in batch:
            each.done = each.thing in done
