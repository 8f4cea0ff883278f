"""Whose time a member reads, and by whose days the audit trail counts."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.urls import reverse

from accounts import audit, zones
from accounts.access import Role
from accounts.models import AuditEntry, Membership
from tests.factories import SECOND, make_location, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def west(place):
    return make_location(place.organization, time_zone="America/Vancouver")


@pytest.fixture
def east(place, west):
    return make_location(place.organization, time_zone="America/St_Johns")


def zone_of(member):
    """As it is asked by itself, and as a request has it at hand."""
    alone = Membership.objects.get(pk=member.pk).zone.key
    assert Membership.objects.with_zone().get(pk=member.pk).zone.key == alone
    return alone


def test_one_reads_the_time_of_the_first_location_one_sees(place, west, east):
    assert zone_of(make_member(place.organization)) == "America/Toronto"
    assert zone_of(make_member(place.organization, locations=[west])) == "America/Vancouver"
    assert zone_of(make_member(place.organization, locations=[east, west])) == "America/Vancouver"
    assert zone_of(make_member(place.organization, locations=[east])) == "America/St_Johns"


def test_who_sees_no_location_reads_the_time_of_the_organization(west):
    elsewhere = make_organization()
    make_location(elsewhere, time_zone="America/Moncton")
    nowhere = make_member(elsewhere, locations=[west])
    nowhere.locations.clear()

    assert zone_of(nowhere) == "America/Moncton"
    assert zone_of(make_member(make_organization())) == "America/Toronto"


def test_the_zone_costs_a_request_no_question_of_its_own(ben, west, django_assert_num_queries):
    [member] = Membership.objects.with_zone().filter(pk=ben.pk)

    with django_assert_num_queries(0):
        assert member.zone.key == "America/Toronto"


@pytest.mark.parametrize("zone", zones.NAMES)
def test_every_zone_that_is_offered_exists(zone):
    zones.validate_zone(zone)


def test_a_zone_without_a_name_here_is_called_as_it_is():
    assert zones.in_words("America/Swift_Current") == "America/Swift Current"


@pytest.fixture
def late(place, ben):
    """An entry of the last second of 2026-11-23 in Toronto, and one of the second after."""
    midnight = datetime(2026, 11, 24, 5, tzinfo=UTC)
    return [
        audit.record("member.changed", ben, organization=place.organization, by=ben, now=now)
        for now in (midnight - SECOND, midnight)
    ]


@pytest.fixture
def auditor(place, west):
    return make_member(place.organization, Role.AUDITOR, locations=[west])


def test_the_list_of_locations_calls_zones_as_people_do(sign_in, place, west):
    page = sign_in(make_member(place.organization, Role.ADMIN)).get("/team/locations/").text

    assert "Pacific time" in page and "America/" not in page


def test_the_trail_counts_the_days_of_the_organization_for_every_reader_and_says_so(sign_in, auditor, late):
    page = sign_in(auditor).get(reverse("accounts:audit"), {"since": "2026-11-24", "until": "2026-11-24"})

    assert [entry.pk for entry, _action in page.context["entries"]] == [late[1].pk]
    assert "2026-11-24 00:00:00</time>" in page.text
    assert "Days and times told: Eastern time" in page.text


def test_the_trail_as_csv_carries_the_offset_however_late_it_is_drawn(sign_in, auditor, late):
    answer = sign_in(auditor).get(reverse("accounts:audit_export"), {"until": "2026-11-23"})

    lines = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line["Moment"] for line in lines if line["Number"] == str(late[0].pk)] == ["2026-11-23T23:59:59-05:00"]
    assert AuditEntry.objects.filter(pk=late[1].pk).exists()
    assert str(late[1].pk) not in {line["Number"] for line in lines}
