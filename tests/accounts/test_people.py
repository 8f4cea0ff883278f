import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry, Membership, Organization
from accounts.team import duty, invitations, people
from tests.factories import NOON, make_location, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.ADMIN, name="Bo Exemple")


def trail(organization):
    return list(AuditEntry.objects.filter(organization=organization).order_by("pk").values_list("action", flat=True))[1:]


def test_the_list_shows_role_locations_last_sign_in_and_second_step(sign_in, boss, ana):
    page = sign_in(boss).get(reverse("accounts:people")).content.decode()

    assert "Ana Exemple" in page
    assert "Vieux-Quai" in page
    assert "Never" in page
    assert "Off" in page


def test_the_list_costs_the_same_for_three_people_and_for_thirty(sign_in, boss, place, django_assert_max_num_queries):
    for _number in range(30):
        make_member(place.organization, locations=[place])
    client = sign_in(boss)

    with django_assert_max_num_queries(10):
        client.get(reverse("accounts:people"))


def test_a_role_and_locations_are_changed_and_told_in_the_trail(sign_in, boss, ana):
    other = make_location(ana.organization, slug="autre")
    data = {"role": "pharmacist", "locations": [other.pk]}

    answer = sign_in(boss).post(reverse("accounts:person", args=[ana.pk]), data)

    ana.refresh_from_db()
    assert answer.status_code == 302
    assert (ana.role, list(ana.locations.all())) == ("pharmacist", [other])
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor, entry.detail["before"]["role"], entry.detail["after"]["locations"]) == (
        "member.changed", boss, "staff", ["autre"],
    )  # fmt: skip


@pytest.fixture
def on_duty(boss, place):
    """A pharmacist of two locations on duty at both, at one of them with another."""
    other = make_location(place.organization, slug="autre")
    pharmacist, second = (make_member(place.organization, Role.PHARMACIST, locations=[place, other]) for _each in range(2))
    duty.put(place, [pharmacist, second], by=boss, now=NOON)
    duty.put(other, [pharmacist], by=boss, now=NOON)
    return pharmacist


def duties(member):
    return sorted(member.duties.values_list("location__slug", flat=True))


def test_who_leaves_is_on_duty_no_more_and_not_again_when_they_come_back(boss, on_duty, place):
    people.end(on_duty, by=boss, now=NOON)

    told = AuditEntry.objects.filter(action="duty.changed").order_by("-pk")
    assert (duties(on_duty), place.duties.count()) == ([], 1)
    assert (told.count(), told.first().actor, told.first().detail["after"]) == (4, boss, [])
    terms = {"role": "pharmacist", "all_locations": True, "locations": []}
    invitation, _token = invitations.invite(place.organization, email=on_duty.user.email, name="", by=boss, now=NOON, **terms)
    back = invitations.accept(invitation, user=on_duty.user, now=NOON)
    assert (back, duties(back)) == (on_duty, [])


@pytest.mark.parametrize(
    ("role", "everywhere", "left"),
    [("manager", True, []), ("pharmacist", True, ["autre", "here"]), ("pharmacist", False, ["here"])],
)
def test_a_duty_lasts_as_long_as_role_and_location_fit_it(boss, on_duty, place, role, everywhere, left):
    terms = {"role": role, "all_locations": everywhere, "locations": [place]}

    people.change(on_duty, **terms, by=boss, now=NOON)

    assert duties(on_duty) == [place.slug if slug == "here" else slug for slug in left]


def test_somebody_without_a_location_is_refused_and_nothing_is_lost(sign_in, boss, ana):
    answer = sign_in(boss).post(reverse("accounts:person", args=[ana.pk]), {"role": "manager"})

    ana.refresh_from_db()
    assert answer.status_code == 422
    assert 'value="manager" selected' in answer.content.decode()
    assert ana.role == "staff"


def test_a_location_of_another_organization_cannot_be_given(sign_in, boss, ana):
    foreign = make_location()

    answer = sign_in(boss).post(reverse("accounts:person", args=[ana.pk]), {"role": "staff", "locations": [foreign.pk]})

    assert answer.status_code == 422
    assert list(ana.locations.all()) != [foreign]


def test_an_ended_membership_loses_access_at_once(client, sign_in, boss, ana):
    client = sign_in(ana)
    assert client.get(reverse("inbox:list")).status_code == 200

    people.end(ana, by=boss, now=NOON)

    assert client.get(reverse("inbox:list")).status_code == 403
    assert "it has ended" in client.get(reverse("inbox:list")).content.decode()


def test_ending_is_told_in_the_trail_and_once(boss, ana):
    people.end(ana, by=boss, now=NOON)
    people.end(ana, by=boss, now=NOON)

    assert trail(ana.organization) == ["member.ended"]


def test_the_last_administrator_stays(boss, ana):
    with pytest.raises(people.LastAdministrator):
        people.end(boss, by=ana, now=NOON)
    with pytest.raises(people.LastAdministrator):
        people.change(boss, role="staff", all_locations=True, locations=[], by=ana, now=NOON)

    boss.refresh_from_db()
    assert boss.ended_at is None
    assert boss.role == Role.ADMIN


def test_an_administrator_of_two_may_go(boss):
    second = make_member(boss.organization, Role.ADMIN)

    people.end(second, by=boss, now=NOON)

    with pytest.raises(people.LastAdministrator):
        people.end(boss, by=second, now=NOON)


def test_an_administrator_who_ended_or_is_inactive_does_not_count(boss):
    second = make_member(boss.organization, Role.ADMIN)
    second.user.is_active = False
    second.user.save()

    with pytest.raises(people.LastAdministrator):
        people.end(boss, by=second, now=NOON)


def test_an_administrator_of_another_organization_does_not_count(boss, ana, outsider):
    with pytest.raises(people.LastAdministrator):
        people.end(boss, by=ana, now=NOON)


def test_nobody_ends_or_demotes_themselves(sign_in, boss):
    make_member(boss.organization, Role.ADMIN)
    client = sign_in(boss)

    client.post(reverse("accounts:end", args=[boss.pk]))
    answer = client.post(reverse("accounts:person", args=[boss.pk]), {"role": "staff", "all_locations": "on"})

    boss.refresh_from_db()
    assert (boss.ended_at, boss.role) == (None, Role.ADMIN)
    assert answer.status_code == 422


def test_switching_goes_only_to_ones_own_living_memberships(sign_in, ana, outsider):
    second = Organization.objects.create(name="Deuxième", slug="deuxieme")
    mine = Membership.objects.create(user=ana.user, organization=second, role=Role.ADMIN, all_locations=True)
    client = sign_in(ana)

    assert client.post(reverse("accounts:switch"), {"membership": outsider.pk}).status_code == 404
    assert client.post(reverse("accounts:switch"), {"membership": "x"}).status_code == 404
    assert client.post(reverse("accounts:switch"), {"membership": mine.pk}).status_code == 302
    assert "Deuxième" in client.get(reverse("accounts:people")).content.decode()
    Membership.objects.filter(pk=mine.pk).update(ended_at=NOON)
    assert client.post(reverse("accounts:switch"), {"membership": mine.pk}).status_code == 404
    assert client.get(reverse("accounts:people")).status_code == 403
