"""What we read off a platform's listing ourselves, kept as a delivery like any webhook: one way into the inbox."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Connector,
    Difference,
    Edited,
    Event,
    Moderated,
    PostPublished,
    Removed,
    Restored,
    Turn,
    Unrecognised,
    VisibilityChanged,
)

# No receiver has these names: nobody can post one.
ENDPOINT = "listing"  # what a listing holds and we do not
FETCHED = "fetched"  # what a webhook had named and not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference between what a platform lists and what we hold. item: as it was listed; empty of what is gone."""

    difference: Difference
    external_id: str
    seen_at: datetime
    item: dict[str, Any] = field(default_factory=dict)


def body_of(platform: str, channel_id: str, items: Sequence[dict[str, Any]], *, at: datetime) -> bytes:
    """Items as the platform gave them, to be read like webhooks. at: told with them, as they may read like those of before."""
    return _body(platform, channel_id, items=items, fetched_at=at.isoformat())


def differences_of(platform: str, channel_id: str, found: Sequence[Found]) -> bytes:
    differences = [
        {
            "difference": each.difference,
            "external_id": each.external_id,
            "seen_at": each.seen_at.isoformat(),
            "item": each.item,
        }
        for each in found
    ]
    return _body(platform, channel_id, differences=differences)


def _body(platform: str, channel_id: str, **kept: Any) -> bytes:
    return json.dumps({"platform": platform, "channel_id": channel_id, **kept}, sort_keys=True).encode()


def parse(body: bytes, connector_of: Callable[[str], Connector]) -> Iterator[Event]:
    """Raises Malformed."""
    kept = wire.mapping(wire.load(body))
    platform, channel_id = wire.text(kept.get("platform")), wire.text(kept.get("channel_id"))
    connector = connector_of(platform)
    for item in wire.sequence(kept.get("items")):
        yield from _read(lambda raw: connector.read_listed(channel_id, raw), item, platform, channel_id)
    for item in wire.sequence(kept.get("differences")):
        yield from _read(lambda raw: _events(_found(raw), connector, channel_id), item, platform, channel_id)


def _read(read: Callable[[dict[str, Any]], Iterator[Event]], item: Any, platform: str, channel_id: str) -> Iterator[Event]:
    try:
        yield from read(wire.mapping(item))
    except wire.Unreadable as problem:
        yield Unrecognised(platform=platform, channel_id=channel_id, raw=item, reason=str(problem))


def _found(kept: dict[str, Any]) -> Found:
    seen_at, difference = wire.iso(kept.get("seen_at")), wire.text(kept.get("difference"))
    if seen_at is None or difference not in set(Difference):
        raise wire.Unreadable("no difference that is known")
    return Found(
        difference=Difference(difference),
        external_id=wire.required(kept.get("external_id"), "external_id"),
        seen_at=seen_at,
        item=wire.mapping(kept.get("item")),
    )


def _events(found: Found, connector: Connector, channel_id: str) -> Iterator[Event]:
    """What this one difference says, and nothing else that its item tells as well: a webhook may know that better."""
    about: dict[str, Any] = {"platform": connector.slug, "channel_id": channel_id, "external_id": found.external_id}
    about["at"] = found.seen_at
    if found.difference is Difference.REMOVED:
        yield Removed(**about)
        return
    for event in connector.read_listed(channel_id, found.item):
        if _subject(event) != found.external_id:
            continue
        match found.difference, event:
            case Difference.MISSING, _:
                yield event
            case Difference.EDITED, Turn():
                yield Edited(**about, text=event.text, rating=event.rating)
            case Difference.RESTORED, Turn():
                yield Restored(**about, text=event.text)
            case Difference.MODERATED, Turn():
                yield Moderated(**about, state=event.moderation, refusal=event.refusal)
            case ((Difference.HIDDEN | Difference.SHOWN), VisibilityChanged()):
                yield replace(event, at=found.seen_at)


def _subject(event: Event) -> str:
    return event.post.external_id if isinstance(event, PostPublished) else str(getattr(event, "external_id", ""))
