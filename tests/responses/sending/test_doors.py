"""What closes a channel for replies, and what opens it again."""

import json

import pytest

from accounts.access import Role
from inbox.channels import access_changed, connect
from inbox.channels.watching import checks
from inbox.models import Channel, Notice, Trouble
from inbox.platforms.base import AccessChanged
from responses import outbox, replies
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_member, make_waiting
from tests.inbox import whatsapp
from tests.inbox.wire import take_in
from tests.responses.graph import refuse
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DUE = NOON + TEN


@pytest.fixture
def person(channel):
    return make_waiting(channel, kind="message")


def refused(conversation, by, graph, code, subcode=None, now=NOON):
    graph.script = [refuse(code, subcode)]
    outbox.deliver(queue(conversation, by, now=now).pk, now=now + TEN)
    conversation.channel.refresh_from_db()


def again(conversation):
    return type(conversation).objects.get(pk=conversation.pk)


@pytest.mark.parametrize(
    ("code", "problem", "words"),
    [
        (190, "token_dead", "connect the channel again"),
        (200, "permission", "check the permissions"),
        (368, "policy_block", "blocked"),
    ],
)
def test_a_refusal_that_would_meet_the_next_one_too_closes_the_channel(conversation, ana, graph, code, problem, words):
    refused(conversation, ana, graph, code)

    assert conversation.channel.problem == problem
    with pytest.raises(replies.Refused, match=words):
        queue(again(conversation), ana, now=NOON + MINUTE)


def test_a_refusal_that_concerns_one_person_closes_nothing(conversation, ana, graph):
    refused(conversation, ana, graph, 551, 1545041)

    assert conversation.channel.problem == ""
    assert queue(again(conversation), ana, now=NOON + MINUTE)


def test_what_was_queued_before_it_closed_is_not_handed_over(conversation, channel, ana, graph):
    waiting = queue(make_waiting(channel), ana)
    refused(conversation, ana, graph, 190)

    assert outbox.deliver(waiting.pk, now=DUE) == "failed"
    assert (state_of(waiting), waiting.error_code) == ("failed", "token_dead")
    assert graph.taken == []


def test_a_permission_that_lacks_for_messages_closes_messages_alone(conversation, person, ana, graph):
    refused(person, ana, graph, 200, 2018028)

    assert queue(again(conversation), ana, now=NOON + MINUTE, mode="public")
    for place, mode in ((person, ""), (conversation, "private")):
        with pytest.raises(replies.Refused, match="permissions"):
            queue(again(place), ana, now=NOON + MINUTE, mode=mode)


def test_a_later_refusal_of_the_other_kind_leaves_both_closed(conversation, person, ana, graph):
    refused(person, ana, graph, 200, 2018028)
    refused(again(conversation), ana, graph, 200, now=NOON + MINUTE)

    for place in (person, conversation):
        with pytest.raises(replies.Refused, match="permissions"):
            queue(again(place), ana, now=NOON + HOUR)


@pytest.mark.parametrize(("permission", "closed"), [("pages_messaging", "private"), ("pages_manage_engagement", "public")])
def test_a_permission_known_to_be_missing_closes_what_needs_it(conversation, ana, permission, closed):
    Channel.objects.update(missing_permissions=[permission, "read_insights"])

    for mode in ("public", "private"):
        if mode == closed:
            with pytest.raises(replies.Refused, match="permissions"):
                queue(again(conversation), ana, mode=mode)
        else:
            assert queue(again(conversation), ana, mode=mode)


class TestMessagesForbidden:
    """Told by a webhook alone: no check of the page knows of it."""

    @pytest.fixture
    def enforce(self, channel):
        def tell(action, at=NOON):
            entry = {"id": channel.external_id, "time": int(at.timestamp() * 1000)}
            item = {"recipient": {"id": channel.external_id}, "timestamp": int(at.timestamp() * 1000)}
            item["policy_enforcement"] = {"action": action, "reason": "Trop de plaintes"}
            take_in(json.dumps({"object": "page", "entry": [entry | {"messaging": [item]}]}).encode(), at=at)

        return tell

    def test_it_closes_messages_alone_with_its_reason_until_it_is_lifted(self, enforce, conversation, person, ana):
        enforce("block")

        assert queue(again(conversation), ana, now=NOON + MINUTE, mode="public")
        for place, mode in ((person, ""), (conversation, "private")):
            with pytest.raises(replies.Refused, match="has forbidden this page private messages"):
                queue(again(place), ana, now=NOON + MINUTE, mode=mode)
        enforce("unblock", NOON + HOUR)
        assert queue(again(person), ana, now=NOON + HOUR)

    def test_a_check_that_finds_every_permission_granted_does_not_open_it(self, enforce, channel, person, ana, graph):
        enforce("block")
        channel.refresh_from_db()

        checks.check_now(channel, now=NOON + MINUTE)

        with pytest.raises(replies.Refused, match="private messages"):
            queue(again(person), ana, now=NOON + HOUR)

    def test_what_was_queued_before_it_is_not_handed_over(self, enforce, person, ana, graph):
        waiting = queue(person, ana)
        enforce("block")

        assert outbox.deliver(waiting.pk, now=DUE) == "failed"
        assert (state_of(waiting), waiting.error_code, graph.taken) == ("failed", "messages_forbidden", [])

    def test_a_warning_is_told_and_closes_nothing(self, enforce, channel, person, ana):
        make_member(channel.organization, Role.MANAGER)
        enforce("warning")
        enforce("warning")

        assert queue(again(person), ana, now=NOON + MINUTE)
        assert Notice.objects.get().kind == "warned"
        assert Trouble.objects.get().detail == "Trop de plaintes"


def test_a_permission_that_is_granted_again_opens_it(conversation, channel, ana, graph):
    refused(conversation, ana, graph, 200)
    channel.refresh_from_db()

    event = AccessChanged(platform="facebook", channel_id=channel.external_id, what="pages_manage_engagement", granted=True)
    access_changed(channel, event, at=NOON + HOUR, now=NOON + HOUR)

    assert queue(again(conversation), ana, now=NOON + HOUR)


def test_a_block_that_nobody_lifts_in_words_may_be_tried_after_a_day(conversation, ana, graph):
    refused(conversation, ana, graph, 368)

    with pytest.raises(replies.Refused, match="blocked"):
        queue(again(conversation), ana, now=DUE + DAY - SECOND)
    refused(again(conversation), ana, graph, 368, now=DUE + DAY)
    with pytest.raises(replies.Refused, match="blocked"):
        queue(again(conversation), ana, now=DUE + DAY + HOUR)
    reply = queue(again(conversation), ana, now=DUE + TEN + 2 * DAY)
    assert outbox.deliver(reply.pk, now=DUE + 2 * TEN + 2 * DAY) == "sent"
    conversation.channel.refresh_from_db()
    assert conversation.channel.problem == ""


@pytest.mark.parametrize(("code", "after", "closed"), [(131031, MINUTE, True), (131026, MINUTE, False), (131031, DAY, False)])
def test_a_message_that_failed_afterwards_closes_like_a_refusal(place, ana, code, after, closed):
    conversation = make_waiting(make_channel(place, "whatsapp"), kind="message")
    failed = whatsapp.status(conversation.channel, "wamid.OUT", "failed", NOON, code=code)

    take_in(failed, at=NOON + after)

    if closed:
        with pytest.raises(replies.Refused, match="locked this account"):
            queue(again(conversation), ana, now=NOON + HOUR)
    else:
        assert queue(again(conversation), ana, now=NOON + HOUR)


def test_a_success_does_not_hide_what_the_watch_over_the_channel_found(conversation, reply, graph):
    Channel.objects.update(problem="unsubscribed", problem_at=NOON)

    assert outbox.deliver(reply.pk, now=DUE) == "sent"
    conversation.channel.refresh_from_db()
    assert conversation.channel.problem == "unsubscribed"


def test_connecting_again_opens_it(conversation, place, ana, graph):
    refused(conversation, ana, graph, 190)
    channel = conversation.channel

    connect(place, "facebook", external_id=channel.external_id, name="Page", token="new", by=None, now=NOON + HOUR)

    assert queue(again(conversation), ana, now=NOON + HOUR)


def test_a_disconnected_page_is_closed(place, ana, graph):
    conversation = make_waiting(make_channel(place, disconnected_at=NOON))

    with pytest.raises(replies.Refused, match="connect the channel again"):
        queue(conversation, ana)


def test_a_comment_of_instagram_that_was_hidden_after_send_is_not_answered_in_public(place, ana, graph):
    conversation = make_waiting(make_channel(place, platform="instagram"))
    reply = queue(conversation, ana)
    conversation.messages.update(hidden=True)

    outbox.deliver(reply.pk, now=DUE)

    assert state_of(reply) == "failed"
    assert (reply.error_code, graph.asked) == ("hidden", [])
