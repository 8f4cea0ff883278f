"""Instagram's two products: an account that signs in itself, and one that is reached through its Facebook page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import BY_NAME, Connection, OfAnother, Reason, SendRefused
from inbox.platforms.instagram.listing import Own
from inbox.platforms.meta import grants, graph

INSTAGRAM, FACEBOOK = "instagram", "facebook"
FIELDS = (
    *("comments", "live_comments", "mentions", "messages", "message_reactions", "message_edits", "messaging_seen"),
    *("messaging_postbacks", "messaging_referral", "messaging_optins", "messaging_handover", "standby"),
)
WANTED = {
    INSTAGRAM: grants.Wanted(
        permissions=(
            "instagram_business_basic",
            "instagram_business_manage_comments",
            "instagram_business_manage_messages",
        ),
        subject="instagram",
        fields=FIELDS,
        account_fields=FIELDS,
    ),
    # The page is what subscribes, and has one set of fields for what is written to it and to its account.
    FACEBOOK: grants.Wanted(
        permissions=(
            *("instagram_basic", "instagram_manage_comments", "instagram_manage_messages"),
            *("pages_show_list", "pages_manage_metadata"),
        ),
        subject="instagram",
        fields=FIELDS,
        account_fields=grants.PAGE_FIELDS,
    ),
}


def through_page(settings: Mapping[str, str]) -> bool:
    return settings.get("login") == FACEBOOK


def wanted(connection: Connection) -> grants.Wanted:
    return WANTED[FACEBOOK if through_page(connection.settings) else INSTAGRAM]


def media_owner(connection: Connection) -> str:
    """The page's token is not the account's: what "me" is depends on whose it is."""
    return connection.external_id if through_page(connection.settings) else "me"


def page(connection: Connection) -> str:
    """The page through which the account is reached, "" by Instagram's own login."""
    return wire.identifier(graph.read(connection, "me", fields="id").get("id")) if through_page(connection.settings) else ""


def own(connection: Connection) -> Own:
    """Who the token speaks for. Raises SendRefused where that is another account."""
    # With Instagram's own login it is `user_id`, and not `id`, that webhooks call the account by.
    node, names = (connection.external_id, "id") if through_page(connection.settings) else ("me", "user_id")
    found = graph.read(connection, node, fields="id,username" if names == "id" else "id,user_id,username")
    if wire.identifier(found.get(names)) != connection.external_id:
        raise OfAnother("the token belongs to another account")
    ids = {connection.external_id, wire.identifier(found.get("id"))} - {""}
    return Own(frozenset(ids), wire.text(found.get("username")))


def profile(person: str, connection: Connection) -> dict[str, Any]:
    """Nothing where it is withheld: who never wrote to us has not consented, and who blocked us no longer does."""
    if person.startswith(BY_NAME):
        return {"username": person.removeprefix(BY_NAME)}
    try:
        return graph.read(connection, person, fields="name,username")
    except SendRefused as refusal:
        if refusal.reason in graph.OF_THE_TOKEN:
            raise
        return {}


def refresh(connection: Connection) -> tuple[str, datetime | None] | None:
    """Sixty days more, of a token that is a day old and still good. A page's token has no end."""
    if through_page(connection.settings):
        return None
    unversioned = replace(connection, version="")
    # The documents give the token as a parameter here, and are silent on the header that serves everywhere else.
    answer = graph.ask(unversioned, "refresh_access_token", grant_type="ig_refresh_token", access_token=connection.token)
    token, seconds = wire.text(answer.data.get("access_token")), wire.number(answer.data.get("expires_in"))
    if not token:
        raise SendRefused(Reason.OTHER, "no new token was given")
    return token, answer.at + timedelta(seconds=seconds) if seconds > 0 else None
