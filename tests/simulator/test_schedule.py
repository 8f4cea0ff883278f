"""How the platforms insist, on their own clock: it is turned by an option, and what is due is sent."""

from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest

from tests.simulator.calls import FACEBOOK, LINKEDIN, graph

HOUR = 3600


@pytest.fixture
def stern(fresh, sink):
    """The platforms' own schedules, and a receiver that refuses whatever comes."""
    fresh.configure(retry_seconds="as_declared")
    sink.answers[:] = [500] * 1000
    return fresh


def tries(sim, expected):
    """How often the latest delivery was tried, once it was tried as often as expected and nothing of it is under way."""
    until = monotonic() + 10
    while monotonic() < until:
        latest = sim.deliveries()[0]
        if latest["attempts"] >= expected and (latest["waits"] > 0 or latest["dropped"]):
            break
        sleep(0.02)
    return latest["attempts"]


def test_content_is_tried_at_once_and_then_ever_more_rarely_for_a_day_and_a_half(stern):
    stern.comment(FACEBOOK, "Personne n’écoute")

    assert tries(stern, 2) == 2
    for offset, expected in ((11, 3), (80, 4), (400, 5), (HOUR, 6)):
        stern.configure(clock_offset=offset)
        assert tries(stern, expected) == expected
    offset, expected = HOUR, 6
    while not stern.deliveries()[0]["dropped"]:
        offset, expected = offset + int(stern.deliveries()[0]["waits"]) + 1, expected + 1
        stern.configure(clock_offset=offset)
        assert tries(stern, expected) == expected
    assert 36 * HOUR <= offset <= 39 * HOUR


def test_an_hour_of_failing_messages_ends_the_subscription(stern, sink):
    stern.message(FACEBOOK, "Allo ?")
    tries(stern, 2)
    offset = expected = 0
    while offset <= HOUR:
        assert graph(stern, "GET", f"{FACEBOOK}/subscribed_apps").json()["data"]
        offset, expected = offset + int(stern.deliveries()[0]["waits"]) + 1, stern.deliveries()[0]["attempts"] + 1
        stern.configure(clock_offset=offset)
        assert tries(stern, expected) == expected
    until = monotonic() + 10  # told after the failure is noted
    while graph(stern, "GET", f"{FACEBOOK}/subscribed_apps").json()["data"] and monotonic() < until:
        sleep(0.05)

    assert graph(stern, "GET", f"{FACEBOOK}/subscribed_apps").json() == {"data": []}
    before = len(stern.deliveries())
    stern.message(FACEBOOK, "Toujours là ?")
    assert len(stern.deliveries()) == before


def test_linkedin_insists_every_five_minutes(stern):
    stern.comment(LINKEDIN, "Bonjour")

    assert tries(stern, 1) == 1
    stern.configure(clock_offset=290)
    assert tries(stern, 1) == 1
    stern.configure(clock_offset=301)
    assert tries(stern, 2) == 2


def test_an_event_may_come_late_or_never(fresh, sink):
    fresh.fault("delay", value=600, count=1)
    fresh.comment(FACEBOOK, "En retard")
    fresh.fault("drop", count=1)
    fresh.comment(FACEBOOK, "Perdu")
    fresh.comment(FACEBOOK, "À l’heure")
    assert not fresh.wait(timeout=0.5)
    assert [value["message"] for value in sink.values()] == ["À l’heure"]

    fresh.configure(clock_offset=601)
    assert fresh.wait()
    assert [value["message"] for value in sink.values()] == ["À l’heure", "En retard"]


def test_a_removal_may_come_before_what_it_removes(fresh, sink, drained):
    fresh.fault("delete_first", page=FACEBOOK, count=1)
    comment = fresh.comment(FACEBOOK, "Aussitôt retiré")["id"]
    drained()
    assert sink.received == []

    fresh.remove_comment(comment)
    drained()
    assert [value["verb"] for value in sink.values()] == ["remove", "add"]


def test_under_load_meta_puts_up_to_a_thousand_into_one_post(fresh, sink, drained):
    fresh.configure(batch=1000)
    fresh.load(40, per_second=1000, pages=[FACEBOOK], seed=1)
    until = monotonic() + 30
    while fresh.load_state()["running"] and monotonic() < until:
        sleep(0.02)
    drained()

    assert len(sink.received) < 20
    assert sum(len(each.json["entry"]) for each in sink.received) == len(sink.values()) + len(sink.items())


def test_the_clock_of_the_platforms_is_in_every_time_they_tell(fresh, sink, drained):
    fresh.configure(clock_offset=86400)
    fresh.comment(FACEBOOK, "Demain")
    drained()

    told = datetime.fromtimestamp(sink.values()[0]["created_time"], UTC)
    assert timedelta(hours=23, minutes=59) < told - datetime.now(UTC) <= timedelta(days=1)
