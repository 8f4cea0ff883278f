"""What X sends by itself: signed in its own way, one happening of one account or several."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.platforms import base, signing, wire
from inbox.platforms.base import Event
from inbox.platforms.x import messages, posts

SECRETS = base.Variable("X_CONSUMER_SECRET", "secrets", default="", development="dev-x-consumer-secret")
# Nothing that could be the beginning of a body: what we answer is our signature of what was asked.
CHALLENGE = re.compile(r"[A-Za-z0-9_=+/.-]{1,300}", re.ASCII)


class XHooks(base.Family):
    slug = "x"
    variables = (SECRETS,)

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        return list(variables["X_CONSUMER_SECRET"])

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        token, usable = params.get("crc_token", ""), signing.usable(secrets)
        if not CHALLENGE.fullmatch(token) or not usable:
            raise base.BadSignature("x: a challenge that is none")
        return "application/json", json.dumps({"response_token": _signature(usable[0], token.encode())})

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        given = signing.header(headers, "X-Twitter-Webhooks-Signature").strip()
        challenge = CHALLENGE.fullmatch(body[:400].decode("latin-1"))
        if challenge or not any(signing.equal(given, _signature(secret, body)) for secret in signing.usable(secrets)):
            raise base.BadSignature("x: the signature does not match")
        return "sha256"

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        for envelope in payload if isinstance(payload, list) else [payload]:
            told = {name: items for name, items in wire.mapping(envelope).items() if name.endswith("_events")}
            people = wire.mapping(wire.mapping(envelope).get("users"))  # beside messages, which name nobody themselves
            for name, items in told.items():
                for item in items if isinstance(items, list) else [items]:
                    yield _safely(envelope.get("for_user_id"), name, item, people)
            if not any(told.values()):
                yield base.Unrecognised(platform="x", channel_id="", raw=envelope, reason="no events")


def _signature(secret: str, signed: bytes) -> str:
    return "sha256=" + b64encode(bytes.fromhex(signing.digest(secret, signed))).decode()


def _safely(for_user: Any, name: str, raw: Any, people: Mapping[str, Any]) -> Event:
    """What cannot be read is kept as it is; what stands beside it in the same body is read all the same."""
    account = ""
    try:
        account = wire.required(for_user, "account", wire.PERSON_ID)
        who = {"platform": "x", "channel_id": account}
        if name == "direct_message_events":
            return messages.told(who, wire.mapping(raw), people)
        return posts.told(who, name, wire.mapping(raw))
    except wire.Unreadable as problem:
        return base.Unrecognised(platform="x", channel_id=account, raw={name: raw}, reason=str(problem))
