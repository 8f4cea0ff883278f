"""What nobody is sure of: found by its echo or by looking, never sent again, and at last put before a person."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from inbox.models import Message, Notice
from responses import outbox, replies
from responses.models import Reply
from responses.models.replies import MAX_LOOKUPS
from responses.sending import uncertain
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

        assert uncertain.give_up_on_stale(now=NOON + TEN + uncertain.STALE_AFTER) == 0
        assert state_of(reply) == "sending"
        assert uncertain.give_up_on_stale(now=NOON + TEN + uncertain.STALE_AFTER + SECOND) == 1
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


class TestLooking:
    """What counts as a look, and when a person is asked."""

    def test_a_platform_that_cannot_be_asked_was_not_looked_at(self, reply, graph, settings, ana):
        graph.script = [accept_and_fall_over]
        outbox.deliver(reply.pk, now=NOON + TEN)
        settings.META_GRAPH_URL = "http://127.0.0.1:9"  # nobody listens
        now = NOON + TEN
        while now < NOON + TEN + 14 * MINUTE:
            now += MINUTE
            uncertain.reconcile(now=now)

        assert (state_of(reply), reply.lookups) == ("uncertain", 0)
        assert not Notice.objects.exists()
        uncertain.reconcile(now=NOON + TEN + 15 * MINUTE)
        assert Notice.objects.get(membership=ana).kind == "send_uncertain"

        settings.META_GRAPH_URL = graph.url
        assert uncertain.reconcile(now=NOON + 40 * MINUTE) == 1
        assert len(graph.taken) == 1

    def test_where_nothing_can_be_listed_the_echo_decides_and_then_a_person(self, conversation, ana, graph):
        reply = queue(conversation, ana, mode="private")
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        now = NOON + TEN
        while now < NOON + TEN + 12 * MINUTE:
            now += 20 * SECOND
            uncertain.reconcile(now=now)

        assert (state_of(reply), reply.lookups) == ("uncertain", MAX_LOOKUPS)
        assert graph.asked == []
        assert Notice.objects.filter(membership=ana, kind="send_uncertain").count() == 1
        echo(conversation, reply, at=NOON + 11 * SECOND)
        assert uncertain.reconcile(now=now + HOUR) == 1

    def test_an_answer_to_a_review_is_looked_for_like_any_other(self, channel, ana, graph):
        reply = queue(make_waiting(channel, kind="review"), ana)
        graph.script = [accept_and_fall_over]

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "uncertain"
        assert uncertain.reconcile(now=NOON + MINUTE) == 1
        assert state_of(reply) == "sent"

    def test_those_that_wait_for_a_person_do_not_keep_others_from_being_looked_for(self, channel, ana, graph, monkeypatch):
        old, new = queue(make_waiting(channel), ana), queue(make_waiting(channel), ana)
        graph.script = [hang_up, accept_and_fall_over]
        outbox.deliver(old.pk, now=NOON + TEN)
        Reply.objects.filter(pk=old.pk).update(lookups=MAX_LOOKUPS)
        graph.date = NOON + HOUR
        outbox.deliver(new.pk, now=NOON + HOUR)
        monkeypatch.setattr(uncertain, "AT_ONCE", 1)

        assert uncertain.reconcile(now=NOON + HOUR + MINUTE) == 1
        assert state_of(new) == "sent"

    def test_the_platforms_of_those_in_doubt_are_known_and_looked_at_one_by_one(self, reply, place, ana, graph):
        other = queue(make_waiting(make_channel(place, "instagram")), ana)
        graph.script = [accept_and_fall_over, accept_and_fall_over]
        for each in (reply, other):
            outbox.deliver(each.pk, now=NOON + TEN)

        assert sorted(uncertain.platforms_concerned()) == ["facebook", "instagram"]
        assert uncertain.reconcile(now=NOON + MINUTE, platform="facebook") == 1
        assert uncertain.platforms_concerned() == ["instagram"]


class TestOrder:
    """Replies of one conversation never overtake each other."""

    @pytest.fixture
    def second(self, reply, ana):
        return queue(reply.conversation, ana, answer="et le dimanche aussi.", now=NOON + SECOND)

    def test_one_that_is_tried_again_holds_the_next_one(self, reply, second, graph, settings):
        settings.META_GRAPH_URL = "http://127.0.0.1:9"
        outbox.deliver(reply.pk, now=NOON + TEN)
        settings.META_GRAPH_URL = graph.url

        assert outbox.deliver(second.pk, now=NOON + MINUTE) == "queued"
        assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "sent"
        assert outbox.deliver(second.pk, now=NOON + MINUTE) == "sent"
        assert graph.texts == [reply.text, second.text]

    def test_one_in_doubt_holds_the_next_one_until_it_is_found(self, reply, second, graph):
        graph.script = [accept_and_fall_over]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert outbox.deliver(second.pk, now=NOON + MINUTE) == "queued"
        uncertain.reconcile(now=NOON + MINUTE)
        assert outbox.deliver(second.pk, now=NOON + MINUTE) == "sent"

    @pytest.mark.parametrize(("looks", "after"), [(MAX_LOOKUPS, MINUTE), (0, 15 * MINUTE)])
    def test_once_a_person_is_asked_the_next_one_goes(self, reply, second, graph, looks, after):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        assert outbox.deliver(second.pk, now=NOON + TEN + after - SECOND) == "queued"

        Reply.objects.filter(pk=reply.pk).update(lookups=looks)

        assert outbox.deliver(second.pk, now=NOON + TEN + after) == "sent"

    def test_one_that_was_taken_back_or_refused_holds_nobody(self, reply, second, graph, ana):
        replies.undo(reply, by=ana, now=NOON + SECOND)

        assert outbox.deliver(second.pk, now=NOON + MINUTE) == "sent"

    def test_the_page_says_what_it_waits_for(self, reply, second, ana, sign_in, graph):
        now = timezone.now()
        Reply.objects.filter(pk=reply.pk).update(state="uncertain", claimed_at=now)
        Reply.objects.filter(pk=second.pk).update(send_at=now - SECOND)

        page = sign_in(ana).get(reverse("responses:replies", args=[reply.conversation_id]))

        assert "It leaves after the one before it." in page.content.decode()


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


class TestSeveralPages:
    def test_one_page_with_many_lets_another_pass(self, place, ana, graph):
        busy, quiet = make_channel(place), make_channel(place)
        replies = [queue(make_waiting(page), ana) for page in (busy, busy, busy, quiet)]
        graph.script = [hang_up] * 4
        for reply in replies:
            outbox.deliver(reply.pk, now=NOON + TEN)

        uncertain.reconcile(now=NOON + MINUTE)

        first, second, third, of_another = (reply.conversation.thread_id for reply in replies)
        assert [path.split("/")[-2] for path in graph.asked] == [first, of_another, second, third]
