"""Private messages of Facebook pages and Instagram accounts: one wire format, one Send API, one window."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import graph, wire
from inbox.platforms.base import (
    Attachment,
    Author,
    Connection,
    Edited,
    Event,
    Kind,
    Outgoing,
    OwnTurn,
    Reacted,
    Reason,
    Received,
    Removed,
    SendRefused,
    Sent,
    Unrecognised,
    Window,
    WindowState,
)

STANDARD, HUMAN_AGENT = timedelta(hours=24), timedelta(days=7)
CORRELATION = 100
# The platform's names for what is one thing to us.
TYPES = {"fallback": "share", "unsupported_type": "unsupported"}


def window(kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
    """Comments stay open. Messages: anybody for 24 hours from what the person last wrote, then only people until 7 days."""
    if kind is not Kind.MESSAGE:
        return Window(WindowState.OPEN)
    if last_inbound_at is None:
        return Window(WindowState.CLOSED)
    if now < last_inbound_at + STANDARD:
        return Window(WindowState.OPEN, last_inbound_at + STANDARD)
    if now < last_inbound_at + HUMAN_AGENT:
        return Window(WindowState.HUMAN_AGENT, last_inbound_at + HUMAN_AGENT)
    return Window(WindowState.CLOSED)


# --- reading ----------------------------------------------------------------------------------------


def read(platform: str, channel_id: str, item: dict[str, Any], entry_time: Any) -> Iterator[Event]:
    """One item of `messaging`. Raises Unreadable."""
    who: dict[str, Any] = {"platform": platform, "channel_id": channel_id}
    at = wire.milliseconds(item.get("timestamp", entry_time))
    match item:
        case {"message": {"is_deleted": True, "mid": mid}}:
            yield Removed(**who, external_id=wire.required(mid, "message id"), at=at)
        case {"message": {"mid": _}}:
            yield _turn(who, item, item["message"], at)
        case {"message_edit": {"mid": mid, "text": str(text)}}:
            yield Edited(**who, external_id=wire.required(mid, "message id"), text=text, at=at)
        case {"reaction": {"mid": _}}:
            yield _reaction(who, item, item["reaction"], at)
        case {"postback": {}}:
            yield _postback(who, item, item["postback"], at)
        case {"read": _} | {"delivery": _}:
            return  # one for each message of ours, and nothing to keep of it
        case _:
            yield Unrecognised(**who, raw=item, reason="an event of messaging that is not known")


def _party(item: dict[str, Any], name: str) -> str:
    return wire.required(wire.mapping(item.get(name)).get("id"), name, wire.PERSON_ID)


def _turn(who: dict[str, Any], item: dict[str, Any], message: dict[str, Any], at: datetime | None) -> Event:
    ours = message.get("is_echo") is True or _party(item, "sender") == who["channel_id"]
    person = _party(item, "recipient" if ours else "sender")
    if person == who["channel_id"]:
        raise wire.Unreadable("a message to ourselves")
    answered = wire.mapping(message.get("reply_to"))
    turn: dict[str, Any] = {
        **who,
        "external_id": wire.required(message.get("mid"), "message id"),
        "kind": Kind.MESSAGE,
        "thread": person,
        "parent": wire.identifier(answered.get("mid")),
        "text": wire.text(message.get("text")),
        "at": at,
        "attachments": _attachments(message, answered),
    }
    if not ours:
        return Received(**turn, author=Author(person))
    correlation = wire.text(message.get("metadata"))
    # Longer ones are another tool's.
    correlation = correlation if len(correlation) <= CORRELATION else ""
    return OwnTurn(**turn, correlation=correlation, app_id=wire.identifier(message.get("app_id")))


def _attachments(message: dict[str, Any], answered: dict[str, Any]) -> tuple[Attachment, ...]:
    found = [_attachment(each) for each in wire.sequence(message.get("attachments")) if isinstance(each, dict)]
    if "sticker_id" in message and not found:
        found.append(Attachment("sticker"))
    if message.get("is_unsupported") is True:
        found.append(Attachment("unsupported"))
    if isinstance(story := answered.get("story"), dict):
        found.append(Attachment("story", wire.link(story.get("url"))))
    return tuple(found)


def _attachment(each: dict[str, Any]) -> Attachment:
    payload = wire.mapping(each.get("payload"))
    kind = wire.text(each.get("type"))[:40] or "unsupported"
    kind = "sticker" if "sticker_id" in payload else TYPES.get(kind, kind)  # once sent as images
    url = wire.link(payload.get("url")) or wire.link(each.get("url"))
    title = wire.text(each.get("title")) or wire.text(payload.get("title"))
    if isinstance(place := payload.get("coordinates"), dict):
        title = title or f"{place.get('lat')}, {place.get('long')}"
    return Attachment(kind, url, title[: wire.NAME])


def _reaction(who: dict[str, Any], item: dict[str, Any], reaction: dict[str, Any], at: datetime | None) -> Event:
    name = wire.text(reaction.get("reaction"))
    shown = wire.text(reaction.get("emoji")) if name in ("", "other") else name
    return Reacted(
        **who,
        external_id=wire.required(reaction.get("mid"), "message id"),
        actor=Author(_party(item, "sender")),
        reaction="" if reaction.get("action") == "unreact" else (shown or "like")[:40],
        at=at,
    )


def _postback(who: dict[str, Any], item: dict[str, Any], postback: dict[str, Any], at: datetime | None) -> Event:
    """A button that a person pressed: they wait for an answer as if they had written its words."""
    person = _party(item, "sender")
    mid = wire.identifier(postback.get("mid"))
    if not mid:
        told = f"{person} {item.get('timestamp')} {postback.get('payload')}"
        mid = f"postback:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
    title = wire.text(postback.get("title")) or wire.text(postback.get("payload"))
    return Received(**who, external_id=mid, kind=Kind.MESSAGE, thread=person, text=title, at=at, author=Author(person))


# --- writing ----------------------------------------------------------------------------------------


def send(message: Outgoing, connection: Connection, *, owner: str, metadata: bool, messaging_type: str = "") -> Sent:
    """`owner` is the node to post to. Raises SendRefused, SendNotReached or SendUncertain."""
    recipient = {"comment_id": message.private_to} if message.private_to else {"id": message.thread}
    words = {"text": message.text} | ({"metadata": message.correlation} if metadata else {})
    body: dict[str, Any] = {"recipient": recipient, "message": words}
    if message.human_agent:
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    elif messaging_type and not message.private_to:
        body |= {"messaging_type": messaging_type}
    return graph.write(connection, owner, "messages", id_field="message_id", json=body)


def find(message: Outgoing, connection: Connection, since: datetime, *, owner: str, platform: str) -> Sent | None:
    if message.private_to:
        # Only the person's own thread could tell, and a comment does not say which that is. Its echo will.
        raise SendRefused(Reason.NOT_ALLOWED, "a private answer to a comment cannot be looked up")
    fields = "messages.limit(20){id,created_time,from,message}"
    threads = graph.read(connection, owner, "conversations", platform=platform, user_id=message.thread, fields=fields)
    messages = (
        each
        for thread in wire.sequence(threads.get("data"))
        for each in wire.sequence(wire.mapping(wire.mapping(thread).get("messages")).get("data"))
        if isinstance(each, dict)
    )
    return graph.own(messages, connection.external_id, message.text, since, words="message", time="created_time")


def name_in_thread(person: str, connection: Connection) -> str:
    threads = graph.read(
        connection, connection.external_id, "conversations", platform="messenger", user_id=person, fields="participants"
    )
    for thread in wire.sequence(threads.get("data")):
        for each in wire.sequence(wire.mapping(wire.mapping(thread).get("participants")).get("data")):
            if wire.mapping(each).get("id") == person:
                return wire.text(each.get("name"))
    return ""
