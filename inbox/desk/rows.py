"""A row of the list, drawn again only when something that it shows has changed: most looks find most rows as they were."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from accounts.models.people import initials_of
from inbox import platforms
from inbox.desk.lines import Line
from inbox.desk.timer import Tick, Timer
from inbox.models.conversations import shown_name
from inbox.screening.shown import words

KEPT = 5000  # rows in the memory of one process, about 10 MB


@dataclass(frozen=True, slots=True)
class Chip:
    """What a timer chip shows."""

    state: str
    runs: bool
    warn_at: datetime | None
    due_at: datetime | None
    icon: str
    words: str

    @classmethod
    def of(cls, tick: Tick, line: Line) -> Self:
        return cls(tick.state, tick.runs, line.warn_at, line.due_at, tick.icon, tick.words)


@dataclass(frozen=True, slots=True)
class Row:
    """What of a row is worked out from its line."""

    query: str
    whole: str  # the query of its page: all of the talk, where a message of whatever age was searched for
    fragment: str  # that message, within its page
    is_open: bool
    name: str
    platform_label: str
    assignee: str
    initials: str
    badges: tuple[tuple[str, str], ...]  # label and colour, gravest first
    timer: Chip | None

    @classmethod
    def of(cls, line: Line, tick: Tick | None, *, query: str, is_open: bool) -> Self:
        return cls(
            query=query,
            whole=f"{query or '?'}{'&' if query else ''}messages=all" if line.found else query,
            fragment=f"#message-{line.found.message}" if line.found else "",
            is_open=is_open,
            name=shown_name(line.name or "", line.phone or "", line.platform),
            platform_label=str(platforms.get(line.platform).label),
            assignee=line.assignee or line.assignee_email or "",
            initials=initials_of(line.assignee or "") if line.assignee_email else "",
            badges=words.short(line.badges),
            timer=Chip.of(tick, line) if tick else None,
        )


def draw(line: Line, *, query: str = "", is_open: bool = False, now: datetime) -> SafeString:
    timer = Timer.of_line(line, now)
    return drawn(line, timer and timer.tick, query, is_open, get_language(), get_current_timezone_name())


@lru_cache(maxsize=KEPT)
def drawn(line: Line, tick: Tick | None, query: str, is_open: bool, _language: str | None, _zone: str) -> SafeString:
    """It depends on these alone; `tick` is what the passing time changes."""
    row = Row.of(line, tick, query=query, is_open=is_open)
    return render_to_string("inbox/_row.html", {"line": line, "row": row})
