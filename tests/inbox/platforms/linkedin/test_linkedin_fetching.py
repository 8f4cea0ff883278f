"""From a notification that keeps silent to the comment itself, through the inbox's own clock."""

import json
from typing import Any

import pytest

from inbox import intake
from inbox.fetching import clues
from inbox.models import Clue, Conversation, Message
from tests.factories import DAY, MINUTE, NOON, SECOND, make_channel
from tests.inbox.platforms.contract import body_of
from tests.inbox.platforms.linkedin.test_linkedin import ORGANIZATION, REPLY, ROOT, listed
from tests.inbox.platforms.server import Saying
from tests.inbox.wire import picture, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def page(platform, settings):
    settings.LINKEDIN_API_URL = platform.url
    return make_channel(platform="linkedin", external_id=ORGANIZATION)


def told(name: str, **changed: Any) -> bytes:
    """The notification of this fixture, its reply made to keep silent of what it answers."""
    body = json.loads(body_of("linkedin", name))
    body["notifications"][0] |= changed
    body["notifications"][0].get("decoratedGeneratedActivity", {}).get("comment", {}).pop("parentComment", None)
    return json.dumps(body).encode()


def take(*bodies: bytes) -> None:
    take_in(*bodies, at=NOON, endpoint="linkedin")


def follow() -> None:
    clues.follow(now=NOON + MINUTE)
    intake.drain(now=NOON + MINUTE)


def test_a_reply_that_names_no_parent_is_fetched_and_goes_to_its_thread(platform):
    platform.says(listed("comment"), listed("reply"))
    take(told("comment"), told("comment_nested"))
    assert Conversation.objects.count() == 2

    follow()

    conversation = Conversation.objects.get()  # one person, one thread
    assert (conversation.thread_id, conversation.waiting_count) == (ROOT, 2)
    assert Message.objects.get(external_id=REPLY).parent_id == ROOT
    assert not Clue.objects.exists()


def test_of_what_is_known_to_answer_something_nothing_is_asked(platform):
    take(told("comment"))
    take_in(body_of("linkedin", "admin_comment"), at=NOON, endpoint="linkedin")
    Clue.objects.all().delete()

    take(told("admin_comment_without_parent"))

    assert not Clue.objects.exists()


def test_an_edit_without_its_words_is_fetched(platform):
    platform.says(listed("comment_edited"))
    take(told("comment"), told("comment_edit_without_text"))

    follow()

    message = Message.objects.get()
    assert message.text == "Félicitations à tous !"
    assert [version.text for version in message.versions.all()] == ["Félicitations !", "Félicitations à tous !"]


def test_a_comment_without_anything_told_of_it_is_fetched(platform):
    platform.says(listed("comment"))
    take(told("comment_without_decoration"))
    assert not Conversation.objects.exists()

    follow()

    conversation = Conversation.objects.get()
    assert (conversation.contact.external_id, conversation.preview) == ("urn:li:person:Xy12AbC", "Félicitations !")
    assert conversation.waiting_since == Message.objects.get().sent_at


def test_what_is_gone_when_it_is_asked_for_leaves_nothing_to_do(platform):
    platform.says(Saying({}, 404))
    take(told("comment_without_decoration"))

    follow()

    assert not Clue.objects.exists()
    assert not Conversation.objects.exists()


def test_two_subscribers_make_one_inbox_whichever_is_heard_first():
    first, second = json.loads(body_of("linkedin", "two_subscribers"))["notifications"]
    seen = []
    for heard in ([first], [second], [first, second], [second, first]):
        Conversation.objects.all().delete()
        for each in heard:
            take(json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [each]}).encode())
            intake.drain(now=NOON + DAY)
        seen.append(picture())
        page = make_channel(platform="linkedin", external_id=f"{ORGANIZATION}{len(seen)}")
        for each in (first, second):
            each["organizationalEntity"] = page.external_id
    assert all(each == seen[0] for each in seen)


def test_a_member_who_keeps_their_name_is_called_a_member():
    take(told("comment"))
    assert Conversation.objects.get().contact_name == "LinkedIn member"


def test_an_answer_of_ours_that_names_nothing_waits_until_it_is_fetched(platform):
    platform.says(listed("comment"), listed("reply_of_ours") | {"commentUrn": REPLY})
    take(told("comment"), told("admin_comment_without_parent"))
    assert Conversation.objects.get().due_at is not None

    follow()

    assert Conversation.objects.get().due_at is None
    wait = Conversation.objects.get().waits.get()
    assert wait.ended_by == "native"
    assert wait.ended_at - wait.started_at == 38 * SECOND
