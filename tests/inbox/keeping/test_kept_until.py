"""Words that are kept: erased by a platform’s time, without who asked to be forgotten, and gone when nothing holds them."""

import json

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from inbox import conversations, intake, jobs
from inbox.keeping import erasure, retention
from inbox.models import Contact, Conversation, Finding, KeptWords, Message, Post, SafetyCase
from inbox.screening.by_people import judging
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel
from tests.inbox.keeping.keeping import DANGER, HARM, LINE, PHONE, actions, arrive, told_and_deleted
from tests.inbox.platforms.contract import body_of
from tests.inbox.rules import CRISIS, in_force
from tests.inbox.wire import feed, post, sign_linkedin, store

pytestmark = pytest.mark.django_db


def linkedin(client, page, text):
    body = json.loads(body_of("linkedin", "comment"))
    assert "text" in json.dumps(body)
    raw = json.dumps(_with(body, text)).encode()
    assert post(client, raw, sign_linkedin(raw), "/hooks/linkedin/") == 200
    jobs.drain_deliveries()
    Post.objects.update(text="")  # its text was made the same


def _with(value, text):
    """The same with other words wherever a text stands."""
    if isinstance(value, dict):
        return {key: text if key == "text" and isinstance(inner, str) else _with(inner, text) for key, inner in value.items()}
    return [_with(inner, text) for inner in value] if isinstance(value, list) else value


class TestATimeIsOver:
    @pytest.fixture
    def page(self, place):
        return make_channel(place, "linkedin", external_id="urn:li:organization:77001100")

    def test_what_told_of_harm_is_kept_for_its_case(self, client, sign_in, page, ana):
        linkedin(client, page, f"{HARM}. Appelez au {PHONE}")
        retention.purge(now=timezone.now() + 3 * DAY)

        message = Message.objects.get()
        assert message.text == ""
        case, worker = SafetyCase.objects.get(), sign_in(ana)
        shown = worker.get(f"/inbox/safety/{case.pk}/").text
        assert "as the platform lets nobody keep it longer" in shown
        assert "plaques partout" in shown
        assert PHONE not in shown
        talk = worker.get(message.conversation.get_absolute_url()).text
        assert "plaques partout" not in talk
        assert LINE in talk

    def test_everything_else_goes_as_before(self, client, page):
        linkedin(client, page, "Prenez-vous des stagiaires?")
        retention.purge(now=timezone.now() + 3 * DAY)

        assert Message.objects.get().text == ""
        assert not KeptWords.objects.exists()

    def test_a_danger_that_nobody_ended_is_still_read(self, client, sign_in, page, pharmacist):
        linkedin(client, page, DANGER)
        retention.purge(now=timezone.now() + 3 * DAY)

        assert "veux mourir" in sign_in(pharmacist).get(Conversation.objects.get().get_absolute_url()).text


class TestForgotten:
    WORDS = f"{HARM}. Julie Exemple, de Lévis"

    def forget(self):
        erasure.forget(Contact.objects.get(), now=timezone.now())

    def written(self, client, page, at, words=WORDS):
        arrive(client, feed(page, "1", at, message=words))
        Post.objects.update(permalink="https://facebook.example/p/1")

    def test_a_case_under_duty_keeps_the_words_without_who_it_was(self, client, sign_in, page, at, ana, maker):
        self.written(client, page, at)
        self.forget()

        content = KeptWords.objects.get().content
        assert (content.author, content.permalink) == ("", "")
        assert [said.text for said in content.versions] == [f"{HARM}. […], de Lévis"]
        shown = sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/summary/").text
        assert "as its author asked to be forgotten" in shown
        assert "plaques partout" in shown
        assert "Julie" not in shown

    def test_what_was_kept_before_is_masked_as_well(self, client, page, at, maker):
        self.written(client, page, at)
        arrive(client, feed(page, "1", at + MINUTE, verb="remove"))
        Contact.objects.update(name="")  # the platform's time for names was over
        self.forget()

        content = KeptWords.objects.get().content
        assert (content.author, content.versions[0].text) == ("", f"{HARM}. […], de Lévis")

    def test_where_a_name_was_taken_out_what_points_to_them_stays_masked(self, client, sign_in, page, at, ana, maker):
        self.written(client, page, at, f"{self.WORDS}. Appelez au {PHONE}")
        self.forget()

        shown = sign_in(ana).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text
        assert "plaques partout" in shown
        assert PHONE not in shown

    @pytest.mark.parametrize("deleted", [True, False])
    def test_a_case_that_nobody_has_to_report_outweighs_nothing(self, client, page, at, deleted):
        self.written(client, page, at)
        if deleted:
            arrive(client, feed(page, "1", at + MINUTE, verb="remove"))
        self.forget()

        assert not KeptWords.objects.exists()
        assert SafetyCase.objects.exists()

    def test_a_danger_that_goes_on_keeps_its_words_until_it_is_over(self, client, page, at, pharmacist):
        self.written(client, page, at, f"{DANGER}. Julie Exemple")
        self.forget()
        assert KeptWords.objects.get().texts == [f"{DANGER}. […]"]

        conversations.close(Conversation.objects.get(), "answered_elsewhere", by=pharmacist, now=timezone.now())

        assert not KeptWords.objects.exists()

    def test_what_no_key_opens_goes(self, client, page, at, maker):
        self.written(client, page, at)
        arrive(client, feed(page, "1", at + MINUTE, verb="remove"))
        KeptWords.objects.update(sealed=b"x")
        self.forget()

        assert not KeptWords.objects.exists()


class TestLetGo:
    def said_not_so(self, by, reason):
        finding = Finding.objects.filter(type="adverse_event").first()
        judging.remove(finding, reason=reason, note="", by=by, now=timezone.now())

    def test_where_a_person_says_that_it_is_no_adverse_event(self, client, sign_in, page, at, pharmacist):
        told_and_deleted(client, page, at, HARM)
        self.said_not_so(pharmacist, "figure_of_speech")

        assert not KeptWords.objects.exists()
        assert AuditEntry.objects.get(action="words.let_go").actor == pharmacist
        assert "The words were erased" in sign_in(pharmacist).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text

    def test_not_where_it_stands_in_another_case(self, client, sign_in, page, at, pharmacist):
        told_and_deleted(client, page, at, HARM)
        self.said_not_so(pharmacist, "recorded")

        assert "plaques partout" in sign_in(pharmacist).get(f"/inbox/safety/{SafetyCase.objects.get().pk}/").text

    def test_not_with_the_case_passed_on_nor_with_time(self, client, page, at, pharmacist, maker):
        told_and_deleted(client, page, at, HARM)
        SafetyCase.objects.update(forwarded_at=timezone.now(), forwarded_by=pharmacist)
        conversations.close(Conversation.objects.get(), "answered_elsewhere", by=pharmacist, now=timezone.now())
        retention.purge(now=timezone.now() + 2000 * DAY)

        assert KeptWords.objects.exists()

    def test_what_was_to_open_a_crisis_and_opened_none_goes_with_the_next_round(self, page, monkeypatch):
        in_force(monkeypatch, CRISIS)
        store(feed(page, "1", NOON, message="danger"), feed(page, "1", NOON + MINUTE, verb="remove"), at=NOON + HOUR)
        intake.drain(now=NOON + HOUR)
        assert KeptWords.objects.exists()
        Finding.objects.update(passed_over=True)

        retention.purge(now=NOON + 2 * HOUR)

        assert not KeptWords.objects.exists()
        assert actions() == ["words.kept", "words.let_go"]
