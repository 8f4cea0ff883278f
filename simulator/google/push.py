"""Pub/Sub push: a thin note that a review changed, carried by a token that Google signs anew at every try."""

import base64
import hashlib
import json
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.http import HttpRequest, HttpResponse, JsonResponse

from simulator import faults, options
from simulator.models import Delivery, Page, Resource, Review
from simulator.platforms import Endpoint, Regime, number
from simulator.webhooks import deliveries
from simulator.wire import Json, dumps, seconds

ISSUER = "https://accounts.google.com"
SUBJECT = "113000000000000000001"
VERBS = {"add": "NEW_REVIEW", "edited": "UPDATED_REVIEW"}  # who takes a review away is not told
WEEK = timedelta(days=7).total_seconds()
# From ten seconds to ten minutes, then every ten minutes until the week of retention is over.
PAUSES = (10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
REGIME = Regime(PAUSES + (600.0,) * int((WEEK - sum(PAUSES)) // 600))


# --- keys ----------------------------------------------------------------------------------------


def _keys() -> list[Resource]:
    """Oldest first; the last one signs."""
    kept = list(Resource.objects.filter(platform="google", kind="key"))
    return kept or [_keep(_first_key())]


def rotate(*, forget: bool = False) -> Resource:
    """A new key signs from now on; those before stay known, unless they are to be forgotten."""
    if forget:
        Resource.objects.filter(platform="google", kind="key").delete()
    return _keep(_new_key())


def _keep(pem: str) -> Resource:
    kid = hashlib.sha256(pem.encode()).hexdigest()[:40]
    return Resource.objects.create(platform="google", kind="key", key=kid, data={"pem": pem}, created_at=options.now())


@cache
def _first_key() -> str:
    """Making one takes a good part of a second; emptying the state needs no new one."""
    return _new_key()


def _new_key() -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(*form).decode()


def certs(request: HttpRequest) -> HttpResponse:
    """https://www.googleapis.com/oauth2/v3/certs"""
    answer = JsonResponse({"keys": [_public(key) for key in _keys()]})
    answer["Cache-Control"] = "public, max-age=19845, must-revalidate, no-transform"
    return answer


def _public(key: Resource) -> Json:
    numbers = _load(key.data["pem"]).public_key().public_numbers()
    told = {"n": _base64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")), "e": _base64(b"\x01\x00\x01")}
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": key.key} | told


def _load(pem: str) -> rsa.RSAPrivateKey:
    private = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return private


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


# --- the token -----------------------------------------------------------------------------------


def sign(delivery: Delivery, body: bytes) -> dict[str, str]:
    wrong = delivery.signature or _asked_for(delivery.page)
    return {} if wrong == "none" else {"Authorization": f"Bearer {token(deliveries.address_of(delivery), wrong)}"}


def _asked_for(page: Page | None) -> str:
    fault = faults.take(page, "google_token") if page else None
    return (fault.value or "bad") if fault else ""


def token(url: str, wrong: str = "") -> str:
    """wrong: bad (signature), key (one that nobody knows), audience, issuer, expired, unverified, email."""
    key = _keys()[-1]
    private = _load(_new_key() if wrong == "key" else key.data["pem"])
    head = {"alg": "RS256", "kid": secrets.token_hex(20) if wrong == "key" else key.key, "typ": "JWT"}
    signed = f"{_part(head)}.{_part(_claims(url, wrong))}"
    proof = private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_base64(proof[:-1] + bytes([proof[-1] ^ 1]) if wrong == 'bad' else proof)}"


def _part(value: Json) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _claims(url: str, wrong: str) -> Json:
    issued = seconds(options.now()) - (7200 if wrong == "expired" else 0)
    claims = {
        "aud": options.get("google_audience") or url,
        "azp": SUBJECT,
        "email": options.get("google_push_email"),
        "email_verified": True,
        "exp": issued + 3600,
        "iat": issued,
        "iss": ISSUER,
        "sub": SUBJECT,
    }
    spoiled: dict[str, Json] = {
        "audience": {"aud": "https://somebody-else.example/push"},
        "issuer": {"iss": "https://accounts.example"},
        "unverified": {"email_verified": False},
        "email": {"email": "someone@else.iam.gserviceaccount.com"},
    }
    return claims | spoiled.get(wrong, {})


# --- the message ---------------------------------------------------------------------------------


def review_event(review: Review, verb: str, at: datetime) -> Json | None:
    return note(review, VERBS[verb], at) if verb in VERBS else None


def note(review: Review, kind: str, at: datetime) -> Json:
    """The keys of the note are spelled in two ways in Google's own pages."""
    snake = options.get("google_keys") == "snake"
    names = ("review_name", "location_name") if snake else ("reviewName", "locationName")
    told = {"notificationType": kind, names[0]: review.external_id, names[1]: review.page.external_id}
    return {"data": base64.b64encode(dumps(told).encode()).decode(), "type": kind, "at": _zulu(at)} | _ids(number(16, "4"))


def _ids(message_id: str) -> Json:
    return {"messageId": message_id, "message_id": message_id}


def _zulu(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def body(delivery: Delivery) -> bytes:
    """One message a POST. Google sends UTF-8, indented by nothing."""
    item = dict(delivery.items[0])
    published = item.pop("at")
    del item["type"]
    message = item | {"publishTime": published, "publish_time": published, "attributes": {}}
    return dumps({"message": message, "subscription": options.get("google_subscription")}).encode()


def repeated(items: list[Any]) -> list[Any]:
    """The same note published twice: another message."""
    return [item | _ids(number(16, "4")) for item in items]


ENDPOINT = Endpoint(
    name="google",
    path="/hooks/google/",
    body=body,
    sign=sign,
    regime=lambda delivery: REGIME,
    takes=lambda status: status in {102, 200, 201, 202, 204},
    timeout=10,
    repeated=repeated,
)
