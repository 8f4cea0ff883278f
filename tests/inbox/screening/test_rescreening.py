"""What is stored, read again by other rules: a machine adds, what a person removed stays removed, and it may stop anywhere."""

from io import StringIO

import pytest
from django.core.management import call_command

from inbox.models import Conversation, Finding, Message, Rank, Screening
from inbox.screening.by_people import judging
from inbox.screening.by_rules import again
from inbox.triage.findings import Family, Urgency
from tests.factories import MINUTE, NOON, make_channel, make_member, make_message, make_waiting
from tests.inbox.rules import CRISIS, EVENT, breaks, in_force, rule

pytestmark = pytest.mark.django_db


def rescreen() -> str:
    said = StringIO()
    call_command("rescreen", stdout=said, stderr=StringIO())
    return said.getvalue()


def standing() -> list[tuple[str, str]]:
    return list(Finding.objects.standing().order_by("pk").values_list("rule", "triage_version"))


def test_new_rules_add_to_what_was_seen_and_the_list_shows_it(monkeypatch):
    in_force(monkeypatch, EVENT, version="1")
    conversation = make_waiting(text="Des plaques, et en danger")
    make_waiting(text="Ouvert lundi?")
    rescreen()
    in_force(monkeypatch, EVENT, CRISIS, version="2")

    said = rescreen()

    conversation.refresh_from_db()
    assert (conversation.urgency, conversation.badges) == (Rank.CRISIS, ["self_harm", "adverse_event"])
    assert standing() == [("AE-1", "1"), ("CRISIS-1", "2")]
    assert set(Message.objects.values_list("triage_version", flat=True)) == {"2"}
    assert "Rules 2: 2 messages read, 0 unreadable." in said
    assert [line.split() for line in said.splitlines() if line.startswith("CRISIS-1")] == [["CRISIS-1", "1", "0"]]


def test_what_the_rules_no_longer_find_is_told_and_stands_until_a_person_removes_it(monkeypatch):
    in_force(monkeypatch, EVENT, version="1")
    make_waiting(text="Des plaques")
    rescreen()
    in_force(monkeypatch, version="2")

    said = rescreen()

    assert [line.split() for line in said.splitlines() if line.startswith("AE-1")] == [["AE-1", "0", "1"]]
    assert standing() == [("AE-1", "1")]
    assert Conversation.objects.get().badges == ["adverse_event"]


def test_what_a_person_removed_does_not_come_back_until_the_text_changes(monkeypatch):
    in_force(monkeypatch, EVENT, version="1")
    conversation = make_waiting(text="Des plaques")
    rescreen()
    judging.remove(
        Finding.objects.get(), reason="nobody", note="", by=make_member(conversation.organization, "pharmacist"), now=NOON
    )
    # Another rule, with other words about the same place.
    in_force(monkeypatch, rule("Des plaques", Family.SAFETY, "adverse_event", Urgency.NOW, serious=True), version="2")

    rescreen()

    assert standing() == []
    conversation.refresh_from_db()
    assert (conversation.urgency, conversation.badges) == (Rank.NONE, [])

    Message.objects.update(text="Des plaques partout", triage_version="")
    rescreen()
    assert standing() == [("TEST-1", "2")]


def test_a_graver_reading_of_the_same_words_takes_the_place_of_the_other_and_a_milder_one_does_not(monkeypatch):
    in_force(monkeypatch, EVENT, version="1")
    make_waiting(text="Des plaques")
    rescreen()

    in_force(monkeypatch, rule("plaques", Family.SAFETY, "adverse_event", Urgency.NOW, serious=True, name="AE-2"), version="2")
    rescreen()
    assert standing() == [("AE-2", "2")]

    in_force(monkeypatch, EVENT, version="3")
    rescreen()
    assert standing() == [("AE-2", "2")]
    assert Conversation.objects.get().urgency == Rank.NOW


def test_interrupted_anywhere_it_goes_on_and_the_report_is_of_the_whole(monkeypatch):
    in_force(monkeypatch, version="1")
    channel = make_channel()
    for number in range(5):
        make_waiting(channel, at=NOON + number * MINUTE, text=f"{number} plaques")
    in_force(monkeypatch, EVENT, version="2")

    screening = again.begun(now=NOON)
    assert again.read_some(screening, after=0, now=NOON, limit=2)[:2] == (2, 2)
    said = rescreen()

    assert Finding.objects.count() == 5
    assert "5 messages read" in said
    assert Screening.objects.get().added == {"AE-1": 5}
    assert Screening.objects.get().finished_at is not None
    assert rescreen() == said


def test_what_was_unreadable_is_read_once_the_rules_are_mended(monkeypatch):
    in_force(monkeypatch, breaks, EVENT, version="1")
    conversation = make_waiting(text="Ça casse, des plaques")
    assert "1 unreadable" in rescreen()
    assert Screening.objects.get().finished_at is None
    conversation.refresh_from_db()

    in_force(monkeypatch, EVENT, version="2")
    rescreen()

    message = Message.objects.get()
    assert (message.unreadable, message.triage_version) == (False, "2")
    conversation.refresh_from_db()
    assert conversation.badges == ["adverse_event"]


def test_our_own_words_are_not_read(monkeypatch):
    in_force(monkeypatch, EVENT, version="1")
    conversation = make_waiting(text="Allô")
    make_message(conversation, at=NOON + MINUTE, direction="out", source="native", text="Des plaques?")

    rescreen()

    assert not Finding.objects.exists()
