"""What becomes of the rarer events of Meta's pages and accounts, once they are taken in."""

import json
from itertools import permutations

import pytest

from inbox.models import Channel, Conversation, Message, Post, Reaction, UnhandledEvent
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel
from tests.inbox.platforms.contract import body_of
from tests.inbox.wire import JULIE, feed, messenger, take_in

pytestmark = pytest.mark.django_db
PAGE = "100200300400500"


@pytest.fixture
def page():
    return make_channel(external_id=PAGE)


def fixture(name: str, platform: str = "facebook") -> bytes:
    return body_of(platform, name)


def item(page: Channel, at, key: str = "messaging", *, person: str = JULIE["id"], **payload) -> bytes:
    told = {"sender": {"id": person}, "recipient": {"id": page.external_id}, "timestamp": int(at.timestamp() * 1000), **payload}
    return json.dumps({"object": "page", "entry": [{"id": page.external_id, "time": 0, key: [told]}]}).encode()


def test_a_recommendation_is_a_review_and_our_comment_on_it_ends_the_wait(page):
    take_in(fixture("rating"), at=NOON)
    review = Conversation.objects.get()
    assert (review.kind, review.preview, review.messages.get().rating) == ("review", "Service rapide", "positive")
    assert review.due_at is not None

    take_in(fixture("rating_comment_own"), at=NOON)

    assert Conversation.objects.get().due_at is None


@pytest.mark.parametrize("order", [("rating", "rating_edit", "rating_reaction"), ("rating_edit", "rating_reaction", "rating")])
def test_a_review_that_is_changed_is_the_new_one_in_any_order(page, order):
    take_in(*map(fixture, order), at=NOON)

    said = Message.objects.get()
    assert (said.text, said.rating) == ("Plus si rapide", "negative")
    assert Reaction.objects.get().reaction == "like"


def test_a_review_that_is_taken_back_waits_no_more(page):
    take_in(fixture("rating"), fixture("rating_remove"), at=NOON)

    assert Conversation.objects.get().due_at is None


def test_our_messages_are_seen_to_be_delivered_and_read(page):
    take_in(
        messenger(page, "m1", NOON, text="Allo"),
        messenger(page, "m2", NOON + MINUTE, echo=True, text="Bonjour"),
        item(page, NOON + HOUR, delivery={"mids": ["m2"], "watermark": int((NOON + HOUR).timestamp() * 1000)}),
        item(page, NOON + 2 * HOUR, read={"watermark": int((NOON + 2 * HOUR).timestamp() * 1000)}),
        at=NOON + DAY,
    )

    ours, theirs = Message.objects.get(external_id="m2"), Message.objects.get(external_id="m1")
    assert (ours.delivered_at, ours.read_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert (theirs.delivered_at, theirs.read_at) == (None, None)


def test_a_thread_that_another_app_took_comes_back_with_what_the_person_writes_to_us(page):
    stood_by = item(page, NOON + MINUTE, "standby", message={"mid": "m2"})
    ours = messenger(page, "m1", NOON, text="Allo"), messenger(page, "m3", NOON + HOUR, text="Toujours là ?")

    take_in(ours[0], stood_by, at=NOON + DAY)
    assert Conversation.objects.get().holder == "other"

    take_in(ours[1], at=NOON + DAY)
    assert Conversation.objects.get().holder == "nobody"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_holds_a_thread_is_the_same_in_any_order(page, order):
    told = (
        item(page, NOON, "standby", message={"mid": "m1"}),
        messenger(page, "m2", NOON + MINUTE, text="Allo ?"),
        item(page, NOON + HOUR, "standby", message={"mid": "m3"}),
    )

    take_in(*(told[number] for number in order), at=NOON + DAY)

    assert Conversation.objects.get().holder == "other"


@pytest.mark.parametrize(("ours", "owner"), [("112233445566778", "us"), ("998877665544332", "other"), ("", "us")])
def test_a_thread_passed_to_an_app_is_ours_where_that_app_is(page, settings, ours, owner):
    settings.META_APP_ID = ours

    take_in(messenger(page, "m1", NOON, text="Allo"), fixture("thread_passed"), at=NOON + DAY)

    assert Conversation.objects.get().owner == owner


def test_an_opening_without_words_lets_us_write_and_nobody_waits(page):
    take_in(
        messenger(page, "m1", NOON, text="Allo"),
        messenger(page, "m2", NOON + MINUTE, echo=True, text="Bonjour"),
        item(page, NOON + DAY, referral={"ref": "r1", "source": "ADS", "type": "OPEN_THREAD"}),
        at=NOON + DAY,
    )

    thread = Conversation.objects.get()
    assert (thread.touched_at, thread.due_at) == (NOON + DAY, None)


@pytest.mark.parametrize("names", [("page_status", "post_remove"), ("post_remove", "page_status")])
def test_a_post_that_was_removed_is_known_to_be_gone_in_any_order(page, names):
    take_in(*map(fixture, names), at=NOON)

    assert Post.objects.get().removed_at is not None


def test_a_visitors_post_hidden_and_answered_before_it_is_heard_of_is_hidden(page):
    take_in(*map(fixture, ("visitor_post_answered", "visitor_post_hide", "visitor_post")), at=NOON)

    assert Message.objects.get(external_id=f"{PAGE}_900666").hidden


def test_who_takes_back_a_permission_takes_it_from_all_that_they_connected():
    theirs = make_channel(grantor_id="10001"), make_channel(platform="instagram", grantor_id="10001")
    other = make_channel(grantor_id="10002")

    take_in(fixture("permissions_verb_beside"), at=NOON)

    for channel in (*theirs, other):
        channel.refresh_from_db()
    assert [channel.missing_permissions for channel in (*theirs, other)] == [["pages_messaging"], ["pages_messaging"], []]


def test_a_permission_of_a_page_that_is_given_back_is_not_missing(page):
    take_in(fixture("permissions_revoked"), at=NOON)
    assert Channel.objects.get(pk=page.pk).missing_permissions == ["pages_messaging"]

    take_in(fixture("permissions_granted"), at=NOON)

    assert Channel.objects.get(pk=page.pk).missing_permissions == []


def test_a_webhook_that_tells_only_that_something_changed_has_the_page_looked_at(page):
    Channel.objects.filter(pk=page.pk).update(list_at=NOON + DAY)

    take_in(fixture("changed_fields"), at=NOON)

    assert Channel.objects.get(pk=page.pk).list_at == NOON


def test_a_message_of_an_account_in_the_envelope_of_pages_reaches_the_account():
    account = make_channel(platform="instagram", external_id="17841400000000001")

    take_in(fixture("message_in_page_envelope", "instagram"), at=NOON)

    assert Message.objects.get().channel == account
    assert not UnhandledEvent.objects.exists()


def test_a_like_is_recorded_and_nobody_waits(page):
    take_in(feed(page, "1", NOON, item="reaction", reaction_type="love"), at=NOON)

    assert Reaction.objects.get().reaction == "love"
    assert not Conversation.objects.exists()
