"""Answers of an account, and what it may do to a comment or a message beside answering."""

from datetime import datetime, timedelta

from inbox.platforms.base import (
    Action,
    Connection,
    Deed,
    Kind,
    Limit,
    Outgoing,
    Reason,
    SendRefused,
    Sent,
    Window,
    WindowState,
)
from inbox.platforms.instagram import logins
from inbox.platforms.meta import graph, messaging

LIMITS = {Kind.COMMENT: Limit(2200, "characters"), Kind.MESSAGE: Limit(1000, "bytes")}
LIVE = "live"
LONGEST_LIVE = timedelta(hours=4)  # Instagram ends a live video then; that it ended sooner nobody tells us
CONTROL = frozenset({Action.TAKE_THREAD, Action.RELEASE_THREAD})
# An owner's own comments can be neither hidden nor edited, and no comment liked.
OURS = {Kind.COMMENT: frozenset({Action.DELETE})}
THEIRS = {
    Kind.COMMENT: frozenset({Action.HIDE, Action.UNHIDE, Action.DELETE}),
    Kind.MESSAGE: frozenset({Action.LIKE, Action.UNLIKE, Action.MARK_READ}),
}


def private_reply_window(post_kind: str, commented_at: datetime | None, now: datetime) -> Window:
    """As for any message; what was said in a live video is answered while it lasts."""
    if post_kind != LIVE or commented_at is None:
        return messaging.window(Kind.MESSAGE, commented_at, now)
    until = commented_at + LONGEST_LIVE
    return Window(WindowState.OPEN, until) if now < until else Window(WindowState.CLOSED)


def send(message: Outgoing, connection: Connection) -> Sent:
    if message.kind is Kind.MESSAGE or message.private_to:
        LIMITS[Kind.MESSAGE].check(message.text)
        # `me`: the account's own id is not a node under every kind of token.
        return messaging.send(message, connection, owner="me", metadata=False)
    LIMITS[Kind.COMMENT].check(message.text)
    if message.post_kind == LIVE:
        raise SendRefused(Reason.NOT_ALLOWED, "what is said in a live video is answered in private only")
    if message.post_kind == "mention":
        return _under_mention(message, connection)
    # Only root comments take replies.
    return graph.write(connection, _root(message), "replies", id_field="id", form={"message": message.text})


def _under_mention(message: Outgoing, connection: Connection) -> Sent:
    """Under somebody else's media, where only the mention lets us speak."""
    form = {"media_id": message.post_id, "message": message.text}
    form |= {"comment_id": message.thread} if message.thread != message.post_id else {}
    return graph.write(connection, connection.external_id, "mentions", id_field="id", form=form)


def find(message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
    if message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, messaging.PRIVATE)
    if message.post_kind == "mention":
        raise SendRefused(Reason.NOT_ALLOWED, "comments under the media of others cannot be listed")
    ours = logins.own(connection).ids
    if message.kind is Kind.MESSAGE:
        return messaging.find(message, connection, since, owner="me", platform="instagram", own=ours)
    replies = graph.pages(connection, _root(message), "replies", limit="50", fields="id,text,timestamp,username,from")
    return graph.own(replies, ours, message.text, since, words="text", time="timestamp")


def _root(message: Outgoing) -> str:
    return message.thread or message.reply_to


def act(deed: Deed, connection: Connection) -> None:
    match deed.action:
        case Action.TAKE_THREAD | Action.RELEASE_THREAD:
            messaging.control(deed, connection, owner="me")
        case Action.LIKE | Action.UNLIKE if deed.kind is Kind.MESSAGE:
            messaging.react(deed, connection, owner="me")
        case Action.MARK_READ:
            messaging.mark_read(deed, connection, owner="me")
        case Action.HIDE | Action.UNHIDE:
            graph.turn(connection, deed.external_id, deed.action is Action.HIDE, asked="hide", told="hidden")
        case Action.DELETE if deed.kind is Kind.COMMENT:
            graph.delete(connection, deed.external_id)
        case _:
            raise SendRefused(Reason.NOT_ALLOWED, f"instagram has no {deed.action}")
