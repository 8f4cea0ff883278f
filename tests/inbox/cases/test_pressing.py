"""Which case is the most pressing: by the clock that runs, page after page."""

import pytest

from inbox.cases import judging
from inbox.models import SafetyCase
from tests.factories import DAY, HOUR, NOON, make_case, make_channel, make_location, make_member, make_organization, make_waiting

pytestmark = pytest.mark.django_db


def test_the_clock_that_runs_decides_and_what_has_none_comes_last_the_newest_first():
    place = make_location(make_organization(kind="manufacturer"))
    member, channel = make_member(place.organization, "pharmacist"), make_channel(place)

    def opened(kind, at):
        return make_case(make_waiting(channel, at=at).messages.get(), kind)

    reported_old, reported_new = opened("adverse_event", NOON - 9 * DAY), opened("adverse_event", NOON - 8 * DAY)
    passed_on, device = opened("adverse_event", NOON - 3 * DAY), opened("device_incident", NOON - HOUR)
    new, defect = opened("adverse_event", NOON - 2 * HOUR), opened("product_quality", NOON - 4 * DAY)
    for case in (passed_on, defect, device):
        judging.forward(case, by=member, now=NOON)
    for case in (reported_old, reported_new):
        judging.report(case, to="health_canada", told_on=NOON.date(), reference="", by=member, now=NOON)

    expected = [new, device, passed_on, defect, reported_new, reported_old]
    rows = list(SafetyCase.objects.pressing())
    assert [case.pk for case in rows] == [case.pk for case in expected]
    for n, case in enumerate(rows):
        assert [row.pk for row in SafetyCase.objects.pressing_after(case).pressing()] == [row.pk for row in expected[n + 1 :]]
    assert {case.pk for case in SafetyCase.objects.open()} == {new.pk, device.pk, passed_on.pk}
