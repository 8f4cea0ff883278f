"""What a person reports in a message, as no rule saw it: from the form to badge, case, alert and mask; and taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.access import Permission, Role, permissions_of
from accounts.models import AuditEntry
from inbox import crises
from inbox.models import Conversation, Crisis, Finding, Message, Notice, Rank, SafetyCase
from inbox.screening.by_people import judging
from responses.composing import allowed
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_finding,
    make_location,
    make_member,
    make_message,
    make_waiting,
)
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db
TEXT = "Depuis l’onguent,\nça pique pas pour rire. La fameuse Mme Zorba, 12 rue Xyz, dossier QQ-77. QQ-77!"


@pytest.fixture
def channel(place):
    return make_channel(place)


@pytest.fixture
def message(channel):
    return make_waiting(channel, text=TEXT).messages.get()


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, name="Paul Exemple")


def address(message):
    return f"/inbox/{message.conversation_id}/messages/{message.pk}/unseen/"


def report(client, message, type_, words="", note="", **headers):
    return client.post(address(message), {"type": type_, "words": words, "note": note}, headers=headers)


def take_back(client, finding):
    return client.post(f"/inbox/findings/{finding.pk}/take-back/")


def page(client, message):
    return client.get(f"/inbox/{message.conversation_id}/").content.decode()


def line(message):
    return Conversation.objects.values_list("urgency", "badges").get(pk=message.conversation_id)


def trail(action):
    return [(entry.actor.user.name, entry.detail) for entry in AuditEntry.objects.filter(action=action)]


def test_an_adverse_event_that_nobody_saw_stands_as_a_badge_by_name_and_in_the_list(sign_in, ana, message):
    client = sign_in(ana)

    assert report(client, message, "adverse_event", "ÇA  pique pas", "au comptoir aussi").status_code == 302

    shown = page(client, message)
    assert "“ça pique pas”, reported by Ana Exemple" in shown
    assert '<mark class="seen-words" data-family="safety">ça pique pas</mark>' in shown
    assert ": au comptoir aussi" in shown
    assert line(message) == (Rank.SOON, ["adverse_event"])
    assert "reported by Ana Exemple" in client.get(f"/inbox/{message.conversation_id}/why/").text
    detail = {"type": "adverse_event", "message": str(message.pk), "note": "au comptoir aussi"}
    assert trail("finding.added") == [("Ana Exemple", detail)]


def test_it_opens_the_case_as_of_when_the_message_was_received_and_limits_what_may_be_answered(sign_in, ana, message):
    assert allowed.allowed(message.conversation, by=ana) is None

    report(sign_in(ana), message, "adverse_event")

    case = SafetyCase.objects.get()
    assert (case.type, case.aware_at, case.duty) == ("adverse_event", NOON, False)
    assert allowed.allowed(message.conversation, by=ana).topics == {"adverse_event", "move"}
    assert "It is about the message as a whole." in page(sign_in(ana), message)
    assert "<mark" not in page(sign_in(ana), message)
    assert "reported by Ana Exemple" in sign_in(ana).get(f"/inbox/safety/{case.pk}/").text


def test_of_an_edited_message_it_counts_from_when_the_words_first_came(sign_in, ana, channel):
    take_in(feed(channel, "1", NOON, message="ça pique"), at=NOON)
    take_in(feed(channel, "1", NOON + DAY, verb="edited", message="ça pique, bonjour"), at=NOON + DAY)

    report(sign_in(ana), Message.objects.get(), "adverse_event", "ça pique")

    assert SafetyCase.objects.get().aware_at == Message.objects.get().received_at
    assert Finding.objects.count() == 2


def test_a_maker_owes_a_report(sign_in, place, ana, message):
    place.organization.kind = "manufacturer"
    place.organization.save()

    report(sign_in(ana), message, "device_incident")

    assert SafetyCase.objects.get(type="device_incident").duty


def test_a_danger_opens_a_crisis_and_alerts_people_at_once(sign_in, ana, message, pharmacist):
    client = sign_in(ana)

    report(client, message, "self_harm", "pas pour rire")

    crisis = Crisis.objects.get()
    assert (crisis.type, crisis.alerts, crisis.ended_at) == ("self_harm", 1, None)
    assert [notice.membership for notice in Notice.objects.filter(kind="crisis")] == [pharmacist]
    assert line(message) == (Rank.CRISIS, ["self_harm"])
    assert allowed.allowed(message.conversation, by=ana).topics == {"self_harm"}
    assert "<q>pas pour rire</q>" in page(client, message)


def test_a_danger_said_long_ago_in_what_is_closed_is_no_old_news_once_a_person_says_so(sign_in, ana, channel, pharmacist):
    old = timezone.now() - 30 * DAY
    message = make_waiting(channel, at=old, text=TEXT).messages.get()
    message.wait.delete()
    Conversation.objects.update(closed_at=old + HOUR, close_outcome="no_reply_needed", due_at=None)

    report(sign_in(ana), message, "emergency")
    crises.resolve(now=timezone.now())

    assert Crisis.objects.open().count() == 1


def test_a_medication_error_opens_both_and_the_media_are_for_a_manager(sign_in, place, ana, message):
    make_member(place.organization, Role.MANAGER)
    report(sign_in(ana), message, "medication_error")
    assert (Crisis.objects.get().type, SafetyCase.objects.get().type) == ("medication_error", "medication_error")

    report(sign_in(ana), message, "media_request")
    assert Notice.objects.filter(kind="reserved").count() == 1


def test_an_identifier_is_masked_wherever_its_words_stand(sign_in, ana, message):
    client = sign_in(ana)
    assert "QQ-77" in client.get("/inbox/").text

    report(client, message, "record_number", "QQ-77")
    report(client, message, "name", "Mme Zorba")

    for shown in (page(client, message), client.get("/inbox/").text, exported()):
        assert "QQ-77" not in shown
        assert "Zorba" not in shown
    assert line(message) == (Rank.SOON, ["record_number", "name"])
    assert Finding.objects.filter(type="record_number").count() == 2


def exported():
    out = StringIO()
    call_command("export", "conversations", organization=Conversation.objects.get().organization.slug, stdout=out)
    return out.getvalue()


def test_where_the_rules_failed_what_people_add_is_masked_beside_what_is_always(sign_in, ana, channel):
    message = make_waiting(channel, text="Zorba, 418 555-0199").messages.get()
    Message.objects.update(unreadable=True, triage_version="")

    report(sign_in(ana), message, "name", "Zorba")

    shown = page(sign_in(ana), message)
    assert "Zorba" not in shown
    assert "0199" not in shown


def test_words_are_found_as_their_reader_sees_them_and_tell_nothing_of_what_is_masked(sign_in, ana, channel):
    message = make_waiting(channel, text="Ma carte QQ 123456, ça pique").messages.get()
    make_finding(message, "QQ 123456", family="identifier", type="record_number")
    Message.objects.update(triage_version="test-1")
    client = sign_in(ana)

    assert report(client, message, "adverse_event", "123").status_code == 422
    assert report(client, message, "adverse_event", "carte •• ••••••, ça").status_code == 302

    finding = Finding.objects.get(type="adverse_event")
    assert message.text[finding.start : finding.end] == "carte QQ 123456, ça"
    assert "123456" not in page(client, message)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "These words do not stand in the message, or are masked already."),
        ("fr-ca", "Ces mots ne figurent pas dans le message, ou sont déjà masqués."),
    ],
)
def test_words_that_do_not_stand_there_are_told_and_nothing_typed_is_lost(sign_in, ana, message, language, says):
    ana.user.language = language
    ana.user.save()
    client = sign_in(ana)

    answer = report(client, message, "phone", "418 555-0000", "ma note")

    assert answer.status_code == 422
    for kept in (says, "418 555-0000", "ma note", '<option value="phone" selected>'):
        assert kept in answer.text
    assert not Finding.objects.exists()
    part = report(client, message, "phone", "418 555-0000", **{"HX-Request": "true", "HX-Target": "conversation"})
    assert (part.status_code, part["HX-Retarget"]) == (422, f"#unseen-{message.pk}-in-0")
    assert "<html" not in part.text
    assert "418 555-0000" in part.text


def test_for_an_identifier_the_words_are_needed_and_nothing_else_can_be_added_than_what_is_listed(sign_in, ana, message):
    client = sign_in(ana)

    assert "Give the words to mask." in report(client, message, "phone").text
    assert report(client, message, "phone", "Q").status_code == 422
    assert report(client, message, "spam").status_code == 422
    assert report(client, message, "").status_code == 422
    assert not Finding.objects.exists()


def test_the_same_twice_changes_nothing_and_says_so(sign_in, ana, message):
    client = sign_in(ana)
    report(client, message, "adverse_event", "ça pique")
    report(client, message, "name", "Zorba")

    stands = "This stands on the message already."
    for type_, words, says in (
        ("adverse_event", "", stands),
        ("name", "Z•••", stands),
        ("name", "Zorba", "or are masked already."),
    ):
        answer = report(client, message, type_, words)
        assert answer.status_code == 422
        assert says in answer.text
    assert Finding.objects.count() == 2
    assert len(trail("finding.added")) == 2


def test_what_somebody_removed_is_put_back_and_not_added_anew(sign_in, ana, message, pharmacist):
    seen = make_finding(message, "ça pique")
    judging.remove(seen, reason="figure_of_speech", note="", by=pharmacist, now=NOON)

    answer = report(sign_in(ana), message, "adverse_event", "ça pique")

    assert "Paul Exemple removed this from the message: Figure of speech or joke." in answer.text
    assert "Pharmacist, Compliance officer" in answer.text
    assert report(sign_in(ana), message, "adverse_event", "Depuis l'onguent").status_code == 302


@pytest.mark.parametrize("role", Role)
def test_who_works_in_the_inbox_or_judges_badges_may_add(sign_in, place, message, role):
    client = sign_in(make_member(place.organization, role))
    may = role in {Role.STAFF, Role.PHARMACIST, Role.MANAGER, Role.COMPLIANCE, Role.PRIVACY}
    assert may or Permission.INBOX_WORK not in permissions_of(role)

    assert (address(message) in page(client, message)) is may
    assert client.get(address(message)).status_code == (200 if may else 403)
    assert report(client, message, "off_label").status_code == (302 if may else 403)
    assert Finding.objects.exists() is may


def test_another_organization_and_another_location_find_nothing(sign_in, place, message):
    there = make_location(place.organization)
    for member in (make_member(make_location().organization), make_member(place.organization, locations=[there])):
        assert report(sign_in(member), message, "adverse_event").status_code == 404
    elsewhere = make_waiting(make_channel()).messages.get()
    client = sign_in(make_member(place.organization))
    mixed = f"/inbox/{message.conversation_id}/messages/{elsewhere.pk}/unseen/"
    assert client.post(mixed, {"type": "adverse_event"}).status_code == 404
    assert not Finding.objects.exists()


@pytest.mark.parametrize("fields", [{"direction": "out"}, {"historic": True}, {"removed_at": NOON, "text": ""}])
def test_ours_what_is_historic_and_what_was_taken_back_offer_nothing(sign_in, ana, message, fields):
    other = make_message(message.conversation, at=NOON + MINUTE, **fields)
    client = sign_in(ana)

    assert address(other) not in page(client, message)
    assert client.get(address(other)).status_code == 404
    assert report(client, other, "adverse_event").status_code == 404


def test_it_only_raises(sign_in, ana, message):
    make_finding(message, "ça pique", urgency=Rank.NOW, serious=True)
    client = sign_in(ana)

    report(client, message, "off_label")
    assert line(message) == (Rank.NOW, ["adverse_event", "off_label"])

    Finding.objects.all().delete()
    Message.objects.update(urgency=Rank.SOON)
    report(client, message, "off_label")
    assert line(message) == (Rank.SOON, ["off_label"])
    judging.remove(Finding.objects.get(), reason="nobody", note="", by=ana, now=NOON)
    assert line(message) == (Rank.SOON, [])


def test_taken_back_nothing_of_it_is_left_but_the_trail(sign_in, ana, message, pharmacist):
    client = sign_in(ana)
    before = line(message)
    for type_ in ("medication_error", "name"):
        report(client, message, type_, "Mme Zorba")
        assert "Take my report back" in page(client, message)
        assert take_back(client, Finding.objects.first()).status_code == 302

    assert not Finding.objects.exists()
    assert not SafetyCase.objects.exists()
    assert Crisis.objects.get().ended == "removed"
    assert (line(message), Conversation.objects.get().crisis_since) == (before, None)
    assert "Zorba" in page(client, message)
    assert {detail["type"] for _name, detail in trail("finding.taken_back")} == {"medication_error", "name"}
    assert report(client, message, "medication_error", "Mme Zorba").status_code == 302


def test_only_who_added_it_takes_it_back(sign_in, place, ana, message):
    report(sign_in(ana), message, "adverse_event")
    seen, other = Finding.objects.get(), sign_in(make_member(place.organization, Role.PHARMACIST))

    assert "Take my report back" not in page(other, message)
    assert take_back(other, seen).status_code == 404
    assert Finding.objects.exists()


def act_take_on(message, by):
    Crisis.objects.update(acknowledged_at=timezone.now(), acknowledged_by=by, alert_at=None)


def act_check(message, by):
    SafetyCase.objects.update(checked_at=timezone.now(), checked_by=by)


def act_forward(message, by):
    SafetyCase.objects.update(forwarded_at=timezone.now(), forwarded_by=by)


def act_answer(message, by):
    make_message(message.conversation, at=timezone.now() + SECOND, direction="out", source="comptoir")


@pytest.mark.parametrize("act", [act_take_on, act_check, act_forward, act_answer])
def test_once_somebody_acted_on_it_it_is_removed_like_any_other(sign_in, ana, message, pharmacist, act):
    report(sign_in(ana), message, "medication_error")
    act(message, pharmacist)
    seen = Finding.objects.get()

    assert "Take my report back" not in page(sign_in(ana), message)
    take_back(sign_in(ana), seen)
    assert Finding.objects.standing().exists()

    gone = f"/inbox/findings/{seen.pk}/remove/"
    assert sign_in(ana).post(gone, {"reason": "nobody"}).status_code == 403
    assert sign_in(pharmacist).post(gone, {"reason": "nobody"}).status_code == 302
    assert not Finding.objects.standing().exists()


def test_without_a_script_the_form_is_a_page_that_shows_the_words_masked(sign_in, ana, message):
    make_finding(message, "Mme Zorba", family="identifier", type="name")

    shown = sign_in(ana).get(address(message)).text

    assert "<title>Report what was not seen" in shown
    assert "ça pique pas pour rire" in shown
    assert "Zorba" not in shown
    assert '<option value="threat">Threat</option>' in shown
