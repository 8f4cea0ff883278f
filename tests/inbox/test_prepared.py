"""A question that was written once, asked for different people, filters and moments."""

import pytest

from accounts.access import Role
from inbox.desk import frame, queries
from inbox.desk.queries import Filters, View
from inbox.models import Notice, prepared
from inbox.screening.by_rules.contexts import House
from tests.factories import HOUR, NOON, make_channel, make_conversation, make_location, make_member, make_waiting

pytestmark = pytest.mark.django_db


def test_each_is_answered_for_who_asks_now_and_with_what_they_ask(place):
    elsewhere = make_location(place.organization)
    here, there = make_waiting(make_channel(place), at=NOON), make_waiting(make_channel(elsewhere), at=NOON - 30 * HOUR)
    of_all, kept = make_member(place.organization), make_member(place.organization, locations=[place])

    def seen(member, now=NOON, **filters):
        return [line.pk for line in queries.page(member, Filters(**filters), after="", now=now).lines]

    for _ in range(2):  # written, then asked again
        assert seen(of_all) == [there.pk, here.pk]
        assert seen(kept) == [here.pk]
        assert seen(of_all, location=place) == [here.pk]
        assert seen(of_all, location=elsewhere) == [there.pk]
        assert seen(kept, view=View.OVERDUE) == []
        assert seen(kept, view=View.OVERDUE, now=NOON + 30 * HOUR) == [here.pk]
        assert seen(of_all, view=View.OVERDUE) == [there.pk]


def test_a_stand_in_is_nothing_that_an_expression_holds_of_its_own(place):
    """The order of what was answered negates a column, which is a multiplication by -1."""
    channel = make_channel(place)
    older, newer = make_conversation(channel, at=NOON - HOUR), make_conversation(channel, at=NOON)
    answered = queries.page(make_member(place.organization), Filters(view=View.ANSWERED), after="", now=NOON)

    assert [line.pk for line in answered.lines] == [newer.pk, older.pk]


def test_each_frame_counts_its_own_members_notices(place):
    ana, bea = make_member(place.organization), make_member(place.organization, role=Role.MANAGER, locations=[place])
    Notice.objects.create(membership=ana, kind=Notice.Kind.LATE, created_at=NOON)

    assert [frame.of(member).unread for member in (ana, bea)] == [1, 0]


def test_who_is_kept_to_no_location_asks_for_one_that_does_not_exist(place):
    nowhere = make_member(place.organization, locations=[])
    make_waiting(make_channel(place), at=NOON)

    assert prepared.kept_to(nowhere) == 1
    assert queries.page(nowhere, Filters(), after="", now=NOON).lines == []


def test_each_house_is_told_with_its_own_people(place):
    ana, bea = make_member(place.organization, name="Ana Exemple"), make_member(make_location().organization, name="Bea Exemple")

    for asked in ([ana], [bea], [ana, bea]):
        houses = House.of(member.organization_id for member in asked)
        assert {pk: house.staff for pk, house in houses.items()} == {m.organization_id: (m.user.name,) for m in asked}
    assert House.of([]) == {}
