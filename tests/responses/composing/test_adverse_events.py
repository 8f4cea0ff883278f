"""Where somebody tells of an adverse event only the words approved for it leave, and no reply judges what caused it."""

import pytest

from accounts.access import Role
from inbox.cases import judging as cases
from responses import outbox, replies
from responses.composing import moving, suggest
from responses.models import Reply
from responses.replies import Refused, Words
from tests.factories import HOUR, MINUTE, NOON, make_case, make_channel, make_finding, make_member, make_version, make_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BODIES = {"body_fr": "Merci. Appelez-nous. {answer}", "body_en": "Thank you. Call us. {answer}"}


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST)


@pytest.fixture
def private(channel):
    return make_waiting(channel, kind="message", text="Depuis la crème j’ai des plaques")


@pytest.fixture
def case(private):
    return make_case(private.messages.get())


def version_of(conversation, topic, **fields):
    return make_version(conversation.organization, topic=topic, **BODIES | fields)


def words(conversation, topic, answer="On vous rappelle."):
    return Words(version=version_of(conversation, topic), language="fr", filled={"answer": answer})


def send(conversation, by, said, now=NOON + MINUTE, **more):
    return replies.compose(conversation, by=by, now=now, words=said, **more)


def refused(conversation, by, said, **more):
    before = Reply.objects.count()
    with pytest.raises(Refused) as refusal:
        send(conversation, by, said, **more)
    assert Reply.objects.count() == before
    return " ".join(refusal.value.problems)


def offered(conversation, mode="private"):
    found = suggest.suggest(conversation, by=make_member(conversation.organization), mode=mode, language="fr", now=NOON)
    return {suggestion.version.topic for suggestion in found}


def test_the_words_for_it_may_be_sent_and_no_others_whoever_answers(private, case, ana, pharmacist):
    allowed, hours = words(private, "adverse_event"), words(private, "hours")

    assert "judges what caused it" in refused(private, ana, hours)
    assert "Adverse event" in refused(private, pharmacist, Words(text="Bonjour, appelez-nous."))
    assert offered(private) == {"adverse_event"}
    assert send(private, ana, allowed).state == "queued"


def test_the_composer_says_why_and_offers_no_own_words(private, case, pharmacist, sign_in):
    version_of(private, "hours", title_en="Our hours")
    version_of(private, "adverse_event", title_en="We take it seriously")

    page = sign_in(pharmacist).get(f"/conversations/{private.pk}/reply/").text

    assert "only the templates on this are offered" in page
    assert "We take it seriously" in page
    assert "Our hours" not in page
    assert "Answer in my own words" not in page


def test_what_was_queued_before_it_was_told_is_stopped(private, graph, ana):
    reply = send(private, ana, words(private, "hours"))
    make_case(private.messages.get())

    assert outbox.deliver(reply.pk, now=NOON + HOUR) == "failed"
    reply.refresh_from_db()
    assert (graph.taken, reply.error_code) == ([], "adverse_event")


def test_once_it_is_answered_a_pharmacy_answers_as_ever(private, case, graph, ana):
    reply = send(private, ana, words(private, "adverse_event"))
    assert outbox.deliver(reply.pk, now=NOON + 2 * MINUTE) == "sent"

    assert send(private, ana, words(private, "hours"), now=NOON + HOUR).state == "queued"


def test_who_owes_a_report_does_so_only_once_it_was_passed_on(place, graph, private, ana, pharmacist):
    place.organization.kind = "manufacturer"
    place.organization.save(update_fields=["kind"])
    case = make_case(private.messages.get())
    outbox.deliver(send(private, ana, words(private, "adverse_event")).pk, now=NOON + 2 * MINUTE)

    assert refused(private, ana, words(private, "hours"), now=NOON + HOUR)
    cases.forward(case, by=pharmacist, now=NOON + HOUR)
    assert send(private, ana, words(private, "hours"), now=NOON + 2 * HOUR).state == "queued"


def test_who_says_that_it_is_none_frees_the_conversation(private, case, ana, pharmacist):
    finding = private.messages.get().findings.get()
    type(finding).objects.filter(pk=finding.pk).update(removed_at=NOON, removed_by=pharmacist, removal="opposite")

    assert send(private, ana, words(private, "hours")).state == "queued"


def test_a_danger_beside_it_comes_first(private, case, ana):
    make_finding(private.messages.get(), type="poisoning", family="crisis", urgency=0)
    version_of(private, "adverse_event")
    version_of(private, "poisoning")

    assert offered(private) == {"poisoning"}


@pytest.mark.parametrize(
    "answer", ["C’est un effet secondaire connu.", "Ce n’est pas à cause de la crème.", "C’est dû au soleil."]
)
def test_nobody_judges_what_caused_it_not_even_in_private(private, case, ana, pharmacist, answer):
    for by in (ana, pharmacist):
        assert "what caused" in refused(private, by, words(private, "adverse_event", answer))


def test_a_pharmacist_may_advise_in_private_and_others_may_not(private, case, ana, pharmacist):
    said = words(private, "adverse_event", "Cessez de prendre le sirop.")

    assert "given by a pharmacist" in refused(private, ana, said)
    with pytest.raises(replies.Unacknowledged):
        send(private, pharmacist, said)
    assert send(private, pharmacist, said, acknowledged=True).state == "queued"


def test_a_number_that_stands_beside_it_in_public_can_still_be_moved_to_private(place, ana):
    conversation = make_waiting(make_channel(place), text="Ma carte: ZORM 6253 1492, la crème me brûle")
    message = conversation.messages.get()
    make_finding(message, "ZORM 6253 1492", family="identifier", type="ramq")
    make_case(message, words="me brûle")
    texts = {"topic": "move", "body_fr": "Merci, appelez-nous.", "body_en": "Thank you, call us."}
    make_version(place.organization, audience="public", **texts)

    assert moving.plan(conversation, by=ana, language="fr", now=NOON).problems == []
