"""Instagram accounts: the comment webhooks in their two shapes, public replies out. Messages are messaging's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inbox.platforms import graph, messaging, wire
from inbox.platforms.base import (
    Address,
    Connection,
    Connector,
    Difference,
    Event,
    Kind,
    Limit,
    Outgoing,
    OwnTurn,
    PostSeen,
    Received,
    Sent,
    Unrecognised,
    Variable,
    Window,
)

COMMENTS = {"comments", "live_comments"}


# --- reading ----------------------------------------------------------------------------------------


def read_change(account: str, change: dict[str, Any], entry_time: Any) -> Iterator[Event]:
    """One item of `changes`, or an entry that is one itself. Raises Unreadable.

    Instagram tells neither the time of a comment nor that it was edited, hidden or removed.
    """
    field, value = wire.text(change.get("field")), wire.mapping(change.get("value"))
    if field in COMMENTS:
        yield _comment(account, value, wire.seconds(entry_time))
        return
    # A mention stands under the post of somebody else: no answer from here can reach it, nor would we hear of one.
    reason = "a mention under a post that is not ours" if field == "mentions" else f"field {field}"
    yield Unrecognised(platform="instagram", channel_id=account, raw=change, reason=reason[:200])


def _comment(account: str, value: dict[str, Any], at: datetime | None) -> Event:
    external_id = wire.required(value.get("id") or value.get("comment_id"), "comment id")
    parent = wire.identifier(value.get("parent_id"))
    media = wire.identifier(wire.mapping(value.get("media")).get("id"))
    author = wire.author(value.get("from"), name="username")
    turn: dict[str, Any] = {
        "platform": "instagram",
        "channel_id": account,
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": wire.text(value.get("text")),
        "at": at,
        "post": PostSeen(media) if media else None,
    }
    if author and author.id == account:
        return OwnTurn(**turn)
    return Received(**turn, author=author)


# --- writing ----------------------------------------------------------------------------------------


class Instagram(Connector):
    slug = "instagram"
    label = "Instagram"
    family = "meta"
    variables = (*graph.VARIABLES, Variable("INSTAGRAM_GRAPH_URL", "url", default=""))

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        """An account reached through its page speaks for the Meta app; with Instagram's own login, for the Instagram app."""
        own = variables["INSTAGRAM_GRAPH_URL"]
        if not own or own == variables["META_GRAPH_URL"]:
            return graph.address(variables, "META_GRAPH_URL", "META_APP_SECRET")
        return graph.address(variables, "INSTAGRAM_GRAPH_URL", "INSTAGRAM_APP_SECRET")

    def limit(self, kind: Kind) -> Limit:
        return Limit(2200, "characters") if kind is Kind.COMMENT else Limit(1000, "bytes")

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return messaging.window(kind, last_inbound_at, now)

    def permissions(self, kind: Kind) -> frozenset[str]:
        what = "messages" if kind is Kind.MESSAGE else "comments"
        return frozenset({f"instagram_manage_{what}", f"instagram_business_manage_{what}"})  # by either login

    def allows_private_reply(self) -> bool:
        return True

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        if message.kind is Kind.MESSAGE or message.private_to:
            self.limit(Kind.MESSAGE).check(message.text)
            # `me`: the account's own id is not a node under every kind of token.
            return messaging.send(message, connection, owner="me", metadata=False)
        self.limit(Kind.COMMENT).check(message.text)
        root = message.thread or message.reply_to  # only root comments take replies
        return graph.write(connection, root, "replies", id_field="id", form={"message": message.text})

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        if message.kind is Kind.MESSAGE or message.private_to:
            return messaging.find(message, connection, since, owner="me", platform="instagram")
        root = message.thread or message.reply_to
        replies = graph.pages(connection, root, "replies", limit="50", fields="id,text,timestamp,username,from")
        return graph.own(replies, connection.external_id, message.text, since, words="text", time="timestamp")

    def identity(self, connection: Connection) -> str:
        return wire.text(graph.read(connection, connection.external_id, fields="username").get("username"))

    def name_of(self, person: str, connection: Connection) -> str:
        found = graph.read(connection, person, fields="name,username")
        return wire.text(found.get("name")) or wire.text(found.get("username"))

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return kind is Kind.MESSAGE or difference is Difference.MISSING
