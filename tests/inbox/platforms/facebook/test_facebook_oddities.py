"""Bodies of a page as they are not in the documents."""

import json

import pytest

from inbox.platforms.base import PostPublished, PostSeen, Received, Unrecognised
from tests.inbox.platforms.contract import body_of, events_in, events_of
from tests.inbox.platforms.facebook.test_facebook import COMMENTS, PAGE, POST, WHO, WITHHELD

# Every item that the documents name, and what comes of one that a person added.
TURNS = [
    *("album", "coupon", "event", "experience", "link", "milestone", "note", "photo", "photo-album", "picture", "platform-story"),
    *("post", "question", "status", "story", "video"),
]
SILENT = [
    *("address", "connection", "group", "group_message", "interest", "mention", "page", "profile", "relationship-status"),
    *("share", "tag", "timeline cover", "rating"),
]


def changed(name: str, **value: object) -> list:
    body = json.loads(body_of("facebook", name))
    body["entry"][0]["changes"][0]["value"] |= value
    return events_in("meta", body)


@pytest.mark.parametrize("item", TURNS)
def test_whatever_a_visitor_puts_on_the_page_waits_for_an_answer(item):
    (event,) = changed("visitor_post", item=item)
    assert isinstance(event, Received)


@pytest.mark.parametrize("item", SILENT)
def test_what_is_told_of_the_page_itself_says_nothing(item):
    assert changed("visitor_post", item=item, message=None) == []


def test_an_entry_told_twice_in_one_body_is_told_twice():
    first, second = events_of("facebook", "comment_add_twice_in_one_body")
    assert first == second


def test_one_unreadable_change_does_not_spoil_the_others():
    body = json.loads(body_of("facebook", "comment_add"))
    changes = body["entry"][0]["changes"]
    changes[:] = [
        "?",
        {"field": "feed", "value": {"item": "comment", "verb": "add"}},
        *changes,
        {"field": "feed", "value": {"item": []}},
    ]
    events = events_in("meta", body)
    assert [type(event) for event in events] == [Unrecognised, Unrecognised, Received, Unrecognised]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.com", 7, "https://e.example/" + "x" * 2000]
)
def test_an_address_that_may_not_stand_in_a_page_is_left_out(address):
    (event,) = changed("comment_add_photo_only", photo=address)
    assert isinstance(event, Received)
    assert event.attachments == WITHHELD


def test_a_post_that_is_moved_to_the_trash_keeps_what_it_says_now():
    (event,) = changed("page_status", verb="edited", message="Clinique fermée")
    assert event == PostPublished(**WHO, post=PostSeen(f"{PAGE}_900777", text="Clinique fermée"))


@pytest.mark.parametrize("parent", [POST, "900111", "900111_900222", None, ""])
def test_right_under_the_post_is_a_thread_of_its_own(parent):
    assert changed("comment_add", parent_id=parent) == [COMMENTS["comment_add"]]


@pytest.mark.parametrize("post", ["100200300400500_900900", "900900"])
def test_a_comment_on_a_rating_belongs_to_it_however_the_rating_is_named(post):
    (event,) = changed("rating_comment", post_id=post, parent_id=None)
    assert (event.thread, event.parent) == ("900900", "900900")


@pytest.mark.parametrize(("stars", "rating"), [(1, "1"), ("5", "5"), (0, ""), (6, ""), (None, ""), ("many", "")])
def test_stars_are_one_to_five(stars, rating):
    (event,) = changed("rating_stars", rating=stars)
    assert event.rating == rating
