"""Which pages come up, and in what order: one platform's after the other, beside those of the others."""

import pytest

from inbox.channels.gaps import reconciliation
from inbox.channels.watching import checks
from inbox.models import Channel
from tests.factories import MINUTE, NOON, make_channel

pytestmark = pytest.mark.django_db
LOOK = NOON + 30 * MINUTE


def test_every_page_of_a_platform_that_is_due_is_compared_and_no_other(page, shelf):
    make_channel(external_id="200", list_at=NOON)
    later = make_channel(external_id="300", list_at=LOOK + MINUTE)
    make_channel(platform="instagram", external_id="400")
    shelf.put("1", NOON)

    assert list(reconciliation.compare_due("facebook", clock=lambda: LOOK)) == [1, 1]

    assert Channel.objects.filter(platform="facebook").exclude(listed_at=LOOK).get() == later
    assert reconciliation.platforms_due(LOOK) == ["instagram"]


def test_every_page_of_a_platform_that_is_due_is_checked_and_no_other(page, shelf):
    later = make_channel(external_id="300", check_at=LOOK + MINUTE)
    make_channel(platform="instagram", external_id="400")

    assert checks.check_due("facebook", clock=lambda: LOOK) == 1

    assert Channel.objects.get(checked_at=LOOK) == page
    assert later.checked_at is None
    assert checks.platforms_due(LOOK) == ["instagram"]
