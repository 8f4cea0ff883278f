"""What Graph lists of a page, to compare with what webhooks told."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Author,
    Connection,
    Edited,
    Event,
    Kind,
    PostPublished,
    PostSeen,
    Reason,
    Received,
    SendRefused,
    VisibilityChanged,
)
from inbox.platforms.facebook import reading
from inbox.platforms.facebook.ids import full_id, tail
from inbox.platforms.meta import graph, messaging

POST = "id,message,created_time,permalink_url"
VISITORS = f"{POST},from{{id,name}},is_hidden"
COMMENT = "id,message,from{id,name},created_time,parent{id},object{id},attachment,is_hidden,permalink_url"
RATING = "created_time,recommendation_type,rating,review_text,reviewer{id,name},open_graph_story"
MOST = 50  # pages of one list
ELSEWHERE = {Reason.GONE, Reason.PERMISSION, Reason.INVALID}  # of one post: removed since, or never ours to read
ATTACHED = {"photo": "photo", "sticker": "photo", "video_inline": "video", "video_autoplay": "video"}

Item = dict[str, Any]


def listing(connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[Item]:
    """Posts, what visitors wrote, comments under living posts, ratings, messages.

    Of a message that is not listed nothing can be said: only the last twenty of a thread are readable. A person's token is
    shown empty lists without a word, so whoever calls this has to know that the token is the page's own.
    """
    alive: dict[str, Item] = {post: {"id": post} for post in posts}
    for post in _dated(connection, "published_posts", since, POST):
        alive[wire.text(post.get("id"))] = post
        yield {"as": "post", "item": post}
    for post in _dated(connection, "feed", since, VISITORS):
        if wire.mapping(post.get("from")).get("id") not in (None, connection.external_id):
            alive.setdefault(wire.text(post.get("id")), {"id": post.get("id")})
            yield {"as": "visitor_post", "item": post}
    for post_id, post in alive.items():
        if post_id:
            yield from _comments(connection, post_id, since, {"as": "comment", "post": post})
    yield from _ratings(connection, since)
    page = connection.external_id
    yield from messaging.listing(connection, since, owner=page, platform="messenger", own={page})


def _dated(connection: Connection, edge: str, since: datetime, fields: str) -> Iterator[Item]:
    after = str(int(since.timestamp()))
    return graph.pages(connection, connection.external_id, edge, most=MOST, since=after, limit="100", fields=fields)


def _comments(connection: Connection, under: str, since: datetime, context: Item) -> Iterator[Item]:
    newest = "reverse_chronological"
    listed = graph.pages(connection, under, "comments", most=MOST, filter="stream", order=newest, limit="100", fields=COMMENT)
    try:
        for comment in listed:
            at = wire.iso(comment.get("created_time"))
            if at and at < since:
                return
            yield context | {"item": comment}
    except SendRefused as refusal:
        if refusal.reason not in ELSEWHERE:
            raise


def _ratings(connection: Connection, since: datetime) -> Iterator[Item]:
    """Some pages have none, and refuse to list them: of these nothing can be said."""
    stories = []
    with suppress(SendRefused):
        for rating in graph.pages(connection, connection.external_id, "ratings", most=MOST, limit="100", fields=RATING):
            at = wire.iso(rating.get("created_time"))
            if at is None or at >= since:
                stories.append(wire.text(wire.mapping(rating.get("open_graph_story")).get("id")))
                yield {"as": "rating", "item": rating}
    for story in filter(None, stories):
        yield from _comments(connection, story, since, {"as": "comment", "rating": story})


def fetch(external_id: str, connection: Connection) -> Iterator[Item]:
    """A comment or a visitor's post whose new words the webhook left out."""
    post = external_id.startswith(f"{connection.external_id}_")
    try:
        found = graph.read(connection, external_id, fields=VISITORS if post else COMMENT)
    except SendRefused as refusal:
        if refusal.reason is not Reason.GONE:
            raise
        return
    if post:
        yield {"as": "visitor_post", "edited": True, "item": found}
    else:
        yield {"as": "comment", "edited": True, "post": found.get("object"), "item": found}


def still_there(external_id: str, kind: Kind, connection: Connection) -> bool:
    """Graph says the same of what is gone and of what it does not show us: ratings it may hide as a whole."""
    if graph.exists(connection, external_id):
        return True
    if kind is Kind.REVIEW:
        try:
            graph.read(connection, connection.external_id, "ratings", limit="1", fields="open_graph_story")
        except SendRefused:
            return True
    return False


# --- reading --------------------------------------------------------------------------------------------


def read_listed(page: str, listed: Item) -> Iterator[Event]:
    """Raises Unreadable."""
    item = wire.mapping(listed.get("item"))
    match listed.get("as"):
        case "post":
            yield PostPublished(**_who(page), post=_post(item))
        case "visitor_post":
            yield from _visitor_post(page, item, edited=listed.get("edited") is True)
        case "comment":
            yield from _comment(page, listed, item)
        case "rating":
            yield _rating(page, item)
        case "message":
            yield from messaging.read_listed("facebook", page, listed, name="name")
        case other:
            raise wire.Unreadable(f"listed as {wire.text(other)}"[:200])


def _who(page: str) -> dict[str, Any]:
    return {"platform": "facebook", "channel_id": page}


def _post(item: Item) -> PostSeen:
    return PostSeen(
        wire.required(item.get("id"), "post id"),
        text=wire.text(item.get("message")),
        permalink=wire.link(item.get("permalink_url"), 1000),
        published_at=wire.iso(item.get("created_time")),
    )


def _visitor_post(page: str, item: Item, *, edited: bool) -> Iterator[Event]:
    external_id, at = wire.required(item.get("id"), "post id"), wire.iso(item.get("created_time"))
    author = wire.author(item.get("from"))
    yield from reading.visitor_post(page, item, external_id, author, at, mentioned=False)
    yield from _as_it_is_now(page, item, external_id, edited=edited)


def _comment(page: str, listed: Item, item: Item) -> Iterator[Event]:
    rating, post = wire.identifier(listed.get("rating")), wire.mapping(listed.get("post"))
    post_id = rating or wire.identifier(post.get("id"))
    external_id = full_id(wire.required(item.get("id"), "comment id"), post_id)
    value = {
        "post_id": post_id,
        "parent_id": wire.mapping(item.get("parent")).get("id"),
        "from": item.get("from"),
        "message": item.get("message"),
        **_attached(wire.mapping(item.get("attachment"))),
    }
    at, seen = wire.iso(item.get("created_time")), _post(post) if post_id and not rating else None
    yield reading.turn(page, value, at, external_id, review=bool(rating), post=seen)
    yield from _as_it_is_now(page, item, external_id, edited=listed.get("edited") is True)


def _attached(attachment: Item) -> Item:
    """In the shape in which webhooks tell it."""
    kind = ATTACHED.get(wire.text(attachment.get("type")), "link")
    picture = wire.mapping(wire.mapping(attachment.get("media")).get("image")).get("src")
    return {kind: (picture if kind == "photo" else None) or attachment.get("url")} if attachment else {}


def _as_it_is_now(page: str, item: Item, external_id: str, *, edited: bool) -> Iterator[Event]:
    """Hidden or shown, which the list tells without a time; and its words, where they are what was asked for."""
    if edited:
        yield Edited(**_who(page), external_id=external_id, text=wire.text(item.get("message")))
    if isinstance(hidden := item.get("is_hidden"), bool):
        yield VisibilityChanged(**_who(page), external_id=external_id, hidden=hidden)


def _rating(page: str, item: Item) -> Received:
    external_id = tail(wire.required(wire.mapping(item.get("open_graph_story")).get("id"), "rating"))
    reviewer: Author | None = wire.author(item.get("reviewer"))
    text, at = wire.text(item.get("review_text")), wire.iso(item.get("created_time"))
    return reading.review(page, external_id, text, reading.rating_of(item), at, reviewer)
