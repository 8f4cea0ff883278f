"""People who write, correct and take back on the simulated platform, at a steady pace; webhooks doubled, late, out of order."""

import random
import threading
import time
from collections.abc import Callable, Sequence

from simulator.client import Simulator, SimulatorError

PACE = 50  # events a second
HANDS = 4
STILL = 2.0  # seconds
# What becomes of the webhooks, and the value that the simulator wants with it.
TROUBLES: dict[str, Callable[[random.Random], int | None]] = {
    "duplicate": lambda chance: None,
    "reorder": lambda chance: None,
    "delay": lambda chance: chance.randint(1, 5),  # seconds
}


class Customers:
    def __init__(self, platforms: Simulator, pages: Sequence[str], events: int, chance: random.Random) -> None:
        self.platforms, self.pages, self.events, self.chance = platforms, pages, events, chance
        self.done = 0
        self._written: dict[str, float] = {}  # and when each was last touched
        self._lock = threading.Lock()

    def run(self) -> None:
        hands = [threading.Thread(target=self._hand, args=(number,), daemon=True) for number in range(HANDS)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()

    def _hand(self, number: int) -> None:
        platforms = Simulator(self.platforms.url)  # a session is one thread's
        chance = random.Random(self.chance.random() + number)
        for turn in range(self.events // HANDS):
            begun = time.perf_counter()
            if turn % 40 == 0:
                kind = chance.choice(list(TROUBLES))
                platforms.fault(kind, value=TROUBLES[kind](chance), page=chance.choice(self.pages), count=6)
            self._act(platforms, chance, f"{number}-{turn}")
            time.sleep(max(0.0, HANDS / PACE - (time.perf_counter() - begun)))

    def _act(self, platforms: Simulator, chance: random.Random, name: str) -> None:
        kind, page = chance.random(), chance.choice(self.pages)
        old = self._pick(chance) if kind > 0.85 else ""
        try:
            if old and kind > 0.96:
                platforms.remove_comment(old)
                self._forget(old)
            elif old:
                platforms.edit_comment(old, f"Question corrigée {name}: êtes-vous ouverts lundi?")
            elif kind > 0.75:
                platforms.message(page, f"Message {name}: mon ordonnance est-elle prête?", author=f"Personne Exemple {name}")
            else:
                text = f"Question {name}: êtes-vous ouverts dimanche?"
                written = platforms.comment(page, text, author=f"Personne Exemple {name}")
                with self._lock:
                    self._written[str(written["id"])] = time.monotonic()
        except SimulatorError:
            return  # two hands reached for the same comment
        with self._lock:
            self.done += 1

    def _pick(self, chance: random.Random) -> str:
        """One of the last; not one corrected a moment ago, as the platform tells no finer time than the second."""
        with self._lock:
            now = time.monotonic()
            settled = [comment for comment in list(self._written)[-200:] if now - self._written[comment] > STILL]
            if not settled:
                return ""
            found = chance.choice(settled)
            self._written[found] = now
            return found

    def _forget(self, comment: str) -> None:
        with self._lock:
            self._written.pop(comment, None)
