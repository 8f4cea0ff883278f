"""The receiver: a Pub/Sub push, which carries a token that Google signed for us rather than a signature of its body."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from inbox.platforms import http, signing, wire
from inbox.platforms.base import (
    BadSignature,
    CannotVerify,
    Event,
    Family,
    Greeted,
    Hint,
    Malformed,
    SendError,
    Unrecognised,
    Variable,
)

ISSUERS = ("https://accounts.google.com", "accounts.google.com")  # no set: a claim may be of any type, also one without a hash
CLOCKS_DIFFER = timedelta(minutes=1)
AT_MOST_ONCE_A = timedelta(minutes=1)  # the keys are asked for
KEPT, STILL_GOOD = timedelta(hours=1), timedelta(days=1)  # as long as all is well; and while Google cannot be asked
ASKED_WITHIN = 5.0  # seconds

REVIEWS = {"NEW_REVIEW", "UPDATED_REVIEW"}
NOT_OURS = {
    "GOOGLE_UPDATE",
    "NEW_CUSTOMER_MEDIA",
    "NEW_QUESTION",
    "UPDATED_QUESTION",
    "NEW_ANSWER",
    "UPDATED_ANSWER",
    "DUPLICATE_LOCATION",
    "LOSS_OF_VOICE_OF_MERCHANT",
    "VOICE_OF_MERCHANT_UPDATED",
}
NAME = re.compile(r"(?:accounts/[\w-]+/)?(locations/[\w-]+)(/reviews/[\w=-]+)?", re.ASCII)
REVIEW_KEYS = ("reviewName", "review_name", "review", "resourceName", "resource_name", "name")
LOCATION_KEYS = ("locationName", "location_name", "location")


class GoogleHooks(Family):
    slug = "google"
    unsigned_status = 401
    variables = (
        Variable("GOOGLE_CERTS_URL", "url", default="https://www.googleapis.com"),
        Variable("GOOGLE_PUSH_AUDIENCE", "secrets", default=""),
        Variable("GOOGLE_PUSH_ACCOUNT", "text", default="", development="push@comptoir.iam.gserviceaccount.com"),
    )

    def __init__(self) -> None:
        self.keys = Keys()

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        """What a token must say, and who vouches for it: audience, account, and where the keys are."""
        audiences = variables["GOOGLE_PUSH_AUDIENCE"] or [f"{variables['PUBLIC_URL']}/hooks/google/"]
        return [f"{audience} {variables['GOOGLE_PUSH_ACCOUNT']} {variables['GOOGLE_CERTS_URL']}" for audience in audiences]

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        scheme, _, token = signing.header(headers, "Authorization").partition(" ")
        kid, claims = _unproven(token.strip() if scheme.lower() == "bearer" else "")
        for secret in secrets:
            audience, account, certs = (*secret.split(" "), "", "")[:3]
            if _says(claims, audience, account, now):
                _prove(token.strip(), self.keys.get(kid, certs, now=now))
                return "oidc"
        raise BadSignature("google: a token that is not for us")

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        for each in payload if isinstance(payload, list) else [payload]:
            yield _event(each)


# --- the token --------------------------------------------------------------------------------------


def _unproven(token: str) -> tuple[str, dict[str, Any]]:
    """The key that is said to have signed, and what is claimed: nothing is asked of anybody for a token that is none."""
    try:
        head = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise BadSignature("google: no token") from None
    if head.get("alg") != "RS256" or not isinstance(head.get("kid"), str):
        raise BadSignature("google: a token of another kind")
    return head["kid"], claims


def _says(claims: dict[str, Any], audience: str, account: str, now: datetime) -> bool:
    expires = claims.get("exp")
    return (
        bool(audience and account)
        and claims.get("iss") in ISSUERS
        and claims.get("aud") == audience
        and claims.get("email") == account
        and claims.get("email_verified") is True
        and isinstance(expires, int | float)
        and expires > (now - CLOCKS_DIFFER).timestamp()
    )


def _prove(token: str, key: jwt.PyJWK) -> None:
    unasked = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
    try:
        jwt.decode(token, key, algorithms=["RS256"], options=unasked)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError):
        raise BadSignature("google: the signature does not match") from None


@dataclass(slots=True)
class _Kept:
    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    asked_at: datetime | None = None
    told_at: datetime | None = None


class Keys:
    """Google's public keys, kept in the memory of one process. A key that is not known is asked for, at most once a minute."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def get(self, kid: str, url: str, *, now: datetime) -> jwt.PyJWK:
        """Raises BadSignature for a key that Google does not have, CannotVerify when it cannot say."""
        kept = self._kept.setdefault(url, _Kept())
        if not (kid in kept.keys and _within(KEPT, kept.told_at, now)) and not _within(AT_MOST_ONCE_A, kept.asked_at, now):
            kept.asked_at = now
            self._ask(kept, url, now)
        if kid in kept.keys and _within(STILL_GOOD, kept.told_at, now):
            return kept.keys[kid]
        if kept.told_at is None or kept.told_at != kept.asked_at:
            raise CannotVerify("google does not tell its keys")
        raise BadSignature("google: a key that is not Google’s")

    def _ask(self, kept: _Kept, url: str, now: datetime) -> None:
        try:
            answer = http.get(f"{url}/oauth2/v3/certs", token=http.NOBODY, read=ASKED_WITHIN)
        except SendError:
            return
        if answer.ok and (keys := dict(_keys(answer.data.get("keys")))):
            kept.keys, kept.told_at = keys, now


def _within(span: timedelta, since: datetime | None, now: datetime) -> bool:
    return since is not None and timedelta(0) <= now - since < span


def _keys(told: Any) -> Iterator[tuple[str, jwt.PyJWK]]:
    for each in wire.sequence(told):
        kid = wire.text(wire.mapping(each).get("kid"))
        try:
            if kid:
                yield kid, jwt.PyJWK(each, algorithm="RS256")
        except (jwt.PyJWTError, ValueError, TypeError):
            continue  # of a kind that we need not know


# --- the note ---------------------------------------------------------------------------------------


def _event(raw: Any) -> Event:
    channel = ""
    try:
        told = _note(wire.mapping(wire.mapping(raw).get("message")).get("data"))
        channel, review = _names(told)
        match wire.text(told.get("notificationType") or told.get("notification_type")):
            case kind if kind in REVIEWS:
                return Hint(platform="google", channel_id=channel, external_id=f"{channel}{review}" if review else "")
            case kind if kind in NOT_OURS:
                return Greeted(platform="google", channel_id=channel)  # known, and nobody waits for an answer to it
            case kind:
                raise wire.Unreadable(f"notification {kind}"[:200])
    except wire.Unreadable as problem:
        return Unrecognised(platform="google", channel_id=channel, raw=raw, reason=str(problem))


def _note(data: Any) -> dict[str, Any]:
    try:
        return wire.mapping(wire.load(base64.b64decode(wire.text(data), validate=True)))
    except (binascii.Error, ValueError, Malformed):
        raise wire.Unreadable("a message that is no note of ours") from None


def _names(told: dict[str, Any]) -> tuple[str, str]:
    """The location, and the review below it: both have been seen under several names, and with and without their account."""
    found = [match for key in (*REVIEW_KEYS, *LOCATION_KEYS) if (match := NAME.fullmatch(wire.text(told.get(key))))]
    location = wire.required(next((match[1] for match in found), ""), "location", wire.PERSON_ID)
    review = next((match[2] for match in found if match[2]), "")
    wire.identifier(location + review)
    return location, review
