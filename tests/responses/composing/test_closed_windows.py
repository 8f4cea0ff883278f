"""What the composer says where a platform no longer lets us write."""

import pytest

from responses.composing import judging
from responses.replies import Words
from tests.factories import DAY, NOON, SECOND, make_channel, make_version, make_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def problems(platform, place, by, *, after):
    conversation = make_waiting(make_channel(place, platform=platform), kind="message")
    version = make_version(place.organization)
    words = Words(version=version, language="fr", filled={"answer": "oui.", "first_name": "Julie"})
    return judging.draw(conversation, words, by=by, mode="private", now=NOON + after).problems


@pytest.mark.parametrize(("platform", "days"), [("facebook", 7), ("whatsapp", 1)])
def test_a_window_is_open_up_to_its_last_second(platform, days, place, ana):
    assert problems(platform, place, ana, after=days * DAY - SECOND) == []


def test_a_closed_window_says_so(place, ana):
    (problem,) = problems("facebook", place, ana, after=7 * DAY)
    assert problem.startswith("The time in which the platform lets us write to this person is over.")


def test_once_whatsapp_is_closed_our_templates_are_not_its_own(place, ana):
    (problem,) = problems("whatsapp", place, ana, after=DAY)
    assert problem.endswith("those of Comptoir are not among them.")
