"""What people added to a message, when it is read again and when it is edited: nothing of it is lost."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.access import Role
from inbox.models import Conversation, Finding, Message, Screening
from inbox.screening.by_people import adding, judging, places
from inbox.screening.shown import masking
from inbox.triage.findings import Family, Urgency
from tests.factories import MINUTE, NOON, make_channel, make_member
from tests.inbox.rules import EVENT, in_force, rule
from tests.inbox.wire import feed, take_in

pytestmark = pytest.mark.django_db
GRAVE = rule("plaques", Family.SAFETY, "adverse_event", Urgency.NOW, serious=True, name="AE-2")


@pytest.fixture
def channel(place):
    return make_channel(place)


@pytest.fixture
def said(channel, monkeypatch):
    in_force(monkeypatch, version="1")
    take_in(feed(channel, "1", NOON, message="Des plaques, signé Zorba"), at=NOON)
    return Message.objects.get()


def edit(channel, text, minutes):
    take_in(feed(channel, "1", NOON + minutes * MINUTE, verb="edited", message=text), at=NOON + minutes * MINUTE)


def add(message, type_, words="", *, by):
    adding.add(message, type_, words=words, by=by, now=NOON + MINUTE)


def standing():
    return sorted(Finding.objects.standing().values_list("type", "rule"))


def rescreen():
    call_command("rescreen", stdout=StringIO(), stderr=StringIO())


def test_read_again_it_stands_beside_what_new_rules_see(said, ana, monkeypatch):
    add(said, "adverse_event", "plaques", by=ana)
    in_force(monkeypatch, EVENT, version="2")
    rescreen()
    assert standing() == [("adverse_event", "AE-1"), ("adverse_event", "person")]
    in_force(monkeypatch, GRAVE, version="3")
    rescreen()
    assert standing() == [("adverse_event", "AE-2"), ("adverse_event", "person")]

    in_force(monkeypatch, version="4")
    rescreen()

    assert ("adverse_event", "person") in standing()
    assert Screening.objects.get(version="4").gone == {"AE-2": 1}
    assert Conversation.objects.get().badges == ["adverse_event"]


def test_taken_back_it_takes_nothing_of_what_the_rules_see(said, ana, monkeypatch):
    add(said, "adverse_event", "plaques", by=ana)
    in_force(monkeypatch, EVENT, version="2")
    rescreen()

    adding.take_back(Finding.objects.get(rule="person"), by=ana, now=NOON)

    assert standing() == [("adverse_event", "AE-1")]
    assert said.cases.count() == 1


def test_what_was_removed_of_it_no_rule_sees_again(said, place, ana, monkeypatch):
    add(said, "adverse_event", by=ana)
    pharmacist = make_member(place.organization, Role.PHARMACIST)
    judging.remove(Finding.objects.get(), reason="nobody", note="", by=pharmacist, now=NOON)

    in_force(monkeypatch, EVENT, version="2")
    rescreen()

    assert standing() == []


def test_edited_it_follows_its_words(said, channel, ana):
    add(said, "name", "Zorba", by=ana)
    add(said, "adverse_event", "plaques", by=ana)

    edit(channel, "Bonjour Zorba: ZORBA a des plaques", 2)

    message = Message.objects.get()
    assert masking.words(message) == "Bonjour Z•••: Z••• a des plaques"
    assert standing() == [("adverse_event", "person"), ("name", "person"), ("name", "person")]
    assert Conversation.objects.get().badges == ["adverse_event", "name"]
    assert set(Finding.objects.values_list("added_by", "found_at")) == {(ana.pk, NOON + MINUTE)}


def test_edited_without_its_words_an_identifier_goes_and_all_else_stays(said, channel, ana):
    for type_, words in (("name", "Zorba"), ("adverse_event", "plaques"), ("privacy_request", "")):
        add(said, type_, words, by=ana)

    edit(channel, "Bonjour", 2)

    assert Conversation.objects.get().badges == ["adverse_event", "privacy_request"]
    message = Message.objects.get()
    assert masking.version(message, message.versions.get(original=True).text) == "Des plaques, signé Z•••"

    edit(channel, "Signé Zorba", 3)
    assert "Zorba" not in masking.words(Message.objects.get())


def test_taken_back_by_its_author_it_stays_but_for_what_points_to_somebody(said, channel, ana):
    add(said, "name", "Zorba", by=ana)
    add(said, "adverse_event", "plaques", by=ana)

    take_in(feed(channel, "1", NOON + 2 * MINUTE, verb="remove"), at=NOON + 2 * MINUTE)

    assert Conversation.objects.get().badges == ["adverse_event"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lui", ["lui"]),
        ("L'ÉTÉ", ["l’e\u0301te\u0301"]),
        ("pour  lui", ["pour\nlui"]),
        ("ulie", ["ulie"]),
        ("(a+b)*", ["(a+b)*"]),
        ("", []),
        ("hiver", []),
    ],
)
def test_words_are_found_whole_however_they_are_typed(words, found):
    text = "Julie, pour\nlui: l’e\u0301te\u0301 (a+b)*"
    assert [text[start:end] for start, end in places.find(text, words)] == found
