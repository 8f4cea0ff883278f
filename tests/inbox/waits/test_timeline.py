from itertools import permutations

import pytest

from inbox.clock import Outcome
from inbox.waits.timeline import Stretch, Turn, stretches
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND

MILLISECOND = SECOND / 1000


def asks(key, at, removed_at=None, counts=True):
    return Turn(key, at, inbound=True, removed_at=removed_at, counts=counts)


def answers(key, at, ours=True):
    return Turn(key, at, inbound=False, ours=ours)


def test_a_question_opens_a_stretch_at_its_own_time():
    assert stretches([asks(1, NOON)]) == [Stretch(NOON, [1])]


def test_further_messages_extend_the_stretch_and_do_not_move_its_start():
    assert stretches([asks(1, NOON), asks(2, NOON + HOUR)]) == [Stretch(NOON, [1, 2])]


def test_an_answer_ends_the_stretch_at_the_answers_time():
    [only] = stretches([asks(1, NOON), asks(2, NOON + HOUR), answers(3, NOON + 2 * HOUR)])

    assert (only.ended_at, only.outcome, only.answer) == (NOON + 2 * HOUR, Outcome.ANSWERED, 3)


def test_a_question_after_the_answer_opens_a_new_stretch():
    first, second = stretches([asks(1, NOON), answers(2, NOON + HOUR), asks(3, NOON + DAY)])

    assert first.outcome == Outcome.ANSWERED
    assert second == Stretch(NOON + DAY, [3])


def test_an_answer_that_nobody_waited_for_opens_nothing():
    assert stretches([answers(1, NOON)]) == []


def test_the_order_in_which_turns_are_told_changes_nothing():
    turns = [asks(1, NOON), answers(2, NOON + HOUR), asks(3, NOON + 2 * HOUR, NOON + 3 * HOUR), asks(4, NOON + 4 * HOUR)]
    expected = stretches(turns)

    assert all(stretches(order) == expected for order in permutations(turns))


def test_taking_back_the_only_question_cancels_the_wait_at_that_moment():
    [only] = stretches([asks(1, NOON, removed_at=NOON + HOUR)])

    assert (only.ended_at, only.outcome) == (NOON + HOUR, Outcome.CANCELLED)


def test_while_one_message_still_waits_the_start_stays_where_it_was():
    [only] = stretches([asks(1, NOON, removed_at=NOON + 2 * HOUR), asks(2, NOON + HOUR)])

    assert only == Stretch(NOON, [1, 2])


def test_a_removal_after_the_answer_leaves_the_result_as_it_was():
    [only] = stretches([asks(1, NOON, removed_at=NOON + DAY), answers(2, NOON + HOUR)])

    assert (only.ended_at, only.outcome) == (NOON + HOUR, Outcome.ANSWERED)


def test_a_removal_told_with_an_earlier_time_than_the_message_takes_effect_at_the_message():
    [only] = stretches([asks(1, NOON, removed_at=NOON - HOUR)])

    assert only.ended_at == NOON


def test_a_message_that_a_person_dealt_with_by_hand_opens_nothing():
    assert stretches([asks(1, NOON, counts=False)]) == []


@pytest.mark.parametrize(
    ("asked", "answered", "open_after"),
    [
        (NOON, NOON, False),  # both told to the second: the answer came after
        (NOON + 300 * MILLISECOND, NOON, False),  # the answer's time is rounded down
        (NOON + 300 * MILLISECOND, NOON + 100 * MILLISECOND, True),  # both told exactly: it answered something earlier
        (NOON + SECOND, NOON, True),
    ],
)
def test_within_one_second_an_answer_comes_after_the_question_unless_told_exactly(asked, answered, open_after):
    found = stretches([asks(1, asked), answers(2, answered)])

    assert (found[-1].ended_at is None) is open_after


@pytest.mark.parametrize(("after", "ends"), [(0, False), (3, False), (4, True)])
def test_an_answer_typed_elsewhere_faster_than_a_person_can_is_a_machines_and_stops_nothing(after, ends):
    [only] = stretches([asks(1, NOON), answers(2, NOON + after * SECOND, ours=False)])

    assert (only.outcome == Outcome.ANSWERED) is ends


def test_our_own_answer_counts_however_fast():
    [only] = stretches([asks(1, NOON), answers(2, NOON + SECOND)])

    assert only.outcome == Outcome.ANSWERED


def test_a_person_answering_after_the_machine_stops_the_clock():
    [only] = stretches([asks(1, NOON), answers(2, NOON + SECOND, ours=False), answers(3, NOON + MINUTE, ours=False)])

    assert only.answer == 3
