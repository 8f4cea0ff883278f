"""Facebook pages: comments, reviews, messages, both directions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Address,
    Connection,
    Connector,
    Deed,
    Event,
    Health,
    Kind,
    Limit,
    OfAnother,
    Outgoing,
    SendRefused,
    Sent,
    Window,
)
from inbox.platforms.facebook import listing, writing
from inbox.platforms.facebook.reading import read_change
from inbox.platforms.meta import grants, graph, messaging

__all__ = ["Facebook", "read_change"]

WANTED = grants.Wanted(
    permissions=(
        *("pages_show_list", "pages_manage_metadata", "pages_read_engagement", "pages_read_user_content"),
        *("pages_manage_engagement", "pages_messaging"),
    ),
    subject="page",
    fields=grants.PAGE_FIELDS,
    account_fields=grants.PAGE_FIELDS,
)


class Facebook(Connector):
    slug = "facebook"
    label = "Facebook"
    family = "meta"
    variables = graph.VARIABLES
    kinds = (Kind.COMMENT, Kind.MESSAGE, Kind.REVIEW)
    private_an_hour = messaging.PRIVATE_AN_HOUR

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return graph.address(variables)

    def limit(self, kind: Kind) -> Limit:
        return writing.LIMITS[kind]

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return messaging.window(kind, last_inbound_at, now)

    def permissions(self, kind: Kind) -> frozenset[str]:
        return frozenset({"pages_messaging" if kind is Kind.MESSAGE else "pages_manage_engagement"})

    def allows_private_reply(self) -> bool:
        return True

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        return writing.send(message, connection)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        return writing.find(message, connection, since)

    def identity(self, connection: Connection) -> str:
        # Asked as "me": any page's name can be read with any page's token, and only its own says that it is this page.
        found = graph.read(connection, "me", fields="id,name")
        if found.get("id") != connection.external_id:
            raise OfAnother("the token belongs to another page")
        return wire.text(found.get("name"))

    def name_of(self, person: str, connection: Connection) -> str:
        """Profiles are a feature of their own, and people may keep theirs; their thread names them all the same."""
        try:
            found = graph.read(connection, person, fields="first_name,last_name")
        except SendRefused as refusal:
            if refusal.reason in graph.OF_THE_TOKEN:
                raise
            found = {}
        name = f"{wire.text(found.get('first_name'))} {wire.text(found.get('last_name'))}".strip()
        return name or messaging.name_in_thread(person, connection, owner="me", platform="messenger", name="name")

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return (writing.OURS if ours else writing.THEIRS)[kind]

    def act(self, deed: Deed, connection: Connection) -> None:
        writing.act(deed, connection)

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        self.identity(connection)
        yield from listing.listing(connection, since, posts)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        return listing.read_listed(channel_id, item)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        return listing.fetch(external_id, connection)

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        self.identity(connection)
        return listing.still_there(external_id, kind, connection)

    def check(self, connection: Connection) -> Health:
        return grants.check(connection, self.identity(connection), WANTED)

    def subscribe(self, connection: Connection, callback: str) -> None:
        grants.subscribe(connection, callback, WANTED)

    def unsubscribe(self, connection: Connection, beside: Collection[str]) -> None:
        # An account that is reached through the page hears by what the page asked for.
        found = graph.read(connection, "me", fields="instagram_business_account{id}")
        account = wire.identifier(wire.mapping(found.get("instagram_business_account")).get("id"))
        grants.unsubscribe(connection, beside, other=account)
