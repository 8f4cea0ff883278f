import pytest

from inbox.fetching import names
from inbox.models import Contact
from tests.factories import MINUTE, NOON, make_channel, make_contact

pytestmark = pytest.mark.django_db


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
