"""What Facebook, Instagram and WhatsApp share: the receiver, its handshake, how bodies are made, signed and repeated."""

import secrets
from datetime import timedelta
from typing import Any

from simulator import environment, handshakes, signing, wire
from simulator.models import Delivery
from simulator.platforms import Endpoint, Regime

APP_ID = "112233445566778"  # the app under test
NATIVE_APP_ID = "263902037430900"  # the platform's own inbox
APP_SECRETS = environment.secrets_of("META_APP_SECRET", default="dev-meta-app-secret")
INSTAGRAM_SECRETS = environment.secrets_of("INSTAGRAM_APP_SECRET", default="dev-instagram-app-secret")
VERIFY_TOKENS = environment.secrets_of("META_VERIFY_TOKEN", default="dev-verify-token")

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
    return wire.dumps_meta({"object": delivery.object, "entry": delivery.items}).encode()


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    # Deliveries of an Instagram Login app are signed with that app's own secret.
    known = INSTAGRAM_SECRETS if delivery.object == "instagram" else APP_SECRETS
    secret = known[0] if delivery.signature != "bad" else "another secret"
    return (signing.meta_legacy if delivery.signature == "sha1" else signing.meta)(secret, body)


def regime(delivery: Delivery) -> Regime:
    private = any("messaging" in item or "standby" in item for item in delivery.items)
    return MESSAGING if private else CONTENT


def repeated(items: list[Any]) -> list[Any]:
    """As Meta repeats itself: the same event in an envelope of a later second."""
    return [entry | {"time": entry["time"] + (1 if entry["time"] < 10**11 else 1000)} for entry in items]


ENDPOINT = Endpoint(
    name="meta",
    path="/hooks/meta/",
    body=body,
    sign=sign,
    regime=regime,
    most=1000,
    challenge=challenge,
    repeated=repeated,
)
