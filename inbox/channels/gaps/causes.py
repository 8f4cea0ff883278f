"""Why a webhook did not tell what a listing did: from evidence, most certain first. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from inbox.models.watching import Gap, Trouble
from inbox.platforms.base import Difference

Cause, Kind = Gap.Cause, Trouble.Kind

# What a delivery in which it was found came to; the worst that is known of it.
BY_OUTCOME = {"failed": Cause.FAILED, "partly": Cause.SET_ASIDE, "waits": Cause.WAITS}
# What was wrong at that time, the plainest reason first.
BY_TROUBLE = {
    Kind.DISCONNECTED: Cause.DISCONNECTED,
    Kind.UNSUBSCRIBED: Cause.UNSUBSCRIBED,
    Kind.FIELDS_MISSING: Cause.FIELDS_MISSING,
    Kind.TOKEN_DEAD: Cause.TOKEN_DEAD,
    Kind.DOWN: Cause.DOWN,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the time in which the webhook should have come."""

    difference: Difference
    posted_at: datetime | None
    connected_at: datetime
    told: bool  # whether the platform has a webhook for it at all
    outcomes: frozenset[str] = frozenset()  # of the deliveries that name it: failed, partly, waits
    troubles: frozenset[str] = field(default=frozenset())  # kinds that lasted at that time
    turned_away: bool = False  # the receiver refused webhooks then


def cause_of(evidence: Evidence) -> Gap.Cause:
    if evidence.difference is Difference.MISSING and evidence.posted_at and evidence.posted_at < evidence.connected_at:
        return Cause.HISTORY
    if not evidence.told:
        return Cause.NEVER_TOLD
    for outcome, cause in BY_OUTCOME.items():
        if outcome in evidence.outcomes:
            return cause
    for trouble, cause in BY_TROUBLE.items():
        if trouble in evidence.troubles:
            return cause
    return Cause.TURNED_AWAY if evidence.turned_away else Cause.DROPPED
