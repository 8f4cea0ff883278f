"""Who looks after some locations only cannot take a page away from another one."""

import pytest

from accounts.access import Role
from inbox import channels
from tests.factories import NOON, make_channel, make_location, make_member

pytestmark = pytest.mark.django_db


def test_a_page_of_a_location_that_one_does_not_see_stays_there(place):
    elsewhere = make_location(place.organization)
    theirs = make_channel(elsewhere)
    boss = make_member(place.organization, Role.ADMIN, locations=[place])

    with pytest.raises(channels.AlreadyConnected):
        channels.connect(place, "facebook", external_id=theirs.external_id, name="Mine", token="x", by=boss, now=NOON)

    theirs.refresh_from_db()
    assert theirs.location == elsewhere
