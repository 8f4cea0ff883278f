from datetime import timedelta

import pytest

from inbox.channels.watching.verdict import OF_TROUBLE, Counts, judge
from inbox.models import Channel, Trouble
from tests.factories import DAY, HOUR, NOON, SECOND


def verdict(*kinds, counts=None, **known):
    channel = Channel(platform="facebook", external_id="100", name="Page", connected_at=NOON - 30 * DAY, **known)
    lasting = [Trouble(kind=kind, since=NOON - HOUR, detail=f"about {kind}") for kind in kinds]
    return judge(channel, lasting, counts or Counts(), now=NOON)


def test_a_page_of_which_nothing_is_wrong_is_fine():
    assert (verdict().tone, verdict().points, verdict().title) == ("ok", [], "Everything is fine")


@pytest.mark.parametrize("kind", [kind for kind in Trouble.Kind if kind != "down"])
def test_each_trouble_says_what_it_is_since_when_and_what_to_do(kind):
    found = verdict(kind)

    [point] = found.points
    assert found.tone == ("red" if kind in Trouble.BROKEN else "amber")
    assert (point.since, point.detail) == (NOON - HOUR, f"about {kind}")
    assert point.what
    assert point.advice
    assert kind in OF_TROUBLE


def test_what_is_broken_comes_before_what_is_worth_a_look():
    found = verdict("silent", "token_dead", counts=Counts(gaps=3))

    assert [point.tone for point in found.points] == ["red", "amber", "amber"]
    assert found.title == "This page does not work"


def test_a_problem_that_a_reply_met_is_enough():
    assert verdict(problem="token_dead").tone == "red"


@pytest.mark.parametrize("what", ["token_expires_at", "access_expires_at"])
@pytest.mark.parametrize(
    ("left", "tone"), [(14 * DAY + SECOND, "ok"), (14 * DAY, "amber"), (timedelta(0), "amber"), (-SECOND, "ok")]
)
def test_an_access_that_ends_soon_is_worth_a_look(what, left, tone):
    assert verdict(**{what: NOON + left}).tone == tone


@pytest.mark.parametrize(
    ("known", "tone"),
    [
        ({"quota_used": 74}, "ok"),
        ({"quota_used": 75}, "amber"),
        ({"throttled_until": NOON + SECOND}, "amber"),
        ({"throttled_until": NOON}, "ok"),
        ({"warnings": ["the account was flagged"]}, "amber"),
    ],
)
def test_strain_is_worth_a_look(known, tone):
    assert verdict(**known).tone == tone


@pytest.mark.parametrize(("sent", "tone"), [(562, "ok"), (563, "amber"), (750, "amber")])
def test_an_hour_of_private_replies_that_is_nearly_full_is_worth_a_look(sent, tone):
    found = verdict(counts=Counts(private=sent))

    assert found.tone == tone
    assert [str(sent) in point.what and "750" in point.what for point in found.points] == [True] * (tone == "amber")


@pytest.mark.parametrize(
    ("counts", "tone"), [(Counts(), "ok"), (Counts(gaps=1), "amber"), (Counts(failed=1), "amber"), (Counts(set_aside=5), "ok")]
)
def test_what_webhooks_missed_and_what_could_not_be_taken_in_is_worth_a_look(counts, tone):
    assert verdict(counts=counts).tone == tone
