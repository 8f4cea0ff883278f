"""Times as they are at the place a page tells of; in lists, as they are for the reader (decision 26)."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    make_case,
    make_channel,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(place):
    """at(zone) → a location there, of an organization whose first is in Toronto."""
    return lambda zone: make_location(place.organization, time_zone=zone)


@pytest.fixture
def officer(place):
    return make_member(place.organization, Role.COMPLIANCE)


def waiting(location, *moments):
    conversation = make_waiting(make_channel(location), at=moments[0])
    for moment in moments[1:]:
        make_message(conversation, at=moment)
    return conversation


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def told(page):
    """When each message was said, as one reads it; and the moment behind it."""
    found = re.findall(r'<time datetime="([^"]+)" title="[^"]*">([^<]+)</time>', page)
    return [(hour, stamp[-6:]) for stamp, hour in found]


@pytest.mark.parametrize(
    ("zone", "hour", "offset", "name"),
    [
        ("America/Toronto", "12:00", "-05:00", None),
        ("America/Vancouver", "09:00", "-08:00", "Pacific time"),
        ("America/Moncton", "13:00", "-04:00", "Atlantic time"),
        ("America/St_Johns", "13:30", "-03:30", "Newfoundland time"),
    ],
)
def test_a_conversation_is_told_in_its_place_and_the_zone_named_where_it_is_another(
    sign_in, officer, at, zone, hour, offset, name
):
    page = sign_in(officer).get(f"/inbox/{waiting(at(zone), NOON).pk}/").text

    assert told(page) == [(hour, offset)]
    [heading] = re.findall(r'<h2 class="day">.*</time>(.*)</span></h2>', page)
    assert heading == (f", {name}" if name else "")


def test_who_works_there_reads_their_own_hours_and_no_name_of_a_zone(sign_in, place, at):
    west = at("America/Vancouver")
    there = make_member(place.organization, locations=[west])

    page = sign_in(there).get(f"/inbox/{waiting(west, NOON).pk}/").text

    assert told(page) == [("09:00", "-08:00")]
    assert "Pacific time" not in page


def test_two_places_that_keep_the_same_time_are_not_told_apart(sign_in, place, at):
    halifax, moncton = at("America/Halifax"), at("America/Moncton")
    reader = make_member(place.organization, Role.COMPLIANCE, locations=[halifax, moncton])

    page = sign_in(reader).get(f"/inbox/{waiting(moncton, NOON).pk}/").text

    assert told(page) == [("13:00", "-04:00")]
    assert "Atlantic time" not in page


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("America/Toronto", ["2026-11-23", "2026-11-24"]),
        ("America/Vancouver", ["2026-11-23"]),
        ("America/St_Johns", ["2026-11-24"]),
    ],
)
def test_a_day_ends_at_the_midnight_of_the_place(sign_in, officer, at, zone, days):
    before, after = utc(2026, 11, 24, 4, 59), utc(2026, 11, 24, 5, 0)  # around midnight in Toronto

    page = sign_in(officer).get(f"/inbox/{waiting(at(zone), before, after).pk}/").text

    assert re.findall(r'<h2 class="day"><span><time datetime="([^"]+)"', page) == days


@pytest.mark.parametrize(
    ("zone", "moments", "expected"),
    [
        ("America/Toronto", [utc(2026, 3, 8, 6, 59), utc(2026, 3, 8, 7, 0)], [("01:59", "-05:00"), ("03:00", "-04:00")]),
        ("America/Vancouver", [utc(2026, 3, 8, 9, 59), utc(2026, 3, 8, 10, 0)], [("01:59", "-08:00"), ("03:00", "-07:00")]),
        ("America/St_Johns", [utc(2026, 3, 8, 5, 29), utc(2026, 3, 8, 5, 30)], [("01:59", "-03:30"), ("03:00", "-02:30")]),
        ("America/Regina", [utc(2026, 3, 8, 7, 59), utc(2026, 3, 8, 8, 0)], [("01:59", "-06:00"), ("02:00", "-06:00")]),
        ("America/Toronto", [utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 6, 30)], [("01:30", "-04:00"), ("01:30", "-05:00")]),
        ("America/St_Johns", [utc(2026, 11, 1, 4, 0), utc(2026, 11, 1, 5, 0)], [("01:30", "-02:30"), ("01:30", "-03:30")]),
    ],
)
def test_hours_on_both_sides_of_a_change_of_the_clocks(sign_in, officer, at, zone, moments, expected):
    page = sign_in(officer).get(f"/inbox/{waiting(at(zone), *moments).pk}/").text

    assert told(page) == expected


def test_the_list_beside_keeps_the_time_of_its_reader(sign_in, officer, place, at):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    conversation = waiting(at("America/St_Johns"), now - 2 * HOUR)
    there = make_member(place.organization, Role.COMPLIANCE, locations=[conversation.location])

    def due(member):
        row = sign_in(member).get(f"/inbox/{conversation.pk}/").text.split(f'id="row-{conversation.pk}"')[1]
        return re.search(r'title="due ([^"]+)"', row)[1]

    assert due(officer)[-3:] == ":00"
    assert due(there)[-3:] == ":30"  # the same row, drawn for somebody else
    assert due(officer)[-3:] == ":00"


def test_the_composer_tells_the_time_of_the_place(sign_in, place, at):
    manager = make_member(place.organization, Role.MANAGER)
    conversation = waiting(at("America/St_Johns"), NOON)

    page = sign_in(manager).get(f"/conversations/{conversation.pk}/reply/").text

    assert "2026-11-23 13:30</time>" in page
    assert f"{conversation.location}, Newfoundland time" in page


def test_no_request_leaves_its_time_zone_to_the_next(sign_in, officer, at):
    sign_in(officer).get(f"/inbox/{waiting(at('America/Vancouver'), NOON).pk}/")

    assert timezone.get_current_timezone_name() == settings.TIME_ZONE


def test_a_list_of_several_zones_says_in_which_it_tells_times(sign_in, officer, place):
    client = sign_in(officer)
    one = client.get("/inbox/notices/").text
    make_location(place.organization, time_zone="America/Vancouver")

    assert "Times told" not in one
    assert "Times told: Eastern time" in client.get("/inbox/notices/").text


def test_a_case_on_paper_names_its_zone_to_whoever_prints_it(sign_in, place, at):
    west = at("America/Vancouver")
    case = make_case(waiting(west, NOON).messages.get())
    there = make_member(place.organization, Role.PHARMACIST, locations=[west])

    page = sign_in(there).get(reverse("inbox:case_summary", args=[case.pk])).text

    assert "(Pacific time)" in page
    assert "2026-11-23 09:00:00 PST" in page


def test_a_miss_of_the_evening_is_of_that_day_where_one_works(sign_in, place, at):
    """22:00 in Vancouver is the next day in Toronto."""
    west = at("America/Vancouver")
    wait = waiting(west, utc(2026, 11, 20, 6, 0) - DAY).waits.get()
    there, here = make_member(place.organization, Role.MANAGER, locations=[west]), make_member(place.organization, Role.MANAGER)

    def of_the(day, member):
        page = sign_in(member).get("/misses/", {"first": day, "last": day})
        return [row.pk for row in page.context["rows"]], page.text

    mine, text = of_the("2026-11-19", there)
    assert mine == [wait.pk]
    assert "Days and times told: Pacific time" in text
    assert "2026-11-19 22:00" in text
    assert of_the("2026-11-20", there)[0] == []
    theirs, text = of_the("2026-11-20", here)
    assert theirs == [wait.pk]
    assert "2026-11-20 01:00" in text
    assert wait.due_at - wait.started_at == 24 * HOUR + 0 * MINUTE
