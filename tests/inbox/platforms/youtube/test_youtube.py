"""What is asked of YouTube and what is made of its answers; units that are counted, and some of them left to people's answers."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Author,
    Cost,
    Deed,
    Difference,
    Event,
    Kind,
    Moderation,
    Outgoing,
    OwnTurn,
    PostSeen,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
)
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND
from tests.inbox.platforms.contract import FIXTURES, JSON, fuzz, mutations
from tests.inbox.platforms.server import Saying
from tests.inbox.platforms.youtube.studio import OURS, TITLE, events, many, refused, thread, youtube

ROOT = "UgxRoot000000000000000AaABAg"
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
WHO = {"platform": "youtube", "channel_id": OURS, "kind": Kind.COMMENT}
VIDEO = PostSeen("vid00000001", text=TITLE, permalink="https://www.youtube.com/watch?v=vid00000001", kind="video")
RECEIVED = Received(
    **WHO,
    external_id=ROOT,
    thread=ROOT,
    text="Très utile ! Et pour les enfants ?",
    at=AT,
    post=VIDEO,
    author=Author("UCjulieexemple0000000001", "@julieexemple"),
    moderation=Moderation.APPROVED,
)
OWN = OwnTurn(**WHO, external_id=f"{ROOT}.9aaOurs", thread=ROOT, parent=ROOT, text="Oui, dès six ans.", at=AT + HOUR, post=VIDEO)
ANSWER = replace(
    RECEIVED,
    external_id=f"{ROOT}.9aaMarc",
    parent=ROOT,
    text="Merci, moi aussi.",
    at=AT + 30 * MINUTE,
    author=Author("UCmarcexemple00000000001", "@marcexemple"),
)
EVENTS: dict[str, list[Event]] = {
    "published": [RECEIVED],
    "edited": [RECEIVED],
    "held": [replace(RECEIVED, moderation=Moderation.PENDING)],
    "spam": [],
    "answered": [RECEIVED, OWN, ANSWER],
    "answer_held": [RECEIVED, replace(ANSWER, text="Voir http://exemple.example", moderation=Moderation.PENDING)],
    "own": [replace(RECEIVED, external_id=f"{ROOT}.9aaJulie", parent=ROOT, text="Êtes-vous ouverts lundi ?")],
    "of_another_channel": [replace(RECEIVED, post=replace(VIDEO, kind="mention"), moderation=Moderation.NONE)],
    "without_author": [replace(RECEIVED, text="Très utile !", author=None)],
    "without_video": [replace(RECEIVED, post=None)],
}
HELD = ("held", "answer_held")  # what the list of what is held for review shows


# --- reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_a_thread_says_what_youtube_tells(studio, channel, name):
    (studio.held if name in HELD else studio.published).append(thread(name))
    assert events(channel) == EVENTS[name]


def test_every_fixture_is_tested():
    assert sorted(path.stem for path in (FIXTURES / "youtube").glob("*.json")) == sorted(EVENTS)


def test_what_is_held_without_saying_so_is_known_by_the_list_it_stands_in(studio, channel):
    held = thread("held")
    held["snippet"]["topLevelComment"]["snippet"].pop("moderationStatus")
    studio.held = [held]

    assert events(channel) == EVENTS["held"]


def test_a_thread_that_stands_in_both_lists_is_read_once(studio, channel):
    studio.published, studio.held = [thread("published")], [thread("answer_held")]
    assert events(channel) == EVENTS["answer_held"]


def test_no_picture_of_anybody_is_asked_for_or_kept(studio, channel):
    studio.published = [thread("answered")]

    items = list(youtube.listing(channel, NOON - DAY, []))

    assert "ggpht" not in str(items)
    assert not [asked for asked in studio.server.asked if "authorProfileImageUrl" in asked.query.get("fields", "")]
    assert all(asked.query["fields"] for asked in studio.server.asked if asked.path != "/token")


def test_threads_are_asked_for_as_the_reference_says(studio, channel):
    events(channel)

    first, second = studio.asked("commentThreads")
    assert first.query | {"fields": ""} == {
        "part": "snippet,replies",
        "allThreadsRelatedToChannelId": OURS,
        "textFormat": "plainText",
        "maxResults": "100",
        "order": "time",
        "moderationStatus": "published",
        "fields": "",
    }
    assert second.query == first.query | {"moderationStatus": "heldForReview"}


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_every_page_is_read(studio, channel, count):
    studio.published = many(count)
    assert len(events(channel)) == count


def test_the_list_is_left_where_a_whole_page_is_older_than_asked_for(studio, channel):
    studio.published = many(1000, apart=HOUR)

    assert len(events(channel, NOON - 48 * HOUR)) == 49
    assert len(studio.asked("commentThreads")) == 3, "two pages of what is published, one of what is held"


def test_an_empty_page_before_the_last_is_not_the_end(studio, channel):
    pages = {"published": Saying({"items": [], "nextPageToken": "1"}), "heldForReview": Saying({"items": []})}
    studio._get_commentThreads = lambda asked: (
        Saying({"items": [thread("published")]}) if "pageToken" in asked.query else pages[asked.query["moderationStatus"]]
    )

    assert events(channel) == [RECEIVED]


def test_a_new_answer_in_an_old_thread_is_read_and_the_old_is_not(studio, channel):
    studio.published = [thread("answered")]
    assert events(channel, AT + 45 * MINUTE) == [OWN]


def test_answers_that_a_thread_does_not_show_are_asked_for(studio, channel):
    whole = thread("answered")
    studio.answers = whole["replies"]["comments"] + [
        whole["replies"]["comments"][1] | {"id": f"{ROOT}.{number}"} for number in range(130)
    ]
    whole["snippet"]["totalReplyCount"] = 132
    studio.published = [whole]

    assert len(events(channel)) == 133
    assert [asked.query["parentId"] for asked in studio.asked("comments")] == [ROOT, ROOT]


def test_titles_are_asked_for_once_a_look(studio, channel):
    studio.published = many(150)
    events(channel)
    assert len(studio.asked("videos")) == 1


def test_a_list_without_end_says_nothing(studio, channel):
    studio.refuses["commentThreads"] = Saying({"items": [thread("published")], "nextPageToken": "again"})
    with pytest.raises(SendNotReached):
        events(channel)


def test_a_comment_is_looked_for_by_its_id_and_may_be_gone(studio, channel):
    studio.published = [thread("published")]

    item = youtube.look(ROOT, Kind.COMMENT, channel)

    assert item is not None
    told = replace(RECEIVED, post=replace(VIDEO, text=""), moderation=Moderation.NONE)
    assert list(youtube.read_listed(OURS, item)) == [told]
    assert youtube.look("Ugelse", Kind.COMMENT, channel) is None
    studio.refuses["comments"] = refused("commentNotFound", 404)
    assert youtube.look(ROOT, Kind.COMMENT, channel) is None
    studio.refuses["comments"] = refused("forbidden")
    with pytest.raises(SendRefused):
        youtube.look(ROOT, Kind.COMMENT, channel)


def test_nothing_is_told_by_a_webhook():
    assert not any(youtube.tells(Kind.COMMENT, difference) for difference in Difference)


@fuzz
@given(st.data())
def test_any_comment_is_read_or_unreadable(data):
    sample = thread("answered")["replies"]["comments"][1] | {"owner": "UCelse", "title": "Une vidéo"}
    item = data.draw(mutations(sample) | st.dictionaries(st.text(max_size=8), JSON))
    with suppress(wire.Unreadable):
        assert all(
            isinstance(event, Event) for event in youtube.read_listed(OURS, wire.clean(item) if isinstance(item, dict) else {})
        )


@pytest.mark.parametrize(
    "typed", [OURS, f" {OURS} ", f"https://www.youtube.com/channel/{OURS}", f"studio.youtube.com/channel/{OURS}/x"]
)
def test_the_identifier_is_found_in_what_was_pasted(typed):
    assert youtube.identifier(typed) == OURS


# --- writing -------------------------------------------------------------------------------------------

REPLY = Outgoing(kind=Kind.COMMENT, thread=ROOT, text="Oui, dès six ans.", correlation="8f3a", reply_to=f"{ROOT}.9aaMarc")


def test_an_answer_stands_under_the_first_comment_of_its_thread(studio, channel):
    assert youtube.send(REPLY, channel) == Sent(f"{ROOT}.0", NOON + 4 * SECOND)

    (asked,) = studio.asked("comments")
    assert (asked.method, asked.query) == ("POST", {"part": "snippet"})
    assert asked.json == {"snippet": {"parentId": ROOT, "textOriginal": "Oui, dès six ans."}}


def test_where_no_answer_is_taken_none_is_tried(studio, channel):
    studio.takes_answers = False
    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)
    assert (no.value.reason, studio.asked("comments")) == (Reason.NOT_ALLOWED, [])


def test_an_answer_without_a_clear_outcome_is_uncertain(studio, channel):
    for saying in (Saying(status=500), Saying({}), Saying(cut=True)):
        studio.refuses["comments"] = saying
        with pytest.raises(SendUncertain):
            youtube.send(REPLY, channel)


def test_it_is_found_among_the_answers_of_its_thread(studio, channel):
    studio.answers = thread("answered")["replies"]["comments"]
    assert youtube.find_sent(REPLY, channel, AT) == Sent(f"{ROOT}.9aaOurs", AT + HOUR)
    assert youtube.find_sent(REPLY, channel, AT + 2 * HOUR) is None, "said before"
    assert youtube.find_sent(replace(REPLY, text="Merci, moi aussi."), channel, AT) is None, "said by somebody else"


@pytest.mark.parametrize("message", [replace(REPLY, kind=Kind.MESSAGE), replace(REPLY, private_to=ROOT)])
def test_youtube_carries_no_private_messages(studio, channel, message):
    for call in (youtube.send, lambda *args: youtube.find_sent(*args, NOON)):
        with pytest.raises(SendRefused):
            call(message, channel)
    assert studio.server.asked == []


def test_an_answer_that_is_too_long_does_not_leave(studio, channel):
    with pytest.raises(SendRefused) as no:
        youtube.send(replace(REPLY, text="é" * 10_001), channel)
    assert (no.value.reason, studio.server.asked) == (Reason.TOO_LONG, [])


REFUSALS = [
    (401, "authError", Reason.TOKEN_DEAD),
    (403, "forbidden", Reason.PERMISSION),
    (403, "insufficientPermissions", Reason.PERMISSION),
    (403, "ineligibleAccount", Reason.UNVERIFIED),
    (403, "commentsDisabled", Reason.NOT_ALLOWED),
    (400, "operationNotSupported", Reason.NOT_ALLOWED),
    (400, "parentCommentIsPrivate", Reason.NOT_ALLOWED),
    (400, "processingFailure", Reason.INVALID),
    (400, "commentTextTooLong", Reason.TOO_LONG),
    (404, "parentCommentNotFound", Reason.GONE),
    (404, "commentNotFound", Reason.GONE),
    (403, "channelSuspended", Reason.ACCOUNT_LOCKED),
    (418, "tea", Reason.OTHER),
]


@pytest.mark.parametrize(("status", "reason", "meant"), REFUSALS)
def test_a_refusal_has_a_reason_and_youtubes_own_words(studio, channel, status, reason, meant):
    studio.refuses["comments"] = refused(reason, status, 'You may not. See the <a href="/x">docs</a>.')
    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)
    assert no.value.reason is meant
    assert no.value.detail.startswith("You may not.")
    assert no.value.detail.endswith(reason)


@pytest.mark.parametrize("data", [{}, {"error": []}, {"error": {"errors": [3]}}, {"error": {"errors": [{"reason": []}]}}])
def test_a_refusal_in_any_form_is_one(studio, channel, data):
    studio.refuses["comments"] = Saying(data, 403)
    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)
    assert no.value.reason is Reason.PERMISSION


@pytest.mark.parametrize(("saying", "pause"), [(refused("rateLimitExceeded"), MINUTE), (Saying({}, 429), MINUTE)])
def test_too_fast_is_to_wait_a_little(studio, channel, saying, pause):
    studio.refuses["comments"] = saying
    with pytest.raises(SendNotReached) as later:
        youtube.send(REPLY, channel)
    assert (later.value.reason, later.value.retry_after) == (Reason.THROTTLED, pause)


@pytest.mark.parametrize(
    ("date", "pause"),
    [
        ("Mon, 23 Nov 2026 17:00:05 GMT", 15 * HOUR - 5 * SECOND),  # 9:00:05 in California
        ("Mon, 23 Nov 2026 07:59:59 GMT", SECOND),
        ("Sun, 08 Mar 2026 08:30:00 GMT", 22 * HOUR + 30 * MINUTE),  # the day that lasts 23 hours there
    ],
)
def test_when_the_days_units_are_used_up_it_waits_for_midnight_in_california(studio, channel, date, pause):
    saying = refused("quotaExceeded")
    saying.headers["Date"] = date
    studio.refuses["comments"] = saying
    with pytest.raises(SendNotReached) as later:
        youtube.send(REPLY, channel)
    assert (later.value.reason, later.value.retry_after) == (Reason.THROTTLED, pause)


# --- units ---------------------------------------------------------------------------------------------


def test_a_look_tells_how_much_of_the_day_was_spent(studio, channel):
    channel = replace(channel, allowance=100)
    youtube.send(REPLY, channel)  # one unit to ask, fifty to write
    studio.published = [thread("published")]

    events(channel)

    assert channel.meter.used == 54, "and three for two lists and a title"
    assert channel.meter.pause == timedelta(0)


def test_looking_leaves_the_rest_of_the_day_to_answers(studio, channel):
    channel = replace(channel, allowance=170)
    for _time in range(3):
        youtube.send(REPLY, channel)
    studio.published = many(1400)

    with pytest.raises(SendNotReached) as stopped:
        events(channel)

    assert stopped.value.reason is not Reason.THROTTLED, "answers need not wait"
    assert channel.meter.used == 95
    assert youtube.send(REPLY, channel)


def test_at_midnight_in_california_the_count_begins_anew(studio, channel):
    studio.refuses["comments"] = empty = Saying({"items": []})
    spent = []
    for date in ("Tue, 24 Nov 2026 07:58:00 GMT", "Tue, 24 Nov 2026 07:59:59 GMT", "Tue, 24 Nov 2026 08:00:00 GMT"):
        empty.headers["Date"] = date
        list(youtube.fetch(ROOT, channel))
        spent.append(channel.meter.units.of_the_day(*Cost))

    assert spent == [1, 2, 1]


# --- acting --------------------------------------------------------------------------------------------


def deed(action: Action, external_id: str = ROOT, **more: Any) -> Deed:
    return Deed(action=action, kind=Kind.COMMENT, thread=ROOT, external_id=external_id, **more)


@pytest.mark.parametrize(("action", "status"), [(Action.APPROVE, "published"), (Action.REJECT, "rejected")])
def test_a_comment_is_published_or_rejected(studio, channel, action, status):
    youtube.act(deed(action), channel)

    (asked,) = studio.asked("comments/setModerationStatus")
    assert (asked.method, asked.query, asked.body) == ("POST", {"id": ROOT, "moderationStatus": status}, b"")


def test_what_we_said_is_corrected_or_deleted(studio, channel):
    youtube.act(deed(Action.EDIT, "Ugours", text="Oui, dès cinq ans."), channel)
    youtube.act(deed(Action.DELETE, "Ugours"), channel)

    edited, deleted = studio.asked("comments")
    assert (edited.method, edited.json) == ("PUT", {"id": "Ugours", "snippet": {"textOriginal": "Oui, dès cinq ans."}})
    assert (deleted.method, deleted.query) == ("DELETE", {"id": "Ugours"})


def test_what_is_gone_already_is_deleted(studio, channel):
    studio.refuses["comments"] = refused("commentNotFound", 404)
    youtube.act(deed(Action.DELETE), channel)
    studio.refuses["comments"] = refused("forbidden")
    with pytest.raises(SendRefused):
        youtube.act(deed(Action.DELETE), channel)


def test_what_can_be_done_to_what_others_said_is_not_to_delete_it():
    assert youtube.actions(Kind.COMMENT, {}, ours=False) == {Action.APPROVE, Action.REJECT}
    assert youtube.actions(Kind.COMMENT, {}, ours=True) == {Action.EDIT, Action.DELETE}


# --- the connection ------------------------------------------------------------------------------------


def test_the_channel_knows_its_name_and_another_has_another_consent(channel):
    assert youtube.identity(channel) == youtube.check(channel).name == "Pharmacie Exemple"
    with pytest.raises(SendRefused):
        youtube.identity(replace(channel, external_id="UCelse"))


def test_a_person_is_called_as_beside_their_comments(studio, channel):
    assert youtube.name_of("UCjulieexemple0000000001", channel) == "@julieexemple"
    studio.refuses["channels"] = Saying({"items": []})
    assert youtube.name_of("UCgone", channel) == ""
