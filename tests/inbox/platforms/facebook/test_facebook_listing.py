"""What is read off a page's lists, and that it says what webhooks would have said."""

from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import (
    Attachment,
    Author,
    Connection,
    Edited,
    Event,
    Kind,
    Meter,
    OwnTurn,
    PostPublished,
    PostSeen,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    VisibilityChanged,
)
from tests.factories import DAY, MINUTE, NOON
from tests.inbox.platforms.lists import BROKEN, GONE, NOT_OURS, Item, Lists
from tests.inbox.platforms.server import Saying

PAGE, JULIE = "100200300400500", {"id": "7011223344556677", "name": "Julie Exemple"}
US = {"id": PAGE, "name": "Pharmacie Exemple"}
POST, OLDER, VISITORS = f"{PAGE}_900111", f"{PAGE}_900001", f"{PAGE}_900666"
SINCE, WHO = NOON - 3 * DAY, {"platform": "facebook", "channel_id": PAGE}
facebook = platforms.get("facebook")


def iso(at) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(external_id: str = POST, **fields: Any) -> Item:
    return {"id": external_id, "message": "Clinique ouverte", "created_time": iso(NOON - DAY)} | fields


def comment(external_id: str, **fields: Any) -> Item:
    said = {"message": "Ouvert ?", "from": JULIE, "created_time": iso(NOON), "is_hidden": False}
    return {"id": external_id, **said} | fields


def rating(story: str = "900900", **fields: Any) -> Item:
    told = {"recommendation_type": "positive", "review_text": "Bravo", "reviewer": JULIE, "created_time": iso(NOON)}
    return told | {"open_graph_story": {"id": story}} | fields


def thread(*messages: Item, updated=NOON, person: Item = JULIE) -> Item:
    return {
        "id": "t_1",
        "updated_time": iso(updated),
        "participants": {"data": [person, US]},
        "messages": {"data": list(messages)},
    }


def message(mid: str, at=NOON, **fields: Any) -> Item:
    return {"id": mid, "created_time": iso(at), "from": JULIE, "message": "Bonjour"} | fields


@pytest.fixture
def page(platform) -> Connection:
    return Connection(PAGE, "page-token", platform.url, "v26.0")


def listed(platform, page, posts: list[str] | None = None, **edges: Any) -> list[Event]:
    lists = {"me": US} | {name.replace("__", "/"): items for name, items in edges.items()}
    lists = {name if name == "me" or "/" in name else f"{PAGE}/{name}": items for name, items in lists.items()}
    platform.lists = Lists(platform, lists)
    items = facebook.listing(page, SINCE, posts or [])
    return [event for item in items for event in facebook.read_listed(PAGE, item)]


def under(post_id: str) -> str:
    return f"{post_id}__comments"


def test_posts_comments_ratings_and_messages_are_listed(platform, page):
    events = listed(
        platform,
        page,
        published_posts=[post()],
        feed=[post(), post(VISITORS, **{"from": JULIE, "message": "Horaires ?", "is_hidden": True})],
        ratings=[rating()],
        conversations=[thread(message("m_1"))],
        **{under(POST): [comment("900111_1")]},
    )

    about = PostSeen(POST, text="Clinique ouverte", published_at=NOON - DAY)
    julie, at = Author(*JULIE.values()), {"at": NOON}
    visit = {"kind": Kind.COMMENT, "thread": VISITORS, "text": "Horaires ?", "author": julie, "at": NOON - DAY}
    said = {"kind": Kind.COMMENT, "thread": "900111_1", "text": "Ouvert ?", "author": julie, "post": about}
    review = {"kind": Kind.REVIEW, "thread": "900900", "text": "Bravo", "rating": "positive", "author": julie}
    wrote = {"kind": Kind.MESSAGE, "thread": julie.id, "text": "Bonjour", "author": julie}
    assert events == [
        PostPublished(**WHO, post=about),
        Received(**WHO, external_id=VISITORS, **visit),
        VisibilityChanged(**WHO, external_id=VISITORS, hidden=True),
        Received(**WHO, external_id="900111_1", **said, **at),
        VisibilityChanged(**WHO, external_id="900111_1", hidden=False),
        Received(**WHO, external_id="900900", **review, **at),
        Received(**WHO, external_id="m_1", **wrote, **at),
    ]


def test_what_was_written_before_is_not_listed(platform, page):
    before = SINCE - MINUTE
    events = listed(
        platform,
        page,
        [POST],
        ratings=[rating(created_time=iso(before))],
        conversations=[thread(message("m_2"), message("m_1", before)), thread(message("m_0"), updated=before)],
        **{under(POST): [comment("900111_2"), comment("900111_1", created_time=iso(before)), comment("900111_0")]},
    )
    assert [event.external_id for event in events if isinstance(event, Received)] == ["900111_2", "m_2"]


def test_a_list_of_several_pages_is_read_to_its_end(platform, page):
    comments = [comment(f"900111_{number}") for number in range(250)]
    events = listed(platform, page, [POST], **{under(POST): comments})
    assert len([event for event in events if isinstance(event, Received)]) == 250
    asked = platform.lists.asked(f"{POST}/comments")
    assert [each.query.get("after") for each in asked] == [None, "100", "200"]
    assert (asked[0].query["filter"], asked[0].query["order"]) == ("stream", "reverse_chronological")


def test_message_threads_are_listed_by_two_calls_a_second_at_most(platform):
    rests: list[float] = []
    page = Connection(PAGE, "page-token", platform.url, "v26.0", meter=Meter(rest=rests.append))
    threads = [thread(message(f"m_{number}")) for number in range(45)]

    events = listed(platform, page, [POST], conversations=threads, **{under(POST): [comment(str(n)) for n in range(150)]})

    assert len([event for event in events if isinstance(event, Received)]) == 45 + 150
    assert len(platform.lists.asked(f"{PAGE}/conversations")) == 3
    assert rests == [0.5, 0.5]


@pytest.mark.parametrize("gone", [GONE, NOT_OURS])
def test_a_post_that_is_gone_or_anothers_hides_nothing_of_the_rest(platform, page, gone):
    events = listed(platform, page, [OLDER, POST], **{under(OLDER): gone, under(POST): [comment("900111_1")]})
    assert [event.external_id for event in events if isinstance(event, Received)] == ["900111_1"]


def test_a_page_without_ratings_has_the_rest_listed(platform, page):
    events = listed(platform, page, ratings=NOT_OURS, conversations=[thread(message("m_1"))])
    assert [event.external_id for event in events] == ["m_1"]


@pytest.mark.parametrize("edge", ["published_posts", "feed", "conversations", under(POST), "ratings"])
def test_a_list_that_breaks_off_says_nothing_of_what_is_missing(platform, page, edge):
    with pytest.raises(SendNotReached):
        listed(platform, page, [POST], **{edge: BROKEN})


def test_the_empty_lists_of_another_token_are_not_believed(platform, page):
    with pytest.raises(SendRefused) as caught:
        listed(platform, page, me={"id": "5", "name": "Une personne"})
    assert (caught.value.reason, len(platform.asked)) == (Reason.PERMISSION, 1)


def test_replies_stand_in_the_thread_of_their_root(platform, page):
    reply = comment("900111_2", parent={"id": "900111_1"})
    ours = comment("900111_3", parent={"id": "900111_1"}, **{"from": US})
    events = listed(platform, page, [POST], **{under(POST): [reply, ours]})
    (theirs, mine) = [event for event in events if isinstance(event, Received | OwnTurn)]
    assert (theirs.thread, theirs.parent) == ("900111_1", "900111_1")
    assert (type(mine), mine.thread, mine.parent) == (OwnTurn, "900111_1", "900111_1")


def test_what_we_wrote_under_a_rating_belongs_to_it(platform, page):
    ours = comment("900900_1", **{"from": US})
    events = listed(platform, page, ratings=[rating()], **{under("900900"): [ours]})
    (mine,) = [event for event in events if isinstance(event, OwnTurn)]
    assert (mine.kind, mine.thread, mine.parent) == (Kind.REVIEW, "900900", "900900")


@pytest.mark.parametrize(
    ("attachment", "found"),
    [
        ({"type": "photo", "media": {"image": {"src": "https://s.example/1.jpg"}}, "url": "https://f.example/"}, "image"),
        ({"type": "sticker", "media": {"image": {"src": "https://s.example/1.jpg"}}}, "image"),
        ({"type": "video_inline", "url": "https://s.example/1.jpg"}, "video"),
        ({"type": "share", "url": "https://s.example/1.jpg"}, "share"),
        ({"type": "share"}, ""),
        (None, ""),
    ],
)
def test_what_hangs_on_a_comment_is_seen(platform, page, attachment, found):
    events = listed(platform, page, [POST], **{under(POST): [comment("900111_1", message="", attachment=attachment)]})
    wanted = Attachment(found, "https://s.example/1.jpg") if found else Attachment("unsupported")
    assert events[0].attachments == (wanted,)


@pytest.mark.parametrize(
    ("each", "found"),
    [
        ({"mime_type": "image/jpeg", "image_data": {"url": "https://s.example/1"}}, Attachment("image", "https://s.example/1")),
        ({"mime_type": "video/mp4", "video_data": {"url": "https://s.example/1"}}, Attachment("video", "https://s.example/1")),
        (
            {"mime_type": "application/pdf", "file_url": "https://s.example/1", "name": "ordre.pdf"},
            Attachment("file", "https://s.example/1", "ordre.pdf"),
        ),
    ],
)
def test_what_hangs_on_a_message_is_seen(platform, page, each, found):
    with_file = message("m_1", message="", attachments={"data": [each]})
    (event,) = listed(platform, page, conversations=[thread(with_file)])
    assert event.attachments == (found,)


def test_a_message_without_anything_is_seen_to_be_there(platform, page):
    (event,) = listed(platform, page, conversations=[thread(message("m_1", message=""))])
    assert event.attachments == (Attachment("unsupported"),)


def test_our_own_messages_are_ours(platform, page):
    (event,) = listed(platform, page, conversations=[thread(message("m_1", **{"from": US}))])
    assert (type(event), event.thread) == (OwnTurn, JULIE["id"])


@pytest.mark.parametrize(
    "item",
    [
        {"as": "comment", "item": {}},
        {"as": "post", "item": {}},
        {"as": "visitor_post", "item": []},
        {"as": "rating", "item": {"open_graph_story": {}}},
        {"as": "message", "item": message("m_1"), "person": {}},
        {"as": "message", "item": {"id": "m_1"}, "person": JULIE},
        {"as": "hologram"},
        {},
    ],
)
def test_an_item_that_is_none_is_unreadable(item):
    with pytest.raises(wire.Unreadable):
        list(facebook.read_listed(PAGE, item))


# --- by id ----------------------------------------------------------------------------------------------


def test_the_new_words_of_a_comment_are_fetched(platform, page):
    Lists(platform, {"900111_1": comment("900111_1", message="Corrigé", object={"id": POST})})
    (item,) = facebook.fetch("900111_1", page)
    turn, edit, shown = facebook.read_listed(PAGE, item)
    assert (type(turn), turn.post.external_id) == (Received, POST)
    assert edit == Edited(**WHO, external_id="900111_1", text="Corrigé")
    assert isinstance(shown, VisibilityChanged)


def test_the_new_words_of_a_visitors_post_are_fetched(platform, page):
    Lists(platform, {VISITORS: post(VISITORS, message="Corrigé", **{"from": JULIE})})
    (item,) = facebook.fetch(VISITORS, page)
    turn, edit = facebook.read_listed(PAGE, item)
    assert (turn.thread, edit.text) == (VISITORS, "Corrigé")


def test_what_is_gone_is_not_fetched(platform, page):
    platform.says(GONE)
    assert list(facebook.fetch("900111_1", page)) == []


@pytest.mark.parametrize(("saying", "there"), [({"id": "900111_1"}, True), (GONE, False)])
def test_a_second_look_says_whether_it_is_there(platform, page, saying, there):
    Lists(platform, {"me": US, "900111_1": saying})
    assert facebook.still_there("900111_1", Kind.COMMENT, page) is there


def test_what_we_may_not_see_any_more_is_not_gone(platform, page):
    Lists(platform, {"me": Saying({"error": {"code": 190, "message": "no"}}, 400), "900111_1": GONE})
    with pytest.raises(SendRefused):
        facebook.still_there("900111_1", Kind.COMMENT, page)


@pytest.mark.parametrize(("ratings", "there"), [([], False), (NOT_OURS, True)])
def test_a_rating_is_gone_only_where_ratings_are_shown_to_us(platform, page, ratings, there):
    Lists(platform, {"me": US, "900900": GONE, f"{PAGE}/ratings": ratings})
    assert facebook.still_there("900900", Kind.REVIEW, page) is there
