"""Asking Graph for message threads. Of these calls a page or an account has two a second, whatever they are asked for."""

from collections.abc import Iterator
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Connection
from inbox.platforms.meta import graph

APART = 0.5  # seconds (reference 1.7)
EDGE = "conversations"
MOST = 50  # pages, of twenty threads each

Item = dict[str, Any]


def all_of(connection: Connection, *, owner: str, platform: str, fields: str) -> Iterator[Item]:
    """Those that changed last first. Raises like `graph.pages`."""
    return graph.pages(connection, owner, EDGE, most=MOST, apart=APART, platform=platform, limit="20", fields=fields)


def with_person(person: str, connection: Connection, *, owner: str, platform: str, fields: str) -> list[Item]:
    """Raises SendNotReached or SendRefused."""
    connection.meter.space(APART)
    found = graph.read(connection, owner, EDGE, platform=platform, user_id=person, fields=fields)
    return [thread for thread in wire.sequence(found.get("data")) if isinstance(thread, dict)]
