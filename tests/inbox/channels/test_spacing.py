"""Calls of which a page may make so many a second keep apart, whoever makes them; those of other pages are their own."""

import pytest

from inbox import live
from inbox.channels import calling
from tests.factories import NOON, make_channel

pytestmark = pytest.mark.django_db
LONG = 3600.0  # seconds between two calls: no slow machine takes as long


def left(channel, apart=LONG):
    with calling(channel, now=NOON) as connection:
        return connection.meter.take(apart)


def test_each_call_of_a_page_takes_the_next_place_whichever_connection_it_is_made_by():
    page = make_channel()

    assert left(page) == 0
    assert LONG - 60 < left(page) <= LONG
    assert 2 * LONG - 60 < left(page) <= 2 * LONG


def test_each_page_has_its_own():
    first, second = make_channel(), make_channel()
    left(first)

    assert left(second) == 0


def test_a_place_that_is_past_is_forgotten():
    page = make_channel()
    left(page)

    [key] = [key for key in live.redis().scan_iter("spacing:*") if page.external_id.encode() in key]
    assert 0 < live.redis().ttl(key) <= LONG


def test_a_place_farther_ahead_than_anybody_waits_is_forgotten():
    """Redis's clock was put back."""
    page = make_channel()
    left(page, LONG * 1000)
    [key] = [key for key in live.redis().scan_iter("spacing:*") if page.external_id.encode() in key]

    assert left(page, 1) == 0
    assert 0 < live.redis().pttl(key) <= 1000


def test_what_is_no_place_is_forgotten_too():
    page = make_channel()
    left(page)
    [key] = [key for key in live.redis().scan_iter("spacing:*") if page.external_id.encode() in key]
    live.redis().set(key, "nan?")

    assert left(page) == 0


def test_without_redis_each_waits_its_whole_distance(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    live.redis.cache_clear()
    try:
        assert left(make_channel(), 0.5) == 0.5
    finally:
        live.redis.cache_clear()
