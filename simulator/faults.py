"""What a platform does badly, on request: for one page, one platform or all, N times or until it is cleared."""

import contextlib
import socket
import time

from django.http import HttpRequest, HttpResponse

from simulator.models import Fault, Page

Kind = Fault.Kind


class Refused(Exception):
    """name: a Graph code, "" for the platform's usual one."""

    def __init__(self, name: str, *, throttled: bool = False, dead: bool = False) -> None:
        super().__init__(name)
        self.name, self.throttled, self.dead = name, throttled, dead


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def take(page: Page, kind: Fault.Kind) -> Fault | None:
    """The fault of this kind that applies now, counted as used."""
    for fault in Fault.objects.matching(page).filter(kind=kind):
        if Fault.objects.take(fault):
            return fault
    return None


def before(page: Page, *, write: bool) -> None:
    """A dead token stops every call; the other faults wait for a write, so that reads do not use them up."""
    if fault := take(page, Kind.TOKEN_DEAD):
        raise Refused(f"190/{fault.value or 460}", dead=True)
    if not write:
        return
    if fault := take(page, Kind.SLOW):
        time.sleep(float(fault.value or 3000) / 1000)
    if take(page, Kind.DROP_CONNECTION):
        raise Dropped
    if fault := take(page, Kind.REFUSE_429):
        raise Refused(fault.value, throttled=True)
    if fault := take(page, Kind.REFUSE):
        raise Refused(fault.value or "368")


def after(page: Page) -> str:
    """What goes wrong with the answer to a write that was accepted: "", "error" or "no_id"."""
    if take(page, Kind.DROP_AFTER_ACCEPT):
        raise Dropped
    if take(page, Kind.ERROR_AFTER_ACCEPT):
        return "error"
    return "no_id" if take(page, Kind.NO_ID) else ""


def drop(request: HttpRequest) -> HttpResponse:
    connection: socket.socket = request.META["simulator.socket"]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    return HttpResponse()  # written to nobody
