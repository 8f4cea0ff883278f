"""A platform that takes every comment, each in the same time, and remembers when: Graph's wire, and nothing else to do."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import unquote_plus


@dataclass
class Platform:
    takes: float  # seconds from the question to the answer
    url: str = ""
    accepted: dict[int, list[float]] = field(default_factory=dict)  # by the number in the text: once each, if all is well

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                await asyncio.sleep(self.takes)
                writer.write(self._answer(unquote_plus(body.decode())))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()  # the other side is gone, or the run is over

    def _answer(self, text: str) -> bytes:
        number = int(re.findall(r"réponse (\d+)", text)[-1])
        self.accepted.setdefault(number, []).append(time.monotonic())
        content = f'{{"id":"1_{number}{len(self.accepted[number])}"}}'
        date = formatdate(usegmt=True)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: {date}\r\nContent-Length: {len(content)}\r\n\r\n"
        return (head + content).encode()


@contextmanager
def running(takes: float) -> Iterator[Platform]:
    platform, loop, ready = Platform(takes), asyncio.new_event_loop(), threading.Event()

    async def begin() -> None:
        server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
        platform.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()

    loop.create_task(begin())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield platform
    finally:
        loop.call_soon_threadsafe(_end, loop)
        thread.join()
        loop.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_soon(loop.stop)
