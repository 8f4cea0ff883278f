"""One process: a threaded HTTP server, a thread an endpoint that delivers webhooks, one that lets traffic trickle.

Django's own server: a fault must be able to cut the connection under a request, and Ctrl-C must end it all at once.
"""

import hashlib
import sqlite3
import sys
from pathlib import Path
from wsgiref.types import WSGIEnvironment

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True  # headers and body leave in two writes: 40 ms a call otherwise

    def get_environ(self) -> WSGIEnvironment:
        # The path as it was sent: Django's has forgotten what was encoded.
        return super().get_environ() | {"simulator.socket": self.connection, "simulator.path": self.path}

    def log_message(self, format: str, *args: object) -> None:
        """One line a request helps nobody here."""


class Server(ThreadedWSGIServer):
    request_queue_size = 128


def _prepare_state(file: Path) -> None:
    """Make the tables. A file of another shape is of an older simulator: everything in it is play, so it goes."""
    described = b"".join(part.read_bytes() for part in sorted((settings.HERE / "models").glob("*.py")))
    shape = int(hashlib.sha256(described).hexdigest()[:7], 16)
    file.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(file) as database:
        [(found,)] = database.execute("PRAGMA user_version")
    database.close()
    if found != shape:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    call_command("migrate", run_syncdb=True, verbosity=0)
    with sqlite3.connect(file) as database:
        database.execute(f"PRAGMA user_version = {shape}")
    database.close()


def run(host: str) -> int:
    django.setup()
    from simulator.traffic import seed, trickle
    from simulator.web import media
    from simulator.webhooks import engine

    _prepare_state(settings.STATE)
    seed.seed()
    server = Server((host, settings.PORT), Handler)
    server.set_app(get_wsgi_application())
    engine.start()
    trickle.Trickle().start()
    media.base = f"http://{host}:{server.server_port}"
    sys.stdout.write(f"Simulator ready on http://{host}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0
