"""What comes from the media, or threatens with the law: managers are told of it once, and nobody else answers it."""

import pytest

from accounts.access import Role
from inbox import conversations
from inbox.models import Finding
from responses import outbox, replies
from responses.composing import moving, suggest
from responses.models import Reply
from responses.replies import Refused, Words
from tests.factories import HOUR, MINUTE, NOON, make_case, make_channel, make_finding, make_member, make_version, make_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BODIES = {"body_fr": "Merci. Appelez-nous. {answer}", "body_en": "Thank you. Call us. {answer}"}
KINDS = [("media_request", "media_request"), ("legal", "complaint")]  # what was found, the topic of the words for it


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER)


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST)


@pytest.fixture
def private(channel):
    return make_waiting(channel, kind="message", text="Je suis journaliste, et mon avocat vous écrira")


def find(conversation, kind="media_request"):
    return make_finding(conversation.messages.get(), family="route", type=kind)


def words(conversation, topic):
    version = make_version(conversation.organization, topic=topic, **BODIES)
    return Words(version=version, language="fr", filled={"answer": "On vous rappelle."})


def send(conversation, by, said, now=NOON + MINUTE):
    return replies.compose(conversation, by=by, now=now, words=said)


def refused(conversation, by, said, **more):
    before = Reply.objects.count()
    with pytest.raises(Refused) as refusal:
        send(conversation, by, said, **more)
    assert Reply.objects.count() == before
    return " ".join(refusal.value.problems)


def offered(conversation, by):
    found = suggest.suggest(conversation, by=by, mode="private", language="fr", now=NOON)
    return {suggestion.version.topic for suggestion in found}


@pytest.mark.parametrize(("kind", "topic"), KINDS)
def test_a_manager_answers_with_the_words_for_it_and_nobody_else_does(private, manager, ana, pharmacist, kind, topic):
    find(private, kind)
    said, hours = words(private, topic), words(private, "hours")

    assert "a manager answers it, and nobody else" in refused(private, ana, said)
    assert "Leave them a note" in refused(private, pharmacist, Words(text="Bonjour, appelez-nous."))
    assert "only templates that may be sent" in refused(private, manager, hours)
    assert (offered(private, ana), offered(private, manager)) == (set(), {topic})
    assert send(private, manager, said).state == "queued"


def test_the_composer_says_who_answers_and_what_others_may_do(private, manager, pharmacist, sign_in):
    find(private)
    make_version(private.organization, topic="hours", title_en="Our hours", **BODIES)
    make_version(private.organization, topic="media_request", title_en="We call the media back", **BODIES)
    address = f"/conversations/{private.pk}/reply/"

    page = sign_in(pharmacist).get(address).text
    assert "A manager answers this, and nobody else" in page
    assert "assign the conversation to one of them" in page
    for not_shown in ("Our hours", "We call the media back", "Answer in my own words"):
        assert not_shown not in page

    page = sign_in(manager).get(address).text
    assert "you answer as a manager" in page
    assert "We call the media back" in page
    assert "Our hours" not in page


def test_what_was_queued_before_it_was_told_is_stopped(private, manager, graph, ana):
    reply = send(private, ana, words(private, "hours"))
    find(private)

    assert outbox.deliver(reply.pk, now=NOON + HOUR) == "failed"
    reply.refresh_from_db()
    assert (graph.taken, reply.error_code) == ([], "reserved")


def test_once_a_manager_answered_everybody_answers_as_ever(private, graph, manager, ana):
    find(private)
    reply = send(private, manager, words(private, "media_request"))
    assert outbox.deliver(reply.pk, now=NOON + 2 * MINUTE) == "sent"

    assert send(private, ana, words(private, "hours"), now=NOON + HOUR).state == "queued"


def test_closing_it_frees_it_for_nobody(private, manager, ana):
    find(private)
    conversations.close(private, "answered", by=ana, now=NOON + MINUTE)
    conversations.reopen(private, by=ana, now=NOON + 2 * MINUTE)

    assert refused(private, ana, words(private, "hours"), now=NOON + HOUR)


def test_who_takes_the_badge_off_frees_the_conversation(private, manager, ana):
    found = find(private)
    Finding.objects.filter(pk=found.pk).update(removed_at=NOON, removed_by=ana, removal="other_meaning")

    assert send(private, ana, words(private, "hours")).state == "queued"


def test_where_there_is_no_manager_who_answers_there_answers(private, ana):
    find(private)
    make_member(private.organization, Role.COMPLIANCE)

    assert send(private, ana, words(private, "media_request")).state == "queued"


def test_harm_that_is_told_beside_it_comes_first(private, manager, ana):
    find(private)
    make_case(private.messages.get())

    assert send(private, ana, words(private, "adverse_event")).state == "queued"


def test_a_number_that_stands_beside_it_in_public_is_moved_by_anybody(place, manager, ana):
    conversation = make_waiting(make_channel(place), text="Je suis journaliste. Ma carte: ZORM 6253 1492")
    make_finding(conversation.messages.get(), "ZORM 6253 1492", family="identifier", type="ramq")
    find(conversation)
    texts = {"topic": "move", "body_fr": "Merci, appelez-nous.", "body_en": "Thank you, call us."}
    make_version(place.organization, audience="public", **texts)

    assert moving.plan(conversation, by=ana, language="fr", now=NOON).problems == []
