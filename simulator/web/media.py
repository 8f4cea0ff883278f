"""Pictures, sounds and documents that people send, at addresses that expire as those of the platforms' own servers do.

Each is made from its name, so nothing is stored. Some names misbehave, for whoever fetches on behalf of others.
"""

import hashlib
import struct
import time
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from simulator import options
from simulator.wire import seconds

SIDE = 48
HUGE = 60 * 1024 * 1024
base = "http://127.0.0.1:8100"  # the process's own address, once it has one


def address(name: str, *, lasts: timedelta | None = None, at: datetime | None = None) -> str:
    until = seconds((at or options.now()) + (lasts or timedelta(seconds=float(options.get("media_seconds")))))
    return f"{base}/media/{name}?oe={until:x}&oh={_proof(name, until)}"


def renewed(url: str) -> str:
    """The same file at an address that lasts anew, as a platform gives when it is asked again; others' addresses stay."""
    name = url.partition("?")[0].rpartition("/media/")[2]
    return address(name) if url.startswith(f"{base}/media/") else url


def _proof(name: str, until: int) -> str:
    return hashlib.sha256(f"{name}|{until}".encode()).hexdigest()[:24]


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    until = int(request.GET.get("oe", "0") or "0", 16) if request.GET.get("oe", "0").isalnum() else 0
    if not constant_time_compare(request.GET.get("oh", ""), _proof(name, until)) or until <= seconds(options.now()):
        return HttpResponse("URL signature expired", status=403, content_type="text/plain")
    stem, _, kind = name.rpartition(".")
    if odd := ODD.get(stem):
        return odd()
    make, mime_type = KINDS.get(kind, KINDS["png"])
    return HttpResponse(make(stem), content_type=mime_type)


# --- what misbehaves -----------------------------------------------------------------------------


def _slow() -> HttpResponse:
    time.sleep(30)
    return HttpResponse(picture("slow"), content_type="image/png")


ODD: dict[str, Callable[[], HttpResponse]] = {
    "huge": lambda: HttpResponse(b"\0" * HUGE, content_type="image/png"),
    "disguised": lambda: HttpResponse("<script>alert(1)</script>", content_type="image/png"),
    "page": lambda: HttpResponse("<!doctype html><title>Non</title>", content_type="text/html"),
    "inward": lambda: HttpResponseRedirect("http://127.0.0.1:9/latest/meta-data/"),
    "gone": lambda: HttpResponse("Not Found", status=404, content_type="text/plain"),
    "slow": _slow,
}


# --- what is made --------------------------------------------------------------------------------


def picture(seed: str) -> bytes:
    """A PNG of a colour that belongs to the seed, darker towards its foot."""
    red, green, blue = hashlib.sha256(seed.encode()).digest()[:3]
    rows = b""
    for row in range(SIDE):
        shade = 1 - row / (2 * SIDE)
        rows += b"\0" + bytes(int(part * shade) for part in (red, green, blue)) * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def sound(seed: str) -> bytes:
    """A fifth of a second of a square wave."""
    rate, period = 8000, 20 + zlib.crc32(seed.encode()) % 20
    samples = bytes(160 if (number // period) % 2 else 96 for number in range(rate // 5))
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVE" + form + b"data" + struct.pack("<I", len(samples)) + samples


def document(seed: str) -> bytes:
    text = f"BT /F1 18 Tf 40 120 Td (Document fictif {zlib.crc32(seed.encode())}) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(text)}>>stream\n{text}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{each}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return body + f"{end}startxref\n{len(body)}\n%%EOF".encode()


def film(seed: str) -> bytes:
    """The boxes of an MP4 with nothing in them: what looks at types sees a film."""
    brand = b"isom\x00\x00\x02\x00isommp41"
    return struct.pack(">I4s", 8 + len(brand), b"ftyp") + brand + struct.pack(">I4s", 8, b"mdat")


KINDS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "png": (picture, "image/png"),
    "wav": (sound, "audio/wav"),
    "pdf": (document, "application/pdf"),
    "mp4": (film, "video/mp4"),
}
BY_TYPE = {"image": "png", "sticker": "png", "audio": "wav", "file": "pdf", "video": "mp4"}


def attachment(kind: str, seed: str) -> dict[str, str]:
    """What somebody attaches where a test gives no address of its own."""
    return {"type": kind, "url": address(f"{seed}.{BY_TYPE.get(kind, 'png')}")}
