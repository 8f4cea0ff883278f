"""The library's pages: found, read, written; nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.access import Role
from responses import library
from responses.models import Reply, ReplyDraft, TemplateVersion
from tests.factories import NOON, make_conversation, make_member, make_organization, make_version

WORDS = {
    "title_fr": "Stationnement",
    "title_en": "Parking",
    "topic": "location",
    "audience": "both",
    "body_fr": "Bonjour {first_name}, {answer} Au plaisir!",
    "body_en": "Hi {first_name}, {answer} See you soon!",
}
LIST = reverse("responses:templates")
NEW = reverse("responses:template_new")


def edit(version):
    return reverse("responses:template_edit", args=[version.template_id])


def page(version):
    return reverse("responses:template", args=[version.template_id])


@pytest.fixture
def at(sign_in, ana):
    return sign_in(ana)


# --- found ----------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_force_and_what_is_under_way(at, place, ana, ben):
    version = make_version(place.organization, title_fr="Un", title_en="One", author=ana)
    library.revise(version, by=ana, now=NOON, title_en="One again", title_fr="Un encore")

    found = at.get(LIST)

    assert [row.number for row in found.context["page"]] == [1, 2]
    assert {tab["label"]: tab["count"] for tab in found.context["tabs"]} == {"All": 2, "Draft": 1, "Approved": 1}


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({}, {"Heures", "Prix", "Retrait"}),
        ({"topic": "price"}, {"Prix"}),
        ({"platform": "facebook"}, {"Heures", "Prix"}),
        ({"q": "ouvert lundi"}, {"Heures"}),
        ({"q": "open monday"}, {"Heures"}),
        ({"q": "monday", "language": "fr"}, set()),
        ({"state": "withdrawn"}, {"Retrait"}),
        ({"topic": "nonsense"}, {"Heures", "Prix", "Retrait"}),
    ],
)
def test_the_list_is_filtered(at, place, asked, titles):
    make_version(
        place.organization, title_fr="Heures", body_fr="Ouvert le lundi", body_en="Open on Monday", platforms=["facebook"]
    )
    make_version(place.organization, title_fr="Prix", topic="price")
    make_version(place.organization, title_fr="Retrait", state="withdrawn", platforms=["instagram"])

    assert {version.title_fr for version in at.get(LIST, asked).context["page"]} == titles


def test_another_organization_s_words_are_neither_listed_nor_opened(at):
    theirs = make_version(make_organization())

    assert not at.get(LIST).context["page"].object_list
    assert at.get(page(theirs)).status_code == 404
    assert at.get(edit(theirs)).status_code == 404


@pytest.mark.parametrize(("language", "topics"), [("en", ["delivery", "insurance"]), ("fr-ca", ["insurance", "delivery"])])
def test_the_list_follows_the_topics_as_the_reader_calls_them(sign_in, place, ana, language, topics):
    for topic in ("insurance", "delivery"):
        make_version(place.organization, topic=topic)
    ana.user.language = language
    ana.user.save()

    assert [row.topic for row in sign_in(ana).get(LIST).context["page"]] == topics


def test_the_number_of_queries_does_not_grow_with_the_list(at, place, django_assert_max_num_queries):
    for _ in range(12):
        make_version(place.organization)
    at.get(LIST)

    with django_assert_max_num_queries(12):
        at.get(LIST)


def test_the_file_holds_what_the_list_shows_and_no_formula(at, place):
    make_version(place.organization, title_fr="=1+1", topic="price")
    make_version(place.organization, title_fr="Autre")

    text = b"".join(at.get(reverse("responses:templates_export"), {"topic": "price"}).streaming_content).decode()

    assert text.startswith("\ufeff")
    assert "'=1+1" in text
    assert "Autre" not in text


# --- read -----------------------------------------------------------------------------------------------


def test_the_page_shows_versions_differences_example_and_use(at, place, ana, ben):
    first = make_version(place.organization, author=ana)
    second = library.revise(first, by=ana, now=NOON, body_en="Hi {first_name}, {answer} Goodbye!")
    conversation = make_conversation()
    Reply.objects.create(
        conversation=conversation,
        author=ana,
        kind="comment",
        version=first,
        language="en",
        text="Hi",
        state="sent",
        created_at=NOON,
        send_at=NOON,
    )

    found = at.get(page(first), {"version": second.number})

    assert found.context["against"] == first
    assert found.context["uses"] == {first.pk: 1}
    assert "<ins>" in found.content.decode()
    [reading] = found.context["readings"]
    (_, french), (_, english) = reading.texts
    assert reading.places == ""
    assert "{first_name}" not in french
    assert "ouverts lundi" in french
    assert "open Monday" in english


@pytest.mark.parametrize(("holds", "told"), [(True, "goes on: these words do not answer yet"), (False, "ends with these words")])
def test_the_page_and_the_list_say_what_becomes_of_the_wait(at, place, holds, told):
    version = make_version(place.organization, holds=holds)

    assert told in at.get(page(version)).text
    assert ("the wait goes on" in at.get(LIST).text) is holds
    file = b"".join(at.get(reverse("responses:templates_export")).streaming_content).decode()
    assert ("goes on" in file) is holds


def test_that_a_version_answers_no_more_is_among_what_changed(at, place, ana):
    first = make_version(place.organization, author=ana)
    second = library.revise(first, by=ana, now=NOON, holds=True)

    html = at.get(page(first), {"version": second.number}).text

    changed = strip_tags(html[html.index('id="differences"') :])
    assert "The person’s wait: removed: ends added: goes on" in " ".join(changed.split())


# --- written --------------------------------------------------------------------------------------------


def test_a_draft_is_kept_however_unfinished(at):
    at.post(NEW, {"title_fr": "Idée", "topic": "hours", "audience": "both", "keep": "1"})

    assert TemplateVersion.objects.get().state == "draft"


def test_whoever_writes_says_that_the_words_do_not_answer_yet(at):
    assert 'name="holds"' in at.get(NEW).text
    at.post(NEW, WORDS | {"holds": "on", "keep": "1"})
    version = TemplateVersion.objects.get()
    assert version.holds

    assert at.get(edit(version)).context["form"]["holds"].value() is True
    at.post(edit(version), WORDS | {"keep": "1", "seen": version.stamp})
    assert not TemplateVersion.objects.get().holds


@pytest.mark.parametrize("ticked", [{}, {"holds": "on"}])
def test_words_that_read_like_an_acknowledgement_are_kept_with_a_warning(at, ticked):
    words = {"body_fr": "Bonjour, message bien reçu!", "body_en": "Hi, we received your message!", "submit": "1"}

    told = at.post(NEW, WORDS | words | ticked, follow=True).text

    assert TemplateVersion.objects.get().state == "in_review"
    assert ("reads like an acknowledgement" in told) is not ticked


def test_words_that_are_ready_go_to_review(at):
    at.post(NEW, WORDS | {"submit": "1"})

    assert TemplateVersion.objects.get().state == "in_review"


def test_words_that_are_not_ready_are_kept_as_a_draft_with_the_problem_at_the_field(at):
    found = at.post(NEW, WORDS | {"body_en": "Hi {prenom}", "submit": "1"})

    version = TemplateVersion.objects.get()
    assert found.status_code == 422
    assert found.context["form"].errors["body_en"]
    assert (version.state, version.body_en) == ("draft", "Hi {prenom}")
    assert edit(version) in found.content.decode()  # the next press changes this draft and makes no second one

    at.post(edit(version), WORDS | {"submit": "1", "seen": found.context["seen"]})
    assert TemplateVersion.objects.get().state == "in_review"


def test_a_form_that_is_not_valid_is_shown_again_with_what_was_typed(at):
    found = at.post(NEW, WORDS | {"title_fr": "x" * 81, "keep": "1"})

    assert found.status_code == 422
    assert WORDS["body_fr"] in found.context["form"]["body_fr"].value()
    assert not TemplateVersion.objects.exists()


def test_a_draft_that_somebody_else_changed_is_not_overwritten(at, place, ana, ben):
    version = library.draft(place.organization, by=ana, now=NOON, **WORDS)
    seen = version.stamp
    library.revise(version, by=ben, now=NOON, body_fr="Ben {first_name}")

    found = at.post(edit(version), WORDS | {"body_fr": "Ana {first_name}", "keep": "1", "seen": seen})

    assert found.status_code == 422
    assert "Ana {first_name}" in found.content.decode()
    assert "Ben {first_name}" in found.content.decode()
    assert TemplateVersion.objects.get().body_fr == "Ben {first_name}"


def test_editing_approved_words_begins_the_next_version(at, place):
    version = make_version(place.organization)
    seen = at.get(edit(version)).context["seen"]

    at.post(edit(version), WORDS | {"submit": "1", "seen": seen})

    assert list(TemplateVersion.objects.order_by("number").values_list("number", "state")) == [(1, "approved"), (2, "in_review")]


def test_words_in_review_are_shown_and_not_edited(at, place):
    version = make_version(place.organization, state="in_review")

    assert at.get(edit(version)).status_code == 302
    assert at.post(edit(version), WORDS | {"keep": "1"}).status_code == 422
    version.refresh_from_db()
    assert version.title_fr != WORDS["title_fr"]


def test_who_only_reads_is_not_offered_and_may_not_write(sign_in, place):
    client = sign_in(make_member(place.organization, Role.AUDITOR))
    version = make_version(place.organization)

    assert client.get(page(version)).status_code == 200
    assert edit(version) not in client.get(page(version)).content.decode()
    assert client.get(edit(version)).status_code == 403
    assert client.post(NEW, WORDS).status_code == 403


def test_words_that_end_within_a_month_are_marked(at, place):
    today = timezone.localdate()
    make_version(place.organization, title_en="Now", expires_on=today + timedelta(days=29))
    make_version(place.organization, title_en="Later", expires_on=today + timedelta(days=60))

    assert at.get(LIST).content.decode().count("expires in 29 days") == 1


def test_whoever_withdraws_is_told_how_many_answers_are_being_written_with_the_words(sign_in, place, ana, ben):
    version = make_version(place.organization)
    ReplyDraft.objects.create(conversation=make_conversation(), membership=ana, version=version, updated_at=NOON)

    assert sign_in(ben).get(page(version)).context["being_written"] == 1
