"""Meta's `signed_request`: how it tells that a person took their consent back, or wants to be forgotten."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import signing, wire
from inbox.platforms.base import BadSignature, Malformed

MOST_OLD, AHEAD = timedelta(days=1), timedelta(minutes=5)  # it may be told again for a while; and clocks differ


def read(signed_request: str, *, secrets: Sequence[str]) -> dict[str, Any]:
    """The payload, once the signature over its encoded form is proved with one of the secrets. Raises BadSignature."""
    signature, dot, payload = signed_request.partition(".")
    if not dot:
        raise BadSignature("meta: no signed request")
    try:
        given, encoded = _decode(signature), payload.encode("ascii")
        told = wire.mapping(wire.load(_decode(payload)))
    except (binascii.Error, UnicodeError, ValueError, Malformed):
        raise BadSignature("meta: a signed request that cannot be read") from None
    expected = [hmac.new(secret.encode(), encoded, hashlib.sha256).digest() for secret in signing.usable(secrets)]
    matches = [hmac.compare_digest(given, each) for each in expected]  # each of them: in constant time
    if not any(matches):
        raise BadSignature("meta: the signed request is not signed with our secret")
    if wire.text(told.get("algorithm")).upper() != "HMAC-SHA256":
        raise BadSignature("meta: a signed request of another algorithm")
    return told


def is_fresh(told: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether it was issued lately: one that was caught long ago proves nothing today."""
    issued = wire.seconds(told.get("issued_at"))
    return issued is not None and now - MOST_OLD <= issued <= now + AHEAD


def _decode(part: str) -> bytes:
    return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
