"""python -m config.services [--database NAME] -- COMMAND…: run a command beside PostgreSQL and Redis, and leave them as found."""

import argparse
import os
import signal
import subprocess
import sys

from config import services
from config.services.runner import stop_on_signals


def main() -> int:
    parser = argparse.ArgumentParser(prog="config.services")
    parser.add_argument("--database", default="comptoir")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    stop_on_signals()
    try:
        with services.running(services.STATE, asked.database) as addresses:
            return _run(command, {**os.environ, **addresses})
    except services.Unusable as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:
        # Ctrl-C in a terminal reaches the command by itself; it decides, and we wait for it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for sign in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, lambda number, _frame: process.send_signal(number))
        code = process.wait()
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main())
