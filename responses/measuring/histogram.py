"""How long people waited, counted by the minute. Pure.

A time is known in whole minutes, rounded down. Rounding down keeps the order, so a percentile of rounded times is the rounded
percentile: nothing that is shown is lost, and a year of waits is a few thousand counts.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Duration:
    """at_least: somebody unanswered stands here or before, so the true figure is this or more."""

    minutes: int
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    answered: Counter[int] = field(default_factory=Counter)
    waiting: Counter[int] = field(default_factory=Counter)  # by how long they have waited so far

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.answered + other.answered, self.waiting + other.waiting)

    def percentile(self, percent: int) -> Duration | None:
        """Nearest rank, the ⌈percent × n / 100⌉-th, over everybody; None where there is nobody."""
        count = self.answered.total() + self.waiting.total()
        if not count:
            return None
        rank = -(-percent * count // 100)
        so_far = _ranked(self.answered + self.waiting, rank)
        # Whoever still waits may yet wait longer than all others.
        settled = rank <= self.answered.total() and _ranked(self.answered, rank) == so_far
        return Duration(so_far, at_least=not settled)


def _ranked(counts: Counter[int], rank: int) -> int:
    seen = 0
    for minutes in sorted(counts):
        seen += counts[minutes]
        if seen >= rank:
            return minutes
    raise ValueError(rank)
