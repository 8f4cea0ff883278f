"""What people did without words stands below what they did it to, and makes nobody wait."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from inbox.models import Conversation, Reaction
from inbox.views.desk import talk
from tests.factories import HOUR, MINUTE, NOON, make_channel, make_message, make_post, make_waiting
from tests.inbox.platforms.contract import body_of
from tests.inbox.wire import JULIE, feed, messenger, picture, take_in

pytestmark = pytest.mark.django_db
BELOW = re.compile(r'<p class="reactions">(.*?)</p>', re.DOTALL)


@pytest.fixture
def channel(place):
    return make_channel(place)


@pytest.fixture
def waiting(channel):
    return make_waiting(channel, at=timezone.now() - 2 * HOUR, post=make_post(channel))


def react(channel, target: str, *reactions: str, first: int = 0) -> None:
    """Each of them by a person of their own."""
    for number, reaction in enumerate(reactions, first):
        Reaction.objects.create(channel=channel, target_id=target, actor_id=f"8011{number}", reaction=reaction, at=NOON)


@pytest.fixture
def page_of(sign_in, ana):
    return lambda conversation: sign_in(ana).get(f"/inbox/{conversation.pk}/").text


def heard(page: str) -> list[str]:
    """As a screen reader reads them, from above to below."""
    told = re.sub(r'<span aria-hidden="true">.*?</span>', "", page)
    return [" ".join(strip_tags(each).split()) for each in BELOW.findall(told)]


def test_those_to_the_post_stand_under_its_head_and_those_to_a_message_below_it(channel, waiting, page_of):
    answer = make_message(waiting, at=NOON, settle=False, direction="out", source="comptoir")
    react(channel, waiting.post.external_id, "like", "like", "share")
    react(channel, answer.external_id, "love")

    page = page_of(waiting)

    assert heard(page) == ["3 people reacted: like 2, share 1", "1 person reacted: love 1"]
    post, message = page.index('class="post"'), page.index(f'id="message-{answer.pk}"')
    assert [place.start() > start for place, start in zip(BELOW.finditer(page), [post, message], strict=True)] == [True, True]
    assert "❤️" in page[message:]


def test_in_french(sign_in, channel, waiting, ana):
    ana.user.language = "fr-ca"
    ana.user.save()
    react(channel, waiting.messages.get().external_id, "❤️", "love", "angry")

    page = sign_in(ana).get(f"/inbox/{waiting.pk}/", headers={"Accept-Language": "fr-CA"}).text

    assert heard(page) == ["3 personnes ont réagi : j’adore 2, en colère 1"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["love", "❤", "❤️", "LOVE"], "4 people reacted: love 4"),  # a name, or the emoji with or without its variant
        (["haha", "smile"], "2 people reacted: haha 2"),
        (["🦷"], "1 person reacted: 🦷 1"),
        (["👍🏽", "👍"], "2 people reacted: like 1, 👍🏽 1"),
        (["sad", "wow", "wow"], "3 people reacted: wow 2, sad 1"),
    ],
    ids=lambda given: str(given)[:20],
)
def test_one_kind_is_counted_once_however_it_is_spelt_and_another_shown_as_it_came(channel, waiting, page_of, given, told):
    react(channel, waiting.messages.get().external_id, *given)

    assert heard(page_of(waiting)) == [told]


def test_what_a_platform_calls_it_is_text_and_nothing_else(channel, waiting, page_of):
    react(channel, waiting.messages.get().external_id, "<script>alert(1)</script>")

    page = page_of(waiting)

    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>" in page
    assert "<script>alert(1)" not in page


def test_nothing_stands_where_it_was_taken_back_or_is_our_pages_own_or_elsewhere(channel, waiting, page_of):
    said = waiting.messages.get().external_id
    react(channel, said, "")
    Reaction.objects.create(channel=channel, target_id=said, actor_id=channel.external_id, reaction="like", at=NOON)
    react(make_channel(), said, "love")  # somebody else's page, whose ids happen to be the same

    assert heard(page_of(waiting)) == []


def test_with_what_its_author_took_back_they_go(channel, waiting, page_of):
    react(channel, waiting.messages.get().external_id, "love")
    waiting.messages.update(removed_at=NOON, text="")

    assert heard(page_of(waiting)) == []


def test_as_facebook_tells_them(channel, page_of):
    marc = {"id": "8011", "name": "Marc Fictif"}
    take_in(
        feed(channel, "1", NOON),
        feed(channel, "1", NOON + MINUTE, item="reaction", reaction_type="sorry", author=marc),
        feed(channel, "1", NOON + MINUTE, item="reaction", reaction_type="love", author=marc, comment_id=None),
        at=NOON + MINUTE,
    )

    assert heard(page_of(Conversation.objects.get())) == ["1 person reacted: love 1", "1 person reacted: sad 1"]


def test_as_linkedin_tells_them(place, page_of):
    make_channel(place, "linkedin", external_id="urn:li:organization:77001100")
    told = [body_of("linkedin", name) for name in ("comment", "like_of_post", "like_of_comment", "share_without_words")]

    take_in(*told, at=NOON, endpoint="linkedin")

    conversation = Conversation.objects.get(messages__text__startswith="Félicitations")
    assert heard(page_of(conversation)) == ["2 people reacted: like 1, share 1", "1 person reacted: like 1"]


def test_as_messenger_tells_them(place, page_of):
    page = make_channel(place, external_id="100200300400500")
    take_in(messenger(page, "m_8", NOON, text="Merci!"), body_of("facebook", "message_reaction"), at=NOON)

    assert heard(page_of(Conversation.objects.get())) == ["1 person reacted: love 1"]


def test_nobody_waits_for_an_answer_to_a_heart_nor_waits_less(channel):
    take_in(feed(channel, "1", NOON), at=NOON)
    before = picture()

    for number, who in enumerate([JULIE, {"id": channel.external_id, "name": channel.name}]):
        at = NOON + HOUR + number * MINUTE
        take_in(feed(channel, "1", at, item="reaction", reaction_type="love", author=who), at=at)

    assert Reaction.objects.count() == 2
    assert picture() == before


def test_it_is_one_question_however_many_they_are(channel, waiting, ana):
    for number in range(15):
        message = make_message(waiting, at=NOON + number * MINUTE, settle=False)
        react(channel, message.external_id, "love", "🦷", "wow")
    react(channel, waiting.post.external_id, "like")

    with CaptureQueriesContext(connection) as asked:
        shown = talk.read(waiting, by=ana, everything=False)

    assert sum('"inbox_reaction"' in query["sql"] for query in asked) == 1
    assert shown.reactions.people == 1
    assert [turn.reactions.people for day in shown.days for turn in day.turns if turn.reactions] == [3] * 15
