"""Fetching what people attached. Their words are not trusted: neither the address, nor the size, nor the type that is claimed."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

from inbox.platforms import addresses, hurry

MEGABYTE = 1024 * 1024
CONNECT, READ = 5, 10  # seconds: to connect, of silence; hurry.WHOLE for the whole, however often it leads on
LARGEST = {"image": 10 * MEGABYTE, "audio": 25 * MEGABYTE, "video": 25 * MEGABYTE, "application": 25 * MEGABYTE}
REDIRECTS = 3  # the platforms' addresses lead to their stores

# What a body begins with (and where), and what it then is. Nothing that a browser would run.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"%PDF-", "application/pdf"),
)


@dataclass(frozen=True, slots=True)
class Media:
    content_type: str
    body: bytes


class Gone(Exception):
    """The platform no longer has it: its addresses live for hours or days."""


class Unfit(Exception):
    """It is there, and too large or of a kind that is not shown."""


class Unreachable(Exception):
    """No answer now; perhaps later."""


def fetch(url: str, *, headers: Mapping[str, str] | None = None, allowed: Collection[str] = ()) -> Media:
    """What stands at an address of a platform. allowed: origins that may be called although they are not public.

    Raises Gone, Unfit, Unreachable; addresses.NotPublic for one inside our walls.
    """
    addresses.check(url, allowed=allowed)
    with addresses.session(allowed=allowed) as session:
        try:
            with _followed(session, url, dict(headers or {})) as answer:
                return _read(answer)
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from None


def _followed(session: requests.Session, url: str, headers: dict[str, str]) -> requests.Response:
    """What an address leads to in the end. On the way nothing is read, and who we are is told to nobody else."""
    started = time.monotonic()
    for _ in range(REDIRECTS + 1):
        answer = session.get(url, headers=headers, timeout=(CONNECT, READ), stream=True, allow_redirects=False)
        onward = session.get_redirect_target(answer)
        if onward is None:
            return answer
        answer.close()
        onward = urljoin(url, onward)
        headers = headers if addresses.origin(onward) == addresses.origin(url) else {}
        url = onward
        if time.monotonic() - started > hurry.WHOLE:
            raise Unreachable("too slow")
    raise Unreachable("it leads on and on")


def _read(answer: requests.Response) -> Media:
    if answer.status_code in {401, 403, 404, 410}:
        raise Gone(f"HTTP {answer.status_code}")
    if not answer.ok:
        raise Unreachable(f"HTTP {answer.status_code}")
    body, content_type = b"", ""
    for chunk in answer.iter_content(64 * 1024):
        body += chunk
        content_type = content_type or type_of(body)
        if len(body) > LARGEST.get(content_type.partition("/")[0], 4096):
            raise Unfit("too large" if content_type else "of a kind that is not shown")
    if not content_type:
        raise Unfit("of a kind that is not shown")
    return Media(content_type, body)


def type_of(body: bytes) -> str:
    """By its first bytes; "" for what is not shown."""
    return next((kind for at, mark, kind in SIGNATURES if body[at : at + len(mark)] == mark), "")
