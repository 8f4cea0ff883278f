"""What a look may cost, what a long or odd list may not spoil, and what no refusal may repeat."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from inbox.platforms import wire
from inbox.platforms.base import (
    Cost,
    Kind,
    LookLater,
    Meter,
    Outgoing,
    OwnTurn,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    Units,
)
from inbox.platforms.youtube import calls, listing
from tests.factories import DAY, HOUR, NOON
from tests.inbox.platforms.server import Saying
from tests.inbox.platforms.youtube.studio import OURS, events, many, refused, thread, youtube

ROOT = "UgxRoot000000000000000AaABAg"
AT = NOON.replace(hour=10, minute=40)
REPLY = Outgoing(kind=Kind.COMMENT, thread=ROOT, text="Oui, dès six ans.", correlation="8f3a", reply_to=ROOT)
MIDNIGHT = NOON.replace(hour=8) + DAY  # in California
BEFORE = AT - DAY
TODAY = NOON.date()  # there too


def fresh(channel, before=None, **more):
    """As a process opens it. before: the units that all others spent, by day and cost."""
    return replace(channel, meter=Meter(units=Units(before or {})), **more)


def units(studio):
    return len([asked for asked in studio.server.asked if asked.path != "/token"])


# --- the units of a day ----------------------------------------------------------------------------------


def test_when_lookings_share_is_used_up_it_waits_for_midnight_in_california(studio, channel):
    studio.refuses["commentThreads"] = Saying({"items": many(1), "nextPageToken": "more"})
    studio.refuses["commentThreads"].headers["Date"] = "Mon, 23 Nov 2026 17:00:00 GMT"

    with pytest.raises(LookLater) as later:
        events(fresh(channel, {(NOON.date(), Cost.READ): 75}, allowance=100))

    assert later.value.retry_after == MIDNIGHT - NOON.replace(hour=17)


@pytest.mark.parametrize(
    ("read", "written", "ends"), [(73, 0, False), (74, 0, True), (0, 90, False), (4, 90, True), (0, 94, True)]
)
def test_looking_ends_at_its_share_or_where_answers_need_what_is_left(studio, channel, read, written, ends):
    studio.published = many(1)
    today = {(TODAY, Cost.READ): read, (TODAY, Cost.WRITE): written}

    if ends:
        with pytest.raises(LookLater):
            events(fresh(channel, today, allowance=100))
    else:
        assert list(islice(youtube.listing(fresh(channel, today, allowance=100), NOON - DAY, []), 1))
    assert units(studio) == (1 if ends else 2), "asked once at least: the answer tells which day it is there"


def test_what_was_used_on_another_day_is_no_more(studio, channel):
    studio.published = many(1)
    yesterday = fresh(channel, {(TODAY - DAY, Cost.READ): 75, (TODAY - DAY, Cost.WRITE): 50}, allowance=100)

    assert events(yesterday)
    assert yesterday.meter.used == 3


def long_threads(count, **apart):
    """Each has six answers, and shows five."""
    rows = many(count, **apart)
    for row in rows:
        row["snippet"]["totalReplyCount"] = 6
        row["replies"] = {"comments": [thread("answered")["replies"]["comments"][1]] * 5}
    return rows


def test_looks_are_as_far_apart_as_their_share_of_the_day_asks(studio, channel):
    studio.published = long_threads(60, apart=10 * HOUR)

    events(channel, NOON - 30 * DAY)

    assert units(studio) == 63
    assert DAY / channel.meter.apart * 63 == pytest.approx(7500)


def test_all_channels_of_an_app_share_that_share(studio, channel):
    events(channel)
    another = fresh(channel, external_id="UCelse")
    another.meter.units.spend(2, Cost.READ, day=TODAY, at=NOON)

    assert calls.looks.apart(another, 7500) == 2 * channel.meter.apart


def test_a_look_that_is_dear_enough_shows_what_the_threads_show(studio, channel, monkeypatch):
    monkeypatch.setattr(listing, "DEAREST", 20)
    studio.published = long_threads(60)

    assert len(events(channel)) >= 60
    assert units(studio) < 25


# --- lists that do not end, and odd ones -----------------------------------------------------------------


@pytest.mark.parametrize("token", [lambda page: "again", lambda page: f"{page}1"], ids=["the same", "ever another"])
def test_a_thread_whose_answers_do_not_end_hides_no_other(studio, channel, token):
    studio.published = many(3)
    studio.published[1]["snippet"]["totalReplyCount"] = 10_001
    studio.published[1]["replies"] = {"comments": [thread("answered")["replies"]["comments"][1]]}
    one = {"items": [thread("answered")["replies"]["comments"][0]]}
    studio._get_comments = lambda asked: Saying(one | {"nextPageToken": token(asked.query.get("pageToken", ""))})

    found = {event.external_id for event in events(channel, BEFORE)}

    assert {"Ug0", "Ug1", "Ug2", f"{ROOT}.9aaOurs", f"{ROOT}.9aaMarc"} == found
    assert len(studio.asked("comments")) <= listing.OF_ONE_THREAD


def test_ids_that_are_numbers_are_ids(studio, channel):
    studio.published = many(2)
    for number, row in enumerate(studio.published):
        row["snippet"]["topLevelComment"]["id"] = 11 + number

    assert [event.external_id for event in events(channel)] == ["11", "12"]


@pytest.mark.parametrize("odd", [None, {}, "x" * 301])
def test_what_has_no_id_is_unreadable_each_for_itself(studio, channel, odd):
    studio.published = many(3)
    for row in studio.published[:2]:
        row["snippet"]["topLevelComment"]["id"] = odd

    *unreadable, last = youtube.listing(channel, NOON - DAY, [])

    assert len(unreadable) == 2
    for item in unreadable:
        with pytest.raises(wire.Unreadable):
            list(youtube.read_listed(OURS, item))
    assert [event.external_id for event in youtube.read_listed(OURS, last)] == ["Ug2"]


def test_what_stands_under_our_handle_without_an_author_is_ours(studio, channel):
    one = thread("answered")
    ours, theirs = one["replies"]["comments"]
    ours["snippet"].pop("authorChannelId")
    theirs["snippet"].pop("authorChannelId")
    ours["snippet"]["authorDisplayName"] = "@PharmacieExemple"
    studio.published = [one]

    told = {event.external_id: type(event) for event in events(channel, BEFORE)}

    assert told == {ROOT: Received, ours["id"]: OwnTurn, theirs["id"]: Received}
    assert len(studio.asked("channels")) == 1


# --- answering -------------------------------------------------------------------------------------------


def test_an_answer_that_our_own_channel_holds_is_found(studio, channel):
    studio.held = [*many(1), thread("answered")]

    assert youtube.find_sent(REPLY, channel, AT).external_id == f"{ROOT}.9aaOurs"
    assert youtube.find_sent(replace(REPLY, thread="Ug0"), channel, AT) is None, "it stands under another"


def test_an_answer_without_words_is_not_ours_and_spoils_nothing(studio, channel):
    studio.answers = [{"id": "r1", "snippet": {"authorChannelId": {"value": OURS}, "publishedAt": "2026-11-23T11:00:00Z"}}]
    assert youtube.find_sent(REPLY, channel, AT) is None


def test_to_answer_what_is_gone_costs_two_units(studio, channel):
    studio._get_commentThreads = lambda asked: Saying({"items": []})

    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)

    assert (no.value.reason, units(studio)) == (Reason.GONE, 2)


def test_a_comment_that_is_shown_and_its_thread_not_can_be_answered(studio, channel):
    studio._get_commentThreads = lambda asked: Saying({"items": []})
    studio.published = [thread("published")]
    assert youtube.send(REPLY, channel)


# --- refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["lasting-token", "token-of-an-hour", "app-secret"])
def test_no_secret_stands_in_a_refusal(studio, channel, secret):
    studio.refuses["comments"] = refused(f"forbidden{secret}", 403, f"Bearer {secret} may not do this")
    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)
    assert secret not in str(no.value)


@pytest.mark.parametrize("secret", ["lasting-token", "app-secret"])
def test_no_secret_stands_in_a_refused_grant(studio, channel, secret):
    studio.server.says(lambda asked: Saying({"error": f"bad {secret}", "error_description": f"bad {secret}"}, 401))
    with pytest.raises(SendRefused) as no:
        youtube.send(REPLY, channel)
    assert secret not in str(no.value)


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0100 00:00:00 GMT"]
)
def test_an_impossible_clock_is_no_clock(studio, channel, date):
    studio.refuses["comments"] = refused("quotaExceeded")
    studio.refuses["comments"].headers["Date"] = date
    with pytest.raises(SendNotReached) as later:
        youtube.send(REPLY, channel)
    assert timedelta(0) < later.value.retry_after <= DAY + HOUR
