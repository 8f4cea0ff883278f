"""The one way to a platform: silent while it asked to wait, and attentive to what it says of its quota."""

import ast
from pathlib import Path

import pytest

from inbox import moderation
from inbox.channels import calling
from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.fetching import clues, names
from inbox.models import Clue, Contact, Delivery, Trouble
from inbox.platforms.base import Action, Reason, SendNotReached, SendRefused
from tests.factories import HOUR, MINUTE, NOON, SECOND, make_channel, make_contact, make_member, make_waiting
from tests.inbox.platforms import server
from tests.inbox.platforms.server import Saying

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
UNTIL = NOON + 7 * MINUTE
THROTTLED = {"error": {"message": "slow down", "type": "OAuthException", "code": 32}}


@pytest.fixture
def platform(settings):
    with server.running() as running:
        settings.META_GRAPH_URL = running.url
        yield running


@pytest.fixture
def throttled(platform):
    return make_channel(throttled_until=UNTIL)


# --- whoever calls --------------------------------------------------------------------------------------


def learn_names(channel, now):
    make_contact(channel, name="", ask_name_at=NOON)
    names.learn(now=now)
    return Contact.objects.filter(ask_name_at=NOON).exists()


def follow_clues(channel, now):
    delivery = Delivery.objects.create(
        endpoint="meta", digest=b"1" * 32, body=b"{}", signed_by="test", received_at=NOON, try_at=NOON
    )
    Clue.objects.create(channel=channel, external_id="900111_1", delivery=delivery, number=0, try_at=NOON)
    clues.follow(now=now)
    return Clue.objects.filter(attempts=0).exists()


def check(channel, now):
    checks.check_now(channel, now=now)
    channel.refresh_from_db()
    return channel.check_failures == 0


def compare(channel, now):
    reconciliation.compare(channel.pk, now=now)
    channel.refresh_from_db()
    return channel.list_failures == 0


def hide(channel, now):
    message = make_waiting(channel).messages.get()
    asked = moderation.ask(message.conversation, message, Action.HIDE, by=make_member(channel.organization), now=NOON)
    moderation.do(asked.pk, now=now)
    asked.refresh_from_db()
    return (asked.state, asked.attempts) == ("queued", 0)


CALLERS = [learn_names, follow_clues, check, compare, hide]


@pytest.mark.parametrize("call", CALLERS)
def test_nobody_calls_while_the_platform_asks_to_wait_and_nothing_is_given_up(platform, throttled, call):
    assert call(throttled, UNTIL - SECOND)
    assert platform.asked == []


@pytest.mark.parametrize("call", CALLERS)
def test_then_it_is_called_again(platform, throttled, call):
    call(throttled, UNTIL)
    assert platform.asked


@pytest.mark.parametrize("call", CALLERS)
def test_whoever_is_told_to_wait_makes_all_wait_and_gives_nothing_up(platform, call):
    channel = make_channel()
    platform.says(Saying(THROTTLED, 400, {"Retry-After": "420"}))

    kept = call(channel, NOON)

    channel.refresh_from_db()
    assert UNTIL < channel.throttled_until <= UNTIL + 5 * SECOND
    assert len(platform.asked) == 1
    assert kept or call is learn_names  # a name is asked for again after a while of its own
    assert not Trouble.objects.exists()


# --- what is heard ----------------------------------------------------------------------------------------


def test_a_platform_that_does_not_say_for_how_long_is_left_alone_for_a_while(platform):
    channel = make_channel()
    with pytest.raises(SendNotReached), calling(channel, now=NOON):
        raise SendNotReached(Reason.THROTTLED, "slow down")

    channel.refresh_from_db()
    assert NOON + 5 * MINUTE < channel.throttled_until <= NOON + 5 * MINUTE + 5 * SECOND


def test_what_is_heard_is_kept_whatever_becomes_of_the_call(platform):
    channel = make_channel()
    with pytest.raises(SendRefused), calling(channel, now=NOON) as connection:
        connection.meter.hear(70_000, 3 * MINUTE)
        raise SendRefused(Reason.GONE)

    channel.refresh_from_db()
    assert channel.quota_used == 32_767
    assert NOON + 3 * MINUTE < channel.throttled_until <= NOON + 3 * MINUTE + 5 * SECOND


def test_a_call_of_several_stops_at_the_first_answer_that_asks_to_wait(platform):
    usage = {"X-App-Usage": '{"call_count": 100}', "Retry-After": "60"}
    more = {"data": [], "paging": {"cursors": {"after": "a"}, "next": "more"}}
    platform.says(Saying(more, headers=usage))
    channel = make_channel(listed_at=NOON - HOUR)

    reconciliation.compare(channel.pk, now=NOON)

    channel.refresh_from_db()
    assert len(platform.asked) == 1
    assert NOON + MINUTE < channel.throttled_until <= NOON + MINUTE + 5 * SECOND


def test_another_failure_asks_nobody_to_wait(platform):
    channel = make_channel()
    with pytest.raises(SendNotReached), calling(channel, now=NOON):
        raise SendNotReached(Reason.OTHER, "nobody there", 5 * MINUTE)

    channel.refresh_from_db()
    assert channel.throttled_until is None


def test_there_is_no_other_way():
    """Whoever makes a connection of a channel has to obey and to hear: only one place makes them."""
    makers = [
        str(file.relative_to(ROOT))
        for app in ("accounts", "inbox", "responses")
        for file in sorted((ROOT / app).rglob("*.py"))
        if file.parts[len(ROOT.parts) : len(ROOT.parts) + 2] != ("inbox", "platforms")
        and any(
            isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Connection"
            for node in ast.walk(ast.parse(file.read_text()))
        )
    ]
    assert makers == ["inbox/channels/calling.py"]
