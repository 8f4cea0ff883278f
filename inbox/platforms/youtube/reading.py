"""A comment as YouTube tells it, whether it began a thread or answers in one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Author, Event, Kind, Moderation, OwnTurn, PostSeen, Received
from inbox.platforms.youtube.calls import Item, snippet

# What is asked for, and so all that leaves YouTube: no picture of anybody, no count of likes.
TOLD = (
    "authorChannelId",
    "authorDisplayName",
    "parentId",
    "videoId",
    "textDisplay",
    "textOriginal",
    "publishedAt",
    "moderationStatus",
)
FIELDS = f"id,snippet({','.join(TOLD)})"
STATES = {
    "published": Moderation.APPROVED,
    "heldForReview": Moderation.PENDING,
    "likelySpam": Moderation.REJECTED,
    "rejected": Moderation.REJECTED,
}


def item(comment: Item, *, owner: str = "", title: str = "") -> Item:
    """What is kept of it; beside it whose the video is, and how it is called."""
    told = {name: snippet(comment)[name] for name in TOLD if name in snippet(comment)}
    return {"id": comment.get("id"), "snippet": told, "owner": owner, "title": title}


def read(channel_id: str, comment: Item) -> Iterator[Event]:
    """Raises Unreadable."""
    external_id, parent = wire.required(comment.get("id"), "comment id"), wire.identifier(snippet(comment).get("parentId"))
    author = wire.identifier(author_of(comment), wire.PERSON_ID)
    turn: dict[str, Any] = {
        "platform": "youtube",
        "channel_id": channel_id,
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": words_of(comment),
        "at": at_of(comment),
        "post": _video(channel_id, comment),
    }
    if author != channel_id:
        name = wire.text(snippet(comment).get("authorDisplayName"))[: wire.NAME]
        yield Received(**turn, author=Author(author, name) if author else None, moderation=state_of(comment))
    elif parent:  # what else the channel writes under its own videos answers nobody
        yield OwnTurn(**turn)


def at_of(comment: Item) -> datetime | None:
    return wire.iso(snippet(comment).get("publishedAt"))


def author_of(comment: Item) -> Any:
    return wire.mapping(snippet(comment).get("authorChannelId")).get("value")


def known_by(value: Any) -> str:
    """An id, "" where there is none that could be kept: whoever reads the whole comment says so then."""
    try:
        return wire.identifier(value)
    except wire.Unreadable:
        return ""


def state_of(comment: Item) -> Moderation:
    """Told to whoever owns the video alone, and not where the comment was asked for by its id."""
    return STATES.get(wire.text(snippet(comment).get("moderationStatus")), Moderation.NONE)


def words_of(comment: Item) -> str:
    """As they were typed, where they are ours; what others wrote is told as it is shown."""
    typed, shown = snippet(comment).get("textOriginal"), snippet(comment).get("textDisplay")
    if not isinstance(typed, str) and not isinstance(shown, str):
        raise wire.Unreadable("no words")
    return wire.text(typed) or wire.text(shown)


def _video(channel_id: str, comment: Item) -> PostSeen | None:
    video, owner = wire.identifier(snippet(comment).get("videoId")), wire.text(comment.get("owner"))
    if not video:
        return None
    link = wire.link(f"https://www.youtube.com/watch?v={video}", 1000)
    return PostSeen(video, wire.text(comment.get("title")), link, kind="mention" if owner not in {"", channel_id} else "video")
