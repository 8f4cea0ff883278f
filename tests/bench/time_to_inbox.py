"""A webhook sent → event received by an open stream and the row visible in the page, at a steady rate."""

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

from tests.bench import load, people, stage

RATE = 50
PAUSE, SLOW = 0.04, 0.08  # seconds, as in static/js/live.js


def run(*, quick: bool) -> Iterator[dict[str, Any]]:
    seconds = 3 if quick else 30
    with stage.database() as environment:
        web, live = stage.free_port(), stage.free_port()
        environment |= {"PORT": str(web), "LIVE_PORT": str(live)}
        member = people.settle_in(environment)
        with stage.processes(environment, "web", "live", "worker"):
            stage.wait_for(web)
            stage.wait_for(live)
            stage.wait_for_worker(environment)
            times, sent = asyncio.run(_watch(web, live, member, seconds))
    missing = sent - len(times)
    p50, p99 = load.percentile(times, 0.5), load.percentile(times, 0.99)
    yield {
        "name": "time_to_inbox",
        "ours": round(p50, 1),
        "floor": 150,
        "ratio": round(p50 / 150, 3),
        "unit": f"ms from sending to visible, {RATE} a second for {seconds} s; floor: the goal",
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "sent": sent,
        "missing": missing,
        "goal": "p50 ≤ 150 ms, p99 ≤ 500 ms, none missing",
        "met": p50 <= 150 and p99 <= 500 and not missing,
    }


async def _watch(web: int, live: int, member: dict[str, Any], seconds: int) -> tuple[list[float], int]:
    sent: dict[int, float] = {}
    seen: dict[int, float] = {}
    changed = asyncio.Event()
    listening = asyncio.create_task(_listen(live, member["stream"], changed))
    looking = asyncio.create_task(_look(web, member["session"], changed, sent, seen))
    await asyncio.sleep(2)  # the stream is open; the first look is done
    await _send(web, sent, RATE * seconds)
    until = time.perf_counter() + 15
    while len(seen) < len(sent) and time.perf_counter() < until:
        await asyncio.sleep(0.05)
    listening.cancel()
    looking.cancel()
    return [(seen[number] - sent[number]) * 1000 for number in seen], len(sent)


async def _send(web: int, sent: dict[int, float], count: int) -> None:
    """Each comment a second older than the one before, so that the newest heads the list, which is sorted by due time."""
    base, begun = int(time.time()), time.perf_counter()
    connections = [await asyncio.open_connection("127.0.0.1", web) for _ in range(8)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)

    async def post(number: int) -> None:
        reader, writer = await free.get()
        sent[number] = time.perf_counter()
        writer.write(load.request("/hooks/meta/", load.comment(number, base - number)))
        await load.answer(reader)
        free.put_nowait((reader, writer))

    posting = []
    for number in range(count):
        await asyncio.sleep(max(0, begun + number / RATE - time.perf_counter()))
        posting.append(asyncio.create_task(post(number)))
    await asyncio.gather(*posting)


async def _listen(live: int, address: str, changed: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", live)
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"event: inbox"):
            changed.set()


async def _look(web: int, session: str, changed: asyncio.Event, sent: dict[int, float], seen: dict[int, float]) -> None:
    """What an open page does (static/js/live.js): on an event, ask for the list again; one question at a time, then a pause."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web)
    asking = (
        "GET /inbox/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nHX-Request: true\r\n"
        f"HX-Target: inbox-side\r\nCookie: sessionid={session}\r\n\r\n"
    ).encode()
    while True:
        await changed.wait()
        changed.clear()
        begun = time.perf_counter()
        writer.write(asking)
        page = await _body(reader)
        now = time.perf_counter()
        for number in {int(found) for found in re.findall(rb"Question (\d+):", page)}:
            if number in sent:
                seen.setdefault(number, now)
        await asyncio.sleep(max(PAUSE, 2 * (now - begun - SLOW)))


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    return await reader.readexactly(length)
