"""Figures of a period: who is counted, when a wait belongs to it, and what a percentile means with people still waiting."""

from datetime import date

import pytest

from accounts.access import Role
from inbox import conversations
from inbox.models import Wait
from responses.measuring import reports
from responses.measuring.histogram import Duration
from responses.measuring.reports import Period
from tests.factories import DAY, HOUR, NOON, SECOND, make_channel, make_location, make_member, make_message, make_waiting

DUE = NOON + 24 * HOUR
NOW = DUE + 6 * HOUR
PERIOD = Period(date(2026, 11, 20), date(2026, 11, 24))


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER)


def wait_for(channel, hours=None, *, at=NOON):
    """A wait answered after so many hours; None: nobody answered."""
    conversation = make_waiting(channel, at=at)
    if hours is not None:
        make_message(conversation, at=at + hours * HOUR, direction="out", source="native", text="Oui.")
    return conversation.waits.get()


def total(manager, *, period=PERIOD, now=NOW):
    return reports.report(manager, period, now=now).total


def test_on_time_late_and_unanswered_are_told_apart_and_all_count(place, manager):
    channel = make_channel(place)
    for hours in (1, 2, 24, 25, None):
        wait_for(channel, hours)

    row = total(manager)

    assert (row.counts.met, row.counts.late, row.counts.unanswered) == (3, 1, 1)
    assert row.counts.attainment == 60.0


def test_few_waits_make_no_percentage(place, manager):
    for _ in range(4):
        wait_for(make_channel(place), 1)

    assert total(manager).counts.due == 4
    assert total(manager).counts.attainment is None
    assert (total(manager).median, total(manager).p90) == (None, None)


def test_a_wait_that_is_not_due_yet_is_not_counted_even_when_it_is_answered(place, manager):
    channel = make_channel(place)
    wait_for(channel, None)
    wait_for(channel, 1)

    assert total(manager, now=DUE).counts.due == 0
    assert total(manager, now=DUE + SECOND).counts.due == 2


@pytest.mark.parametrize("outcome", ["excluded", "cancelled", "closed_no_reply"])
def test_what_needed_no_answer_stands_beside_with_its_reason(place, manager, outcome):
    wait = wait_for(make_channel(place))
    Wait.objects.filter(pk=wait.pk).update(outcome=outcome, ended_at=NOON + HOUR, reason="Pourriel")

    found = reports.report(manager, PERIOD, now=NOW)

    assert found.total.counts.due == 0
    assert [(row.outcome, row.reason, row.count) for row in found.beside] == [(outcome, "Pourriel", 1)]


def test_closing_late_without_a_reply_counts_as_unanswered(place, manager):
    wait = wait_for(make_channel(place))

    conversations.close(wait.conversation, "no_reply_needed", by=manager, now=DUE + HOUR)

    assert total(manager).counts.unanswered == 1


def test_percentiles_are_the_nearest_rank(place, manager):
    channel = make_channel(place)
    for hours in range(1, 11):
        wait_for(channel, hours)

    row = total(manager)

    assert (row.median, row.p90) == (Duration(5 * 60), Duration(9 * 60))


def test_a_percentile_that_reaches_the_unanswered_is_a_lower_bound(place, manager):
    channel = make_channel(place)
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, None, None):
        wait_for(channel, hours)

    row = total(manager)

    assert row.median == Duration(5 * 60)
    assert row.p90 == Duration(30 * 60, at_least=True)


def test_a_late_answer_longer_than_an_open_wait_is_a_lower_bound_too(place, manager):
    channel = make_channel(place)
    for hours in (1, 1, 1, 29):
        wait_for(channel, hours)
    wait_for(channel, None, at=NOON + HOUR)

    # Due at 18:00, unanswered for 29 hours now: the true one may still become the longer.
    assert total(manager).p90 == Duration(29 * 60, at_least=True)


def test_nothing_due_has_no_figures(manager):
    row = total(manager)

    assert (row.counts.due, row.median, row.p90) == (0, None, None)


def test_each_location_counts_its_own_days(place, manager):
    west = make_location(place.organization, time_zone="America/Winnipeg")
    at = NOON.replace(hour=5, minute=30)  # 23 Nov 00:30 in Toronto, 22 Nov 23:30 in Winnipeg
    wait_for(make_channel(place), 1, at=at - 24 * HOUR)
    wait_for(make_channel(west), 1, at=at - 24 * HOUR)

    only = reports.report(manager, Period(date(2026, 11, 22), date(2026, 11, 22)), now=NOW)

    assert [row.location for row in only.locations] == [west]


def test_both_ends_of_the_period_are_in_it(place, manager):
    channel = make_channel(place)
    midnight = NOON.replace(hour=5) - DAY  # 22 Nov 00:00 in Toronto
    for at in (midnight - SECOND, midnight, midnight + DAY - SECOND, midnight + DAY):
        wait_for(channel, 1, at=at - 24 * HOUR)

    assert total(manager, period=Period(date(2026, 11, 22), date(2026, 11, 22))).counts.due == 2


def test_rows_by_location_and_platform_add_up_to_the_total(place, manager):
    other = make_location(place.organization)
    for location, platform, hours in [(place, "facebook", 1), (place, "instagram", 25), (other, "facebook", None)]:
        wait_for(make_channel(location, platform), hours)

    found = reports.report(manager, PERIOD, now=NOW)

    assert found.total.counts.due == 3
    assert {row.location.pk: row.counts.due for row in found.locations} == {place.pk: 2, other.pk: 1}
    assert {row.platform: row.counts.due for row in found.platforms} == {"facebook": 2, "instagram": 1}
    assert len(found.pairs) == 3
    assert sum(step.counts.due for step in found.steps) == 3


def test_a_member_kept_to_one_location_sees_its_figures_only(place):
    other = make_location(place.organization)
    wait_for(make_channel(place), 1)
    wait_for(make_channel(other), 1)

    mine = make_member(place.organization, Role.MANAGER, locations=[place])

    assert total(mine).counts.due == 1


def test_another_organization_is_never_counted(place, outsider):
    wait_for(make_channel(place), 1)

    assert total(outsider).counts.due == 0


def test_days_without_anything_due_are_shown_as_such(place, manager):
    wait_for(make_channel(place), 1)

    steps = reports.report(manager, PERIOD, now=NOW).steps

    assert [(step.day.day, step.counts.due) for step in steps] == [(20, 0), (21, 0), (22, 0), (23, 0), (24, 1)]


def test_long_periods_are_drawn_by_week(place, manager):
    wait_for(make_channel(place), 1)

    steps = reports.report(manager, Period(date(2026, 9, 1), date(2026, 11, 24)), now=NOW).steps

    assert steps[0].day == date(2026, 8, 31)  # the Monday before
    assert (steps[-1].day, steps[-1].counts.due) == (date(2026, 11, 23), 1)


def test_the_number_of_queries_does_not_grow_with_the_waits(place, manager, django_assert_max_num_queries):
    for _ in range(6):
        wait_for(make_channel(place), 1)

    with django_assert_max_num_queries(6):
        reports.report(manager, PERIOD, now=NOW)
