"""The waits of a conversation: drawn from its turns, ended by hand, flagged by the clock."""

from inbox.waits.course import JOINED, NotPossible, begun, end_by_hand, exclude, flag_due, release, reopen, running, settle, told

__all__ = [
    "JOINED",
    "NotPossible",
    "begun",
    "end_by_hand",
    "exclude",
    "flag_due",
    "release",
    "reopen",
    "running",
    "settle",
    "told",
]
