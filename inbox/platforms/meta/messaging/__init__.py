"""Private messages of Facebook pages and Instagram accounts: one wire format, one Send API, one window."""

from inbox.platforms.meta.messaging.listing import listing, read_listed
from inbox.platforms.meta.messaging.reading import POLICY, enforced, read
from inbox.platforms.meta.messaging.writing import (
    PRIVATE,
    PRIVATE_AN_HOUR,
    control,
    find,
    mark_read,
    name_in_thread,
    react,
    send,
    window,
)

__all__ = [
    "POLICY",
    "PRIVATE",
    "PRIVATE_AN_HOUR",
    "control",
    "enforced",
    "find",
    "listing",
    "mark_read",
    "name_in_thread",
    "react",
    "read",
    "read_listed",
    "send",
    "window",
]
