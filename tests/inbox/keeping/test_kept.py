"""Words that told of harm or danger and are erased: kept for their case or crisis, shown there alone, and gone with it."""

import json
from itertools import permutations

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry, Organization
from inbox import conversations, crises, intake, jobs
from inbox.keeping import erasure, retention
from inbox.models import Contact, Conversation, Crisis, Delivery, Finding, KeptWords, Message, Post, SafetyCase
from inbox.screening import judging
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_location, make_member
from tests.inbox.platforms.contract import body_of
from tests.inbox.rules import CRISIS, EVENT, in_force
from tests.inbox.wire import feed, messenger, post, sign_linkedin, store, take_in

pytestmark = pytest.mark.django_db

HARM = "Depuis la pilule bleue j’ai des plaques partout"
PHONE = "514 555-0177"
DANGER = "J’en peux plus, je veux mourir"
LINE = "kept with the safety case"


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500")


@pytest.fixture
def maker(place):
    Organization.objects.filter(pk=place.organization_id).update(kind="manufacturer")


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


@pytest.fixture
def at():
    return timezone.now() - 10 * MINUTE


def arrive(client, *bodies):
    for body in bodies:
        assert post(client, body) == 200
    jobs.drain_deliveries()


def told_and_deleted(client, page, at, words, number="1"):
    arrive(client, feed(page, number, at, message=words))
    arrive(client, feed(page, number, at + MINUTE, verb="remove"))
    return Message.objects.get(external_id=f"900111_{number}")


def actions():
    return list(AuditEntry.objects.filter(action__startswith="words.").order_by("pk").values_list("action", flat=True))


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
