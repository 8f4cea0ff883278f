"""The line of a conversation that was answered, drawn the short way, reads as if all of it had been read anew."""

import pytest

from inbox import intake, waits
from inbox.desk import summaries
from inbox.models import Conversation
from tests.factories import HOUR, MINUTE, NOON, make_channel, make_finding, make_message, make_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(place):
    return make_waiting(make_channel(place), text="Le sirop a donné des plaques à mon fils")


def answer(conversation, at=NOON + HOUR, external_id="m_1", **fields):
    return intake.record_own(conversation, external_id=external_id, text="Bonjour!", sent_at=at, now=at, **fields)


def line(pk):
    return Conversation.objects.filter(pk=pk).values(*(set(summaries.LISTED) - {"version"})).get()


def drawn_anew(conversation):
    conversation.refresh_from_db()
    summaries.draw(conversation, waits.running(conversation))
    return line(conversation.pk)


def one(conversation):
    answer(conversation)


def one_that_was_found_grave(conversation):
    make_finding(conversation.messages.get(), type="adverse_event")
    conversation.refresh_from_db()
    summaries.draw(conversation, waits.running(conversation))
    answer(conversation)


def two(conversation):
    make_message(conversation, at=NOON + MINUTE, text="Allô?")
    answer(conversation)


def one_and_another_taken_back(conversation):
    make_message(conversation, at=NOON + MINUTE, text="Laissez faire", removed_at=NOON + 2 * MINUTE)
    answer(conversation)


def asked_again_after_an_answer(conversation):
    answer(conversation)
    make_message(conversation, at=NOON + 2 * HOUR, text="Et lundi?")
    answer(conversation, at=NOON + 3 * HOUR, external_id="m_2")


def answered_late_in_the_middle(conversation):
    make_message(conversation, at=NOON + 2 * HOUR, text="Et lundi?")
    answer(conversation)


def only_asked_to_go_on_elsewhere(conversation):
    answer(conversation, source="moving")


def an_answer_that_failed_and_came_anew(conversation):
    failed = answer(conversation)
    type(failed).objects.filter(pk=failed.pk).update(failed_at=NOON + HOUR)
    conversation.refresh_from_db()
    waits.settle(conversation, now=NOON + HOUR)
    answer(conversation, at=NOON + 2 * HOUR)


@pytest.mark.parametrize(
    "told",
    [
        one,
        one_that_was_found_grave,
        two,
        one_and_another_taken_back,
        asked_again_after_an_answer,
        answered_late_in_the_middle,
        only_asked_to_go_on_elsewhere,
        an_answer_that_failed_and_came_anew,
    ],
)
def test_the_short_way_gives_the_same_line(conversation, told):
    told(conversation)

    assert line(conversation.pk) == drawn_anew(conversation)


def test_an_answer_to_one_message_reads_none_of_what_was_found_in_it(conversation, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        answer(conversation)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_count, conversation.last_message_at) == ("answered", 0, NOON + HOUR)
