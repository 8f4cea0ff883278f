"""Ports for this machine alone, found and held."""

import socket

HOST = "127.0.0.1"
HIGHEST = 65535


class Port:
    """A free TCP port. Its UDP twin is held for as long as we live, so that two clones starting together do not choose alike."""

    def __init__(self, wanted: int = 0) -> None:
        self._claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.number = self._take(wanted) or self._any()

    def _any(self) -> int:
        for _attempt in range(50):
            if found := self._take(0):
                return found
        raise OSError("no free port")

    def _take(self, number: int) -> int | None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As the server will: an address that only waits out its last connections is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, number))
                number = probe.getsockname()[1]
                self._claim.bind((HOST, number))
            except OSError:
                return None
        return number

    def close(self) -> None:
        self._claim.close()


def listens(number: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, number)) == 0
