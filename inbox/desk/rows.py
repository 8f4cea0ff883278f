"""A row of the list, drawn again only when something that it shows has changed: most looks find most rows as they were."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from inbox import platforms
from inbox.desk.timer import Timer
from inbox.models import Conversation
from inbox.screening import words

KEPT = 5000  # rows in the memory of one process, about 10 MB


@dataclass(frozen=True, slots=True)
class Chip:
    """What a timer chip shows: the words of this minute."""

    state: str
    runs: bool
    warn_at: datetime
    due_at: datetime
    icon: str
    words: str

    @classmethod
    def of(cls, timer: Timer | None) -> Self | None:
        if timer is None:
            return None
        return cls(timer.state, timer.runs, timer.warn_at, timer.due_at, timer.icon, timer.words)


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a row shows, and nothing else: two that are equal look the same."""

    pk: int
    query: str
    is_open: bool
    language: str
    name: str
    place: str
    platform: str
    platform_label: str
    kind: str
    preview: str
    rating: str
    unpublished: bool
    waiting_count: int
    assignee: str
    initials: str
    badges: tuple[tuple[str, str], ...]  # label and colour, gravest first
    half: int | None  # the conversation in which the person goes on in private, or began in public
    badge_elsewhere: bool  # the gravest stands on another message than the one whose words are shown
    blocked: bool  # nothing can be sent from its page
    timer: Chip | None

    @classmethod
    def of(cls, conversation: Conversation, *, query: str, is_open: bool, now: datetime) -> Self:
        assignee = conversation.assignee
        return cls(
            pk=conversation.pk,
            query=query,
            is_open=is_open,
            language=get_language() or "",
            name=conversation.contact_name,
            place=conversation.location.short_name,
            platform=conversation.platform,
            platform_label=str(platforms.get(conversation.platform).label),
            kind=conversation.kind,
            preview=conversation.preview,
            rating=conversation.rating,
            unpublished=conversation.unpublished,
            waiting_count=conversation.waiting_count,
            assignee=str(assignee) if assignee else "",
            initials=assignee.user.initials if assignee else "",
            badges=words.short(conversation.badges),
            half=getattr(conversation, "half", None),
            badge_elsewhere=conversation.badge_elsewhere,
            blocked=getattr(conversation, "page_is_blocked", False),
            timer=Chip.of(Timer.of_conversation(conversation, now)),
        )


@lru_cache(maxsize=KEPT)
def draw(row: Row) -> SafeString:
    return render_to_string("inbox/_row.html", {"row": row})
