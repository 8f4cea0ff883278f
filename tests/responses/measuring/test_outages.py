"""What did not work stands beside the figures of the period in which it did not, and beside the waits that it fell into."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox.models import Trouble
from responses.measuring import outages
from responses.measuring.reports import Period
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_location, make_member, make_waiting

pytestmark = pytest.mark.usefixtures("english")
NOVEMBER_23 = Period(date(2026, 11, 23), date(2026, 11, 23))
MIDNIGHT = NOON - 12 * HOUR  # in Montréal
LATER = NOON + 10 * DAY


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER)


@pytest.fixture
def page(place):
    return make_channel(place, name="Pharmacie du Vieux-Quai sur Facebook")


def outage(channel, begin, end, kind="token_dead"):
    return Trouble.objects.create(channel=channel, kind=kind, since=begin, found_at=begin, ended_at=end)


def lengths(manager, now=LATER):
    return [found.length for found in outages.of(manager, NOVEMBER_23, now=now)]


@pytest.mark.parametrize(
    ("begin", "end", "counted"),
    [
        (NOON, NOON + HOUR, [HOUR]),
        (MIDNIGHT - HOUR, MIDNIGHT, []),
        (MIDNIGHT - HOUR, MIDNIGHT + HOUR, [HOUR]),
        (MIDNIGHT + DAY - HOUR, MIDNIGHT + 2 * DAY, [HOUR]),
        (MIDNIGHT + DAY, MIDNIGHT + DAY + HOUR, []),
        (MIDNIGHT - DAY, MIDNIGHT + 3 * DAY, [DAY]),
        (NOON, None, [12 * HOUR]),
    ],
)
def test_what_lasted_in_a_period_counts_as_long_as_it_did_within_it(page, manager, begin, end, counted):
    outage(page, begin, end)

    assert lengths(manager) == counted


def test_one_that_lasts_counts_until_now(page, manager):
    outage(page, NOON, None)

    assert lengths(manager, now=NOON + 30 * MINUTE) == [30 * MINUTE]


@pytest.mark.parametrize(("kind", "counts"), [("silent", False), ("warned", False), ("unlisted", False), ("no_sender", True)])
def test_what_keeps_nothing_from_passing_is_no_outage(manager, kind, counts):
    outage(None, NOON, NOON + HOUR, kind)

    assert bool(lengths(manager)) is counts


def test_others_pages_are_not_shown_and_our_own_outages_are(place, page, sign_in):
    elsewhere = make_location(place.organization)
    manager = make_member(place.organization, Role.MANAGER, locations=[place])
    outage(make_channel(), NOON, NOON + HOUR)
    outage(make_channel(elsewhere), NOON, NOON + HOUR)
    ours = [outage(page, NOON, NOON + HOUR), outage(None, NOON, NOON + MINUTE, "down")]

    assert {found.trouble for found in outages.of(manager, NOVEMBER_23, now=LATER)} == set(ours)


def test_a_wait_names_what_fell_into_it_on_its_own_page_or_everywhere(place, page, manager):
    wait = make_waiting(page, at=NOON).waits.get()
    outage(page, NOON - DAY, NOON, "permission")
    outage(page, NOON - HOUR, NOON + HOUR)
    outage(make_channel(place), NOON, NOON + HOUR)
    outage(None, NOON + 2 * HOUR, NOON + 3 * HOUR, "no_worker")

    found = outages.meanwhile([wait], manager, now=NOON + DAY)[wait.pk]

    assert [(each.trouble.kind, each.length) for each in found] == [("no_worker", HOUR), ("token_dead", HOUR)]


class TestShown:
    @pytest.fixture
    def missed(self, page):
        """A miss of yesterday, in which the page did not work for two hours."""
        due = timezone.now() - DAY
        outage(page, due - 5 * HOUR, due - 3 * HOUR)
        return make_waiting(page, at=due - DAY).waits.get()

    def text(self, answer):
        return answer.content.decode()

    @pytest.mark.parametrize("name", ["report", "misses"])
    def test_beside_the_figures_and_the_misses(self, sign_in, manager, page, missed, name):
        text = self.text(sign_in(manager).get(reverse(f"responses:{name}")))

        assert "Outages in this period" in text
        assert "The platform refused the access token" in text
        assert page.get_absolute_url() in text

    def test_in_the_row_the_page_and_the_file_of_a_miss(self, sign_in, manager, missed):
        client = sign_in(manager)

        assert "Meanwhile, the platform refused the access token (2 h" in self.text(client.get(reverse("responses:misses")))
        assert "Outages meanwhile" in self.text(client.get(reverse("responses:miss", args=[missed.pk])))
        lines = b"".join(client.get(reverse("responses:misses_export")).streaming_content).decode().splitlines()
        assert "the platform refused the access token" in lines[1]

    def test_as_a_file_of_the_same_period(self, sign_in, manager, page, missed):
        file = reverse("responses:outages_export")
        client = sign_in(manager)

        lines = b"".join(client.get(file, {"days": "7"}).streaming_content).decode().splitlines()
        before = b"".join(client.get(file, {"first": "2026-01-01", "last": "2026-01-31"}).streaming_content)

        assert len(lines) == 2
        assert lines[1].endswith(",120")
        assert page.name in lines[1]
        assert len(before.decode().splitlines()) == 1

    def test_not_to_the_counter(self, sign_in, ana):
        assert sign_in(ana).get(reverse("responses:outages_export")).status_code == 403
