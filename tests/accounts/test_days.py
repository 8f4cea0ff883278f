"""Holidays of a province, and what a location says of single days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from accounts.access import Role
from accounts.locations import days, public_holidays
from accounts.locations.days_form import DaysForm
from accounts.models import AuditEntry, Province, SpecialDay
from tests.factories import make_location, make_member

pytestmark = pytest.mark.django_db
YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def boss(place):
    return make_member(place.organization, Role.ADMIN)


@pytest.fixture
def place(db):
    return make_location(opening_hours={day: [["09:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})


@pytest.fixture
def holiday(place):
    """The first that is still to come."""
    return next(day.date for day in days.unlike_their_week(place, today(place)) if day.date > today(place))


@pytest.fixture
def save(sign_in, boss, place):
    """save(day=…) posts the form as it stands, with these fields changed."""

    def post(**changed):
        return send(sign_in(boss), place, drawn(place), **changed)

    return post


def drawn(place):
    """The fields of the page as it is now."""
    fields = [field for _day, *fields in days_form(place).rows() for field in fields]
    return {name: field.value() or "" for field in fields for name in (field.html_name, field.html_initial_name)}


def send(client, place, page, **changed):
    return client.post(reverse("accounts:location_days", args=[place.pk]), page | changed)


def redrawn(answer):
    """What the fields of an answer hold, to be sent again as they are."""
    form = answer.context["days"]
    return {name: form.data.get(name, "") for name in form.data if name != "csrfmiddlewaretoken"}


def days_form(place):
    from accounts.views.places import days_form

    return days_form(place, timezone.now())


def today(place):
    return timezone.now().astimezone(place.zone).date()


def kept():
    return [(row.opens, row.hours, row.reason) for row in SpecialDay.objects.all()]


@pytest.mark.parametrize(
    ("province", "day", "name"),
    [
        ("QC", date(2026, 6, 24), "Fête nationale du Québec"),
        ("QC", date(2026, 5, 18), "Journée nationale des patriotes"),
        ("QC", date(2026, 9, 30), None),
        ("QC", date(2026, 11, 11), None),
        ("NB", date(2026, 8, 3), "Jour du Nouveau Brunswick"),
        ("NB", date(2026, 6, 24), None),
        ("BC", date(2026, 9, 30), "Journée nationale de la vérité et de la réconciliation"),
        ("ON", date(2026, 12, 26), "Boxing Day"),
        ("NL", date(2026, 7, 1), "Fête du Canada, Jour de mémorial"),
    ],
)
def test_each_province_has_its_own_holidays(province, day, name):
    assert public_holidays.between(province, *YEAR, language="fr-ca").get(day) == name


@pytest.mark.parametrize("province", Province.values)
def test_every_province_knows_christmas_in_both_languages(province):
    christmas = date(2026, 12, 25)

    assert public_holidays.between(province, christmas, christmas, language="fr-ca") == {christmas: "Jour de Noël"}
    assert public_holidays.between(province, christmas, christmas, language="en") == {christmas: "Christmas Day"}


def test_both_ends_of_a_span_belong_to_it_also_over_the_new_year():
    found = public_holidays.between("QC", date(2026, 12, 25), date(2027, 1, 1), language="en")

    assert list(found) == [date(2026, 12, 25), date(2027, 1, 1)]
    assert not public_holidays.between("QC", date(2026, 12, 26), date(2026, 12, 31), language="en")


def test_the_first_of_a_month_is_said_as_in_french(place):
    with translation.override("fr-ca"):
        [canada] = days.coming(place, date(2027, 7, 1), count=1)
        [quebec] = days.coming(place, date(2027, 6, 24), count=1)

        assert canada.to_confirm.startswith("Le 1er juillet est férié (Fête du Canada)")
        assert quebec.to_confirm.startswith("Le 24 juin est férié (Fête nationale du Québec)")


def test_twelve_months_hold_every_holiday_once(place):
    ahead = [day.date for day in days.unlike_their_week(place, date(2026, 12, 25))]

    assert ahead[0] == date(2026, 12, 25)
    assert ahead[-1] < date(2027, 12, 25)
    assert len(ahead) == 8


def test_the_page_lists_the_holidays_of_the_coming_year_each_to_be_confirmed(sign_in, boss, place, holiday):
    page = sign_in(boss).get(reverse("accounts:location", args=[place.pk])).text

    assert f'name="opens_{holiday}"' in page
    assert "Not confirmed" in page
    assert 'id="days"' not in sign_in(boss).get(reverse("accounts:location_new")).text


def test_a_holiday_is_confirmed_changed_and_taken_back_each_in_the_trail(save, place, holiday):
    answer = save(**{f"opens_{holiday}": "closed"})
    assert answer.url == reverse("accounts:location", args=[place.pk]) + "#days"
    assert kept() == [("closed", [], "")]

    save(**{f"opens_{holiday}": "other_hours", f"hours_{holiday}": "10-12, 13 h à 16 h 30"})
    assert kept() == [("other_hours", [["10:00", "12:00"], ["13:00", "16:30"]], "")]
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.detail) == (
        "special_day.said",
        {
            "before": {"opens": "closed", "hours": "", "reason": ""},
            "after": {"opens": "other_hours", "hours": "10:00–12:00, 13:00–16:30", "reason": ""},
        },
    )

    save(**{f"opens_{holiday}": "as_usual"})  # what was written of its hours is let go with them
    assert kept() == [("as_usual", [], "")]

    save(**{f"opens_{holiday}": ""})
    assert kept() == []
    assert AuditEntry.objects.filter(action="special_day.said").count() == 4


def test_saving_without_a_change_tells_nothing(save, holiday):
    save(**{f"opens_{holiday}": "closed"})
    before = AuditEntry.objects.count()

    save()

    assert kept() == [("closed", [], "")]
    assert AuditEntry.objects.count() == before


def test_what_two_say_of_different_days_both_stands(sign_in, boss, place, holiday):
    page, client = drawn(place), sign_in(boss)
    later, stocktaking = (days_form(place).days[-1].date, holiday + timedelta(days=1))
    send(client, place, page, **{f"opens_{holiday}": "other_hours", f"hours_{holiday}": "10–12"})
    send(client, place, page, new_date=f"{stocktaking}", new_opens="closed", new_reason="Inventaire")

    assert send(client, place, page, **{f"opens_{later}": "closed"}).status_code == 302

    assert list(SpecialDay.objects.order_by("date").values_list("date", "opens")) == [
        (holiday, "other_hours"),
        (stocktaking, "closed"),
        (later, "closed"),
    ]


def test_who_changes_what_somebody_else_has_just_changed_is_told_and_saves_again_knowingly(sign_in, boss, place, holiday):
    page, client = drawn(place), sign_in(boss)
    send(client, place, page, **{f"opens_{holiday}": "other_hours", f"hours_{holiday}": "10–12"})

    refused = send(client, place, page, **{f"opens_{holiday}": "closed"})
    assert refused.status_code == 422
    assert "since you opened the page: Other hours 10:00–12:00." in refused.text
    assert [opens for opens, *_more in kept()] == ["other_hours"]

    assert send(client, place, redrawn(refused)).status_code == 302
    assert kept() == [("closed", [], "")]


def test_two_who_say_the_same_are_told_nothing(sign_in, boss, place, holiday):
    page, client = drawn(place), sign_in(boss)

    for _person in range(2):
        assert send(client, place, page, **{f"opens_{holiday}": "closed"}).status_code == 302

    assert AuditEntry.objects.filter(action="special_day.said").count() == 1


def test_a_day_that_somebody_has_taken_back_is_not_said_again_by_who_left_it_alone(sign_in, boss, save, place, holiday):
    other = holiday + timedelta(days=1)
    save(new_date=f"{other}", new_opens="closed", new_reason="Inventaire")
    page, client = drawn(place), sign_in(boss)
    send(client, place, page, **{f"opens_{other}": ""})

    assert send(client, place, page).status_code == 302
    assert kept() == []
    refused = send(client, place, page, **{f"opens_{other}": "other_hours", f"hours_{other}": "10–12"})
    assert refused.status_code == 422
    assert "since you opened the page: As its week." in refused.text


def test_days_that_were_not_sent_stand_as_they_are(sign_in, boss, save, place, holiday):
    save(**{f"opens_{holiday}": "closed"})

    assert send(sign_in(boss), place, {}).status_code == 302
    assert kept() == [("closed", [], "")]


def test_hours_are_let_go_of_where_a_day_is_closed_after_all(save, holiday):
    save(**{f"opens_{holiday}": "other_hours", f"hours_{holiday}": "10–12"})

    assert save(**{f"opens_{holiday}": "closed", f"hours_{holiday}": ""}).status_code == 302
    assert kept() == [("closed", [], "")]


def test_another_day_is_added_with_its_reason_keeps_it_and_is_taken_away(save, place, holiday):
    other = holiday + timedelta(days=1)
    save(new_date=f"{other}", new_opens="closed", new_reason="Inventaire")
    assert kept() == [("closed", [], "Inventaire")]

    save(**{f"opens_{other}": "other_hours", f"hours_{other}": "12–17"})
    assert kept() == [("other_hours", [["12:00", "17:00"]], "Inventaire")]

    save(**{f"opens_{other}": ""})
    assert kept() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"opens_{day}": "other_hours"}, "Write hours such as"),
        ({"opens_{day}": "other_hours", "hours_{day}": "9–12, 11–17"}, "overlap"),
        ({"opens_{day}": "closed", "hours_{day}": "9–12"}, "Choose “Other hours”"),
        ({"new_date": "{day}", "new_opens": "closed"}, "stands above"),
        ({"new_opens": "closed", "new_reason": "Inventaire"}, "Choose a day."),
        ({"new_date": "2020-01-01", "new_opens": "closed"}, "within the next twelve months"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(save, holiday, fields, said):
    answer = save(**{name.format(day=holiday): value.format(day=holiday) for name, value in fields.items()})

    assert answer.status_code == 422
    assert said in answer.text
    assert kept() == []


def test_the_last_day_of_the_twelve_months_may_be_chosen_and_the_one_after_not(place):
    def fits(day):
        return DaysForm(QueryDict(f"new_date={day}&new_opens=closed"), place=place, today=date(2026, 11, 24)).is_valid()

    assert (fits("2027-11-23"), fits("2027-11-24")) == (True, False)


def test_the_first_holiday_of_the_coming_month_that_is_to_confirm_is_told_for_each_place(place, django_assert_num_queries):
    noon = datetime(2026, 12, 25, 17, tzinfo=UTC)
    west = make_location(place.organization, province="BC", opening_hours=place.opening_hours)
    closed = make_location(place.organization)  # it has no week: nothing to confirm
    places = [place, west, closed]

    def told(now):
        with django_assert_num_queries(1):
            return {pk: day.date for pk, day in days.soon_to_confirm(places, now).items()}

    christmas, new_year = date(2026, 12, 25), date(2027, 1, 1)
    assert told(noon - timedelta(days=31)) == {}
    assert told(noon - timedelta(days=30)) == {place.pk: christmas, west.pk: christmas}
    SpecialDay.objects.create(location=west, date=christmas, opens="closed")
    assert told(noon) == {place.pk: christmas, west.pk: new_year}
    assert told(noon + timedelta(days=1)) == {place.pk: new_year, west.pk: new_year}


@pytest.mark.parametrize(("opens", "hours"), [("other_hours", []), ("closed", [["09:00", "12:00"]])])
def test_the_database_holds_hours_only_of_days_that_have_their_own(place, opens, hours):
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(location=place, date=YEAR[0], opens=opens, hours=hours)
