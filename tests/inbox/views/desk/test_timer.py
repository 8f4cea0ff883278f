from datetime import timedelta

import pytest

from inbox.clock import State
from inbox.desk.timer import Timer, sentences, span
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND

DUE = NOON + DAY


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "under 1 min"),
        (-MINUTE, "under 1 min"),
        (MINUTE - SECOND, "under 1 min"),
        (MINUTE, "1 min"),
        (HOUR - SECOND, "59 min"),
        (HOUR, "1 h"),
        (3 * HOUR + 5 * MINUTE, "3 h 05"),
        (10 * HOUR - SECOND, "9 h 59"),
        (10 * HOUR + 59 * MINUTE, "10 h"),
        (2 * DAY - SECOND, "47 h"),
        (2 * DAY, "2 d"),
        (3 * DAY + 4 * HOUR, "3 d 4 h"),
    ],
)
def test_a_span_is_as_exact_as_one_needs_to_know(length, words):
    assert span(length) == words


def timer(state, *, now, ended_at=None):
    return Timer(state, NOON, DUE - 6 * HOUR, DUE, ended_at, now)


@pytest.mark.parametrize(
    ("state", "now", "ended_at", "words", "icon"),
    [
        (State.RUNNING, NOON + 3 * HOUR, None, "21 h left", "timer-running"),
        (State.AT_RISK, DUE - 100 * MINUTE, None, "1 h 40 left", "timer-at_risk"),
        (State.OVERDUE, DUE + 130 * MINUTE, None, "2 h 10 overdue", "timer-overdue"),
        (State.MET, DUE, NOON + 3 * HOUR, "answered in 3 h", "timer-met"),
        (State.MET_LATE, DUE + DAY, DUE + HOUR, "answered late, in 25 h", "timer-met_late"),
        (State.EXCLUDED, DUE, NOON, "no clock: excluded", "timer-none"),
        (State.CANCELLED, DUE, NOON, "taken back", "timer-none"),
        (State.CLOSED_NO_REPLY, DUE, NOON, "closed without a reply", "timer-none"),
    ],
)
def test_each_state_has_its_words_and_its_drawing(state, now, ended_at, words, icon):
    shown = timer(state, now=now, ended_at=ended_at)

    assert (shown.words, shown.icon) == (words, icon)


def test_the_script_says_the_same_words():
    assert sentences()["left"] % {"time": span(100 * MINUTE)} == timer(State.AT_RISK, now=DUE - 100 * MINUTE).words
