"""The way out: each outcome, once, and never twice."""

import threading
from uuid import uuid4

import django_rq
import django_rq.settings
import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from inbox.models import Channel, Conversation, Message, Notice
from inbox.platforms.base import Sent
from responses import jobs, outbox, replies
from responses.models import Reply
from responses.replies import Words
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_message, make_version, make_waiting
from tests.responses.graph import AT, accept, accept_and_fall_over, hang_up, refuse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TEN = 10 * SECOND


@pytest.fixture
def channel(place, graph):
    channel = make_channel(place)
    graph.page = channel.external_id
    return channel


@pytest.fixture
def conversation(channel):
    return make_waiting(channel)


@pytest.fixture
def reply(conversation, ana):
    return queue(conversation, ana)


def queue(conversation, by, *, answer="oui, jusqu’à 21 h.", mode="", now=NOON):
    version = make_version(conversation.organization)
    words = Words(version=version, language="fr", filled={"answer": answer, "first_name": "Julie"})
    return replies.compose(conversation, by=by, now=now, words=words, mode=mode, key=uuid4())


def state_of(reply):
    reply.refresh_from_db()
    return reply.state


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

        outbox.record_sent(reply, Sent("900111_771", AT), NOON + MINUTE)

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

    def test_a_throttled_reply_waits(self, reply, graph):
        graph.script = [refuse(32)]

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "queued"
        assert state_of(reply) == "queued"
        assert reply.error_code == "throttled"
        assert reply.send_at > NOON + TEN


class TestUncertain:
    def test_no_clear_answer_is_uncertain_and_never_sent_again(self, reply, graph):
        graph.script = [accept_and_fall_over]

        assert outbox.deliver(reply.pk, now=NOON + TEN) == "uncertain"
        assert outbox.deliver(reply.pk, now=NOON + HOUR) == "uncertain"
        outbox.send_due(now=NOON + HOUR)
        assert len(graph.taken) == 1

    def test_it_is_found_by_listing(self, reply, graph, conversation):
        graph.script = [accept_and_fall_over]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert outbox.reconcile(now=NOON + TEN + 19 * SECOND) == 0
        assert outbox.reconcile(now=NOON + TEN + 20 * SECOND) == 1
        assert state_of(reply) == "sent"
        assert conversation.waits.get().outcome == "answered"

    def test_it_is_found_by_its_echo_without_asking_the_platform(self, reply, graph, conversation):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        echo(conversation, reply)

        assert outbox.reconcile(now=NOON + TEN + SECOND) == 1
        assert state_of(reply) == "sent"
        assert reply.external_id == "900111_echo"
        assert graph.asked == []
        assert Message.objects.filter(direction="out").count() == 1

    def test_an_older_answer_in_the_same_words_is_not_taken_for_it(self, reply, graph, conversation):
        echo(conversation, reply, at=NOON - HOUR)
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)

        assert outbox.reconcile(now=NOON + TEN + SECOND) == 0
        assert state_of(reply) == "uncertain"

    def test_a_worker_that_died_after_the_platform_accepted_is_found_and_sent_once(self, reply, graph, conversation):
        Reply.objects.filter(pk=reply.pk).update(state="sending", claimed_at=NOON + TEN, attempts=1)
        graph.take(f"/v26.0/{conversation.thread_id}/comments", {"message": reply.text})

        assert outbox.reconcile(now=NOON + TEN + 2 * MINUTE) == 0
        assert state_of(reply) == "sending"
        assert outbox.reconcile(now=NOON + TEN + 2 * MINUTE + SECOND) == 1
        assert state_of(reply) == "sent"
        assert len(graph.taken) == 1

    def test_silence_tells_the_author_and_leaves_the_decision_to_a_person(self, reply, graph, ana):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=NOON + TEN)
        now = NOON + TEN
        for _look in range(100):
            now += TEN
            outbox.reconcile(now=now)

        assert state_of(reply) == "uncertain"
        assert reply.lookups == outbox.MAX_LOOKUPS
        assert Notice.objects.filter(membership=ana, kind="send_uncertain").count() == 1

    def test_another_reply_already_found_is_not_taken_for_this_one(self, conversation, ana, graph):
        first = queue(conversation, ana)
        outbox.deliver(first.pk, now=NOON + TEN)
        second = queue(conversation, ana, now=NOON + 30 * SECOND)
        graph.script = [hang_up]
        outbox.deliver(second.pk, now=NOON + 40 * SECOND)

        outbox.reconcile(now=NOON + 2 * MINUTE)

        assert state_of(second) == "uncertain"

    def test_the_second_of_two_replies_in_the_same_words_is_found_all_the_same(self, conversation, ana, graph):
        outbox.deliver(queue(conversation, ana).pk, now=NOON + TEN)
        second = queue(conversation, ana, now=NOON + 30 * SECOND)
        graph.script, graph.date = [accept_and_fall_over], NOON + 40 * SECOND
        outbox.deliver(second.pk, now=NOON + 40 * SECOND)

        assert outbox.reconcile(now=NOON + 2 * MINUTE) == 1
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


class TestDoorbell:
    def test_the_clock_rings_for_what_is_due_once(self, reply):
        queue_of_redis = django_rq.get_queue("send")
        queue_of_redis.empty()

        assert outbox.send_due(now=NOON + TEN - SECOND) == 0
        assert outbox.send_due(now=NOON + TEN) == 1
        outbox.send_due(now=NOON + TEN + SECOND)

        assert queue_of_redis.job_ids == [f"reply-{reply.pk}"]
        queue_of_redis.empty()

    def test_the_job_passes_the_present_time_on(self, conversation, ana):
        reply = queue(conversation, ana, now=timezone.now() - MINUTE)
        Conversation.objects.filter(pk=conversation.pk).update(last_inbound_at=timezone.now())

        assert jobs.send_reply(reply.pk) == "sent"

    def test_without_redis_the_reply_stays_for_the_clock(self, reply, monkeypatch):
        monkeypatch.setitem(django_rq.settings.QUEUES, "send", {"URL": "unix:///nowhere/redis.sock"})

        outbox.ring(reply.pk, at=NOON + TEN)

        assert state_of(reply) == "queued"

    def test_every_step_is_in_the_audit_trail(self, reply):
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


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_after_the_sweep_gave_up_on_it_is_recorded_once(place, ana, graph):
    channel = make_channel(place)
    graph.page = channel.external_id
    reply = queue(make_waiting(channel), ana)
    seen = []

    def slow(handler, body):
        outbox.reconcile(now=NOON + TEN + 3 * MINUTE)
        seen.append(Reply.objects.get(pk=reply.pk).state)
        connection.close()
        accept(handler, body)

    graph.script = [slow]

    assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"
    assert seen == ["uncertain"]
    assert Message.objects.filter(direction="out").count() == 1
