"""A small load generator: prepared requests over kept connections, so that the server and not the client is measured."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from tests.bench.stage import SECRET

PAGE = "100200300400999"


def comment(number: int, created: int, *, page: str = PAGE, under: int | None = None) -> bytes:
    """One Facebook comment as Meta sends it, about 600 bytes; `under`: further words of the person who wrote that one."""
    person = number if under is None else under
    value = {
        "from": {"id": f"70112233{person:08d}", "name": f"Personne Exemple {person}"},
        "post": {
            "status_type": "mobile_status_update",
            "is_published": True,
            "id": f"{page}_1",
            "permalink_url": "https://example.com/1",
        },
        "message": f"Question {number}: êtes-vous ouverts lundi prochain, et jusqu’à quelle heure?",
        "item": "comment",
        "verb": "add",
        "post_id": f"{page}_1",
        "parent_id": f"{page}_1" if under is None else f"1_{under}",
        "comment_id": f"1_{number}",
        "created_time": created,
    }
    body = {"object": "page", "entry": [{"id": page, "time": created, "changes": [{"field": "feed", "value": value}]}]}
    return json.dumps(body).encode()


def request(path: str, body: bytes) -> bytes:
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Load:
    seconds: float
    times: list[float]  # of each answer, in milliseconds
    refused: int

    @property
    def rate(self) -> float:
        return (len(self.times) - self.refused) / self.seconds


async def post_all(port: int, requests: list[bytes], connections: int = 16) -> Load:
    waiting = iter(requests)
    load = Load(0, [], 0)

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for prepared in waiting:
            begun = time.perf_counter()
            writer.write(prepared)
            status = await answer(reader)
            load.times.append((time.perf_counter() - begun) * 1000)
            load.refused += status != 200
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    load.seconds = time.perf_counter() - begun
    return load


async def answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


def percentile(values: list[float], share: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * len(ordered) * 1000) // 1000) - 1)]
