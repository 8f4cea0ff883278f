"""Many replies at once: claimed and recorded in as many questions as one, and each as if it were alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responses import outbox
from tests.factories import NOON, make_case, make_channel, make_danger, make_waiting
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DUE = NOON + TEN


def claim(*replies):
    claimed = outbox.claim([reply.pk for reply in replies], now=DUE)
    return {reply.pk for reply in claimed}


class TestClaiming:
    def test_ten_are_claimed_with_a_few_questions(self, channel, place, ana):
        pages = [channel, make_channel(place)]
        replies = [queue(make_waiting(pages[number % 2]), ana) for number in range(10)]

        with CaptureQueriesContext(connection) as asked:
            assert claim(*replies) == {reply.pk for reply in replies}

        assert len(asked) <= 6  # a savepoint's two among them
        assert {state_of(reply) for reply in replies} == {"sending"}
        assert {(reply.claimed_at, reply.attempts) for reply in replies} == {(DUE, 1)}

    def test_of_one_conversation_only_the_first_is_claimed(self, channel, ana):
        conversation = make_waiting(channel)
        first, second = queue(conversation, ana), queue(conversation, ana, answer="Deuxièmement.")
        other = queue(make_waiting(channel), ana)

        assert claim(first, second, other) == {first.pk, other.pk}
        assert state_of(second) == "queued"

    def test_what_may_not_leave_any_more_holds_up_no_other(self, channel, ana):
        withdrawn, in_danger, harmed, plain = [queue(make_waiting(channel), ana) for _ in range(4)]
        withdrawn.version.template.in_force = None
        withdrawn.version.template.save()
        make_danger(in_danger.conversation.messages.get())
        make_case(harmed.conversation.messages.get())

        assert claim(withdrawn, in_danger, harmed, plain) == {plain.pk}
        for reply, why in ((withdrawn, "words_withdrawn"), (in_danger, "crisis"), (harmed, "adverse_event")):
            assert (state_of(reply), reply.error_code) == ("failed", why)
