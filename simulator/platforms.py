"""What a platform's file declares. Adding a platform: one file that makes a Platform, wherever it stands."""

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern

from simulator.wire import Json

if TYPE_CHECKING:  # the models ask this registry for labels
    from simulator.models import Comment, Delivery, Message, Page, Person, Post, Review

HERE = Path(__file__).parent
DECLARATION = re.compile(r"^\w+ = Platform\($", re.M)
Event = Json | list[Json] | None  # None: the platform does not tell; a list: it tells several times


@dataclass(frozen=True, slots=True)
class Regime:
    """How a webhook that was not taken is tried again: the pauses in seconds, after which it is dropped."""

    pauses: tuple[float, ...]
    ends_subscription_after: timedelta | None = None  # so long without success, and the page is unsubscribed


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a family of platforms delivers, and its manners there. It has a thread of its own.

    body: what is POSTed for some items. sign: its headers; `delivery.signature` may ask for a wrong way.
    challenge: ask a receiver to prove itself, and say what was wrong ("": nothing); may raise what `requests` raises.
    address: where a delivery goes, where something was registered; otherwise the option `webhook_base` + `path`.
    repeated: the same items as the platform sends them a second time, beside word for word.
    """

    name: str
    path: str
    body: Callable[["Delivery"], bytes]
    sign: Callable[["Delivery", bytes], dict[str, str]]
    regime: Callable[["Delivery"], Regime]
    most: int = 1  # items in one POST
    takes: Callable[[int], bool] = lambda status: status == 200
    timeout: float = 5
    challenge: Callable[[str], str] | None = None
    challenge_every: timedelta | None = None  # None: at registration only
    blocked_after: int | None = None  # so many challenges failed in a row, and nothing is sent any more
    address: Callable[["Delivery"], str] = lambda delivery: ""
    repeated: Callable[[list[Any]], list[Any]] | None = None
    unsubscribe: Callable[["Delivery"], None] = lambda delivery: None  # the regime ended the subscription


@dataclass(frozen=True, slots=True)
class Platform:
    """Ids, and the webhook item of each happening.

    Comment verbs: add, edited, remove, hide, unhide. Message verbs: add, edit, delete, react, unreact. Review and post verbs:
    add, edited, remove. What only this platform knows of a thing, such as kinds of message, is in the thing's `extra`.
    """

    slug: str
    label: str
    person_id: Callable[["Page", str], str]
    endpoint: Endpoint | None = None  # None: it tells nothing by itself
    object: str = ""
    post_ids: Callable[["Page"], tuple[str, str]] = lambda page: (number(17), "")
    comment_id: Callable[["Post"], str] = lambda post: number(17)
    message_id: Callable[[], str] = lambda: "m_" + secrets.token_urlsafe(24)
    review_id: Callable[["Page"], str] = lambda page: number(15)
    reviews_are_posts: bool = False  # people comment under a review as under a post
    post_event: Callable[["Post", str, datetime], Event] | None = None
    comment_event: Callable[["Comment", str, datetime], Event] | None = None
    reaction_event: Callable[["Comment", "Person", str, datetime], Event] | None = None
    message_event: Callable[["Message", str, datetime], Event] | None = None
    review_event: Callable[["Review", str, datetime], Event] | None = None
    holds: Callable[["Page"], bool] = lambda page: False  # whether visitors' comments wait for approval, hidden until then
    written: Callable[["Message"], None] = lambda message: None  # a message was made and is about to be told
    wants: Callable[["Page", Json], bool] = lambda page, item: True  # whether the app asked for such an item of this page
    spoil: Callable[["Page", Json], Json] = lambda page, item: item  # what the platform's own faults make of an item
    people: str = "names"  # the list of traffic/people.json they are called from
    seed: Callable[[], None] = lambda: None  # what is there at the start, besides pages
    forget: Callable[[], None] = lambda: None  # what it keeps in memory: everything was emptied
    welcome: Callable[["Page"], None] = lambda page: None  # a page was made
    routes: dict[tuple[str, str, str], Callable[[Any], Any]] = field(default_factory=dict)  # calls of Graph
    nodes: dict[str, Any] = field(default_factory=dict)  # kinds of Graph nodes that can be read and listed
    resolve: Callable[[Any, str], tuple[str, Any] | None] = lambda call, node: None  # nodes of Graph only it knows
    urls: list[URLPattern] = field(default_factory=list)  # its calls, and the views of its forms
    panels: tuple[str, ...] = ()  # templates of forms, shown on a page
    options: Json = field(default_factory=dict)  # name → default
    faults: dict[str, str] = field(default_factory=dict)  # name → French label
    named_faults: dict[str, tuple[str, str]] = field(default_factory=dict)  # another name for a kind and its value
    signatures: dict[str, str] = field(default_factory=dict)  # fault → `Delivery.signature`, a wrong way to sign
    shapes: dict[str, str] = field(default_factory=dict)  # fault → `Delivery.shape`, another form of the body


PLATFORMS: dict[str, Platform] = {}


def find() -> None:
    """Every platform that some file of the simulator declares: no list of them is kept."""
    for file in sorted(HERE.rglob("*.py")):
        if DECLARATION.search(file.read_text()):
            place = file.parent if file.stem == "__init__" else file.with_suffix("")
            module = import_module(".".join(place.relative_to(HERE.parent).parts))
            declared = [each for each in vars(module).values() if isinstance(each, Platform)]
            PLATFORMS.update({platform.slug: platform for platform in declared})


def of(page: "Page") -> Platform:
    return PLATFORMS[page.platform]


def label(slug: str) -> str:
    return PLATFORMS[slug].label if slug in PLATFORMS else slug


def endpoints() -> dict[str, Endpoint]:
    return {each.endpoint.name: each.endpoint for each in PLATFORMS.values() if each.endpoint}


def urls() -> Iterator[URLPattern]:
    for platform in PLATFORMS.values():
        yield from platform.urls


def number(digits: int, start: str = "") -> str:
    """A random number of so many digits in all, beginning with `start`."""
    free = digits - len(start)
    lowest = 0 if start else 10 ** (free - 1)
    return start + str(lowest + secrets.randbelow(10**free - lowest)).zfill(free)
