"""Facebook pages: the `feed` and `mention` webhooks, comments out. Messages are messaging's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inbox.platforms import graph, messaging, wire
from inbox.platforms.base import (
    Address,
    Attachment,
    Author,
    Connection,
    Connector,
    Edited,
    Event,
    Kind,
    Limit,
    Outgoing,
    OwnTurn,
    PostPublished,
    PostSeen,
    Reacted,
    Reason,
    Received,
    Removed,
    SendRefused,
    Sent,
    Unrecognised,
    VisibilityChanged,
    Window,
)

POSTS = {"post", "status", "photo", "video", "share", "link", "album", "event", "note", "picture", "photo-album"}
ADDED, EDITED, REMOVED = {"add"}, {"edit", "edited", "update"}, {"remove", "delete"}
HIDDEN = {"hide": True, "unhide": False}
REACTIONS = {"sorry": "sad", "anger": "angry"}  # two spellings of one face

Value = dict[str, Any]


# --- reading ----------------------------------------------------------------------------------------


def read_change(page: str, change: Value, entry_time: Any) -> Iterator[Event]:
    """One item of `changes`. Raises Unreadable."""
    field, value = change.get("field"), wire.mapping(change.get("value"))
    at = wire.seconds(value.get("created_time", entry_time))
    match field, value.get("item"):
        case "feed" | "mention", "comment":
            yield _comment(page, value, at, field)
        case "feed", "reaction" | "like":
            yield _reaction(page, value, at)
        case "feed" | "mention", str(item) if item in POSTS:
            yield _post(page, value, at, field)
        case _:
            yield _unknown(page, change, f"{wire.text(field)} {wire.text(value.get('item'))}".strip())


def _unknown(page: str, raw: Any, reason: str) -> Unrecognised:
    return Unrecognised(platform="facebook", channel_id=page, raw=raw, reason=reason[:200])


def _who(page: str) -> dict[str, Any]:
    return {"platform": "facebook", "channel_id": page}


def _author(value: Value) -> Author | None:
    """Old events, and ratings still, name the sender beside the value instead of in `from`."""
    old = {"id": value.get("sender_id"), "name": value.get("sender_name")}
    return wire.author(value.get("from")) or wire.author(old)


def tail(external_id: str) -> str:
    return external_id.rpartition("_")[2]


def full_id(external_id: str, post_id: str) -> str:
    """A comment's id with its post in front: Graph gives it with and without."""
    if not external_id or not post_id or "_" in external_id:
        return external_id
    return f"{tail(post_id)}_{external_id}"


def _comment(page: str, value: Value, at: datetime | None, field: str) -> Event:
    post_id = wire.identifier(value.get("post_id"))
    external_id = full_id(wire.required(value.get("comment_id"), "comment id"), post_id)
    verb = wire.text(value.get("verb"))
    if verb in ADDED:
        return _turn(page, value, at, external_id, post_id)
    if field == "feed" and verb in EDITED and isinstance(value.get("message"), str):
        return Edited(**_who(page), external_id=external_id, text=value["message"], at=at)
    return _changed(page, value, at, external_id)


def _changed(page: str, value: Value, at: datetime | None, external_id: str) -> Event:
    """What may happen to a comment and to a post alike."""
    verb = wire.text(value.get("verb"))
    if verb in REMOVED:
        return Removed(**_who(page), external_id=external_id, at=at)
    if verb in HIDDEN:
        return VisibilityChanged(**_who(page), external_id=external_id, hidden=HIDDEN[verb], at=at)
    return _unknown(page, value, f"{value.get('item')} {verb}".strip())


def _turn(page: str, value: Value, at: datetime | None, external_id: str, post_id: str) -> Event:
    parent = full_id(wire.identifier(value.get("parent_id")), post_id)
    nested = parent and tail(parent) != tail(post_id) and parent != external_id
    author = _author(value)
    turn: dict[str, Any] = {
        **_who(page),
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent if nested else external_id,
        "parent": parent if nested else "",
        "text": wire.text(value.get("message")),
        "at": at,
        "post": _post_of(value, post_id),
        "attachments": _attachments(value),
    }
    if author and author.id == page:
        # Right under a visitor's post, ours answers that post.
        return OwnTurn(**turn | {"parent": turn["parent"] or post_id})
    return Received(**turn, author=author)


def _post_of(value: Value, post_id: str) -> PostSeen | None:
    told = wire.mapping(value.get("post"))
    return PostSeen(post_id, permalink=wire.link(told.get("permalink_url"), 1000)) if post_id else None


def _attachments(value: Value) -> tuple[Attachment, ...]:
    pictures = [value.get("photo"), *wire.sequence(value.get("photos"))]
    addresses = [("image", each) for each in pictures] + [("video", value.get("video")), ("share", value.get("link"))]
    found = [Attachment(kind, wire.link(address)) for kind, address in addresses if wire.link(address)]
    return tuple(dict.fromkeys(found))


def _reaction(page: str, value: Value, at: datetime | None) -> Event:
    author = _author(value)
    post_id = wire.identifier(value.get("post_id"))
    target = full_id(wire.identifier(value.get("comment_id")), post_id) or post_id
    if not author or not target:
        return _unknown(page, value, "a like of the page")  # or of something it does not name
    name = wire.text(value.get("reaction_type"))[:40] or "like"
    reaction = "" if wire.text(value.get("verb")) in REMOVED else REACTIONS.get(name, name)
    return Reacted(**_who(page), external_id=target, actor=author, reaction=reaction, at=at)


def _post(page: str, value: Value, at: datetime | None, field: str) -> Event:
    external_id = wire.required(value.get("post_id"), "post id")
    author, verb, text = _author(value), wire.text(value.get("verb")), wire.text(value.get("message"))
    if verb not in ADDED | EDITED:
        return _changed(page, value, at, external_id)
    if value.get("published") == 0 or value.get("published") is False:
        return _unknown(page, value, "a post that is not published yet")
    # Of a visitor's post that we may not read, nothing could be answered either.
    if field == "feed" and (author is None or author.id == page):
        return PostPublished(**_who(page), post=_own_post(value, external_id, text, at if verb in ADDED else None))
    return _visitor_post(page, value, external_id, author, at)


def _own_post(value: Value, external_id: str, text: str, at: datetime | None) -> PostSeen:
    pictures = [value.get("photo"), *wire.sequence(value.get("photos"))]
    if value.get("item") == "photo":
        pictures.append(value.get("link"))
    picture = next((address for each in pictures if (address := wire.link(each))), "")
    return PostSeen(external_id, text=text, picture=picture, published_at=at)


def _visitor_post(page: str, value: Value, external_id: str, author: Author | None, at: datetime | None) -> Event:
    """What a person writes on our page, or about it, waits for an answer like a comment: the post is its own thread."""
    text = wire.text(value.get("message"))
    edited = wire.text(value.get("verb")) in EDITED
    if edited and text:
        return Edited(**_who(page), external_id=external_id, text=text, at=at)
    if edited or (not text and value.get("item") == "share"):
        return _unknown(page, value, f"{value.get('item')} of a visitor without words")
    return Received(
        **_who(page),
        external_id=external_id,
        kind=Kind.COMMENT,
        thread=external_id,
        text=text,
        at=at,
        attachments=_attachments(value),
        author=author,
    )


# --- writing ----------------------------------------------------------------------------------------


class Facebook(Connector):
    slug = "facebook"
    label = "Facebook"
    family = "meta"
    variables = graph.VARIABLES

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return graph.address(variables, "META_GRAPH_URL", "META_APP_SECRET")

    def limit(self, kind: Kind) -> Limit:
        return Limit(8000 if kind is Kind.COMMENT else 2000, "characters")

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return messaging.window(kind, last_inbound_at, now)

    def permissions(self, kind: Kind) -> frozenset[str]:
        return frozenset({"pages_messaging" if kind is Kind.MESSAGE else "pages_manage_engagement"})

    def allows_private_reply(self) -> bool:
        return True

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        if message.kind is Kind.MESSAGE or message.private_to:
            self.limit(Kind.MESSAGE).check(message.text)
            owner = connection.external_id
            return messaging.send(message, connection, owner=owner, metadata=True, messaging_type="RESPONSE")
        self.limit(Kind.COMMENT).check(message.text)
        # Under the root: Facebook shows two levels, and moves a deeper answer there or refuses it.
        sent = graph.write(connection, _root(message), "comments", id_field="id", form={"message": message.text})
        return Sent(full_id(sent.external_id, message.post_id), sent.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        if message.kind is Kind.MESSAGE or message.private_to:
            return messaging.find(message, connection, since, owner=connection.external_id, platform="messenger")
        order, fields = "reverse_chronological", "id,message,created_time,from{id}"
        comments = graph.pages(connection, _root(message), "comments", filter="stream", order=order, limit="100", fields=fields)
        sent = graph.own(comments, connection.external_id, message.text, since, words="message", time="created_time")
        return Sent(full_id(sent.external_id, message.post_id), sent.at) if sent else None

    def identity(self, connection: Connection) -> str:
        # Asked as "me": any page's name can be read with any page's token, and only its own says that it is this page.
        found = graph.read(connection, "me", fields="id,name")
        if found.get("id") != connection.external_id:
            raise SendRefused(Reason.PERMISSION, "the token belongs to another page")
        return wire.text(found.get("name"))

    def name_of(self, person: str, connection: Connection) -> str:
        try:
            found = graph.read(connection, person, fields="first_name,last_name")
        except SendRefused as error:
            if error.reason is not Reason.GONE:
                raise
            # Profiles are a feature of their own; the thread names its people to whoever may write in it.
            return messaging.name_in_thread(person, connection)
        return f"{wire.text(found.get('first_name'))} {wire.text(found.get('last_name'))}".strip()


def _root(message: Outgoing) -> str:
    return message.thread or message.reply_to
