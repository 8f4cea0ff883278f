"""What a platform's file declares. Adding a platform: one file with a PLATFORM, named in `apps.py`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.models import Comment, Message, Page, Person, Post
from simulator.wire import Json

CommentEvent = Callable[[Comment, str, datetime], Json | None]
ReactionEvent = Callable[[Comment, Person, str, datetime], Json | None]
MessageEvent = Callable[[Message, str, datetime], Json | None]
PostEvent = Callable[[Post, datetime], Json | None]


@dataclass(frozen=True, slots=True)
class Platform:
    """Ids, and the webhook item of each happening; an event function returns None where the platform stays silent.

    Comment verbs: add, edited, remove, hide, unhide. Message verbs: add, edit, delete, react, unreact.
    """

    slug: str
    endpoint: str
    object: str
    person_id: Callable[[Page, str], str]
    post_ids: Callable[[Page], tuple[str, str]]
    comment_id: Callable[[Post], str]
    comment_event: CommentEvent
    reaction_event: ReactionEvent
    post_event: PostEvent
    message_event: MessageEvent | None = None
    routes: dict[tuple[str, str, str], Callable[[Any], Json]] = field(default_factory=dict)  # edges of Graph
    message_id: Callable[[], str] = lambda: "m_" + secrets.token_urlsafe(24)


PLATFORMS: dict[str, Platform] = {}


def register(*platforms: Platform) -> None:
    PLATFORMS.update({platform.slug: platform for platform in platforms})


def of(page: Page) -> Platform:
    return PLATFORMS[page.platform]


def number(digits: int, start: str = "") -> str:
    """A random number of so many digits in all, beginning with `start`."""
    free = digits - len(start)
    lowest = 0 if start else 10 ** (free - 1)
    return start + str(lowest + secrets.randbelow(10**free - lowest)).zfill(free)
