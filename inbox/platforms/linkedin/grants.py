"""What LinkedIn granted to our app for a page: the token, what it may do, and the webhooks, which end if nobody renews them."""

from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Health, Reason, SendNotReached, SendRefused, SendUncertain
from inbox.platforms.linkedin import calls, urns

EVENTS = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
# Each by the names that LinkedIn's pages give it: one of them is enough.
NEEDED = (
    ("rw_organization_admin",),
    ("r_organization_social", "r_organization_social_feed"),
    ("w_organization_social", "w_organization_social_feed"),
)


def check(connection: Connection, name: str) -> Health:
    """Raises SendNotReached or SendRefused."""
    token, subscription = _token(connection), _subscription(connection)
    scopes = set(wire.text(token.get("scope")).replace(" ", ",").split(","))
    return Health(
        name=name,
        token_expires_at=wire.seconds(token.get("expires_at")),
        missing_permissions=tuple(names[0] for names in NEEDED if token.get("scope") and not scopes & set(names)),
        subscribed=None if subscription is None else bool(subscription.get("webhook")),
        subscription_expires_at=wire.milliseconds((subscription or {}).get("expiresAt")),
    )


def _token(connection: Connection) -> dict[str, Any]:
    """What LinkedIn tells an app of a token that was given to it; nothing where the app has no name, or is not told."""
    if not connection.client_id or not connection.app_secret:
        return {}
    answer = _oauth(connection, "introspectToken", token=connection.token)
    if answer.ok and answer.data.get("active") is False:
        raise SendRefused(Reason.TOKEN_DEAD, wire.text(answer.data.get("status"))[:300])
    return answer.data if answer.ok else {}


def refresh(connection: Connection) -> tuple[str, datetime | None] | None:
    """Sixty days more, for a year from the first grant; of partners that LinkedIn approved for it. Raises like check."""
    if not connection.refresh_token or not connection.client_id or not connection.app_secret:
        return None
    answer = _oauth(connection, "accessToken", grant_type="refresh_token", refresh_token=connection.refresh_token)
    token, seconds = wire.text(answer.data.get("access_token")), wire.number(answer.data.get("expires_in"))
    if not answer.ok or not token:
        told = wire.text(answer.data.get("error_description")) or f"HTTP {answer.status}"
        raise SendRefused(Reason.TOKEN_DEAD, told[:300])
    return token, answer.at + timedelta(seconds=seconds) if seconds > 0 else None


def _oauth(connection: Connection, path: str, **form: str) -> http.Answer:
    """Asked by our app, which proves itself by its secret."""
    url = f"{connection.login_url.rstrip('/')}/oauth/v2/{path}"
    app = {"client_id": connection.client_id, "client_secret": connection.app_secret}
    try:
        return http.post(url, token=http.NOBODY, form=app | form)
    except SendUncertain as error:
        raise SendNotReached(Reason.OTHER, str(error)) from None  # it may be asked again without harm


def _subscription(connection: Connection) -> dict[str, Any] | None:
    """The webhooks that are asked for, empty where none are. None: we do not know by which name to ask."""
    if not connection.app_id or not connection.grantor_id:
        return None
    try:
        return calls.read(connection, _key(connection))
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise
        return {}


def subscribe(connection: Connection, callback: str) -> None:
    """Ask for this page's webhooks, or for more of them. Raises like send."""
    if not connection.app_id or not connection.grantor_id:
        raise SendRefused(Reason.NOT_ALLOWED, "neither without LINKEDIN_APP_ID nor without the person who granted the token")
    calls.write(connection, "PUT", _key(connection), {"webhook": callback})


def _key(connection: Connection) -> str:
    parts = {
        "developerApplication": urns.encoded(f"urn:li:developerApplication:{connection.app_id}"),
        "user": urns.encoded(urns.person(connection.grantor_id)),
        "entity": urns.encoded(connection.external_id),
        "eventType": EVENTS,
    }
    return f"eventSubscriptions/({','.join(f'{name}:{value}' for name, value in parts.items())})"
