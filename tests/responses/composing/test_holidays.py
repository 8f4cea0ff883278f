"""What a reply may say of opening hours around a public holiday."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.locations import days
from accounts.models import SpecialDay
from inbox.views.desk.hours import week_of
from responses import replies
from responses.composing import judging, suggest, values
from responses.guard.opening import names_hours
from responses.models import Reply
from responses.replies import Refused, Unacknowledged, Words
from tests.factories import DAY, HOUR, make_channel, make_danger, make_location, make_member, make_version, make_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

CHRISTMAS = datetime(2026, 12, 25, 17, tzinfo=UTC)  # a Friday, noon in Montréal
WEEK = {day: [["09:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
HOURS = {"body_fr": "Bonjour, nous sommes là de {location_hours}.", "body_en": "Hi, we are here from {location_hours}."}
ANSWER = {"body_fr": "Bonjour, {answer}", "body_en": "Hi, {answer}", "topic": "location"}


@pytest.fixture
def place():
    return make_location(opening_hours=WEEK)


@pytest.fixture
def manager(place):
    return make_member(place.organization, "manager")


@pytest.fixture
def talk(place):
    """With somebody who still waits on Christmas Day."""
    return make_waiting(make_channel(place), at=CHRISTMAS - 8 * DAY)


def said(place, opens, hours=(), *, on=CHRISTMAS):
    SpecialDay.objects.create(location=place, date=on.date(), opens=opens, hours=list(hours))


def drawn(talk, by, words, now):
    return judging.draw(talk, words, by=by, mode="public", now=now)


def notes(drawing):
    return [found.message for found in drawing.findings if found.code == "holiday"]


@pytest.mark.parametrize(
    ("opens", "hours", "told"),
    [
        ("as_usual", [], "9:00 to 21:00"),
        ("other_hours", [["10:00", "12:00"], ["13:00", "16:30"]], "10:00 to 12:00 and 13:00 to 16:30"),
        ("closed", [], ""),
        (None, [], ""),
    ],
)
def test_the_hours_of_a_holiday_are_those_that_somebody_confirmed(place, opens, hours, told):
    if opens:
        said(place, opens, hours)

    assert values.hours_today(place, language="en", now=CHRISTMAS) == told
    assert values.hours_today(place, language="en", now=CHRISTMAS - DAY) == "9:00 to 21:00"


def test_what_was_said_of_a_day_that_is_no_holiday_wins_over_its_week_too(place):
    eve = CHRISTMAS - DAY
    said(place, "other_hours", [["09:00", "15:00"]], on=eve)

    assert values.hours_today(place, language="en", now=eve) == "9:00 to 15:00"


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/Toronto", datetime(2026, 12, 25, 5, tzinfo=UTC)),
        ("America/Vancouver", datetime(2026, 12, 25, 8, tzinfo=UTC)),
        ("America/St_Johns", datetime(2026, 12, 25, 3, 30, tzinfo=UTC)),
    ],
)
def test_a_holiday_begins_and_ends_at_the_midnights_of_the_place(place, zone, first):
    place.time_zone = zone
    place.opening_hours = WEEK | {"sat": WEEK["fri"]}

    def open_at(now):
        return values.hours_today(place, language="en", now=now) != ""

    second = HOUR / 3600
    assert [open_at(first - second), open_at(first), open_at(first + DAY - second), open_at(first + DAY)] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("opens", "why"),
    [(None, "December 25 is a public holiday (Christmas Day): opening hours to be confirmed."), ("closed", "is closed today")],
)
def test_a_template_with_the_hours_cannot_leave_on_that_day_and_says_why(place, talk, manager, opens, why):
    version = make_version(place.organization, **HOURS)
    if opens:
        said(place, opens)

    with pytest.raises(Refused) as refused:
        replies.compose(talk, by=manager, now=CHRISTMAS, words=Words(version=version))
    assert why in refused.value.problems[0]

    [offered] = suggest.suggest(talk, by=manager, mode="public", language="en", now=CHRISTMAS)
    assert why in offered.why_not


def test_many_templates_with_the_hours_cost_no_more_questions_than_one(place, talk, manager, django_assert_num_queries):
    def offer(count):
        offered = suggest.suggest(talk, by=manager, mode="public", language="en", now=CHRISTMAS)
        assert [each.usable for each in offered] == [False] * count

    make_version(place.organization, **HOURS)
    offer(1)  # what is asked once and kept
    with CaptureQueriesContext(connection) as asked:
        offer(1)
    for _more in range(3):
        make_version(place.organization, **HOURS)
    with django_assert_num_queries(len(asked)):
        offer(4)


def test_a_holiday_of_the_coming_seven_days_is_told_to_who_names_hours_and_not_a_day_sooner(place, talk, manager):
    words = Words(version=make_version(place.organization, **HOURS))

    def at(days_before):
        return notes(drawn(talk, manager, words, CHRISTMAS - days_before * DAY))

    assert at(7) == []
    [note] = at(6)
    assert note.startswith("December 25 is a public holiday (Christmas Day): opening hours to be confirmed.")
    assert len(at(1)) == 1
    assert at(0) == []  # then they cannot leave at all


@pytest.mark.parametrize("opens", ["closed", "as_usual"])
def test_nothing_is_told_once_it_is_confirmed(place, talk, manager, opens):
    said(place, opens)

    assert notes(drawn(talk, manager, Words(version=make_version(place.organization, **HOURS)), CHRISTMAS - DAY)) == []


def test_nor_of_a_holiday_on_which_it_is_closed_every_week(place, talk, manager):
    place.opening_hours = {day: hours for day, hours in WEEK.items() if day != "fri"}
    place.save()
    talk.refresh_from_db()

    assert notes(drawn(talk, manager, Words(version=make_version(place.organization, **HOURS)), CHRISTMAS - DAY)) == []


def test_who_answers_in_their_own_words_is_told_where_these_name_hours_and_sends_them_knowingly(place, talk, manager):
    version, now = make_version(place.organization, **ANSWER), CHRISTMAS - DAY
    words = Words(version=version, filled={"answer": "Nous ouvrons demain à 9 h."})

    with pytest.raises(Unacknowledged):
        replies.compose(talk, by=manager, now=now, words=words)
    assert not Reply.objects.exists()
    assert notes(drawn(talk, manager, Words(version=version, filled={"answer": "Au 12, rue du Quai."}), now)) == []

    assert replies.compose(talk, by=manager, now=now, words=words, acknowledged=True)


def test_who_answers_somebody_in_danger_is_not_held_up_by_a_holiday(place, talk, manager):
    make_danger(talk.messages.get())
    version = make_version(place.organization, **(ANSWER | {"topic": "self_harm"}))

    assert notes(drawn(talk, manager, Words(version=version, filled={"answer": "Ouvert 24 h, demain à 9 h."}), CHRISTMAS)) == []


def test_the_week_beside_a_conversation_tells_holidays_and_what_was_said_of_a_day(place):
    said(place, "closed", on=CHRISTMAS + 3 * DAY)
    SpecialDay.objects.update(reason="Inventaire")

    week = {day.date.day: day for day in week_of(place, CHRISTMAS)}

    assert (week[25].is_to_confirm, week[25].hours, week[25].note) == (True, "", "Christmas Day")
    assert (week[28].is_to_confirm, week[28].hours, week[28].note) == (False, "", "Inventaire")
    assert (week[29].is_to_confirm, week[29].hours, week[29].note) == (False, "09:00–21:00", "")


def test_the_day_is_named_as_people_say_it():
    place = make_location(opening_hours=WEEK)
    [day] = days.coming(place, datetime(2027, 1, 1, tzinfo=UTC).date(), count=1)

    assert day.to_confirm.startswith("January 1 is a public holiday")


@pytest.mark.parametrize(
    "text",
    [
        "Oui, de 9 h à 17 h.",
        "Ouvert lundi.",
        "Nous sommes fermés demain.",
        "On ferme à 21\u00a0h\u00a030.",
        "Yes, until 9 pm.",
        "We are open on Monday.",
        "Passez à 14:30.",
        "Avant midi.",
    ],
)
def test_words_that_name_hours(text):
    assert names_hours(text)


@pytest.mark.parametrize(
    "text",
    [
        "Au 12, rue du Quai.",
        "Dans 2 heures.",
        "Sous 24 h.",
        "Every 8 h.",
        "Close to the church.",
        "418 555-0142",
        "14,50 $",
        "Merci!",
    ],
)
def test_words_that_name_none(text):
    assert not names_hours(text)
