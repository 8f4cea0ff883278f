import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.access import Role
from inbox import conversations, waits
from inbox.models import MessageVersion
from inbox.views.desk import talk
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    make_channel,
    make_conversation,
    make_location,
    make_member,
    make_message,
    make_post,
    make_waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(place):
    return make_waiting(make_channel(place), at=timezone.now() - 2 * HOUR)


PAGES = ["/inbox/{}/", "/inbox/{}/timer/"]


@pytest.mark.parametrize("address", PAGES)
def test_nobody_from_outside_learns_that_it_exists(sign_in, outsider, waiting, address):
    assert sign_in(outsider).get(address.format(waiting.pk)).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_nor_does_staff_of_another_location(sign_in, place, waiting, address):
    elsewhere = make_member(place.organization, locations=[make_location(place.organization)])

    assert sign_in(elsewhere).get(address.format(waiting.pk)).status_code == 404


def test_the_page_shows_list_and_conversation_and_its_part_only_the_conversation(sign_in, ana, waiting):
    client = sign_in(ana)

    page = client.get(f"/inbox/{waiting.pk}/")
    part = client.get(f"/inbox/{waiting.pk}/", headers={"HX-Request": "true", "HX-Target": "conversation"})

    assert f'id="row-{waiting.pk}"' in page.text
    assert 'id="conversation"' in page.text
    assert "<html" not in part.text
    assert f'id="row-{waiting.pk}"' not in part.text
    assert "HX-Target" in page["Vary"]


def test_without_script_the_composer_is_a_link_away(sign_in, ana, ben, waiting):
    address = f'href="/conversations/{waiting.pk}/reply/"'

    assert address in sign_in(ana).get(f"/inbox/{waiting.pk}/").text
    assert address not in sign_in(ben).get(f"/inbox/{waiting.pk}/").text  # compliance reads, and does not answer


def test_the_number_of_queries_does_not_follow_the_number_of_messages(sign_in, ana, waiting, django_assert_max_num_queries):
    for number in range(15):
        message = make_message(waiting, at=NOON + number * MINUTE, settle=False, edited_at=NOON)
        MessageVersion.objects.create(message=message, text=str(number), written_at=NOON)
        conversations.add_note(waiting, "n", by=ana, now=NOON)
    client = sign_in(ana)
    client.get(f"/inbox/{waiting.pk}/")

    with django_assert_max_num_queries(17):
        client.get(f"/inbox/{waiting.pk}/")

    waits.exclude(waiting.waits.get(), reason="A test of ours", by=ana, now=timezone.now())
    with django_assert_max_num_queries(17):
        client.get(f"/inbox/{waiting.pk}/")


def test_messages_stand_in_order_under_their_day(place, ana):
    conversation = make_conversation(make_channel(place))
    second = make_message(conversation, at=NOON, text="b", settle=False)
    first = make_message(conversation, at=NOON - DAY, text="a", settle=False)

    days = talk.read(conversation, by=ana, everything=False).days

    assert [[turn.message.pk for turn in day.turns] for day in days] == [[first.pk], [second.pk]]


def test_an_answer_further_up_is_named(place, ana):
    conversation = make_conversation(make_channel(place))
    root = make_message(conversation, at=NOON, settle=False)
    second = make_message(conversation, at=NOON + MINUTE, settle=False, parent_id=root.external_id)
    make_message(conversation, at=NOON + 2 * MINUTE, settle=False, parent_id=root.external_id)
    make_message(conversation, at=NOON + 3 * MINUTE, settle=False, parent_id=second.external_id)

    turns = talk.read(conversation, by=ana, everything=False).days[0].turns

    assert [turn.nested for turn in turns] == [False, True, True, True]
    assert [turn.answers for turn in turns] == [None, None, None, second]  # under a comment, all answer that comment


def test_an_edited_message_shows_how_it_read_before(sign_in, ana, waiting):
    message = waiting.messages.get()
    message.text, message.edited_at = "After", NOON
    message.save()
    MessageVersion.objects.create(message=message, text="Before", written_at=NOON - HOUR, original=True)
    MessageVersion.objects.create(message=message, text="After", written_at=NOON)

    text = sign_in(ana).get(f"/inbox/{waiting.pk}/").text

    assert "<blockquote>Before</blockquote>" in text
    assert "<blockquote>After" not in text
    assert "1 earlier version" in text


def test_what_was_taken_back_or_hidden_says_so(sign_in, ana, waiting):
    waiting.messages.update(removed_at=NOON, text="", hidden=True)

    text = sign_in(ana).get(f"/inbox/{waiting.pk}/").text

    assert "Taken back by its author" in text
    assert "hidden on the platform" in text


def test_the_post_stands_above(sign_in, ana, place):
    channel = make_channel(place)
    waiting = make_waiting(channel, post=make_post(channel, text="La saison du rhume", permalink="https://example.com/p"))

    text = sign_in(ana).get(f"/inbox/{waiting.pk}/").text

    assert "La saison du rhume" in text
    assert 'href="https://example.com/p"' in text


def test_a_long_thread_shows_its_newest_hundred_and_the_rest_on_demand(sign_in, ana, place, monkeypatch):
    monkeypatch.setattr(talk, "SHOWN", 3)
    conversation = make_conversation(make_channel(place))
    for number in range(5):
        make_message(conversation, at=NOON + number * MINUTE, text=f"words-{number}", settle=False)
    client = sign_in(ana)

    newest, everything = client.get(f"/inbox/{conversation.pk}/").text, client.get(f"/inbox/{conversation.pk}/?messages=all").text

    assert "words-1" not in newest
    assert "words-2" in newest
    assert "Show older messages" in newest
    assert "words-0" in everything
    assert "Show older messages" not in everything


def test_the_hours_are_those_of_the_location(sign_in, ana, place, waiting):
    place.opening_hours = {day: [["09:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    place.save()

    assert "09:00–21:00" in sign_in(ana).get(f"/inbox/{waiting.pk}/").text


def test_a_timer_explains_itself(sign_in, ana, ben, place):
    waiting = make_waiting(make_channel(place), at=NOON)
    waits.flag_due(now=NOON + 19 * HOUR)
    waits.exclude(waiting.waits.get(), reason="A test of ours", by=ana, now=NOON + 20 * HOUR)

    text = strip_tags(sign_in(ben).get(f"/inbox/{waiting.pk}/timer/").text)

    assert "2026-11-23 12:00:00 + 24 h = due 2026-11-24 12:00:00" in text
    assert "First warning" in text
    assert "2026-11-24 06:00:00" in text
    assert "A test of ours" in text
    assert "Ana Exemple" in text


def test_a_timer_tells_what_happened_in_the_order_in_which_it_happened(sign_in, ana, place):
    waiting = make_waiting(make_channel(place), at=NOON)
    waits.flag_due(now=NOON + 19 * HOUR)
    make_message(waiting, at=NOON + 23 * HOUR, received_at=NOON + 23 * HOUR)
    make_message(waiting, at=NOON + HOUR, received_at=NOON + 24 * HOUR)  # we hear of it last

    text = strip_tags(sign_in(ana).get(f"/inbox/{waiting.pk}/timer/").text)

    told = [
        text.index(words)
        for words in ("Started, ", "message, 2026-11-23 13:00:00", "First warning, ", "message, 2026-11-24 11:00:00")
    ]
    assert told == sorted(told)


@pytest.mark.parametrize("page", ["", "timer/"])
def test_dates_are_copied_as_they_are_read(sign_in, ana, ben, place, page):
    """What keeps a date on one line is the element it stands in, and no character in it."""
    waiting = make_waiting(make_channel(place), at=NOON)
    conversations.add_note(waiting, "n", by=ana, now=NOON)

    text = sign_in(ben).get(f"/inbox/{waiting.pk}/{page}").text

    assert ">2026-11-23 12:00</time>" in text
    assert "\N{WORD JOINER}" not in text


# --- what the public sees, and what people give -----------------------------------------------------------


@pytest.fixture
def pharmacist(place):
    return make_member(place.organization, Role.PHARMACIST, locations=[place])


@pytest.fixture
def held(place):
    """A comment on a blog, which the public does not see yet."""
    conversation = make_conversation(make_channel(place, "wordpress"))
    make_message(conversation, moderation="pending")
    return conversation


def test_a_comment_that_waits_for_approval_is_published_or_refused_beside_it(sign_in, pharmacist, held):
    page = sign_in(pharmacist).get(f"/inbox/{held.pk}/").text

    message = held.messages.get()
    assert "to be published" in page
    assert "The public does not see it yet" in page
    for action in ("approve", "reject"):
        assert f'action="/inbox/{held.pk}/messages/{message.pk}/{action}/' in page


def test_whoever_may_not_publish_sees_that_it_waits(sign_in, ben, held):
    page = sign_in(ben).get(f"/inbox/{held.pk}/").text

    assert "to be published" in page
    assert "The public does not see it yet" not in page


def test_stars_are_said_in_words_and_the_answer_to_them_is_public(sign_in, ana, place):
    review = make_conversation(make_channel(place, "google"), kind="review")
    make_message(review, text="", rating="2")
    client = sign_in(ana)

    assert "2 stars out of 5" in client.get(f"/inbox/{review.pk}/").text
    composer = client.get(f"/conversations/{review.pk}/reply/").text
    assert "Public reply" in composer
    assert "Private message" not in composer


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "read by Google before it is published"),
        ("rejected", "refused by Google: it was no answer"),
        ("approved", None),
    ],
)
def test_what_became_of_our_answer_is_told(sign_in, ana, place, state, said):
    review = make_conversation(make_channel(place, "google"), kind="review")
    make_message(review, rating="2")
    make_message(review, direction="out", source="comptoir", moderation=state, at=NOON + HOUR)

    page = sign_in(ana).get(f"/inbox/{review.pk}/").text

    assert (said in page) if said else ("by Google" not in page)


def test_what_was_written_before_the_page_was_connected_says_so(sign_in, ana, waiting):
    said = "written before the page was connected"
    desk, address = sign_in(ana), f"/inbox/{waiting.pk}/"

    assert said not in desk.get(address).text
    waiting.messages.update(historic=True)
    assert said in desk.get(address).text


def test_what_stands_on_youtube_is_called_a_video(sign_in, ana, place):
    channel = make_channel(place, platform="youtube")
    conversation = make_waiting(channel, post=make_post(channel, kind="video"))

    page = sign_in(ana).get(conversation.get_absolute_url()).text

    assert "Our video" in page
    assert "Our post" not in page


@pytest.mark.parametrize(("platform", "words"), [("facebook", "see it on Facebook"), ("website", "see it on the website")])
def test_a_platform_that_is_no_name_stands_in_a_sentence_with_its_article(sign_in, ana, place, platform, words):
    channel = make_channel(place, platform=platform)
    conversation = make_waiting(channel, post=make_post(channel, permalink="https://example.com/p"))

    assert words in sign_in(ana).get(conversation.get_absolute_url()).text
