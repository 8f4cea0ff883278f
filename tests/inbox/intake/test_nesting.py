"""A reply whose webhook keeps silent of what it answers, until something else tells."""

import json
from itertools import permutations
from typing import Any

import pytest

from inbox.models import Conversation, Message
from tests.factories import DAY, MINUTE, NOON, make_channel
from tests.inbox.wire import picture, take_in

pytestmark = pytest.mark.django_db
ORGANIZATION, ACTIVITY = "urn:li:organization:77001100", "urn:li:activity:7400000000000000101"
JULIE, MARC = "urn:li:person:Julie", "urn:li:person:Marc"
LATER = NOON + 2 * DAY


def urn(number: int) -> str:
    return f"urn:li:comment:({ACTIVITY},{number})"


def notification(number: int, *, person: str = JULIE, parent: int = 0, seconds: int = 0, again: int = 0) -> bytes:
    """again: another delivery of the same, as a second subscriber gets it."""
    comment: dict[str, Any] = {"entity": urn(number), "owner": person, "object": ACTIVITY, "text": f"Comment {number}"}
    if parent:
        comment["parentComment"] = urn(parent)
    told = {
        "notificationId": 9100000000 + number * 10 + again,
        "organizationalEntity": ORGANIZATION,
        "action": "ADMIN_COMMENT" if person == ORGANIZATION else "COMMENT",
        "sourcePost": ACTIVITY,
        "generatedActivity": urn(number).replace("(urn:li:", "("),
        "decoratedGeneratedActivity": {"comment": comment},
        "lastModifiedAt": int(NOON.timestamp() + seconds) * 1000,
    }
    return json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [told]}).encode()


@pytest.fixture(autouse=True)
def page():
    return make_channel(platform="linkedin", external_id=ORGANIZATION)


def take(*bodies: bytes) -> None:
    take_in(*bodies, at=LATER, endpoint="linkedin")


def test_a_reply_goes_to_the_thread_that_a_later_word_names():
    take(notification(1), notification(2, person=MARC, seconds=60))
    assert set(Conversation.objects.values_list("thread_id", flat=True)) == {urn(1), urn(2)}

    take(notification(2, person=MARC, parent=1, seconds=60, again=1))

    assert set(Conversation.objects.values_list("thread_id", flat=True)) == {urn(1)}
    assert Message.objects.get(external_id=urn(2)).parent_id == urn(1)


def test_a_second_word_of_ones_own_reply_joins_it_to_what_one_waits_for():
    take(notification(1), notification(2, seconds=60), notification(2, parent=1, seconds=60, again=1))

    conversation = Conversation.objects.get()
    assert (conversation.waiting_count, conversation.waiting_since) == (2, NOON)


def test_whenever_the_parent_is_told_the_inbox_is_the_same():
    bodies = [
        notification(1),
        notification(2, person=MARC, seconds=60),
        notification(2, person=MARC, parent=1, seconds=60, again=1),
        notification(3, person=ORGANIZATION, parent=2, seconds=120),
    ]
    seen = []
    for order in permutations(bodies):
        Conversation.objects.all().delete()
        page = make_channel(platform="linkedin", external_id=f"{ORGANIZATION}{len(seen)}")
        take(*(body.replace(ORGANIZATION.encode(), page.external_id.encode()) for body in order))
        seen.append(picture())
        assert Conversation.objects.filter(due_at=None).count() == 1, order  # Marc was answered, Julie waits
    assert all(each == seen[0] for each in seen)


def test_an_answer_of_ours_that_names_nothing_finds_its_place_when_it_is_told():
    take(notification(1), notification(2, person=ORGANIZATION, seconds=600))
    assert Conversation.objects.get().due_at is not None

    take(notification(2, person=ORGANIZATION, parent=1, seconds=600, again=1))

    assert Conversation.objects.get().waits.get().ended_at == NOON + 10 * MINUTE
