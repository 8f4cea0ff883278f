"""Danger in one half of a conversation: it limits the other, and is shown, and taken on, in both."""

import pytest
from django.utils import timezone

from accounts.access import Role
from inbox import crises, intake, jobs
from inbox.models import Conversation, Crisis
from responses import outbox, replies
from responses.models import Reply
from responses.replies import Refused, Words
from tests.factories import HOUR, MINUTE, make_channel, make_location, make_member, make_message, make_version
from tests.inbox.wire import feed, messenger, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DANGER = "J’en peux plus, je veux mourir"
ADDRESS = {"comment": "public comment", "message": "private messages"}


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500")


@pytest.fixture
def began():
    return timezone.now() - 3 * HOUR


@pytest.fixture
def halves(client, page, began):
    """A question in public; we wrote to its author, who answered there."""
    arrive(client, feed(page, "1", began, message="Avez-vous reçu ma commande?"))
    public = Conversation.objects.get()
    moved = {"external_id": "m_1", "text": "On vous écrit.", "private": True, "source": "moving"}
    intake.record_own(public, sent_at=began + MINUTE, now=began + MINUTE, **moved)
    arrive(client, messenger(page, "m_2", began + HOUR, text="Voici mon numéro de commande"))
    return found()


def found():
    return {conversation.kind: conversation for conversation in Conversation.objects.all()}


def arrive(client, body):
    assert post(client, body) == 200
    jobs.drain_deliveries()


def in_danger(client, page, half, at):
    """What they write in this half is of danger."""
    if half == "comment":
        arrive(client, feed(page, "9", at, parent="1", message=DANGER))
    else:
        arrive(client, messenger(page, "m_9", at, text=DANGER))
    return found()


OTHER = {"comment": "message", "message": "comment"}
EACH = pytest.mark.parametrize("half", ["comment", "message"])


@EACH
def test_nothing_but_the_words_of_that_topic_leaves_in_the_other_half(client, halves, page, place, ana, began, half):
    hours = make_version(place.organization, topic="hours", body_fr="Bonjour {first_name}.", body_en="Hi {first_name}.")
    help_ = make_version(place.organization, topic="self_harm", body_fr="Bonjour {first_name}.", body_en="Hi {first_name}.")
    other = in_danger(client, page, half, began + 2 * HOUR)[OTHER[half]]
    now = timezone.now()

    with pytest.raises(Refused) as refusal:
        replies.compose(other, by=ana, now=now, words=Words(version=hours))
    assert "may be in danger" in str(refusal.value)
    assert replies.compose(other, by=ana, now=now, words=Words(version=help_)).state == "queued"


@EACH
def test_what_was_on_its_way_in_the_other_half_is_stopped(client, graph, halves, page, place, ana, began, half):
    hours = make_version(place.organization, topic="hours", body_fr="Bonjour {first_name}.", body_en="Hi {first_name}.")
    reply = replies.compose(halves[OTHER[half]], by=ana, now=timezone.now(), words=Words(version=hours))

    in_danger(client, page, half, began + 2 * HOUR)

    assert outbox.deliver(reply.pk, now=timezone.now() + MINUTE) == "failed"
    assert (graph.taken, Reply.objects.get().error_code) == ([], "crisis")


@EACH
def test_both_halves_say_whom_to_call_and_where_it_was_written(client, sign_in, halves, page, ana, began, half):
    both = in_danger(client, page, half, began + 2 * HOUR)
    worker = sign_in(ana)

    here, there = (worker.get(both[kind].get_absolute_url()).text for kind in (half, OTHER[half]))

    for text in (here, there):
        assert "1 866 277-3553" in text
        assert "may want to end their life" in text
    assert f"Written in their {ADDRESS[half]}" in there
    assert "Written in their" not in here


@EACH
def test_whoever_answers_takes_it_on_if_they_may(client, sign_in, halves, page, place, ana, began, half):
    both, now = in_danger(client, page, half, began + 2 * HOUR), timezone.now()
    words = Words(
        version=make_version(place.organization, topic="self_harm", body_fr="Bonjour {first_name}.", body_en="Hi {first_name}.")
    )
    pharmacist = make_member(place.organization, Role.PHARMACIST, name="Odile Exemple")

    replies.compose(both[half], by=ana, now=now, words=words)
    assert Crisis.objects.get().acknowledged_by is None  # a pharmacist or a manager still has to

    replies.compose(both[OTHER[half]], by=pharmacist, now=now, words=words)
    crisis = Crisis.objects.get()
    assert (str(crisis.acknowledged_by), crisis.alert_at) == ("Odile Exemple", None)
    assert str(found()[OTHER[half]].assignee) == "Odile Exemple"


@EACH
def test_whoever_takes_it_on_in_one_half_took_it_on_in_both(client, sign_in, halves, page, place, began, half):
    both = in_danger(client, page, half, began + 2 * HOUR)
    pharmacist = sign_in(make_member(place.organization, Role.PHARMACIST, name="Odile Exemple"))

    pharmacist.post(f"/inbox/{both[OTHER[half]].pk}/take-on/")

    assert str(Crisis.objects.get().acknowledged_by) == "Odile Exemple"
    assert "took this on" in pharmacist.get(both[half].get_absolute_url()).text


def test_who_was_never_written_to_in_private_has_no_other_half(client, page, began):
    arrive(client, feed(page, "1", began, message=DANGER))
    arrive(client, messenger(page, "m_1", began + MINUTE, text="Bonjour"))

    private = found()["message"]

    assert crises.allowed(private) is None


def test_another_person_of_the_page_is_not_limited(client, halves, page, began):
    in_danger(client, page, "comment", began + 2 * HOUR)
    arrive(client, messenger(page, "m_7", began + 2 * HOUR, person="7019998887776665", text="Bonjour"))

    other = Conversation.objects.get(kind="message", messages__external_id="m_7")

    assert crises.allowed(other) is None


def test_who_does_not_see_the_other_half_is_limited_and_reads_none_of_it(client, sign_in, halves, page, place, began):
    elsewhere = make_location(place.organization)
    Conversation.objects.filter(kind="message").update(location=elsewhere)
    both = in_danger(client, page, "comment", began + 2 * HOUR)
    member = sign_in(make_member(place.organization, locations=[elsewhere]))

    assert "je veux mourir" not in member.get(both["message"].get_absolute_url()).text
    assert crises.allowed(both["message"])


def test_the_other_half_costs_one_question_and_no_more(sign_in, client, halves, ana, began, django_assert_max_num_queries):
    for number in range(5):
        make_message(halves["message"], at=began + (90 + number) * MINUTE, settle=False)
    worker = sign_in(ana)
    worker.get(halves["message"].get_absolute_url())

    with django_assert_max_num_queries(18):
        worker.get(halves["message"].get_absolute_url())
