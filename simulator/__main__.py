"""python -m simulator --port 8100 --state var/simulator.sqlite3 --webhook-base http://127.0.0.1:8000 [--trickle]"""

import argparse
import os
import signal
import sys
from types import FrameType


def _read_arguments() -> None:
    """Arguments win over the environment, where the settings look."""
    parser = argparse.ArgumentParser(prog="simulator", description="The platforms' side of the wire.")
    parser.add_argument("--host", default=os.environ.get("SIMULATOR_HOST", "127.0.0.1"))
    parser.add_argument("--port")
    parser.add_argument("--state", help="the SQLite file that holds it all")
    parser.add_argument("--webhook-base", help="where the receivers are; /hooks/meta/ and /hooks/linkedin/ are added")
    parser.add_argument("--trickle", action="store_const", const="1", help="send believable traffic now and then")
    parser.add_argument("--trickle-seconds", help="shortest and longest pause, as 20,40")
    parser.add_argument("--retry-seconds", help="pauses between the tries of one webhook, as 1,2,5")
    for name, value in vars(parser.parse_args()).items():
        if value is not None:
            os.environ[f"SIMULATOR_{name.upper()}"] = value


def _stop(signum: int, frame: FrameType | None) -> None:
    # Every write is one committed transaction and the other threads are daemons: there is nothing to tidy up.
    os._exit(0)


def main() -> None:
    _read_arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "simulator.settings"
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    from simulator.web import server

    sys.exit(server.run(os.environ["SIMULATOR_HOST"]))


if __name__ == "__main__":
    main()
