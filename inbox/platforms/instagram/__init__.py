"""Instagram accounts: comments and messages, both directions, by either of the two logins."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import wire
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
    Outgoing,
    Sent,
    Variable,
    Window,
)
from inbox.platforms.instagram import listing, logins, writing
from inbox.platforms.instagram.reading import read_change
from inbox.platforms.meta import grants, graph, messaging

__all__ = ["Instagram", "read_change"]


class Instagram(Connector):
    slug = "instagram"
    label = "Instagram"
    family = "meta"
    variables = (
        *graph.VARIABLES,
        Variable("INSTAGRAM_GRAPH_URL", "url", default="https://graph.instagram.com"),
        Variable("INSTAGRAM_APP_ID", "text", default=""),
    )
    fields = (
        Field(
            "login",
            _("Connected with"),
            help=_("Left open, the one that accepts the token is kept."),
            required=False,
            choices=((logins.INSTAGRAM, _("Instagram’s own login")), (logins.FACEBOOK, _("Facebook, through the linked page"))),
        ),
    )
    answers_hidden = False
    silent_under = frozenset({writing.LIVE})
    private_an_hour = messaging.PRIVATE_AN_HOUR
    private_uncounted = frozenset({writing.LIVE})  # a hundred a second there
    # Calls are counted by how often the account is seen, with no minimum: a quiet one has next to none.
    list_every = timedelta(hours=1)

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return graph.address(variables, "META" if logins.through_page(settings) else "INSTAGRAM")

    def variants(self, settings: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        if settings.get("login"):
            return (settings,)
        return tuple({**settings, "login": login} for login in (logins.INSTAGRAM, logins.FACEBOOK))

    def limit(self, kind: Kind) -> Limit:
        return writing.LIMITS[kind]

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return messaging.window(kind, last_inbound_at, now)

    def permissions(self, kind: Kind) -> frozenset[str]:
        what = "messages" if kind is Kind.MESSAGE else "comments"
        return frozenset({f"instagram_manage_{what}", f"instagram_business_manage_{what}"})  # by either login

    def allows_private_reply(self) -> bool:
        return True

    def private_reply_window(self, post_kind: str, commented_at: datetime | None, now: datetime) -> Window:
        return writing.private_reply_window(post_kind, commented_at, now)

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        return writing.send(message, connection)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        return writing.find(message, connection, since)

    def identity(self, connection: Connection) -> str:
        return logins.own(connection).username

    def name_of(self, person: str, connection: Connection) -> str:
        """Known of whoever wrote to us; a thread names them all the same where the profile is withheld."""
        found = logins.profile(person, connection)
        name = wire.text(found.get("name")) or wire.text(found.get("username"))
        return name or messaging.name_in_thread(person, connection, owner="me", platform="instagram", name="username")

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        found = (writing.OURS if ours else writing.THEIRS).get(kind, frozenset())
        # Threads are handed from app to app by the page.
        return found | writing.CONTROL if kind is Kind.MESSAGE and logins.through_page(settings) else found

    def act(self, deed: Deed, connection: Connection) -> None:
        writing.act(deed, connection)

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        own, owner = logins.own(connection), logins.media_owner(connection)
        yield from listing.listing(connection, since, posts, own, owner=owner)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        return listing.read_listed(channel_id, item)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        return listing.fetch(external_id, connection)

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return kind is Kind.MESSAGE or difference is Difference.MISSING

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        self.identity(connection)  # what a lost permission hides is not gone
        return graph.exists(connection, external_id)

    def check(self, connection: Connection) -> Health:
        return grants.check(connection, self.identity(connection), logins.wanted(connection))

    def subscribe(self, connection: Connection, callback: str) -> None:
        grants.subscribe(connection, callback, logins.wanted(connection))

    def unsubscribe(self, connection: Connection, beside: Collection[str]) -> None:
        grants.unsubscribe(connection, beside, other=logins.page(connection))

    def refresh(self, connection: Connection) -> tuple[str, datetime | None] | None:
        return logins.refresh(connection)
