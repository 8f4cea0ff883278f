"""What LinkedIn lists of a page: the comments of its posts with their replies, and what it notified of, heard or not."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Connection, Event, Reason, SendRefused
from inbox.platforms.linkedin import calls, reading, urns

Item = dict[str, Any]
# What somebody wrote, and what says that it is no longer there.
WRITTEN = ("COMMENT", "ADMIN_COMMENT", "SHARE", "SHARE_MENTION")
ACTIONS = (*WRITTEN, "COMMENT_DELETE")


def everything(connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[Item]:
    """The comments first, which tell what they answer; then what only a notification tells. Raises like listing."""
    seen = set()
    for post in posts:
        for item in _comments(connection, post):
            seen.add(_name(item.get("commentUrn")))
            written = wire.milliseconds(wire.mapping(item.get("created")).get("time"))
            if written is None or written >= since:
                yield item
    yield from _told(connection, since, seen)


def _comments(connection: Connection, urn: str) -> Iterator[Item]:
    """Those under a post, each with its replies. Of what is gone, none."""
    for item in _listed(connection, urn):
        yield item
        answered = wire.mapping(item.get("commentsSummary"))
        if any(wire.number(answered.get(key)) for key in ("totalFirstLevelComments", "aggregatedTotalComments")):
            yield from _listed(connection, _name(item.get("commentUrn")))


def _listed(connection: Connection, urn: str) -> Iterator[Item]:
    try:
        yield from calls.pages(connection, f"socialActions/{urns.encoded(urn)}/comments")
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise


def _told(connection: Connection, since: datetime, seen: set[str]) -> Iterator[Item]:
    # Its clock, not ours; which it tells in whole seconds.
    until = calls.ask(connection, f"organizations/{urns.number_of(connection.external_id)}").at + timedelta(seconds=1)
    start, end = (int(moment.timestamp() * 1000) for moment in (since, max(since, until)))
    notifications = list(
        calls.pages(
            connection,
            "organizationalEntityNotifications",
            q="criteria",
            organizationalEntity=urns.encoded(connection.external_id),
            actions=f"List({','.join(ACTIONS)})",
            timeRange=f"(start:{start},end:{end})",
        )
    )
    removed = {_name(each.get("generatedActivity")) for each in notifications if each.get("action") == "COMMENT_DELETE"}
    for notification in notifications:
        name = _name(notification.get("generatedActivity"))
        if notification.get("action") in WRITTEN and name not in seen | removed:
            seen.add(name)  # told once to each subscriber
            yield notification


def _name(urn: Any) -> str:
    return urns.comment_urn(wire.text(urn))


def read(organization: str, item: Item) -> Iterator[Event]:
    """Raises Unreadable."""
    return reading.comment(organization, item) if "commentUrn" in item else reading.notification(organization, item)


def fetch(external_id: str, connection: Connection) -> Iterator[Item]:
    """One comment by its URN; nothing where it is gone."""
    if urns.is_comment(external_id):
        try:
            yield calls.read(connection, comment_path(external_id))
        except SendRefused as refused:
            if refused.reason is not Reason.GONE:
                raise


def still_there(external_id: str, connection: Connection) -> bool:
    path = comment_path(external_id) if urns.is_comment(external_id) else f"posts/{urns.encoded(external_id)}"
    try:
        calls.read(connection, path)
    except SendRefused as refused:
        if refused.reason is Reason.PERMISSION:
            return True  # under somebody else's post: where we may not look, nothing is known to be gone
        if refused.reason is not Reason.GONE:
            raise
        return False
    return True


def comment_path(urn: str) -> str:
    return f"socialActions/{urns.encoded(urns.post_of(urn))}/comments/{urns.encoded(urns.number_of(urn))}"
