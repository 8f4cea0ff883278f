"""Beside a conversation: what else the person said to us. All of it is a list like the others."""

import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from tests.factories import (
    DAY,
    HOUR,
    make_channel,
    make_contact,
    make_conversation,
    make_finding,
    make_location,
    make_member,
    make_message,
    make_waiting,
)

pytestmark = pytest.mark.django_db

NUMBER = "ZORM 6253 1492"  # made up


@pytest.fixture
def page(place):
    return make_channel(place)


@pytest.fixture
def julie(page):
    return make_contact(page)


@pytest.fixture
def asked(page, julie):
    return make_waiting(page, contact=julie, at=timezone.now() - HOUR)


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def part(client, conversation, query=""):
    answer = client.get(f"/inbox/{conversation.pk}/history/{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.text


def words(shown):
    return " ".join(strip_tags(shown).split())


def rows(client, address):
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', client.get(address).text)]


def test_the_page_asks_for_it_and_without_script_is_a_link_away_from_it(desk, asked, julie):
    shown = desk.get(f"/inbox/{asked.pk}/?view=mine").text

    assert f'hx-get="/inbox/{asked.pk}/history/?view=mine"' in shown
    assert f'href="/inbox/?contact={julie.pk}"' in shown


def test_each_says_what_it_is_when_it_was_and_how_it_stands_and_leads_there_beside_the_same_list(desk, page, julie, asked):
    now = timezone.now()
    private = make_conversation(page, "message", contact=julie, at=now - 2 * DAY)
    make_message(private, at=now - 2 * DAY, text="Avez-vous reçu mon vaccin?")
    closed = make_conversation(
        page, contact=julie, at=now - 9 * DAY, preview="Bravo!", closed_at=now, close_outcome="no_reply_needed"
    )

    shown = part(desk, asked, "?view=mine&messages=all")

    assert "Other conversations 2" in words(shown)
    assert re.search(r"Private message \S+, \d\d:\d\d Avez-vous reçu mon vaccin\? 24 h overdue", words(shown))
    assert re.search(r"Public comment \S+, \d\d:\d\d Bravo! Closed: No reply needed", words(shown))
    assert f'href="/inbox/{private.pk}/?view=mine"' in shown
    assert shown.index(f"/inbox/{private.pk}/") < shown.index(f"/inbox/{closed.pk}/")
    assert "contact=" not in shown  # all of it is here


def test_of_more_than_five_the_others_are_in_the_list(desk, page, julie, asked):
    others = [make_conversation(page, contact=julie, at=timezone.now() - number * DAY) for number in range(1, 8)]

    shown = part(desk, asked)

    assert "Other conversations 7" in words(shown)
    assert shown.count("history-row-") == 5
    assert f'href="/inbox/?contact={julie.pk}"' in shown
    assert rows(desk, f"/inbox/?contact={julie.pk}") == [asked.pk, *(other.pk for other in others)]


def test_what_points_to_somebody_is_masked(desk, page, julie, asked):
    said = make_waiting(page, contact=julie, at=timezone.now() - DAY, text=f"Ma carte: {NUMBER}")
    make_finding(said.messages.get(), NUMBER, family="identifier", type="ramq")

    shown = part(desk, asked)

    assert "Ma carte: ZORM •••• ••••" in shown
    assert "Personal information" in words(shown)
    assert "6253" not in shown + desk.get(f"/inbox/?contact={julie.pk}").text


def test_a_name_that_holds_a_number_is_masked_in_the_list_too(desk, page):
    named = make_contact(page, name="Julie 514 555-0177")
    make_waiting(page, contact=named)

    assert "0177" not in desk.get(f"/inbox/?contact={named.pk}").text


def test_the_first_time_says_so_and_no_more_than_its_reader_can_know(sign_in, ana, ben, asked):
    assert "first that we know of with this person at your locations" in part(sign_in(ana), asked)
    assert "first that we know of with this person on this page" in part(sign_in(ben), asked)


@pytest.mark.parametrize("platform", ["website", "google"])
def test_where_nobody_knows_who_writes_there_is_no_such_part(desk, place, platform):
    site = make_channel(place, platform)
    said = make_waiting(site, kind="comment" if platform == "website" else "review")

    assert f'id="history-{said.pk}"' not in desk.get(f"/inbox/{said.pk}/").text
    assert words(part(desk, said)) == ""


def test_another_place_is_named_for_who_sees_it_and_nobody_else(sign_in, ana, ben, page, julie, asked, place):
    there = make_location(place.organization, short_name="Limoilou")
    moved = make_conversation(page, contact=julie, at=timezone.now() - DAY, location=there, preview="Là-bas")

    assert "Limoilou" in part(sign_in(ben), asked)
    seen = part(sign_in(ana), asked)
    assert "Limoilou" not in seen
    assert "Là-bas" not in seen
    assert rows(sign_in(ana), f"/inbox/?contact={julie.pk}") == [asked.pk]
    elsewhere = make_member(place.organization, locations=[there])
    assert sign_in(elsewhere).get(f"/inbox/{asked.pk}/history/").status_code == 404
    assert rows(sign_in(elsewhere), f"/inbox/?contact={julie.pk}") == [moved.pk]


def test_nobody_from_outside_learns_a_name_by_trying_numbers(sign_in, outsider, asked, julie):
    shown = sign_in(outsider).get(f"/inbox/?contact={julie.pk}")

    assert shown.status_code == 200
    assert julie.name not in shown.text
    assert "Nothing here with these filters" in shown.text


def test_the_list_of_one_person_names_them_and_is_left_by_any_view(desk, page, julie, asked):
    shown = desk.get(f"/inbox/?contact={julie.pk}").text

    assert re.search(r'<a class="badge"[^>]* href="/inbox/"><span class="truncate">Julie Exemple</span>', shown)
    assert f'href="/inbox/{asked.pk}/?contact={julie.pk}"' in shown
    assert 'href="/inbox/?view=mine"' in shown
    assert 'aria-current="page"' not in shown[shown.index('class="views"') : shown.index('class="list"')]


@pytest.mark.parametrize("contact", ["0", "-1", "x", "9" * 30, "١"])
def test_what_names_nobody_is_the_plain_inbox(desk, asked, contact):
    assert rows(desk, f"/inbox/?contact={contact}") == [asked.pk]


def test_it_costs_the_same_for_one_and_for_many(desk, page, julie, asked, django_assert_max_num_queries):
    make_waiting(page, contact=julie)
    part(desk, asked)
    for _ in range(8):
        make_waiting(page, contact=julie)

    with django_assert_max_num_queries(8):
        part(desk, asked)
    with django_assert_max_num_queries(8):
        desk.get(f"/inbox/?contact={julie.pk}")
