"""How far back search looks, and how often it asks: among the newest, by the index, page after page, behind what is masked."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.desk.search import found
from tests.factories import DAY, MINUTE, NOON, make_channel, make_message, make_waiting
from tests.inbox.desk.searching import lines, search

pytestmark = pytest.mark.django_db

HIDDEN = "J’habite au 4512, rue des Lilas."


@pytest.fixture
def page(place):
    return make_channel(place)


def limits(monkeypatch, **those):
    for name, number in those.items():
        monkeypatch.setattr(found, name, number)


def asked(member, words):
    """What is found, and how often the newest were looked through and the index was asked."""
    with CaptureQueriesContext(connection) as captured:
        shown = search(member, words)
    said = [query["sql"] for query in captured]
    return shown, sum("AS newest" in each for each in said), sum("AS MATERIALIZED" in each for each in said)


def test_a_word_that_was_common_long_ago_is_asked_of_the_index_once(ana, page, monkeypatch):
    limits(monkeypatch, AMONG=3, ENOUGH=2, AT_ONCE=2)
    talks = [make_waiting(page, at=NOON - DAY - number * MINUTE, text="masques") for number in range(9)]
    for number in range(3):
        make_waiting(page, at=NOON - number * MINUTE)

    assert asked(ana, "masques") == ([talk.pk for talk in talks], 1, 1)


def test_a_word_that_is_everywhere_is_not_asked_of_the_index(ana, page, monkeypatch):
    limits(monkeypatch, AMONG=4, ENOUGH=4, KEPT=4, AT_ONCE=2, PAGE=5)
    talks = [make_waiting(page, at=NOON - number * MINUTE, text="merci") for number in range(9)]

    assert asked(ana, "merci") == ([talk.pk for talk in talks[:5]], 2, 0)


def test_one_less_than_enough_among_the_newest_is_asked_of_the_index(ana, page, monkeypatch):
    limits(monkeypatch, AMONG=4, ENOUGH=3)
    told = [make_waiting(page, at=NOON - number * MINUTE, text="vaccin" if number != 1 else "") for number in range(6)]
    talks = [talk.pk for number, talk in enumerate(told) if number != 1]
    assert asked(ana, "vaccin") == (talks, 2, 1)  # three of the newest four, then two more

    told[2].messages.update(text="")

    assert asked(ana, "vaccin") == ([pk for pk in talks if pk != told[2].pk], 1, 1)


def test_of_each_talk_only_the_newest_is_read_and_of_no_more_talks_than_the_page_needs(ana, page, monkeypatch):
    limits(monkeypatch, AT_ONCE=3, PAGE=2)
    talks = [make_waiting(page, at=NOON - number * DAY, text="vaccin") for number in range(5)]
    for talk in talks:
        for number in range(1, 5):
            make_message(talk, at=talk.waiting_since + number * MINUTE, text=f"vaccin {number}")

    with CaptureQueriesContext(connection) as captured:
        assert search(ana, "vaccin") == [talk.pk for talk in talks[:2]]

    read = [re.search(r'"inbox_message"."id" IN \(([\d, ]+)\)', query["sql"]) for query in captured]
    assert [len(found[1].split(",")) for found in read if found] == [3]


def test_where_the_newest_may_not_be_shown_a_talk_stands_where_an_older_one_does(ana, page):
    first, second, third = (make_waiting(page, at=NOON - number * DAY, text="Des lilas?") for number in range(3))
    make_message(second, at=NOON + MINUTE, text=HIDDEN)
    make_message(third, at=NOON + MINUTE, text="Encore des lilas.")
    make_message(third, at=NOON + 2 * MINUTE, text=HIDDEN)

    assert search(ana, "lilas") == [third.pk, first.pk, second.pk]


@pytest.mark.parametrize(
    ("among", "enough", "kept", "at_once"),
    [(1, 1, 1, 1), (4, 2, 3, 2), (5, 5, 2, 2), (100, 30, 4, 3), (100, 3, 6, 2), (100, 1, 100, 100), (1, 2, 5, 3)],
)
def test_every_page_goes_on_where_the_one_before_ended(ana, page, monkeypatch, among, enough, kept, at_once):
    """Whatever the limits: each talk once, in the order of the newest of its messages that may be shown."""
    limits(monkeypatch, AMONG=among, ENOUGH=enough, KEPT=kept, AT_ONCE=at_once, PAGE=3, ROUNDS=50, ROUNDS_FOR_ONE=100)
    newest = {}
    for number in range(11):
        talk = make_waiting(page, at=NOON - number * MINUTE, text="Des lilas?")
        newest[talk.pk] = NOON - number * MINUTE
        for later in range(number % 4):
            at = NOON + (later * 7 + number * 3) % 20 * MINUTE + number * MINUTE / 60
            make_message(talk, at=at, text="Encore des lilas." if later % 2 else HIDDEN)
            newest[talk.pk] = max(newest[talk.pk], at) if later % 2 else newest[talk.pk]
    make_waiting(page, at=NOON + DAY, text=HIDDEN)

    pages, after = [], ""
    while not pages or after:
        shown = lines(ana, "lilas", after=after)
        pages.append([line.pk for line in shown.lines])
        after = shown.next

    assert [pk for each in pages for pk in each] == sorted(newest, key=newest.get, reverse=True)
    assert [len(each) for each in pages] == [3, 3, 3, 2]
