"""A topic of an organization's own, from a signed webhook to the template that is offered first, and in the library."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from inbox import intake
from inbox.models import Message
from responses.models import TemplateVersion
from tests.factories import MINUTE, NOON, make_channel, make_member, make_organization, make_topic, make_version
from tests.inbox.wire import feed, post

pytestmark = pytest.mark.django_db

LIST, NEW, EXPORT = (reverse(f"responses:{name}") for name in ("templates", "template_new", "templates_export"))
DRAFT = {"title_fr": "Orthèses", "audience": "both", "keep": "1"}


@pytest.fixture
def topic(place):
    return make_topic(place.organization)


def test_what_a_signed_webhook_brings_with_a_word_of_it_is_about_it_and_its_template_is_offered_first(
    client, sign_in, place, ana, topic
):
    make_version(place.organization, title_en="About appointments", topic="appointment")
    make_version(place.organization, title_en="About orthotics", topic=topic.slug)
    make_version(place.organization, title_en="About prices", topic="price")
    now = timezone.now()
    body = feed(make_channel(place, connected_at=now - MINUTE), "1", now, message="Je veux prendre rendez-vous pour mes orthèses")

    assert post(client, body) == 200
    intake.drain(now=timezone.now())

    message = Message.objects.get()
    assert message.topics[0] == topic.slug
    answer = sign_in(ana).get(reverse("responses:composer", args=[message.conversation_id]))
    offered = [suggestion.version.title_en for suggestion in answer.context["suggestions"]]
    assert offered == ["About orthotics", "About appointments", "About prices"]
    assert '<span class="picker-topic">Orthotics</span>' in answer.content.decode()


def test_a_template_may_be_about_it(sign_in, ana, topic):
    assert '<option value="own-' in sign_in(ana).get(NEW).content.decode()

    sign_in(ana).post(NEW, DRAFT | {"topic": topic.slug})

    assert TemplateVersion.objects.get().topic == topic.slug


@pytest.mark.parametrize("withdrawn_at", [None, NOON])
def test_a_topic_of_another_organization_is_neither_offered_nor_accepted(sign_in, ana, withdrawn_at):
    theirs = make_topic(make_organization(), name_en="Elsewhere", withdrawn_at=withdrawn_at)

    assert "Elsewhere" not in sign_in(ana).get(NEW).content.decode()
    assert "Elsewhere" not in sign_in(ana).get(LIST).content.decode()
    assert sign_in(ana).post(NEW, DRAFT | {"topic": theirs.slug}).status_code == 422
    assert not TemplateVersion.objects.exists()


def test_a_withdrawn_one_is_chosen_for_no_other_template_and_kept_by_those_that_have_it(sign_in, place, ana, topic):
    version = make_version(place.organization, state="draft", topic=topic.slug)
    type(topic).objects.update(withdrawn_at=NOON)
    edit = reverse("responses:template_edit", args=[version.template_id])

    assert sign_in(ana).post(NEW, DRAFT | {"topic": topic.slug}).status_code == 422
    assert "Orthotics (withdrawn)" in sign_in(ana).get(edit).content.decode()
    sign_in(ana).post(edit, DRAFT | {"title_fr": "Semelles", "topic": topic.slug})
    version.refresh_from_db()
    assert (version.title_fr, version.topic) == ("Semelles", topic.slug)


@pytest.mark.parametrize(("language", "name"), [("en", "Orthotics"), ("fr-ca", "Orthèses")])
def test_its_name_stands_wherever_the_topic_of_a_template_does(sign_in, place, topic, language, name):
    diane = make_member(place.organization, Role.COMPLIANCE, language=language)
    version = make_version(place.organization, title_fr="Titre", title_en="Title", topic=topic.slug)
    make_version(place.organization, title_fr="Autre", title_en="Other", topic="price")
    make_version(place.organization, state="in_review", title_fr="Soumis", title_en="Submitted", topic=topic.slug)
    at = sign_in(diane)

    row = f'<span class="meta">{name} ·'
    assert row in at.get(LIST, {"topic": topic.slug}).content.decode()
    assert len(at.get(LIST, {"topic": topic.slug}).context["page"]) == 2
    assert f"<dd>{name}</dd>" in at.get(reverse("responses:template", args=[version.template_id])).content.decode()
    assert f"· {name} ·" in at.get(reverse("responses:queue")).content.decode()
    told = b"".join(at.get(EXPORT, {"topic": topic.slug}).streaming_content).decode()
    assert name in told
    assert topic.slug not in told


def test_the_library_asks_for_the_names_once(sign_in, place, ana, topic, django_assert_max_num_queries):
    for _ in range(12):
        make_version(place.organization, topic=topic.slug)
    at = sign_in(ana)
    at.get(LIST)

    with django_assert_max_num_queries(14):
        at.get(LIST)
