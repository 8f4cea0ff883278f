from dataclasses import fields, replace

import pytest
from django.utils import translation

from inbox import waits
from inbox.desk.rows import Chip, Row, draw
from inbox.intake import messages, record_own
from inbox.models import Conversation
from inbox.platforms.base import Moderated, Moderation, Removed
from tests.factories import HOUR, MINUTE, NOON, make_channel, make_conversation, make_member, make_message, make_waiting
from tests.inbox.wire import messenger, take_in

pytestmark = pytest.mark.django_db


def row_of(conversation, now=NOON, **fields):
    return Row.of(conversation, **({"query": "", "is_open": False, "now": now} | fields))


def test_a_row_that_shows_the_same_is_not_drawn_again():
    conversation = make_waiting()
    draw.cache_clear()

    draw(row_of(conversation))
    draw(row_of(conversation))

    assert draw.cache_info().misses == 1


def test_everything_that_a_row_shows_makes_it_another(place):
    conversation = make_waiting()
    row = row_of(conversation)
    member = make_member(conversation.organization)
    conversation.assignee = member

    assert row_of(conversation) != row
    assert row_of(conversation, now=NOON + MINUTE) != row
    with translation.override("fr-ca"):
        assert row_of(conversation) != row_of(conversation, is_open=True)
        assert row_of(conversation).language == "fr-ca"


def test_what_is_written_in_a_row_is_escaped():
    html = draw(row_of(make_waiting(text="<script>alert(1)</script>")))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_drawing_takes_nothing_from_elsewhere():
    row = row_of(make_waiting())
    assert {field.name for field in fields(Chip)} == {"state", "runs", "warn_at", "due_at", "icon", "words"}

    assert draw(replace(row, name="Zoé Exemple")) != draw(row)


@pytest.mark.parametrize(
    ("rating", "said"),
    [
        ("1", "1 star out of 5"),
        ("5", "5 stars out of 5"),
        ("positive", "recommends"),
        ("negative", "does not recommend"),
    ],
)
def test_what_a_review_gives_is_said_in_words(rating, said):
    conversation = make_conversation(make_channel(platform="google"), kind="review")
    make_message(conversation, text="", rating=rating)

    html = draw(row_of(conversation))

    assert said in html
    assert "without a comment" in html


def test_a_review_that_was_taken_back_gives_nothing_any_more():
    conversation = make_conversation(make_channel(platform="google"), kind="review")
    message = make_message(conversation, rating="1")
    messages.remove(message, Removed(platform="google", channel_id="", external_id=message.external_id), at=NOON)
    messages.changed(message, now=NOON)
    conversation.refresh_from_db()

    assert row_of(conversation).rating == ""


def test_a_comment_that_the_public_does_not_see_yet_says_so_until_it_is_decided():
    conversation = make_conversation(make_channel(platform="wordpress"))
    message = make_message(conversation, moderation="pending")
    assert "to be published" in draw(row_of(conversation))

    for state in (Moderation.APPROVED, Moderation.REJECTED):
        event = Moderated(platform="wordpress", channel_id="", external_id=message.external_id, state=state)
        messages.moderate(message, event, at=NOON + MINUTE)
        messages.changed(message, now=NOON)
        conversation.refresh_from_db()
        assert not conversation.unpublished


# --- a badge and the words beside it ----------------------------------------------------------------------


def talk(place, *told):
    """A conversation in which somebody said these words, one a minute, each as it would arrive."""
    page = make_channel(place, external_id="100200300400500")
    for number, text in enumerate(told):
        at = NOON + number * MINUTE
        take_in(messenger(page, f"m_{number}", at, text=text), at=at)
    return Conversation.objects.get()


HARM = "J’ai des vomissements depuis que je prends Ozempic"


@pytest.mark.parametrize(
    ("told", "elsewhere"),
    [([HARM], False), (["Bonjour", HARM], True), ([HARM, "Êtes-vous ouverts?"], False), (["Bonjour"], False)],
)
def test_a_badge_of_other_words_than_those_shown_says_so(place, told, elsewhere):
    conversation = talk(place, *told)
    html = draw(row_of(conversation))

    assert conversation.preview == told[0]
    assert ("also: " in html) is elsewhere
    assert ("on another message" in html) is elsewhere
    waits.settle(conversation, now=NOON + HOUR)  # drawn anew it is the same
    conversation.refresh_from_db()
    assert conversation.badge_elsewhere is elsewhere


def test_once_it_is_answered_the_last_words_are_shown_and_the_badge_of_the_first_says_so(place, ana):
    conversation = talk(place, HARM, "J’appelle.")
    record_own(conversation, external_id="m_9", text="Appelez-nous", sent_at=NOON + HOUR, now=NOON + HOUR, by=ana)
    conversation.refresh_from_db()

    assert conversation.preview == "J’appelle."
    assert "also: Adverse event" in draw(row_of(conversation))
