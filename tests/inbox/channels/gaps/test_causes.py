from dataclasses import replace

import pytest

from inbox.channels.gaps.causes import Evidence, cause_of
from inbox.platforms.base import Difference
from tests.factories import DAY, NOON, SECOND

PLAIN = Evidence(Difference.MISSING, posted_at=NOON, connected_at=NOON - DAY, told=True)


def evidence(**more):
    known = {name: frozenset(value) if isinstance(value, list) else value for name, value in more.items()}
    return replace(PLAIN, **known)


@pytest.mark.parametrize(
    ("known", "cause"),
    [
        (evidence(), "dropped"),
        (evidence(posted_at=NOON - DAY), "dropped"),
        (evidence(posted_at=NOON - DAY - SECOND), "history"),
        (evidence(posted_at=None), "dropped"),
        # A change to what is older than the connection is a change of today.
        (evidence(posted_at=NOON - DAY - SECOND, difference=Difference.EDITED), "dropped"),
        (evidence(told=False), "never_told"),
        (evidence(told=False, outcomes=["failed"]), "never_told"),
        (evidence(outcomes=["failed"]), "failed"),
        (evidence(outcomes=["failed", "partly", "waits"]), "failed"),
        (evidence(outcomes=["partly", "waits"]), "set_aside"),
        (evidence(outcomes=["waits"], troubles=["unsubscribed"]), "waits"),
        (evidence(troubles=["disconnected", "unsubscribed"]), "disconnected"),
        (evidence(troubles=["token_dead", "unsubscribed"]), "unsubscribed"),
        (evidence(troubles=["fields_missing", "token_dead"]), "fields_missing"),
        (evidence(troubles=["token_dead", "down"]), "token_dead"),
        (evidence(troubles=["down"], turned_away=True), "down"),
        (evidence(turned_away=True), "turned_away"),
        # These alone keep no webhook from coming.
        (evidence(troubles=["silent", "unreachable", "permission"]), "dropped"),
    ],
)
def test_the_most_certain_cause_is_the_one_told(known, cause):
    assert cause_of(known) == cause
