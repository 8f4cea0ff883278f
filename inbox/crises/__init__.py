"""Somebody may be in danger: what opens such a crisis and ends it, who is alerted, what may be answered, what is shown."""

from inbox.crises.alerts import NotPossible, acknowledge, alert_due, may_be_closed, waits_for
from inbox.crises.answers import ANSWERED, Allowed, allowed
from inbox.crises.course import attend, attend_here, close, mark, pass_over, put_back, removed, reopen, resolve

__all__ = [
    "ANSWERED",
    "Allowed",
    "NotPossible",
    "acknowledge",
    "alert_due",
    "allowed",
    "attend",
    "attend_here",
    "close",
    "mark",
    "may_be_closed",
    "pass_over",
    "put_back",
    "removed",
    "reopen",
    "resolve",
    "waits_for",
]
