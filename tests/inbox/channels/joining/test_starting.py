"""What proves a connection: the first thing that somebody wrote since, and that came by the way that was set up."""

import pytest

from inbox import channels, intake
from inbox.channels.gaps import reconciliation
from inbox.channels.joining import starting
from inbox.models import Channel, Message
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel
from tests.inbox.wire import feed, own_feed, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR


@pytest.fixture
def page(shelf) -> Channel:
    return make_channel(external_id="100200300400500", connected_at=NOON)


def look(page: Channel, at=LATER) -> None:
    reconciliation.compare_now(page, now=at)
    intake.drain(now=at)
    assert Message.objects.filter(received_at=at).exists(), "something was found"


def proof(page: Channel) -> str | None:
    first = starting.first_event(page)
    assert starting.waiting([page]) == (set() if first else {page.pk})
    return first and first.external_id


def test_what_a_webhook_told_does(page):
    assert proof(page) is None

    take_in(feed(page, "1", NOON + MINUTE, message="Ouvert?"), at=NOON + MINUTE + SECOND)

    assert proof(page) == "900111_1"


def test_what_was_written_before_does_not_however_it_is_found(page, shelf):
    shelf.tells_of = set()
    shelf.put("1", NOON - DAY)

    look(page)

    assert proof(page) is None


def test_what_we_had_to_look_for_does_not_where_the_platform_should_have_told(page, shelf):
    shelf.put("1", NOON + MINUTE)
    look(page)
    assert proof(page) is None

    take_in(feed(page, "2", LATER + MINUTE, message="Ouvert?"), at=LATER + MINUTE)

    assert proof(page) == "900111_2"


def test_what_we_looked_for_does_where_the_platform_tells_nothing(page, shelf):
    shelf.tells_of = set()
    shelf.put("1", NOON + MINUTE)

    look(page)

    assert proof(page) == "900111_1"


def test_what_we_wrote_ourselves_does_not(page):
    take_in(feed(page, "1", NOON - HOUR, message="Ouvert?"), at=NOON - HOUR)
    take_in(own_feed(page, "2", NOON + MINUTE, parent="1", message="Oui."), at=NOON + MINUTE)

    assert Message.objects.filter(direction="out").exists()
    assert proof(page) is None


def test_of_a_new_token_only_what_came_with_it_does(page):
    take_in(feed(page, "1", NOON + MINUTE, message="Ouvert?"), at=NOON + MINUTE)
    channels.connect(page.location, page.platform, external_id=page.external_id, name=page.name, token="new", by=None, now=LATER)
    assert proof(page) is None

    take_in(feed(page, "2", LATER + MINUTE, message="Ouvert?"), at=LATER + MINUTE)

    assert proof(page) == "900111_2"


def test_a_page_that_was_disconnected_waits_for_nothing(page):
    Channel.objects.filter(pk=page.pk).update(disconnected_at=LATER)

    assert starting.waiting([page]) == set()


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("facebook", "Write a comment or a message on Facebook"),
        ("whatsapp", "Write a message on WhatsApp"),
        ("google", "Have a review written on Google"),
        ("website", "Write a comment on Le blogue"),
        ("wordpress", "WordPress sends nothing by itself: every 2 min"),
    ],
)
def test_whoever_connected_it_is_told_what_to_do_there(db, platform, words):
    assert words in starting.awaited(make_channel(platform=platform, name="Le blogue"))
