"""What is asked of a WordPress site, what is made of its answers, and what never leaves it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Author,
    Connection,
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
from tests.factories import DAY, MINUTE, NOON, SECOND
from tests.inbox.blog import PASSWORD, USER, Blog, comment
from tests.inbox.platforms.contract import JSON, fuzz
from tests.inbox.platforms.server import Saying

wordpress = platforms.get("wordpress")
SITE = "https://blog.example"
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
WHO = {"platform": "wordpress", "channel_id": SITE}
POST = PostSeen("55", text="Le vaccin contre la grippe\xa0!", permalink="https://blog.example/55/")
RECEIVED = Received(
    **WHO,
    external_id="812",
    kind=Kind.COMMENT,
    thread="812",
    text="Très utile !",
    at=AT,
    post=POST,
    author=Author("name:julie t.", "Julie T."),
    moderation=Moderation.PENDING,
)
OWN = OwnTurn(
    **WHO,
    external_id="813",
    kind=Kind.COMMENT,
    thread="812",
    parent="812",
    text="Merci Julie & Marc !",
    at=AT + 5 * MINUTE,
    post=POST,
)
EVENTS: dict[str, list[Event]] = {
    "held": [RECEIVED],
    "approved": [replace(RECEIVED, moderation=Moderation.APPROVED)],
    "with_markup": [replace(RECEIVED, text="Voir ici (https://example.com/a),\n5 < 6 vrai")],
    "nested": [
        replace(
            RECEIVED,
            external_id="814",
            parent="812",
            text="Moi aussi.",
            at=AT + 10 * MINUTE,
            author=Author("name:marc exemple", "Marc Exemple"),
            moderation=Moderation.APPROVED,
        )
    ],
    "own": [OWN],
    "of_a_colleague": [replace(OWN, external_id="815", text="Merci !", at=AT + 6 * MINUTE)],
    "of_a_subscriber": [
        replace(
            RECEIVED,
            external_id="816",
            thread="816",
            text="Et moi ?",
            at=AT + 7 * MINUTE,
            author=Author("name:abonné", "Abonné"),
            moderation=Moderation.APPROVED,
        )
    ],
    "own_under_the_post": [],
}
REFUSED = ["spam", "trash"]  # listed by nobody; told of what we hold alone


@pytest.fixture
def blog(platform) -> Blog:
    blog = Blog(platform)
    platform.says(blog.answer)
    return blog


@pytest.fixture
def site(blog) -> Connection:
    return Connection(blog.server.url, PASSWORD, settings={"user": USER}, public_but=(blog.server.url,))


def events(site, since=NOON - DAY):
    read = (wordpress.read_listed(SITE, item) for item in wordpress.listing(site, since, []))
    return [event for item in read for event in item]


# --- reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_a_comment_is_read_as_a_webhook_would_have_told_it(blog, site, name):
    blog.comments = [comment(name)]
    assert events(site) == EVENTS[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_site_refused_is_told_of_what_is_asked_for_by_itself(blog, site, name):
    blog.comments = [comment(name)]

    assert events(site) == []
    item = wordpress.look("812", Kind.COMMENT, site)
    assert item is not None
    assert list(wordpress.read_listed(SITE, item)) == [replace(RECEIVED, moderation=Moderation.REJECTED)]


def test_what_is_gone_for_good_is_gone(site):
    assert wordpress.look("812", Kind.COMMENT, site) is None
    assert list(wordpress.fetch("812", site)) == []


def test_a_site_that_cannot_say_whether_it_is_gone_takes_nothing_away(blog, site):
    for saying in (Saying(status=404, raw=b"<html>"), Saying({"code": "rest_no_route"}, 404), Saying({"code": "x"}, 401)):
        blog.refuses["comments/812"] = saying
        with pytest.raises(SendRefused):
            wordpress.look("812", Kind.COMMENT, site)


def test_neither_mail_nor_address_of_anybody_is_asked_for_or_kept(blog, site):
    blog.comments = [comment("held")]

    (item,) = wordpress.listing(site, NOON - DAY, [])

    asked = next(each for each in blog.server.asked if each.path.endswith("/comments"))
    assert not {"author_email", "author_ip", "author_user_agent"} & set(asked.query["_fields"].split(","))
    assert "example.ca" not in str(item)
    assert "203.0.113.9" not in str(item)


def test_the_window_is_asked_for_with_room_for_the_sites_own_time(blog, site):
    list(wordpress.listing(site, NOON, []))

    (asked,) = blog.server.asked
    assert asked.query == {
        "context": "edit",
        "status": "all",
        "orderby": "date_gmt",
        "order": "asc",
        "after": "2026-11-22T17:00:00Z",
        "per_page": "50",
        "page": "1",
        "_fields": asked.query["_fields"],
    }


@pytest.mark.parametrize("count", [0, 1, 50, 51, 100, 120])
def test_every_page_is_read(blog, site, count):
    blog.comments = [comment("held", id=1000 + number) for number in range(count)]
    assert len(events(site)) == count


def test_a_site_that_does_not_say_how_many_pages_there_are_is_read_once(blog, site):
    blog.refuses["comments"] = Saying([comment("held")])
    assert len(events(site)) == 1


def test_a_list_without_end_says_nothing(blog, site):
    blog.refuses["comments"] = Saying([comment("held")], headers={"X-WP-TotalPages": "1000000"})
    with pytest.raises(SendNotReached):
        events(site)


def test_an_account_that_may_not_list_people_knows_those_who_published(blog, site):
    blog.lists_people, blog.comments = False, [comment("of_a_colleague"), comment("of_a_subscriber")]
    assert [type(event) for event in events(site)] == [OwnTurn, Received]


def test_where_people_are_never_listed_the_account_itself_is_known(blog, site):
    blog.refuses["users"] = Saying({"code": "rest_no_route"}, 404)
    blog.comments = [comment("own"), comment("of_a_colleague")]
    assert [type(event) for event in events(site)] == [OwnTurn, Received]


def test_people_are_not_asked_for_when_strangers_alone_wrote(blog, site):
    blog.comments = [comment("held")]
    events(site)
    assert not [asked for asked in blog.server.asked if "users" in asked.path]


def test_a_comment_under_a_page_has_no_title_and_is_read_all_the_same(blog, site):
    blog.comments = [comment("held", post=56)]
    (event,) = events(site)
    assert isinstance(event, Received)
    assert event.post == PostSeen("56")


def test_nothing_is_told_by_a_webhook():
    assert not any(wordpress.tells(Kind.COMMENT, difference) for difference in Difference)


@fuzz
@given(st.dictionaries(st.sampled_from(["id", "post", "parent", "status", "date_gmt", "content", "own", "author_name"]), JSON))
def test_any_item_is_read_or_unreadable(item):
    with suppress(wire.Unreadable):
        assert all(isinstance(event, Event) for event in wordpress.read_listed(SITE, item))


# --- writing -------------------------------------------------------------------------------------------

TEXT = "Oui, 5 < 6 & voilà."
REPLY = Outgoing(kind=Kind.COMMENT, thread="812", text=TEXT, correlation="comptoir:8f3a", reply_to="814", post_id="55")


def test_an_answer_is_a_comment_of_the_account_in_plain_words(blog, site):
    assert wordpress.send(REPLY, site) == Sent("900", NOON + 4 * SECOND)

    (asked,) = blog.server.asked
    assert (asked.method, asked.path) == ("POST", "/wp-json/wp/v2/comments")
    assert asked.json == {"post": "55", "parent": "814", "content": "Oui, 5 &lt; 6 &amp; voilà."}


def test_an_uncertain_answer_is_found_among_those_of_the_account(blog, site):
    blog.comments = [comment("own", id=899, parent=814, author=2, content={"raw": "Oui, 5 &lt; 6 &amp; voilà."})]
    assert wordpress.find_sent(REPLY, site, AT) is None

    wordpress.send(REPLY, site)
    assert wordpress.find_sent(REPLY, site, NOON) == Sent("901", NOON + 4 * SECOND)
    assert wordpress.find_sent(REPLY, site, NOON + MINUTE) is None
    assert wordpress.find_sent(replace(REPLY, text="Non."), site, NOON) is None


def test_an_answer_that_came_through_and_was_not_confirmed_is_uncertain(blog, site):
    for saying in (Saying(status=500), Saying({}, 201), Saying(cut=True)):
        blog.refuses["comments"] = saying
        with pytest.raises(SendUncertain):
            wordpress.send(REPLY, site)


@pytest.mark.parametrize("message", [replace(REPLY, kind=Kind.MESSAGE), replace(REPLY, private_to="812")])
def test_a_blog_carries_no_private_messages(blog, site, message):
    for call in (wordpress.send, lambda *args: wordpress.find_sent(*args, NOON)):
        with pytest.raises(SendRefused):
            call(message, site)
    assert blog.server.asked == []


def test_an_answer_that_is_too_long_does_not_leave(blog, site):
    with pytest.raises(SendRefused) as refused:
        wordpress.send(replace(REPLY, text="é" * 32_763), site)
    assert refused.value.reason is Reason.TOO_LONG
    assert blog.server.asked == []


REFUSALS = [
    (401, "rest_forbidden", Reason.TOKEN_DEAD),
    (401, "incorrect_password", Reason.TOKEN_DEAD),
    (401, "application_passwords_disabled", Reason.TOKEN_DEAD),
    (403, "rest_forbidden", Reason.PERMISSION),
    (403, "rest_cannot_edit", Reason.PERMISSION),
    (403, "rest_comment_closed", Reason.NOT_ALLOWED),
    (403, "rest_comment_draft_post", Reason.NOT_ALLOWED),
    (403, "rest_comment_trash_post", Reason.GONE),
    (403, "rest_comment_invalid_post_id", Reason.GONE),
    (404, "rest_comment_invalid_id", Reason.GONE),
    (404, "rest_no_route", Reason.NOT_ALLOWED),
    (400, "rest_comment_content_invalid", Reason.INVALID),
    (400, "comment_content_column_length", Reason.TOO_LONG),
    (400, "rest_invalid_param", Reason.INVALID),
    (409, "comment_duplicate", Reason.DUPLICATE),
    (418, "tea", Reason.OTHER),
]


@pytest.mark.parametrize(("status", "code", "reason"), REFUSALS)
def test_a_refusal_has_a_reason_and_the_sites_own_words(blog, site, status, code, reason):
    told = {"code": code, "message": "<strong>Non</strong>&nbsp;!", "data": {"status": status}}
    blog.refuses["comments"] = Saying(told, status)
    with pytest.raises(SendRefused) as refused:
        wordpress.send(REPLY, site)
    assert (refused.value.reason, refused.value.detail) == (reason, f"Non\xa0! {code}")


@pytest.mark.parametrize(("status", "code"), [(400, "comment_flood"), (429, "rest_too_many")])
def test_a_site_that_wants_us_slower_is_obeyed(blog, site, status, code):
    blog.refuses["comments"] = Saying({"code": code}, status)
    with pytest.raises(SendNotReached) as refused:
        wordpress.send(REPLY, site)
    assert refused.value.reason is Reason.THROTTLED
    assert refused.value.retry_after == 30 * SECOND


def test_a_site_in_our_own_network_is_not_called(blog, site):
    with pytest.raises(SendRefused) as refused:
        wordpress.send(REPLY, replace(site, public_but=()))
    assert refused.value.reason is Reason.NOT_ALLOWED
    assert blog.server.asked == []


# --- beside answering ------------------------------------------------------------------------------------


def deed(action: Action, text: str = "") -> Deed:
    return Deed(action=action, kind=Kind.COMMENT, thread="812", external_id="812", post_id="55", text=text)


@pytest.mark.parametrize(("action", "status"), [(Action.APPROVE, "approved"), (Action.REJECT, "trash")])
def test_a_decision_changes_the_status(blog, site, action, status):
    blog.comments = [comment("held")]
    wordpress.act(deed(action), site)
    wordpress.act(deed(action), site)
    assert blog.comments[0]["status"] == status
    assert len([asked for asked in blog.server.asked if asked.method == "POST"]) == 1


def test_our_own_words_are_changed(blog, site):
    blog.comments = [comment("own", id=812)]
    wordpress.act(deed(Action.EDIT, "Merci & <3"), site)
    assert blog.comments[0]["content"] == {"raw": "Merci &amp; &lt;3"}


def test_a_comment_is_deleted_for_good_and_only_once(blog, site):
    blog.comments = [comment("held")]
    wordpress.act(deed(Action.DELETE), site)
    wordpress.act(deed(Action.DELETE), site)

    assert blog.comments == []
    assert blog.server.asked[0].query == {"force": "true"}


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT, Action.EDIT])
def test_what_is_gone_cannot_be_decided_of(site, action):
    with pytest.raises(SendRefused) as refused:
        wordpress.act(deed(action, "Merci."), site)
    assert refused.value.reason is Reason.GONE


def test_what_no_blog_can_do_is_refused(blog, site):
    with pytest.raises(SendRefused) as refused:
        wordpress.act(deed(Action.LIKE), site)
    assert refused.value.reason is Reason.NOT_ALLOWED
    assert blog.server.asked == []


def test_an_id_that_is_no_number_is_never_made_into_an_address(blog, site):
    for external_id in ("../users/me", "812?force=true", "", "٨١٢"):
        with pytest.raises(SendRefused):
            wordpress.act(replace(deed(Action.APPROVE), external_id=external_id), site)
    assert blog.server.asked == []


def test_what_is_offered():
    assert wordpress.actions(Kind.COMMENT, {}, ours=False) == {Action.APPROVE, Action.REJECT, Action.DELETE}
    assert wordpress.actions(Kind.COMMENT, {}, ours=True) == {Action.EDIT, Action.DELETE}


# --- connecting ------------------------------------------------------------------------------------------


def test_the_site_is_known_by_its_name(site):
    assert wordpress.identity(site) == "Le blogue de l’exemple"


def test_an_account_that_may_not_moderate_is_not_enough(blog, site):
    blog.moderates = False
    with pytest.raises(SendRefused) as refused:
        wordpress.identity(site)
    assert refused.value.reason is Reason.PERMISSION
    assert wordpress.check(site).missing_permissions == ("moderate_comments",)


def test_a_wrong_password_is_told(site):
    with pytest.raises(SendRefused) as refused:
        wordpress.identity(replace(site, token="wrong"))
    assert refused.value.reason is Reason.TOKEN_DEAD
    assert "wrong" in refused.value.detail
    assert "<" not in refused.value.detail


def test_an_address_without_wordpress_is_told(blog, site):
    blog.refuses["users/me"] = Saying(status=404, raw=b"<html>Introuvable</html>")
    with pytest.raises(SendRefused) as refused:
        wordpress.identity(site)
    assert refused.value.detail == "HTTP 404"


def test_a_site_is_known_by_its_address_without_a_slash_at_its_end():
    assert wordpress.identifier(" https://blog.example/ ") == SITE
