"""One WhatsApp message: its words, what hangs on it, and what it does to an earlier one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Attachment, Author, Edited, Event, Kind, Reacted, Received, Removed, Touched

Item = dict[str, Any]
MEDIA = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}
GROUP = "group:"


def read(who: Item, message: Item, author: Author, at: datetime | None) -> Event:
    """Raises Unreadable."""
    match message:
        case {"type": "reaction", "reaction": dict(reaction)}:
            emoji = wire.text(reaction.get("emoji"))[:40]
            return Reacted(**who, external_id=_earlier(reaction, "message_id"), actor=author, reaction=emoji, at=at)
        case {"type": "edit", "edit": {"message": dict(new)} as edit}:
            return Edited(**who, external_id=_earlier(edit), text=words(new), at=at)
        case {"type": "revoke", "revoke": dict(revoke)}:
            return Removed(**who, external_id=_earlier(revoke), at=at)
        case {"type": "request_welcome"}:
            return Touched(**who, thread=author.id, at=at)
        case _:
            return Received(**who, **turn(message, author.id), at=at, author=author)


def _earlier(told: Item, key: str = "original_message_id") -> str:
    return wire.required(told.get(key), "message id")


def turn(message: Item, person: str) -> dict[str, Any]:
    """What it says, whoever says it. `person` is the other side."""
    group = wire.identifier(message.get("group_id"), wire.ID - len(GROUP))
    return {
        "external_id": wire.required(message.get("id"), "message id"),
        "kind": Kind.MESSAGE,
        "thread": f"{GROUP}{group}" if group else person,
        "parent": wire.identifier(wire.mapping(message.get("context")).get("id")),
        "text": words(message),
        "attachments": tuple(_attachments(message)),
    }


def _content(message: Item) -> Item:
    return wire.mapping(message.get(wire.text(message.get("type"))))


def words(message: Item) -> str:
    content = _content(message)
    match message.get("type"):
        case "text":
            return wire.text(content.get("body"))
        case "button" | "order":
            return wire.text(content.get("text"))
        case "interactive":
            return _chosen(content)
        case _:
            return wire.text(content.get("caption"))


def _chosen(interactive: Item) -> str:
    """The button or the line of a list that a person pressed, or what a form says that was filled in."""
    pressed = wire.mapping(interactive.get(wire.text(interactive.get("type"))))
    title = wire.text(pressed.get("title")) or wire.text(pressed.get("body")) or wire.text(pressed.get("name"))
    description = wire.text(pressed.get("description"))
    return f"{title}\n{description}" if title and description else title or description


def _attachments(message: Item) -> Iterator[Attachment]:
    content = _content(message)
    match message.get("type"):
        case "text" | "button" | "interactive":
            pass
        case str(kind) if kind in MEDIA:
            # By its id alone: the address that may stand beside it opens to our token only, and not for long.
            yield Attachment(MEDIA[kind], title=_name(content.get("filename")), media_id=wire.identifier(content.get("id")))
        case "location":
            yield Attachment("location", wire.link(content.get("url")), _place(content))
        case "contacts":
            for card in wire.sequence(message.get("contacts")):
                yield Attachment("contacts", title=_card(wire.mapping(card)))
        case "order":
            yield Attachment("order", title=_order(content))
        case _:
            yield Attachment("unsupported")
    context, referral = wire.mapping(message.get("context")), wire.mapping(message.get("referral"))
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        yield Attachment("forwarded")
    if referral:
        title = wire.text(referral.get("headline")) or wire.text(referral.get("body"))
        yield Attachment("share", wire.link(referral.get("source_url")), _name(title))


def _name(value: Any) -> str:
    return wire.text(value)[: wire.NAME]


def _place(content: Item) -> str:
    named = ", ".join(filter(None, (wire.text(content.get("name")), wire.text(content.get("address")))))
    return _name(named or f"{content.get('latitude')}, {content.get('longitude')}")


def _card(card: Item) -> str:
    name = wire.mapping(card.get("name"))
    phones = (wire.text(wire.mapping(each).get("phone")) for each in wire.sequence(card.get("phones")))
    shown = wire.text(name.get("formatted_name")) or wire.text(name.get("first_name"))
    return _name(", ".join(filter(None, (shown, *phones))))


def _order(content: Item) -> str:
    items = [wire.mapping(each) for each in wire.sequence(content.get("product_items"))]
    return _name(", ".join(f"{wire.number(each.get('quantity')) or 1} × {each.get('product_retailer_id')}" for each in items))
