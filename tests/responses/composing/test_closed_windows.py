"""What the composer says where a platform no longer lets us write."""

import pytest

from responses.composing import judging
from responses.replies import Words
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    make_channel,
    make_conversation,
    make_message,
    make_post,
    make_version,
    make_waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def problems(platform, place, by, *, after):
    return stands_in_the_way(make_waiting(make_channel(place, platform=platform), kind="message"), by, "private", after=after)


def stands_in_the_way(conversation, by, mode, *, after=MINUTE):
    version = make_version(conversation.organization)
    words = Words(version=version, language="fr", filled={"answer": "oui.", "first_name": "Julie"})
    return judging.draw(conversation, words, by=by, mode=mode, now=NOON + after).problems


def comment(place, platform="instagram", post="", **fields):
    channel = make_channel(place, platform=platform)
    return make_waiting(channel, post=make_post(channel, kind=post), **fields)


@pytest.mark.parametrize(("platform", "days"), [("facebook", 7), ("whatsapp", 1)])
def test_a_window_is_open_up_to_its_last_second(platform, days, place, ana):
    assert problems(platform, place, ana, after=days * DAY - SECOND) == []


def test_a_closed_window_says_so(place, ana):
    (problem,) = problems("facebook", place, ana, after=7 * DAY)
    assert problem.startswith("The time in which the platform lets us write to this person is over.")


def test_once_whatsapp_is_closed_our_templates_are_not_its_own(place, ana):
    (problem,) = problems("whatsapp", place, ana, after=DAY)
    assert problem.endswith("those of Comptoir are not among them.")


def test_an_instagram_comment_that_is_hidden_takes_no_public_answer_until_it_is_shown(place, ana):
    conversation = comment(place)
    conversation.messages.update(hidden=True)

    (problem,) = stands_in_the_way(conversation, ana, "public")
    assert problem.startswith("This comment is hidden")
    assert stands_in_the_way(conversation, ana, "private") == []

    conversation.messages.update(hidden=False)
    assert stands_in_the_way(conversation, ana, "public") == []


def test_an_answer_stands_under_the_comment_that_began_the_thread_whoever_wrote_it(place, ana):
    first = comment(place)
    second = make_conversation(first.channel, thread_id=first.thread_id)
    make_message(second, external_id="another")
    first.messages.update(hidden=True)

    assert stands_in_the_way(second, ana, "public") != []


def test_a_hidden_comment_of_facebook_takes_an_answer(place, ana):
    conversation = comment(place, "facebook")
    conversation.messages.update(hidden=True)

    assert stands_in_the_way(conversation, ana, "public") == []


def test_what_was_said_in_a_live_video_of_instagram_is_answered_in_private_as_long_as_one_may_last(place, ana):
    conversation = comment(place, post="live")

    assert stands_in_the_way(conversation, ana, "private", after=4 * HOUR - SECOND) == []
    (problem,) = stands_in_the_way(conversation, ana, "private", after=4 * HOUR)
    assert problem.startswith("This was said in a live video")
    (problem,) = stands_in_the_way(conversation, ana, "public")
    assert problem.startswith("What is said in a live video takes no public answer.")


def test_any_other_comment_of_instagram_is_answered_in_private_for_seven_days(place, ana):
    conversation = comment(place, post="reel")

    assert stands_in_the_way(conversation, ana, "private", after=7 * DAY - SECOND) == []
    (problem,) = stands_in_the_way(conversation, ana, "private", after=7 * DAY)
    assert problem.startswith("This comment can no longer be answered in private.")
