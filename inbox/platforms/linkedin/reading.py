"""What LinkedIn tells of an organization's page: a notification, or a comment as it is listed.

A notification may keep silent of what a comment answers, and of its words: then it is a hint to fetch the comment itself.
"""

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
)
from inbox.platforms.linkedin import urns

Item = dict[str, Any]
COMMENTS = {"COMMENT", "ADMIN_COMMENT", "COMMENT_MENTION"}
SHARES = {"SHARE", "SHARE_MENTION"}


def notification(organization: str, told: Item) -> Iterator[Event]:
    """One of a webhook's or a listing's notifications. Raises Unreadable."""
    who: Item = {"platform": "linkedin", "channel_id": organization}
    action, at = wire.text(told.get("action")), wire.milliseconds(told.get("lastModifiedAt"))
    decorated = wire.mapping(told.get("decoratedGeneratedActivity"))
    about = wire.mapping(decorated.get("comment")) or wire.mapping(decorated.get("share"))
    match action:
        case _ if action in COMMENTS:
            yield from _comment(who, told, about, at, action)
        case "COMMENT_EDIT" if isinstance(about.get("text"), str):
            yield Edited(**who, external_id=_subject(told, about), text=about["text"], at=at)
        case "COMMENT_EDIT":
            yield Hint(**who, external_id=_subject(told, about))
        case "COMMENT_DELETE":
            yield Removed(**who, external_id=_subject(told, about), at=at)
        case "LIKE" if like := urns.reaction(wire.identifier(told.get("generatedActivity"))):
            actor, target = wire.required(like[0], "person", wire.PERSON_ID), like[1]
            yield Reacted(**who, external_id=target, actor=Author(actor), reaction="like", at=at)
        case _ if action in SHARES and wire.identifier(about.get("owner")):
            yield _share(who, told, about, at)
        case _:
            yield Unrecognised(**who, raw=told, reason=f"action {action}"[:200])


def _subject(told: Item, about: Item) -> str:
    return urns.comment_urn(wire.identifier(about.get("entity")) or wire.required(told.get("generatedActivity"), "comment"))


def _post(organization: str, told: Item) -> PostSeen | None:
    source, shown = wire.identifier(told.get("sourcePost")), wire.mapping(told.get("decoratedSourcePost"))
    owner = wire.identifier(shown.get("owner"))
    kind = "mention" if owner and owner != organization else ""  # somebody else's, in which we are named
    return PostSeen(source, text=wire.text(shown.get("text")), kind=kind) if source else None


def _comment(who: Item, told: Item, about: Item, at: datetime | None, action: str) -> Iterator[Event]:
    external_id, parent = _subject(told, about), _parent(about)
    if about:
        turn = {
            "external_id": external_id,
            "kind": Kind.COMMENT,
            "thread": parent or external_id,
            "parent": parent,
            "text": wire.text(about.get("text")),
            "at": at,
            "post": None if action == "COMMENT_MENTION" else _post(who["channel_id"], told),  # there, it is somebody else's
        }
        yield _turn(who, turn, wire.identifier(about.get("owner"), wire.PERSON_ID), ours=action == "ADMIN_COMMENT")
    # Under somebody else's, we may not look.
    if not parent and action != "COMMENT_MENTION":
        yield Hint(**who, external_id=external_id, of_parent=bool(about))


def _parent(about: Item) -> str:
    """The comment that this one answers, where the notification happens to tell."""
    told = [urns.comment_urn(wire.identifier(about.get(key))) for key in ("parentComment", "object")]
    return next((urn for urn in told if urns.is_comment(urn)), "")


def _turn(who: Item, turn: Item, owner: str, *, ours: bool = False) -> Event:
    if ours or owner == who["channel_id"]:
        return OwnTurn(**who, **turn)
    return Received(**who, **turn, author=Author(owner) if owner else None)


def _share(who: Item, told: Item, about: Item, at: datetime | None) -> Event:
    """A post of somebody else that mentions us, or passes a post of ours on. With words it may be answered, under itself."""
    external_id, text = _subject(told, about), wire.text(about.get("text"))
    owner, post = wire.required(about.get("owner"), "owner", wire.PERSON_ID), _post(who["channel_id"], told)
    if owner == who["channel_id"]:
        return PostPublished(**who, post=PostSeen(external_id, text=text, published_at=at))
    if not text and post:
        return Reacted(**who, external_id=post.external_id, actor=Author(owner), reaction="share", at=at)
    # It is no post of ours that it would stand under.
    post = None if post and post.external_id == external_id else post
    turn = {"external_id": external_id, "kind": Kind.COMMENT, "thread": external_id, "text": text, "at": at, "post": post}
    return _turn(who, turn, owner)


# --- as it is listed ---------------------------------------------------------------------------------


def comment(organization: str, item: Item) -> Iterator[Event]:
    """A comment of /socialActions. Raises Unreadable."""
    who: Item = {"platform": "linkedin", "channel_id": organization}
    external_id = urns.comment_urn(wire.required(item.get("commentUrn"), "comment"))
    parent, text = _parent(item), wire.text(wire.mapping(item.get("message")).get("text"))
    written, changed = (wire.milliseconds(wire.mapping(item.get(key)).get("time")) for key in ("created", "lastModified"))
    turn = {
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": text,
        "at": written,
        "post": PostSeen(urns.post_of(external_id)),
        "attachments": _pictures(item),
    }
    owner = wire.identifier(item.get("actor"), wire.PERSON_ID)
    yield _turn(who, turn, owner or wire.identifier(wire.mapping(item.get("created")).get("actor"), wire.PERSON_ID))
    if written and changed and changed > written:
        yield Edited(**who, external_id=external_id, text=text, at=changed)


def _pictures(item: Item) -> tuple[Attachment, ...]:
    addresses = (wire.link(wire.mapping(each).get("url")) for each in wire.sequence(item.get("content")))
    return tuple(Attachment("image", address) for address in addresses if address)
