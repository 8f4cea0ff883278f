"""A review from the thin note to the inbox, its answer through Google's moderation, and the clock through all of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from accounts.access import Role
from inbox import intake, moderation
from inbox.channels.gaps import reconciliation
from inbox.fetching import clues
from inbox.models import Channel, Conversation, Delivery, Message, Notice
from inbox.platforms.base import Action
from inbox.platforms.google import rest
from responses import outbox, replies
from responses.models import Reply
from responses.replies import Words
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel, make_member, make_version
from tests.inbox.business import LOCATION, TOKEN, Business, review
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import body_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
REVIEW = f"{LOCATION}/reviews/3"


@pytest.fixture
def business(settings) -> Iterator[Business]:
    with server.running() as running:
        for name in ("API", "LOCATIONS", "NOTIFICATIONS", "TOKEN"):
            setattr(settings, f"GOOGLE_{name}_URL", running.url)
        business = Business(running)
        running.says(business.answer)
        rest._access.clear()
        yield business


@pytest.fixture
def location(business, place) -> Channel:
    fields = {"external_id": LOCATION, "token": TOKEN, "settings": {"account": "accounts/1"}, "connected_at": AT - DAY}
    return make_channel(place, "google", **fields)


def note(name="new_review", at=AT + 5 * SECOND):
    Delivery.objects.store("google", body_of("google", name), signed_by="oidc", now=at)
    intake.drain(now=at)
    clues.follow(now=at)
    intake.drain(now=at)


def look(location, at):
    Channel.objects.filter(pk=location.pk).update(list_at=at)
    reconciliation.compare(location.pk, now=at)
    intake.drain(now=at)


def answered(business, text="Merci Julie", at=AT + HOUR, state="PENDING"):
    reply = {"comment": text, "updateTime": at.isoformat().replace("+00:00", "Z"), "reviewReplyState": state}
    business.reviews["3"]["reviewReply"] = reply


def ours():
    return Message.objects.get(direction="out")


@pytest.mark.usefixtures("location")
def test_a_note_brings_the_review_in_with_its_stars_and_its_clock():
    note()

    conversation = Conversation.objects.get()
    message = conversation.messages.get()
    assert (conversation.kind, conversation.contact_name, conversation.due_at) == ("review", "Julie T.", AT + DAY)
    assert (message.text, message.rating, message.external_id) == ("Bon service", "4", REVIEW)
    assert conversation.rating == "4"


@pytest.mark.usefixtures("location")
def test_stars_without_a_word_wait_for_an_answer_too(business):
    business.reviews = {"3": review("without_words")}
    note()

    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.due_at) == ("", AT + DAY)
    assert conversation.messages.get().rating == "2"


@pytest.mark.usefixtures("location")
def test_somebody_who_does_not_give_a_name_is_called_what_google_calls_them(business):
    business.reviews = {"3": review("anonymous")}
    note()

    assert Conversation.objects.get().contact_name == "A Google user"


@pytest.mark.usefixtures("location")
def test_another_opinion_is_an_edit_with_its_stars(business):
    note()
    business.reviews["3"] = review("updated")
    note("updated_review", AT + 2 * HOUR)

    message = Message.objects.get()
    assert (message.text, message.rating) == ("Finalement, non.", "1")
    assert Conversation.objects.get().rating == "1"
    assert [version.text for version in message.versions.all()] == ["Bon service", "Finalement, non."]
    assert Conversation.objects.get().due_at == AT + DAY


@pytest.mark.usefixtures("location")
def test_a_review_that_is_told_again_unchanged_is_not_edited(business):
    note()
    business.reviews["3"]["updateTime"] = "2026-11-23T11:00:00Z"
    note("updated_review", AT + 2 * HOUR)

    assert Message.objects.get().edited_at is None


def test_a_review_that_was_deleted_is_found_by_its_absence(business, location):
    note()
    business.reviews.clear()
    look(location, AT + HOUR)

    assert Message.objects.get().removed_at == AT + HOUR
    assert Conversation.objects.get().due_at is None


@pytest.mark.usefixtures("location")
def test_an_answer_typed_at_google_ends_the_wait_although_it_is_still_read(business):
    answered(business)
    note(at=AT + HOUR + MINUTE)

    message = ours()
    assert (message.text, message.source, message.moderation) == ("Merci Julie", "native", "pending")
    wait = Conversation.objects.get().waits.get()
    assert (wait.outcome, wait.ended_at) == ("answered", AT + HOUR)


@pytest.mark.usefixtures("location")
def test_an_answer_that_google_refuses_was_no_answer_and_the_wait_runs_on(business):
    answered(business)
    note(at=AT + HOUR + MINUTE)
    answered(business, state="REJECTED")
    note("updated_review", AT + 2 * HOUR)

    assert ours().moderation == "rejected"
    assert Conversation.objects.get().due_at == AT + DAY


def test_what_google_decided_is_found_by_looking(business, location):
    answered(business)
    note(at=AT + HOUR + MINUTE)
    answered(business, state="APPROVED")
    look(location, AT + 2 * HOUR)

    message = ours()
    assert (message.moderation, message.sent_at) == ("approved", AT + HOUR)
    assert Conversation.objects.get().due_at is None


@pytest.mark.usefixtures("location")
def test_an_answer_that_was_changed_at_google_keeps_its_time_and_its_words_before(business):
    answered(business)
    note(at=AT + HOUR + MINUTE)
    answered(business, "Merci encore", AT + 30 * HOUR)
    note("updated_review", AT + 30 * HOUR + MINUTE)

    message = ours()
    assert (message.text, message.sent_at) == ("Merci encore", AT + HOUR)
    assert [version.text for version in message.versions.all()] == ["Merci Julie", "Merci encore"]
    assert Conversation.objects.get().waits.get().ended_at == AT + HOUR


@pytest.mark.usefixtures("location")
def test_another_answer_after_a_refusal_ends_the_wait_at_its_own_time(business):
    answered(business, state="REJECTED")
    note(at=AT + HOUR + MINUTE)
    answered(business, "Merci encore", AT + 3 * HOUR)
    note("updated_review", AT + 3 * HOUR + MINUTE)

    message = ours()
    assert (message.text, message.sent_at, message.moderation) == ("Merci encore", AT + 3 * HOUR, "pending")
    assert Conversation.objects.get().waits.get().ended_at == AT + 3 * HOUR


def test_a_refusal_that_google_takes_back_counts_from_then_on(business, location):
    answered(business, state="REJECTED")
    note(at=AT + HOUR + MINUTE)
    answered(business, state="APPROVED")
    look(location, AT + 4 * HOUR)

    assert Conversation.objects.get().waits.get().ended_at == AT + 4 * HOUR


# --- answered from here ----------------------------------------------------------------------------------


@pytest.fixture
def reply(business, location, ana):
    """What ana answers leaves at once."""
    business.clock = (NOON + 10 * SECOND).isoformat().replace("+00:00", "Z")
    note()
    return send(ana, "Merci Julie!", NOON)


def send(by, text, now, **says):
    conversation = Conversation.objects.get()
    version = make_version(conversation.organization, **says)
    words = Words(version=version, language="fr", filled={"answer": text, "first_name": "Julie"})
    reply = replies.compose(conversation, by=by, now=now, words=words)
    outbox.deliver(reply.pk, now=now + 10 * SECOND)
    reply.refresh_from_db()
    return reply


def test_an_answer_from_here_is_sent_and_its_echo_makes_no_second_one(business, location, reply):
    assert (reply.state, reply.kind) == ("sent", "review")
    look(location, NOON + MINUTE)
    note("updated_review", NOON + 2 * MINUTE)

    message = ours()
    assert (message.source, message.moderation, message.sent_at) == ("comptoir", "pending", NOON + 10 * SECOND)
    assert Conversation.objects.get().due_at is None


def test_whoever_answered_is_told_once_that_google_refused_it(business, location, reply, ana):
    business.reviews["3"]["reviewReply"] |= {"reviewReplyState": "REJECTED"}
    look(location, NOON + HOUR)
    look(location, NOON + 2 * HOUR)

    assert Notice.objects.filter(membership=ana, kind="send_failed").count() == 1
    assert Conversation.objects.get().due_at == AT + DAY


def test_why_google_refused_it_stands_beside_it_until_it_changes_its_mind(business, location, reply, ana, sign_in):
    refused = {"reviewReplyState": "REJECTED", "policyViolation": "PERSONALLY_IDENTIFIABLE_INFORMATION"}
    business.reviews["3"]["reviewReply"] |= refused
    look(location, NOON + HOUR)

    assert ours().failure_detail == "PERSONALLY_IDENTIFIABLE_INFORMATION"
    text = sign_in(ana).get(ours().conversation.get_absolute_url()).text
    assert "refused it: nobody sees it" in text
    assert "Answer again in other words, without names" in text
    assert "PERSONALLY_IDENTIFIABLE_INFORMATION" in text

    business.reviews["3"]["reviewReply"] |= {"reviewReplyState": "APPROVED"}
    look(location, NOON + 4 * HOUR)
    assert ours().failure_detail == ""


def test_after_a_refusal_another_answer_takes_its_place(business, location, reply, ana):
    business.reviews["3"]["reviewReply"] |= {"reviewReplyState": "REJECTED"}
    look(location, NOON + HOUR)
    business.clock = (NOON + 2 * HOUR + 10 * SECOND).isoformat().replace("+00:00", "Z")

    again = send(ana, "Merci pour vos mots.", NOON + 2 * HOUR)

    assert again.state == "sent"
    message = ours()
    assert (message.text, message.moderation) == (again.text, "")
    assert [version.text for version in message.versions.all()] == [reply.text, again.text]
    wait = Conversation.objects.get().waits.get()
    assert (wait.outcome, wait.ended_at) == ("answered", NOON + 2 * HOUR + 10 * SECOND)


def test_who_answers_at_google_in_the_place_of_what_only_moved_ends_the_wait_at_that_time(business, location, ana):
    business.clock = (NOON + 10 * SECOND).isoformat().replace("+00:00", "Z")
    note()
    assert send(ana, "Appelez-nous.", NOON, topic="move").state == "sent"
    look(location, NOON + MINUTE)
    assert Conversation.objects.get().due_at == AT + DAY

    answered(business, "Merci Julie, c’est réglé.", NOON + 3 * HOUR)
    note("updated_review", NOON + 3 * HOUR + MINUTE)

    message = ours()
    assert (message.source, message.text, message.sent_by) == ("native", "Merci Julie, c’est réglé.", None)
    assert message.versions.count() == 2
    wait = Conversation.objects.get().waits.get()
    assert (wait.outcome, wait.ended_at) == ("answered", NOON + 3 * HOUR)


def test_our_own_correction_of_it_answers_nothing_even_when_google_tells_of_it_first(business, location, ana):
    business.clock = (NOON + 10 * SECOND).isoformat().replace("+00:00", "Z")
    note()
    assert send(ana, "Appelez-nous.", NOON, topic="move").state == "sent"
    look(location, NOON + MINUTE)
    pharmacist = make_member(location.organization, Role.PHARMACIST)
    moderation.ask(ours().conversation, ours(), Action.EDIT, by=pharmacist, now=NOON + 2 * HOUR, text="Appelez-nous svp.")

    answered(business, "Appelez-nous svp.", NOON + 2 * HOUR + SECOND)
    note("updated_review", NOON + 2 * HOUR + MINUTE)

    assert (ours().source, ours().text) == ("moving", "Appelez-nous svp.")
    assert Conversation.objects.get().waits.get().ended_at is None


def test_an_answer_that_stands_at_google_is_not_replaced(business, location, ana):
    note()
    answered(business, "Merci, la direction")

    reply = send(ana, "Merci Julie!", NOON)

    assert (reply.state, reply.error_code) == (Reply.State.FAILED, "already_answered")
    assert business.reviews["3"]["reviewReply"]["comment"] == "Merci, la direction"
