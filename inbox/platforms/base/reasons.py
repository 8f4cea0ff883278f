"""Why a platform refused, in classes that a person can act on."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a platform refused, in classes a person can act on (reference: error taxonomy)."""

    THROTTLED = "throttled"
    POLICY_BLOCK = "policy_block"
    ACCOUNT_LOCKED = "account_locked"
    TOKEN_DEAD = "token_dead"  # noqa: S105
    PERMISSION = "permission"
    WINDOW_CLOSED = "window_closed"
    OPTED_OUT = "opted_out"
    RECIPIENT_UNAVAILABLE = "recipient_unavailable"
    THREAD_OWNED = "thread_owned"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"
    ALREADY_REPLIED = "already_replied"
    ALREADY_ANSWERED = "already_answered"  # in the one place that there is for an answer
    TOO_LONG = "too_long"
    DUPLICATE = "duplicate"  # the same words, in the same place, a moment ago
    UNVERIFIED = "unverified"  # our page has yet to prove to the platform who it is
    INVALID = "invalid"
    OUTDATED = "outdated"  # the platform has retired the version of its interface that we speak
    OTHER = "other"
