"""Addresses that strangers or administrators give us to call: public ones only, and the one that was checked is the one called.

Pure but for the name service: a name is resolved once, every address it stands for must be public, and the connection goes
to just that address, so that a name which changes its mind between the check and the call leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from inbox.platforms import hurry

PORTS = {"http": 80, "https": 443}
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses behind a translator (NAT64)

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotPublic(ValueError):
    """An address inside our own walls, or none at all. Nothing was called."""


class Nowhere(NotPublic):
    """A name that no name service knows just now."""


def origin(url: str) -> str:
    """scheme://host:port, in small letters. Raises NotPublic for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise NotPublic("no web address") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise NotPublic("no web address")
    return f"{parts.scheme}://{parts.hostname}:{port}"


def check(url: str, *, allowed: Collection[str] = ()) -> None:
    """Raises NotPublic unless this address, and every machine its name stands for, is public. allowed: origins let through."""
    if is_one_of(url, allowed):
        return
    parts = urlsplit(url)
    resolve(parts.hostname or "", parts.port or PORTS[parts.scheme])


def is_one_of(url: str, origins: Collection[str]) -> bool:
    """Whether it is of one of them, with their port written or not."""
    return origin(url) in map(origin, origins)


def resolve(host: str, port: int) -> list[tuple[Any, ...]]:
    """What the name service says, as socket.getaddrinfo gives it. Raises NotPublic when any of it is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Nowhere("a name that leads nowhere") from None
    if not found or not all(is_public(str(each[4][0])) for each in found):
        raise NotPublic("an address that is not public")
    return found


def is_public(address: str) -> bool:
    try:
        number = _behind(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved


def _behind(number: Ip) -> Ip:
    """The IPv4 address that an IPv6 one leads to, where it does."""
    if isinstance(number, ipaddress.IPv4Address):
        return number
    translated = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF) if number in TRANSLATED else None
    return number.ipv4_mapped or number.sixtofour or translated or number


# --- calling only those -------------------------------------------------------------------------------


class _Pinned(hurry.Connection):
    """Connects to an address that was checked a moment ago, and never asks the name service again."""

    def _new_conn(self) -> socket.socket:
        try:
            return _connect(resolve(self._dns_host, self.port or self.default_port), self.timeout)
        except (NotPublic, OSError) as problem:
            raise NewConnectionError(self, type(problem).__name__) from problem


class _PinnedTls(hurry.TlsConnection, _Pinned):
    """The same; the certificate is checked against the name."""

    _new_conn = _Pinned._new_conn


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Pinned


class _PoolTls(HTTPSConnectionPool):
    ConnectionCls = _PinnedTls


class PublicOnly(hurry.Adapter):
    """For a session of requests: whatever it is mounted on reaches public addresses only."""

    pools = {"http": _Pool, "https": _PoolTls}


def session(*, allowed: Collection[str] = ()) -> requests.Session:
    """A session that reaches public addresses, and the origins that are allowed although they are not."""
    made = requests.Session()
    made.trust_env = False  # no proxy of the environment: it would resolve the name itself
    for scheme in PORTS:
        made.mount(f"{scheme}://", PublicOnly())
    for each in allowed:
        made.mount(f"{each.rstrip('/')}/", hurry.Adapter())  # to its end: others begin with the same words
    return made


def _connect(found: list[tuple[Any, ...]], timeout: Any) -> socket.socket:
    problem: OSError | None = None
    for family, kind, protocol, _name, address in found:
        try:
            opened = socket.socket(family, kind, protocol)
            if isinstance(timeout, int | float):
                opened.settimeout(timeout)
            opened.connect(address)
        except OSError as error:
            problem = error
        else:
            return opened
    raise problem or OSError("no address")
