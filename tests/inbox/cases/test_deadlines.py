from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inbox.cases.deadlines import end_of, forward_by, report_on

QUEBEC = ZoneInfo("America/Toronto")


def here(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=QUEBEC)


@pytest.mark.parametrize(
    ("aware", "by"),
    [
        (here(2026, 11, 23, 10), here(2026, 11, 24, 10)),  # a Monday morning: 24 hours
        (here(2026, 11, 23, 17), here(2026, 11, 24, 17)),  # both end in the same second
        (here(2026, 11, 23, 17, 0, 1), here(2026, 11, 24, 17)),  # an evening: the next day closes first
        (here(2026, 11, 23, 23, 59, 59), here(2026, 11, 24, 17)),
        (here(2026, 11, 24, 0), here(2026, 11, 25, 0)),  # midnight: the next business day is another one
        (here(2026, 11, 27, 20), here(2026, 11, 28, 20)),  # a Friday evening: 24 hours end before Monday
        (here(2026, 11, 28, 20), here(2026, 11, 29, 20)),  # a Saturday
        (here(2026, 11, 29, 20), here(2026, 11, 30, 17)),  # a Sunday evening: Monday closes first
        (here(2026, 10, 31, 10), here(2026, 11, 1, 9)),  # the clocks go back in the night: 24 hours all the same
        (here(2026, 3, 7, 10), here(2026, 3, 8, 11)),  # and forward
    ],
)
def test_it_is_passed_on_within_a_day_and_a_business_day(aware, by):
    assert forward_by(aware, QUEBEC) == by


@pytest.mark.parametrize(
    ("kind", "serious", "on"),
    [
        ("adverse_event", True, date(2026, 12, 8)),
        ("adverse_event", False, None),
        ("device_incident", True, date(2026, 12, 3)),
        ("device_incident", False, date(2026, 12, 23)),
        ("product_quality", True, None),
    ],
)
def test_the_authority_is_told_in_calendar_days_by_kind_and_seriousness(kind, serious, on):
    assert report_on(kind, here(2026, 11, 23, 10), serious=serious, zone=QUEBEC) == on


def test_days_are_counted_where_the_case_was_heard_of():
    late_evening = datetime(2026, 11, 24, 4, 59, 59, tzinfo=UTC)  # still the 23rd in Québec
    assert report_on("adverse_event", late_evening, serious=True, zone=QUEBEC) == date(2026, 12, 8)
    midnight = datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert report_on("adverse_event", midnight, serious=True, zone=QUEBEC) == date(2026, 12, 9)


def test_a_day_ends_in_its_last_second_also_when_the_clocks_change():
    assert end_of(date(2026, 12, 8), QUEBEC) == here(2026, 12, 8, 23, 59, 59)
    assert end_of(date(2026, 11, 1), QUEBEC) == datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)
