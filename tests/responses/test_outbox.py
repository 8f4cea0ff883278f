"""The way out: each outcome, once, and never twice."""

import threading

import pytest
from django.db import connection

from accounts.models import AuditEntry
from inbox.models import Channel, Message, Notice
from inbox.platforms.base import Sent
from responses import outbox, replies
from responses.models import Reply
from tests.factories import DAY, MINUTE, NOON, SECOND, make_channel, make_message, make_waiting
from tests.responses.graph import AT, refuse
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


class TestDelivery:
    def test_a_reply_does_not_leave_while_it_may_be_taken_back(self, reply, graph):
        outbox.deliver(reply.pk, now=NOON + TEN - SECOND)

        assert state_of(reply) == "queued"
        assert graph.taken == []

    def test_a_reply_leaves_in_the_second_its_undo_time_is_over(self, reply, graph):
        assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"
        assert graph.texts == ["Bonjour Julie, oui, jusqu’à 21 h. Au plaisir!"]

    def test_it_is_recorded_at_the_platforms_time_and_ends_the_wait(self, reply, conversation):
        outbox.deliver(reply.pk, now=NOON + TEN)

        reply.refresh_from_db()
        wait = conversation.waits.get()
        assert (reply.sent_at, reply.message.sent_at) == (AT, AT)
        assert (wait.ended_at, wait.outcome, wait.ended_by) == (AT, "answered", "comptoir")
        assert reply.message.source == "comptoir"

    def test_an_answer_recorded_twice_is_told_once(self, reply, graph):
        outbox.deliver(reply.pk, now=NOON + TEN)

        outbox.record_sent(reply, Sent("900222_1", AT), NOON + MINUTE)

        assert AuditEntry.objects.filter(action="reply.sent").count() == 1
        assert Message.objects.filter(direction="out").count() == 1

    def test_a_site_that_takes_no_answers_any_more_is_not_called(self, place, ana):
        settings = {"site": "https://blog.example", "callback_url": "https://blog.example/comptoir"}
        site = make_channel(place, "website", settings=settings)
        reply = queue(make_waiting(site), ana)
        Channel.objects.filter(pk=site.pk).update(settings=settings | {"callback_url": ""})

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "failed"
        reply.refresh_from_db()
        assert reply.error_code == "read_only"

    def test_a_second_delivery_of_a_sent_reply_sends_nothing(self, reply, graph):
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "sent"
        assert len(graph.taken) == 1

    def test_a_reply_that_was_taken_back_never_leaves(self, reply, graph, ana):
        replies.undo(reply, by=ana, now=NOON + SECOND)

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "undone"
        assert graph.taken == []

    def test_a_comment_is_answered_under_the_newest_comment(self, channel, ana, graph):
        conversation = make_waiting(channel)
        later = make_message(conversation, at=NOON + SECOND, text="Et dimanche?")

        outbox.deliver(queue(conversation, ana, now=NOON + 2 * SECOND).pk, now=NOON + MINUTE)

        assert later.external_id in graph.taken[0]["path"] or conversation.thread_id in graph.taken[0]["path"]

    def test_a_private_reply_goes_to_the_author_of_the_comment(self, conversation, ana, graph):
        reply = queue(conversation, ana, mode="private")

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"
        assert graph.taken[0]["body"]["recipient"] == {"comment_id": conversation.thread_id}

    @pytest.mark.parametrize(("after", "tagged"), [(DAY - MINUTE, False), (DAY + MINUTE, True), (7 * DAY - MINUTE, True)])
    def test_the_tag_of_a_person_is_used_only_outside_the_usual_window(self, channel, ana, graph, after, tagged):
        conversation = make_waiting(channel, kind="message")
        reply = queue(conversation, ana, now=NOON + after)

        outbox.deliver(reply.pk, now=NOON + after + TEN)

        assert (graph.taken[0]["body"].get("tag") == "HUMAN_AGENT") is tagged


class TestRefusal:
    def test_a_refusal_fails_with_its_reason_and_tells_the_author(self, reply, graph, ana):
        graph.script = [refuse(551, 1545041)]

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "failed"
        assert reply.error_code == ""
        assert state_of(reply) == "failed"
        assert reply.error_code == "recipient_unavailable"
        assert Notice.objects.get(membership=ana).kind == "send_failed"

    def test_what_the_platform_repeats_of_a_person_is_kept_masked(self, reply, graph):
        graph.script = [refuse(551, 1545041, words="nobody at plante.verte@example.com")]

        outbox.deliver(reply.pk, now=NOON + TEN)

        reply.refresh_from_db()
        assert "nobody at" in reply.error_detail
        assert "plante.verte" not in reply.error_detail

    def test_a_refused_reply_leaves_the_clock_running(self, reply, graph, conversation):
        graph.script = [refuse(551, 1545041)]

        outbox.deliver(reply.pk, now=NOON + TEN)

        assert conversation.waits.get().ended_at is None

    def test_a_dead_token_marks_the_channel_and_the_next_reply_is_refused_in_words(self, reply, graph, conversation, ana):
        graph.script = [refuse(190, 460)]

        outbox.deliver(reply.pk, now=NOON + TEN)

        conversation.channel.refresh_from_db()
        assert conversation.channel.problem == "token_dead"
        with pytest.raises(replies.Refused, match="connect the channel again"):
            queue(conversation, ana, now=NOON + MINUTE)

    def test_words_withdrawn_after_send_do_not_leave(self, reply, graph):
        reply.version.template.in_force = None
        reply.version.template.save()

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "failed"
        assert state_of(reply) == "failed"
        assert reply.error_code == "words_withdrawn"
        assert graph.taken == []

    def test_a_window_that_closed_meanwhile_stops_the_reply(self, channel, ana, graph):
        conversation = make_waiting(channel, kind="message")
        reply = queue(conversation, ana, now=NOON + 7 * DAY - 5 * SECOND)

        assert outbox.deliver(reply.pk, now=NOON + 7 * DAY + 5 * SECOND) == "failed"
        assert state_of(reply) == "failed"
        assert reply.error_code == "window_closed"
        assert graph.taken == []

    def test_a_token_no_key_opens_is_a_dead_token(self, reply, graph):
        reply.conversation.channel.sealed_token = b"garbage"
        reply.conversation.channel.save()

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "failed"
        assert state_of(reply) == "failed"
        assert reply.error_code == "token_dead"


class TestNotReached:
    def test_a_platform_that_is_away_is_asked_again_later(self, reply, settings, graph):
        settings.META_GRAPH_URL = "http://127.0.0.1:9"  # nobody listens

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "queued"
        assert state_of(reply) == "queued"
        assert reply.send_at == NOON + TEN + 10 * SECOND

        settings.META_GRAPH_URL = graph.url
        assert outbox.deliver(reply.pk, now=NOON + TEN + 9 * SECOND) == "queued"
        assert outbox.deliver(reply.pk, now=NOON + TEN + 10 * SECOND) == "sent"
        assert len(graph.taken) == 1

    def test_the_pause_doubles_and_after_eight_attempts_it_fails(self, reply, settings):
        settings.META_GRAPH_URL = "http://127.0.0.1:9"
        now, pauses = NOON + TEN, []
        for _attempt in range(8):
            last = outbox.deliver(reply.pk, now=now)
            reply.refresh_from_db()
            pauses.append((reply.send_at - now).total_seconds())
            now = reply.send_at

        assert pauses[:7] == [10, 20, 40, 80, 160, 320, 640]
        assert last == "failed"
        assert reply.error_code == "not_reached"

    @pytest.fixture
    def unreached(self, channel, ana):
        """One that has failed so many times, and waits for its next."""

        def make(attempts, *, page=channel, asked=0 * SECOND):
            reply = queue(make_waiting(page), ana)
            pause = asked or 10 * SECOND * 2 ** (attempts - 1)
            tried = {"attempts": attempts, "claimed_at": NOON + TEN, "send_at": NOON + TEN + pause, "error_code": "not_reached"}
            Reply.objects.filter(pk=reply.pk).update(**tried)
            return reply

        return make

    @pytest.mark.parametrize("attempts", [1, 4])
    def test_when_its_page_is_reached_again_it_may_be_tried_at_once(self, unreached, channel, attempts):
        waiting = unreached(attempts)

        assert outbox.hurry([channel.pk], now=NOON + TEN + SECOND) == 1

        assert outbox.deliver(waiting.pk, now=NOON + TEN + SECOND) == "sent"

    def test_it_is_not_hurried_where_it_may_be_its_own_fault_or_the_platform_said_when(self, unreached, channel, place, ana):
        unreached(5), unreached(1, asked=MINUTE), unreached(1, page=make_channel(place))
        queue(make_waiting(channel), ana)  # which may still be taken back

        assert outbox.hurry([channel.pk], now=NOON + SECOND) == 0


def test_every_step_is_in_the_audit_trail(reply):
    outbox.deliver(reply.pk, now=NOON + TEN)

    actions = list(AuditEntry.objects.filter(subject_type="responses.reply").order_by("pk").values_list("action", flat=True))
    assert actions == ["reply.composed", "reply.sent"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_once(place, ana, graph):
    channel = make_channel(place)
    graph.page = channel.external_id
    reply = queue(make_waiting(channel), ana)
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            outbox.deliver(reply.pk, now=NOON + TEN)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(graph.taken) == 1
    assert Message.objects.filter(direction="out").count() == 1
