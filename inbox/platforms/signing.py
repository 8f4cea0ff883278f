"""What the platforms' signatures have in common: HMAC-SHA256 in hexadecimal, several secrets, one way to compare."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping


def digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def stamped(secret: str, stamp: str, message: bytes) -> str:
    """Our own form of a signature: a moment is signed with the message, so that neither is worth anything later."""
    return f"sha256={digest(secret, stamp.encode() + b'.' + message)}"


def equal(given: str, expected: str) -> bool:
    """In constant time, whatever the given text holds."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def usable(secrets: Iterable[str]) -> list[str]:
    """An empty secret proves nothing: anyone can sign with it."""
    return [secret for secret in secrets if secret]


def header(headers: Mapping[str, str], name: str) -> str:
    """One header whatever its capitals, "" where it is missing."""
    return next((str(value) for key, value in headers.items() if str(key).lower() == name.lower()), "")
