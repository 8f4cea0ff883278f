"""What one private message of X means. They come by webhook alone: X lists them only to whom it gave that right besides."""

from collections.abc import Mapping
from typing import Any

from inbox.platforms import base, wire
from inbox.platforms.base import Event, Kind
from inbox.platforms.x.posts import Item, words

# An address of a picture in a message opens for nobody but the account itself: what is shown is that there is one.
ATTACHED = {"photo": "image", "animated_gif": "image", "video": "video"}


def told(who: Item, item: Item, people: Mapping[str, Any]) -> Event:
    if item.get("type") != "message_create":
        raise wire.Unreadable("no message")
    message = wire.mapping(item.get("message_create"))
    data, sender = wire.mapping(message.get("message_data")), wire.required(message.get("sender_id"), "sender", wire.PERSON_ID)
    to = wire.required(wire.mapping(message.get("target")).get("recipient_id"), "recipient", wire.PERSON_ID)
    ours = sender == who["channel_id"]
    if not ours and to != who["channel_id"]:
        raise wire.Unreadable("a message between others")
    turn: Item = {
        "external_id": wire.required(item.get("id"), "message"),
        "kind": Kind.MESSAGE,
        "thread": to if ours else sender,
        "text": words(data),
        "at": wire.milliseconds(wire.number(item.get("created_timestamp"))),
        "attachments": _attached(wire.mapping(data.get("attachment"))),
    }
    if ours:
        return base.OwnTurn(**who, **turn)
    known = wire.mapping(people.get(sender))
    return base.Received(**who, **turn, author=wire.author({"id": sender, "name": known.get("name")}))


def _attached(attachment: Item) -> tuple[base.Attachment, ...]:
    if not attachment:
        return ()
    kind = wire.text(wire.mapping(attachment.get("media")).get("type"))
    return (base.Attachment(ATTACHED.get(kind, "unsupported")),)
