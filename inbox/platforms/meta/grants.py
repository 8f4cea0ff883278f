"""What Meta granted to one of our apps for a page or an account: the token, its permissions, and the webhooks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Connection, Health, Reason, SendRefused
from inbox.platforms.meta import graph

PAGE_FIELDS = (
    *("feed", "mention", "ratings", "messages", "message_echoes", "message_reads", "message_deliveries"),
    *("message_reactions", "message_edits", "messaging_postbacks", "messaging_referrals", "messaging_optins"),
    *("messaging_handovers", "standby", "messaging_policy_enforcement"),
)
# Meta's documents write some of them in two ways.
SPELT = {
    "messaging_referral": "messaging_referrals",
    "messaging_handover": "messaging_handovers",
    "messaging_reactions": "message_reactions",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one of our products needs. subject: Meta's word for what the app is told about, page or instagram."""

    permissions: tuple[str, ...]
    subject: str
    fields: tuple[str, ...]  # of the app
    account_fields: tuple[str, ...]  # of each page or account


def check(connection: Connection, name: str, wanted: Wanted) -> Health:
    """Raises SendNotReached or SendRefused."""
    token, apps = token_of(connection), _subscribed(connection)
    fields = {SPELT.get(field, field) for app in apps or () for field in texts(app.get("subscribed_fields"))}
    return Health(
        name=name,
        token_expires_at=wire.seconds(token.get("expires_at")),  # 0: never
        access_expires_at=wire.seconds(token.get("data_access_expires_at")),
        missing_permissions=tuple(each for each in wanted.permissions if token and not _granted(token, each, connection, wanted)),
        subscribed=None if apps is None else bool(apps),
        missing_fields=tuple(each for each in wanted.account_fields if apps and SPELT.get(each, each) not in fields),
    )


def token_of(connection: Connection) -> dict[str, Any]:
    """What Meta tells an app of a token that was given to it; nothing where the app has no name, or is not told."""
    if not connection.app_id or not connection.app_secret:
        return {}
    try:
        app = _as_app(connection, connection.base_url, connection.app_id, connection.app_secret)
        told = wire.mapping(graph.read(app, "debug_token", input_token=connection.token).get("data"))
    except SendRefused:
        return {}
    if told.get("is_valid") is False:
        raise SendRefused(Reason.TOKEN_DEAD, wire.text(wire.mapping(told.get("error")).get("message"))[:300])
    return told


def _granted(token: dict[str, Any], permission: str, connection: Connection, wanted: Wanted) -> bool:
    """Granted, and for this page or account among others. An account's token has permissions for its page, too."""
    if permission not in texts(token.get("scopes")):
        return False
    if not permission.startswith(wanted.subject):
        return True
    targets = [
        wire.identifier(target)
        for each in wire.sequence(token.get("granular_scopes"))
        if wire.mapping(each).get("scope") == permission
        for target in wire.sequence(wire.mapping(each).get("target_ids"))
    ]
    # The page whose token it is stands for its account as well.
    return not targets or not {connection.external_id, wire.identifier(token.get("profile_id"))}.isdisjoint(targets)


def _subscribed(connection: Connection) -> list[dict[str, Any]] | None:
    """Our app, among those that are told what happens there. None: we may not know."""
    try:
        told = graph.read(connection, "me", "subscribed_apps")
    except SendRefused as refusal:
        if refusal.reason is not Reason.PERMISSION:
            raise
        return None
    apps = [app for app in wire.sequence(told.get("data")) if isinstance(app, dict)]
    # Instagram's own login knows the app by a number of its own, and webhooks may be Meta's affair all the same.
    ours = {connection.app_id, connection.hooks.id if connection.hooks else ""} - {""}
    return [app for app in apps if not ours or wire.identifier(app.get("id")) in ours]


def texts(value: Any) -> Iterable[str]:
    return [each for each in wire.sequence(value) if isinstance(each, str)]


def subscribe(connection: Connection, callback: str, wanted: Wanted) -> None:
    """First the app, then the page or account. Raises like send."""
    subscribe_app(connection, callback, {wanted.subject: wanted.fields, "permissions": wanted.permissions})
    graph.act(connection, "me", "subscribed_apps", form={"subscribed_fields": ",".join(wanted.account_fields)})


def unsubscribe(connection: Connection, beside: Collection[str], *, other: str = "") -> None:
    """Of the page or account, never of the app. other: who hears by the same subscription. Raises like send."""
    if other not in beside:
        graph.act(connection, "me", "subscribed_apps", method="DELETE")


def subscribe_app(connection: Connection, callback: str, fields: Mapping[str, Iterable[str]]) -> None:
    """Where we may speak for the app: what is to be told of each kind of subject, and where. Raises like send."""
    if connection.hooks and connection.hooks.id and connection.hooks.secret:
        hooks = connection.hooks
        app = _as_app(connection, hooks.base_url, hooks.id, hooks.secret)
        told = {"callback_url": callback, "verify_token": hooks.verify_token, "include_values": "true"}
        for subject, wanted in fields.items():
            graph.act(app, hooks.id, "subscriptions", form=told | {"object": subject, "fields": ",".join(wanted)})


def _as_app(connection: Connection, base_url: str, app_id: str, secret: str) -> Connection:
    return replace(connection, token=f"{app_id}|{secret}", base_url=base_url, app_secret=secret)
