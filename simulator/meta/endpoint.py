"""What Facebook, Instagram and WhatsApp share: the receiver, its handshake, how bodies are made, signed and repeated."""

import secrets
from datetime import timedelta
from typing import Any

from simulator import environment, signing, wire
from simulator.meta import registered
from simulator.models import Delivery, Page
from simulator.platforms import Endpoint, Regime
from simulator.webhooks import handshakes

APP_ID = "112233445566778"  # the app under test
INSTAGRAM_APP_ID = "998877665544332"  # the same, where Instagram Login knows it
NATIVE_APP_ID = "263902037430900"  # the platform's own inbox
APP_SECRETS = environment.secrets_of("META_APP_SECRET", default="dev-meta-app-secret")
INSTAGRAM_SECRETS = environment.secrets_of("INSTAGRAM_APP_SECRET", default="dev-instagram-app-secret")
VERIFY_TOKENS = environment.secrets_of("META_VERIFY_TOKEN", default="dev-verify-token")

PATH = "/hooks/meta/"
HOUR = 3600.0
# At once, then ever more rarely.
CONTENT = Regime((0, 10, 60, 300, HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 12 * HOUR))
MESSAGING = Regime((0, 0, 10, 60, 300, 600, 900, 900, 900), ends_subscription_after=timedelta(hours=1))


def challenge(url: str, token: str = VERIFY_TOKENS[0]) -> str:
    code = str(secrets.randbelow(10**9))
    answer = handshakes.ask(url, {"hub.mode": "subscribe", "hub.challenge": code, "hub.verify_token": token})
    if answer.status_code != 200:
        return f"refusée : HTTP {answer.status_code}"
    return "" if answer.content == code.encode() else "refusée : l’écho du défi n’est pas exact"


def body(delivery: Delivery) -> bytes:
    told = {"object": delivery.object, "entry": delivery.items}
    return wire.dumps_meta([told] if delivery.shape == "list" else told).encode()


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    if delivery.signature == "bad":
        return signing.meta("another secret", body)
    # Deliveries of an Instagram Login app are signed with that app's own secret.
    through_page = delivery.page is not None and delivery.page.extra.get("product") == "facebook_login"
    both = [APP_SECRETS[0], INSTAGRAM_SECRETS[0]]
    own = delivery.object == "instagram" and not through_page
    secret = both[own != (delivery.signature == "other")]
    return (signing.meta_legacy if delivery.signature == "sha1" else signing.meta)(secret, body)


def address(delivery: Delivery) -> str:
    """Where the app registered itself for such webhooks; "": nobody did, and they go where all go."""
    app = registered.find("app_subscription", delivery.object)
    return str(app["callback_url"]) if app else ""


def unsubscribe(delivery: Delivery) -> None:
    """An hour of failures, and the app hears nothing of this page until it subscribes anew."""
    if delivery.page is not None:
        unsubscribe_page(delivery.page)


def subscription_key(page: Page) -> str:
    """An account that hangs on a Facebook page hears what that page is subscribed to."""
    return str(page.extra.get("page", "")) if page.extra.get("product") == "facebook_login" else page.external_id


def unsubscribe_page(page: Page) -> None:
    registered.drop("page_subscription", subscription_key(page))


def regime(delivery: Delivery) -> Regime:
    private = any("messaging" in item or "standby" in item for item in delivery.items)
    return MESSAGING if private else CONTENT


def repeated(items: list[Any]) -> list[Any]:
    """As Meta repeats itself: the same event in an envelope of a later second."""
    return [entry | {"time": entry["time"] + (1 if entry["time"] < 10**11 else 1000)} for entry in items]


ENDPOINT = Endpoint(
    name="meta",
    path=PATH,
    body=body,
    sign=sign,
    regime=regime,
    most=1000,
    challenge=challenge,
    address=address,
    unsubscribe=unsubscribe,
    repeated=repeated,
)
