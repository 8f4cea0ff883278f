"""The only caller of requests. Sorts what can happen to a call: answered, not reached, or nobody knows.

Never logs nor repeats a token or a text: of an error only its class is kept.
"""

import os
import secrets
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from inbox.platforms import addresses, hurry, signing, wire
from inbox.platforms.base import Malformed, Reason, SendNotReached, SendRefused, SendUncertain

CONNECT, READ = 5, 20  # seconds: to connect, of silence; hurry.WHOLE for all of an answer
MAX_BODY = 1024 * 1024
NOT_DONE_HERE = 501  # alone among its hundred it says for certain that nothing was done


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said, in 2xx or 4xx. `data` is empty where a body is, or where a refusal is not of the kind asked for."""

    status: int
    headers: Mapping[str, str]
    data: Any  # an object, or a list where one was asked for
    at: datetime  # the platform's clock

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Basic:
    """A name and a password, for who wants these rather than a token."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """The body is signed with each of these, at the moment it leaves (docs/website-webhook.md)."""

    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class OAuth1:
    """An app and the token that somebody gave it, each with its secret: the call is signed with both at the moment it leaves."""

    app: str
    token: str
    app_secret: str = field(repr=False)
    token_secret: str = field(repr=False)


NOBODY = Signed()  # no proof is needed
Proof = str | Basic | Signed | OAuth1


def get(
    url: str,
    *,
    token: Proof,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    read: float = READ,
    shape: type[dict] | type[list] = dict,
    public_but: Collection[str] | None = None,
) -> Answer:
    """Ask. Raises SendNotReached whatever went wrong on the way: nothing is lost by asking again.

    public_but: the address was typed by somebody, and is called only where it is public or of one of these origins;
    else raises SendRefused.
    """
    try:
        return _call("GET", url, token, read, shape, public_but, params=params, headers=headers)
    except SendUncertain as error:
        raise SendNotReached(Reason.OTHER, str(error)) from None


def write(
    method: str,
    url: str,
    *,
    token: Proof,
    params: Mapping[str, str] | None = None,
    form: Mapping[str, str] | bytes | None = None,
    json: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    read: float = READ,
    public_but: Collection[str] | None = None,
) -> Answer:
    """Write. Raises SendNotReached where it certainly did not arrive, SendUncertain where it may have."""
    return _call(method, url, token, read, dict, public_but, params=params, data=form, json=json, headers=headers)


post = partial(write, "POST")


def sent_id(value: Any) -> str:
    """The id of what was just accepted. Raises SendUncertain: without it, it cannot be told from its echo."""
    try:
        return wire.required(value, "id")
    except wire.Unreadable:
        raise SendUncertain("accepted, but the platform gave no id") from None


class _Bearer(AuthBase):
    # Given as `auth`, so that a .netrc of the machine can never replace it.
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Stamp(AuthBase):
    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.keys:
            stamp, body = str(int(time.time())), request.body or b""
            body = body.encode() if isinstance(body, str) else body
            request.headers["X-Comptoir-Timestamp"] = stamp
            request.headers["X-Comptoir-Signature"] = ", ".join(signing.stamped(each, stamp, body) for each in self.keys)
        return request


class _OAuth1(AuthBase):
    def __init__(self, proof: OAuth1) -> None:
        self.proof = proof

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        told = {
            "oauth_consumer_key": self.proof.app,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time.time())),
            "oauth_token": self.proof.token,
            "oauth_version": "1.0",
        }
        is_form = request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        form = request.body if is_form and isinstance(request.body, str) else ""
        of_both = (self.proof.app_secret, self.proof.token_secret)
        request.headers["Authorization"] = signing.oauth1(request.method or "", request.url or "", form, told, of_both)
        return request


def _call(
    method: str,
    url: str,
    token: Proof,
    read: float,
    shape: type[dict] | type[list],
    public_but: Collection[str] | None,
    **parts: Any,
) -> Answer:
    try:
        with _session(public_but).request(
            method, url, auth=_auth(token), timeout=(CONNECT, read), allow_redirects=False, stream=True, **parts
        ) as response:
            return _answer(response, _body(response), shape)
    except (requests.RequestException, UnicodeError) as error:
        name = type(error).__name__
        if _forbidden(error):
            raise SendRefused(Reason.NOT_ALLOWED, "an address that is not public") from None
        if _never_left(error):
            raise SendNotReached(Reason.OTHER, name) from None
        raise SendUncertain(name) from None


def _auth(token: Proof) -> AuthBase:
    match token:
        case Signed(keys):
            return _Stamp(keys)
        case Basic(name, password):
            # As bytes: requests would write them in Latin-1.
            return HTTPBasicAuth(name.encode(), password.encode())
        case OAuth1(app, given, app_secret, token_secret) if app and given and app_secret and token_secret:
            return _OAuth1(token)
        case str() if token and token.isascii() and token.isprintable():
            return _Bearer(token)
    raise SendRefused(Reason.TOKEN_DEAD, "a token that no header can carry")


def _answer(response: requests.Response, body: bytes, shape: type[dict] | type[list]) -> Answer:
    status = response.status_code
    if (status >= 500 and status != NOT_DONE_HERE) or not (200 <= status < 300 or status >= 400):
        raise SendUncertain(f"HTTP {status}")
    try:
        data = wire.load(body) if body.strip() else shape()
    except Malformed:
        data = None
    wanted = shape if status < 300 else dict  # a refusal is always told in an object
    if not isinstance(data, wanted):
        if status < 300:
            raise SendUncertain(f"HTTP {status} without a readable body")
        data = {}
    return Answer(status, response.headers, data, _date(response.headers.get("Date", "")))


def _body(response: requests.Response) -> bytes:
    """The whole body, unless it is too long."""
    body = b""
    for chunk in response.iter_content(16 * 1024):
        body += chunk
        if len(body) > MAX_BODY:
            raise SendUncertain(f"HTTP {response.status_code} with an endless body")
    return body


def _date(header: str) -> datetime:
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(header)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if wire.EARLIEST <= moment <= wire.LATEST:
            return moment
    # No clock on the other side: this is the edge, and ours is the next best.
    return datetime.now(UTC).replace(microsecond=0)


def _never_left(error: Exception) -> bool:
    """Whether the request certainly did not reach the platform: it is then safe to try again."""
    # Of these errors requests means: the request could not even be written.
    if isinstance(error, UnicodeError | requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return True
    if isinstance(error, requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema | requests.ConnectTimeout):
        return True
    cause = _cause(error)
    if isinstance(cause, NewConnectionError | ConnectTimeoutError | ProxyError):
        return True
    return any(isinstance(inner, ssl.SSLCertVerificationError) for inner in getattr(cause, "args", ()))


def _forbidden(error: Exception) -> bool:
    """Whether the address is not one to call: no later try will find another there."""
    found = getattr(_cause(error), "__cause__", None)
    return isinstance(found, addresses.NotPublic) and not isinstance(found, addresses.Nowhere)


def _cause(error: Exception) -> Any:
    """What urllib3 said, under what requests made of it."""
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return None
    return getattr(error.args[0], "reason", error.args[0])


_local = threading.local()


def _session(public_but: Collection[str] | None = None) -> requests.Session:
    """One of each kind a thread of one process: sockets survive neither a fork nor two threads at once."""
    if getattr(_local, "owner", None) != os.getpid():
        _local.owner, _local.sessions = os.getpid(), {}
    kind = None if public_but is None else frozenset(public_but)
    if kind not in _local.sessions:
        made = _local.sessions[kind] = _hurried() if kind is None else addresses.session(allowed=kind)
        made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return _local.sessions[kind]


def _hurried() -> requests.Session:
    made = requests.Session()
    for scheme in addresses.PORTS:
        made.mount(f"{scheme}://", hurry.Adapter())
    return made
