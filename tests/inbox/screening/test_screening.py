"""What triage sees is kept at intake, whichever way a message takes, and a machine only adds to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox import conversations, intake
from inbox.desk import queries
from inbox.desk.queries import Filters
from inbox.keeping import retention
from inbox.models import Conversation, Finding, Message, Rank
from inbox.triage.findings import Family, Urgency
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_location, make_member, make_organization
from tests.inbox.rules import CRISIS, EVENT, NUMBER, breaks, in_force, rule
from tests.inbox.wire import feed, messenger, own_feed, store, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    in_force(monkeypatch, CRISIS, EVENT, NUMBER)


def somebody(number: int) -> dict[str, str]:
    return {"id": f"8011{number}", "name": f"Personne {number}"}


def standing() -> list[tuple[str, str]]:
    return list(Finding.objects.standing().order_by("pk").values_list("message__text", "type"))


def alone(*bodies: bytes) -> None:
    take_in(*bodies, at=LATER)


def together(*bodies: bytes) -> None:
    store(*bodies, at=LATER)
    intake.drain(now=LATER)


@pytest.mark.parametrize("way", [alone, together])
def test_who_may_be_in_danger_stands_first_with_what_was_seen_and_where(page, way):
    way(
        feed(page, "1", NOON - 5 * HOUR, author=somebody(1), message="Ouvert lundi?"),
        feed(page, "2", NOON - 3 * HOUR, author=somebody(2), message="J’ai des plaques."),
        feed(page, "3", NOON - HOUR, author=somebody(3), message="Je suis en danger"),
    )

    member = make_member(page.organization)
    rows = queries.page(member, Filters(), after="", now=LATER).lines
    assert [(row.name, row.urgency, row.badges) for row in rows] == [
        ("Personne 3", Rank.CRISIS, ("self_harm",)),
        ("Personne 2", Rank.SOON, ("adverse_event",)),
        ("Personne 1", Rank.NONE, ()),
    ]
    found = Finding.objects.get(type="self_harm")
    assert (found.message.text[found.start : found.end], found.cues) == ("danger", [["event", 11, 17]])
    assert (found.rule, found.confidence, found.triage_version) == ("CRISIS-1", "high", "test-1")
    assert found.organization == page.organization
    assert set(Message.objects.values_list("triage_version", "language")) == {("test-1", "fr")}


def test_a_batch_asks_once_about_the_house_and_writes_no_finding_alone(page):
    bodies = [feed(page, str(n), NOON, author=somebody(n), message=f"J’ai {n} plaques.") for n in range(20)]
    store(*bodies, at=NOON)

    with CaptureQueriesContext(connection) as captured:
        intake.drain(now=NOON)

    said = [query["sql"] for query in captured]
    assert not [sql for sql in said if '"inbox_finding"' in sql]  # copied, which is no query
    assert len([sql for sql in said if 'FROM "accounts_organization"' in sql]) == 1
    assert Finding.objects.count() == 20


@pytest.mark.parametrize("way", [alone, together])
def test_what_follows_in_the_same_wait_adds_to_the_line_and_an_answer_ends_its_urgency(page, way):
    way(feed(page, "1", NOON, message="J’ai des plaques."))
    way(feed(page, "2", NOON + MINUTE, parent="1", message="Je suis en danger"), feed(page, "3", NOON + 2 * MINUTE, parent="1"))

    conversation = Conversation.objects.get()
    assert (conversation.urgency, conversation.badges) == (Rank.CRISIS, ["self_harm", "adverse_event"])

    way(own_feed(page, "4", NOON + 3 * MINUTE, parent="2", message="Appelez-nous."))
    conversation.refresh_from_db()
    assert (conversation.urgency, conversation.badges) == (Rank.NONE, ["self_harm", "adverse_event"])

    way(feed(page, "5", NOON + 4 * MINUTE, parent="4", message="Merci"))
    conversation.refresh_from_db()
    assert (conversation.urgency, conversation.badges) == (Rank.NONE, [])


@pytest.mark.parametrize("way", [alone, together])
def test_a_text_on_which_the_rules_fail_is_shown_and_says_so(page, way, monkeypatch, caplog):
    in_force(monkeypatch, breaks, EVENT)

    way(
        feed(page, "1", NOON - HOUR, author=somebody(1), message="Ouvert lundi?"),
        feed(page, "2", NOON, author=somebody(2), message="Ça casse tout: plaques"),
    )

    rows = queries.page(make_member(page.organization), Filters(), after="", now=LATER).lines
    assert [(row.preview, row.urgency, row.badges) for row in rows] == [
        ("Ça casse tout: plaques", Rank.SOON, ("unreadable",)),
        ("Ouvert lundi?", Rank.NONE, ()),
    ]
    assert "ZeroDivisionError" in caplog.text
    assert "tout" not in caplog.text
    assert "900111_2" not in caplog.text  # some platforms make ids of telephone numbers


def test_an_edit_is_read_again_and_what_was_dangerous_before_it_stays_seen(page):
    alone(
        feed(page, "1", NOON, message="Je suis en danger, TREM85031292"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Plutôt des plaques"),
    )

    conversation = Conversation.objects.get()
    # The number is no longer there to be read by anybody; a person may still be in danger.
    assert (conversation.urgency, conversation.badges) == (Rank.CRISIS, ["self_harm", "adverse_event"])

    alone(feed(page, "1", NOON + 2 * MINUTE, verb="edited", message="Beaucoup de plaques"))
    events = Finding.objects.filter(type="adverse_event").order_by("pk")
    assert [event.stands for event in events] == [False, True]


def test_what_its_author_took_back_keeps_its_danger_and_no_word(page):
    alone(feed(page, "1", NOON, message="Je suis en danger, TREM85031292"), feed(page, "1", NOON + MINUTE, verb="remove"))

    conversation = Conversation.objects.get()
    assert (conversation.due_at, conversation.urgency, conversation.badges) == (None, Rank.NONE, ["self_harm"])
    columns = [str(value) for row in Finding.objects.values_list() for value in row]
    assert not any("danger" in value or "TREM8" in value for value in columns)


def test_when_words_are_let_go_nothing_tells_them_from_others(page):
    alone(feed(page, "1", NOON, message="Mon numéro: TREM85031292"))

    retention.erase_words(Message.objects.all(), now=NOON)

    assert list(Finding.objects.values_list("type", "text_digest")) == [("ramq", "")]


def test_words_that_are_kept_for_a_danger_are_told_from_others_until_they_go(page):
    alone(feed(page, "1", NOON, message="Je suis en danger"))
    retention.erase_words(Message.objects.all(), now=NOON)
    assert not Finding.objects.filter(text_digest="").exists()

    Finding.objects.update(passed_over=True)
    retention.purge(now=NOON)

    assert list(Finding.objects.values_list("type", "text_digest")) == [("self_harm", "")]


def test_numbers_in_private_are_badges_only_where_they_need_care_everywhere(page, monkeypatch):
    phone = rule("418[0-9-]+", Family.IDENTIFIER, "phone", Urgency.NONE)
    in_force(monkeypatch, NUMBER, phone)

    alone(messenger(page, "m_1", NOON, text="Rappelez 418-555-0177"))
    assert Conversation.objects.get().badges == []

    alone(messenger(page, "m_2", NOON + MINUTE, text="Mon numéro: TREM85031292"))
    assert Conversation.objects.get().badges == ["ramq"]
    assert [type_ for _text, type_ in standing()] == ["phone", "ramq"]


def test_what_is_unanswered_says_what_it_is_about_the_best_of_each_message_first(page):
    alone(feed(page, "1", NOON, message="Avez-vous du vaccin contre la grippe?"))
    Message.objects.update(topics=["vaccine", "stock"])
    alone(feed(page, "2", NOON + MINUTE, parent="1", message="Et à quelle heure fermez-vous?"))
    conversation = Conversation.objects.get()
    Message.objects.filter(external_id="900111_2").update(topics=["hours", "vaccine"])
    assert conversations.topics(conversation) == ["vaccine", "hours", "stock"]

    alone(own_feed(page, "3", NOON + 2 * MINUTE, parent="2", message="À 21 h."))
    assert conversations.topics(conversation) == ["hours", "vaccine"]


def test_triage_is_told_whose_page_it_is(monkeypatch):
    told = []

    def listen(text, context):
        told.append(context)
        yield from ()

    in_force(monkeypatch, listen)
    organization = make_organization(kind="clinic", language="en")
    location = make_location(organization, phone="418 555-0111")
    make_location(organization, phone="418 555-0122")
    make_member(organization, name="Luc Exemple")
    page = make_channel(location)

    alone(feed(page, "1", NOON, author={"id": "9", "name": "Ana Exemple"}))
    together(messenger(page, "m_1", NOON))

    context, private = told
    assert (private.channel, private.public, private.page_numbers) == ("facebook_dm", False, context.page_numbers)
    assert (context.channel, context.public, context.page_kind) == ("facebook_comment", True, "clinic")
    assert (context.author, context.staff) == ("Ana Exemple", ("Luc Exemple",))
    assert context.page_numbers == ("418 555-0111", "418 555-0122")
    assert context.page_language == "en"
