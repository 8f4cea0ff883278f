"""An answer has so long to arrive, whole. Who lets it drip, a byte now and then, would keep us waiting for ever otherwise."""

import io
import socket
from contextlib import suppress
from http.client import HTTPResponse
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

WHOLE = 25  # seconds for headers and body, from when all was asked


class _Hurried(io.RawIOBase):
    """What comes out of a socket until a moment; nothing after it. A timeout of the socket's own is of silence alone."""

    def __init__(self, inner: io.RawIOBase, opened: socket.socket, until: float) -> None:
        self.inner, self.opened, self.until = inner, opened, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left, usual = self.until - monotonic(), self.opened.gettimeout()
        if left <= 0:
            raise TimeoutError("too slow")
        self.opened.settimeout(left if usual is None else min(usual, left))
        try:
            return self.inner.readinto(buffer)
        finally:
            with suppress(OSError):  # it was closed meanwhile
                self.opened.settimeout(usual)

    def close(self) -> None:
        self.inner.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock, monotonic() + WHOLE))


class Connection(HTTPConnection):
    response_class = _Answer


class TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


class Adapter(HTTPAdapter):
    """For a session of requests: whatever it is mounted on has to answer in time."""

    pools: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.pools
