"""The comment webhooks of an account, in their two shapes. Messages are messaging's."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Attachment, Author, Event, Hint, Kind, OwnTurn, PostSeen, Received, Unrecognised

KINDS = {"AD": "ad", "REELS": "reel", "STORY": "story", "LIVE": "live"}
NUMBER = re.compile(r"\d{1,40}", re.ASCII)


def read_change(account: str, change: dict[str, Any], entry_time: Any) -> Iterator[Event]:
    """One item of `changes`, or an entry that is one itself. Raises Unreadable.

    Instagram tells neither the time of a comment nor that it was edited, hidden or removed.
    """
    field, value = wire.text(change.get("field")), wire.mapping(change.get("value"))
    match field:
        case "comments" | "live_comments":
            yield _comment(account, value, wire.seconds(entry_time), live=field == "live_comments")
        case "mentions":
            yield Hint(platform="instagram", channel_id=account, external_id=mention_id(value))
        case "story_insights":
            return
        case _:
            yield Unrecognised(platform="instagram", channel_id=account, raw=change, reason=f"field {field}"[:200])


def mention_id(value: dict[str, Any]) -> str:
    """Where we are mentioned, under somebody else's media: `fetch` asks what was said there."""
    media, comment = wire.required(value.get("media_id"), "media id"), wire.identifier(value.get("comment_id"))
    if not NUMBER.fullmatch(media) or not (NUMBER.fullmatch(comment) or not comment):
        raise wire.Unreadable("a mention in what is no media")
    return f"mention:{media}:{comment}"


def _comment(account: str, value: dict[str, Any], at: datetime | None, *, live: bool) -> Event:
    external_id = wire.required(value.get("id") or value.get("comment_id"), "comment id")
    said, author = wire.mapping(value.get("from")), wire.author(value.get("from"), name="username")
    # Only what an account wrote itself carries its own id a second time.
    ours = (author is not None and author.id == account) or "self_ig_scoped_id" in said
    parent, text = wire.identifier(value.get("parent_id")), wire.text(value.get("text"))
    return turn(account, external_id, parent, text, at, _media(value, live=live), author, ours=ours)


def _media(value: dict[str, Any], *, live: bool) -> PostSeen | None:
    told = wire.mapping(value.get("media"))
    media = wire.identifier(told.get("id"))
    kind = "live" if live else media_kind(told)
    return PostSeen(media, text=wire.text(told.get("ad_title")), kind=kind) if media else None


def media_kind(media: dict[str, Any]) -> str:
    return KINDS.get(wire.text(media.get("media_product_type")), "")


def turn(
    account: str,
    external_id: str,
    parent: str,
    text: str,
    at: datetime | None,
    post: PostSeen | None,
    author: Author | None,
    *,
    ours: bool = False,
) -> Received | OwnTurn:
    told: dict[str, Any] = {
        "platform": "instagram",
        "channel_id": account,
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": text,
        "at": at,
        "post": post,
        "attachments": () if text else (Attachment("unsupported"),),  # a picture, or words withheld from us
    }
    return OwnTurn(**told) if ours else Received(**told, author=author)
