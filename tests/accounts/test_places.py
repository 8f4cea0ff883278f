import pytest
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry, Location
from tests.factories import make_member

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Pharmacie des Pins",
    "short_name": "Les Pins",
    "time_zone": "America/Toronto",
    "phone": "418 555-0177",
    "province": "QC",
}


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.ADMIN, name="Bo Exemple")


def test_a_location_is_created_with_its_week(sign_in, boss):
    data = FIELDS | {"hours_mon": "09:00–12:00, 13:00–21:00", "hours_sat": "10-16"}

    answer = sign_in(boss).post(reverse("accounts:location_new"), data)

    made = Location.objects.get(name="Pharmacie des Pins")
    assert answer.status_code == 302
    assert (made.organization, made.slug) == (boss.organization, "les-pins")
    assert made.opening_hours == {"mon": [["09:00", "12:00"], ["13:00", "21:00"]], "sat": [["10:00", "16:00"]]}
    assert AuditEntry.objects.first().action == "location.created"


def test_two_locations_of_one_name_have_two_slugs(sign_in, boss):
    client = sign_in(boss)
    client.post(reverse("accounts:location_new"), FIELDS)
    client.post(reverse("accounts:location_new"), FIELDS)

    assert set(Location.objects.filter(short_name="Les Pins").values_list("slug", flat=True)) == {"les-pins", "les-pins-2"}


def test_hours_that_cannot_be_are_said_at_their_day_and_nothing_is_lost(sign_in, boss, place):
    data = FIELDS | {"hours_mon": "09:00–12:00, 11:00–21:00", "hours_tue": "9–17"}

    answer = sign_in(boss).post(reverse("accounts:location", args=[place.pk]), data)

    page = answer.content.decode()
    place.refresh_from_db()
    assert answer.status_code == 422
    assert "overlap" in page
    assert "9–17" in page
    assert place.name == "Pharmacie du Vieux-Quai"
    assert "<h1>Pharmacie du Vieux-Quai" in page


def test_a_change_tells_only_what_changed(sign_in, boss, place):
    data = {name: getattr(place, name) for name in ("name", "short_name", "time_zone", "address", "booking_url", "province")}

    sign_in(boss).post(reverse("accounts:location", args=[place.pk]), data | {"phone": "418 555-0199"})

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.detail) == (
        "location.changed", {"before": {"phone": "418 555-0142"}, "after": {"phone": "418 555-0199"}},
    )  # fmt: skip


def test_saving_without_a_change_tells_nothing(sign_in, boss, place):
    before = AuditEntry.objects.count()
    data = {
        name: getattr(place, name) for name in ("name", "short_name", "time_zone", "address", "booking_url", "phone", "province")
    }

    sign_in(boss).post(reverse("accounts:location", args=[place.pk]), data)

    assert AuditEntry.objects.count() == before


def test_the_hours_come_back_in_the_form_as_they_were_written(sign_in, boss, place):
    place.opening_hours = {"sun": [["10:00", "17:00"]]}
    place.save()

    page = sign_in(boss).get(reverse("accounts:location", args=[place.pk])).content.decode()

    assert 'value="10:00–17:00"' in page


def test_an_organization_is_renamed_and_the_frame_keeps_the_old_name_until_it_holds(sign_in, boss):
    client = sign_in(boss)
    before = boss.organization.name

    refused = client.post(reverse("accounts:organization"), {"name": "", "kind": "clinic", "language": "en"})
    taken = client.post(reverse("accounts:organization"), {"name": "Nouveau nom", "kind": "clinic", "language": "en"})

    boss.organization.refresh_from_db()
    assert refused.status_code == 422
    assert before in refused.content.decode()
    assert taken.status_code == 302
    assert (boss.organization.name, boss.organization.language) == ("Nouveau nom", "en")
    assert AuditEntry.objects.first().action == "organization.changed"
