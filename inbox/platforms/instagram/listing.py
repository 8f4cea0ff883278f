"""What Graph lists of an account, to compare with what webhooks told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    BY_NAME,
    Author,
    Connection,
    Event,
    PostPublished,
    PostSeen,
    Reason,
    SendRefused,
    VisibilityChanged,
)
from inbox.platforms.instagram import reading
from inbox.platforms.meta import graph, messaging

MEDIA = "id,caption,timestamp,permalink,comments_count,media_type,media_product_type"
REPLY = "id,text,timestamp,username,from,hidden,parent_id"
COMMENT = f"{REPLY},replies{{{REPLY}}}"
MOST = 50  # pages of one list, fifty items each
ELSEWHERE = {Reason.GONE, Reason.PERMISSION, Reason.INVALID}  # of one media: removed since, or never ours to read

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """Which ids and which name are the account's own: Instagram's login gives it another id than its webhooks do."""

    ids: frozenset[str]
    username: str

    def wrote(self, comment: Item) -> bool:
        author = wire.mapping(comment.get("from")).get("id")
        return author in self.ids if author else bool(self.username) and comment.get("username") == self.username


def listing(connection: Connection, since: datetime, posts: Sequence[str], own: Own, *, owner: str) -> Iterator[Item]:
    """Media, comments with their replies, messages. owner: the node under which the account's media are.

    A list of comments has no filter by time, and a reply to an old one is among its replies: each is read to its end. Of a
    message that is not listed nothing can be said: only the last twenty of a thread are readable.
    """
    alive: dict[str, Item] = {media: {"id": media} for media in posts}
    for media in graph.pages(connection, owner, "media", most=MOST, limit="50", fields=MEDIA):
        at = wire.iso(media.get("timestamp"))
        if at and at < since:
            break
        alive[wire.text(media.get("id"))] = media
        yield {"as": "media", "item": media}
    for media_id, media in alive.items():
        if media_id and media.get("comments_count") != 0:  # calls are few
            yield from _comments(connection, media, since, own)
    yield from messaging.listing(connection, since, owner="me", platform="instagram", own=own.ids)


def _comments(connection: Connection, media: Item, since: datetime, own: Own) -> Iterator[Item]:
    try:
        for comment in graph.pages(connection, media["id"], "comments", most=MOST, limit="50", fields=COMMENT):
            replies = wire.mapping(comment.pop("replies", None))
            for each in [comment, *_replies(connection, wire.text(comment.get("id")), replies)]:
                at = wire.iso(each.get("timestamp"))
                if at is None or at >= since:
                    root = "" if each is comment else comment.get("id")
                    yield {"as": "comment", "media": media, "root": root, "ours": own.wrote(each), "item": each}
    except SendRefused as refusal:
        if refusal.reason not in ELSEWHERE:
            raise


def _replies(connection: Connection, root: str, shown: Item) -> list[Item]:
    """Those shown with the comment, or all of them where it has more."""
    if root and wire.mapping(shown.get("paging")).get("next"):
        return list(graph.pages(connection, root, "replies", most=MOST, limit="50", fields=REPLY))
    return [reply for reply in wire.sequence(shown.get("data")) if isinstance(reply, dict)]


def fetch(external_id: str, connection: Connection) -> Iterator[Item]:
    """What was said where we were mentioned. Its ids are digits: see `reading.mention_id`. Nothing else can be asked for."""
    try:
        _, media, comment = external_id.split(":")
    except ValueError:
        raise SendRefused(Reason.GONE, "no mention") from None
    edge, asked = "mentioned_media", f"media_id({media}){{id,caption,permalink,timestamp,username}}"
    if comment:
        edge, asked = "mentioned_comment", f"comment_id({comment}){{id,text,timestamp,username,media{{id,permalink}}}}"
    try:
        found = graph.read(connection, connection.external_id, fields=f"{edge}.{asked}")
    except SendRefused as refusal:
        if refusal.reason is not Reason.GONE:
            raise
        return
    yield {"as": "mention", "media": media, "comment": comment, "item": wire.mapping(found.get(edge))}


# --- reading --------------------------------------------------------------------------------------------


def read_listed(account: str, listed: Item) -> Iterator[Event]:
    """Raises Unreadable."""
    item = wire.mapping(listed.get("item"))
    match listed.get("as"):
        case "media":
            yield PostPublished(**_who(account), post=_media(item))
        case "comment":
            yield from _comment(account, listed, item)
        case "mention":
            yield _mention(account, listed, item)
        case "message":
            yield from messaging.read_listed("instagram", account, listed, name="username")
        case other:
            raise wire.Unreadable(f"listed as {wire.text(other)}"[:200])


def _who(account: str) -> dict[str, Any]:
    return {"platform": "instagram", "channel_id": account}


def _media(item: Item) -> PostSeen:
    return PostSeen(
        wire.required(item.get("id"), "media id"),
        text=wire.text(item.get("caption")),
        permalink=wire.link(item.get("permalink"), 1000),
        published_at=wire.iso(item.get("timestamp")),
        kind=reading.media_kind(item),
    )


def _comment(account: str, listed: Item, item: Item) -> Iterator[Event]:
    external_id = wire.required(item.get("id"), "comment id")
    root, media = wire.identifier(listed.get("root")), wire.mapping(listed.get("media"))
    text, at, ours = wire.text(item.get("text")), wire.iso(item.get("timestamp")), listed.get("ours") is True
    post = _media(media) if media.get("id") else None
    yield reading.turn(account, external_id, root, text, at, post, _author(item), ours=ours)
    if isinstance(hidden := item.get("hidden"), bool) and not ours:
        yield VisibilityChanged(**_who(account), external_id=external_id, hidden=hidden)


def _author(item: Item) -> Author | None:
    """Where a list gives no id, the name stands for it: it is one person's at a time, and no id looks like it."""
    known, name = wire.author(item.get("from"), name="username"), wire.text(item.get("username"))[: wire.NAME - 1]
    return known or (Author(f"{BY_NAME}{name}", name) if name else None)


def _mention(account: str, listed: Item, item: Item) -> Event:
    media, comment = wire.required(listed.get("media"), "media id"), wire.identifier(listed.get("comment"))
    text = wire.text(item.get("text")) or wire.text(item.get("caption"))
    permalink = wire.text(wire.mapping(item.get("media")).get("permalink")) or item.get("permalink")
    post = PostSeen(media, permalink=wire.link(permalink, 1000), kind="mention")
    return reading.turn(account, comment or media, "", text, wire.iso(item.get("timestamp")), post, _author(item))
