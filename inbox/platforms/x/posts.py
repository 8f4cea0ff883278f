"""What one post of X means, as its webhooks tell it and as it is listed."""

from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

from inbox.platforms import base, wire
from inbox.platforms.base import Event, Kind

Item = dict[str, Any]


def told(who: Item, name: str, item: Item) -> Event:
    post, shared = _as_listed(item), wire.mapping(item.get("retweeted_status"))
    match name:
        case "tweet_create_events" if not shared:
            return said(who, post)
        case "tweet_create_events" | "favorite_events" if actor := wire.author(post["author"]):
            of, reaction = shared or wire.mapping(item.get("favorited_status")), "share" if shared else "like"
            external_id, at = wire.required(of.get("id_str"), "post"), wire.iso(post["created_at"])
            return base.Reacted(**who, external_id=external_id, actor=actor, reaction=reaction, at=at)
        case "tweet_delete_events":
            of, at = wire.mapping(item.get("status")), wire.milliseconds(wire.number(item.get("timestamp_ms")))
            return base.Removed(**who, external_id=wire.required(of.get("id"), "post"), at=at)
    raise wire.Unreadable(name[:200])


def _as_listed(item: Item) -> Item:
    """A post by the names of API v2: webhooks still have those of API 1.1."""
    whole, user = item | wire.mapping(item.get("extended_tweet")), wire.mapping(item.get("user"))
    others = {"replied_to": item.get("in_reply_to_status_id_str"), "quoted": item.get("quoted_status_id_str")}
    return {
        "id": item.get("id_str"),
        "text": whole.get("full_text", item.get("text")),
        "entities": whole.get("entities"),
        "created_at": _at(item),
        "author": {"id": user.get("id_str"), "name": user.get("name")},
        "in_reply_to_user_id": item.get("in_reply_to_user_id_str"),
        "referenced_tweets": [{"type": kind, "id": name} for kind, name in others.items() if name],
    }


def _at(item: Item) -> str:
    try:
        return datetime.strptime(wire.text(item.get("created_at")), "%a %b %d %H:%M:%S %z %Y").isoformat()
    except ValueError:
        return ""


def said(who: Item, post: Item) -> Event:
    external_id, answers = wire.required(post.get("id"), "post"), wire.identifier(post.get("in_reply_to_user_id"))
    parent, quoted, at = other(post, "replied_to"), other(post, "quoted"), wire.iso(post.get("created_at"))
    author, text, to_us = wire.author(post.get("author")), words(post), answers == who["channel_id"]
    ours = author is not None and author.id == who["channel_id"]
    if ours and (to_us or not parent):  # who goes on after themselves answers nobody either
        return base.PostPublished(**who, post=replace(_seen(external_id), text=text, published_at=at))
    place: Item = {"kind": Kind.COMMENT, "thread": parent or external_id, "parent": parent}
    if ours:
        return base.OwnTurn(**who, **place, external_id=external_id, text=text, at=at)
    # Whether they answer a post of ours or an answer is not told: what it is called leads there in either case.
    under = _seen(quoted or parent) if quoted or (to_us and parent) else None
    return base.Received(**who, **place, external_id=external_id, text=text, at=at, author=author, post=under)


def other(post: Item, kind: str) -> str:
    others = [wire.mapping(each) for each in wire.sequence(post.get("referenced_tweets"))]
    return next((wire.identifier(each.get("id")) for each in others if each.get("type") == kind), "")


def _seen(external_id: str) -> base.PostSeen:
    return base.PostSeen(external_id, permalink=wire.link(f"https://x.com/i/web/status/{external_id}", 1000))


def words(post: Item) -> str:
    """As they were written: X shortens each link, and writes & < > as a page does."""
    whole = post | wire.mapping(post.get("note_tweet"))  # what is longer than usual
    if not isinstance(text := whole.get("text"), str):
        raise wire.Unreadable("no words")
    text = unescape(text)  # before the links, which are written plainly: &copy=2 in one of them is no ©
    for each in wire.sequence(wire.mapping(whole.get("entities")).get("urls")):
        short, long = (wire.link(wire.mapping(each).get(name)) for name in ("url", "expanded_url"))
        text = text.replace(short, long, 1) if short and long else text
    return text
