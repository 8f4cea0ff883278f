"""What a webhook named and did not tell is fetched, and comes in like any other thing."""

from collections.abc import Iterator

import pytest

from inbox import intake
from inbox.fetching import clues
from inbox.models import Channel, Clue, Conversation, Delivery, Message, UnhandledEvent
from tests.factories import MINUTE, NOON, make_channel
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import body_of
from tests.inbox.platforms.lists import BROKEN, GONE, NOT_OURS, Lists
from tests.inbox.wire import JULIE, feed, take_in

pytestmark = pytest.mark.django_db
ACCOUNT, THEIRS, SAID = "17841400000000001", "17900000000000077", "18010000000000088"
COMMENT = {"id": SAID, "text": "@pharmacie.exemple ouvert ?", "timestamp": "2026-11-23T17:00:00+0000", "username": "julie.t"}


@pytest.fixture
def platform(settings) -> Iterator[server.Platform]:
    with server.running() as running:
        settings.INSTAGRAM_GRAPH_URL = settings.META_GRAPH_URL = running.url
        yield running


@pytest.fixture
def account(platform) -> Channel:
    Lists(platform, {ACCOUNT: {"mentioned_comment": COMMENT}})
    return make_channel(platform="instagram", external_id=ACCOUNT)


def mentioned() -> None:
    take_in(body_of("instagram", "mention"), at=NOON)


def test_a_mention_is_fetched_and_waits_for_an_answer(account):
    mentioned()
    assert not Conversation.objects.exists()

    assert clues.follow(now=NOON) == 1
    intake.drain(now=NOON)

    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.contact_name) == (COMMENT["text"], "julie.t")
    assert (conversation.post.external_id, conversation.post.kind) == (THEIRS, "mention")
    assert conversation.due_at is not None
    assert not Clue.objects.exists()


def test_a_mention_told_twice_is_one(account):
    mentioned()
    clues.follow(now=NOON)
    take_in(body_of("instagram", "mention") + b" ", at=NOON + MINUTE)
    clues.follow(now=NOON + MINUTE)
    intake.drain(now=NOON + MINUTE)

    assert Conversation.objects.get().messages.count() == 1


def test_words_that_were_changed_and_changed_back_are_those_that_stand_there(platform):
    page = make_channel(external_id="100200300400500")
    take_in(feed(page, "1", NOON, message="Ouvert ?"), at=NOON)
    for number, text in enumerate(["Ouvert lundi ?", "Ouvert mardi ?", "Ouvert lundi ?"], start=1):
        at = NOON + number * MINUTE
        said = {"id": "900111_1", "message": text, "created_time": "2026-11-23T17:00:00+0000", "from": JULIE}
        platform.says(said | {"object": {"id": "100200300400500_900111"}})
        take_in(feed(page, "1", at, verb="edited"), at=at)
        assert clues.follow(now=at) == 1
        intake.drain(now=at)

    assert Message.objects.get().text == "Ouvert lundi ?"


def test_what_is_gone_when_it_is_fetched_leaves_nothing(account, platform):
    platform.says(GONE)
    mentioned()

    assert clues.follow(now=NOON) == 0

    assert not Clue.objects.exists()
    assert not UnhandledEvent.objects.exists()


def test_a_platform_that_does_not_answer_is_asked_again_later(account, platform):
    platform.says(BROKEN)
    mentioned()
    clues.follow(now=NOON)
    Lists(platform, {ACCOUNT: {"mentioned_comment": COMMENT}})

    assert clues.follow(now=NOON + clues.SOON - MINUTE / 2) == 0
    assert clues.follow(now=NOON + clues.SOON) == 1


def test_what_the_platform_refuses_to_tell_is_set_aside_and_comes_back_when_read_again(account, platform):
    platform.says(NOT_OURS)
    mentioned()

    clues.follow(now=NOON)

    kept = UnhandledEvent.objects.get()
    assert (kept.channel, kept.reason) == (account, "unrecognised")
    assert Delivery.objects.get().outcome == "partly"
    Delivery.objects.update(processed_at=None, try_at=NOON)
    intake.drain(now=NOON)
    assert Clue.objects.exists()
    assert not UnhandledEvent.objects.exists()


def test_nobody_follows_what_is_not_due_or_of_a_page_that_is_disconnected(account):
    mentioned()
    assert clues.follow(now=NOON - MINUTE) == 0
    Channel.objects.update(disconnected_at=NOON)
    assert clues.follow(now=NOON) == 0
    assert Clue.objects.exists()
