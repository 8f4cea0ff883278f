"""A real server on a real socket that answers, stalls or hangs up as it is told; and remembers what it was asked."""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATE = "Mon, 23 Nov 2026 17:00:05 GMT"


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    line: str = ""  # path and query as they were written

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return _flat(self.body.decode())


@dataclass
class Saying:
    """One answer. `cut` resets the connection instead; `stall` keeps silent for so long before it, `drip` between its bytes."""

    data: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: bool = False
    stall: float = 0
    drip: float = 0
    drip_headers: bool = False
    promise: int = 0  # bytes announced beyond those that come


class Platform:
    """Says what is in `sayings`, in order; the last one again and again."""

    server: ThreadingHTTPServer

    def __init__(self) -> None:
        self.sayings: list[Saying | Callable[[Asked], Saying]] = [Saying()]
        self.asked: list[Asked] = []
        self.url = ""

    def wrap(self, certificate: Path) -> None:
        """Speak TLS from now on, with this certificate and its key."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def says(self, *sayings: Saying | Callable[[Asked], Saying] | dict[str, Any]) -> None:
        self.sayings = [Saying(each) if isinstance(each, dict) else each for each in sayings]

    def answer(self, asked: Asked) -> Saying:
        self.asked.append(asked)
        saying = self.sayings.pop(0) if len(self.sayings) > 1 else self.sayings[0]
        return saying if isinstance(saying, Saying) else saying(asked)


@contextmanager
def running() -> Iterator[Platform]:
    platform = Platform()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(platform))
    server.daemon_threads, platform.server = True, server
    platform.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def busy_port() -> Iterator[int]:
    """A port whose queue of connections is full: a further one waits for ever."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            caller = sockets.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


def _handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            parts = urlsplit(self.path)
            saying = platform.answer(Asked(self.command, parts.path, _flat(parts.query), dict(self.headers), body, self.path))
            if saying.stall:
                time.sleep(saying.stall)
            if saying.cut:
                # Reset rather than closed politely: SO_LINGER with nothing to wait for.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            self.say(saying)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

        def say(self, saying: Saying) -> None:
            body = saying.raw if saying.raw is not None else json.dumps(saying.data).encode()
            headers = {"Content-Type": "application/json", "Date": DATE} | saying.headers
            self.send_response_only(saying.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + saying.promise))
            if saying.drip_headers:
                self.flush_headers()
                self.drip(b"X-Slow: " + b"a" * 100, saying.drip)
            self.end_headers()
            if saying.drip:
                self.drip(body, saying.drip)
            else:
                self.wfile.write(body)

        def drip(self, words: bytes, pause: float) -> None:
            for byte in words:
                self.wfile.write(bytes([byte]))
                time.sleep(pause)

        def log_message(self, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError, ValueError):  # the caller gave up, or we hung up
                super().handle()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    return Handler


def _flat(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded, keep_blank_values=True).items()}
