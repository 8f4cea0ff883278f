"""Each side of every boundary."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.clock import Level, Outcome, State, Target, believable, is_late, late_from, state
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND

TORONTO = ZoneInfo("America/Toronto")
MICROSECOND = timedelta(microseconds=1)
TARGET = Target(within=24 * HOUR, warnings=(6 * HOUR, 2 * HOUR))
DUE = NOON + DAY


def now_state(now: datetime) -> State:
    return state(due_at=DUE, warn_at=DUE - 6 * HOUR, ended_at=None, outcome=None, now=now)


# --- due ---------------------------------------------------------------------------------------------


def test_a_wait_is_due_after_so_much_elapsed_time():
    assert TARGET.due_at(NOON) == DUE


@pytest.mark.parametrize(
    ("started", "due"),
    [
        # Back to standard time on 2026-11-01: the day has 25 hours.
        (datetime(2026, 10, 31, 20, 0, tzinfo=TORONTO), datetime(2026, 11, 1, 19, 0, tzinfo=TORONTO)),
        # On to daylight time on 2026-03-08: the day has 23 hours.
        (datetime(2026, 3, 7, 20, 0, tzinfo=TORONTO), datetime(2026, 3, 8, 21, 0, tzinfo=TORONTO)),
        # In the hour that comes twice: the first of the two, and the second.
        (datetime(2026, 11, 1, 1, 30, tzinfo=TORONTO), datetime(2026, 11, 2, 0, 30, tzinfo=TORONTO)),
        (datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=TORONTO), datetime(2026, 11, 2, 1, 30, tzinfo=TORONTO)),
    ],
)
def test_a_day_is_86400_seconds_even_when_the_clocks_change(started, due):
    found = TARGET.due_at(started)
    assert found == due.astimezone(UTC)
    assert (found - started.astimezone(UTC)).total_seconds() == 86_400


def test_warnings_count_in_elapsed_time_across_a_clock_change():
    started = datetime(2026, 11, 1, 0, 0, tzinfo=TORONTO)  # due at 23:00 of the same day, by the wall
    assert TARGET.due_at(started) == datetime(2026, 11, 1, 23, 0, tzinfo=TORONTO).astimezone(UTC)
    assert TARGET.warn_at(started) == datetime(2026, 11, 1, 17, 0, tzinfo=TORONTO).astimezone(UTC)


def test_a_due_time_is_told_in_utc():
    assert TARGET.due_at(NOON.astimezone(TORONTO)).tzinfo is UTC


# --- late --------------------------------------------------------------------------------------------


def test_a_reply_at_the_exact_due_second_is_on_time():
    assert not is_late(DUE, DUE)


def test_a_reply_within_the_due_second_is_on_time():
    assert not is_late(DUE, DUE + SECOND - MICROSECOND)


def test_a_reply_one_second_after_is_late():
    assert is_late(DUE, DUE + SECOND)


@pytest.mark.parametrize("fraction", [timedelta(0), MICROSECOND, timedelta(microseconds=999_999)])
def test_fractions_of_the_due_second_never_make_it_later(fraction):
    assert late_from(DUE + fraction) == DUE + SECOND
    assert not is_late(DUE + fraction, DUE + SECOND - MICROSECOND)
    assert is_late(DUE + fraction, DUE + SECOND)


# --- states ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON - HOUR, State.RUNNING),  # a platform's clock ahead of ours
        (NOON, State.RUNNING),
        (DUE - 6 * HOUR - MICROSECOND, State.RUNNING),
        (DUE - 6 * HOUR, State.AT_RISK),
        (DUE - SECOND, State.AT_RISK),
        (DUE, State.AT_RISK),
        (DUE + SECOND - MICROSECOND, State.AT_RISK),
        (DUE + SECOND, State.OVERDUE),
        (DUE + 1000 * DAY, State.OVERDUE),
    ],
)
def test_a_running_wait_is_what_the_time_says(now, expected):
    assert now_state(now) == expected


@pytest.mark.parametrize(
    ("ended_at", "expected"),
    [
        (NOON, State.MET),
        (DUE, State.MET),
        (DUE + SECOND - MICROSECOND, State.MET),
        (DUE + SECOND, State.MET_LATE),
        (DUE + DAY, State.MET_LATE),
    ],
)
@pytest.mark.parametrize("looked_at", [NOON, DUE + 30 * DAY])
def test_an_answered_wait_is_met_or_late_by_the_time_of_the_answer(ended_at, expected, looked_at):
    found = state(due_at=DUE, warn_at=DUE - 6 * HOUR, ended_at=ended_at, outcome=Outcome.ANSWERED, now=looked_at)
    assert found == expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.CANCELLED, State.CANCELLED),
        (Outcome.EXCLUDED, State.EXCLUDED),
        (Outcome.CLOSED_NO_REPLY, State.CLOSED_NO_REPLY),
    ],
)
@pytest.mark.parametrize("ended_at", [NOON, DUE + DAY])
def test_a_wait_that_ended_otherwise_is_never_met_nor_late(outcome, expected, ended_at):
    found = state(due_at=DUE, warn_at=DUE - 6 * HOUR, ended_at=ended_at, outcome=outcome, now=DUE + 2 * DAY)
    assert found == expected


# --- flags -------------------------------------------------------------------------------------------

NEAR_AT, URGENT_AT, LATE_AT = DUE - 6 * HOUR, DUE - 2 * HOUR, DUE + SECOND


def test_a_wait_is_flagged_near_then_urgent_then_late():
    assert TARGET.flags(NOON) == [(NEAR_AT, Level.NEAR), (URGENT_AT, Level.URGENT), (LATE_AT, Level.LATE)]


def test_the_first_warning_is_when_a_wait_is_at_risk():
    assert TARGET.warn_at(NOON) == NEAR_AT


@pytest.mark.parametrize("within", [6 * HOUR, 5 * HOUR, MINUTE])
def test_a_warning_is_never_before_the_start(within):
    assert Target(within, (6 * HOUR, 2 * HOUR)).warn_at(NOON) == NOON


@pytest.mark.parametrize("warnings", [(6 * HOUR,), (6 * HOUR, 2 * HOUR)])
def test_late_is_flagged_however_many_warnings_there_are(warnings):
    assert Target(DAY, warnings).flags(NOON)[-1] == (LATE_AT, Level.LATE)


@pytest.mark.parametrize(
    ("now", "levels"),
    [
        (NOON, []),
        (NEAR_AT - MICROSECOND, []),
        (NEAR_AT, [Level.NEAR]),
        (URGENT_AT - MICROSECOND, [Level.NEAR]),
        (URGENT_AT, [Level.NEAR, Level.URGENT]),
        (LATE_AT - MICROSECOND, [Level.NEAR, Level.URGENT]),
        (LATE_AT, [Level.NEAR, Level.URGENT, Level.LATE]),
    ],
)
def test_a_level_is_reached_at_its_moment_and_not_before(now, levels):
    assert [level for _, level in TARGET.reached(NOON, now)] == levels


@pytest.mark.parametrize(
    ("flagged", "next_at"),
    [(None, NEAR_AT), ("", NEAR_AT), (Level.NEAR, URGENT_AT), (Level.URGENT, LATE_AT), (Level.LATE, None)],
)
def test_after_each_flag_comes_the_next_and_after_late_none(flagged, next_at):
    assert TARGET.next_flag_at(NOON, flagged) == next_at


def test_late_is_flagged_in_the_second_in_which_the_state_turns_overdue():
    assert now_state(LATE_AT) == State.OVERDUE
    assert now_state(LATE_AT - MICROSECOND) == State.AT_RISK


# --- believable --------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [NOON, NOON - 36 * HOUR, NOON + SECOND, NOON + 2 * MINUTE])
def test_the_platforms_time_is_believed_until_two_minutes_ahead(told):
    assert believable(told, NOON) == told


@pytest.mark.parametrize("told", [None, NOON + 2 * MINUTE + MICROSECOND, NOON + 365 * DAY])
def test_without_a_time_that_can_be_we_take_our_own(told):
    assert believable(told, NOON) == NOON
