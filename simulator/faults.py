"""What a platform does badly, on request: for one page, one platform or all, N times or until it is cleared."""

import contextlib
import random
import socket
import time
from collections.abc import Iterator
from enum import StrEnum

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from simulator import platforms
from simulator.memory import Memory
from simulator.models import Fault, Page


class Kind(StrEnum):
    """Those that any platform can have; a platform's file declares its own beside them."""

    SLOW = "slow"
    REFUSE_429 = "refuse_429"
    REFUSE = "refuse"
    SLOW_READ = "slow_read"
    REFUSE_429_READ = "refuse_429_read"
    REFUSE_READ = "refuse_read"
    EMPTY_LISTS = "empty_lists"
    WINDOW_CLOSED = "window_closed"
    TOKEN_DEAD = "token_dead"  # noqa: S105
    DROP_CONNECTION = "drop_connection"
    ERROR_AFTER_ACCEPT = "error_after_accept"
    DROP_AFTER_ACCEPT = "drop_after_accept"
    CUT_MID_ANSWER = "cut_mid_answer"
    NO_ID = "no_id"
    NO_ECHO = "no_echo"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    HOLD = "hold"
    DROP = "drop"
    DELAY = "delay"
    DELETE_FIRST = "delete_first"
    BAD_SIGNATURE = "bad_signature"
    NO_SIGNATURE = "no_signature"
    NASTY_TEXT = "nasty_text"


SIGNATURES = {Kind.BAD_SIGNATURE: "bad", Kind.NO_SIGNATURE: "none"}  # a fault → Delivery.signature; platforms add theirs

LABELS: dict[str, str] = {
    Kind.SLOW: "lent (ms)",
    Kind.REFUSE_429: "refuse : trop d’appels (code:minutes)",
    Kind.REFUSE: "refuse avec ce code (code/sous-code)",
    Kind.SLOW_READ: "lecture lente (ms)",
    Kind.REFUSE_429_READ: "refuse de lire : trop d’appels (code:minutes)",
    Kind.REFUSE_READ: "refuse de lire avec ce code",
    Kind.EMPTY_LISTS: "donne des listes vides sans rien dire",
    Kind.WINDOW_CLOSED: "fenêtre de messagerie fermée",
    Kind.TOKEN_DEAD: "jeton révoqué",
    Kind.DROP_CONNECTION: "coupe la connexion sans rien accepter",
    Kind.ERROR_AFTER_ACCEPT: "accepte, puis répond 500",
    Kind.DROP_AFTER_ACCEPT: "accepte, puis coupe la connexion",
    Kind.CUT_MID_ANSWER: "accepte, puis coupe la connexion au milieu de la réponse",
    Kind.NO_ID: "accepte, sans donner d’identifiant",
    Kind.NO_ECHO: "n’envoie pas d’écho",
    Kind.DUPLICATE: "envoie les webhooks en double",
    Kind.REORDER: "envoie les webhooks dans le désordre",
    Kind.HOLD: "retient les webhooks",
    Kind.DROP: "n’envoie jamais le webhook",
    Kind.DELAY: "envoie les webhooks en retard (s)",
    Kind.DELETE_FIRST: "dit le retrait ou la modification avant l’ajout",
    Kind.BAD_SIGNATURE: "signe mal (nombre d’essais ; vide : tous)",
    Kind.NASTY_TEXT: "les gens écrivent des caractères retors",
    Kind.NO_SIGNATURE: "ne signe pas (nombre d’essais ; vide : tous)",
}

_luck = random.Random()
_on: Memory[list[Fault]] = Memory(lambda: list(Fault.objects.exclude(remaining=0)))
forget = _on.forget


class Refused(Exception):
    """name: a Graph code, "" for the platform's usual one. minutes: until a throttled caller may come back."""

    def __init__(self, name: str, *, throttled: bool = False, dead: bool = False, minutes: int = 1) -> None:
        super().__init__(name)
        self.name, self.throttled, self.dead, self.minutes = name, throttled, dead, minutes


class Dropped(Exception):
    """The connection is to be cut without an answer."""


def labels() -> dict[str, str]:
    """Every kind there is, in words."""
    declared = [platform.faults for platform in platforms.PLATFORMS.values()]
    return LABELS | {name: label for each in declared for name, label in each.items()}


def turn_on(
    kind: str,
    *,
    platform: str = "",
    page: Page | None = None,
    value: str = "",
    count: int | None = None,
    chance: float | None = None,
) -> Fault:
    """count: so many times, then no more; chance: not always, but so often."""
    kind, value = _named().get(kind, (kind, value))
    if kind not in labels():
        raise ValueError(f"no such fault: {kind}; there are {', '.join(labels())}")
    if platform and platform not in platforms.PLATFORMS:
        raise ValueError(f"no such platform: {platform}; there are {', '.join(platforms.PLATFORMS)}")
    fault = Fault.objects.create(kind=kind, platform=platform, page=page, value=value, remaining=count, chance=chance)
    forget()
    return fault


def seed(number: int) -> None:
    """From here on, luck takes the same turns for the same number."""
    _luck.seed(number)


def clear() -> None:
    Fault.objects.all().delete()
    forget()


def _named() -> dict[str, tuple[str, str]]:
    """Faults with a name of their own that are one of the others with a certain value."""
    return {name: meant for platform in platforms.PLATFORMS.values() for name, meant in platform.named_faults.items()}


def _fitting(page: Page, kind: str) -> list[Fault]:
    return [f for f in _on.get() if f.kind == kind and f.platform in ("", page.platform) and f.page_id in (None, page.pk)]


def likely(page: Page, kind: str) -> list[Fault]:
    """Those that would happen now, as luck has it; none is used up."""
    return [fault for fault in _fitting(page, kind) if fault.chance is None or _luck.random() < fault.chance]


def use(chosen: list[Fault]) -> Fault | None:
    return next((fault for fault in chosen if Fault.objects.take(fault)), None)


def take(page: Page, kind: str) -> Fault | None:
    """The fault of this kind that applies now, counted as used."""
    return use(likely(page, kind))


def before(page: Page, *, write: bool) -> None:
    """A dead token stops every call; the others are for writes or for reads, so that a look uses up none meant for a write."""
    if fault := take(page, Kind.TOKEN_DEAD):
        raise Refused(f"190/{fault.value or 460}", dead=True)
    if fault := take(page, Kind.SLOW if write else Kind.SLOW_READ):
        time.sleep(float(fault.value or 3000) / 1000)
    if write and take(page, Kind.DROP_CONNECTION):
        raise Dropped
    if fault := take(page, Kind.REFUSE_429 if write else Kind.REFUSE_429_READ):
        code, _, minutes = fault.value.partition(":")
        raise Refused(code, throttled=True, minutes=int(minutes or 1))
    if fault := take(page, Kind.REFUSE if write else Kind.REFUSE_READ):
        raise Refused(fault.value or "368")


def after(page: Page, request: HttpRequest) -> str:
    """What goes wrong with the answer to a write that was accepted: "", "error" or "no_id"; a cut is noted on the request."""
    if take(page, Kind.DROP_AFTER_ACCEPT):
        raise Dropped
    if take(page, Kind.CUT_MID_ANSWER):
        request.cut = True  # type: ignore[attr-defined]
        return ""
    if take(page, Kind.ERROR_AFTER_ACCEPT):
        return "error"
    return "no_id" if take(page, Kind.NO_ID) else ""


def drop(request: HttpRequest) -> HttpResponse:
    _hang_up(request)
    return HttpResponse()  # written to nobody


def half(request: HttpRequest, whole: HttpResponse) -> StreamingHttpResponse:
    """The head as it is, which promises all of the body; then half of the body, and nothing more."""

    def until_cut() -> Iterator[bytes]:
        yield whole.content[: len(whole.content) // 2]
        _hang_up(request)

    return StreamingHttpResponse(until_cut(), status=whole.status_code, headers=whole.headers)


def _hang_up(request: HttpRequest) -> None:
    connection: socket.socket = request.META["simulator.socket"]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
