"""How the platforms sign. Pure; written from their documents and sharing no code with the receivers it tests."""

import hashlib
import hmac


def _hex(key: str, message: bytes, digest: str = "sha256") -> str:
    return hmac.new(key.encode(), message, digest).hexdigest()


def meta(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + _hex(secret, body)}


def meta_legacy(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature": "sha1=" + _hex(secret, body, "sha1")}


def appsecret_proof(secret: str, token: str) -> str:
    return _hex(secret, token.encode())


def linkedin(secret: str, body: bytes) -> dict[str, str]:
    """The documented form: the prefix is part of what is signed."""
    return {"X-LI-Signature": _hex(secret, b"hmacsha256=" + body)}


def linkedin_bare(secret: str, body: bytes) -> dict[str, str]:
    """The form some receivers see instead: the prefix is in the header, and the body alone is signed."""
    return {"X-LI-Signature": "hmacsha256=" + _hex(secret, body)}


def challenge_response(secret: str, code: str) -> str:
    return _hex(secret, code.encode())


def website(secret: str, timestamp: str, body: bytes) -> str:
    """Of our own form (docs/website-webhook.md)."""
    return "sha256=" + _hex(secret, timestamp.encode() + b"." + body)


def same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode(), b.encode())


def stable_number(*parts: str, digits: int = 16) -> str:
    """The same number for the same words: people keep their id from one start to the next."""
    number = int(hashlib.sha256("\x1f".join(parts).encode()).hexdigest(), 16)
    return str(10 ** (digits - 1) + number % (9 * 10 ** (digits - 1)))
