"""The page of topics and products: what is typed is kept, what is of no use is refused with the reason, a sentence is tried."""

import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry
from inbox.models import OwnProduct, OwnTopic
from tests.factories import NOON, make_member, make_organization, make_topic

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("topics:list"), reverse("topics:new")
TOPIC = {"name_fr": "Orthèses", "name_en": "", "words": "orthèse\nsemelle moulée", "sentence": ""}


@pytest.fixture
def at(sign_in, place):
    return sign_in(make_member(place.organization, Role.COMPLIANCE))


def page(topic, verb="topic"):
    return reverse(f"topics:{verb}", args=[topic.pk])


def test_a_topic_is_added_changed_withdrawn_and_put_back(at):
    at.post(NEW, TOPIC)
    topic = OwnTopic.objects.get()
    at.post(page(topic), TOPIC | {"words": "orthèse, ORTHESE; semelle\n\n"})
    assert OwnTopic.objects.get().words == ["orthèse", "semelle"]

    at.post(page(topic, "withdraw"))
    assert OwnTopic.objects.get().withdrawn_at
    assert "Put back in use" in at.get(page(topic)).content.decode()
    at.post(page(topic, "restore"))
    assert OwnTopic.objects.get().withdrawn_at is None


@pytest.mark.parametrize(("name_fr", "name_en"), [("Orthèses", ""), ("", "Orthotics")])
def test_one_name_stands_for_the_other(at, place, name_fr, name_en):
    at.post(NEW, TOPIC | {"name_fr": name_fr, "name_en": name_en})

    assert (name_fr or name_en) in at.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name_fr": ""}, "name_fr", "at least"),
        ({"name_fr": "O"}, "name_fr", "at least 2"),
        ({"name_fr": "O" * 41}, "name_fr", "at most 40"),
        ({"name_fr": "Prix"}, "name_fr", "already"),
        ({"words": ""}, "words", "required"),
        ({"words": "orthèse\nle"}, "words", "“le” is too short"),
        ({"words": "orthèse\nÊtes-vous"}, "words", "“Êtes-vous” is too common"),
        ({"words": "pour"}, "words", "“pour” is too common"),
        ({"words": "l’a …"}, "words", "too short"),
        ({"words": "o" * 41}, "words", "too long"),
        ({"words": ",".join(f"mot{n}" for n in range(31))}, "words", "31 are given"),
    ],
)
def test_what_is_of_no_use_is_said_at_its_field_and_nothing_typed_is_lost(at, typed, field, said):
    typed = TOPIC | {"name_en": "Typed in English"} | typed
    if said == "at least":
        typed["name_en"] = ""

    answer = at.post(NEW, typed)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert said in " ".join(form.errors[field])
    assert {name: form[name].value() for name in TOPIC} == typed
    assert not OwnTopic.objects.exists()


def test_a_word_that_is_rare_may_hold_common_ones(at):
    at.post(NEW, TOPIC | {"words": "prise de sang\nB12"})

    assert OwnTopic.objects.get().words == ["prise de sang", "B12"]


def test_products_are_entered_line_by_line(at, place):
    OwnProduct.objects.create(organization=place.organization, name="Ancien")

    at.post(LIST, {"products": "Brumélia\nBaume du Quai", "initial-products": "Ancien", "sentence": ""})

    assert set(OwnProduct.objects.values_list("name", flat=True)) == {"Brumélia", "Baume du Quai"}
    assert AuditEntry.objects.filter(action="products.changed").count() == 1
    wrong = at.post(LIST, {"products": "Brumélia\net", "sentence": "Je garde ma phrase"})
    assert wrong.status_code == 422
    assert "Je garde ma phrase" in wrong.content.decode()
    assert OwnProduct.objects.count() == 2


def test_what_somebody_else_added_meanwhile_stays(at, place):
    OwnProduct.objects.create(organization=place.organization, name="Ancien")
    shown = at.get(LIST).context["form"]["products"]
    assert 'name="initial-products" value="Ancien"' in str(shown)
    OwnProduct.objects.create(organization=place.organization, name="Entre-temps")

    at.post(LIST, {"products": "Brumélia", "initial-products": "Ancien", "sentence": ""})

    assert set(OwnProduct.objects.values_list("name", flat=True)) == {"Brumélia", "Entre-temps"}


def test_a_sentence_is_tried_with_the_words_of_the_form_before_they_are_saved(at, place):
    other = make_topic(place.organization, name_fr="Rendez-vous de pieds", name_en="Foot visits", words=("rendez-vous",))
    sentence = "Je veux prendre rendez-vous pour ma semelle moulée"

    tried = at.post(NEW, TOPIC | {"sentence": sentence, "try": "1"}).context["tried"]

    assert {(each.label, each.quoted) for each in tried.topics if each.own} == {
        ("Orthèses", "“semelle moulée”"),
        ("Foot visits", "“rendez-vous”"),
    }
    assert list(OwnTopic.objects.all()) == [other]
    changed = at.post(page(other), TOPIC | {"sentence": sentence, "words": "chaussure", "try": "1"}).context["tried"]
    assert not any(each.own for each in changed.topics)


def test_a_sentence_is_tried_before_the_topic_has_a_name(at):
    answer = at.post(NEW, TOPIC | {"name_fr": "", "sentence": "Mes orthèses sont prêtes?", "try": "1"})

    assert answer.status_code == 200
    assert "This topic" in [each.label for each in answer.context["tried"].topics if each.own]


def test_a_sentence_is_tried_with_the_products_of_the_form(at):
    sentence = "J'ai des plaques rouges depuis que je prends Brumelia"

    answer = at.post(LIST, {"products": "Brumélia", "sentence": sentence, "try": "1"})

    assert "Brumelia" in answer.context["tried"].products
    assert "Adverse event" in [each.label for each in answer.context["tried"].findings]
    assert answer.context["form"]["products"].value() == "Brumélia"
    assert not OwnProduct.objects.exists()


@pytest.mark.parametrize("address", [LIST, NEW])
def test_nothing_to_try_is_said(at, address):
    answer = at.post(address, TOPIC | {"products": "", "sentence": " ", "try": "1"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["sentence"] == ["Type a sentence to try."]


def test_another_organization_s_topics_are_neither_shown_nor_changed_nor_tried(at):
    theirs = make_topic(make_organization(), name_fr="Chez les autres", name_en="Elsewhere")
    make_topic(make_organization(), name_fr="Retiré", name_en="Gone", withdrawn_at=NOON)

    assert "Elsewhere" not in at.get(LIST).content.decode()
    assert "Gone" not in at.get(LIST).content.decode()
    assert {at.post(page(theirs, verb), TOPIC).status_code for verb in ("topic", "withdraw", "restore")} == {404}
    tried = at.post(LIST, {"products": "", "sentence": "Mes orthèses sont prêtes?", "try": "1"}).context["tried"]
    assert not any(each.own for each in tried.topics)


def test_a_topic_does_not_come_back_beside_another_of_its_name(at, place):
    gone = make_topic(place.organization, withdrawn_at=NOON)
    make_topic(place.organization)

    answer = at.post(page(gone, "restore"), follow=True)

    assert "There is a topic of this name already." in answer.content.decode()
    gone.refresh_from_db()
    assert gone.withdrawn_at
