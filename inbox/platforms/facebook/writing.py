"""Answers of a page, and what it may do to a comment beside answering."""

from datetime import datetime

from inbox.platforms.base import Action, Connection, Deed, Kind, Limit, Outgoing, Reason, SendRefused, Sent
from inbox.platforms.facebook.ids import full_id
from inbox.platforms.meta import graph, messaging

LIMITS = {
    Kind.COMMENT: Limit(8000, "characters"),
    Kind.REVIEW: Limit(8000, "characters"),
    Kind.MESSAGE: Limit(2000, "characters"),
}
OURS = {
    Kind.COMMENT: frozenset({Action.EDIT, Action.DELETE}),
    Kind.REVIEW: frozenset({Action.EDIT, Action.DELETE}),
    Kind.MESSAGE: frozenset({Action.TAKE_THREAD, Action.RELEASE_THREAD}),
}
THEIRS = {
    Kind.COMMENT: frozenset({Action.HIDE, Action.UNHIDE, Action.DELETE, Action.LIKE, Action.UNLIKE}),
    Kind.REVIEW: frozenset[Action](),  # what is said of a page is not for the page to take away
    Kind.MESSAGE: OURS[Kind.MESSAGE] | {Action.MARK_READ},
}


def send(message: Outgoing, connection: Connection) -> Sent:
    if message.kind is Kind.MESSAGE or message.private_to:
        LIMITS[Kind.MESSAGE].check(message.text)
        owner = connection.external_id
        return messaging.send(message, connection, owner=owner, metadata=True, messaging_type="RESPONSE")
    LIMITS[message.kind].check(message.text)
    # Under the root, by its edge: Facebook shows two levels, and a message posted to a comment itself would edit that one.
    sent = graph.write(connection, _root(message), "comments", id_field="id", form={"message": message.text})
    return Sent(_full_id(sent.external_id, message), sent.at)


def find(message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
    page = connection.external_id
    if message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, messaging.PRIVATE)
    if message.kind is Kind.MESSAGE:
        return messaging.find(message, connection, since, owner=page, platform="messenger", own={page})
    order, fields = "reverse_chronological", "id,message,created_time,from{id}"
    comments = graph.pages(connection, _root(message), "comments", filter="stream", order=order, limit="100", fields=fields)
    sent = graph.own(comments, {page}, message.text, since, words="message", time="created_time")
    return Sent(_full_id(sent.external_id, message), sent.at) if sent else None


def _root(message: Outgoing) -> str:
    return message.thread or message.reply_to


def _full_id(external_id: str, message: Outgoing) -> str:
    # A comment on a rating stands under no post but the rating itself.
    return full_id(external_id, _root(message) if message.kind is Kind.REVIEW else message.post_id)


def act(deed: Deed, connection: Connection) -> None:
    match deed.action:
        case Action.TAKE_THREAD | Action.RELEASE_THREAD:
            messaging.control(deed, connection, owner=connection.external_id)
        case Action.MARK_READ:
            messaging.mark_read(deed, connection, owner=connection.external_id)
        case Action.HIDE | Action.UNHIDE:
            graph.turn(connection, deed.external_id, deed.action is Action.HIDE, asked="is_hidden", told="is_hidden")
        case Action.DELETE:
            graph.delete(connection, deed.external_id)
        case Action.LIKE:
            graph.act(connection, deed.external_id, "likes")
        case Action.UNLIKE:
            graph.act(connection, deed.external_id, "likes", method="DELETE")
        case Action.EDIT:
            LIMITS[deed.kind].check(deed.text)
            graph.act(connection, deed.external_id, form={"message": deed.text})
        case _:
            raise SendRefused(Reason.NOT_ALLOWED, f"facebook has no {deed.action}")
