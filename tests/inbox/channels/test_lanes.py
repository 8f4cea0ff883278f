import threading

import pytest

from inbox import lanes
from inbox.models import Channel, Delivery
from tests.factories import MINUTE, NOON, make_channel

LOOK = NOON + 30 * MINUTE


@pytest.mark.django_db
def test_a_lane_compares_every_page_of_its_platform_that_is_due(page, shelf):
    make_channel(external_id="200", list_at=NOON)
    later = make_channel(external_id="300", list_at=LOOK + MINUTE)
    shelf.put("1", NOON)

    assert lanes.work("facebook", clock=lambda: LOOK) == 2

    assert Delivery.objects.count() == 2
    assert Channel.objects.exclude(listed_at=LOOK).get() == later


@pytest.mark.django_db(transaction=True)
def test_a_platform_that_does_not_answer_holds_up_nobody_but_itself(page, shelf):
    insta = make_channel(platform="instagram", external_id="400")
    answered, release = threading.Event(), threading.Event()
    shelf.while_listing = lambda: (answered.set(), release.wait(20))

    started = lanes.start(now=LOOK)
    assert answered.wait(20)
    again = lanes.start(now=LOOK)
    [lane.join(20) for lane in started if "instagram" in lane.name]
    insta.refresh_from_db()
    release.set()
    [lane.join(20) for lane in [*started, *again]]

    assert insta.list_problem == "not_allowed"  # it was asked while the other kept silent
    page.refresh_from_db()
    assert page.list_failures == 0
    assert not any(lane.is_alive() for lane in started)
