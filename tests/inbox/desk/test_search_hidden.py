"""What is behind a mask is found by nobody, and what is gone is gone from the stems too."""

import pytest

from inbox.keeping import erasure, retention
from inbox.models import Conversation, Message
from tests.factories import DAY, MINUTE, NOON, make_channel, make_contact, make_finding, make_message, make_waiting
from tests.inbox.desk.searching import excerpt, kept_stems, search
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(place):
    return make_channel(place)


NAM = "ZORM 6253 1492"


@pytest.mark.parametrize("words", ["6253", "1492", "62531492", "Lilas", "plante", "0177", "Lavigueur"])
def test_what_is_behind_a_mask_is_not_found(ana, page, words):
    said = f"Ma carte: {NAM}. Appelez au 514 555-0177. J’habite au 4512, rue des Lilas. plante.verte@example.com. "
    take_in(feed(page, "1", NOON, message=said + "Je m’appelle Gédéon Lavigueur. Le vaccin?"), at=NOON)

    assert search(ana, words) == []
    [talk] = search(ana, "vaccin")
    assert talk == Conversation.objects.get().pk
    assert NAM not in excerpt(ana, "vaccin carte")
    assert "ZORM •••• ••••" in excerpt(ana, "vaccin carte")


def test_what_a_person_reports_later_is_found_no_more(ana, page):
    message = make_waiting(page, text="Mon chien s'appelle Fidelio").messages.get()
    Message.objects.filter(pk=message.pk).update(triage_version="test-1")
    assert search(ana, "fidelio") == [message.conversation_id]

    make_finding(message, "Fidelio", family="identifier", type="name")

    assert search(ana, "fidelio") == []
    assert search(ana, "chien") == [message.conversation_id]


def test_an_older_message_is_found_where_a_newer_one_hides_the_word(ana, page):
    talk = make_waiting(page, text="La rue des Lilas est belle, mon vaccin?")
    make_message(talk, at=NOON + MINUTE, text="J’habite au 4512, rue des Lilas.")

    assert search(ana, "lilas vaccin") == [talk.pk]


def test_an_edit_takes_the_place_of_what_was_written(ana, page):
    message = make_waiting(page, text="le vaccin").messages.get()

    message.text = "la vitamine"
    message.save(update_fields=["text"])

    assert search(ana, "vaccin") == []
    assert search(ana, "vitamine") == [message.conversation_id]


def test_words_that_are_taken_back_are_gone(ana, page):
    take_in(feed(page, "1", NOON, message="le vaccin"), at=NOON)
    assert search(ana, "vaccin")

    take_in(feed(page, "1", NOON + MINUTE, verb="remove"), at=NOON + MINUTE)

    assert search(ana, "vaccin") == []
    assert "vaccin" not in kept_stems()


def test_words_that_may_be_kept_no_longer_are_gone(ana, place):
    channel = make_channel(place, "linkedin", external_id="urn:li:organization:77001100")
    make_waiting(channel, text="le vaccin", contact=make_contact(channel, name="Zoé Lagacé", named_at=NOON))
    assert search(ana, "vaccin")
    assert search(ana, "lagace")

    retention.purge(now=NOON + 3 * DAY)

    assert search(ana, "vaccin") == search(ana, "lagace") == []
    assert kept_stems() == set()


def test_who_is_forgotten_is_not_found_nor_named_in_our_answers(ana, page):
    them = make_contact(page, name="Zoé Lagacé")
    talk = make_waiting(page, contact=them, text="le vaccin")
    make_message(talk, at=NOON + MINUTE, direction="out", source="comptoir", text="Bonjour Zoé, oui demain.")

    erasure.forget(them, now=NOON + DAY)

    assert search(ana, "vaccin") == search(ana, "zoe") == []
    assert search(ana, "demain") == [talk.pk]
    assert kept_stems().isdisjoint({"zo", "zoe", "vaccin", "lagac"})
