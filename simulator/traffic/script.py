"""A scripted run of acts and faults: python -m simulator.traffic.script FILE|SEED --url http://127.0.0.1:8100

A script is a JSON list of steps, each {"after": seconds since the last step, "do": what, "with": its arguments}: a fault to turn
on, `clear_faults`, an option to configure, or any act of the client by its name. A number instead of a file is a seed, from which
a script is made: the same number makes the same one. Each step is logged as it is done; what is refused is logged too.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.client import Simulator, SimulatorError

Step = dict[str, Any]
# Each in turn, at a random moment: its arguments, and how long it stays on.
TROUBLES: list[tuple[str, Step, float]] = [
    ("slow", {"value": 3000}, 6),
    ("refuse_429", {"value": "613:1"}, 5),
    ("error_after_accept", {"count": 3}, 4),
    ("drop_after_accept", {"count": 3}, 4),
    ("cut_mid_answer", {"count": 3}, 4),
    ("drop_connection", {"count": 3}, 4),
    ("no_id", {"count": 2}, 4),
    ("no_echo", {"count": 5}, 4),
    ("refuse", {"value": "2", "count": 3}, 4),
    ("token_dead", {"value": "460"}, 4),
    ("duplicate", {"chance": 0.3}, 6),
    ("reorder", {"chance": 0.3}, 6),
    ("delay", {"chance": 0.2, "value": 3}, 6),
    ("delete_first", {"count": 2}, 4),
    ("missing_from", {"count": 3}, 4),
    ("missing_text", {"count": 3}, 4),
    ("numeric_ids", {"count": 3}, 4),
    ("legacy_sender", {"count": 3}, 4),
    ("flat", {"count": 3}, 4),
    ("top_level_list", {"count": 3}, 4),
    ("unknown_field", {"count": 2}, 4),
    ("nasty_text", {"count": 5}, 4),
    ("bad_signature", {"value": 1, "count": 3}, 4),
    ("no_signature", {"value": 1, "count": 3}, 4),
    ("sha1_signature", {"value": 1, "count": 3}, 4),
    ("wrong_secret", {"value": 1, "count": 3}, 4),
]
ACTS = {"fault", "clear_faults", "configure", "comment", "message", "review", "postback", "load", "stop_load"} | {
    "take_thread",
    "pass_thread",
    "kill_keys",
    "withdraw",
    "release",
    "flush",
    "publish",
    "trickle_now",
}


def made_from(seed: int, *, pages: list[str] | None = None) -> list[Step]:
    """Every trouble once, in an order and at moments that belong to the seed, while customers go on."""
    chance = random.Random(seed)
    troubles = chance.sample(TROUBLES, len(TROUBLES))
    steps: list[Step] = [{"do": "load", "with": {"count": 20_000, "per_second": 20, "seed": seed, "pages": pages or []}}]
    for kind, given, lasts in troubles:
        steps.append({"after": round(chance.uniform(0.5, 3), 2), "do": "fault", "with": {"kind": kind, **given}})
        steps.append({"after": lasts, "do": "clear_faults"})
    return [*steps, {"do": "stop_load"}]


def perform(simulator: Simulator, steps: list[Step], *, speed: float = 1) -> Iterator[Step]:
    """Do each step in its time, and tell of it: what, when, and what came of it."""
    began = time.monotonic()
    for step in steps:
        time.sleep(float(step.get("after", 0)) / speed)
        told: Step = {"at": round(time.monotonic() - began, 2), "do": step["do"], "with": step.get("with", {})}
        if step["do"] not in ACTS:
            yield told | {"refused": f"no such act; there are {', '.join(sorted(ACTS))}"}
            continue
        try:
            getattr(simulator, step["do"])(**step.get("with", {}))
        except (SimulatorError, TypeError) as error:
            yield told | {"refused": str(error)}
        else:
            yield told


def read(what: str) -> list[Step]:
    if what.isdecimal():
        return made_from(int(what))
    steps: list[Step] = json.loads(Path(what).read_text())
    return steps


def main() -> int:
    parser = argparse.ArgumentParser(prog="simulator.traffic.script", description="Perform a script of acts and faults.")
    parser.add_argument("what", help="a JSON file of steps, or a number to make them from")
    parser.add_argument("--url", default="http://127.0.0.1:8100")
    parser.add_argument("--speed", type=float, default=1, help="so many times faster")
    parser.add_argument("--show", action="store_true", help="only print the steps")
    asked = parser.parse_args()
    steps = read(asked.what)
    if asked.show:
        sys.stdout.write(json.dumps(steps, indent=1, ensure_ascii=False) + "\n")
        return 0
    refused = 0
    for told in perform(Simulator(asked.url), steps, speed=asked.speed):
        refused += "refused" in told
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
