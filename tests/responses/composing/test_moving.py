"""Somebody's number in public: one press answers without repeating it, writes in private, hides; and the person still waits."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from inbox import moderation
from inbox.models import MessageAction
from responses import outbox, replies
from responses.composing import moving
from responses.models import Reply
from responses.replies import Refused
from tests.factories import MINUTE, NOON, SECOND, make_channel, make_finding, make_message, make_version, make_waiting
from tests.responses.queueing import TEN, queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NAM = "ZORM 6253 1492"


@pytest.fixture(autouse=True)
def words(place):
    kept = {"topic": "move", "body_en": "Call us at {location_phone}."}
    make_version(place.organization, audience="public", body_fr="Merci! Appelez-nous au {location_phone}.", **kept)
    make_version(place.organization, audience="private", body_fr="On vous écrit ici. Appelez le {location_phone}.", **kept)


def exposed(channel, at=NOON):
    conversation = make_waiting(channel, at=at, text=f"Ma carte: {NAM}")
    make_finding(conversation.messages.get(), NAM, family="identifier", type="ramq")
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def conversation(channel):
    return exposed(channel)


def move(conversation, by, *, key=None, now=NOON):
    return moving.move(conversation, by=by, language="fr", key=key or uuid4(), now=now)


def deliver_all(now):
    for pk in Reply.objects.order_by("pk").values_list("pk", flat=True):
        outbox.deliver(pk, now=now)
    moderation.do_due(now=now, platform="facebook")


def test_one_press_answers_in_public_writes_in_private_and_hides(conversation, ana, graph):
    move(conversation, ana)
    deliver_all(NOON + TEN)

    public, private, hidden = graph.taken
    assert public["text"].startswith("Merci! Appelez-nous")
    assert private["text"].startswith("On vous écrit ici.")
    assert private["body"]["recipient"] == {"comment_id": conversation.thread_id}
    assert hidden["body"]["is_hidden"]
    assert not any(NAM in str(thing) or "ZORM" in str(thing) for thing in graph.taken)
    assert conversation.messages.get(direction="in").hidden
    assert MessageAction.objects.get().reason


@pytest.mark.parametrize(("platform", "first"), [("facebook", False), ("instagram", True)])
def test_where_nothing_hidden_is_answered_the_answer_leaves_first(place, ana, platform, first):
    reply = move(exposed(make_channel(place, platform=platform)), ana)

    assert (MessageAction.objects.get().try_at > reply.send_at) is first


def test_the_person_still_waits_until_somebody_answers_them(conversation, ana, graph):
    move(conversation, ana)
    deliver_all(NOON + TEN)

    conversation.refresh_from_db()
    wait = conversation.waits.get()
    assert (wait.ended_at, conversation.due_at) == (None, wait.due_at)
    assert set(conversation.messages.filter(direction="out").values_list("source", "private")) == {
        ("moving", False),
        ("moving", True),
    }

    reply = queue(conversation, ana, now=NOON + MINUTE)
    outbox.deliver(reply.pk, now=NOON + MINUTE + TEN)
    wait.refresh_from_db()
    assert wait.outcome == "answered"


def test_nothing_leaves_while_it_may_be_taken_back_and_all_of_it_is_taken_back_together(conversation, ana, graph):
    reply = move(conversation, ana)
    deliver_all(NOON + TEN - SECOND)
    assert graph.taken == []

    assert moving.undo(reply, by=ana, now=NOON + TEN - SECOND)
    deliver_all(NOON + MINUTE)

    assert graph.taken == []
    assert set(Reply.objects.values_list("state", flat=True)) == {"undone"}
    assert not MessageAction.objects.exists()
    assert AuditEntry.objects.filter(action="message.taken_back").count() == 1


def test_taking_back_another_reply_leaves_the_hiding_alone(conversation, ana):
    move(conversation, ana)
    other = queue(conversation, ana, now=NOON + SECOND)

    assert moving.undo(other, by=ana, now=NOON + 2 * SECOND)

    assert MessageAction.objects.get().state == "queued"
    assert Reply.objects.filter(state="queued").count() == 2


def test_pressed_twice_it_is_done_once(conversation, ana):
    key = uuid4()

    assert move(conversation, ana, key=key) == move(conversation, ana, key=key)
    assert (Reply.objects.count(), MessageAction.objects.count()) == (2, 1)


def test_while_it_is_under_way_it_is_not_offered_again(sign_in, ana, conversation):
    client, address = sign_in(ana), f"/conversations/{conversation.pk}/move/"
    reply = move(conversation, ana)

    assert address not in client.get(f"/inbox/{conversation.pk}/").text
    assert client.get(address).url == f"/inbox/{conversation.pk}/"
    again = client.post(address, {"key": str(uuid4())})
    assert (again.status_code, Reply.objects.count()) == (422, 2)
    assert "under way already" in again.text

    moving.undo(reply, by=ana, now=NOON + SECOND)
    assert address in client.get(f"/inbox/{conversation.pk}/").text
    assert client.post(address, {"key": str(uuid4())}).status_code == 302


def test_what_did_not_leave_is_offered_again(sign_in, ana, conversation):
    move(conversation, ana)
    Reply.objects.filter(private_reply=False).update(state="failed")

    assert f"/conversations/{conversation.pk}/move/" in sign_in(ana).get(f"/inbox/{conversation.pk}/").text


def test_what_is_on_its_way_says_who_will_read_it(sign_in, ana, conversation):
    move(conversation, ana)

    shown = sign_in(ana).get(f"/conversations/{conversation.pk}/reply/", headers={"HX-Request": "true"}).text
    cards = re.findall(r'<article id="reply-.*?</article>', shown, re.DOTALL)

    assert [("Public reply" in card, "Private message" in card) for card in cards] == [(True, False), (False, True)]


@pytest.mark.parametrize(("moderation", "offered"), [("", True), ("pending", False), ("rejected", False), ("approved", True)])
def test_what_the_public_does_not_see_exposes_nobody(ana, conversation, moderation, offered):
    conversation.messages.update(moderation=moderation)

    assert (moving.plan(conversation, by=ana, language="fr", now=NOON) is not None) is offered


def other_words(place, body):
    place.organization.templates.update(in_force=None)
    make_version(place.organization, topic="move", body_fr=body, body_en=body)


def test_a_holiday_and_another_language_do_not_keep_a_number_in_public(place, channel, ana):
    """The words name the hours of a day that nobody has confirmed, to somebody who wrote in English."""
    eve = datetime(2026, 12, 24, 17, tzinfo=UTC)
    place.opening_hours = {day: [["09:00", "21:00"]] for day in ("thu", "fri")}
    place.save()
    other_words(place, "Merci! Appelez-nous : {location_phone}, de {location_hours}.")
    conversation = exposed(channel, at=eve - MINUTE)
    conversation.messages.update(language="en")

    plan = moving.plan(conversation, by=ana, language="fr", now=eve)
    assert {found.code for found in plan.public.drawing.warnings} == {"holiday", "language"}
    move(conversation, ana, now=eve)

    assert (Reply.objects.count(), MessageAction.objects.count()) == (2, 1)


def test_any_other_warning_stops_it(place, channel, ana):
    other_words(place, "{organization_name} : appelez-nous.")
    place.organization.name = "APPELEZ DONC VITE LA PHARMACIE"
    place.organization.save()
    conversation = exposed(channel)

    assert moving.plan(conversation, by=ana, language="fr", now=NOON).problems
    with pytest.raises(Refused):
        move(conversation, ana)


def test_what_a_platform_cannot_do_is_said_before(place, ana):
    conversation = exposed(make_channel(place, "google", settings={"account": "1"}))

    plan = moving.plan(conversation, by=ana, language="fr", now=NOON)

    assert (plan.hides, plan.private) == (False, None)
    assert "lets nobody hide it" in plan.cannot[0]
    assert "in private first" in plan.cannot[1]


def test_without_approved_words_nothing_is_pressed(conversation, ana, place):
    for template in place.organization.templates.all():
        template.in_force = None
        template.save(update_fields=["in_force"])

    plan = moving.plan(conversation, by=ana, language="fr", now=NOON)

    assert plan.problems
    with pytest.raises(Refused):
        move(conversation, ana)
    assert not MessageAction.objects.exists()


def test_while_the_page_cannot_send_it_can_still_be_hidden(sign_in, ana, conversation, graph):
    type(conversation.channel).objects.update(problem="permission", missing_permissions=["pages_manage_engagement"])
    client = sign_in(ana)
    page = client.get(f"/conversations/{conversation.pk}/move/").content.decode()
    main = page[page.index("<main") :]
    form = re.search(r'action="([^"]+)".*?name="reason" value="([^"]+)".*?<button[^>]*>(.*?)</button>', main, re.DOTALL)

    assert "Hide only" in form[3]  # the first button of all
    assert re.search(r"<h1>(.*?)</h1>", main)[1] == "Hide only", "the page promises no more than it does"
    assert "<b>No public reply can leave</b>" in main
    assert client.post(form[1], {"reason": form[2]}).status_code == 302
    moderation.do_due(now=timezone.now(), platform="facebook")
    assert conversation.messages.get().hidden
    assert not Reply.objects.exists()


def test_where_nobody_can_hide_nothing_is_offered_while_the_page_cannot_send(sign_in, ana, place):
    conversation = exposed(make_channel(place, "google", settings={"account": "1"}, problem="token_dead"))

    page = sign_in(ana).get(f"/conversations/{conversation.pk}/move/").content.decode()

    assert "No public reply can leave" in page
    assert "<button" not in page[page.index("<main") :]


def test_the_page_says_what_it_does_and_pressing_does_it(sign_in, ana, channel):
    conversation = exposed(channel, at=timezone.now() - MINUTE)  # while a comment may still be answered in private
    client = sign_in(ana)
    shown = client.get(f"/inbox/{conversation.pk}/").content.decode()
    head = shown[shown.index('<header class="head"') :]
    assert f"/conversations/{conversation.pk}/move/" in head[: head.index("</header>")]

    page = client.get(f"/conversations/{conversation.pk}/move/").content.decode()
    assert "ZORM •••• ••••" in page
    assert NAM not in page
    assert "On vous écrit ici." in page

    assert client.post(f"/conversations/{conversation.pk}/move/", {"key": str(uuid4())}).status_code == 302
    assert Reply.objects.count() == 2


def test_nothing_is_offered_where_nothing_points_to_anybody(sign_in, ana, channel):
    conversation = make_waiting(channel)
    make_message(conversation, text="Merci", at=NOON + MINUTE)

    assert moving.plan(conversation, by=ana, language="fr", now=NOON) is None
    assert "/move/" not in sign_in(ana).get(f"/inbox/{conversation.pk}/").content.decode()


def test_a_move_template_holds_wherever_it_is_picked(conversation, ana, place):
    version = place.organization.templates.order_by("pk").first().in_force

    reply = replies.compose(conversation, by=ana, now=NOON, words=replies.Words(version=version), mode="public")

    assert reply.holds
