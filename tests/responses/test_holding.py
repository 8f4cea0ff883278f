"""Words that do not answer yet: whoever got them still waits, as long as before, until somebody answers."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.access import Role
from inbox.models import Message, WaitEvent
from inbox.screening.shown.exposure import exposed
from responses import outbox, replies
from responses.measuring import misses, reports
from responses.measuring.reports import Period
from responses.models import Reply
from responses.sending import uncertain
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_danger,
    make_finding,
    make_member,
    make_message,
    make_version,
    make_waiting,
)
from tests.responses.graph import accept_and_fall_over, hang_up
from tests.responses.queueing import TEN, queue, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BODIES = {"body_fr": "Merci de nous écrire! La réponse vient.", "body_en": "Thanks for writing! The answer is coming."}
HTMX = {"HX-Request": "true", "HX-Target": "composer"}


def hold(conversation, by, *, now=NOON, **version):
    """An acknowledgement on its way."""
    return queue(conversation, by, now=now, holds=True, **BODIES | version)


def runs_on(conversation):
    """Whether its one wait still runs, due when it always was."""
    conversation.refresh_from_db()
    wait = conversation.waits.get()
    return (wait.ended_at, wait.outcome, conversation.due_at, conversation.waiting_since) == (None, "", NOON + DAY, NOON)


# --- the clock ------------------------------------------------------------------------------------------


def test_the_wait_goes_on_after_it_and_ends_with_the_answer(conversation, ana, graph):
    reply = hold(conversation, ana)

    assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"

    assert runs_on(conversation)
    message = conversation.messages.get(direction="out")
    assert (message.source, message.holds, message.text) == ("holding", True, BODIES["body_fr"])

    answer = queue(conversation, ana, now=NOON + HOUR)
    graph.date = NOON + HOUR + TEN
    outbox.deliver(answer.pk, now=NOON + HOUR + TEN)
    wait = conversation.waits.get()
    assert (wait.outcome, wait.ended_at, wait.answer.text) == ("answered", NOON + HOUR + TEN, answer.text)


def test_the_list_and_the_conversation_say_that_somebody_still_waits(channel, ana, graph, sign_in):
    at = timezone.now() - HOUR
    conversation = make_waiting(channel, at=at)
    outbox.deliver(hold(conversation, ana, now=at + MINUTE).pk, now=at + 2 * MINUTE)

    client = sign_in(ana)
    listed = client.get("/inbox/").text
    opened = client.get(f"/inbox/{conversation.pk}/").text

    assert 'data-state="running"' in listed
    assert "left" in listed
    assert "does not answer yet, does not stop the clock" in opened


def test_what_they_write_then_waits_with_what_they_asked(conversation, ana, graph):
    outbox.deliver(hold(conversation, ana).pk, now=NOON + TEN)

    make_message(conversation, at=NOON + HOUR, text="Toujours là?")

    assert runs_on(conversation)
    assert conversation.waiting_count == 2


@pytest.mark.parametrize("how", ["echo", "listing", "person"])
def test_one_that_nobody_was_sure_of_ends_no_wait_once_it_is_found(conversation, ana, graph, how):
    reply = hold(conversation, ana)
    graph.script = [accept_and_fall_over if how == "listing" else hang_up]
    outbox.deliver(reply.pk, now=NOON + TEN)
    if how == "echo":
        make_message(conversation, direction="out", source="native", text=reply.text, at=NOON + TEN + SECOND)
    if how == "person":
        replies.resolve(reply, by=ana, now=NOON + HOUR, was_sent=True)
    else:
        assert uncertain.reconcile(now=NOON + MINUTE) == 1

    assert state_of(reply) == "sent"
    assert Message.objects.filter(direction="out").count() == 1
    assert runs_on(conversation)


def test_its_echo_may_come_first(conversation, ana, graph):
    reply = hold(conversation, ana)
    name = "900222_1"  # as the platform will call it
    make_message(conversation, direction="out", source="native", text=reply.text, at=NOON + TEN + SECOND, external_id=name)
    conversation.refresh_from_db()
    assert conversation.due_at is None

    outbox.deliver(reply.pk, now=NOON + TEN)

    assert runs_on(conversation)
    assert WaitEvent.objects.filter(kind="corrected").count() == 1


def test_taken_back_it_changes_nothing(conversation, ana, graph):
    reply = hold(conversation, ana)

    assert replies.undo(reply, by=ana, now=NOON + SECOND)

    assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "undone"
    assert runs_on(conversation)


# --- the figures ----------------------------------------------------------------------------------------


def test_it_is_no_answer_in_the_report_nor_among_the_misses(place, channel, ana, graph):
    manager = make_member(place.organization, Role.MANAGER)
    held, answered = make_waiting(channel), make_waiting(channel)
    outbox.deliver(hold(held, ana).pk, now=NOON + TEN)
    outbox.deliver(queue(answered, ana).pk, now=NOON + TEN)
    now = NOON + DAY + HOUR

    found = reports.report(manager, Period(date(2026, 11, 20), date(2026, 11, 24)), now=now).total

    assert (found.counts.met, found.counts.late, found.counts.unanswered) == (1, 0, 1)
    assert [wait.conversation for wait in misses.missed(held.waits.all() | answered.waits.all(), now=now)] == [held]


# --- where somebody is in danger, exposed, or has one place for an answer --------------------------------------


def test_what_only_acknowledges_takes_nobody_out_of_the_public_eye(conversation, ana, graph):
    nam = "ZORM 6253 1492"
    asked = make_message(conversation, at=NOON + SECOND, text=f"Ma carte: {nam}")
    make_finding(asked, nam, family="identifier", type="ramq")

    outbox.deliver(hold(conversation, ana, now=NOON + MINUTE).pk, now=NOON + MINUTE + TEN)
    assert exposed(conversation) == asked

    outbox.deliver(queue(conversation, ana, now=NOON + HOUR, topic="move", **BODIES).pk, now=NOON + HOUR + TEN)
    assert exposed(conversation) is None


def test_words_for_somebody_in_danger_may_leave_the_clock_running_too(conversation, ana, graph):
    make_danger(conversation.messages.get())
    reply = hold(conversation, ana, topic="self_harm")

    assert outbox.deliver(reply.pk, now=NOON + TEN) == "sent"

    assert runs_on(conversation)


def test_a_place_for_one_answer_is_kept_for_the_answer(place, ana, sign_in):
    review = make_waiting(make_channel(place, "google", settings={"account": "1"}), kind="review", at=timezone.now() - MINUTE)
    version = make_version(place.organization, title_fr="Accusé", holds=True, **BODIES)
    make_version(place.organization, title_fr="Passons", topic="move", **BODIES)

    shown = sign_in(ana).get(reverse("responses:composer", args=[review.pk]), headers=HTMX).text
    assert "Passons" in shown
    assert "Accusé" not in shown
    with pytest.raises(replies.Refused) as refused:
        replies.compose(review, by=ana, now=timezone.now(), words=replies.Words(version=version))
    assert "room for one answer" in str(refused.value)


# --- what staff see -------------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def composing(client, conversation, version, **more):
    form = {"version": version.pk, "language": "fr", "mode": "public", "first_name": "Julie"} | more
    return client.post(reverse("responses:composer", args=[conversation.pk]), form, headers=HTMX).text


@pytest.mark.parametrize("holds", [True, False])
def test_the_picker_and_the_composer_say_it_before_send(desk, channel, holds):
    conversation = make_waiting(channel, at=timezone.now() - MINUTE)
    version = make_version(conversation.organization, holds=holds, **BODIES)

    picker = desk.get(reverse("responses:composer", args=[conversation.pk]), headers=HTMX).text
    picked = composing(desk, conversation, version, find="1")

    assert ("the wait goes on" in picker) is holds
    assert ("This does not answer yet." in picked) is holds
    due = f"The wait goes on after it: due {timezone.localtime(conversation.due_at):%Y-%m-%d}"
    assert (due in " ".join(strip_tags(picked).split())) is holds


@pytest.mark.parametrize(("source", "holds"), [("holding", True), ("moving", True), ("comptoir", False)])
def test_who_corrects_it_reads_that_the_wait_goes_on(sign_in, channel, source, holds):
    conversation = make_waiting(channel, at=timezone.now() - MINUTE)
    message = make_message(conversation, direction="out", source=source, at=timezone.now(), text="La réponse vient.")
    pharmacist = sign_in(make_member(conversation.organization, Role.PHARMACIST))

    page = pharmacist.get(reverse("responses:correct", args=[message.pk])).text

    assert ("the wait goes on after it" in page) is holds


def test_where_nobody_waits_nothing_is_said_of_a_wait(desk, channel, ana):
    conversation = make_waiting(channel, at=timezone.now() - MINUTE)
    make_message(conversation, direction="out", source="comptoir", at=timezone.now())
    version = make_version(conversation.organization, holds=True, **BODIES)

    assert "This does not answer yet." not in composing(desk, conversation, version, find="1")


def test_on_its_way_it_says_so_and_another_answer_is_asked_for_at_once(desk, channel, ana, graph):
    at = timezone.now() - MINUTE
    conversation = make_waiting(channel, at=at)
    reply = hold(conversation, ana, now=at)
    address = reverse("responses:composer", args=[conversation.pk])
    assert "the wait goes on" in desk.get(reverse("responses:replies", args=[conversation.pk])).text

    outbox.deliver(reply.pk, now=at + TEN)

    shown = desk.get(address, headers=HTMX).text
    assert "the wait goes on" in shown[: shown.index("composer-form")]
    assert "composer-again" not in shown, "the composer is open: somebody waits"
    assert Reply.objects.get().state == "sent"
