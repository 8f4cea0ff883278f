"""A platform that asks to wait is obeyed: for this channel, as long as it asks, by every call."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from inbox.models import Channel
from responses import outbox, replies
from responses.models import Reply
from responses.sending import uncertain
from tests.factories import HOUR, MINUTE, NOON, SECOND, make_channel, make_waiting
from tests.responses.graph import accept_and_say, hang_up, refuse
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DUE = NOON + TEN


def regain(channel, minutes, used=100):
    objects = [{"type": "pages", "call_count": used, "estimated_time_to_regain_access": minutes}]
    return json.dumps({channel.external_id: objects})


def throttled(channel, minutes):
    return refuse(80001, headers={"X-Business-Use-Case-Usage": regain(channel, minutes)})


def waits_until(channel):
    channel.refresh_from_db()
    return channel.throttled_until


class TestARefusal:
    def test_sets_the_pause_that_was_asked_for(self, reply, channel, graph):
        graph.script = [throttled(channel, 7)]

        assert outbox.deliver(reply.pk, now=DUE) == "queued"
        assert DUE + 7 * MINUTE < waits_until(channel) <= DUE + 7 * MINUTE + 5 * SECOND
        assert (state_of(reply), reply.error_code, reply.send_at) == ("queued", "throttled", DUE)

    def test_nothing_goes_out_for_the_channel_until_then_and_then_it_does(self, reply, channel, graph, ana):
        other = queue(make_waiting(channel), ana)
        graph.script = [throttled(channel, 7)]
        outbox.deliver(reply.pk, now=DUE)
        until = waits_until(channel)

        for each in (reply, other):
            assert outbox.deliver(each.pk, now=until - SECOND) == "queued"
        assert graph.taken == []

        assert [outbox.deliver(each.pk, now=until) for each in (reply, other)] == ["sent", "sent"]

    def test_however_often_it_asks_no_attempt_is_used_up(self, reply, channel, graph):
        now = DUE
        graph.script = [throttled(channel, 7)] * (outbox.MAX_ATTEMPTS + 2)
        while graph.script:
            assert outbox.deliver(reply.pk, now=now) == "queued"
            now = waits_until(channel)

        assert (state_of(reply), reply.attempts) == ("queued", 0)
        assert outbox.deliver(reply.pk, now=now) == "sent"

    def test_other_channels_go_on(self, reply, channel, graph, ana, place):
        graph.script = [throttled(channel, 7)]
        outbox.deliver(reply.pk, now=DUE)

        assert outbox.deliver(queue(make_waiting(make_channel(place)), ana).pk, now=DUE + SECOND) == "sent"

    def test_a_shorter_pause_does_not_end_a_longer_one(self, reply, channel, graph):
        Channel.objects.update(throttled_until=None)
        graph.script = [throttled(channel, 1)]
        [held] = outbox.claim([reply.pk], now=DUE)
        Channel.objects.update(throttled_until=DUE + HOUR)  # told to another sender meanwhile

        outbox.record(held, outbox.hand_over(held, now=DUE), now=DUE)

        assert waits_until(channel) == DUE + HOUR
        assert graph.taken == []

    def test_what_is_queued_can_still_be_taken_back(self, reply, channel, graph, ana):
        graph.script = [throttled(channel, 7)]
        outbox.deliver(reply.pk, now=DUE)

        assert replies.undo(reply, by=ana, now=DUE + MINUTE)


class TestAnAnswer:
    """Accepted, with word of the quota beside it."""

    @pytest.mark.parametrize(
        ("headers", "used", "pause"),
        [
            ({"X_App_Usage": '{"call_count": 28, "total_time": 97, "total_cputime": 5}'}, 97, None),
            ({"X_App_Usage": '{"call_count": 100, "total_time": 5, "total_cputime": 5}'}, 100, 10 * MINUTE),
            ({"X_Page_Usage": '{"call_count": 140}'}, 140, 10 * MINUTE),
            ({"X_App_Usage": "nonsense"}, None, None),
            ({"X_App_Usage": '{"call_count": -4}'}, 0, None),
            ({}, None, None),
        ],
    )
    def test_is_heard(self, reply, channel, graph, headers, used, pause):
        graph.script = [accept_and_say(**headers)]

        assert outbox.deliver(reply.pk, now=DUE) == "sent"
        until = waits_until(channel)
        assert channel.quota_used == used
        assert (until is None) if pause is None else (DUE + pause < until <= DUE + pause + 5 * SECOND)

    def test_with_a_time_to_regain_access_pauses_whatever_the_share(self, reply, channel, graph):
        graph.script = [accept_and_say(X_Business_Use_Case_Usage=regain(channel, 3, used=40))]

        outbox.deliver(reply.pk, now=DUE)

        assert DUE + 3 * MINUTE < waits_until(channel) <= DUE + 3 * MINUTE + 5 * SECOND
        assert channel.quota_used == 40

    def test_about_another_asset_beside_ours_is_not_ours(self, reply, channel, graph):
        told = json.loads(regain(channel, 0, used=12)) | {"999": [{"call_count": 100, "estimated_time_to_regain_access": 9}]}
        graph.script = [accept_and_say(X_Business_Use_Case_Usage=json.dumps(told))]

        outbox.deliver(reply.pk, now=DUE)

        assert (waits_until(channel), channel.quota_used) == (None, 12)


class TestLookingUp:
    def test_nothing_is_looked_up_while_the_platform_asks_to_wait_and_no_look_is_used_up(self, reply, channel, graph):
        graph.script = [hang_up]
        outbox.deliver(reply.pk, now=DUE)
        Channel.objects.update(throttled_until=DUE + 10 * MINUTE)

        uncertain.reconcile(now=DUE + MINUTE)

        assert graph.asked == []
        assert (state_of(reply), reply.lookups) == ("uncertain", 0)
        uncertain.reconcile(now=DUE + 10 * MINUTE)
        assert len(graph.asked) == 1
        assert (state_of(reply), reply.lookups) == ("uncertain", 1)


class TestTheComposer:
    @pytest.mark.parametrize(("pause", "blocked"), [(MINUTE, False), (MINUTE + SECOND, True)])
    def test_a_pause_that_people_would_notice_blocks_sending(self, channel, ana, pause, blocked):
        conversation = make_waiting(channel)
        Channel.objects.update(throttled_until=NOON + pause)

        if not blocked:
            assert queue(conversation, ana).state == "queued"
            return
        with pytest.raises(replies.Refused, match=r"wait until 12:01\."):
            queue(conversation, ana)

    def test_a_pause_that_is_over_blocks_nothing(self, channel, ana):
        Channel.objects.update(throttled_until=NOON)

        assert queue(make_waiting(channel), ana)

    def test_the_page_says_until_when_a_reply_waits(self, reply, channel, ana, sign_in):
        Channel.objects.update(throttled_until=timezone.now() + HOUR)
        Reply.objects.update(error_code="throttled")

        page = sign_in(ana).get(reverse("responses:replies", args=[reply.conversation_id]))

        assert "asks us to wait until" in page.content.decode()
