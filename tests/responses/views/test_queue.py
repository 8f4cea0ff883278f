"""Compliance decides: what it sees, what it may not decide, and what happens when somebody else was faster."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.access import Role
from responses import library
from responses.models import TemplateVersion
from tests.factories import HOUR, NOON, make_member, make_organization, make_version

QUEUE = reverse("responses:queue")
State = TemplateVersion.State


def decide(version):
    return reverse("responses:decide", args=[version.pk])


@pytest.fixture
def at(sign_in, ben):
    return sign_in(ben)


@pytest.fixture
def waiting(place):
    return make_version(place.organization, state="in_review")


def state_of(version):
    version.refresh_from_db()
    return version.state


def test_the_oldest_comes_first_with_what_it_changes(at, place, ana):
    first = make_version(place.organization, author=ana)
    second = library.revise(first, by=ana, now=NOON, body_fr="Bonsoir {first_name}, {answer} Au plaisir!")
    library.submit(second, by=ana, now=NOON + HOUR)
    older = make_version(place.organization, state="in_review")

    found = at.get(QUEUE)

    assert [entry["version"] for entry in found.context["entries"]] == [older, second]
    html = found.content.decode()
    assert "Bonsoir<span" in html
    assert "<del>" in html


def test_who_decides_sees_that_the_wait_goes_on_after_the_words(at, place, ana):
    first = make_version(place.organization, author=ana)
    library.submit(library.revise(first, by=ana, now=NOON, holds=True), by=ana, now=NOON + HOUR)
    make_version(place.organization, state="in_review")

    html = at.get(QUEUE).text

    assert html.count("wait goes on after these words") == 1
    assert "The person’s wait: removed: ends added: goes on" in " ".join(strip_tags(html).split())


def test_who_decides_is_warned_of_an_acknowledgement_that_is_to_end_the_wait(at, place):
    texts = {"body_fr": "Message bien reçu!", "body_en": "We received your message!"}
    make_version(place.organization, state="in_review", **texts)
    make_version(place.organization, state="in_review", holds=True, **texts)

    assert [len(entry["warnings"]) for entry in at.get(QUEUE).context["entries"]] == [1, 0]


def test_approving_puts_the_words_in_force_until_the_day_given(at, waiting, ben):
    at.post(decide(waiting), {"approve": "1", "expires_on": "2099-01-31", "comment": "Bien", "seen": waiting.stamp})

    waiting.refresh_from_db()
    assert (waiting.state, str(waiting.expires_on), waiting.decided_by) == (State.APPROVED, "2099-01-31", ben)


def test_a_day_a_year_from_now_is_proposed(at, waiting):
    form = at.get(QUEUE).context["entries"][0]["form"]

    assert (form.initial["expires_on"] - form.initial["expires_on"].today()).days in range(363, 368)


@pytest.mark.parametrize(
    "given", [{"approve": "1", "expires_on": ""}, {"approve": "1", "expires_on": "2001-01-01"}, {"changes": "1", "comment": " "}]
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(at, waiting, given):
    found = at.post(decide(waiting), {"seen": waiting.stamp} | given)

    assert found.status_code == 422
    assert found.context["entries"][0]["form"].errors
    assert state_of(waiting) == State.IN_REVIEW


def test_changes_are_asked_for_with_words(at, waiting):
    at.post(decide(waiting), {"changes": "1", "comment": "Plus court", "seen": waiting.stamp})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.comment) == (State.CHANGES_REQUESTED, "Plus court")


def test_own_words_are_shown_with_the_reason_and_without_buttons(at, place, ben):
    mine = make_version(place.organization, state="in_review", author=ben)

    html = at.get(QUEUE).content.decode()
    assert mine.title_en in html
    assert decide(mine) not in html
    assert at.post(decide(mine), {"approve": "1", "expires_on": "2099-01-31"}).status_code == 403
    assert state_of(mine) == State.IN_REVIEW


def test_a_decision_made_meanwhile_is_shown_and_not_overruled(at, place, waiting):
    seen = waiting.stamp
    library.request_changes(waiting, by=make_member(place.organization, Role.COMPLIANCE), now=NOON, comment="Non")

    found = at.post(decide(waiting), {"approve": "1", "expires_on": "2099-01-31", "comment": "Mon avis", "seen": seen})

    assert found.status_code == 409
    assert "Mon avis" in found.content.decode()
    assert state_of(waiting) == State.CHANGES_REQUESTED


def test_words_that_changed_meanwhile_are_shown_anew_before_they_are_decided_on(at, place, ana, ben):
    version = library.draft(place.organization, by=ana, now=NOON, **make_version(place.organization).words)
    version = library.submit(version, by=ana, now=NOON)
    seen = version.stamp
    carl = make_member(place.organization, Role.COMPLIANCE)
    version = library.request_changes(version, by=carl, now=NOON, comment="Non")
    version = library.revise(version, by=ana, now=NOON, title_en="Newer")
    version = library.submit(version, by=ana, now=NOON + HOUR)

    found = at.post(decide(version), {"approve": "1", "expires_on": "2099-01-31", "comment": "Ok", "seen": seen})

    assert (found.status_code, state_of(version)) == (409, State.IN_REVIEW)
    form = found.context["entries"][0]["form"]
    assert (form.initial["comment"], form.initial["seen"]) == ("Ok", version.stamp)


def test_what_is_missing_has_the_focus_and_the_address_of_the_form_leads_back_to_it(at, waiting):
    html = at.post(decide(waiting), {"changes": "1", "seen": waiting.stamp}).content.decode()

    assert html.count("autofocus") == 1
    assert "autofocus" in next(tag for tag in html.split("<") if tag.startswith("textarea"))
    assert at.get(decide(waiting)).headers["Location"] == f"{QUEUE}#version-{waiting.pk}"


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.ADMIN, Role.AUDITOR])
def test_nobody_else_decides(sign_in, place, waiting, role):
    client = sign_in(make_member(place.organization, role))

    assert client.get(QUEUE).status_code == 403
    assert client.post(decide(waiting), {"approve": "1", "expires_on": "2099-01-31"}).status_code == 403


def test_another_organization_s_words_are_not_decided_on(at):
    theirs = make_version(make_organization(), state="in_review")

    assert not at.get(QUEUE).context["entries"]
    assert at.post(decide(theirs), {"approve": "1", "expires_on": "2099-01-31"}).status_code == 404
    assert at.post(reverse("responses:withdraw", args=[theirs.pk]), {"comment": "x"}).status_code == 404


def test_words_are_withdrawn_with_a_reason(at, place):
    version = make_version(place.organization)
    address = reverse("responses:withdraw", args=[version.pk])

    assert at.post(address, {"comment": " "}).status_code == 422
    at.post(address, {"comment": "Numéro changé", "seen": version.stamp})
    assert state_of(version) == State.WITHDRAWN
    assert at.post(address, {"comment": "Encore", "seen": ""}).status_code == 409


def test_the_number_of_queries_does_not_grow_with_the_queue(at, place, django_assert_max_num_queries):
    for _ in range(12):
        make_version(place.organization, state="in_review")
    at.get(QUEUE)

    with django_assert_max_num_queries(12):
        at.get(QUEUE)


def test_the_bar_counts_what_waits_only_for_who_decides(at, sign_in, ana, place, waiting):
    assert at.get(reverse("inbox:list")).context["to_decide"] == "1"
    assert "to_decide" not in sign_in(ana).get(reverse("inbox:list")).context
