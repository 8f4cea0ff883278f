"""What points to a person is masked for everybody; who may sees it, message by message, and leaves a trace."""

import json

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.access import Permission, Role, permissions_of
from accounts.models import AuditEntry
from inbox import conversations, waits
from inbox.models import Conversation, Delivery
from inbox.triage.identifiers import unread
from responses.measuring import misses
from tests.factories import MINUTE, NOON, make_channel, make_contact, make_member, make_message, make_waiting
from tests.inbox.wire import feed, messenger, own_feed, take_in

pytestmark = pytest.mark.django_db
NAM = "ZORM 6253 1492"
MASKED = "ZORM •••• ••••"


@pytest.fixture
def page(place):
    return make_channel(place)


@pytest.fixture
def talk(page):
    take_in(feed(page, "1", NOON, message=f"Ma carte: {NAM}, ça couvre le vaccin?"), at=NOON)
    return Conversation.objects.get()


def read(client, talk):
    return client.get(f"/inbox/{talk.pk}/").content.decode()


def unmask(client, message):
    return client.post(f"/inbox/{message.conversation_id}/messages/{message.pk}/unmask/")


@pytest.mark.parametrize("role", Role)
def test_the_page_masks_for_every_role_and_offers_the_words_to_some(sign_in, place, talk, role):
    shown = read(sign_in(make_member(place.organization, role)), talk)

    assert MASKED in shown
    assert NAM not in shown
    assert ("/unmask/" in shown) is (Permission.INBOX_IDENTIFIERS in permissions_of(role))


def test_who_may_sees_the_words_for_a_while_and_the_trail_says_so_without_them(sign_in, place, talk):
    pharmacist, message = make_member(place.organization, Role.PHARMACIST), talk.messages.get()
    client = sign_in(pharmacist)

    assert unmask(client, message).status_code == 302

    assert NAM in read(client, talk)
    entry = AuditEntry.objects.get(action="identifiers.shown")
    assert (entry.actor, entry.detail) == (pharmacist, {"message": message.pk, "types": ["ramq"]})
    assert NAM not in read(sign_in(make_member(place.organization, Role.PHARMACIST)), talk)


def test_an_edit_is_masked_again_and_so_is_every_version(sign_in, place, page, talk):
    client = sign_in(make_member(place.organization, Role.PRIVACY))
    unmask(client, talk.messages.get())
    other = "QUIB 8503 1292"
    take_in(feed(page, "1", NOON + MINUTE, verb="edited", message=f"Ma carte: {other}"), at=NOON + MINUTE)

    shown = read(client, talk)

    assert NAM not in shown
    assert other not in shown
    unmask(client, talk.messages.get())
    shown = read(client, talk)
    assert NAM in shown
    assert other in shown


def test_staff_may_not_ask_for_the_words(sign_in, ana, talk):
    assert unmask(sign_in(ana), talk.messages.get()).status_code == 403
    assert not AuditEntry.objects.filter(action="identifiers.shown").exists()


def test_without_a_token_of_the_form_nothing_is_shown(place, talk):
    client = Client(enforce_csrf_checks=True)
    member = make_member(place.organization, Role.PHARMACIST)
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert unmask(client, talk.messages.get()).status_code == 403
    assert NAM not in read(client, talk)


def test_the_list_masks_what_is_public_and_what_is_private(sign_in, ana, page, talk):
    take_in(messenger(page, "m1", NOON + MINUTE, text="Rappelez-moi au 418 555-0134"), at=NOON + MINUTE)

    shown = sign_in(ana).get("/inbox/").content.decode()

    assert MASKED in shown
    assert NAM not in shown
    assert "555-0134" not in shown
    assert "418 •••-••••" in shown


def test_a_person_is_known_by_a_masked_number_until_it_is_asked_for(sign_in, place, page):
    contact = make_contact(page, name="", phone="14185550134")
    talk = make_waiting(page, contact=contact)
    client = sign_in(make_member(place.organization, Role.PHARMACIST))

    assert "14185550134" not in read(client, talk)
    client.post(f"/inbox/{talk.pk}/person/unmask/")

    assert "tel:+14185550134" in read(client, talk)
    assert AuditEntry.objects.get(action="identifiers.shown").detail == {"types": ["contact"]}


def test_what_the_location_says_of_itself_is_nobodys_secret(sign_in, ana, page, talk):
    own = f"Appelez-nous au {page.location.phone}, pas ici: 418 555-0199"
    take_in(own_feed(page, "2", NOON + MINUTE, parent="1", message=own), at=NOON + MINUTE)

    shown = strip_tags(read(sign_in(ana), talk))

    assert f"au {page.location.phone}, pas ici: 418 •••-••••" in shown


def test_the_composer_quotes_masked_words(sign_in, ana, page, talk):
    client = sign_in(ana)
    shown = client.get(f"/conversations/{talk.pk}/reply/").content.decode()

    assert MASKED in shown
    assert NAM not in shown


def test_a_raw_delivery_is_shown_without_what_points_to_a_person(sign_in, place, talk):
    client = sign_in(make_member(place.organization, Role.ADMIN))
    shown = client.post(f"/channels/deliveries/{Delivery.objects.get().pk}/body/").content.decode()

    assert MASKED in shown
    assert NAM not in shown
    assert json.loads(bytes(Delivery.objects.get().body))["entry"][0]["changes"][0]["value"]["comment_id"] in shown


def test_where_the_rules_fail_no_number_is_shown(sign_in, ana, page, monkeypatch):
    talk = make_waiting(page, text="")
    message = make_message(talk, text=f"Ma carte: {NAM}", at=NOON + MINUTE)

    def broken(*_arguments):
        raise RuntimeError

    monkeypatch.setattr("inbox.triage.identifiers.unread.find_told", broken)
    unread._kept.cache_clear()

    shown = read(sign_in(ana), message.conversation)

    assert "ZORM •••• ••••" in shown
    assert "6253" not in shown
    unread._kept.cache_clear()


def test_a_note_that_repeats_a_number_is_masked_until_who_may_asks_for_it(sign_in, place, talk):
    pharmacist = make_member(place.organization, Role.PHARMACIST)
    conversations.add_note(talk, f"Rappeler: carte {NAM}", by=pharmacist, now=NOON)
    client = sign_in(pharmacist)

    page = read(client, talk)
    assert f"Rappeler: carte {MASKED}" in page
    client.post(f"/inbox/{talk.pk}/person/unmask/")

    assert f"Rappeler: carte {NAM}" in read(client, talk)


def test_a_reason_and_the_note_of_a_miss_are_kept_masked(place, talk):
    manager = make_member(place.organization, Role.MANAGER)
    waits.exclude(talk.waits.get(), reason=f"Double de {NAM}", by=manager, now=NOON)
    misses.review(talk.waits.get(), cause="not_seen", note=f"Carte {NAM}", by=manager, now=NOON)

    assert talk.waits.get().reason == f"Double de {MASKED}"
    assert talk.waits.get().review.note == f"Carte {MASKED}"
    assert NAM not in json.dumps([entry.detail for entry in AuditEntry.objects.all()])
