"""What is asked for so often that the database is asked only once, until something changes it."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Everything happens in one process, so whoever changes it says so. What was being read meanwhile is not kept."""

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self.lock = threading.Lock()
        self.changes = 0
        self.kept: tuple[T] | None = None

    def get(self) -> T:
        kept, changes = self.kept, self.changes
        if kept is not None:
            return kept[0]
        found = self.read()
        with self.lock:
            if changes == self.changes:
                self.kept = (found,)
        return found

    def forget(self) -> None:
        with self.lock:
            self.changes += 1
            self.kept = None
