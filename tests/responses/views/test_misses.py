"""The page of misses and the page of one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from responses.measuring import misses
from responses.models import MissReview
from tests.factories import DAY, HOUR, make_channel, make_location, make_member, make_message, make_waiting

LIST = reverse("responses:misses")


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER)


@pytest.fixture
def at(sign_in, manager):
    return sign_in(manager)


def miss_of(location, *, days_ago=2, late_by=None):
    """A wait that was due so many days ago; answered so long after, or still not."""
    due = timezone.now().replace(microsecond=0) - days_ago * DAY
    conversation = make_waiting(make_channel(location), at=due - 24 * HOUR)
    if late_by is not None:
        make_message(conversation, at=due + late_by, direction="out", source="native", text="Oui.")
    return conversation.waits.get()


def page(wait):
    return reverse("responses:miss", args=[wait.pk])


def review(wait):
    return reverse("responses:miss_review", args=[wait.pk])


def shown(found):
    return list(found.context["rows"])


def test_late_and_unanswered_are_listed_the_newest_first(at, place):
    late, open_ = miss_of(place, late_by=HOUR), miss_of(place, days_ago=1)
    miss_of(place, late_by=-HOUR)

    found = at.get(LIST)

    assert shown(found) == [open_, late]
    assert found.context["counts"] == {"all": 2, "unsigned": 2, "waiting": 1}
    html = found.content.decode()
    assert reverse("inbox:conversation", args=[late.conversation_id]) in html
    assert reverse("inbox:explain", args=[late.conversation_id]) in html


def test_thirty_days_unless_asked_otherwise(at, place):
    recent, old = miss_of(place, days_ago=20), miss_of(place, days_ago=40)

    assert shown(at.get(LIST)) == [recent]
    assert shown(at.get(LIST, {"days": "90"})) == [recent, old]
    day = (timezone.now() - 40 * DAY).date()
    asked = {"first": str(day - timedelta(days=1)), "last": str(day + timedelta(days=1))}
    assert shown(at.get(LIST, asked)) == [old]


@pytest.mark.parametrize(
    "asked",
    [{"first": "2026-11-02", "last": "2026-11-01"}, {"first": "2020-01-01", "last": "2026-11-01"}, {"first": "2026-11-01"}],
)
def test_a_period_that_makes_no_sense_is_said_at_the_field(at, asked):
    found = at.get(LIST, asked)

    assert found.status_code == 422
    assert found.context["form"].errors


def test_only_what_is_not_signed_off(at, place, manager):
    signed, unsigned = miss_of(place, late_by=HOUR), miss_of(place, late_by=HOUR)
    misses.sign(signed, cause="not_seen", note="", by=manager, now=timezone.now())

    assert shown(at.get(LIST, {"review": "unsigned"})) == [unsigned]
    assert shown(at.get(LIST, {"review": "signed"})) == [signed]


def test_a_manager_sees_the_misses_of_their_locations_only(sign_in, place):
    mine, other = miss_of(place), miss_of(make_location(place.organization))
    client = sign_in(make_member(place.organization, Role.MANAGER, locations=[place]))

    assert shown(client.get(LIST)) == [mine]
    assert client.get(page(other)).status_code == 404
    assert client.post(review(other), {"cause": "not_seen"}).status_code == 404


def test_another_organization_s_misses_stay_theirs(at):
    theirs = miss_of(make_location())

    assert shown(at.get(LIST)) == []
    assert at.get(page(theirs)).status_code == 404
    assert at.post(reverse("responses:miss_reopen", args=[theirs.pk])).status_code == 404


def test_a_wait_that_was_answered_in_time_has_no_page_here(at, place):
    assert at.get(page(miss_of(place, late_by=-HOUR))).status_code == 404


def test_cause_and_note_are_kept_then_signed_off_then_reopened(at, place):
    wait = miss_of(place, late_by=HOUR)

    at.post(review(wait), {"cause": "not_seen", "note": "Samedi", "seen": "new", "keep": "1"})
    seen = misses.stamp(MissReview.objects.get())
    at.post(review(wait), {"cause": "not_seen", "note": "Samedi", "seen": seen, "sign": "1"})
    assert MissReview.objects.get().signed_by is not None
    assert "Samedi" in at.get(page(wait)).content.decode()

    at.post(reverse("responses:miss_reopen", args=[wait.pk]), {"seen": misses.stamp(MissReview.objects.get())})
    assert MissReview.objects.get().signed_by is None


def test_a_cause_is_asked_for_and_the_note_is_not_lost(at, place):
    found = at.post(review(miss_of(place, late_by=HOUR)), {"cause": "", "note": "Longue histoire", "seen": "new", "sign": "1"})

    assert found.status_code == 422
    assert "Longue histoire" in found.content.decode()


def test_a_review_that_somebody_else_wrote_is_shown_and_not_overwritten(at, place):
    wait = miss_of(place, late_by=HOUR)
    other = make_member(place.organization, Role.MANAGER)
    misses.review(wait, cause="platform", note="Panne", by=other, now=timezone.now())

    found = at.post(review(wait), {"cause": "not_seen", "note": "Le mien", "seen": "new", "keep": "1"})

    assert found.status_code == 409
    assert "Le mien" in found.content.decode()
    assert MissReview.objects.get().cause == "platform"


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.AUDITOR])
def test_who_only_reads_cannot_review(sign_in, place, role):
    wait = miss_of(place, late_by=HOUR)
    client = sign_in(make_member(place.organization, role))

    assert client.get(page(wait)).status_code == 200
    assert client.post(review(wait), {"cause": "not_seen"}).status_code == 403
    assert client.post(reverse("responses:miss_reopen", args=[wait.pk])).status_code == 403


def test_staff_do_not_see_misses(sign_in, ana):
    assert sign_in(ana).get(LIST).status_code == 403


def test_the_file_has_one_line_a_miss(at, place, manager):
    wait = miss_of(place, late_by=HOUR)
    misses.sign(wait, cause="other", note="=1+1", by=manager, now=timezone.now())
    miss_of(place)

    lines = b"".join(at.get(reverse("responses:misses_export")).streaming_content).decode().splitlines()

    assert len(lines) == 3
    assert any("'=1+1" in line and ",60," in line for line in lines)


def test_the_list_goes_on_where_the_page_ended(at, place, monkeypatch):
    monkeypatch.setattr("responses.views.misses.PAGE", 2)
    waits = [miss_of(place, days_ago=days) for days in (1, 2, 3)]

    first = at.get(LIST)
    second = at.get(LIST, {"after": first.context["next"]})

    assert shown(first) + shown(second) == waits
    assert second.context["next"] is None


def test_the_number_of_queries_does_not_grow_with_the_list(at, place, django_assert_max_num_queries):
    for _ in range(10):
        miss_of(place)
    at.get(LIST)

    with django_assert_max_num_queries(10):
        at.get(LIST)


def test_an_address_that_no_page_of_ours_made_is_no_accident(at):
    assert at.get(LIST, {"after": "9" * 5000}).status_code == 200
