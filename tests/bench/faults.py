"""Everything that can die dies, one after the other at random moments, under a steady load; then the platforms' own record is
compared with our database.

Nothing is stood in for but the platforms: PostgreSQL, Redis and every process of the Procfile are real and are killed for real.
"""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

from tests.bench import comparing
from tests.bench.customers import Customers
from tests.bench.house import House, Staff, standing
from tests.bench.mishaps import MISHAPS, Mishap

PAGES = tuple(f"1002003004010{number:02}" for number in range(10))  # what one is throttled for is no matter of the others
SETTLED, DECIDED = 60, 900  # seconds: until our queues are empty; until every uncertain reply is found, or before a person
DELIVERED = 900  # until the platforms, which have a queue of their own, have told everything
ASKED = 120  # what a 429 asks for is a minute
CALM = (4.0, 9.0)  # seconds between two mishaps


def run(*, quick: bool, seed: int, events: int, replies: int) -> Iterator[dict[str, Any]]:
    if quick:
        events, replies = events // 25, replies // 25
    chance = random.Random(seed)
    with standing(PAGES) as house:
        customers = Customers(house.platforms, PAGES, events, random.Random(chance.random()))
        staff = Staff(house, replies)
        load = threading.Thread(target=customers.run, name="customers", daemon=True)
        load.start()
        staff.start()
        story = _trouble(house, chance, busy=lambda: load.is_alive() or staff.is_busy())
        load.join()
        staff.finish()
        house.platforms.clear_faults()
        house.platforms.flush()
        delivered = house.until_delivered(DELIVERED)
        free = house.until_free(ASKED)
        empty_after = house.until_settled(SETTLED * 3)
        left = house.under_way()
        decided = house.until_decided(DECIDED)
        found = comparing.compare(house, PAGES)
    clean = not (found.lost or found.wrong or found.doubled or found.sent_twice or found.unanswered or found.undecided)
    yield {
        "name": "faults",
        "ours": found.lost + found.wrong + found.doubled + found.sent_twice,
        "floor": 0,
        "ratio": 0.0 if clean else 1.0,
        "unit": f"lost, wrong, doubled or sent twice, of {customers.done} events and {staff.composed()} replies; seed {seed}",
        "events": customers.done,
        "replies": staff.composed(),
        "mishaps": story,
        "lost": found.lost,
        "wrong": found.wrong,
        "doubled": found.doubled,
        "sent_twice": found.sent_twice,
        "not_sent": found.unanswered,
        "failed_and_told": found.failed,
        "uncertain_before_a_person": found.before_a_person,
        "uncertain_undecided": found.undecided,
        "delivered_after_s": round(delivered, 1),
        "told_to_wait_s": round(free, 1),
        "queues_empty_after_s": round(empty_after, 1),
        "under_way_then": left,
        "uncertain_decided_after_s": round(decided, 1),
        "examples": found.examples,
        "goal": "0 lost, 0 doubled, 0 sent twice, every uncertain one resolved or before a person, queues empty within 60 s",
        "met": clean and empty_after <= SETTLED,
    }


def _trouble(house: House, chance: random.Random, busy: Any) -> dict[str, int]:
    """Each mishap in turn, in an order of chance, over and over while there is load; how often each happened."""
    story: dict[str, int] = {}
    waiting: list[Mishap] = []
    while busy() or len(story) < len(MISHAPS):
        if not waiting:
            waiting = chance.sample(MISHAPS, len(MISHAPS))
        time.sleep(chance.uniform(*CALM))
        mishap = waiting.pop()
        mishap.happen(house, chance)
        story[mishap.name] = story.get(mishap.name, 0) + 1
    return story
