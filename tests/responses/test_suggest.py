"""Which approved words are offered, and in which order."""

import pytest

from responses import replies
from responses.composing import suggest, values
from responses.replies import Words
from tests.factories import DAY, HOUR, NOON, make_channel, make_contact, make_location, make_member, make_version, make_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def conversation(place):
    return make_waiting(make_channel(place))


def offered(conversation, *, mode="public", language="fr", **more):
    return [
        suggestion.version
        for suggestion in suggest.suggest(
            conversation, by=make_member(conversation.organization), mode=mode, language=language, now=NOON, **more
        )
    ]


def test_only_words_that_may_be_used_here_are_offered(conversation, place):
    fits = make_version(place.organization)
    make_version(place.organization, state="in_review")
    make_version(place.organization, audience="private")
    make_version(place.organization, platforms=["linkedin"])
    make_version(place.organization, expires_on=(NOON - DAY).date())
    make_version(make_location().organization)

    assert offered(conversation) == [fits]


def test_what_this_location_used_last_comes_first(conversation, place, ana):
    first = make_version(place.organization, title_fr="A")
    second = make_version(place.organization, title_fr="B")
    third = make_version(place.organization, title_fr="C")
    for version, now in [(second, NOON - HOUR), (third, NOON - DAY)]:
        replies.compose(
            make_waiting(conversation.channel), by=ana, now=now, words=Words(version=version, filled={"answer": "oui."})
        )

    assert offered(conversation) == [second, third, first]


def test_the_asked_topic_comes_before_what_was_used(conversation, place, ana):
    make_version(place.organization, title_fr="A")
    vaccine = make_version(place.organization, title_fr="B", topic="vaccine")

    assert offered(conversation, topics=["vaccine"])[0] == vaccine


@pytest.mark.parametrize("search", ["heures", "PLAISIR", "hours soon", "bonjour ouverture"])
def test_every_word_of_a_search_stands_in_title_or_text_of_either_language(conversation, place, search):
    version = make_version(place.organization)
    make_version(place.organization, title_fr="Prix", title_en="Price", body_fr="{answer}", body_en="{answer}")

    assert offered(conversation, search=search) == [version]


def test_a_template_that_lacks_a_fact_is_shown_with_the_reason(conversation, place):
    place.booking_url = ""
    place.save()
    make_version(place.organization, body_fr="Réservez : {booking_link}", body_en="Book: {booking_link}")

    [suggestion] = suggest.suggest(
        conversation, by=make_member(conversation.organization), mode="public", language="fr", now=NOON
    )

    assert not suggestion.usable
    assert "booking link" in suggestion.why_not


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "9\u00a0h à 12\u00a0h et de 13\u00a0h\u00a0à 21\u00a0h\u00a030"), ("en", "9:00 to 12:00 and 13:00 to 21:30")],
)
def test_the_hours_of_today_are_in_the_language_of_the_reply(place, language, expected):
    place.opening_hours = {"mon": [["09:00", "12:00"], ["13:00", "21:30"]]}  # NOON is a Monday

    assert values.hours_today(place, language=language, now=NOON) == expected.replace("h\u00a0à", "h à")
    assert values.hours_today(place, language=language, now=NOON + DAY) == ""


def test_the_day_is_that_of_the_location(place):
    place.opening_hours = {"mon": [["09:00", "21:00"]]}

    late = NOON.replace(hour=23)  # 18:00 in Montréal
    assert values.hours_today(place, language="en", now=late + 5 * HOUR - HOUR)
    assert not values.hours_today(place, language="en", now=late + 7 * HOUR)


def test_a_name_that_staff_corrected_wins(place):
    channel = make_channel(place)
    contact = make_contact(channel, name="Julie Exemple", first_name="Juju")

    assert values.name_of(make_waiting(channel, contact=contact)) == "Juju"
    assert values.name_of(make_waiting(channel)) == "Julie"


def test_the_likelier_topic_comes_first_and_words_for_danger_last(place, ana):
    for topic in ("self_harm", "hours", "price", "stock"):
        make_version(place.organization, topic=topic, title_en=topic)
    conversation = make_waiting(make_channel(place))

    found = suggest.suggest(
        conversation,
        by=make_member(conversation.organization),
        mode="public",
        language="en",
        now=NOON,
        topics=["self_harm", "stock", "hours"],
    )

    assert [each.version.topic for each in found] == ["stock", "hours", "price", "self_harm"]
