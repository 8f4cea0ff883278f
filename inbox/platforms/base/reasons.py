"""Why a platform refused, in classes that a person can act on."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a platform refused, in classes a person can act on (reference: error taxonomy)."""

    THROTTLED = "throttled"
    POLICY_BLOCK = "policy_block"
    TOKEN_DEAD = "token_dead"  # noqa: S105
    PERMISSION = "permission"
    WINDOW_CLOSED = "window_closed"
    RECIPIENT_UNAVAILABLE = "recipient_unavailable"
    THREAD_OWNED = "thread_owned"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"
    ALREADY_REPLIED = "already_replied"
    TOO_LONG = "too_long"
    INVALID = "invalid"
    OUTDATED = "outdated"  # the platform has retired the version of its interface that we speak
    OTHER = "other"
