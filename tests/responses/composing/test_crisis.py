"""Where somebody may be in danger nothing leaves but the approved words of that topic, whoever answers."""

import pytest

from accounts.access import Role
from inbox import crises
from inbox.models import Notice
from responses import outbox, replies
from responses.composing import suggest
from responses.models import Reply
from responses.replies import Refused, Words
from tests.factories import MINUTE, NOON, make_danger, make_member, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BODIES = {
    "body_fr": "Bonjour {first_name}, appelez le 1 866 277-3553, jour et nuit.",
    "body_en": "Hi {first_name}, call 1 866 277-3553, day or night.",
}


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST)


@pytest.fixture
def in_danger(conversation):
    """in_danger("self_harm", …): this was found in what the person wrote, and attended to."""

    def found(*kinds, attended=True):
        for kind in kinds:
            make_danger(conversation.messages.get(), kind)
        if attended:
            crises.attend(now=NOON)
        conversation.refresh_from_db()
        return conversation

    return found


def version_of(conversation, topic, **fields):
    return make_version(conversation.organization, topic=topic, **BODIES | fields)


def refused(conversation, by, words):
    with pytest.raises(Refused) as refusal:
        replies.compose(conversation, by=by, now=NOON, words=words)
    assert not Reply.objects.exists()
    return " ".join(refusal.value.problems)


def offered(conversation):
    found = suggest.suggest(conversation, by=make_member(conversation.organization), mode="public", language="fr", now=NOON)
    return [suggestion.version.topic for suggestion in found]


@pytest.mark.parametrize("kind", ["self_harm", "emergency", "poisoning", "medication_error"])
def test_the_words_of_that_topic_may_be_sent_and_no_others(in_danger, ana, kind):
    conversation = in_danger(kind)
    version, hours = version_of(conversation, kind), version_of(conversation, "hours")

    assert "may be in danger" in refused(conversation, ana, Words(version=hours))
    assert replies.compose(conversation, by=ana, now=NOON, words=Words(version=version)).state == "queued"
    assert offered(conversation) == [kind]


@pytest.mark.parametrize("attended", [True, False])
def test_own_words_are_refused_even_to_who_may_write_freely_and_before_anybody_was_alerted(in_danger, pharmacist, attended):
    conversation = in_danger("self_harm", attended=attended)

    assert "Self-harm" in refused(conversation, pharmacist, Words(text="Bonjour, appelez-nous."))


def test_a_threat_is_not_answered_at_all(in_danger, pharmacist):
    conversation = in_danger("threat")

    for topic in ("abuse", "other", "complaint"):
        assert "manager" in refused(conversation, pharmacist, Words(version=version_of(conversation, topic)))
    assert "manager" in refused(conversation, pharmacist, Words(text="Bonjour"))
    assert offered(conversation) == []


def test_of_two_dangers_either_may_be_answered_and_a_threat_beside_them_forbids_neither(in_danger, ana):
    conversation = in_danger("self_harm", "poisoning", "threat")
    for topic in ("hours", "poisoning", "self_harm"):
        version_of(conversation, topic)

    assert sorted(offered(conversation)) == ["poisoning", "self_harm"]


def test_the_gravest_danger_found_heads_the_templates_whatever_the_words_seem_to_be_about(in_danger, pharmacist, sign_in):
    conversation = in_danger("self_harm", "poisoning", "emergency")
    conversation.messages.update(topics=["self_harm"])
    for topic in ("self_harm", "poisoning", "emergency"):
        version_of(conversation, topic, title_en=f"On {topic}")

    page = sign_in(pharmacist).get(f"/conversations/{conversation.pk}/reply/").text

    assert page.index("On emergency") < page.index("On poisoning") < page.index("On self_harm")


def test_what_was_sent_before_the_danger_came_is_stopped_and_its_author_told(conversation, graph, ana, in_danger):
    hours = version_of(conversation, "hours")
    reply = replies.compose(conversation, by=ana, now=NOON, words=Words(version=hours))
    in_danger("self_harm")

    assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "failed"

    reply.refresh_from_db()
    assert (graph.taken, reply.error_code) == ([], "crisis")
    assert Notice.objects.filter(membership=ana, kind="send_failed").exists()


def test_it_is_stopped_as_well_before_anybody_attended_to_it(conversation, graph, ana, in_danger):
    reply = replies.compose(conversation, by=ana, now=NOON, words=Words(version=version_of(conversation, "hours")))
    in_danger("threat", attended=False)

    assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "failed"
    reply.refresh_from_db()
    assert (graph.taken, reply.error_code) == ([], "threat")


def test_the_right_words_leave(conversation, graph, ana, in_danger):
    in_danger("self_harm")
    reply = replies.compose(conversation, by=ana, now=NOON, words=Words(version=version_of(conversation, "self_harm")))

    assert outbox.deliver(reply.pk, now=NOON + MINUTE) == "sent"
    assert "1 866 277-3553" in graph.texts[0]


def test_once_a_person_said_that_it_was_not_so_anything_may_be_answered(in_danger, pharmacist):
    conversation = in_danger("self_harm")
    finding = conversation.messages.get().findings.get()
    type(finding).objects.filter(pk=finding.pk).update(removed_at=NOON, removed_by=pharmacist, removal="figure_of_speech")

    assert crises.allowed(conversation) is None
    assert replies.compose(conversation, by=pharmacist, now=NOON, words=Words(text="Bonjour, oui.")).state == "queued"


def test_the_composer_offers_neither_other_words_nor_own_ones_and_says_why(in_danger, pharmacist, sign_in):
    conversation = in_danger("self_harm")
    version_of(conversation, "hours", title_en="Our hours")
    client = sign_in(pharmacist)

    page = client.get(f"/conversations/{conversation.pk}/reply/").text
    assert "do as the red notice says, and call" in page
    assert "Our hours" not in page
    assert "Answer in my own words" not in page

    version_of(conversation, "self_harm", title_en="Immediate help")
    page = client.get(f"/conversations/{conversation.pk}/reply/").text
    assert "Immediate help" in page
    assert "only the templates on this are offered (Self-harm)" in page


def test_a_draft_of_other_words_is_told_why_it_cannot_leave(in_danger, ana, sign_in):
    conversation = in_danger("poisoning")
    hours = version_of(conversation, "hours")

    answer = sign_in(ana).post(f"/conversations/{conversation.pk}/reply/", {"version": hours.pk, "send": "1"})

    assert answer.status_code == 422
    assert "The only templates that may be sent: Poisoning." in answer.text
