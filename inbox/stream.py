"""The event stream, as a bare ASGI application: thousands of idle readers on one Redis subscription and no database."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core import signing
from redis.asyncio import Redis
from redis.exceptions import RedisError

from inbox import live

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT_SECONDS = 20
RETRY_SECONDS = 1
# One event says "look again"; a reader that has not looked yet needs no second one.
_EVENT = b"event: inbox\ndata: \n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    # The token in the address is the permission; no cookie is read, so any origin may ask.
    (b"access-control-allow-origin", b"*"),
]


class Hub:
    """Fans the one subscription of this process out to its readers."""

    def __init__(self) -> None:
        self.readers: dict[int, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    def join(self, organization_id: int) -> asyncio.Event:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        bell = asyncio.Event()
        self.readers[organization_id].add(bell)
        return bell

    def leave(self, organization_id: int, bell: asyncio.Event) -> None:
        self.readers[organization_id].discard(bell)
        if not self.readers[organization_id]:
            del self.readers[organization_id]

    async def _listen(self) -> None:
        while True:
            try:
                async with Redis.from_url(settings.REDIS_URL) as redis, redis.pubsub() as pubsub:
                    await pubsub.psubscribe(live.CHANNEL.format("*"))
                    self._ring_all()  # what was said while nobody listened
                    async for message in pubsub.listen():
                        if message["type"] == "pmessage":
                            self._ring(int(message["channel"].decode().rpartition(":")[2]))
            except RedisError as error:
                log.warning("live: %s", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    def _ring(self, organization_id: int) -> None:
        for bell in self.readers.get(organization_id, ()):
            bell.set()

    def _ring_all(self) -> None:
        for organization_id in self.readers:
            self._ring(organization_id)


hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope["path"]
    if path == "/healthz/":
        await _plain(send, 200, b"ok")
        return
    prefix, _, value = path.rpartition("/")
    try:
        organization_id = live.read_token(unquote(value))
    except (signing.BadSignature, ValueError):
        await _plain(send, 403, b"This address is no longer valid: load the page again.")
        return
    if prefix != "/live" or scope["method"] != "GET":
        await _plain(send, 404, b"Not found")
        return
    await _stream(organization_id, receive, send)


async def _stream(organization_id: int, receive: Receive, send: Send) -> None:
    bell = hub.join(organization_id)
    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, b"retry: 2000\n\n" + _EVENT)  # at once: what happened before this reader came
        while not gone.done():
            waiting = asyncio.create_task(bell.wait())
            await asyncio.wait({waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            rang = bell.is_set()
            bell.clear()
            if not gone.done():
                await _write(send, _EVENT if rang else b": still here\n\n")
    finally:
        gone.cancel()
        hub.leave(organization_id, bell)
        with suppress(Exception):  # the reader may be gone already
            await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
