"""LinkedIn's receiver: the challenge that comes every two hours, the signature in its two forms, the envelope."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import signing, wire
from inbox.platforms.base import BadSignature, Event, Family, Unrecognised, Variable
from inbox.platforms.linkedin import reading

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PREFIX = "hmacsha256="
# Nothing that could be the beginning of a body: what we answer is our signature of what was asked.
CHALLENGE = re.compile(r"[A-Za-z0-9-]{1,128}", re.ASCII)


class LinkedInHooks(Family):
    slug = "linkedin"
    keeps = timedelta(hours=48)
    unsigned_status = 401
    variables = (Variable("LINKEDIN_CLIENT_SECRET", "secrets", development="dev-linkedin-client-secret"),)

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        return list(variables["LINKEDIN_CLIENT_SECRET"])

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        code, usable = params.get("challengeCode", ""), signing.usable(secrets)
        if not CHALLENGE.fullmatch(code) or not usable:
            raise BadSignature("linkedin: a challenge that is none")
        answer = {"challengeCode": code, "challengeResponse": signing.digest(usable[0], code.encode())}
        return "application/json", json.dumps(answer)

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        if CHALLENGE.fullmatch(body[:200].decode("latin-1")):
            # Whoever asks is told our signature of such words: it proves nothing of who sent them.
            raise BadSignature("linkedin: a challenge is no delivery")
        given = signing.header(headers, "X-LI-Signature").strip().lower().removeprefix(PREFIX)
        # The documents sign a prefix and the body, what is seen in the field the body alone. Both prove the secret.
        for form, signed in (("prefixed", PREFIX.encode() + body), ("bare", body)):
            if any(signing.equal(given, signing.digest(secret, signed)) for secret in signing.usable(secrets)):
                return form
        raise BadSignature("linkedin: the signature does not match")

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        for envelope in payload if isinstance(payload, list) else [payload]:
            yield from _notifications(wire.mapping(envelope), envelope)


def _notifications(envelope: dict[str, Any], raw: Any) -> Iterator[Event]:
    notifications = envelope.get("notifications")
    if envelope.get("type") != TYPE or not isinstance(notifications, list):
        reason = f"type {wire.text(envelope.get('type'))}"
        yield Unrecognised(platform="linkedin", channel_id="", raw=raw, reason=reason[:200])
        return
    for notification in notifications:
        yield from _safely(notification)


def _safely(raw: Any) -> Iterator[Event]:
    """What cannot be read is kept as it is; what stands beside it in the same body is read all the same."""
    organization = ""
    try:
        notification = wire.mapping(raw)
        organization = wire.required(notification.get("organizationalEntity"), "organization", wire.PERSON_ID)
        yield from reading.notification(organization, notification)
    except wire.Unreadable as problem:
        yield Unrecognised(platform="linkedin", channel_id=organization, raw=raw, reason=str(problem))
