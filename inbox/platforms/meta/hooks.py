"""Meta's webhooks, of Facebook, Instagram and WhatsApp alike: the signature, the greeting, the envelope."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from inbox.platforms import facebook, instagram, signing, whatsapp, wire
from inbox.platforms.base import AccessChanged, BadSignature, Event, Family, Hint, Unrecognised, Variable
from inbox.platforms.meta import messaging

ReadChange = Callable[[str, dict[str, Any], Any], Iterator[Event]]
PLATFORMS: dict[str, tuple[str, ReadChange]] = {
    "page": ("facebook", facebook.read_change),
    "instagram": ("instagram", instagram.read_change),
    "whatsapp_business_account": ("whatsapp", whatsapp.read_change),
}
# An account's events may come in the envelope of pages: the number alone says whose they are.
ACCOUNT = re.compile(r"17841\d{12}", re.ASCII)
NOBODY = "0"


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
        if subject not in READERS or not isinstance(entries, list):
            yield Unrecognised(platform="", channel_id="", raw=payload, reason=f"object {subject}"[:200])
            continue
        for entry in entries:
            yield from READERS[subject](subject, entry)


# --- pages and accounts ---------------------------------------------------------------------------------


def _asset(subject: str, entry: Any) -> Iterator[Event]:
    """By which key is there, as both shapes may come for either platform."""
    page, fields = _page(entry), wire.mapping(entry)
    if page == NOBODY:
        return  # the button "Test" of Meta's dashboard
    platform, read_change = PLATFORMS["instagram" if subject == "page" and ACCOUNT.fullmatch(page) else subject]
    time, known = fields.get("time"), False
    if isinstance(changes := fields.get("changes"), list):
        known = True
        for change in changes:
            yield from _safely(platform, page, change, lambda item: read_change(page, item, time))
    # On standby another app, such as Meta's own inbox, holds the thread: the person waits all the same.
    for key in ("messaging", "standby"):
        if isinstance(items := fields.get(key), list):
            known = True
            read = partial(messaging.read, platform, page, entry_time=time, standby=key == "standby")
            for item in items:
                yield from _safely(platform, page, item, read)
    if "field" in fields:
        yield from _safely(platform, page, entry, lambda item: read_change(page, item, time))
    elif page and isinstance(fields.get("changed_fields"), list):
        yield Hint(platform=platform, channel_id=page)  # as asked for without values
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


# --- permissions ----------------------------------------------------------------------------------------


def _permissions(_subject: str, entry: Any) -> Iterator[Event]:
    """A person gave or took back what our access stands on: for the pages named, or for all that they connected."""
    fields = wire.mapping(entry)
    at = wire.seconds(fields.get("time"))
    for change in wire.sequence(fields.get("changes")):
        try:
            yield from _permission(fields, wire.mapping(change), at)
        except wire.Unreadable as problem:
            yield Unrecognised(platform="", channel_id="", raw=change, reason=str(problem))


def _permission(entry: dict[str, Any], change: dict[str, Any], at: datetime | None) -> Iterator[Event]:
    value = wire.mapping(change.get("value"))
    what, verb = wire.required(change.get("field"), "permission"), wire.text(value.get("verb")) or wire.text(change.get("verb"))
    if verb not in ("granted", "revoked"):
        raise wire.Unreadable(f"permission {verb}"[:200])
    targets = [wire.required(each, "page", wire.PERSON_ID) for each in wire.sequence(value.get("target_ids"))]
    told: dict[str, Any] = {"what": what, "granted": verb == "granted", "at": at}
    for target in targets:
        yield AccessChanged(platform="instagram" if ACCOUNT.fullmatch(target) else "facebook", channel_id=target, **told)
    if not targets:
        ids = (wire.identifier(entry.get(key), wire.PERSON_ID) for key in ("uid", "id"))
        grantor = next((each for each in ids if each not in ("", NOBODY)), "")
        for platform in ("facebook", "instagram"):
            yield AccessChanged(platform=platform, channel_id="", grantor=grantor, **told)


READERS: dict[str, Callable[[str, Any], Iterator[Event]]] = dict.fromkeys(PLATFORMS, _asset) | {"permissions": _permissions}
