"""Words that told of harm or danger and are erased: kept for their case or crisis, shown there alone, and gone with it."""

from itertools import permutations

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import conversations, crises, intake
from inbox.models import Conversation, Crisis, Delivery, KeptWords, Message, SafetyCase
from tests.factories import HOUR, MINUTE, NOON, make_location, make_member
from tests.inbox.keeping.keeping import DANGER, HARM, LINE, PHONE, actions, arrive, told_and_deleted
from tests.inbox.rules import EVENT, in_force
from tests.inbox.wire import feed, messenger, take_in

pytestmark = pytest.mark.django_db


class TestDeletedByItsAuthor:
    def test_with_a_case_it_is_read_there_and_nowhere_else(self, client, sign_in, page, at, ana):
        message = told_and_deleted(client, page, at, f"{HARM}. Appelez au {PHONE}")

        assert (message.text, message.versions.count()) == ("", 0)
        case, worker = SafetyCase.objects.get(), sign_in(ana)
        for address in (f"/inbox/safety/{case.pk}/", f"/inbox/safety/{case.pk}/summary/"):
            shown = worker.get(address).text
            assert "Deleted by its author on" in shown
            assert "kept for this case" in shown
            assert "plaques partout" in shown
            assert PHONE not in shown
            assert "The words were erased" not in shown
        for address in (message.conversation.get_absolute_url(), "/inbox/", "/inbox/safety/", "/inbox/?q=plaques"):
            assert "plaques partout" not in worker.get(address).text
        talk = worker.get(message.conversation.get_absolute_url()).text
        assert "Taken back by its author" in talk
        assert LINE in talk
        assert f'href="/inbox/safety/{case.pk}/">Read them there' in talk
        assert actions() == ["words.kept"]
        assert "plaques" not in str(AuditEntry.objects.get(action="words.kept").detail)

    def test_at_rest_it_is_sealed(self, client, page, at):
        told_and_deleted(client, page, at, HARM)

        row = KeptWords.objects.get()
        assert b"plaques" not in bytes(row.sealed)
        assert [said.text for said in row.content.versions] == [HARM]
        assert (row.content.author, row.why, row.language) == ("Julie Exemple", "author", "fr")

    def test_the_criteria_still_say_where_they_were_found(self, client, sign_in, page, at, ana):
        told_and_deleted(client, page, at, HARM)

        shown = sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text
        assert "Found in the message: “la pilule”" in shown

    def test_with_an_open_crisis_it_is_read_in_the_red_notice_until_that_ends(self, client, sign_in, page, at, pharmacist):
        message = told_and_deleted(client, page, at, DANGER)

        shown = sign_in(pharmacist).get(message.conversation.get_absolute_url()).text
        banner = shown[shown.index('class="crisis"') : shown.index('class="talk"')]
        assert "kept until this danger is over" in banner
        assert banner.count("je veux mourir") == 2  # what was seen, and the words
        assert "Its words are kept in the red notice" in shown

        crises.acknowledge(message.conversation, by=pharmacist, now=timezone.now())
        assert KeptWords.objects.exists()
        conversations.close(message.conversation, "answered_elsewhere", by=pharmacist, now=timezone.now())

        assert not KeptWords.objects.exists()
        assert "veux mourir" not in sign_in(pharmacist).get(message.conversation.get_absolute_url()).text
        assert AuditEntry.objects.get(action="words.let_go").actor == pharmacist

    def test_heard_of_together_before_anybody_looked(self, client, page, at):
        arrive(client, feed(page, "1", at, message=DANGER), feed(page, "1", at + MINUTE, verb="remove"))

        assert Crisis.objects.open().exists()
        assert KeptWords.objects.get().texts == [DANGER]

    def test_with_neither_nothing_is_kept(self, client, sign_in, page, at, ana):
        message = told_and_deleted(client, page, at, "Êtes-vous ouverts lundi?")

        assert not KeptWords.objects.exists()
        assert actions() == []
        assert "words are kept" not in sign_in(ana).get(message.conversation.get_absolute_url()).text

    def test_where_a_crisis_has_ended_nothing_is_kept(self, client, page, at, pharmacist):
        arrive(client, feed(page, "1", at, message=DANGER))
        conversations.close(Conversation.objects.get(), "answered_elsewhere", by=pharmacist, now=timezone.now())
        arrive(client, feed(page, "1", timezone.now(), verb="remove"))

        assert not KeptWords.objects.exists()

    def test_what_was_attached_is_counted(self, client, sign_in, page, at, ana):
        picture = {"type": "image", "payload": {"url": "https://scontent.example.com/a.jpg"}}
        arrive(client, messenger(page, "m_1", at, text=HARM, attachments=[picture, picture]))
        intake.messages.remove(Message.objects.get(), None, at=timezone.now(), now=timezone.now())

        assert KeptWords.objects.get().attachments == {"image": 2}
        assert "2 attachments, not kept" in sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text


class TestUnmasked:
    def test_by_who_may_with_an_entry_in_the_trail(self, client, sign_in, page, at, pharmacist):
        told_and_deleted(client, page, at, f"{HARM}. Appelez au {PHONE}")
        case, worker = SafetyCase.objects.get(), sign_in(pharmacist)
        assert "Show what is masked" in worker.get(f"/inbox/safety/{case.pk}/").text

        assert worker.post(f"/inbox/safety/{case.pk}/unmask/").status_code == 302

        assert PHONE in worker.get(f"/inbox/safety/{case.pk}/").text
        entry = AuditEntry.objects.get(action="identifiers.shown")
        assert (entry.actor, entry.detail) == (pharmacist, {"message": case.message_id, "types": ["phone"]})

    def test_not_by_who_may_not(self, client, sign_in, page, at, ana):
        told_and_deleted(client, page, at, f"{HARM}. Appelez au {PHONE}")
        case, worker = SafetyCase.objects.get(), sign_in(ana)

        assert worker.post(f"/inbox/safety/{case.pk}/unmask/").status_code == 403
        assert PHONE not in worker.get(f"/inbox/safety/{case.pk}/").text

    def test_in_the_red_notice_as_on_any_message(self, client, sign_in, page, at, pharmacist):
        message = told_and_deleted(client, page, at, f"{DANGER}. Mon numéro: {PHONE}")
        address, worker = message.conversation.get_absolute_url(), sign_in(pharmacist)
        assert PHONE not in worker.get(address).text

        worker.post(f"/inbox/{message.conversation_id}/messages/{message.pk}/unmask/")

        assert PHONE in worker.get(address).text

    def test_nobody_elsewhere_finds_it(self, client, sign_in, page, at, outsider, place):
        told_and_deleted(client, page, at, HARM)
        case, elsewhere = SafetyCase.objects.get(), make_location(place.organization)
        other = make_member(place.organization, Role.PHARMACIST, locations=[elsewhere])

        for member in (outsider, other):
            assert sign_in(member).get(f"/inbox/safety/{case.pk}/").status_code == 404


class TestEdited:
    def test_both_versions_are_kept_with_their_times(self, client, sign_in, page, at, ana):
        arrive(client, feed(page, "1", at, message="Bonjour, une question"))
        arrive(client, feed(page, "1", at + MINUTE, verb="edited", message=HARM))
        arrive(client, feed(page, "1", at + 2 * MINUTE, verb="remove"))

        shown = sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text
        assert shown.index("plaques partout") < shown.index("Before, written") < shown.index("Bonjour, une question")
        versions = KeptWords.objects.get().content.versions
        assert [said.text for said in versions] == ["Bonjour, une question", HARM]
        assert [said.at.replace(microsecond=0) for said in versions] == [
            each.replace(microsecond=0) for each in (at, at + MINUTE)
        ]

    def test_whatever_order_they_come_in(self, page, monkeypatch):
        in_force(monkeypatch, EVENT)
        bodies = [
            feed(page, "1", NOON, message="J’ai des plaques"),
            feed(page, "1", NOON + MINUTE, verb="edited", message="J’ai des plaques et des taches"),
            feed(page, "1", NOON + 2 * MINUTE, verb="remove"),
        ]
        for order in permutations(bodies):
            take_in(*order, at=NOON + HOUR)
            row = KeptWords.objects.get()
            assert row.texts == ["J’ai des plaques", "J’ai des plaques et des taches"]
            assert row.erased_at == NOON + 2 * MINUTE
            _empty()

    def test_a_deletion_that_comes_before_its_message(self, page, monkeypatch):
        in_force(monkeypatch, EVENT)
        take_in(feed(page, "1", NOON + MINUTE, verb="remove"), feed(page, "1", NOON, message="J’ai des plaques"), at=NOON + HOUR)

        assert Message.objects.get().text == ""
        assert KeptWords.objects.get().texts == ["J’ai des plaques"]

    def test_told_twice_it_is_kept_once(self, page, monkeypatch):
        in_force(monkeypatch, EVENT)
        take_in(feed(page, "1", NOON, message="J’ai des plaques"), at=NOON)
        for n in (1, 2):
            take_in(feed(page, "1", NOON + n * MINUTE, verb="remove"), at=NOON + HOUR)

        assert KeptWords.objects.count() == 1

    def test_a_case_that_opens_on_what_is_gone_has_nothing_and_breaks_nothing(self, client, sign_in, page, at, ana):
        message = told_and_deleted(client, page, at, "Bonjour")
        SafetyCase.objects.create(organization=page.organization, message=message, type="adverse_event", aware_at=at, duty=False)

        shown = sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/")
        assert "The words were erased" in shown.text


def _empty():
    SafetyCase.objects.all().delete()
    Conversation.objects.all().delete()
    Delivery.objects.all().delete()


def test_what_no_key_opens_says_so(client, sign_in, page, at, ana):
    told_and_deleted(client, page, at, HARM)
    KeptWords.objects.update(sealed=b"x")

    assert (
        "No key of this installation opens these words" in sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text
    )


def test_what_its_author_took_out_of_the_bin_is_not_shown_twice(client, sign_in, page, at, ana):
    message = told_and_deleted(client, page, at, HARM)
    Message.objects.filter(pk=message.pk).update(text=HARM, removed_at=None)

    assert "kept for this case" not in sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text
