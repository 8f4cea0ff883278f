from dataclasses import replace

import pytest

from inbox.channels.gaps.comparing import Held, Listed, absent, differences
from inbox.platforms.base import Kind, OwnTurn, Received
from inbox.platforms.base.events import Moderation
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND

HELD = Held("1", Kind.COMMENT, "Ouvert?", sent_at=NOON, changed_at=NOON + MINUTE)
LISTED = Received(platform="facebook", channel_id="100", external_id="1", kind=Kind.COMMENT, thread="1", text="Ouvert?", at=NOON)
LOOK = NOON + HOUR


def found(listed, ours=None, *, hidden=None, waits_for=True, looked_at=LOOK):
    held = {ours.external_id: ours} if ours else {}
    told = differences([Listed(listed, {}, hidden)], held, looked_at=looked_at, waits_for=waits_for)
    return [str(finding.found.difference) for finding in told]


@pytest.mark.parametrize(
    ("listed", "ours", "told"),
    [
        ({}, {}, []),
        ({"text": " Ouvert?\n"}, {}, []),
        ({"text": "Ouvert lundi?"}, {}, ["edited"]),
        ({"text": ""}, {}, []),  # words that we may not read
        ({"text": "Ouvert?"}, {"text": ""}, ["edited"]),
        ({"rating": "2"}, {"rating": "4"}, ["edited"]),
        ({"rating": "2"}, {}, []),
        ({}, {"removed_at": NOON + 30 * MINUTE}, ["restored"]),
        ({}, {"removed_at": LOOK - MINUTE}, []),  # the list lags behind
        ({"moderation": Moderation.APPROVED}, {"moderation": "pending"}, ["moderated"]),
        ({"moderation": Moderation.NONE}, {"moderation": "pending"}, []),
        ({"text": "Fermé?", "moderation": Moderation.APPROVED}, {"moderation": "pending"}, ["edited", "moderated"]),
        # What we learnt after the look began is newer than the list.
        ({"text": "Ouvert lundi?"}, {"changed_at": LOOK}, []),
        ({"text": "Ouvert lundi?"}, {"changed_at": LOOK - SECOND}, ["edited"]),
    ],
)
def test_what_differs_is_told_by_its_kind(listed, ours, told):
    assert found(replace(LISTED, **listed), replace(HELD, **ours)) == told


@pytest.mark.parametrize(
    ("listed", "held", "told"), [(None, True, []), (True, True, []), (True, False, ["hidden"]), (False, True, ["shown"])]
)
def test_what_a_list_does_not_tell_of_hiding_is_no_difference(listed, held, told):
    assert found(LISTED, replace(HELD, hidden=held), hidden=listed) == told


@pytest.mark.parametrize(
    ("at", "waits_for", "told"),
    [
        (LOOK - 2 * MINUTE, True, ["missing"]),
        (LOOK - MINUTE, True, []),  # its webhook is on its way
        (LOOK - MINUTE, False, ["missing"]),
        (None, True, ["missing"]),
    ],
)
def test_what_we_do_not_hold_is_missing_unless_its_webhook_may_still_come(at, waits_for, told):
    assert found(replace(LISTED, at=at), waits_for=waits_for) == told


def test_our_own_answer_is_looked_for_as_well():
    ours = OwnTurn(platform="facebook", channel_id="100", external_id="2", kind=Kind.COMMENT, thread="1", parent="1", at=NOON)

    assert found(ours, HELD) == ["missing"]


@pytest.mark.parametrize(
    ("ours", "is_absent"),
    [
        ({}, True),
        ({"sent_at": NOON - DAY}, False),  # older than what was listed
        ({"removed_at": NOON}, False),
        ({"changed_at": LOOK + SECOND}, False),  # came while we looked
    ],
)
def test_what_should_be_in_the_list_and_is_not(ours, is_absent):
    held = replace(HELD, **ours)

    assert bool(absent([], [held], since=NOON, looked_at=LOOK)) is is_absent
    assert not absent([Listed(LISTED, {})], [held], since=NOON, looked_at=LOOK)


def digest(listed, ours):
    [finding] = differences([Listed(listed, {})], {"1": ours}, looked_at=LOOK, waits_for=True)
    return finding.change


def test_a_difference_found_again_is_the_same_and_another_change_is_another():
    edited = replace(LISTED, text="Ouvert lundi?")
    back_and_forth = replace(HELD, changed_at=NOON + 2 * MINUTE)

    assert digest(edited, HELD) == digest(edited, HELD)
    assert digest(edited, HELD) != digest(replace(LISTED, text="Ouvert mardi?"), HELD)
    assert digest(edited, HELD) != digest(edited, back_and_forth)
