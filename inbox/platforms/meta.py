"""Meta's webhooks, of Facebook, Instagram and WhatsApp alike: the signature, the greeting, the envelope."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inbox.platforms import facebook, instagram, messaging, signing, whatsapp, wire
from inbox.platforms.base import BadSignature, Event, Family, Unrecognised, Variable

ReadChange = Callable[[str, dict[str, Any], Any], Iterator[Event]]
PLATFORMS: dict[str, tuple[str, ReadChange]] = {
    "page": ("facebook", facebook.read_change),
    "instagram": ("instagram", instagram.read_change),
    "whatsapp_business_account": ("whatsapp", whatsapp.read_change),
}


class MetaHooks(Family):
    slug = "meta"
    variables = (
        Variable("META_APP_SECRET", "secrets", development="dev-meta-app-secret"),
        Variable("INSTAGRAM_APP_SECRET", "secrets", development="dev-instagram-app-secret"),
        Variable("META_VERIFY_TOKEN", "secrets", development="dev-verify-token"),
    )

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        return [*variables["META_APP_SECRET"], *variables["INSTAGRAM_APP_SECRET"]]

    def verify_tokens(self, variables: Mapping[str, Any]) -> list[str]:
        return list(variables["META_VERIFY_TOKEN"])

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        given, challenge = params.get("hub.verify_token", ""), params.get("hub.challenge", "")
        matches = [signing.equal(given, token) for token in signing.usable(verify_tokens)]
        if params.get("hub.mode") != "subscribe" or not challenge or not any(matches):
            raise BadSignature("meta: a greeting without our verify token")
        return "text/plain", challenge

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        # Over the raw bytes: decoded and written anew, nearly every French text would have another digest.
        given = signing.header(headers, "X-Hub-Signature-256").strip()
        matches = [signing.equal(given, f"sha256={signing.digest(secret, body)}") for secret in signing.usable(secrets)]
        if not any(matches):
            raise BadSignature("meta: the signature does not match")
        return "sha256"

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        # Instagram's documents sometimes wrap the whole in a list.
        return _envelopes(payload if isinstance(payload, list) else [payload])


def _envelopes(payloads: list[Any]) -> Iterator[Event]:
    for payload in payloads:
        envelope = wire.mapping(payload)
        entries = envelope.get("entry")
        subject = wire.text(envelope.get("object"))
        if subject not in PLATFORMS or not isinstance(entries, list):
            yield Unrecognised(platform="", channel_id="", raw=payload, reason=f"object {subject}"[:200])
            continue
        for entry in entries:
            yield from _entry(entry, *PLATFORMS[subject])


def _entry(entry: Any, platform: str, read_change: ReadChange) -> Iterator[Event]:
    """By which key is there, as both shapes may come for either platform."""
    page = _page(entry)
    fields = wire.mapping(entry)
    known = False
    if isinstance(changes := fields.get("changes"), list):
        known = True
        for change in changes:
            yield from _safely(platform, page, change, lambda item: read_change(page, item, fields.get("time")))
    # On standby another app, such as Meta's own inbox, holds the thread: the person waits all the same.
    for key in ("messaging", "standby"):
        if isinstance(items := fields.get(key), list):
            known = True
            for item in items:
                yield from _safely(platform, page, item, lambda item: messaging.read(platform, page, item, fields.get("time")))
    if "field" in fields:
        yield from _safely(platform, page, entry, lambda item: read_change(page, item, fields.get("time")))
    elif not known:
        yield Unrecognised(platform=platform, channel_id=page, raw=entry, reason="an entry without anything that is known")


def _page(entry: Any) -> str:
    try:
        return wire.identifier(wire.mapping(entry).get("id"), wire.PERSON_ID)
    except wire.Unreadable:
        return ""


def _safely(platform: str, page: str, item: Any, read: Callable[[dict[str, Any]], Iterator[Event]]) -> Iterator[Event]:
    """What cannot be read is kept as it is; what stands beside it in the same body is read all the same."""
    try:
        if not page:
            raise wire.Unreadable("an entry that names no page")
        if not isinstance(item, dict):
            raise wire.Unreadable("not an object")
        yield from read(item)
    except wire.Unreadable as problem:
        yield Unrecognised(platform=platform, channel_id=page, raw=item, reason=str(problem))
