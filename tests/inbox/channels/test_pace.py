from datetime import timedelta

import pytest

from inbox.channels import pace

QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("quota_used", "minutes"), [(None, 15), (0, 15), (49, 15), (50, 30), (74, 30), (75, 60), (89, 60), (90, 120), (250, 120)]
)
def test_looks_come_more_rarely_as_the_quota_is_used_up(quota_used, minutes):
    assert pace.every(QUARTER, quota_used) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 360), (60, 360)])
def test_failures_in_a_row_double_the_pause_up_to_six_hours(failures, minutes):
    assert pace.after_failure(QUARTER, failures) == timedelta(minutes=minutes)


def test_a_platform_that_is_looked_at_once_a_day_is_not_looked_at_more_often_for_failing():
    assert pace.after_failure(timedelta(days=1), 1) == timedelta(days=1)
