"""What a platform lists, beside what we hold of it: where the two differ. Nothing is asked and nothing is written here."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Difference, Event, Kind, PostPublished, PostSeen, Turn, VisibilityChanged
from inbox.platforms.listings import Found

# A webhook that is on its way is no gap: what was written this shortly before the look is looked for next time.
ON_ITS_WAY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Listed:
    """One turn that a listing holds, with the item it was read from."""

    turn: Turn
    item: dict[str, Any]
    hidden: bool | None = None  # None: the listing does not tell


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of one turn. changed_at: when we last learnt something of it."""

    external_id: str
    kind: Kind
    text: str
    sent_at: datetime
    changed_at: datetime
    hidden: bool = False
    rating: str = ""
    moderation: str = ""
    removed_at: datetime | None = None
    purged_at: datetime | None = None  # its words may not be kept: nothing can be said of whether they changed


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, and what must be known of it to report it once. changed_at: of what we held, None where we held nothing."""

    found: Found
    kind: Kind
    posted_at: datetime | None
    changed_at: datetime | None
    change: str


@dataclass(slots=True)
class Listing:
    """All that a platform listed: what was written, and the posts under which it stands."""

    turns: list[Listed] = field(default_factory=list)
    posts: list[tuple[PostSeen, dict[str, Any]]] = field(default_factory=list)

    def add(self, events: Iterable[Event], item: dict[str, Any]) -> None:
        """What one item of the list stands for."""
        events = list(events)
        hidden = {event.external_id: event.hidden for event in events if isinstance(event, VisibilityChanged)}
        for event in events:
            if isinstance(event, Turn):
                self.turns.append(Listed(event, item, hidden.get(event.external_id)))
            elif isinstance(event, PostPublished):
                self.posts.append((event.post, item))


def unreadable(platform: str, channel_id: str, item: dict[str, Any]) -> Listed:
    """An item that nobody understands is brought in as well: it is then set aside, counted and shown."""
    name = hashlib.sha256(repr(sorted(item.items(), key=repr)).encode()).hexdigest()
    turn = Turn(platform=platform, channel_id=channel_id, external_id=f"unreadable-{name[:40]}", kind=Kind.COMMENT, thread="")
    return Listed(turn, item)


def differences(listed: Iterable[Listed], held: Mapping[str, Held], *, looked_at: datetime, waits_for: bool) -> Iterator[Finding]:
    """Where they differ. looked_at: when the look began; what we learnt since then is newer than what was listed.

    waits_for: whether the platform tells of new things by itself, so that the newest may still be on their way.
    """
    for each in listed:
        ours = held.get(each.turn.external_id)
        if ours is None:
            fresh = waits_for and each.turn.at is not None and each.turn.at > looked_at - ON_ITS_WAY
            if not fresh:
                yield _finding(Difference.MISSING, each, None, looked_at)
        elif ours.changed_at < looked_at:
            for difference in _changes(each, ours, looked_at):
                yield _finding(difference, each, ours, looked_at)


def absent(listed: Iterable[Listed], held: Iterable[Held], *, since: datetime, looked_at: datetime) -> list[Held]:
    """What we hold, and the listing should but does not."""
    there = {each.turn.external_id for each in listed}
    return [
        ours
        for ours in held
        if ours.external_id not in there and not ours.removed_at and since <= ours.sent_at and ours.changed_at < looked_at
    ]


def gone(ours: Held, looked_at: datetime) -> Finding:
    found = Found(difference=Difference.REMOVED, external_id=ours.external_id, seen_at=looked_at)
    return Finding(found, ours.kind, ours.sent_at, ours.changed_at, _digest(Difference.REMOVED, ours))


def _changes(listed: Listed, ours: Held, looked_at: datetime) -> Iterator[Difference]:
    turn = listed.turn
    if ours.removed_at:
        if ours.purged_at is None and ours.removed_at < looked_at - ON_ITS_WAY:  # a listing may lag a little behind
            yield Difference.RESTORED
        return
    if _edited(turn, ours):
        yield Difference.EDITED
    if listed.hidden is not None and listed.hidden != ours.hidden:
        yield Difference.HIDDEN if listed.hidden else Difference.SHOWN
    if turn.moderation and turn.moderation != ours.moderation:
        yield Difference.MODERATED


def _edited(turn: Turn, ours: Held) -> bool:
    # Words that the listing leaves out are words it may not show us, not words that were deleted.
    other_words = bool(turn.text) and ours.purged_at is None and not wire.same_words(turn.text, ours.text)
    return other_words or bool(turn.rating and ours.rating and turn.rating != ours.rating)


def _finding(difference: Difference, listed: Listed, ours: Held | None, looked_at: datetime) -> Finding:
    turn = listed.turn
    found = Found(difference=difference, external_id=turn.external_id, seen_at=looked_at, item=listed.item)
    at = turn.at or (ours.sent_at if ours else None)
    changed_at = ours.changed_at if ours else None
    return Finding(found, turn.kind, at, changed_at, _digest(difference, ours, turn.text, turn.rating, turn.moderation))


def _digest(difference: Difference, ours: Held | None, *now: str) -> str:
    """From what to what: found again before it was taken in, it is the same; after another change, it is another."""
    before = (ours.text, ours.rating, ours.moderation, ours.changed_at.isoformat()) if ours else ()
    return hashlib.sha256(repr((str(difference), before, now)).encode()).hexdigest()
