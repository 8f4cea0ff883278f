"""A small platform of our own for the outbox: real HTTP, Graph's shapes, and whatever answer a test asks for."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.factories import NOON, SECOND

AT = NOON + 20 * SECOND  # the platform's clock


class Graph:
    """What the platform took, and what it answers next. `script` holds one entry a write; empty: it accepts."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []  # {"id", "text", "parent", "path", "body"}
        self.asked: list[str] = []
        self.script: list[Callable[[Handler, dict[str, Any]], None]] = []
        self.date: datetime = AT
        self.url = ""
        self.lock = threading.Lock()

    @property
    def texts(self) -> list[str]:
        return [thing["text"] for thing in self.taken]

    def take(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        message = body.get("message")
        private = isinstance(message, dict)
        text = message["text"] if private else str(message)
        thing = {"text": text, "path": path, "body": body, "parent": path.split("/")[-2], "at": self.date}
        with self.lock:
            number = len(self.taken) + 1
            name = f"m_{number}" if private else f"900222_{number}"
            self.taken.append(thing | {"id": name})
        return {"recipient_id": "7011223300001", "message_id": name} if private else {"id": name}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    graph: Graph

    def do_POST(self) -> None:
        body = self._body()
        step = self.graph.script.pop(0) if self.graph.script else accept
        step(self, body)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.graph.asked.append(path)
        page = path.strip("/").split("/")[0]
        found = [
            {
                "id": thing["id"],
                "message": thing["text"],
                "created_time": f"{thing['at']:%Y-%m-%dT%H:%M:%S}+0000",
                "from": {"id": page_of(self.graph), "name": page},
                "parent": {"id": thing["parent"]},
            }
            for thing in self.graph.taken
        ]
        self.answer(200, {"data": found})

    def _body(self) -> dict[str, Any]:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            return json.loads(raw)
        return {name: values[-1] for name, values in parse_qs(raw).items()}

    def answer(self, status: int, data: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = json.dumps(data).encode()
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.graph.date.astimezone(UTC), usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


def page_of(graph: Graph) -> str:
    return graph.page  # type: ignore[attr-defined]


# --- what it may answer --------------------------------------------------------------------------------

Step = Callable[[Handler, dict[str, Any]], None]


def accept(handler: Handler, body: dict[str, Any]) -> None:
    handler.answer(200, handler.graph.take(urlsplit(handler.path).path, body))


def accept_and_fall_over(handler: Handler, body: dict[str, Any]) -> None:
    handler.graph.take(urlsplit(handler.path).path, body)
    handler.answer(500, {"error": {"message": "An unknown error occurred", "type": "OAuthException", "code": 1}})


def hang_up(handler: Handler, body: dict[str, Any]) -> None:
    handler.close_connection = True
    handler.connection.close()


def accept_and_say(**headers: str) -> Step:
    """Accept, with headers about the quota."""

    def step(handler: Handler, body: dict[str, Any]) -> None:
        taken = handler.graph.take(urlsplit(handler.path).path, body)
        handler.answer(200, taken, {name.replace("_", "-"): value for name, value in headers.items()})

    return step


class Hold:
    """Accept only when told to: `asked` is set once the call is there, and it goes on when `release` is."""

    def __init__(self) -> None:
        self.asked, self.release = threading.Event(), threading.Event()

    def __call__(self, handler: Handler, body: dict[str, Any]) -> None:
        self.asked.set()
        self.release.wait(20)
        accept(handler, body)


def refuse(
    code: int, subcode: int | None = None, status: int = 400, headers: dict[str, str] | None = None, words: str = "refused"
) -> Step:
    def step(handler: Handler, body: dict[str, Any]) -> None:
        error = {"message": f"(#{code}) {words}", "type": "OAuthException", "code": code, "fbtrace_id": "Trace0001"}
        handler.answer(status, {"error": error | ({"error_subcode": subcode} if subcode else {})}, headers)

    return step


@contextmanager
def running() -> Iterator[Graph]:
    graph = Graph()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"graph": graph}))
    graph.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield graph
    finally:
        server.shutdown()
        server.server_close()
