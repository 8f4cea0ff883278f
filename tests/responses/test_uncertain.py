"""What nobody is sure of: found by its echo or by looking, never sent again, and at last put before a person."""

import pytest
from django.db import connection

from inbox.models import Message, Notice
from responses import outbox, replies, uncertain
from responses.models import Reply
from responses.models.replies import MAX_LOOKUPS
from tests.factories import HOUR, MINUTE, NOON, SECOND, make_channel, make_waiting
from tests.responses.graph import accept, accept_and_fall_over, hang_up
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


class TestUncertain:
    def test_no_clear_answer_is_uncertain_and_never_sent_again(self, reply, graph):
        graph.script = [accept_and_fall_over]

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "uncertain"
        assert outbox.deliver(reply.pk, now=NOON + HOUR) == "uncertain"
        assert len(graph.taken) == 1

    def test_it_is_found_by_listing(self, reply, graph, conversation):
        graph.script = [accept_and_fall_over]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert uncertain.reconcile(now=NOON + TEN + 19 * SECOND) == 0
        assert uncertain.reconcile(now=NOON + TEN + 20 * SECOND) == 1
        assert state_of(reply) == "sent"
        assert conversation.waits.get().outcome == "answered"

    def test_it_is_found_by_its_echo_without_asking_the_platform(self, reply, graph, conversation):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        echo(conversation, reply)

        assert uncertain.reconcile(now=NOON + TEN + SECOND) == 1
        assert state_of(reply) == "sent"
        assert reply.external_id == "900111_echo"
        assert graph.asked == []
        assert Message.objects.filter(direction="out").count() == 1

    def test_an_older_answer_in_the_same_words_is_not_taken_for_it(self, reply, graph, conversation):
        echo(conversation, reply, at=NOON - HOUR)
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert uncertain.reconcile(now=NOON + TEN + SECOND) == 0
        assert state_of(reply) == "uncertain"

    def test_a_worker_that_died_after_the_platform_accepted_is_found_and_sent_once(self, reply, graph, conversation):
        Reply.objects.filter(pk=reply.pk).update(state="sending", claimed_at=NOON + TEN, attempts=1)
        graph.take(f"/v26.0/{conversation.thread_id}/comments", {"message": reply.text})

        assert uncertain.give_up_on_stale(now=NOON + TEN + 2 * MINUTE) == 0
        assert state_of(reply) == "sending"
        assert uncertain.give_up_on_stale(now=NOON + TEN + 2 * MINUTE + SECOND) == 1
        assert uncertain.reconcile(now=NOON + TEN + 2 * MINUTE + SECOND) == 1
        assert state_of(reply) == "sent"
        assert len(graph.taken) == 1

    def test_silence_tells_the_author_and_leaves_the_decision_to_a_person(self, reply, graph, ana):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        now = NOON + TEN
        for _look in range(100):
            now += TEN
            uncertain.reconcile(now=now)

        assert state_of(reply) == "uncertain"
        assert reply.lookups == MAX_LOOKUPS
        assert Notice.objects.filter(membership=ana, kind="send_uncertain").count() == 1

    def test_another_reply_already_found_is_not_taken_for_this_one(self, conversation, ana, graph):
        first = queue(conversation, ana)
        outbox.deliver(first.pk, now=NOON + TEN)
        second = queue(conversation, ana, now=NOON + 30 * SECOND)
        graph.script = [hang_up]
        outbox.deliver(second.pk, now=NOON + 40 * SECOND)

        uncertain.reconcile(now=NOON + 2 * MINUTE)

        assert state_of(second) == "uncertain"

    def test_the_second_of_two_replies_in_the_same_words_is_found_all_the_same(self, conversation, ana, graph):
        outbox.deliver(queue(conversation, ana).pk, now=NOON + TEN)
        second = queue(conversation, ana, now=NOON + 30 * SECOND)
        graph.script, graph.date = [accept_and_fall_over], NOON + 40 * SECOND
        outbox.deliver(second.pk, now=NOON + 40 * SECOND)

        assert uncertain.reconcile(now=NOON + 2 * MINUTE) == 1
        assert state_of(second) == "sent"
        assert second.external_id == graph.taken[1]["id"]

    @pytest.mark.parametrize(("was_sent", "state", "ended"), [(True, "sent", True), (False, "failed", False)])
    def test_a_person_decides(self, reply, graph, ana, conversation, was_sent, state, ended):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert replies.resolve(reply, by=ana, now=NOON + HOUR, was_sent=was_sent)
        assert state_of(reply) == state
        assert reply.resolved_by == ana
        assert (conversation.waits.get().ended_at is not None) is ended
        assert not replies.resolve(reply, by=ana, now=NOON + HOUR, was_sent=not was_sent)


def echo(conversation, reply, *, at=NOON + 11 * SECOND):
    return Message.objects.create(
        conversation=conversation,
        channel=conversation.channel,
        external_id="900111_echo",
        direction="out",
        source="native",
        text=reply.text,
        sent_at=at,
        received_at=at,
    )


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_after_the_sweep_gave_up_on_it_is_recorded_once(place, ana, graph):
    channel = make_channel(place)
    graph.page = channel.external_id
    reply = queue(make_waiting(channel), ana)
    seen = []

    def slow(handler, body):
        uncertain.give_up_on_stale(now=NOON + TEN + 3 * MINUTE)
        seen.append(Reply.objects.get(pk=reply.pk).state)
        connection.close()
        accept(handler, body)

    graph.script = [slow]

    assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"
    assert seen == ["uncertain"]
    assert Message.objects.filter(direction="out").count() == 1
