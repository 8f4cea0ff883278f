"""The report as a page and as a file. What the figures mean is in tests/responses/test_reports.py."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from tests.factories import DAY, HOUR, make_channel, make_location, make_member, make_message, make_waiting

PAGE = reverse("responses:report")
FILE = reverse("responses:report_export")


@pytest.fixture
def at(sign_in, place):
    return sign_in(make_member(place.organization, Role.MANAGER))


def wait_for(location, hours=None, *, days_ago=2):
    begun = timezone.now().replace(microsecond=0) - (days_ago + 1) * DAY
    conversation = make_waiting(make_channel(location), at=begun)
    if hours is not None:
        make_message(conversation, at=begun + hours * HOUR, direction="out", source="native", text="Oui.")


def test_the_page_shows_the_figures_the_chart_its_table_and_how_they_are_made(at, place):
    for hours in (1, 2, 3, 25, None):
        wait_for(place, hours)

    html = at.get(PAGE).content.decode()

    assert "60.0%" in html
    assert 'type="application/json"' in html
    assert "data-chart" in html
    assert "nearest rank" in html
    assert "at least" in html
    assert "one in ten has waited this long or longer" in html
    assert "nine in ten waited no longer" not in html


def test_a_period_without_anything_due_says_so(at):
    found = at.get(PAGE, {"days": "7"})

    assert found.status_code == 200
    assert "data-chart" not in found.content.decode()


def test_thirty_days_unless_asked_otherwise(at, place):
    wait_for(place, 1, days_ago=40)

    assert at.get(PAGE).context["report"].total.counts.due == 0
    assert at.get(PAGE, {"days": "90"}).context["report"].total.counts.due == 1


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["report", "report_export", "misses", "misses_export", "outages_export"])
def test_a_day_beyond_all_reason_is_an_error_of_the_field_and_no_fault(at, name, day):
    answer = at.get(reverse(f"responses:{name}"), {"first": day, "last": day})

    assert answer.status_code in {200, 422}
    if answer.context:
        assert set(answer.context["form"].errors) == {"first", "last"}
        assert "Give a year from 2000 to 2099." in answer.text


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_that_may_be_asked_for(at, day):
    assert at.get(PAGE, {"first": day, "last": day}).status_code == 200


@pytest.mark.parametrize("asked", [{"first": "2026-11-02", "last": "2026-11-01"}, {"first": "x", "last": "2026-11-01"}])
def test_a_period_that_makes_no_sense_is_said_at_the_field(at, asked):
    assert at.get(PAGE, asked).status_code == 422


def test_the_file_has_a_line_for_everything_each_location_each_platform_and_each_pair(at, place):
    wait_for(place, 1)
    wait_for(make_location(place.organization), None)

    lines = b"".join(at.get(FILE).streaming_content).decode().splitlines()

    assert lines[0].startswith("\ufeff")
    assert len(lines) == 1 + 1 + 2 + 1 + 2


def test_figures_are_of_one_s_own_locations(sign_in, place):
    wait_for(make_location(place.organization), 1)
    client = sign_in(make_member(place.organization, Role.MANAGER, locations=[place]))

    assert client.get(PAGE).context["report"].total.counts.due == 0


def test_staff_do_not_see_the_report(sign_in, ana):
    assert sign_in(ana).get(PAGE).status_code == 403
    assert sign_in(ana).get(FILE).status_code == 403
