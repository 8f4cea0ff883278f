"""What may be done to a message or a thread beside answering: offered where the platform has it, asked for, done, recorded.

Each action may be repeated without harm, so that an uncertain one is simply tried again. None of them stops a clock; what a
person deletes, or refuses to publish, leaves the figures with its reason and its name.
"""

from inbox.moderation.asking import NotPossible, ask, ask_again, take_back
from inbox.moderation.doing import MAX_ATTEMPTS, STALE_AFTER, do, do_due, platforms_due
from inbox.moderation.offering import ON_THREADS, missing, offered, offered_on_thread

__all__ = [
    "MAX_ATTEMPTS",
    "ON_THREADS",
    "STALE_AFTER",
    "NotPossible",
    "ask",
    "ask_again",
    "do",
    "do_due",
    "missing",
    "offered",
    "offered_on_thread",
    "platforms_due",
    "take_back",
]
