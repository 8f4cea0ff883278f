"""Reviews read, answered, edited and deleted; tokens that last an hour; the one setting of an account."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    App,
    Author,
    Connection,
    Deed,
    Difference,
    Edited,
    Event,
    Kind,
    Moderated,
    Moderation,
    Outgoing,
    OwnTurn,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
)
from inbox.platforms.google import rest
from tests.factories import DAY, HOUR, MINUTE, NOON
from tests.inbox.business import LOCATION, TOPIC, Business, refusal, review
from tests.inbox.platforms.contract import FIXTURES, JSON, fuzz, mutations
from tests.inbox.platforms.server import Saying

google = platforms.get("google")
REVIEW = "locations/2/reviews/3"
WHO = {"platform": "google", "channel_id": LOCATION}
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
ANSWERED = AT + HOUR

RECEIVED = Received(
    **WHO,
    external_id=REVIEW,
    kind=Kind.REVIEW,
    thread=REVIEW,
    text="Bon service",
    at=AT,
    rating="4",
    author=Author(REVIEW, "Julie T."),
)
OWN = OwnTurn(
    **WHO, external_id=f"{REVIEW}/reply", kind=Kind.REVIEW, thread=REVIEW, parent=REVIEW, text="Merci Julie", at=ANSWERED
)


def moderated(state: Moderation, refusal: str = "") -> list[Event]:
    decided = Moderated(**WHO, external_id=f"{REVIEW}/reply", state=state, refusal=refusal)
    return [RECEIVED, replace(OWN, moderation=state, refusal=refusal), decided]


UPDATED = AT.replace(hour=12, minute=0, microsecond=123456)
EVENTS: dict[str, list[Event]] = {
    "review": [RECEIVED],
    "without_words": [replace(RECEIVED, text="", rating="2")],
    "without_stars": [replace(RECEIVED, rating="")],
    "translated": [replace(RECEIVED, text="Bon service\n\n(Translated by Google) Good service")],
    "translated_after": [replace(RECEIVED, text="Bon service\n\n(Translated by Google)\nGood service")],
    "anonymous": [replace(RECEIVED, author=Author(REVIEW))],
    "updated": [
        replace(RECEIVED, text="Finalement, non.", rating="1"),
        Edited(**WHO, external_id=REVIEW, text="Finalement, non.", at=UPDATED, rating="1"),
    ],
    "answered": [RECEIVED, OWN],
    "answer_pending": moderated(Moderation.PENDING),
    "answer_approved": moderated(Moderation.APPROVED),
    "answer_rejected": moderated(Moderation.REJECTED, "PERSONALLY_IDENTIFIABLE_INFORMATION"),
    "answer_violates": moderated(Moderation.REJECTED, "SPAM"),
}


@pytest.fixture
def business(platform) -> Business:
    business = Business(platform)
    platform.says(business.answer)
    rest._access.clear()
    return business


@pytest.fixture
def place(business) -> Connection:
    url = business.server.url
    return Connection(
        LOCATION,
        "lasting-token",
        url,
        app_secret="client-secret",
        client_id="client",
        login_url=url,
        names_url=url,
        settings={"account": "accounts/1"},
        hooks=App(url, id=TOPIC),
    )


# --- reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_a_review_says_what_google_tells(business, place, name):
    business.reviews = {"3": review(name)}

    (item,) = google.fetch(REVIEW, place)

    assert list(google.read_listed(LOCATION, item)) == EVENTS[name]


def test_every_fixture_is_tested():
    assert sorted(path.stem for path in Path(FIXTURES / "google" / "reviews").glob("*.json")) == sorted(EVENTS)


def test_no_picture_of_anybody_is_kept(place):
    (item,) = google.fetch(REVIEW, place)
    assert "lh3.example" not in json.dumps(item)


@fuzz
@given(st.data())
def test_any_review_is_read_or_unreadable(data):
    item = data.draw(mutations(review("answer_rejected")) | st.dictionaries(st.text(max_size=8), JSON))
    try:
        events = list(google.read_listed(LOCATION, wire.clean(item) if isinstance(item, dict) else {}))
    except wire.Unreadable:
        return
    assert all(isinstance(event, Event) for event in events)


def many(count: int) -> dict[str, dict[str, Any]]:
    """Reviews that were last changed a minute apart, the newest at NOON."""
    made = {}
    for number in range(count):
        at = (NOON - number * MINUTE).isoformat().replace("+00:00", "Z")
        made[str(number)] = review("review", name=f"accounts/1/locations/2/reviews/{number}", createTime=at, updateTime=at)
    return made


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120])
def test_every_page_is_listed(business, place, count):
    business.reviews = many(count)
    assert len(list(google.listing(place, NOON - DAY, []))) == count


def test_what_did_not_change_since_then_is_not_listed(business, place):
    business.reviews = many(120)

    assert len(list(google.listing(place, NOON - 9 * MINUTE, []))) == 10
    listed = [asked for asked in business.server.asked if asked.path.endswith("/reviews")]
    assert [asked.query["orderBy"] for asked in listed] == ["updateTime desc"]


def test_a_list_without_end_says_nothing(business, place):
    business.server.says(business.answer)
    business._reviews = lambda asked, path: Saying({"reviews": [], "nextPageToken": "p0"})
    with pytest.raises(SendNotReached):
        list(google.listing(place, NOON, []))


def test_a_review_that_was_deleted_is_gone_and_so_is_its_answer(business, place):
    business.reviews = {"3": review("answered")}
    assert google.look(REVIEW, Kind.REVIEW, place)
    assert google.look(f"{REVIEW}/reply", Kind.REVIEW, place)

    del business.reviews["3"]["reviewReply"]
    assert google.look(REVIEW, Kind.REVIEW, place)
    assert google.look(f"{REVIEW}/reply", Kind.REVIEW, place) is None

    business.reviews.clear()
    assert google.look(REVIEW, Kind.REVIEW, place) is None
    assert google.look(f"{REVIEW}/reply", Kind.REVIEW, place) is None


def test_a_review_that_cannot_be_asked_for_is_not_gone(business, place):
    for saying in (refusal(403, "PERMISSION_DENIED"), refusal(429, "RESOURCE_EXHAUSTED"), Saying(status=503)):
        business.refuses = [saying]
        with pytest.raises((SendRefused, SendNotReached)):
            google.look(REVIEW, Kind.REVIEW, place)


def test_new_and_changed_reviews_are_told_and_deleted_ones_are_not():
    told = {difference for difference in Difference if google.tells(Kind.REVIEW, difference)}
    assert told == {Difference.MISSING, Difference.EDITED}


# --- answering -----------------------------------------------------------------------------------------

REPLY = Outgoing(kind=Kind.REVIEW, thread=REVIEW, text="Merci Julie!", correlation="comptoir:8f3a", reply_to=REVIEW)
SENT = Sent(f"{REVIEW}/reply", datetime(2026, 11, 23, 17, 0, 4, tzinfo=UTC))


def test_an_answer_is_put_in_its_place(business, place):
    assert google.send(REPLY, place) == SENT
    assert business.reviews["3"]["reviewReply"]["comment"] == "Merci Julie!"


@pytest.mark.parametrize("name", ["answered", "answer_pending", "answer_approved"])
def test_an_answer_that_stands_is_never_replaced_without_a_word(business, place, name):
    business.reviews = {"3": review(name)}

    with pytest.raises(SendRefused) as refused:
        google.send(REPLY, place)

    assert refused.value.reason is Reason.ALREADY_ANSWERED
    assert business.reviews["3"]["reviewReply"]["comment"] == "Merci Julie"


@pytest.mark.parametrize("name", ["answer_rejected", "answer_violates"])
def test_an_answer_that_google_refused_may_be_replaced(business, place, name):
    business.reviews = {"3": review(name)}
    assert google.send(REPLY, place) == SENT


def test_the_same_answer_again_is_the_one_that_stands(business, place):
    business.reviews = {"3": review("answered")}

    assert google.send(replace(REPLY, text="Merci  Julie"), place) == Sent(f"{REVIEW}/reply", ANSWERED)
    assert not [asked for asked in business.server.asked if asked.method == "PUT"]


def test_an_uncertain_answer_is_looked_for_in_its_place(business, place):
    assert google.find_sent(REPLY, place, NOON) is None

    google.send(REPLY, place)
    assert google.find_sent(REPLY, place, NOON) == SENT
    assert google.find_sent(REPLY, place, NOON + HOUR) is None
    assert google.find_sent(replace(REPLY, text="Non."), place, NOON) is None


@pytest.mark.parametrize("saying", [Saying(status=500), Saying({}), Saying(cut=True)])
def test_an_answer_without_a_clear_outcome_is_uncertain(business, place, saying):
    google.identity(place)
    business.refuses = [Saying(review("review")), saying]
    with pytest.raises(SendUncertain):
        google.send(REPLY, place)


@pytest.mark.parametrize("text", ["a" * 4097, "é" * 2049])
def test_an_answer_of_more_than_4096_bytes_does_not_leave(business, place, text):
    for call in (lambda: google.send(replace(REPLY, text=text), place), lambda: google.act(deed(Action.EDIT, text), place)):
        with pytest.raises(SendRefused) as refused:
            call()
        assert refused.value.reason is Reason.TOO_LONG
    assert business.server.asked == []


def test_an_answer_of_4096_bytes_leaves(place):
    assert google.send(replace(REPLY, text="é" * 2048), place) == SENT


@pytest.mark.parametrize("message", [replace(REPLY, kind=Kind.MESSAGE), replace(REPLY, private_to=REVIEW)])
def test_google_carries_nothing_but_reviews(business, place, message):
    for call in (google.send, lambda *args: google.find_sent(*args, NOON)):
        with pytest.raises(SendRefused):
            call(message, place)
    assert business.server.asked == []


REFUSALS = [
    (400, "INVALID_ARGUMENT", "Non.", Reason.INVALID),
    (400, "FAILED_PRECONDITION", "Non.", Reason.UNVERIFIED),
    (403, "PERMISSION_DENIED", "Non.", Reason.PERMISSION),
    (403, "PERMISSION_DENIED", "The location is not verified.", Reason.UNVERIFIED),
    (404, "NOT_FOUND", "Non.", Reason.GONE),
    (409, "ABORTED", "Non.", Reason.OTHER),
    (403, "", "Non.", Reason.PERMISSION),
    (418, "TEAPOT", "Non.", Reason.OTHER),
]


@pytest.mark.parametrize(("code", "status", "message", "reason"), REFUSALS)
def test_a_refusal_has_a_reason_and_googles_own_words(business, place, code, status, message, reason):
    google.identity(place)
    business.refuses = [Saying(review("review")), refusal(code, status, message)]
    with pytest.raises(SendRefused) as refused:
        google.send(REPLY, place)
    assert (refused.value.reason, refused.value.detail) == (reason, message)


def test_a_quota_that_is_used_up_makes_us_wait(business, place):
    google.identity(place)
    business.refuses = [refusal(429, "RESOURCE_EXHAUSTED")]
    with pytest.raises(SendNotReached) as refused:
        google.send(REPLY, place)
    assert (refused.value.reason, refused.value.retry_after) == (Reason.THROTTLED, MINUTE)


# --- beside answering ------------------------------------------------------------------------------------


def deed(action: Action, text: str = "") -> Deed:
    return Deed(action=action, kind=Kind.REVIEW, thread=REVIEW, external_id=f"{REVIEW}/reply", text=text)


def test_an_answer_may_be_changed_and_taken_away(business, place):
    business.reviews = {"3": review("answered")}

    google.act(deed(Action.EDIT, "Merci encore!"), place)
    assert business.reviews["3"]["reviewReply"]["comment"] == "Merci encore!"

    google.act(deed(Action.DELETE), place)
    google.act(deed(Action.DELETE), place)
    assert "reviewReply" not in business.reviews["3"]


def test_what_people_wrote_is_not_ours_to_change(business, place):
    assert google.actions(Kind.REVIEW, {}, ours=False) == frozenset()
    assert google.actions(Kind.REVIEW, {}, ours=True) == {Action.EDIT, Action.DELETE}
    with pytest.raises(SendRefused):
        google.act(deed(Action.HIDE), place)
    assert business.server.asked == []


# --- tokens ----------------------------------------------------------------------------------------------


def test_a_token_for_an_hour_is_asked_for_once_and_again_when_it_is_refused(business, place):
    google.send(REPLY, place)
    google.find_sent(REPLY, place, NOON)
    assert business.tokens == 1
    asked = next(asked for asked in business.server.asked if asked.path == "/token")
    assert asked.form == {
        "grant_type": "refresh_token",
        "client_id": "client",
        "client_secret": "client-secret",
        "refresh_token": "lasting-token",
    }

    business.alive.clear()  # the hour is over
    assert google.find_sent(REPLY, place, NOON) == SENT
    assert business.tokens == 2


def test_an_answer_refused_for_its_old_token_is_written_once(business, place):
    google.identity(place)
    business.alive.clear()
    google.send(REPLY, place)
    assert len([asked for asked in business.server.asked if asked.method == "PUT"]) == 1


def test_a_consent_that_was_taken_back_is_a_dead_token(business, place):
    with pytest.raises(SendRefused) as refused:
        google.identity(replace(place, token="revoked-token"))
    assert refused.value.reason is Reason.TOKEN_DEAD
    assert "revoked-token" not in str(refused.value)


def test_a_token_that_was_refused_is_not_tried_again(business, place):
    google.identity(place)
    business.alive = set()
    business._token = lambda asked: Saying({"error": "invalid_grant"}, 400)

    for _ in range(2):
        with pytest.raises(SendRefused):
            google.identity(place)

    assert [asked.path for asked in business.server.asked][-3:] == ["/v1/accounts/1/locations", "/token", "/token"]


def test_a_token_that_google_refuses_although_it_is_new_is_dead(business, place):
    business.alive = {"another"}
    business._token = lambda asked: Saying({"access_token": "not-alive"})
    with pytest.raises(SendRefused) as refused:
        google.identity(place)
    assert refused.value.reason is Reason.TOKEN_DEAD


@pytest.mark.parametrize(
    ("saying", "error", "reason"),
    [
        (Saying({"error": "invalid_client"}, 401), SendRefused, Reason.OTHER),
        (Saying({"error": "rate_limited"}, 429), SendNotReached, Reason.THROTTLED),
        (Saying(status=500), SendNotReached, Reason.OTHER),
        (Saying({}), SendNotReached, Reason.OTHER),
    ],
)
def test_where_no_token_is_given_out_nothing_is_called(business, place, saying, error, reason):
    business._token = lambda asked: saying
    with pytest.raises(error) as refused:
        google.send(REPLY, place)
    assert refused.value.reason is reason
    assert [asked.path for asked in business.server.asked] == ["/token"]


# --- the connection --------------------------------------------------------------------------------------


def test_a_location_is_known_by_its_title(place):
    assert google.identity(place) == "Pharmacie Exemple"


def test_a_location_of_another_account_is_not_this_ones(business, place):
    business.locations = business.locations[:1] * 120
    with pytest.raises(SendRefused) as refused:
        google.identity(place)
    assert refused.value.reason is Reason.PERMISSION


@pytest.mark.parametrize("typed", ["2", "locations/2", "accounts/1/locations/2", " locations/2 "])
def test_a_location_is_named_in_one_way(typed):
    assert google.identifier(typed) == LOCATION


def test_all_is_well_while_notifications_come_to_us(place):
    health = google.check(place)
    assert (health.name, health.subscribed, health.missing_fields, health.warnings) == ("Pharmacie Exemple", True, (), ())


@pytest.mark.parametrize("topic", ["projects/theirs/topics/reviews", ""])
def test_a_setting_that_another_tool_overwrote_is_told_in_words(business, place, topic):
    business.setting = {"pubsubTopic": topic, "notificationTypes": ["NEW_REVIEW"]}

    health = google.check(place)

    assert health.subscribed is False
    assert topic in health.warnings[0]


def test_a_kind_of_notification_that_is_missing_is_told(business, place):
    business.setting = {"pubsubTopic": TOPIC, "notificationTypes": ["NEW_REVIEW"]}
    health = google.check(place)
    assert (health.subscribed, health.missing_fields) == (False, ("UPDATED_REVIEW",))


def test_notifications_are_asked_for_with_our_topic(business, place):
    business.setting = {"pubsubTopic": "projects/theirs/topics/reviews"}

    google.subscribe(place, "https://inbox.example/hooks/google/")

    asked = business.server.asked[-1]
    assert asked.query == {"updateMask": "pubsubTopic,notificationTypes"}
    assert asked.json == {
        "name": "accounts/1/notificationSetting",
        "pubsubTopic": TOPIC,
        "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW"],
    }
    assert google.check(place).subscribed


def test_without_a_topic_of_our_own_nothing_is_known_and_nothing_overwritten(business, place):
    quiet = replace(place, hooks=App(business.server.url))

    assert google.check(quiet).subscribed is None
    with pytest.raises(SendRefused):
        google.subscribe(quiet, "https://inbox.example/hooks/google/")
    assert not [asked for asked in business.server.asked if asked.method == "PATCH"]
