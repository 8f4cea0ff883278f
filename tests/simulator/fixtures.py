"""The platforms' side as a process of its own, and a sink that receives its webhooks. Ports are whatever is free."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator import signing
from simulator.client import Simulator

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Sink:
    """A receiver that takes everything. Put statuses into `answers` to have the next POSTs refused."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    handshakes: list[dict[str, str]] = field(default_factory=list)
    honest: bool = True  # whether it answers handshakes rightly

    def clear(self) -> None:
        self.received.clear()
        self.answers.clear()
        self.handshakes.clear()
        self.honest = True

    def asked_by_meta(self) -> list[dict[str, str]]:
        """The handshakes of Meta alone: LinkedIn asks again whenever it likes, an earlier test's page included."""
        return [each for each in self.handshakes if "hub.challenge" in each]

    def values(self) -> list[Any]:
        """The `value` of every Meta change received, in order."""
        entries = [entry for each in self.received for entry in each.json["entry"]]
        return [change["value"] for entry in entries for change in entry.get("changes", ())]

    def items(self) -> list[Any]:
        """Every Meta messaging item received, in order."""
        return [item for each in self.received for entry in each.json["entry"] for item in entry.get("messaging", ())]

    def notifications(self) -> list[Any]:
        return [notification for each in self.received for notification in each.json["notifications"]]


def _handler(sink: Sink) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            given = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            sink.handshakes.append(given)
            if "challengeCode" in given:
                proof = signing.challenge_response("dev-linkedin-client-secret", given["challengeCode"])
                answer = {"challengeCode": given["challengeCode"], "challengeResponse": proof if sink.honest else "no"}
                return self._answer(200, json.dumps(answer).encode(), "application/json")
            return self._answer(200, given["hub.challenge"].encode() if sink.honest else b"no", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.received.append(Received(self.path, dict(self.headers), body))
            return self._answer(sink.answers.pop(0) if sink.answers else 200, b"ok", "text/plain")

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture(scope="session")
def sink_server() -> Iterator[Sink]:
    sink = Sink()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(sink))
    server.daemon_threads = True
    sink.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield sink
    server.shutdown()
    server.server_close()


def start_simulator(state: Path, webhook_base: str, *arguments: str) -> tuple[subprocess.Popen[str], Simulator]:
    """Start the process on a free port and wait until it is healthy."""
    hidden = {"DJANGO_SETTINGS_MODULE", "META_APP_SECRET", "INSTAGRAM_APP_SECRET", "META_VERIFY_TOKEN", "LINKEDIN_CLIENT_SECRET"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden and not name.startswith("SIMULATOR_")}
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--port",
        "0",
        "--state",
        str(state),
        "--webhook-base",
        webhook_base,
        *arguments,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if "http://" not in line:
        process.wait(timeout=10)
        raise RuntimeError(f"the simulator did not start: {line}")
    client = Simulator(line.split()[-1])
    until = time.monotonic() + 20
    while not client.healthy():
        if time.monotonic() > until:
            process.kill()
            raise RuntimeError("the simulator is not healthy")
    return process, client


def stop_simulator(process: subprocess.Popen[str], client: Simulator) -> None:
    client.http.close()
    process.terminate()
    process.wait(timeout=10)
    if process.stdout:
        process.stdout.close()


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory, sink_server: Sink) -> Iterator[Simulator]:
    """One process for the whole run; its webhooks go to the sink until `configure(webhook_base=…)` says otherwise."""
    state = tmp_path_factory.mktemp("simulator") / "state.sqlite3"
    process, client = start_simulator(state, sink_server.url, "--retry-seconds", "0.05,0.05,0.1")
    yield client
    stop_simulator(process, client)


@pytest.fixture
def fresh(simulator: Simulator, sink_server: Sink) -> Simulator:
    """The same process with nothing but the demonstration's pages, no faults, and an empty sink."""
    simulator.wait(timeout=2)  # what the test before sent and did not wait for would arrive in the sink of this one
    simulator.reset()
    sink_server.clear()
    return simulator


@pytest.fixture
def sink(fresh: Simulator, sink_server: Sink) -> Sink:
    return sink_server


@pytest.fixture
def drained(fresh: Simulator) -> Callable[[], None]:
    def wait() -> None:
        assert fresh.wait(), fresh.deliveries()

    return wait
