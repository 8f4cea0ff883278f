"""WordPress, which tells nothing by itself: polled over its own REST interface, with an application password."""

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, website, wire
from inbox.platforms.base import (
    Action,
    Address,
    Connection,
    Connector,
    Deed,
    Difference,
    Event,
    Field,
    Health,
    Kind,
    Limit,
    Moderation,
    Outgoing,
    Reason,
    SendRefused,
    Sent,
)
from inbox.platforms.wordpress import calls, listing

MAY = "moderate_comments"
DECIDED = {Action.APPROVE: "approved", Action.REJECT: "trash"}
DAY = timedelta(days=1)  # `after` is a time of the site's own in some versions


class WordPress(Connector):
    slug = "wordpress"
    label = "WordPress"
    family = ""
    kinds = (Kind.COMMENT,)
    recognises = False
    identified_by = Field(
        "external_id", _("Address of the site"), _("As its visitors see it: https://blogue.example.com"), kind="site"
    )
    fields = (Field("user", _("User name"), _("Of an account on the site that may moderate comments.")),)
    proven_by = Field(
        "token",
        _("Application password"),
        _("Made on the site under Users, Profile, Application Passwords. Kept encrypted, and never shown again."),
        kind="secret",
    )
    variables = (website.PRIVATE_ORIGINS,)
    list_every = timedelta(minutes=2)
    list_back = timedelta(days=14)
    longest_look = timedelta(minutes=1)  # many sites share one lane, and some are slow

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(public_but=tuple(variables["PRIVATE_ORIGINS"]))

    def identifier(self, typed: str) -> str:
        return typed.strip().rstrip("/")

    def limit(self, kind: Kind) -> Limit:
        return Limit(65_525, "bytes")

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        self.limit(Kind.COMMENT).check(message.text)
        comment = {"post": message.post_id, "parent": message.reply_to or "0", "content": _marked_up(message.text)}
        answer = calls.write(connection, "POST", "comments", comment)
        return Sent(http.sent_id(answer.data.get("id")), wire.iso(answer.data.get("date_gmt")) or answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        me, earliest = calls.me(connection)["id"], since.replace(microsecond=0)
        found = []
        for comment in chain.from_iterable(listing.pages(connection, since, parent=message.reply_to or "0")):
            at = wire.iso(comment.get("date_gmt"))
            if comment["author"] == me and at and at >= earliest and wire.same_words(listing.words(comment), message.text):
                found.append(Sent(wire.identifier(comment.get("id")), at))
        return min(found, key=lambda sent: sent.at, default=None)

    def identity(self, connection: Connection) -> str:
        if MAY not in calls.me(connection)["may"]:
            raise SendRefused(Reason.PERMISSION, MAY)
        return _name(connection)

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return frozenset({Action.EDIT, Action.DELETE} if ours else {Action.APPROVE, Action.REJECT, Action.DELETE})

    def act(self, deed: Deed, connection: Connection) -> None:
        write = partial(calls.write, connection, path=f"comments/{calls.number(deed.external_id)}")
        match deed.action:
            case Action.APPROVE | Action.REJECT:
                wanted = DECIDED[deed.action]
                if _state(deed.external_id, connection) is not website.STATES[wanted]:  # a change to what is fails there
                    write("POST", json={"status": wanted})
            case Action.EDIT:
                self.limit(deed.kind).check(deed.text)
                write("POST", json={"content": _marked_up(deed.text)})
            case Action.DELETE:
                _unless_gone(write)
            case _:
                super().act(deed, connection)

    # --- looking

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        site = listing.Site(connection)
        for comments in listing.pages(connection, since - DAY):
            yield from site.completed(comments)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        yield from website.turns({"platform": self.slug, "channel_id": channel_id}, item, None, refused=True)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        try:
            comment = calls.read(
                connection, f"wp/v2/comments/{calls.number(external_id)}", context="edit", _fields=listing.COMMENT
            )
        except SendRefused as refusal:
            if refusal.reason is not Reason.GONE:
                raise
            return
        yield from listing.Site(connection).completed([comment])

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return False

    def look(self, external_id: str, kind: Kind, connection: Connection) -> dict[str, Any] | None:
        return next(self.fetch(external_id, connection), None)

    def check(self, connection: Connection) -> Health:
        lacking = () if MAY in calls.me(connection)["may"] else (MAY,)
        return Health(name=_name(connection), missing_permissions=lacking)


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "WordPress has no messages")


def _marked_up(text: str) -> str:
    """Plain words as the HTML that WordPress takes a comment for: its line breaks become paragraphs there."""
    return html.escape(text, quote=False)


def _state(external_id: str, connection: Connection) -> Moderation | None:
    shown = calls.read(connection, f"wp/v2/comments/{calls.number(external_id)}", context="edit", _fields="id,status")
    return website.STATES.get(wire.text(shown.get("status")))


def _unless_gone(write: "partial[http.Answer]") -> None:
    try:
        write("DELETE", force="true")
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise


def _name(connection: Connection) -> str:
    return html.unescape(wire.text(calls.read(connection, "", _fields="name").get("name")))
