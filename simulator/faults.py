"""What a platform does badly, on request: for one page, one platform or all, N times or until it is cleared."""

import contextlib
import socket
import time
from enum import StrEnum

from django.http import HttpRequest, HttpResponse

from simulator import platforms
from simulator.models import Fault, Page


class Kind(StrEnum):
    """Those that any platform can have; a platform's file declares its own beside them."""

    SLOW = "slow"
    REFUSE_429 = "refuse_429"
    REFUSE = "refuse"
    WINDOW_CLOSED = "window_closed"
    TOKEN_DEAD = "token_dead"  # noqa: S105
    DROP_CONNECTION = "drop_connection"
    ERROR_AFTER_ACCEPT = "error_after_accept"
    DROP_AFTER_ACCEPT = "drop_after_accept"
    NO_ID = "no_id"
    NO_ECHO = "no_echo"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    HOLD = "hold"


LABELS: dict[str, str] = {
    Kind.SLOW: "lent (ms)",
    Kind.REFUSE_429: "refuse : trop d’appels",
    Kind.REFUSE: "refuse avec ce code (code/sous-code)",
    Kind.WINDOW_CLOSED: "fenêtre de messagerie fermée",
    Kind.TOKEN_DEAD: "jeton révoqué",
    Kind.DROP_CONNECTION: "coupe la connexion sans rien accepter",
    Kind.ERROR_AFTER_ACCEPT: "accepte, puis répond 500",
    Kind.DROP_AFTER_ACCEPT: "accepte, puis coupe la connexion",
    Kind.NO_ID: "accepte, sans donner d’identifiant",
    Kind.NO_ECHO: "n’envoie pas d’écho",
    Kind.DUPLICATE: "envoie les webhooks en double",
    Kind.REORDER: "envoie les webhooks dans le désordre",
    Kind.HOLD: "retient les webhooks",
}

_on: list[Fault] | None = None  # what is turned on, so that a healthy platform asks the database nothing


class Refused(Exception):
    """name: a Graph code, "" for the platform's usual one."""

    def __init__(self, name: str, *, throttled: bool = False, dead: bool = False) -> None:
        super().__init__(name)
        self.name, self.throttled, self.dead = name, throttled, dead


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def labels() -> dict[str, str]:
    """Every kind there is, in words."""
    declared = [platform.faults for platform in platforms.PLATFORMS.values()]
    return LABELS | {name: label for each in declared for name, label in each.items()}


def turn_on(kind: str, *, platform: str = "", page: Page | None = None, value: str = "", count: int | None = None) -> Fault:
    if kind not in labels():
        raise ValueError(f"no such fault: {kind}; there are {', '.join(labels())}")
    if platform and platform not in platforms.PLATFORMS:
        raise ValueError(f"no such platform: {platform}; there are {', '.join(platforms.PLATFORMS)}")
    fault = Fault.objects.create(kind=kind, platform=platform, page=page, value=value, remaining=count)
    forget()
    return fault


def clear() -> None:
    Fault.objects.all().delete()
    forget()


def forget() -> None:
    """What is turned on has changed."""
    global _on
    _on = None


def _fitting(page: Page, kind: str) -> list[Fault]:
    global _on
    if _on is None:
        _on = list(Fault.objects.exclude(remaining=0))
    return [f for f in _on if f.kind == kind and f.platform in ("", page.platform) and f.page_id in (None, page.pk)]


def is_on(page: Page, kind: str) -> bool:
    """Whether such a fault may happen now; it is not used up."""
    return bool(_fitting(page, kind))


def take(page: Page, kind: str) -> Fault | None:
    """The fault of this kind that applies now, counted as used."""
    return next((fault for fault in _fitting(page, kind) if Fault.objects.take(fault)), None)


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
