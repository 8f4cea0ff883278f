"""bin/bench NAME [--json]: ours against its floor, both in the same run."""

import argparse
import json
import sys
from importlib import import_module
from typing import Any

NAMES = {
    "ingest": "tests.bench.ingest",
    "drain": "tests.bench.drain",
    "time_to_inbox": "tests.bench.time_to_inbox",
    "outbox": "tests.bench.outbox",
    "list": "tests.bench.list_page",
    "search": "tests.bench.search",
    "faults": "tests.bench.faults",
    "triage": "tests.bench.triage",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("name", choices=[*NAMES, "all"])
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: to see that it runs, not to measure")
    faults = parser.add_argument_group("faults")
    faults.add_argument("--seed", type=int, default=1, help="the same mishaps at the same moments")
    faults.add_argument("--events", type=int, default=20_000, help="what customers do, in all")
    faults.add_argument("--replies", type=int, default=2_000)
    options = parser.parse_args()
    met = True
    for name in NAMES if options.name == "all" else [options.name]:
        for result in import_module(NAMES[name]).run(**_asked(name, options)):
            met &= result["met"]
            print(json.dumps(result) if options.json else table(result), flush=True)
    return 0 if met or options.quick else 1


def _asked(name: str, options: argparse.Namespace) -> dict[str, Any]:
    more = {each: getattr(options, each) for each in ("seed", "events", "replies")} if name == "faults" else {}
    return {"quick": options.quick} | more


def table(result: dict) -> str:
    lines = [f"{result['name']}: {'goal met' if result['met'] else 'GOAL MISSED'} ({result['goal']})"]
    lines += [f"  {key:<25} {value}" for key, value in result.items() if key not in {"name", "goal", "met"}]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
