"""Meta's Graph: calling it, what its refusals mean, and how much of it is left."""

from inbox.platforms.meta.graph.calls import PAGES, VARIABLES, act, address, ask, delete, exists, own, pages, read, turn, write
from inbox.platforms.meta.graph.quotas import LONGEST_PAUSE, THROTTLE_PAUSE
from inbox.platforms.meta.graph.refusals import OF_THE_CONNECTION, OF_THE_TOKEN, reason_of, refusal

__all__ = [
    "LONGEST_PAUSE",
    "OF_THE_CONNECTION",
    "OF_THE_TOKEN",
    "PAGES",
    "THROTTLE_PAUSE",
    "VARIABLES",
    "act",
    "address",
    "ask",
    "delete",
    "exists",
    "own",
    "pages",
    "read",
    "reason_of",
    "refusal",
    "turn",
    "write",
]
