"""A platform that lists nothing tells by its receipts alone that an answer is out."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox.models import Message, Notice
from responses import outbox, replies
from responses.models import Reply, ReplyDraft
from responses.replies import Words
from responses.sending import uncertain
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_contact,
    make_conversation,
    make_member,
    make_message,
    make_version,
)
from tests.inbox.whatsapp import USER, status
from tests.inbox.wire import take_in
from tests.responses.graph import hang_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TEN = 10 * SECOND


@pytest.fixture
def channel(place):
    return make_channel(place, platform="whatsapp", external_id="990011002200330", settings={"waba_id": "880011002200330"})


@pytest.fixture
def conversation(channel):
    contact = make_contact(channel, external_id=USER)
    conversation = make_conversation(channel, "message", contact=contact)
    make_message(conversation, external_id="wamid.AAA")
    return conversation


@pytest.fixture
def reply(conversation, ana, graph):
    """One of which nobody knows whether it left."""
    graph.script = [hang_up]
    version = make_version(conversation.organization)
    words = Words(version=version, language="fr", filled={"answer": "oui, jusqu’à 21 h.", "first_name": "Julie"})
    reply = replies.compose(conversation, by=ana, now=NOON, words=words, key=uuid4())
    assert outbox.deliver(reply.pk, now=NOON + TEN) == "uncertain"
    reply.refresh_from_db()
    return reply


def mark_of(reply: Reply) -> str:
    return outbox.correlation(reply)


def tell(channel, *events, at):
    for what, when, more in events:
        take_in(status(channel, "wamid.OUT1", what, when, **more), at=at)


def test_a_receipt_that_carries_our_mark_settles_the_doubt(reply, channel, conversation):
    tell(channel, ("sent", NOON + 12 * SECOND, {"mark": mark_of(reply)}), at=NOON + MINUTE)

    assert uncertain.reconcile(now=NOON + MINUTE) == 1
    reply.refresh_from_db()
    assert (reply.state, reply.external_id, reply.sent_at) == ("sent", "wamid.OUT1", NOON + 12 * SECOND)
    assert conversation.waits.get().ended_at == NOON + 12 * SECOND


def test_whichever_receipt_comes_first_the_earliest_is_when_it_left(reply, channel):
    mark = {"mark": mark_of(reply)}
    tell(
        channel,
        ("read", NOON + HOUR, mark),
        ("delivered", NOON + 14 * SECOND, {}),
        ("sent", NOON + 12 * SECOND, mark),
        at=NOON + HOUR,
    )

    assert uncertain.reconcile(now=NOON + HOUR) == 1
    message = Message.objects.get(direction="out")
    assert (message.sent_at, message.delivered_at, message.read_at) == (NOON + 12 * SECOND, NOON + 14 * SECOND, NOON + HOUR)


def test_the_receipt_of_another_answer_settles_nothing(reply, channel):
    tell(channel, ("sent", NOON + 12 * SECOND, {"mark": "comptoir:another"}), at=NOON + MINUTE)

    assert uncertain.reconcile(now=NOON + MINUTE) == 0
    assert Reply.objects.get(pk=reply.pk).state == "uncertain"


def test_a_receipt_names_what_a_person_declared_sent(reply, channel, ana):
    replies.resolve(reply, by=ana, now=NOON + MINUTE, was_sent=True)
    tell(channel, ("read", NOON + HOUR, {"mark": mark_of(reply)}), at=NOON + HOUR)

    message = Message.objects.get(direction="out")
    assert (message.external_id, message.read_at) == ("wamid.OUT1", NOON + HOUR)


def test_a_receipt_after_a_clear_answer_is_kept_on_it(channel, conversation, ana):
    message = make_message(conversation, direction="out", external_id="wamid.OUT1", at=NOON + MINUTE)
    tell(channel, ("delivered", NOON + HOUR, {}), at=NOON + HOUR)
    message.refresh_from_db()
    assert message.delivered_at == NOON + HOUR


# --- taken, and told later that it did not arrive -----------------------------------------------------------


@pytest.fixture
def sent(reply, channel, conversation):
    tell(channel, ("sent", NOON + 12 * SECOND, {"mark": mark_of(reply)}), at=NOON + MINUTE)
    uncertain.reconcile(now=NOON + MINUTE)
    conversation.refresh_from_db()
    assert conversation.due_at is None
    return Message.objects.get(direction="out")


def test_who_did_not_get_an_answer_waits_on_and_its_author_hears_of_it(sent, channel, conversation, ana):
    for _told_twice in range(2):
        tell(channel, ("failed", NOON + 2 * MINUTE, {"code": 131026}), at=NOON + HOUR)

    sent.refresh_from_db()
    assert (sent.failed_at, sent.failure) == (NOON + 2 * MINUTE, "recipient_unavailable")
    conversation.refresh_from_db()
    assert (conversation.waiting_since, conversation.waits.get().ended_at) == (NOON, None)
    assert Notice.objects.filter(membership=ana, kind="send_failed").count() == 1


@pytest.mark.parametrize("order", [("failed", "delivered"), ("delivered", "failed")])
def test_what_arrived_did_not_fail_in_whatever_order_it_is_told(sent, channel, conversation, order):
    for what in order:
        tell(channel, (what, NOON + 2 * MINUTE, {"code": 131026 if what == "failed" else 0}), at=NOON + HOUR)

    sent.refresh_from_db()
    assert (sent.failed_at, sent.delivered_at) == (None, NOON + 2 * MINUTE)
    conversation.refresh_from_db()
    assert conversation.due_at is None


def test_a_failure_that_is_told_before_we_know_what_failed_is_known_when_we_do(reply, channel, conversation):
    tell(channel, ("failed", NOON + 12 * SECOND, {"mark": mark_of(reply), "code": 131047}), at=NOON + MINUTE)

    uncertain.reconcile(now=NOON + MINUTE)

    assert Message.objects.get(direction="out").failure == "window_closed"
    conversation.refresh_from_db()
    assert conversation.waiting_since == NOON


def test_why_it_did_not_arrive_is_said_where_it_stands_and_among_the_troubles_of_the_page(
    sent, reply, channel, conversation, ana, sign_in
):
    desk, manager = sign_in(ana), make_member(channel.organization, Role.MANAGER)
    composer = reverse("responses:composer", args=[conversation.pk])
    words = "They may have blocked us or closed their account"
    assert "did not arrive" not in desk.get(composer).text

    tell(channel, ("failed", NOON + 2 * MINUTE, {"code": 131026}), at=NOON + HOUR)
    Message.objects.filter(direction="out").update(sent_at=timezone.now())  # among those of the last days

    for page in (composer, conversation.get_absolute_url()):
        text = desk.get(page).text
        assert "did not arrive" in text
        assert words.lower() in text.lower()
        assert "Answer another way, or close the conversation" in text
    assert "<q>no</q>" in desk.get(conversation.get_absolute_url()).text
    text = sign_in(manager).get(channel.get_absolute_url()).text
    assert "<dt>Replies that reached nobody, last 30 days</dt><dd>1</dd>" in text
    assert words.lower() in text.lower()


def test_the_words_of_what_did_not_arrive_can_be_used_again(sent, reply, channel, conversation, ana, sign_in):
    again = reverse("responses:reply_again", args=[reply.pk])
    desk = sign_in(ana)
    desk.post(again)
    assert not ReplyDraft.objects.exists()

    tell(channel, ("failed", NOON + 2 * MINUTE, {"code": 131026}), at=NOON + HOUR)
    desk.post(again)

    assert ReplyDraft.objects.get().fields == reply.fields


def test_what_the_platform_repeats_of_a_person_is_kept_masked(sent, channel):
    tell(channel, ("failed", NOON + 2 * MINUTE, {"code": 131026, "words": "+1 514 555-0177 has no account"}), at=NOON + HOUR)

    sent.refresh_from_db()
    assert sent.failure_detail.endswith("has no account")
    assert "555-0177" not in sent.failure_detail


def test_a_reason_is_forgotten_once_it_arrived_after_all(sent, channel):
    for what in ("failed", "delivered"):
        tell(channel, (what, NOON + 2 * MINUTE, {"code": 131026 if what == "failed" else 0}), at=NOON + HOUR)
        sent.refresh_from_db()
        assert sent.failure_detail == ("no" if what == "failed" else "")
