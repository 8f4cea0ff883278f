"""What the platforms' signatures have in common: HMAC-SHA256 in hexadecimal, several secrets, one way to compare.

And how a call is signed in OAuth 1.0.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit


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


def oauth1(method: str, url: str, form: str, oauth: Mapping[str, str], secrets: tuple[str, str]) -> str:
    """The header of a call that an app makes for somebody (RFC 5849, HMAC-SHA1).

    form: the body, where it is a form. oauth: its oauth_ parameters, without the signature. secrets: the app's, and the token's.
    """
    there, _, query = url.partition("#")[0].partition("?")
    given = [*oauth.items(), *(pair for part in (query, form) for pair in parse_qsl(part, keep_blank_values=True))]
    sorted_pairs = sorted((_percent(name), _percent(value)) for name, value in given)
    parameters = "&".join(f"{name}={value}" for name, value in sorted_pairs)
    base = "&".join(_percent(part) for part in (method.upper(), _lowered(there), parameters))
    key = "&".join(_percent(secret) for secret in secrets)
    signature = b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
    told = {**oauth, "oauth_signature": signature}
    return "OAuth " + ", ".join(f'{name}="{_percent(value)}"' for name, value in told.items())


def _percent(words: str) -> str:
    return quote(words, safe="~")


def _lowered(url: str) -> str:
    """As both sides write it: scheme and host in small letters, without the port that goes without saying."""
    parts = urlsplit(url)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}{parts.path or '/'}"
