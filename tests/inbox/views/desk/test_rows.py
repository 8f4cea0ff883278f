import pytest
from django.utils import translation

from inbox import conversations, waits
from inbox.desk import lines
from inbox.desk.lines import Line
from inbox.desk.rows import draw, drawn
from inbox.intake import messages, record_own
from inbox.models import Channel, Contact, Conversation
from inbox.platforms.base import Moderated, Moderation, Removed
from tests.factories import HOUR, MINUTE, NOON, SECOND, make_channel, make_conversation, make_member, make_message, make_waiting
from tests.inbox.wire import messenger, take_in

pytestmark = pytest.mark.django_db


def line_of(conversation):
    return Line.of(lines.columns(Conversation.objects.filter(pk=conversation.pk), ended=True).get())


def row_of(conversation, now=NOON, **fields):
    return draw(line_of(conversation), now=now, **fields)


def test_a_row_that_shows_the_same_is_not_drawn_again():
    conversation = make_waiting()
    drawn.cache_clear()

    row_of(conversation, now=NOON + 5 * SECOND)
    row_of(conversation, now=NOON + 50 * SECOND)  # the timer says the same for a minute

    assert drawn.cache_info().misses == 1


def test_everything_that_a_row_shows_draws_it_anew(place):
    conversation = make_waiting(make_channel(place))
    member = make_member(conversation.organization)
    seen = {row_of(conversation)}

    def is_new(**fields):
        html = row_of(conversation, **fields)
        return html not in seen and not seen.add(html)

    assert is_new(now=NOON + MINUTE)
    assert is_new(is_open=True)
    assert is_new(query="?view=mine")
    with translation.override("fr-ca"):
        assert is_new()
    conversations.assign(conversation, member, by=member, now=NOON)
    assert is_new()
    Contact.objects.update(name="Zoé Exemple")
    assert is_new()
    Channel.objects.update(problem="token")
    assert is_new()
    place.short_name = "Ailleurs"
    place.save()
    assert is_new()


def test_what_is_written_in_a_row_is_escaped():
    html = row_of(make_waiting(text="<script>alert(1)</script>"))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


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

    html = row_of(conversation)

    assert said in html
    assert "without a comment" in html


def test_a_review_that_was_taken_back_gives_nothing_any_more():
    conversation = make_conversation(make_channel(platform="google"), kind="review")
    message = make_message(conversation, rating="1")
    messages.remove(message, Removed(platform="google", channel_id="", external_id=message.external_id), at=NOON, now=NOON)
    messages.changed(message, now=NOON)
    conversation.refresh_from_db()

    assert line_of(conversation).rating == ""


def test_a_comment_that_the_public_does_not_see_yet_says_so_until_it_is_decided():
    conversation = make_conversation(make_channel(platform="wordpress"))
    message = make_message(conversation, moderation="pending")
    assert "to be published" in row_of(conversation)

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
    html = row_of(conversation)

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
    assert "also: Adverse event" in row_of(conversation)
