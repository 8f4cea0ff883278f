"""What we read off a platform's listing ourselves, kept as a delivery like any webhook: one way into the inbox."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Connector, Event, Unrecognised

ENDPOINT = "listing"  # no receiver has this name: nobody can post one


def body_of(platform: str, channel_id: str, items: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"platform": platform, "channel_id": channel_id, "items": items}, sort_keys=True).encode()


def parse(body: bytes, connector_of: Callable[[str], Connector]) -> Iterator[Event]:
    """Raises Malformed."""
    kept = wire.mapping(wire.load(body))
    platform, channel_id = wire.text(kept.get("platform")), wire.text(kept.get("channel_id"))
    for item in wire.sequence(kept.get("items")):
        try:
            yield from connector_of(platform).read_listed(channel_id, wire.mapping(item))
        except wire.Unreadable as problem:
            yield Unrecognised(platform=platform, channel_id=channel_id, raw=item, reason=str(problem))
