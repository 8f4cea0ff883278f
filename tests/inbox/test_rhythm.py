from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.rhythm import Rhythm

MONTREAL = ZoneInfo("America/Toronto")
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday, noon in Montréal
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def every_day(hours, events=1, weeks=4, end=NOW):
    """So many events in each of these hours (local) of each day."""
    first = (end - weeks * WEEK).astimezone(MONTREAL).replace(hour=0, minute=0)
    moments = [(first + day * DAY).replace(hour=hour) for day in range(weeks * 7 + 1) for hour in hours]
    return [(moment.astimezone(UTC), events) for moment in moments if end - weeks * WEEK <= moment < end]


def rhythm(hours, events=1, weeks=4, end=NOW):
    return Rhythm.of(every_day(hours, events, weeks, end), begin=end - weeks * WEEK, end=end, zone=MONTREAL)


BUSY = range(9, 21)  # from nine to nine


@pytest.mark.parametrize(
    ("hours", "events", "weeks", "known"),
    [
        (BUSY, 1, 4, True),
        (BUSY, 1, 2, True),
        (BUSY, 5, 1, False),  # connected last week: who knows what is usual
        ([9], 1, 4, True),  # once a day
        ([], 1, 4, False),
        ([9], 1, 3, False),  # 21 events: too few to tell
    ],
)
def test_what_is_usual_is_known_only_after_a_while_and_of_a_page_that_is_not_quiet(hours, events, weeks, known):
    assert (rhythm(hours, events, weeks) is not None) is known


@pytest.mark.parametrize(
    ("silent_for", "events", "alarm"),
    [
        # One an hour since nine: after three hours of silence a chance of 5 in 100.
        (3 * HOUR, 1, False),
        # Four an hour: 6 in a million, and yet not before three hours.
        (3 * HOUR, 4, True),
        (3 * HOUR - timedelta(seconds=1), 4, False),
        # Bursts count as four.
        (3 * HOUR, 40, True),
        # The night is always silent: from 20:00 on it is as if 9:00 to noon had passed.
        (16 * HOUR, 1, False),
        (18 * HOUR, 1, True),
    ],
)
def test_the_alarm_comes_where_such_a_silence_has_a_chance_of_less_than_one_in_a_hundred(silent_for, events, alarm):
    assert rhythm(BUSY, events).is_broken(NOW - silent_for, NOW) is alarm


def test_the_expected_number_adds_up_over_parts_of_hours():
    usual = rhythm(BUSY)

    assert usual.expected(NOW - timedelta(minutes=90), NOW) == pytest.approx(1.5)
    assert usual.expected(NOW - timedelta(minutes=30), NOW) == pytest.approx(0.5)
    assert usual.expected(NOW, NOW) == 0


def test_a_clock_change_moves_the_hours_of_the_wall_not_those_of_the_rhythm():
    sunday_before = datetime(2026, 10, 25, 17, 0, tzinfo=UTC)  # 13:00 in summer time
    usual = rhythm([13], 4, end=sunday_before + DAY)
    after_the_change = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)  # 13:00 in winter time

    assert usual.expected(after_the_change, after_the_change + HOUR) == pytest.approx(4, rel=0.05)
    assert usual.expected(after_the_change - HOUR, after_the_change) == 0


def test_a_page_that_was_away_for_months_is_judged_by_four_weeks():
    assert rhythm(BUSY).is_broken(NOW - 400 * DAY, NOW)
