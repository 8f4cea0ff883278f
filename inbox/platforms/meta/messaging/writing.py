"""The Send API: what we write to people, what may be done in a thread, and until when."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Connection,
    Deed,
    Kind,
    Outgoing,
    Sent,
    Window,
    WindowState,
)
from inbox.platforms.meta import graph
from inbox.platforms.meta.messaging import threads

STANDARD, HUMAN_AGENT = timedelta(hours=24), timedelta(days=7)
# Only the person's own thread could tell, and a comment does not say which that is. Its echo will.
PRIVATE = "a private answer to a comment cannot be looked up"
PRIVATE_AN_HOUR = 750  # from one page or account, to comments on posts and reels (reference 1.7)
CONTROLS = {Action.TAKE_THREAD: "take_thread_control", Action.RELEASE_THREAD: "release_thread_control"}


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


def send(message: Outgoing, connection: Connection, *, owner: str, metadata: bool, messaging_type: str = "") -> Sent:
    """`owner` is the node to post to. Raises SendRefused, SendNotReached or SendUncertain."""
    words = {"text": message.text} | ({"metadata": message.correlation} if metadata else {})
    body: dict[str, Any] = {"recipient": _recipient(message, connection), "message": words}
    if message.human_agent:
        body |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    elif messaging_type and not message.private_to:
        body |= {"messaging_type": messaging_type}
    return graph.write(connection, owner, "messages", id_field="message_id", json=body)


def _recipient(message: Outgoing, connection: Connection) -> dict[str, str]:
    if not message.private_to:
        return {"id": message.thread}
    # What a visitor wrote on the page itself is a post, with the page's id in front.
    return {"post_id" if message.private_to.startswith(f"{connection.external_id}_") else "comment_id": message.private_to}


def find(
    message: Outgoing, connection: Connection, since: datetime, *, owner: str, platform: str, own: Collection[str]
) -> Sent | None:
    """own: the ids that are ours in the thread. Raises SendNotReached or SendRefused."""
    fields = "messages.limit(20){id,created_time,from,message}"
    messages = (
        each
        for thread in threads.with_person(message.thread, connection, owner=owner, platform=platform, fields=fields)
        for each in wire.sequence(wire.mapping(thread.get("messages")).get("data"))
        if isinstance(each, dict)
    )
    return graph.own(messages, own, message.text, since, words="message", time="created_time")


def control(deed: Deed, connection: Connection, *, owner: str) -> None:
    """Take the thread from the app that holds it, or give it back."""
    graph.act(connection, owner, CONTROLS[deed.action], json={"recipient": {"id": deed.thread}})


def react(deed: Deed, connection: Connection, *, owner: str) -> None:
    """A heart on a message of theirs, as Instagram lets us give and take back."""
    liked = deed.action is Action.LIKE
    payload = {"message_id": deed.external_id} | ({"reaction": "love"} if liked else {})
    body = {"recipient": {"id": deed.thread}, "sender_action": "react" if liked else "unreact", "payload": payload}
    graph.act(connection, owner, "messages", json=body)


def mark_read(deed: Deed, connection: Connection, *, owner: str) -> None:
    """All that the person wrote so far."""
    graph.act(connection, owner, "messages", json={"recipient": {"id": deed.thread}, "sender_action": "mark_seen"})


def name_in_thread(person: str, connection: Connection, *, owner: str, platform: str, name: str) -> str:
    """A thread names its people to whoever may write in it. `name`: the field that says how they are called."""
    for thread in threads.with_person(person, connection, owner=owner, platform=platform, fields="participants"):
        for each in wire.sequence(wire.mapping(thread.get("participants")).get("data")):
            if wire.mapping(each).get("id") == person:
                return wire.text(each.get(name))
    return ""
