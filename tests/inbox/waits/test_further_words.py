"""What is the newest in its talk is written without drawing the whole anew, and must come to the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from inbox import conversations, intake, waits
from inbox.models import Contact, Conversation, Message, Post
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_member
from tests.inbox.wire import JULIE, feed, messenger, store, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * DAY


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


def take_in_together(*bodies: bytes, at=LATER) -> None:
    store(*bodies, at=at)
    intake.drain(now=at)


def waited(conversation: Conversation) -> list[tuple]:
    return list(conversation.waits.order_by("started_at").values_list("started_at", "due_at", "outcome"))


def told(conversation: Conversation) -> list[str]:
    return [event.kind for wait in conversation.waits.order_by("started_at") for event in wait.events.all()]


def test_a_batch_of_many_asks_the_database_no_more_than_one_of_few_but_whose_the_pages_are(page):
    def statements(first: int, count: int) -> int:
        people = [{"id": f"8011{number}", "name": f"Personne {number}"} for number in range(first, first + count)]
        store(*[feed(page, person["id"], NOON, author=person, message="?") for person in people], at=NOON)
        with CaptureQueriesContext(connection) as captured:
            intake.drain(now=NOON, limit=count)
        return len(captured)

    statements(0, 1)  # the post is known from here on

    assert statements(1, 2) + 1 == statements(3, 40)


def test_two_messages_of_a_stranger_are_one_person_and_one_wait(page):
    take_in_together(messenger(page, "m_1", NOON, text="Bonjour"), messenger(page, "m_2", NOON + MINUTE, text="Ouvert lundi?"))

    conversation = Conversation.objects.get()
    assert Contact.objects.get() == conversation.contact
    assert waited(conversation) == [(NOON, NOON + DAY, "")]
    assert told(conversation) == ["started", "extended"]
    assert (conversation.preview, conversation.waiting_count, conversation.last_inbound_at) == ("Bonjour", 2, NOON + MINUTE)


def test_the_newest_first_in_a_batch_starts_the_wait_with_the_oldest(page):
    take_in_together(messenger(page, "m_2", NOON + MINUTE, text="Ouvert lundi?"), messenger(page, "m_1", NOON, text="Bonjour"))

    conversation = Conversation.objects.get()
    assert (waited(conversation), conversation.preview) == ([(NOON, NOON + DAY, "")], "Bonjour")


def test_further_words_extend_the_wait_and_leave_its_due_time(page):
    take_in(messenger(page, "m_1", NOON, text="Bonjour"), messenger(page, "m_2", NOON + HOUR, text="Allô?"), at=LATER)

    conversation = Conversation.objects.get()
    assert (waited(conversation), told(conversation)) == ([(NOON, NOON + DAY, "")], ["started", "extended"])
    assert (conversation.preview, conversation.waiting_count, conversation.due_at) == ("Bonjour", 2, NOON + DAY)
    assert set(Message.objects.values_list("wait", flat=True)) == {conversation.waits.get().pk}


def test_words_after_an_answer_start_a_new_wait(page):
    take_in(
        messenger(page, "m_1", NOON, text="Ouvert?"),
        messenger(page, "m_2", NOON + HOUR, echo=True, text="Oui."),
        messenger(page, "m_3", NOON + 2 * HOUR, text="Et mardi?"),
        at=LATER,
    )

    conversation = Conversation.objects.get()
    assert [outcome for _start, _due, outcome in waited(conversation)] == ["answered", ""]
    assert (conversation.preview, conversation.waiting_count, conversation.due_at) == ("Et mardi?", 1, NOON + 2 * HOUR + DAY)


def test_words_of_the_second_in_which_we_answered_were_answered(page):
    take_in(feed(page, "1", NOON, message="Ouvert?"), at=LATER)
    conversation = Conversation.objects.get()
    intake.record_own(conversation, external_id="900111_2", text="Oui.", sent_at=NOON + HOUR, now=LATER)

    take_in(feed(page, "3", NOON + HOUR, parent="1", message="Alors?"), at=LATER)

    assert waited(conversation) == [(NOON, NOON + DAY, "answered")]


def test_words_written_before_the_others_were_taken_back_go_on_with_their_wait(page):
    take_in(
        feed(page, "1", NOON, message="Ouvert?"),
        feed(page, "1", NOON + HOUR, verb="remove"),
        feed(page, "2", NOON + MINUTE, parent="1", message="Alors?"),
        at=LATER,
    )

    conversation = Conversation.objects.get()
    assert (waited(conversation), conversation.preview) == ([(NOON, NOON + DAY, "")], "Alors?")


def test_words_after_two_waits_were_joined_go_on_with_the_one_that_runs(page):
    take_in(
        feed(page, "1", NOON, message="Ouvert?"),
        feed(page, "1", NOON + SECOND, verb="remove"),
        feed(page, "2", NOON + MINUTE, parent="1", message="Alors?"),
        feed(page, "2", NOON + HOUR, verb="remove"),
        feed(page, "3", NOON, parent="1", message="Ouvert lundi?"),  # not all had been taken back: the two waits are one
        feed(page, "4", NOON + 2 * HOUR, parent="1", message="Allô?"),
        at=LATER,
    )

    [running] = Conversation.objects.get().waits.filter(ended_at=None)
    assert (running.started_at, running.messages.count()) == (NOON, 4)


@pytest.mark.parametrize("after", [-MINUTE, MINUTE])
def test_words_told_after_a_closing_start_a_wait_of_their_own(page, after):
    take_in(messenger(page, "m_1", NOON, text="Ouvert?"), at=NOON)
    conversation = Conversation.objects.get()
    boss = make_member(page.organization, Role.MANAGER)
    conversations.close(conversation, "no_reply_needed", by=boss, now=NOON + HOUR)

    take_in(messenger(page, "m_2", NOON + HOUR + after, text="Encore moi"), at=LATER)

    conversation.refresh_from_db()
    assert waited(conversation) == [
        (NOON, NOON + DAY, "closed_no_reply"),
        (NOON + HOUR + after, NOON + HOUR + after + DAY, ""),
    ]
    assert (conversation.state, conversation.waiting_count, conversation.close_outcome) == ("waiting", 1, "")


def test_an_answer_told_late_still_ends_the_wait_that_was_written_plainly(page):
    take_in(
        messenger(page, "m_1", NOON, text="Ouvert?"),
        messenger(page, "m_3", NOON + 2 * HOUR, text="Et mardi?"),
        messenger(page, "m_2", NOON + HOUR, echo=True, text="Oui."),
        at=LATER,
    )

    assert [(start, outcome) for start, _due, outcome in waited(Conversation.objects.get())] == [
        (NOON, "answered"),
        (NOON + 2 * HOUR, ""),
    ]


def test_settling_what_was_written_plainly_changes_nothing(page):
    take_in_together(messenger(page, "m_1", NOON, text="Bonjour"), messenger(page, "m_2", NOON + MINUTE, text="Ouvert?"))
    conversation = Conversation.objects.get()
    before = Conversation.objects.values().get() | {"version": 0}, list(conversation.waits.values()), told(conversation)

    waits.settle(conversation, now=LATER)

    after = Conversation.objects.values().get() | {"version": 0}, list(conversation.waits.values()), told(conversation)
    assert after == before


def test_a_new_name_is_learnt_whoever_else_is_in_the_batch(page):
    renamed = JULIE | {"name": "Julie Nouvelle"}
    take_in(feed(page, "1", NOON, message="?"), at=LATER)

    take_in_together(
        feed(page, "2", NOON + MINUTE, author={"id": "8011", "name": "Marc"}, message="?"),
        feed(page, "3", NOON + HOUR, author=renamed, message="?"),
    )

    assert set(Contact.objects.values_list("name", flat=True)) == {"Julie Nouvelle", "Marc"}


def test_a_post_is_filled_with_what_any_event_of_a_batch_tells(page):
    post = {"id": f"{page.external_id}_900111", "permalink_url": "https://example.com/p"}

    take_in_together(feed(page, "1", NOON, message="?"), feed(page, "2", NOON + SECOND, message="?", post=post))

    assert Post.objects.get().permalink == "https://example.com/p"
    assert set(Conversation.objects.values_list("post", flat=True)) == {Post.objects.get().pk}
