"""A reply is judged with what stands above it, and by whose page it is."""

import pytest
from django.core.exceptions import ValidationError

from inbox.models import Conversation, OwnProduct
from responses import library, replies
from responses.composing import judging
from responses.replies import Refused, Words
from responses.texts import readiness
from tests.factories import (
    MINUTE,
    NOON,
    make_conversation,
    make_danger,
    make_location,
    make_member,
    make_message,
    make_post,
    make_version,
    make_waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def maker(place):
    place.organization.kind = "manufacturer"
    place.organization.save(update_fields=["kind"])
    OwnProduct.objects.create(organization=place.organization, name="Zolvaria")
    return place.organization


@pytest.fixture
def version(place):
    return make_version(place.organization)


def codes(conversation, by, version, answer, mode="public"):
    words = Words(version=version, language="fr", filled={"answer": answer})
    return {finding.code for finding in judging.draw(conversation, words, by=by, mode=mode, now=NOON + MINUTE).findings}


def test_a_product_is_judged_on_its_makers_page_alone(conversation, ana, version, place):
    OwnProduct.objects.create(organization=place.organization, name="Zolvaria")

    assert "own_claim" not in codes(conversation, ana, version, "Zolvaria soulage.")
    place.organization.kind = "manufacturer"
    place.organization.save(update_fields=["kind"])
    conversation.refresh_from_db()
    assert "own_claim" in codes(conversation, ana, version, "Zolvaria soulage.")


def test_it_may_not_leave(maker, conversation, ana, version):
    words = Words(version=version, language="fr", filled={"answer": "Zolvaria soulage."})

    with pytest.raises(Refused, match="advertising"):
        replies.compose(conversation, by=ana, now=NOON + MINUTE, words=words)


def test_an_illness_in_the_post_or_in_the_thread_counts_in_public_and_not_in_private(maker, channel, ana, version):
    post = make_post(channel, text="Vivre avec l’eczéma")
    below = make_waiting(channel, post=post, text="Où l’acheter?")
    thread = make_waiting(channel, text="Et pour mon psoriasis?")
    other = make_waiting(channel, text="Où l’acheter?")

    assert "own_linked" in codes(below, ana, version, "Demandez Zolvaria.")
    assert "own_linked" in codes(thread, ana, version, "Demandez Zolvaria.")
    assert "own_linked" not in codes(thread, ana, version, "Demandez Zolvaria.", mode="private")
    assert "own_linked" not in codes(other, ana, version, "Demandez Zolvaria.")


def test_what_was_taken_away_stands_above_nothing(maker, channel, ana, version):
    talk = make_conversation(channel)
    make_message(talk, text="Mon psoriasis est revenu", removed_at=NOON)
    make_message(talk, at=NOON + MINUTE, text="Où l’acheter?")

    assert "own_linked" not in codes(talk, ana, version, "Demandez Zolvaria.")


def test_who_asks_for_the_price_of_a_medicine_is_offered_no_rebate(channel, ana, place):
    talk = make_waiting(channel, text="Combien coûte le Tylenol?")
    price, hours = (make_version(place.organization, topic=topic) for topic in ("price", "hours"))

    assert codes(talk, ana, price, "il est en solde.") == {"rebate"}
    assert codes(talk, ana, hours, "il est en solde.") == set()


def test_the_team_may_be_named_and_a_colleague_elsewhere_may_not(conversation, ana, outsider, version):
    assert codes(conversation, ana, version, "Je m’appelle Ana Exemple.") == set()
    assert codes(conversation, ana, version, "Je m’appelle Olga Ailleurs.") == {"name"}


def test_words_of_a_maker_that_could_never_leave_are_not_handed_in(maker, ana):
    said = {"title_fr": "Où", "title_en": "Where", "topic": "stock", "audience": "public", "platforms": []}
    bodies = {"body_fr": "Zolvaria soulage. {answer}", "body_en": "Thank you. {answer}"}
    version = library.draft(maker, by=ana, now=NOON, **said, **bodies)

    with pytest.raises(ValidationError, match="advertising"):
        library.submit(version, by=ana, now=NOON)
    assert not readiness.problems(version.words, among=[])  # of nobody's product


def test_approved_words_for_somebody_in_danger_are_never_held_up_by_a_product(maker, channel, ana):
    talk = make_waiting(channel, text="J’ai avalé la boîte de Zolvaria, j’ai mal au ventre")
    make_danger(talk.messages.get(), "poisoning")
    body = "Zolvaria : appelez le 1 800 463-5060."
    version = make_version(maker, topic="poisoning", body_fr=body, body_en=body)

    words = Words(version=version, language="fr")
    drawing = judging.draw(talk, words, by=ana, mode="public", now=NOON + MINUTE)
    assert [(finding.code, finding.level) for finding in drawing.findings] == [("own_linked", "warn")]


def test_whom_the_person_named_is_named_again_in_private_alone(channel, ana, version):
    talk = make_waiting(channel, text="Ma voisine, son nom: Gédéon Lavigueur, attend encore")

    assert codes(talk, ana, version, "Gédéon Lavigueur est attendu.") == {"name"}
    for answer in ("Gédéon Lavigueur est attendu.", "On rappelle Gédéon Lavigueur."):
        assert codes(talk, ana, version, answer, mode="private") == set()
    assert codes(talk, ana, version, "On rappelle Aglaé Lavigueur.", mode="private") == {"name"}


@pytest.mark.parametrize("answer", ["Merci.", "Zolvaria soulage.", "Ouvert demain à 9 h.", "On rappelle Gédéon Lavigueur."])
def test_a_look_of_the_guard_asks_seven_questions_whatever_is_typed(
    maker, place, channel, ana, django_assert_num_queries, answer
):
    for number in range(3):
        make_location(maker, name=f"Ailleurs {number}")
        make_member(maker)
        OwnProduct.objects.create(organization=maker, name=f"Nuvexa {number}")
    version = make_version(maker, body_fr="Bonjour, {answer} {location_hours}", body_en="Hi, {answer} {location_hours}")
    talk = make_waiting(channel, post=make_post(channel, text="Vivre avec l’eczéma"))
    for number in range(30):
        make_message(talk, at=NOON + number * MINUTE, text="Allô?")
    codes(opened(talk), ana, version, answer)  # what is asked once and kept

    looked_at = opened(talk)
    with django_assert_num_queries(7):
        codes(looked_at, ana, version, answer)


def opened(talk):
    """As the composer reads it."""
    return Conversation.objects.select_related("channel", "location", "contact", "post", "organization").get(pk=talk.pk)


@pytest.mark.parametrize("fact", ["name", "phone", "address", "booking_url", "hours_url", "private_url", "signature"])
def test_what_another_place_of_the_house_says_of_itself_may_be_said(place, conversation, ana, version, fact):
    told = {"phone": "514 555-0188", "address": "4512, rue des Lilas"}.get(fact, "https://elsewhere.example.com/a")
    before = codes(conversation, ana, version, told)
    make_location(place.organization, **{fact: told})

    assert before
    assert codes(conversation, ana, version, told) == set()


def test_nobody_who_left_is_of_the_team(place, conversation, ana, version):
    gone = make_member(place.organization, name="Gédéon Lavigueur")
    assert codes(conversation, ana, version, "On rappelle Gédéon Lavigueur.") == set()

    gone.ended_at = NOON
    gone.save()

    assert codes(conversation, ana, version, "On rappelle Gédéon Lavigueur.") == {"name"}
