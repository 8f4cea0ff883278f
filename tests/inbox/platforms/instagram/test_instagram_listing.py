"""What is read off an account's lists, and that it says what webhooks would have said."""

from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import (
    Author,
    Connection,
    Event,
    Kind,
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

ACCOUNT, ITSELF, ROOT = "17841400000000001", "9001", "18010000000000000"
MEDIA, OLDER = "17900000000000001", "17900000000000002"
JULIE = {"id": "6841100000000001", "username": "julie.t"}
US = {"id": ITSELF, "username": "pharmacie.exemple"}
SINCE, WHO = NOON - 3 * DAY, {"platform": "instagram", "channel_id": ACCOUNT}
instagram = platforms.get("instagram")


def iso(at) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def media(external_id: str = MEDIA, **fields: Any) -> Item:
    told = {"caption": "Vaccins", "timestamp": iso(NOON - DAY), "media_product_type": "REELS", "comments_count": 2}
    return {"id": external_id, **told} | fields


def comment(external_id: str, at=NOON, **fields: Any) -> Item:
    said = {"text": "Ouvert ?", "from": JULIE, "username": JULIE["username"], "timestamp": iso(at), "hidden": False}
    return {"id": external_id, **said} | fields


def thread(*messages: Item, own: Item = US) -> Item:
    people, said = {"data": [own, JULIE]}, {"data": list(messages)}
    return {"id": "t_1", "updated_time": iso(NOON), "participants": people, "messages": said}


@pytest.fixture(params=["instagram", "facebook"])
def account(request, platform) -> Connection:
    return Connection(ACCOUNT, "token", platform.url, "v26.0", settings={"login": request.param})


@pytest.fixture
def itself(platform) -> Connection:
    return Connection(ACCOUNT, "token", platform.url, "v26.0", settings={"login": "instagram"})


def listed(platform, account: Connection, posts: list[str] | None = None, **edges: Any) -> list[Event]:
    by_page = account.settings["login"] == "facebook"
    owner = ACCOUNT if by_page else "me"
    lists = {"me": {**US, "user_id": ACCOUNT}, ACCOUNT: {"id": ACCOUNT, "username": US["username"]}}
    lists |= {
        {"media": f"{owner}/media", "conversations": "me/conversations"}.get(name, name): each for name, each in edges.items()
    }
    platform.lists = Lists(platform, lists)
    items = instagram.listing(account, SINCE, posts or [])
    return [event for item in items for event in instagram.read_listed(ACCOUNT, item)]


def comments(*items: Item, of: str = MEDIA) -> dict[str, list[Item]]:
    return {f"{of}/comments": list(items)}


def received(events: list[Event]) -> list[str]:
    return [event.external_id for event in events if isinstance(event, Received)]


def test_media_comments_replies_and_messages_are_listed(platform, account):
    reply = comment("18010000000000001", text="Merci", hidden=True)
    said = {"id": "m1", "created_time": iso(NOON), "from": JULIE, "message": "Bonjour"}
    own = US if account.settings["login"] == "instagram" else {"id": ACCOUNT, "username": US["username"]}
    events = listed(
        platform,
        account,
        media=[media()],
        conversations=[thread(said, own=own)],
        **comments(comment(ROOT, replies={"data": [reply]})),
    )

    about = PostSeen(MEDIA, text="Vaccins", published_at=NOON - DAY, kind="reel")
    told = {"kind": Kind.COMMENT, "thread": ROOT, "author": Author(*JULIE.values()), "post": about, "at": NOON}
    assert events == [
        PostPublished(**WHO, post=about),
        Received(**WHO, external_id=ROOT, text="Ouvert ?", **told),
        VisibilityChanged(**WHO, external_id=ROOT, hidden=False),
        Received(**WHO, external_id="18010000000000001", text="Merci", parent=ROOT, **told),
        VisibilityChanged(**WHO, external_id="18010000000000001", hidden=True),
        Received(**WHO, external_id="m1", text="Bonjour", **told | {"kind": Kind.MESSAGE, "thread": JULIE["id"], "post": None}),
    ]


def test_a_reply_of_today_under_a_comment_of_last_week_is_listed(platform, itself):
    old = comment(ROOT, SINCE - DAY, replies={"data": [comment("18010000000000001")]})
    assert received(listed(platform, itself, [OLDER], **comments(old, of=OLDER))) == ["18010000000000001"]


def test_more_replies_than_are_shown_are_all_read(platform, itself):
    shown = {"data": [comment("1")], "paging": {"next": "https://graph.example/next"}}
    everything = [comment(str(number)) for number in range(60)]
    events = listed(platform, itself, [MEDIA], **comments(comment(ROOT, replies=shown)), **{f"{ROOT}/replies": everything})
    assert len(received(events)) == 61


def test_comments_come_fifty_at_a_time(platform, itself):
    events = listed(platform, itself, [MEDIA], **comments(*(comment(f"1801{number}") for number in range(120))))
    assert len(received(events)) == 120
    assert [each.query.get("after") for each in platform.lists.asked(f"{MEDIA}/comments")] == [None, "50", "100"]


def test_media_without_comments_cost_no_call(platform, itself):
    listed(platform, itself, media=[media(comments_count=0)])
    assert platform.lists.asked(f"{MEDIA}/comments") == []


def test_media_from_before_are_listed_no_further(platform, itself):
    events = listed(platform, itself, media=[media(), media(OLDER, timestamp=iso(SINCE - MINUTE)), media("17900000000000003")])
    assert [event.post.external_id for event in events] == [MEDIA]


@pytest.mark.parametrize(
    "who",
    [
        {"from": US},
        {"from": {"id": ACCOUNT}},
        {"from": None, "username": US["username"]},
    ],
)
def test_our_own_comments_are_ours_however_the_list_names_us(platform, itself, who):
    (event,) = listed(platform, itself, [MEDIA], **comments(comment(ROOT, **who)))
    assert isinstance(event, OwnTurn)


@pytest.mark.parametrize(
    ("who", "author"),
    [({"from": None}, Author("@julie.t", "julie.t")), ({"from": None, "username": None}, None)],
)
def test_a_person_is_known_by_their_name_where_there_is_no_id(platform, itself, who, author):
    event, _ = listed(platform, itself, [MEDIA], **comments(comment(ROOT, **who)))
    assert event.author == author


@pytest.mark.parametrize("gone", [GONE, NOT_OURS])
def test_media_that_are_gone_or_anothers_hide_nothing_of_the_rest(platform, itself, gone):
    edges = {f"{OLDER}/comments": gone, **comments(comment(ROOT))}
    assert received(listed(platform, itself, [OLDER, MEDIA], **edges)) == [ROOT]


@pytest.mark.parametrize("edge", ["media", "conversations", f"{MEDIA}/comments"])
def test_a_list_that_breaks_off_says_nothing_of_what_is_missing(platform, itself, edge):
    with pytest.raises(SendNotReached):
        listed(platform, itself, [MEDIA], **{edge: BROKEN})


def test_the_lists_of_another_account_are_not_ours(platform, itself):
    with pytest.raises(SendRefused):
        listed(platform, itself, me={"id": "1", "user_id": "17841400000000099"})


@pytest.mark.parametrize(
    "item",
    [{"as": "comment", "item": {}}, {"as": "media", "item": {}}, {"as": "mention", "item": {}}, {"as": "hologram"}, {}],
)
def test_an_item_that_is_none_is_unreadable(item):
    with pytest.raises(wire.Unreadable):
        list(instagram.read_listed(ACCOUNT, item))


# --- by id ----------------------------------------------------------------------------------------------

THEIRS, SAID = "17900000000000077", "18010000000000088"


def test_what_a_comment_says_that_mentions_us_is_fetched(platform, account):
    link = "https://www.instagram.com/p/x/"
    said = {"id": SAID, "text": "@pharmacie.exemple ouvert ?", "timestamp": iso(NOON), "username": "julie.t"}
    Lists(platform, {ACCOUNT: {"mentioned_comment": said | {"media": {"id": THEIRS, "permalink": link}}, "id": ACCOUNT}})

    (item,) = instagram.fetch(f"mention:{THEIRS}:{SAID}", account)

    (event,) = instagram.read_listed(ACCOUNT, item)
    told = {"kind": Kind.COMMENT, "thread": SAID, "text": said["text"], "author": Author("@julie.t", "julie.t"), "at": NOON}
    assert event == Received(**WHO, external_id=SAID, post=PostSeen(THEIRS, permalink=link, kind="mention"), **told)
    assert platform.asked[0].query["fields"].startswith(f"mentioned_comment.comment_id({SAID}){{")


def test_what_a_caption_says_that_mentions_us_is_fetched(platform, account):
    said = {"id": THEIRS, "caption": "Merci @pharmacie.exemple", "timestamp": iso(NOON), "username": "julie.t"}
    Lists(platform, {ACCOUNT: {"mentioned_media": said, "id": ACCOUNT}})

    (item,) = instagram.fetch(f"mention:{THEIRS}:", account)

    (event,) = instagram.read_listed(ACCOUNT, item)
    assert (event.external_id, event.thread, event.text) == (THEIRS, THEIRS, said["caption"])
    assert event.post.kind == "mention"


def test_what_is_no_mention_is_not_asked_for(platform, account):
    with pytest.raises(SendRefused) as refused:
        list(instagram.fetch(SAID, account))

    assert refused.value.reason is Reason.GONE
    assert platform.asked == []


def test_a_mention_that_is_gone_is_not_fetched(platform, account):
    platform.says(GONE)
    assert list(instagram.fetch(f"mention:{THEIRS}:{SAID}", account)) == []


@pytest.mark.parametrize(("saying", "there"), [({"id": ROOT}, True), (GONE, False)])
def test_a_second_look_says_whether_it_is_there(platform, itself, saying, there):
    Lists(platform, {"me": {**US, "user_id": ACCOUNT}, ROOT: saying})
    assert instagram.still_there(ROOT, Kind.COMMENT, itself) is there
