"""A comment that a person refuses to publish: nobody would see an answer to it, so nobody waits for one any more."""

import pytest

from accounts.access import Role
from accounts.models import AuditEntry
from inbox import moderation
from inbox.models import Wait
from inbox.platforms.base import Action
from tests.factories import DAY, MINUTE, NOON, make_channel, make_member, make_message, make_waiting
from tests.inbox.platforms import server

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings, place):
    with server.running() as running:
        settings.PRIVATE_ORIGINS = [running.url]
        running.says({"comment": {"id": 812}})
        yield make_channel(place, "website", settings={"site": "https://blog.example", "callback_url": running.url})


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.MANAGER)


@pytest.fixture
def comment(site):
    return pending(make_waiting(site).messages.get())


def pending(comment):
    comment.moderation = "pending"
    comment.save(update_fields=["moderation"])
    return comment


@pytest.fixture
def decide(boss):
    """decide(comment, action, minutes): asked for, and done by the site, so long after noon."""

    def done(comment, action, minutes, **more):
        comment.refresh_from_db()
        now = NOON + minutes * MINUTE
        moderation.ask(comment.conversation, comment, action, by=boss, now=now, **more)
        assert moderation.do_due(now=now, platform=comment.conversation.platform) == 1
        comment.refresh_from_db()

    return done


def test_it_leaves_the_queue_and_the_figures_by_name(comment, boss, decide, sign_in):
    decide(comment, Action.REJECT, 5)

    wait = Wait.objects.get()
    assert (wait.outcome, wait.ended_by, wait.ender, wait.ended_at) == ("excluded", "staff", boss, NOON + 5 * MINUTE)
    assert (comment.moderation, comment.conversation.due_at) == ("rejected", None)
    told = AuditEntry.objects.filter(action__in=["message.reject", "wait.excluded"]).order_by("pk")
    assert [(entry.action, entry.actor) for entry in told] == [("message.reject", boss), ("wait.excluded", boss)]
    client = sign_in(boss)
    assert comment.conversation.get_absolute_url() not in client.get("/inbox/").text
    assert "no clock: excluded: Comment refused" in client.get(comment.conversation.get_absolute_url()).text


def test_late_already_it_leaves_them_too_as_only_those_refuse_who_may_exclude(comment, decide):
    decide(comment, Action.REJECT, 60 * 25)

    assert Wait.objects.get().outcome == "excluded"


def test_nothing_is_decided_before_the_site_has_done_it(comment, boss):
    moderation.ask(comment.conversation, comment, Action.REJECT, by=boss, now=NOON + MINUTE)

    assert Wait.objects.running().exists()


def test_published_after_all_they_wait_on_as_they_always_did(comment, boss, decide):
    decide(comment, Action.REJECT, 5)
    decide(comment, Action.APPROVE, 10)

    wait = Wait.objects.get()
    assert (wait.ended_at, wait.started_at, wait.due_at) == (None, NOON, NOON + DAY)
    assert comment.conversation.due_at == NOON + DAY
    assert AuditEntry.objects.get(action="wait.reopened").actor == boss


def test_what_else_they_ask_is_waited_for(comment, decide):
    also = make_message(comment.conversation, at=NOON + MINUTE)
    pending(also)

    decide(comment, Action.REJECT, 5)
    assert Wait.objects.running().get().started_at == NOON

    decide(also, Action.REJECT, 6)
    assert not Wait.objects.running().exists()

    decide(comment, Action.APPROVE, 7)
    assert Wait.objects.running().get().due_at == NOON + DAY


def test_what_the_site_alone_refused_still_asks_when_the_rest_is_refused_here(comment, decide):
    """It may have been a filter: no rule ends a wait."""
    also = make_message(comment.conversation, at=NOON + MINUTE, moderation="rejected")

    decide(comment, Action.REJECT, 5)

    assert Wait.objects.running().get().messages.filter(pk=also.pk).exists()


def test_a_wait_that_a_person_ended_for_another_reason_stays_ended(comment, boss, decide, sign_in):
    sign_in(boss).post(f"/inbox/{comment.conversation_id}/exclude/", {"reason": "Test"})
    ended_at = Wait.objects.get().ended_at
    decide(comment, Action.REJECT, 5)
    decide(comment, Action.APPROVE, 10)

    assert Wait.objects.get().ended_at == ended_at


def test_an_answered_comment_that_is_refused_stays_answered(comment, decide):
    make_message(comment.conversation, at=NOON + MINUTE, direction="out", source="comptoir")

    decide(comment, Action.REJECT, 5)

    assert Wait.objects.get().outcome == "answered"
