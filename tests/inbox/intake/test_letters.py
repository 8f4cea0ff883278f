"""Stored deliveries: found by their page without reading them all, and taken in once more without keeping others waiting."""

import json
import tracemalloc
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.access import Role
from inbox import channels, intake
from inbox.intake import letters
from inbox.models import Channel, Delivery, Message
from tests.factories import NOON, make_channel, make_location, make_member
from tests.inbox.wire import feed

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def page(place):
    return make_channel(place, external_id="100200300400500", name="Vieux-Quai sur Facebook")


@pytest.fixture
def admin(place):
    return make_member(place.organization, Role.ADMIN)


@pytest.fixture
def elsewhere(outsider):
    return make_channel(make_location(outsider.organization), external_id="300200300400500")


def store(body, at=NOON, endpoint="meta"):
    Delivery.objects.store(endpoint, body, signed_by="sha256", now=at)
    return Delivery.objects.order_by("-pk")[0]


def many(page, count, **fields):
    """As a database has them after a while: dead letters, unless told otherwise."""
    known = {"processed_at": NOON, "outcome": "failed", "attempts": 8, "channel_ids": [page.pk], "endpoint": "meta"} | fields
    times = {"received_at": NOON, "try_at": NOON, "signed_by": ""}
    first = Delivery.objects.count()
    bodies = (feed(page, f"{first + n}", NOON, message="Ouvert?") for n in range(count))
    rows = [Delivery(digest=f"{page.pk} {first + n}".encode(), body=body, **times | known) for n, body in enumerate(bodies)]
    return [row.pk for row in Delivery.objects.bulk_create(rows)]


# --- found by their page ----------------------------------------------------------------------------------


def test_a_delivery_is_found_by_each_page_that_it_names(page, place, elsewhere):
    other = make_channel(place, external_id="200200300400500")
    ours, theirs = (json.loads(feed(each, "1", NOON, message="Ouvert?")) for each in (page, elsewhere))
    both = store(json.dumps(ours | {"entry": ours["entry"] + theirs["entry"]}).encode())
    alone = store(feed(page, "2", NOON, message="Fermé?"))
    intake.drain(now=NOON)

    assert letters.of_channel(page) == [alone, both]
    assert letters.of_channel(elsewhere) == [both]
    assert letters.of_channel(other) == []


def test_what_waits_for_its_next_try_and_what_was_let_go(page):
    page.organization.policies.all().delete()  # so that no wait can begin
    waiting, gone = store(feed(page, "1", NOON, message="Ouvert?")), store(feed(page, "2", NOON, message="Fermé?"))
    intake.drain(now=NOON)
    Delivery.objects.filter(pk=gone.pk).update(body=b"", erased_at=NOON)

    assert letters.of_channel(page) == [waiting]


def test_what_nobody_can_read_is_found_by_the_address_that_its_site_has_to_itself(place):
    site, other = (make_channel(place, platform="website", external_id=name) for name in ("site-1", "site-2"))
    unread = store(b"not json at all", endpoint="website/site-1")
    intake.drain(now=NOON)

    assert letters.of_channel(site) == [unread]
    assert letters.of_channel(other) == []


def test_a_page_connected_later_finds_what_named_it_before(place):
    delivery = store(feed(Channel(external_id="999888777666555"), "1", NOON, message="Ouvert?"))
    intake.drain(now=NOON)

    late = make_channel(place, external_id="999888777666555")
    channels.replay_unknown(late, now=NOON)
    intake.drain(now=NOON)

    assert letters.of_channel(late) == [delivery]


def test_what_others_sent_does_not_make_the_search_longer(page, elsewhere):
    mine = many(page, 3, outcome="done")
    many(elsewhere, 3000, outcome="done")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbox_delivery")

    plan = Delivery.objects.of_channel(page.pk).filter(processed_at__isnull=False).order_by("-pk")[:100].explain()

    assert "delivery_of_channel" in plan
    assert "Seq Scan" not in plan
    assert [each.pk for each in letters.of_channel(page)] == mine[::-1]


def test_the_search_reads_no_bodies(page):
    for number in range(3):
        store(feed(page, str(number), NOON, message="é" * 1_000_000))
    intake.drain(now=NOON)

    tracemalloc.start()
    found = letters.of_channel(page)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) == 3
    assert most < 2_000_000


def test_a_part_that_was_set_aside_for_somebody_elses_page_is_none_of_ours(page, admin):
    ours = json.loads(feed(page, "1", NOON, message="Ouvert?"))
    theirs = json.loads(feed(Channel(external_id="999888777666555"), "2", NOON, message="Fermé?"))
    store(json.dumps(ours | {"entry": ours["entry"] + theirs["entry"]}).encode())
    intake.drain(now=NOON)

    assert Delivery.objects.get().outcome == "partly"
    assert not letters.dead(admin).exists()


# --- taken in once more -----------------------------------------------------------------------------------


def test_what_comes_in_is_taken_in_before_most_of_a_long_replay(page, admin, elsewhere):
    letters.replay(many(page, 120), by=admin, now=NOON)
    store(feed(elsewhere, "fresh", NOON, message="Je suis nouvelle"), at=NOON + SECOND)

    intake.drain(now=NOON + SECOND, limit=101)

    assert Message.objects.filter(channel=elsewhere).count() == 1
    assert Message.objects.filter(channel=page).count() == 100
    intake.drain(now=NOON + 3 * SECOND)
    assert Message.objects.filter(channel=page).count() == 120


def test_one_organization_replays_so_many_at_once_and_others_none_the_less(page, admin, elsewhere, outsider, monkeypatch):
    monkeypatch.setattr(letters, "AT_ONCE", 5)
    mine, theirs = many(page, 8), many(elsewhere, 2)

    assert letters.replay(mine, by=admin, now=NOON) == mine[:5]
    assert letters.replay(mine[5:], by=admin, now=NOON) == []
    assert letters.replay(theirs, by=outsider, now=NOON) == theirs
    intake.drain(now=NOON)
    assert letters.replay(mine[5:], by=admin, now=NOON) == mine[5:]


def test_asked_for_again_the_same_ones_take_no_more_room(page, admin, monkeypatch):
    monkeypatch.setattr(letters, "AT_ONCE", 5)
    mine = many(page, 5)
    letters.replay(mine, by=admin, now=NOON)

    assert letters.replay(mine, by=admin, now=NOON) == mine


def test_a_body_that_was_let_go_is_not_asked_for(page, admin):
    kept, gone = many(page, 2)
    Delivery.objects.filter(pk=gone).update(body=b"", erased_at=NOON)

    assert letters.replay([gone, kept], by=admin, now=NOON) == [kept]


def test_those_that_fail_again_let_the_others_have_their_turn(page, admin, monkeypatch):
    monkeypatch.setattr(letters, "AT_ONCE", 2)
    stubborn, others = many(page, 2, processed_at=NOON + SECOND), many(page, 2)

    assert letters.to_retry(admin) == others
    assert stubborn[0] not in letters.to_retry(admin)


def test_who_asks_for_too_many_is_told_to_wait(page, admin, sign_in, monkeypatch):
    monkeypatch.setattr(letters, "AT_ONCE", 2)
    desk, mine = sign_in(admin), many(page, 3)
    desk.post(reverse("channels:replay_all"))

    answer = desk.post(reverse("channels:replay", args=[mine[2]]), follow=True)

    assert "So many are being taken in again already" in answer.text
    assert Delivery.objects.get(pk=mine[2]).processed_at == NOON
