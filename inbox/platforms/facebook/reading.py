"""The `feed`, `mention` and `ratings` webhooks of a page. Messages are messaging's."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Event,
    Hint,
    Kind,
    OwnTurn,
    PostPublished,
    PostSeen,
    Reacted,
    Received,
    Removed,
    Unrecognised,
    VisibilityChanged,
)
from inbox.platforms.facebook.ids import full_id, tail
from inbox.platforms.meta import messaging

POSTS = {
    *("post", "status", "photo", "video", "share", "link", "album", "event", "note", "picture", "photo-album"),
    *("coupon", "experience", "milestone", "platform-story", "question", "story"),
}
# Told of the page itself, or of what has left Facebook: nothing that anybody waits in.
ASIDE = {
    *("address", "connection", "group", "group_message", "interest", "mention", "page", "profile"),
    *("relationship-status", "tag", "timeline cover"),
}
ADDED, EDITED, REMOVED = {"add"}, {"edit", "edited", "update"}, {"remove", "delete"}
HIDDEN = {"hide": True, "unhide": False}
IDLE = {"block", "unblock", "mute", "follow"}
REACTIONS = {"sorry": "sad", "anger": "angry"}  # two spellings of one face

Value = dict[str, Any]


def read_change(page: str, change: Value, entry_time: Any) -> Iterator[Event]:
    """One item of `changes`. Raises Unreadable."""
    field, value = wire.text(change.get("field")), wire.mapping(change.get("value"))
    at = wire.seconds(value.get("created_time", entry_time))
    match field, value.get("item"):
        case "ratings", "rating":
            yield _rating(page, value, at)
        case "feed", "rating":
            if value.get("open_graph_story_id"):  # else told by the field of its own
                yield _rating(page, value, at)
        case "feed" | "mention" | "ratings", "comment":
            yield from _comment(page, value, at, field)
        case "feed" | "ratings", "reaction" | "like":
            yield from _reaction(page, value, at, field)
        case "feed" | "mention", str(item) if item in POSTS:
            yield from _post(page, value, at, field)
        case "feed", str(item) if item in ASIDE:
            return
        case str(field), _ if field == messaging.POLICY:
            yield messaging.enforced(_who(page), value, at)
        case _:
            yield _unknown(page, change, f"{field} {wire.text(value.get('item'))}".strip())


def _unknown(page: str, raw: Any, reason: str) -> Unrecognised:
    return Unrecognised(**_who(page), raw=raw, reason=reason[:200])


def _who(page: str) -> dict[str, Any]:
    return {"platform": "facebook", "channel_id": page}


def _author(value: Value) -> Author | None:
    """Old events, and ratings still, name the sender beside the value instead of in `from`."""
    old = {"id": value.get("sender_id"), "name": value.get("sender_name")}
    return wire.author(value.get("from")) or wire.author(old)


# --- comments -----------------------------------------------------------------------------------------


def _comment(page: str, value: Value, at: datetime | None, field: str) -> Iterator[Event]:
    post_id = wire.identifier(value.get("post_id"))
    external_id = full_id(wire.required(value.get("comment_id"), "comment id"), post_id)
    verb = wire.text(value.get("verb"))
    if verb in ADDED:
        yield turn(page, value, at, external_id, review=field == "ratings", post=_post_of(value, post_id, field))
    elif verb in EDITED:
        yield _edited(page, value, at, external_id)
    else:
        yield from _changed(page, value, at, external_id)


def _edited(page: str, value: Value, at: datetime | None, external_id: str) -> Event:
    if isinstance(value.get("message"), str):
        return Edited(**_who(page), external_id=external_id, text=value["message"], at=at)
    return Hint(**_who(page), external_id=external_id)


def _changed(page: str, value: Value, at: datetime | None, external_id: str) -> Iterator[Event]:
    """What may happen to a comment and to a post alike."""
    verb = wire.text(value.get("verb"))
    if verb in REMOVED:
        yield Removed(**_who(page), external_id=external_id, at=at)
    elif verb in HIDDEN:
        yield VisibilityChanged(**_who(page), external_id=external_id, hidden=HIDDEN[verb], at=at)
    elif verb not in IDLE:
        yield _unknown(page, value, f"{value.get('item')} {verb}".strip())


def turn(page: str, value: Value, at: datetime | None, external_id: str, *, review: bool, post: PostSeen | None) -> Event:
    """A comment: under a post, under another comment, or under a rating, whose thread it then belongs to."""
    post_id = wire.identifier(value.get("post_id"))
    parent = full_id(wire.identifier(value.get("parent_id")), post_id)
    nested = parent and tail(parent) != tail(post_id) and parent != external_id
    above = parent if nested else ""
    if review:
        above = above or tail(post_id) or tail(parent)
    author = _author(value)
    told: dict[str, Any] = {
        **_who(page),
        "external_id": external_id,
        "kind": Kind.REVIEW if review else Kind.COMMENT,
        "thread": (tail(post_id) if review else above) or above or external_id,
        "parent": above,
        "text": wire.text(value.get("message")),
        "at": at,
        "post": post,
        "attachments": attachments(value),
    }
    if author and author.id == page:
        # Right under a visitor's post, ours answers that post.
        return OwnTurn(**told | {"parent": above or post_id})
    return Received(**told, author=author)


def _post_of(value: Value, post_id: str, field: str) -> PostSeen | None:
    if not post_id or field == "ratings":
        return None
    told = wire.mapping(value.get("post"))
    permalink = wire.link(told.get("permalink_url"), 1000)
    return PostSeen(post_id, permalink=permalink, kind="mention" if field == "mention" else _kind(told, permalink))


def _kind(post: Value, permalink: str) -> str:
    """Dark posts are advertisements, and posts that are promoted bring the same comments."""
    if post.get("is_published") is False or post.get("promotion_status") == "active":
        return "ad"
    return "reel" if "/reel/" in permalink else ""


def attachments(value: Value) -> tuple[Attachment, ...]:
    pictures = [value.get("photo"), *wire.sequence(value.get("photos"))]
    addresses = [("image", each) for each in pictures] + [("video", value.get("video")), ("share", value.get("link"))]
    found = [Attachment(kind, wire.link(address)) for kind, address in addresses if wire.link(address)]
    # A sticker, or words that are withheld from us: that something was said is seen.
    if not found and not wire.text(value.get("message")):
        found = [Attachment("unsupported")]
    return tuple(dict.fromkeys(found))


def _reaction(page: str, value: Value, at: datetime | None, field: str) -> Iterator[Event]:
    author, post_id = _author(value), wire.identifier(value.get("post_id"))
    rating = wire.identifier(value.get("open_graph_story_id")) or (tail(post_id) if field == "ratings" else "")
    target = full_id(wire.identifier(value.get("comment_id")), post_id) or rating or post_id
    if not author or not target:
        return  # a like of the page itself, or of somebody who is not named
    name = wire.text(value.get("reaction_type"))[:40] or "like"
    reaction = "" if wire.text(value.get("verb")) in REMOVED else REACTIONS.get(name, name)
    yield Reacted(**_who(page), external_id=target, actor=author, reaction=reaction, at=at)


# --- posts ----------------------------------------------------------------------------------------------


def _post(page: str, value: Value, at: datetime | None, field: str) -> Iterator[Event]:
    external_id = wire.required(value.get("post_id"), "post id")
    author, verb = _author(value), wire.text(value.get("verb"))
    if verb not in ADDED | EDITED:
        yield from _changed(page, value, at, external_id)
    elif value.get("published") == 0 or value.get("published") is False:
        return  # not published yet: told again when it is
    # Of a visitor's post that we may not read, nothing could be answered either.
    elif field == "feed" and (author is None or author.id == page):
        yield PostPublished(**_who(page), post=_own_post(value, external_id, at if verb in ADDED else None))
    elif verb in EDITED:
        yield _edited(page, value, at, external_id)
    else:
        yield from visitor_post(page, value, external_id, author, at, mentioned=field == "mention")


def _own_post(value: Value, external_id: str, at: datetime | None) -> PostSeen:
    pictures = [value.get("photo"), *wire.sequence(value.get("photos"))]
    if value.get("item") == "photo":
        pictures.append(value.get("link"))
    picture = next((address for each in pictures if (address := wire.link(each))), "")
    return PostSeen(external_id, text=wire.text(value.get("message")), picture=picture, published_at=at)


def visitor_post(
    page: str, value: Value, external_id: str, author: Author | None, at: datetime | None, *, mentioned: bool
) -> Iterator[Event]:
    """What a person writes on our page, or about it, waits for an answer like a comment: the post is its own thread."""
    text = wire.text(value.get("message"))
    if not text and value.get("item") == "share":
        return  # passed on without a word
    yield Received(
        **_who(page),
        external_id=external_id,
        kind=Kind.COMMENT,
        thread=external_id,
        text=text,
        at=at,
        post=PostSeen(external_id, kind="mention") if mentioned else None,
        attachments=attachments(value),
        author=author,
    )


# --- ratings and recommendations --------------------------------------------------------------------------


def _rating(page: str, value: Value, at: datetime | None) -> Event:
    external_id = tail(wire.required(value.get("open_graph_story_id"), "rating"))
    verb = wire.text(value.get("verb"))
    if verb in REMOVED:
        return Removed(**_who(page), external_id=external_id, at=at)
    text, rating = wire.text(value.get("review_text")), rating_of(value)
    if verb in EDITED:
        return Edited(**_who(page), external_id=external_id, text=text, rating=rating, at=at)
    if verb not in ADDED:
        return _unknown(page, value, f"rating {verb}")
    reviewer = wire.author({"id": value.get("reviewer_id"), "name": value.get("reviewer_name")}) or _author(value)
    return review(page, external_id, text, rating, at, reviewer)


def review(page: str, external_id: str, text: str, rating: str, at: datetime | None, reviewer: Author | None) -> Received:
    return Received(
        **_who(page),
        external_id=external_id,
        kind=Kind.REVIEW,
        thread=external_id,
        text=text,
        at=at,
        rating=rating,
        author=reviewer,
    )


def rating_of(value: Value) -> str:
    """Whether it is recommended; of old ones, how many stars."""
    recommended = wire.text(value.get("recommendation_type")).lower()
    if recommended in ("positive", "negative"):
        return recommended
    stars = wire.number(value.get("rating"))
    return str(stars) if 1 <= stars <= 5 else ""
