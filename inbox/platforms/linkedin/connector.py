"""LinkedIn organization pages, the outward half: comments and what may be done with them. There are no messages for pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import (
    IDENTIFIER,
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
    Reason,
    Retention,
    SendRefused,
    Sent,
    Variable,
    Window,
    WindowState,
)
from inbox.platforms.linkedin import calls, grants, listing, urns

LIMIT = Limit(1250, "characters")


class LinkedIn(Connector):
    slug = "linkedin"
    label = "LinkedIn"
    family = "linkedin"
    identified_by = replace(IDENTIFIER, help=_("The number of the organization, or the address of its page in which it stands."))
    kinds = (Kind.COMMENT,)
    retention = Retention(words=timedelta(hours=48), names=timedelta(hours=24))
    stranger = _("LinkedIn member")
    list_every = timedelta(minutes=30)  # its quotas are of the day, and seen by nobody but the portal
    variables = (
        Variable("LINKEDIN_API_URL", "url", default="https://api.linkedin.com"),
        Variable("LINKEDIN_LOGIN_URL", "url", default="https://www.linkedin.com"),
        Variable("LINKEDIN_VERSION", "text", default="202609"),
        Variable("LINKEDIN_APP_ID", "text", default=""),  # the number in urn:li:developerApplication:…
        Variable("LINKEDIN_CLIENT_ID", "text", default="", development="dev-linkedin-client"),
    )

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(
            base_url=variables["LINKEDIN_API_URL"],
            version=variables["LINKEDIN_VERSION"],
            app_secret=next(iter(variables["LINKEDIN_CLIENT_SECRET"]), ""),
            app_id=variables["LINKEDIN_APP_ID"],
            client_id=variables["LINKEDIN_CLIENT_ID"],
            login_url=variables["LINKEDIN_LOGIN_URL"],
        )

    def identifier(self, typed: str) -> str:
        return urns.organization(typed)

    def limit(self, kind: Kind) -> Limit:
        return LIMIT

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return Window(WindowState.OPEN if kind is Kind.COMMENT else WindowState.CLOSED)

    def permissions(self, kind: Kind) -> frozenset[str]:
        return frozenset({"w_organization_social", "w_organization_social_feed"})  # the same, under two names

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        LIMIT.check(message.text)
        answer = calls.write(connection, "POST", _comments_of(message), _body(message, connection))
        number = wire.text(answer.headers.get("x-restli-id"))
        post = urns.post_of(_thread(message))
        external_id = wire.text(answer.data.get("commentUrn")) or (number and f"urn:li:comment:({post},{number})")
        at = wire.milliseconds(wire.mapping(answer.data.get("created")).get("time"))
        return Sent(urns.comment_urn(http.sent_id(external_id)), at or answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        found = []
        for comment in calls.pages(connection, _comments_of(message)):
            at = wire.milliseconds(wire.mapping(comment.get("created")).get("time"))
            text = wire.text(wire.mapping(comment.get("message")).get("text"))
            ours = comment.get("actor") == connection.external_id and wire.same_words(text, message.text)
            if ours and at and at >= since:
                found.append(Sent(urns.comment_urn(wire.text(comment.get("commentUrn"))), at))
        return min(found, key=lambda sent: sent.at, default=None)

    def identity(self, connection: Connection) -> str:
        # The name of an organization can be read with any member's token: only its roles say whose token this is.
        roles = calls.pages(connection, "organizationAcls", q="roleAssignee", state="APPROVED")
        if not any(role.get("organization") == connection.external_id for role in roles):
            raise OfAnother("the token belongs to nobody who holds a role in this organization")
        return _organization(connection.external_id, connection)

    def name_of(self, person: str, connection: Connection) -> str:
        kind, _, number = person.removeprefix("urn:li:").partition(":")
        if kind == "organization":
            return _organization(person, connection)
        found = calls.read(connection, f"people/(id:{urns.encoded(number)})")
        return f"{wire.text(found.get('localizedFirstName'))} {wire.text(found.get('localizedLastName'))}".strip()

    # --- beside answering

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        """Nothing can be hidden here. Theirs can be deleted under our own posts."""
        if kind is not Kind.COMMENT:
            return frozenset()
        return frozenset({Action.EDIT, Action.DELETE} if ours else {Action.LIKE, Action.UNLIKE, Action.DELETE})

    def act(self, deed: Deed, connection: Connection) -> None:
        actor = urns.encoded(connection.external_id)
        match deed.action:
            case Action.LIKE:
                reaction = {"root": deed.external_id, "reactionType": "LIKE"}
                calls.write(connection, "POST", "reactions", reaction, done=calls.CONFLICT, actor=actor)
            case Action.UNLIKE:
                target = urns.encoded(deed.external_id)
                calls.write(connection, "DELETE", f"reactions/(actor:{actor},entity:{target})", done=calls.GONE)
            case Action.DELETE:
                calls.write(connection, "DELETE", _comment(deed), done=calls.GONE, actor=actor)
            case Action.EDIT:
                LIMIT.check(deed.text)
                patch = {"patch": {"message": {"$set": {"text": deed.text}}}}
                calls.write(connection, "POST", _comment(deed), patch, rest_method="PARTIAL_UPDATE", actor=actor)
            case _:
                raise SendRefused(Reason.NOT_ALLOWED, f"LinkedIn has no {deed.action}")

    # --- looking for what webhooks did not tell

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        return listing.everything(connection, since, posts)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        return listing.read(channel_id, item)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        return listing.fetch(external_id, connection)

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        return listing.still_there(external_id, connection)

    # --- the health of a connection

    def check(self, connection: Connection) -> Health:
        return grants.check(connection, _organization(connection.external_id, connection))

    def subscribe(self, connection: Connection, callback: str) -> None:
        grants.subscribe(connection, callback)

    def refresh(self, connection: Connection) -> tuple[str, datetime | None] | None:
        return grants.refresh(connection)


def _organization(urn: str, connection: Connection) -> str:
    return wire.text(calls.read(connection, f"organizations/{urns.encoded(urns.number_of(urn))}").get("localizedName"))


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "LinkedIn pages have no messages")


def _thread(message: Outgoing) -> str:
    """The root comment, as there is one level of replies; or the post itself, where that is what mentions us."""
    return urns.comment_urn(message.thread or message.reply_to)


def _comments_of(message: Outgoing) -> str:
    return f"socialActions/{urns.encoded(_thread(message))}/comments"


def _body(message: Outgoing, connection: Connection) -> dict[str, Any]:
    thread = _thread(message)
    body: dict[str, Any] = {"actor": connection.external_id, "object": urns.post_of(thread), "message": {"text": message.text}}
    return body | ({"parentComment": thread} if urns.is_comment(thread) else {})


def _comment(deed: Deed) -> str:
    if not urns.is_comment(deed.external_id):
        raise SendRefused(Reason.NOT_ALLOWED, "a post of somebody else")
    return listing.comment_path(deed.external_id)
