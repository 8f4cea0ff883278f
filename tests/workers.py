"""Where several processes share the tests, each has its own numbered database of Redis; pytest-django does that for PostgreSQL.

Loaded before the settings are read, which is why it is a plugin and not in conftest.py.
"""

import os
import re

FIRST = 8  # those below are for development, one process, and the benches


def own_redis(url: str, worker: str) -> str:
    """The address for `gw0`, `gw1` …: redis://host:port/8, unix:///path?db=9."""
    number = FIRST + int(worker.removeprefix("gw"))
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    return re.sub(r"^(\w+://[^/]*)(/\d*)?", rf"\g<1>/{number}", url)


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"], worker)
