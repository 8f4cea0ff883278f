"""Misses: what counts as one, and how a manager accounts for it."""

import pytest
from django.core.exceptions import ValidationError

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import conversations
from inbox.models import Wait
from responses.measuring import misses
from responses.models import MissReview
from tests.factories import DAY, HOUR, NOON, SECOND, make_channel, make_member, make_message, make_waiting

DUE = NOON + 24 * HOUR
Cause = MissReview.Cause


@pytest.fixture
def manager(place):
    return make_member(place.organization, Role.MANAGER, name="Max Exemple")


@pytest.fixture
def channel(place):
    return make_channel(place)


def wait_of(channel, *, answered_at=None):
    conversation = make_waiting(channel, at=NOON)
    if answered_at:
        make_message(conversation, at=answered_at, direction="out", source="native", text="Oui.")
    return conversation.waits.get()


def missed(now):
    return list(misses.missed(Wait.objects.all(), now=now))


@pytest.mark.parametrize(
    ("answered_at", "now", "is_miss"),
    [
        (None, DUE, False),
        (None, DUE + SECOND, True),
        (DUE, DUE + DAY, False),
        (DUE + SECOND * 0.9, DUE + DAY, False),
        (DUE + SECOND, DUE + DAY, True),
    ],
)
def test_a_miss_begins_with_the_second_after_it_was_due(channel, answered_at, now, is_miss):
    wait = wait_of(channel, answered_at=answered_at)

    assert missed(now) == ([wait] if is_miss else [])


@pytest.mark.parametrize("outcome", ["excluded", "cancelled", "closed_no_reply"])
def test_what_needed_no_answer_is_not_a_miss(channel, outcome):
    wait = wait_of(channel)
    Wait.objects.filter(pk=wait.pk).update(outcome=outcome, ended_at=DUE)

    assert missed(DUE + DAY) == []


@pytest.mark.parametrize(("after", "is_miss"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_closing_without_a_reply_what_was_due_already_does_not_undo_the_miss(channel, manager, after, is_miss):
    wait = wait_of(channel)

    conversations.close(wait.conversation, "no_reply_needed", by=manager, now=wait.due_at + after)

    assert missed(wait.due_at + DAY) == ([wait] if is_miss else [])


@pytest.mark.parametrize(("role", "is_miss"), [(Role.STAFF, True), (Role.PHARMACIST, False)])
def test_a_late_wait_leaves_the_figures_as_spam_only_by_who_may_exclude(place, channel, role, is_miss):
    wait = wait_of(channel)

    conversations.close(wait.conversation, "spam", by=make_member(place.organization, role), now=wait.due_at + HOUR)

    assert missed(wait.due_at + DAY) == ([wait] if is_miss else [])


def test_a_review_is_kept_and_the_trail_has_before_and_after(channel, manager):
    wait = wait_of(channel, answered_at=DUE + HOUR)

    misses.review(wait, cause=Cause.NOT_SEEN, note="Samedi", by=manager, now=DUE + DAY)
    misses.review(wait, cause=Cause.NOBODY_ON_DUTY, note="Samedi", by=manager, now=DUE + DAY)

    assert MissReview.objects.get().cause == Cause.NOBODY_ON_DUTY
    detail = AuditEntry.objects.filter(action="miss.reviewed").first().detail
    assert detail["before"] == {"cause": "not_seen", "note": "Samedi"}
    assert detail["after"] == {"cause": "nobody_on_duty", "note": "Samedi"}


def test_signing_off_freezes_until_a_manager_reopens(channel, manager):
    wait = wait_of(channel, answered_at=DUE + HOUR)
    misses.sign(wait, cause=Cause.NOT_SEEN, note="", by=manager, now=DUE + DAY)

    with pytest.raises(misses.Conflict):
        misses.review(wait, cause=Cause.OTHER, note="", by=manager, now=DUE + DAY)
    with pytest.raises(misses.Conflict):
        misses.sign(wait, cause=Cause.NOT_SEEN, note="", by=manager, now=DUE + DAY)

    misses.reopen(wait, by=manager, now=DUE + 2 * DAY)
    misses.review(wait, cause=Cause.OTHER, note="", by=manager, now=DUE + 2 * DAY)
    assert AuditEntry.objects.get(action="miss.reopened").detail["before"]["signed_by"] == "Max Exemple"


def test_a_cause_is_needed_to_sign_off(channel, manager):
    wait = wait_of(channel, answered_at=DUE + HOUR)

    with pytest.raises(ValidationError):
        misses.sign(wait, cause="", note="", by=manager, now=DUE + DAY)
    with pytest.raises(ValidationError):
        misses.sign(wait, cause=Cause.OTHER, note=" ", by=manager, now=DUE + DAY)


def test_a_miss_is_not_signed_off_while_the_person_still_waits(channel, manager):
    wait = wait_of(channel)

    with pytest.raises(misses.Conflict):
        misses.sign(wait, cause=Cause.NOT_SEEN, note="", by=manager, now=DUE + DAY)
    assert not MissReview.objects.exists()


def test_a_form_that_shows_an_older_review_changes_nothing(channel, manager):
    wait = wait_of(channel, answered_at=DUE + HOUR)
    seen = misses.stamp(None)
    misses.review(wait, cause=Cause.NOT_SEEN, note="", by=manager, now=DUE + DAY, seen=seen)

    with pytest.raises(misses.Conflict):
        misses.review(wait, cause=Cause.PLATFORM, note="", by=manager, now=DUE + DAY, seen=seen)


@pytest.mark.parametrize("role", [Role.STAFF, Role.PHARMACIST, Role.COMPLIANCE, Role.AUDITOR, Role.ADMIN])
def test_only_managers_review(channel, role):
    wait = wait_of(channel, answered_at=DUE + HOUR)

    with pytest.raises(misses.NotAllowed):
        misses.review(wait, cause=Cause.NOT_SEEN, note="", by=make_member(wait.conversation.organization, role), now=DUE + DAY)
