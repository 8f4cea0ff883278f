from functools import partial
from importlib import import_module

import pytest
from django.db import connection

from inbox.fetching import names
from inbox.keeping import erasure
from inbox.models import Contact
from inbox.platforms.base import Meter
from inbox.platforms.meta.messaging import threads
from tests.factories import MINUTE, NOON, SECOND, make_channel, make_contact
from tests.inbox.platforms import server
from tests.inbox.platforms.server import Saying

pytestmark = pytest.mark.django_db
LONG = 3600.0  # seconds between two calls: no slow machine takes as long


@pytest.fixture
def page(fresh, settings):
    settings.META_GRAPH_URL = fresh.url
    return make_channel(external_id="100200300400501", token="dev-token-fb-vieux-quai")


def make_stranger(page, external_id):
    return make_contact(page, external_id=external_id, name="", ask_name_at=NOON)


def test_a_name_that_the_webhook_left_out_is_asked_for_and_learnt(page, fresh):
    written = fresh.message(page.external_id, "Bonjour", author="Camille Exemple")
    stranger = make_stranger(page, written["person"])

    assert names.learn(now=NOON) == 1

    stranger.refresh_from_db()
    assert (stranger.name, stranger.ask_name_at) == ("Camille Exemple", None)


def test_a_platform_that_refuses_is_not_asked_again(page):
    stranger = make_stranger(page, "999")

    assert names.learn(now=NOON) == 0

    stranger.refresh_from_db()
    assert (stranger.name, stranger.ask_name_at) == ("", None)


def test_a_platform_that_does_not_answer_is_asked_again_later(page, settings):
    settings.META_GRAPH_URL = "http://127.0.0.1:9"
    make_stranger(page, "999")

    names.learn(now=NOON)

    assert Contact.objects.get().ask_name_at == NOON + names.AGAIN


def test_nobody_is_asked_before_the_time(page):
    make_stranger(page, "999")

    names.learn(now=NOON - MINUTE)

    assert Contact.objects.get().ask_name_at == NOON


def test_nobody_is_asked_about_on_a_disconnected_page(page):
    page.disconnected_at = NOON
    page.save()
    make_stranger(page, "999")

    assert names.learn(now=NOON) == 0
    assert Contact.objects.get().ask_name_at == NOON


@pytest.mark.django_db(transaction=True)
def test_who_is_forgotten_while_the_platform_thinks_stays_without_a_name(settings):
    stranger = make_stranger(make_channel(), "999")

    def forgotten_meanwhile(asked):
        erasure.forget(Contact.objects.get(), now=NOON)
        connection.close()  # of the platform's thread
        return Saying({"first_name": "Camille", "last_name": "Exemple", "id": "999"})

    with server.running() as running:
        settings.META_GRAPH_URL = running.url
        running.says(forgotten_meanwhile)
        assert names.learn(now=NOON) == 0

    stranger.refresh_from_db()
    assert (stranger.name, stranger.named_at, stranger.ask_name_at) == ("", None, None)


class TestManyOfOnePage:
    """Who withholds their profile is named by their thread, and of threads Meta tells a page two a second."""

    @pytest.fixture
    def rests(self, monkeypatch):
        rested: list[float] = []
        monkeypatch.setattr(import_module("inbox.channels.calling"), "Meter", partial(Meter, rest=rested.append))
        return rested

    @pytest.fixture
    def platform(self, settings):
        with server.running() as running:
            settings.META_GRAPH_URL = running.url
            running.says(lambda asked: Saying({"data": []} if "user_id" in asked.query else {"id": "1"}))
            yield running

    @staticmethod
    def asked_for(platform):
        return [asked.query["user_id"] for asked in platform.asked if "user_id" in asked.query]

    def test_keep_apart_across_connections(self, platform, rests, monkeypatch):
        monkeypatch.setattr(threads, "APART", LONG)
        page = make_channel()
        for number in range(4):
            make_stranger(page, str(number))

        names.learn(now=NOON)

        # Nobody rests here, so that each takes a place that is further ahead.
        assert [round(rest / LONG) for rest in rests] == [1, 2, 3]

    def test_let_those_of_another_page_pass(self, platform, rests):
        busy, quiet = make_channel(), make_channel()
        for number in range(3):
            make_contact(busy, external_id=f"busy-{number}", name="", ask_name_at=NOON - MINUTE + number * SECOND)
        make_stranger(quiet, "quiet-0")

        names.learn(now=NOON)

        assert self.asked_for(platform) == ["busy-0", "quiet-0", "busy-1", "busy-2"]

    def test_are_asked_for_some_at_a_time(self, platform, rests, monkeypatch):
        monkeypatch.setattr(names, "OF_A_PAGE", 2)
        page = make_channel()
        for number in range(3):
            make_stranger(page, str(number))

        names.learn(now=NOON)
        assert self.asked_for(platform) == ["0", "1"]
        names.learn(now=NOON)
        assert self.asked_for(platform) == ["0", "1", "2"]
