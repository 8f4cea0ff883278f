"""Items of `messaging` and `standby`: what people wrote, pressed, read; and who holds the thread."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Enforcement,
    Event,
    Kind,
    Owner,
    OwnerChanged,
    OwnTurn,
    PolicyEnforced,
    Reacted,
    Receipt,
    Received,
    Removed,
    Status,
    Touched,
    Unrecognised,
)

CORRELATION = 100
# Meta's own inbox; the second is how one page of its documents writes it.
META_INBOX = {"263902037430900", "26390203743090"}
POLICY = "messaging_policy_enforcement"
ENFORCED = {"block": Enforcement.FORBIDDEN, "unblock": Enforcement.ALLOWED}
# The platform's names for what is one thing to us.
TYPES = {"fallback": "share", "unsupported_type": "unsupported"}

Item = dict[str, Any]
Who = dict[str, Any]  # the platform and our page's id, as every event begins


def read(platform: str, channel_id: str, item: Item, entry_time: Any, *, standby: bool = False) -> Iterator[Event]:
    """Raises Unreadable. standby: another app holds the thread; the person waits all the same."""
    who = {"platform": platform, "channel_id": channel_id}
    at = wire.milliseconds(item.get("timestamp", entry_time))
    for key, reader in READERS.items():
        if isinstance(item.get(key), dict):
            yield from reader(who, item, item[key], at)
            break
    else:
        yield Unrecognised(**who, raw=item, reason="an event of messaging that is not known")
        return
    said = standby and isinstance(item.get("message", item.get("postback")), dict)
    if said and _app(item) not in META_INBOX and (person := _person(who, item)):
        yield _owned(who, person, Owner.OTHER, at, _app(item))


def _party(item: Item, name: str) -> str:
    return wire.required(wire.mapping(item.get(name)).get("id"), name, wire.PERSON_ID)


def _person(who: Who, item: Item) -> str:
    """The side that is not ours, "" where the item names none: some leave out the sender."""
    sides = [wire.identifier(wire.mapping(item.get(name)).get("id"), wire.PERSON_ID) for name in ("sender", "recipient")]
    return next((side for side in sides if side and side != who["channel_id"]), "")


# --- what was written ---------------------------------------------------------------------------------


def _message(who: Who, item: Item, message: Item, at: datetime | None) -> Iterator[Event]:
    mid = wire.required(message.get("mid"), "message id")
    if message.get("is_deleted") is True:
        yield Removed(**who, external_id=mid, at=at)
        return
    ours = message.get("is_echo") is True or _party(item, "sender") == who["channel_id"]
    person = _party(item, "recipient" if ours else "sender")
    if message.get("is_self") is True or person == who["channel_id"]:
        return  # an account that tries its own messages
    answered = wire.identifier(wire.mapping(message.get("reply_to")).get("mid"))
    told = turn(who, mid, Author(person), wire.text(message.get("text")), at, _attachments(message), ours=ours)
    if not isinstance(told, OwnTurn):
        yield replace(told, parent=answered)
        return
    correlation = wire.text(message.get("metadata"))
    # Longer ones are another tool's.
    correlation = correlation if len(correlation) <= CORRELATION else ""
    yield replace(told, parent=answered, correlation=correlation, app_id=_app(item))
    if (app := _app(item)) in META_INBOX:
        yield _owned(who, person, Owner.PLATFORM, at, app)


def turn(
    who: Who, mid: str, person: Author, text: str, at: datetime | None, attachments: tuple[Attachment, ...], *, ours: bool
) -> Received | OwnTurn:
    """A message in the thread with this person, theirs or ours."""
    told: dict[str, Any] = {
        **who,
        "external_id": mid,
        "kind": Kind.MESSAGE,
        "thread": person.id,
        "text": text,
        "at": at,
        "attachments": attachments,
    }
    return OwnTurn(**told) if ours else Received(**told, author=person)


def _attachments(message: Item) -> tuple[Attachment, ...]:
    found = [_attachment(each) for each in wire.sequence(message.get("attachments")) if isinstance(each, dict)]
    if "sticker_id" in message and not found:
        found.append(Attachment("sticker"))
    if isinstance(story := wire.mapping(message.get("reply_to")).get("story"), dict):
        found.append(Attachment("story", wire.link(story.get("url"))))
    if ad := wire.mapping(wire.mapping(message.get("referral")).get("ads_context_data")):
        found.append(Attachment("ad", wire.link(ad.get("photo_url")), wire.text(ad.get("ad_title"))[: wire.NAME]))
    # What Meta shows to nobody but its own apps is seen to be there.
    if message.get("is_unsupported") is True or not (found or wire.text(message.get("text"))):
        found.append(Attachment("unsupported"))
    return tuple(found)


def _attachment(each: Item) -> Attachment:
    payload = wire.mapping(each.get("payload"))
    kind = wire.text(each.get("type"))[:40] or "unsupported"
    kind = "sticker" if "sticker_id" in payload else TYPES.get(kind, kind)  # once sent as images
    url = wire.link(payload.get("url")) or wire.link(each.get("url"))
    title = wire.text(each.get("title")) or wire.text(payload.get("title"))
    if isinstance(place := payload.get("coordinates"), dict):
        title = title or f"{place.get('lat')}, {place.get('long')}"
    return Attachment(kind, url, title[: wire.NAME])


def _edit(who: Who, item: Item, edit: Item, at: datetime | None) -> Iterator[Event]:
    mid = wire.required(edit.get("mid"), "message id")
    if not isinstance(edit.get("text"), str):
        raise wire.Unreadable("an edit without its words")
    yield Edited(**who, external_id=mid, text=edit["text"], at=at)


def _postback(who: Who, item: Item, postback: Item, at: datetime | None) -> Iterator[Event]:
    """A button that a person pressed: they wait for an answer as if they had written its words."""
    person = _party(item, "sender")
    mid = wire.identifier(postback.get("mid"))
    if not mid:
        told = f"{person} {item.get('timestamp')} {postback.get('payload')}"
        mid = f"postback:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
    title = wire.text(postback.get("title")) or wire.text(postback.get("payload"))
    yield Received(**who, external_id=mid, kind=Kind.MESSAGE, thread=person, text=title, at=at, author=Author(person))


# --- what was done without words ----------------------------------------------------------------------


def _reaction(who: Who, item: Item, reaction: Item, at: datetime | None) -> Iterator[Event]:
    mid, actor = wire.required(reaction.get("mid"), "message id"), _party(item, "sender")
    name = wire.text(reaction.get("reaction"))
    shown = wire.text(reaction.get("emoji")) if name in ("", "other") else name
    cleared = reaction.get("action") == "unreact"
    yield Reacted(**who, external_id=mid, actor=Author(actor), reaction="" if cleared else (shown or "like")[:40], at=at)
    # On Messenger a reaction lets us write for another day, as words would.
    if who["platform"] == "facebook" and not cleared and actor != who["channel_id"]:
        yield Touched(**who, thread=actor, at=at)


def _touched(who: Who, item: Item, _referral: Item, at: datetime | None) -> Iterator[Event]:
    if person := _person(who, item):  # a form on a site may know them by a reference only, and has no thread yet
        yield Touched(**who, thread=person, at=at)


def _read(who: Who, item: Item, read: Item, at: datetime | None) -> Iterator[Event]:
    """All that we wrote up to a moment on Messenger, one message on Instagram."""
    person, until = _person(who, item), wire.milliseconds(read.get("watermark"))
    if mid := wire.identifier(read.get("mid")):
        yield Receipt(**who, status=Status.READ, external_id=mid, thread=person, at=at)
    elif person and until:
        yield Receipt(**who, status=Status.READ, thread=person, until=until, at=at or until)
    else:
        raise wire.Unreadable("a receipt that does not say of what")


def _delivery(who: Who, item: Item, delivery: Item, at: datetime | None) -> Iterator[Event]:
    person, until = _person(who, item), wire.milliseconds(delivery.get("watermark"))
    mids = [mid for each in wire.sequence(delivery.get("mids")) if (mid := wire.identifier(each))]
    for mid in mids:
        yield Receipt(**who, status=Status.DELIVERED, external_id=mid, thread=person, at=at or until)
    if person and until:
        yield Receipt(**who, status=Status.DELIVERED, thread=person, until=until, at=at or until)
    elif not mids:
        raise wire.Unreadable("a receipt that does not say of what")


# --- who holds the thread, and what Meta holds against us ----------------------------------------------


def _passed(who: Who, item: Item, control: Item, at: datetime | None) -> Iterator[Event]:
    """Told to the app that has the thread from now on."""
    yield _control(who, item, control, at, Owner.US)


def _taken(who: Who, item: Item, control: Item, at: datetime | None) -> Iterator[Event]:
    """Told to the app that has it no more."""
    yield _control(who, item, control, at, Owner.OTHER)


def _requested(who: Who, item: Item, _told: Item, at: datetime | None) -> Iterator[Event]:
    """Another app would like to have it, and the one that has it is asked: nothing changes."""
    yield _owned(who, _thread(who, item), Owner.US, at)


def _control(who: Who, item: Item, control: Item, at: datetime | None, owner: Owner) -> OwnerChanged:
    app = wire.identifier(control.get("new_owner_app_id"))
    if app in META_INBOX:
        owner = Owner.PLATFORM
    elif not app:
        owner = Owner.NOBODY
    return _owned(who, _thread(who, item), owner, at, app)


def _thread(who: Who, item: Item) -> str:
    if person := _person(who, item):
        return person
    raise wire.Unreadable("a thread that is not named")


def _owned(who: Who, thread: str, owner: Owner, at: datetime | None, app: str = "") -> OwnerChanged:
    return OwnerChanged(**who, thread=thread, owner=Owner.PLATFORM if app in META_INBOX else owner, app_id=app, at=at)


def _app(item: Item) -> str:
    return wire.identifier(wire.mapping(item.get("message")).get("app_id"))


def _policy(who: Who, _item: Item, policy: Item, at: datetime | None) -> Iterator[Event]:
    yield enforced(who, policy, at)


def enforced(who: Who, policy: Item, at: datetime | None) -> PolicyEnforced:
    action = ENFORCED.get(wire.text(policy.get("action")), Enforcement.WARNED)
    return PolicyEnforced(**who, action=action, at=at, detail=wire.text(policy.get("reason"))[:300])


def _nothing(_who: Who, _item: Item, _told: Item, _at: datetime | None) -> Iterator[Event]:
    """Known, and of no consequence here."""
    return iter(())


# By which key is there, the first that is.
READERS: dict[str, Callable[[Who, Item, Item, datetime | None], Iterator[Event]]] = {
    "message": _message,
    "message_edit": _edit,
    "reaction": _reaction,
    "postback": _postback,
    "read": _read,
    "delivery": _delivery,
    "referral": _touched,
    "optin": _touched,
    "pass_thread_control": _passed,
    "take_thread_control": _taken,
    "request_thread_control": _requested,
    "app_roles": _nothing,
    "account_linking": _nothing,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
}
