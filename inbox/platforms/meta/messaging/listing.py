"""Message threads as Graph lists them, to compare with what webhooks told."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Attachment, Connection, Event
from inbox.platforms.meta.messaging import reading, threads

# No more than the last twenty of a thread can be read: what is missing further back may be there all the same.
MESSAGES = "messages.limit(20){id,created_time,from,to,message,attachments}"
FIELDS = f"id,updated_time,participants,{MESSAGES}"
TYPES = {"image": "image", "video": "video", "audio": "audio"}

Item = dict[str, Any]


def listing(connection: Connection, since: datetime, *, owner: str, platform: str, own: Collection[str]) -> Iterator[Item]:
    """Every readable message since then, thread by thread, those that changed last first. own: the ids that are ours in it."""
    for thread in threads.all_of(connection, owner=owner, platform=platform, fields=FIELDS):
        updated = wire.iso(thread.get("updated_time"))
        if updated and updated < since:
            return
        person = _other(thread, own)
        for message in wire.sequence(wire.mapping(thread.get("messages")).get("data")):
            at = wire.iso(wire.mapping(message).get("created_time"))
            if at is None or at >= since:
                yield {"as": "message", "person": person, "item": message}


def _other(thread: Item, own: Collection[str]) -> Item:
    people = wire.sequence(wire.mapping(thread.get("participants")).get("data"))
    return next((person for person in people if isinstance(person, dict) and person.get("id") not in own), {})


def read_listed(platform: str, channel_id: str, listed: Item, *, name: str) -> Iterator[Event]:
    """One of these. `name`: the field that says how a person is called. Raises Unreadable."""
    message, person = wire.mapping(listed.get("item")), wire.author(listed.get("person"), name=name)
    if person is None:
        raise wire.Unreadable("a thread without anybody else in it")
    mid = wire.required(message.get("id"), "message id")
    sender = wire.required(wire.mapping(message.get("from")).get("id"), "sender", wire.PERSON_ID)
    yield reading.turn(
        {"platform": platform, "channel_id": channel_id},
        mid,
        person,
        wire.text(message.get("message")),
        wire.iso(message.get("created_time")),
        _attachments(message),
        ours=sender != person.id,
    )


def _attachments(message: Item) -> tuple[Attachment, ...]:
    listed = wire.sequence(wire.mapping(message.get("attachments")).get("data"))
    found = tuple(_attachment(each) for each in listed if isinstance(each, dict))
    return found if found or wire.text(message.get("message")) else (Attachment("unsupported"),)


def _attachment(each: Item) -> Attachment:
    main = wire.text(each.get("mime_type")).partition("/")[0]
    data = wire.mapping(each.get("image_data")) or wire.mapping(each.get("video_data"))
    url = wire.link(data.get("url")) or wire.link(each.get("file_url"))
    return Attachment(TYPES.get(main, "file"), url, wire.text(each.get("name"))[: wire.NAME])
