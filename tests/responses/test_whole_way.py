"""From a question on a platform to its answer there, through the real connectors and the simulator."""

import pytest
from django.utils import timezone

from inbox import intake
from inbox.models import Conversation, Delivery, Message
from responses import outbox, replies
from responses.models import Reply
from responses.replies import Words
from responses.sending import uncertain
from tests.factories import MINUTE, SECOND, make_channel, make_version
from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, LINKEDIN, LINKEDIN_TOKEN

pytestmark = pytest.mark.django_db

PAGES = {
    "facebook": ("meta", FACEBOOK, FACEBOOK_TOKEN),
    "instagram": ("meta", INSTAGRAM, INSTAGRAM_TOKEN),
    "linkedin": ("linkedin", LINKEDIN, LINKEDIN_TOKEN),
}
PLACES = [
    ("facebook", "comment"),
    ("facebook", "message"),
    ("instagram", "comment"),
    ("instagram", "message"),
    ("linkedin", "comment"),
]


class Way:
    def __init__(self, simulator, sink, drained, settings, place, slug, kind):
        self.simulator, self.sink, self.drained, self.kind = simulator, sink, drained, kind
        self.endpoint, self.page, token = PAGES[slug]
        settings.META_GRAPH_URL = settings.INSTAGRAM_GRAPH_URL = settings.LINKEDIN_API_URL = simulator.url
        connected = timezone.now() - MINUTE
        self.channel = make_channel(place, slug, external_id=self.page, token=token, connected_at=connected)

    def listen(self):
        """Take in what the platform has told since the last time."""
        self.drained()
        now = timezone.now()
        for each in self.sink.received:
            Delivery.objects.store(self.endpoint, each.body, signed_by="test", now=now)
        self.sink.clear()
        intake.drain(now=now)

    def asked(self):
        write = self.simulator.comment if self.kind == "comment" else self.simulator.message
        write(self.page, "Êtes-vous ouverts lundi?")
        self.listen()
        return Conversation.objects.get()

    def answered(self, conversation, by):
        version = make_version(conversation.organization)
        words = Words(version=version, language="fr", filled={"answer": "oui, jusqu’à 21 h."})
        return replies.compose(conversation, by=by, now=timezone.now() - MINUTE, words=words)


@pytest.fixture(params=PLACES, ids="-".join)
def way(request, fresh, sink, drained, settings, place):
    return Way(fresh, sink, drained, settings, place, *request.param)


def ours():
    return list(Message.objects.filter(direction="out").values_list("source", flat=True))


def test_an_answer_arrives_once_and_its_echo_is_no_second_message(way, ana):
    conversation = way.asked()
    reply = way.answered(conversation, ana)

    assert outbox.deliver(reply.pk, now=timezone.now()) == "sent"
    way.listen()

    reply.refresh_from_db()
    wait = conversation.waits.get()
    assert ours() == ["comptoir"]
    assert (wait.outcome, wait.ended_by) == ("answered", "comptoir")
    assert wait.ended_at == reply.message.sent_at


@pytest.mark.parametrize("fault", ["error_after_accept", "drop_after_accept", "cut_mid_answer"])
def test_an_answer_the_platform_took_without_saying_so_is_known_by_its_echo(way, ana, fault):
    conversation = way.asked()
    reply = way.answered(conversation, ana)
    way.simulator.fault(fault, count=1)

    assert outbox.deliver(reply.pk, now=timezone.now()) == "uncertain"
    way.listen()
    assert uncertain.reconcile(now=timezone.now()) == 1

    reply.refresh_from_db()
    assert reply.state == Reply.State.SENT
    assert len(way.simulator.replies(page=way.page)) == 1
    assert ours() == ["comptoir"]
    assert conversation.waits.get().ended_by == "comptoir"


def test_told_to_wait_it_waits_as_long_as_the_platform_says_and_arrives_once(way, ana):
    conversation = way.asked()
    reply = way.answered(conversation, ana)
    way.simulator.fault("refuse_429", value="comment" if way.endpoint == "linkedin" else "", count=1)

    assert outbox.deliver(reply.pk, now=timezone.now()) == "queued"
    way.channel.refresh_from_db()
    assert way.channel.throttled_until > timezone.now() + MINUTE / 2
    assert outbox.deliver(reply.pk, now=way.channel.throttled_until - SECOND) == "queued"
    assert outbox.deliver(reply.pk, now=way.channel.throttled_until) == "sent"

    way.listen()
    assert ours() == ["comptoir"]


def test_without_an_echo_it_is_found_by_looking(way, ana):
    conversation = way.asked()
    reply = way.answered(conversation, ana)
    way.simulator.fault("no_echo", count=1)
    way.simulator.fault("error_after_accept", count=1)

    assert outbox.deliver(reply.pk, now=timezone.now()) == "uncertain"
    way.listen()
    assert uncertain.reconcile(now=timezone.now() + MINUTE) == 1

    assert ours() == ["comptoir"]
    assert conversation.waits.get().ended_by == "comptoir"
