"""Many replies at once: claimed and recorded in as many questions as one, and each as if it were alone."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from config.services.processes import until
from inbox import channels, crises, waits
from inbox.models import Channel, Conversation, Delivery, EarlyEvent, Wait, WaitEvent
from inbox.platforms.base import Reason, Sent
from responses import outbox
from responses.models import Reply
from responses.sending import recording
from responses.sending.recording import Accepted
from responses.sending.together import Together
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_case,
    make_channel,
    make_conversation,
    make_danger,
    make_message,
    make_version,
    make_waiting,
)
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


def accepted(reply, name, *, after=MINUTE):
    """Claimed, and taken by the platform."""
    Reply.objects.filter(pk=reply.pk).update(state="sending", claimed_at=DUE, attempts=1)
    return Accepted(outbox.load(reply.pk), Sent(name, DUE + after), DUE)


def record(*accepted):
    return {each.reply.pk for each in recording.record(accepted)}


# --- what is said where it is answered, and by which words -------------------------------------------------------------


def one_waits(channel, by):
    return queue(make_waiting(channel), by)


def two_wait(channel, by):
    conversation = make_waiting(channel)
    make_message(conversation, at=NOON + SECOND, text="Et dimanche?")
    return queue(conversation, by, now=NOON + 2 * SECOND)


def nobody_waits(channel, by):
    conversation = make_waiting(channel)
    make_message(conversation, at=NOON + SECOND, direction="out", source="comptoir")
    return queue(conversation, by, now=NOON + 2 * SECOND)


def they_wait_again(channel, by):
    reply = nobody_waits(channel, by)
    make_message(reply.conversation, at=NOON + 3 * SECOND, text="Et dimanche?")
    return reply


def they_wait_in_private(channel, by):
    return queue(make_waiting(channel, kind="message"), by)


def they_were_warned_of(channel, by):
    reply = queue(make_waiting(channel, at=NOON - 5 * DAY), by)
    waits.flag_due(now=NOON)
    return reply


def they_are_in_danger(channel, by):
    reply = one_waits(channel, by)
    make_danger(reply.conversation.messages.get())
    crises.attend(now=DUE)
    return reply


def they_wrote_since(channel, by):
    reply = one_waits(channel, by)
    make_message(reply.conversation, at=NOON + HOUR, text="Et dimanche?")
    return reply


def it_only_acknowledges(channel, by):
    reply = one_waits(channel, by)
    Reply.objects.filter(pk=reply.pk).update(version=make_version(channel.organization, holds=True))
    return reply


def they_left_the_page_refused(channel, by):
    reply = one_waits(channel, by)
    channels.block(reply.conversation.channel, Reason.PERMISSION, since=NOON, now=NOON)
    return reply


def all_of(reply):
    """What stands in the database of a reply and of its conversation, less the keys."""
    reply.refresh_from_db()
    conversation = reply.conversation
    conversation.refresh_from_db()
    channel = Channel.objects.get(pk=conversation.channel_id)
    return {
        "reply": told(reply, "key", "author", "version", "message", "reply_to"),
        "message": told(reply.message, "wait", "sent_by", "parent_id", "correlation"),
        "by": (
            reply.message.sent_by,
            reply.message.parent_id == reply.reply_to,
            reply.message.correlation == f"comptoir:{reply.key}",
        ),
        "conversation": told(conversation, "thread_id", "contact"),
        "waits": [told(wait, "policy", "answer") for wait in conversation.waits.order_by("pk")],
        "answer": [wait.answer == reply.message for wait in conversation.waits.order_by("pk")],
        "of": [message.wait is not None for message in conversation.messages.order_by("pk")],
        "events": [
            (event.kind, event.at, event.recorded_at, event.detail.keys(), event.detail.get("message") == reply.message_id)
            for event in WaitEvent.objects.filter(wait__conversation=conversation).order_by("pk")
        ],
        "page": (channel.problem, list(channel.troubles.open().values_list("kind", flat=True))),
        "audit": list(
            AuditEntry.objects.filter(subject_type="responses.reply", subject_id=reply.pk)
            .order_by("pk")
            .values_list("action", "at", "actor", "detail__sent_at", "detail__external_id")
        ),
    }


def told(row, *keys):
    unlike = {"id", "conversation", "channel", *keys}
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in unlike}


class TestRecording:
    def test_ten_are_recorded_with_a_few_questions(self, channel, place, ana):
        pages = [channel, make_channel(place)]
        taken = [accepted(one_waits(pages[number % 2], ana), f"900222_{number}") for number in range(10)]

        with CaptureQueriesContext(connection) as asked:
            assert record(*taken) == {each.reply.pk for each in taken}

        assert len(asked) <= 15  # a savepoint's two among them
        assert {state_of(each.reply) for each in taken} == {"sent"}

    @pytest.mark.parametrize(
        "scene",
        [
            one_waits,
            two_wait,
            nobody_waits,
            they_wait_again,
            they_wait_in_private,
            they_were_warned_of,
            they_are_in_danger,
            they_wrote_since,
            it_only_acknowledges,
            they_left_the_page_refused,
        ],
    )
    def test_it_is_as_if_each_had_been_recorded_alone(self, channel, place, ana, scene):
        alone = accepted(scene(channel, ana), "900222_1")
        among = accepted(scene(make_channel(place), ana), "900222_1")
        others = [accepted(one_waits(make_channel(place), ana), f"900222_{number}") for number in range(2, 4)]

        outbox.record_sent(alone.reply, alone.sent, DUE)
        assert record(among, *others) == {among.reply.pk, *(each.reply.pk for each in others)}

        assert all_of(among.reply) == all_of(alone.reply)

    def test_what_needs_more_thought_is_left_out_and_untouched(self, channel, ana, place):
        plain, echoed, private, early, sent, first, second, moving = [one_waits(channel, ana) for _ in range(8)]
        Reply.objects.filter(pk=private.pk).update(private_reply=True)
        Reply.objects.filter(pk=moving.pk).update(version=make_version(channel.organization, topic="move"))
        Reply.objects.filter(pk=second.pk).update(conversation=first.conversation)
        make_message(echoed.conversation, at=NOON + SECOND, direction="out", source="native", external_id="900222_2")
        told = Delivery.objects.create(endpoint="facebook", body=b"{}", digest=b"0", received_at=NOON, try_at=NOON)
        EarlyEvent.objects.create(delivery=told, number=0, channel=channel, refers_to="900222_4")
        taken = [
            accepted(reply, f"900222_{number}")
            for number, reply in enumerate((plain, echoed, private, early, sent, first, second, moving), start=1)
        ]
        outbox.record_sent(sent, taken[4].sent, DUE)

        assert record(*taken) == {plain.pk}
        assert {state_of(reply) for reply in (echoed, private, early, first, second, moving)} == {"sending"}

    def test_a_thread_that_began_with_the_answer_is_left_to_be_joined(self, channel, ana):
        reply = one_waits(channel, ana)
        make_conversation(channel, thread_id="900222_1")

        assert record(accepted(reply, "900222_1")) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ["reply", "conversation", "channel", "wait"])
def test_what_somebody_holds_is_left_to_be_recorded_alone(channel, place, ana, held):
    taken = [accepted(one_waits(make_channel(place), ana), f"900222_{number}") for number in range(2)]
    conversation = taken[0].reply.conversation
    rows = {
        "reply": Reply.objects.filter(pk=taken[0].reply.pk),
        "conversation": Conversation.objects.filter(pk=conversation.pk),
        "channel": Channel.objects.filter(pk=conversation.channel_id),
        "wait": Wait.objects.filter(conversation=conversation),
    }
    found = []

    def work():
        found.extend(record(*taken))
        connection.close()

    with transaction.atomic():
        rows[held].select_for_update().get()
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()  # it waits for nobody

    assert found == [taken[1].reply.pk]
    assert state_of(taken[0].reply) == "sending"


class TestTogether:
    def test_who_comes_while_it_is_done_is_done_with_all_who_came(self):
        begun, go_on, batches, answers = threading.Event(), threading.Event(), [], {}

        def work(things):
            batches.append(sorted(things))
            begun.set()
            go_on.wait(20)
            return [thing for thing in things if thing != 3]

        together = Together(work)

        def ask(thing):
            answers[thing] = together.do(thing)

        threads = [threading.Thread(target=ask, args=(thing,)) for thing in range(1, 5)]
        threads[0].start()
        begun.wait(20)
        for thread in threads[1:]:
            thread.start()
        assert until(lambda: len(together.asked) == 3, 20)
        go_on.set()
        for thread in threads:
            thread.join()

        assert batches == [[1], [2, 3, 4]]
        assert answers == {1: True, 2: True, 3: False, 4: True}

    def test_what_goes_wrong_is_not_done_and_the_next_is(self):
        def work(things):
            return [10 // thing for thing in things] and things

        together = Together(work)

        with pytest.raises(ZeroDivisionError):
            together.do(0)
        assert together.do(5)
