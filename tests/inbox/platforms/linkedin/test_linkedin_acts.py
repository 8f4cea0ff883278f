"""What may be done on LinkedIn beside answering, what it lists, and what it says of our grant."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms.base import Action, Connection, Deed, Kind, Reason, Received, SendNotReached, SendRefused, SendUncertain
from tests.factories import HOUR, NOON
from tests.inbox.platforms.contract import at, body_of
from tests.inbox.platforms.linkedin.test_linkedin import ACTIVITY, MENTION, ORGANIZATION, REPLY, ROOT, listed
from tests.inbox.platforms.server import Saying
from tests.inbox.platforms.test_sending import TO_LINKEDIN

ACTOR = "urn%3Ali%3Aorganization%3A77001100"
POST = "urn%3Ali%3Aactivity%3A7400000000000000101"
ENCODED = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7400000000000000101%2C7400000000000000201%29"
COMMENT = f"/rest/socialActions/{POST}/comments/7400000000000000201"
DEED = Deed(action=Action.LIKE, kind=Kind.COMMENT, thread=ROOT, external_id=ROOT)

linkedin = platforms.get("linkedin")
DAY_BEFORE = NOON - 24 * HOUR


@pytest.fixture
def page(platform) -> Connection:
    return Connection(
        ORGANIZATION,
        "member-token",
        platform.url,
        "202609",
        "client-secret",
        app_id="4711",
        client_id="78abc",
        login_url=platform.url,
        grantor_id="urn:li:person:adm1N",
    )


# --- actions -------------------------------------------------------------------------------------------


def test_what_can_be_done_to_theirs_and_to_ours():
    assert linkedin.actions(Kind.COMMENT, {}, ours=False) == {Action.LIKE, Action.UNLIKE, Action.DELETE}
    assert linkedin.actions(Kind.COMMENT, {}, ours=True) == {Action.EDIT, Action.DELETE}
    assert linkedin.actions(Kind.MESSAGE, {}, ours=False) == frozenset()


def test_a_comment_is_liked_as_the_organization(platform, page):
    platform.says(Saying({}, 201))
    linkedin.act(DEED, page)
    (asked,) = platform.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/rest/reactions", {"actor": ORGANIZATION})
    assert asked.json == {"root": ROOT, "reactionType": "LIKE"}
    assert asked.headers["LinkedIn-Version"] == "202609"


def test_a_like_is_taken_back_by_its_key(platform, page):
    platform.says(Saying(status=204, raw=b""))
    linkedin.act(replace(DEED, action=Action.UNLIKE), page)
    (asked,) = platform.asked
    assert (asked.method, asked.path) == ("DELETE", f"/rest/reactions/(actor:{ACTOR},entity:{ENCODED})")


def test_a_comment_is_deleted_under_its_post(platform, page):
    platform.says(Saying(status=204, raw=b""))
    linkedin.act(replace(DEED, action=Action.DELETE), page)
    (asked,) = platform.asked
    assert (asked.method, asked.path, asked.query) == ("DELETE", COMMENT, {"actor": ORGANIZATION})


def test_our_own_words_are_changed_in_part(platform, page):
    platform.says(Saying(status=204, raw=b""))
    linkedin.act(replace(DEED, action=Action.EDIT, text="Mieux dit."), page)
    (asked,) = platform.asked
    assert (asked.method, asked.path, asked.query) == ("POST", COMMENT, {"actor": ORGANIZATION})
    assert asked.headers["X-RestLi-Method"] == "PARTIAL_UPDATE"
    assert asked.json == {"patch": {"message": {"$set": {"text": "Mieux dit."}}}}


@pytest.mark.parametrize(("action", "status"), [(Action.LIKE, 409), (Action.UNLIKE, 404), (Action.DELETE, 404)])
def test_what_was_done_before_counts_as_done(platform, page, action, status):
    platform.says(Saying({"message": "no"}, status))
    linkedin.act(replace(DEED, action=action), page)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (replace(DEED, action=Action.HIDE), Reason.NOT_ALLOWED),
        (replace(DEED, action=Action.DELETE, external_id=MENTION), Reason.NOT_ALLOWED),
        (replace(DEED, action=Action.EDIT, text="é" * 1251), Reason.TOO_LONG),
    ],
)
def test_what_linkedin_cannot_do_is_not_asked_of_it(platform, page, deed, reason):
    with pytest.raises(SendRefused) as caught:
        linkedin.act(deed, page)
    assert caught.value.reason == reason
    assert platform.asked == []


@pytest.mark.parametrize("action", [Action.LIKE, Action.UNLIKE, Action.DELETE, Action.EDIT])
def test_a_refusal_of_an_action_is_none_of_having_done_it(platform, page, action):
    platform.says(Saying({"code": "ACCESS_DENIED"}, 403))
    with pytest.raises(SendRefused) as caught:
        linkedin.act(replace(DEED, action=action, text="x"), page)
    assert caught.value.reason == Reason.PERMISSION


def test_an_action_without_a_clear_answer_may_have_been_done(platform, page):
    platform.says(Saying(status=500))
    with pytest.raises(SendUncertain):
        linkedin.act(DEED, page)


# --- a conflict -------------------------------------------------------------------------------------------


def test_what_is_in_conflict_is_tried_once_more(platform, page):
    platform.says(Saying({"message": "conflict"}, 409), Saying({"commentUrn": REPLY}, 201))
    assert linkedin.send(TO_LINKEDIN, page).external_id == REPLY
    assert len(platform.asked) == 2


def test_what_is_in_conflict_twice_is_refused(platform, page):
    platform.says(Saying({"message": "conflict"}, 409))
    with pytest.raises(SendRefused) as caught:
        linkedin.send(TO_LINKEDIN, page)
    assert (caught.value.reason, len(platform.asked)) == (Reason.OTHER, 2)


# --- looking for what webhooks did not tell -----------------------------------------------------------------


class Shelf:
    """LinkedIn's lists, by the path they are asked at."""

    def __init__(self) -> None:
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.notifications: list[dict[str, Any]] = []
        self.queries: dict[str, dict[str, str]] = {}

    def answer(self, asked: Any) -> Saying:
        self.queries[asked.path] = asked.query
        if asked.path.startswith("/rest/organizations/"):
            return Saying({"localizedName": "Groupe Exemple"})
        found = self.notifications if "Notifications" in asked.path else self.comments.get(asked.path)
        if found is None:
            return Saying({"message": "no"}, 404)
        start, count = int(asked.query["start"]), int(asked.query["count"])
        more = [{"rel": "next", "href": "http://elsewhere.example/"}] if start + count < len(found) else []
        return Saying({"elements": found[start : start + count], "paging": {"links": more}})


@pytest.fixture
def shelf(platform) -> Shelf:
    shelf = Shelf()
    platform.says(shelf.answer)
    return shelf


def told(name: str, **more: Any) -> dict[str, Any]:
    return json.loads(body_of("linkedin", name))["notifications"][0] | more


def items(page: Connection, *posts: str, since=DAY_BEFORE) -> list[dict[str, Any]]:
    return list(linkedin.listing(page, since, posts))


def test_comments_are_listed_with_their_replies(shelf, page):
    answered = listed("comment") | {"commentsSummary": {"totalFirstLevelComments": 1}}
    shelf.comments[f"/rest/socialActions/{POST}/comments"] = [answered, listed("comment_with_picture")]
    shelf.comments[f"/rest/socialActions/{ENCODED}/comments"] = [listed("reply")]

    found = items(page, ACTIVITY)

    assert [item["commentUrn"] for item in found] == [ROOT, REPLY, listed("comment_with_picture")["commentUrn"]]


def test_every_page_is_read(shelf, page):
    many = [listed("comment") | {"commentUrn": f"urn:li:comment:({ACTIVITY},{number})"} for number in range(120)]
    shelf.comments[f"/rest/socialActions/{POST}/comments"] = many
    assert len(items(page, ACTIVITY)) == 120


def test_what_is_older_is_left_out_and_what_answers_it_is_not(shelf, page):
    answered = listed("comment") | {"commentsSummary": {"aggregatedTotalComments": 1}, "created": {"time": 1795300000000}}
    shelf.comments[f"/rest/socialActions/{POST}/comments"] = [answered]
    shelf.comments[f"/rest/socialActions/{ENCODED}/comments"] = [listed("reply")]
    assert [item["commentUrn"] for item in items(page, ACTIVITY)] == [REPLY]


def test_a_post_that_is_gone_has_no_comments(shelf, page):
    assert items(page, ACTIVITY) == []


def test_notifications_tell_what_no_post_of_ours_lists(shelf, page):
    shelf.comments[f"/rest/socialActions/{POST}/comments"] = [listed("comment")]
    again = told("share_mention", notificationId=9100000099, subscriber="urn:li:person:adm2N")
    shelf.notifications = [told("comment"), told("share_mention"), again, told("like_of_post")]

    found = items(page, ACTIVITY, since=NOON - HOUR)

    assert [item.get("action", "listed") for item in found] == ["SHARE_MENTION"]
    query = shelf.queries["/rest/organizationalEntityNotifications"]
    assert (query["q"], query["organizationalEntity"]) == ("criteria", ORGANIZATION)
    # To the platform's own now, which is five seconds past ours and a little.
    start, end = (int(moment.timestamp() * 1000) for moment in (NOON - HOUR, NOON + timedelta(seconds=6)))
    assert query["timeRange"] == f"(start:{start},end:{end})"
    assert query["actions"] == "List(COMMENT,ADMIN_COMMENT,SHARE,SHARE_MENTION,COMMENT_DELETE)"


def test_what_was_deleted_since_is_not_listed(shelf, page):
    shelf.notifications = [told("comment"), told("comment_delete")]
    assert items(page) == []


def test_what_is_listed_is_read(shelf, page):
    shelf.comments[f"/rest/socialActions/{POST}/comments"] = [listed("comment")]
    shelf.notifications = [told("share_mention")]
    events = [event for item in items(page, ACTIVITY) for event in linkedin.read_listed(ORGANIZATION, item)]
    assert [type(event) for event in events] == [Received, Received]


def test_brackets_stay_as_they_are_and_names_do_not(platform, page, shelf):
    items(page, since=NOON - HOUR)
    (asked,) = [asked for asked in platform.asked if "Notifications" in asked.path]
    assert f"organizationalEntity={ACTOR}&actions=List(COMMENT,ADMIN_COMMENT," in asked.line
    assert "timeRange=(start:" in asked.line


@pytest.mark.parametrize(
    ("status", "error"), [(403, SendRefused), (401, SendRefused), (429, SendNotReached), (500, SendNotReached)]
)
def test_a_list_that_cannot_be_read_is_not_an_empty_one(platform, page, status, error):
    platform.says(Saying({"message": "no"}, status))
    with pytest.raises(error):
        items(page, ACTIVITY)


def test_a_hint_is_followed_to_the_comment_itself(platform, page):
    platform.says(listed("reply"))
    assert list(linkedin.fetch(ROOT, page)) == [listed("reply")]
    assert platform.asked[0].path == COMMENT


def test_a_hint_of_what_is_gone_leads_to_nothing(platform, page):
    platform.says(Saying({}, 404))
    assert list(linkedin.fetch(ROOT, page)) == []


@pytest.mark.parametrize(("status", "there"), [(200, True), (404, False), (403, True)])
def test_a_second_look_tells_what_is_gone(platform, page, status, there):
    platform.says(Saying({}, status))
    assert linkedin.still_there(ROOT, Kind.COMMENT, page) is there
    assert linkedin.still_there(MENTION, Kind.COMMENT, page) is there
    assert [asked.path for asked in platform.asked] == [COMMENT, "/rest/posts/urn%3Ali%3Ashare%3A7095"]


def test_a_second_look_that_fails_tells_nothing(platform, page):
    platform.says(Saying(status=500))
    with pytest.raises(SendNotReached):
        linkedin.still_there(ROOT, Kind.COMMENT, page)


# --- the grant ----------------------------------------------------------------------------------------------

KEY = (
    "/rest/eventSubscriptions/(developerApplication:urn%3Ali%3AdeveloperApplication%3A4711,user:urn%3Ali%3Aperson%3Aadm1N,"
    f"entity:{ACTOR},eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)"
)
NAME = {"localizedName": "Groupe Exemple"}
TOKEN = {
    "active": True,
    "status": "active",
    "expires_at": 1800000000,
    "scope": "rw_organization_admin,r_organization_social,w_organization_social_feed",
}
SUBSCRIPTION = {"webhook": "https://inbox.example/hooks/linkedin/", "expiresAt": 1800000001000}


def test_a_grant_that_is_whole(platform, page):
    platform.says(NAME, TOKEN, SUBSCRIPTION)
    health = linkedin.check(page)
    assert (health.name, health.subscribed, health.missing_permissions) == ("Groupe Exemple", True, ())
    assert (health.token_expires_at, health.subscription_expires_at) == (at(1800000000), at(1800000001))
    _, introspection, subscription = platform.asked
    assert introspection.path == "/oauth/v2/introspectToken"
    assert introspection.form == {"client_id": "78abc", "client_secret": "client-secret", "token": "member-token"}
    assert "Authorization" not in introspection.headers
    assert (subscription.method, subscription.path) == ("GET", KEY)


def test_what_a_grant_lacks_is_named(platform, page):
    platform.says(NAME, TOKEN | {"scope": "r_organization_social_feed"}, Saying({}, 404))
    health = linkedin.check(page)
    assert (health.missing_permissions, health.subscribed) == (("rw_organization_admin", "w_organization_social"), False)


def test_a_revoked_token_is_dead(platform, page):
    platform.says(NAME, {"active": False, "status": "revoked"})
    with pytest.raises(SendRefused) as caught:
        linkedin.check(page)
    assert (caught.value.reason, caught.value.detail) == (Reason.TOKEN_DEAD, "revoked")


def test_an_app_that_has_no_name_asks_only_who_the_page_is(platform, page):
    platform.says(NAME)
    health = linkedin.check(replace(page, client_id="", app_id=""))
    assert (health.name, health.token_expires_at, health.subscribed) == ("Groupe Exemple", None, None)
    assert len(platform.asked) == 1


@pytest.mark.parametrize("saying", [Saying({"error": "invalid_client"}, 400), Saying({"error": "no"}, 401)])
def test_an_app_that_is_told_nothing_of_a_token_knows_nothing_of_it(platform, page, saying):
    platform.says(NAME, saying, SUBSCRIPTION)
    assert linkedin.check(page).token_expires_at is None


def test_a_check_without_an_answer_is_made_again(platform, page):
    platform.says(NAME, Saying(status=500))
    with pytest.raises(SendNotReached):
        linkedin.check(page)


def test_webhooks_are_asked_for_by_app_member_and_page(platform, page):
    platform.says(Saying(status=201, raw=b""))
    linkedin.subscribe(replace(page, grantor_id="adm1N"), "https://inbox.example/hooks/linkedin/")
    (asked,) = platform.asked
    assert (asked.method, asked.path) == ("PUT", KEY)
    assert asked.json == {"webhook": "https://inbox.example/hooks/linkedin/"}


@pytest.mark.parametrize("missing", [{"app_id": ""}, {"grantor_id": ""}])
def test_without_app_or_member_no_webhooks_can_be_asked_for(platform, page, missing):
    with pytest.raises(SendRefused) as caught:
        linkedin.subscribe(replace(page, **missing), "https://inbox.example/hooks/linkedin/")
    assert caught.value.reason == Reason.NOT_ALLOWED
    assert platform.asked == []


# --- a new token -------------------------------------------------------------------------------------------------


def test_a_token_is_renewed_with_what_was_given_for_it(platform, page):
    platform.says({"access_token": "new-token", "expires_in": 5184000, "refresh_token": "AQrefresh"})
    token, ends = linkedin.refresh(replace(page, refresh_token="AQrefresh"))
    assert (token, ends) == ("new-token", NOON + timedelta(days=60, seconds=5))
    (asked,) = platform.asked
    assert asked.path == "/oauth/v2/accessToken"
    assert asked.form == {
        "client_id": "78abc",
        "client_secret": "client-secret",
        "grant_type": "refresh_token",
        "refresh_token": "AQrefresh",
    }
    assert "Authorization" not in asked.headers


def test_a_token_that_came_with_nothing_cannot_be_renewed(platform, page):
    assert linkedin.refresh(page) is None
    assert linkedin.refresh(replace(page, refresh_token="AQrefresh", client_id="")) is None
    assert platform.asked == []


@pytest.mark.parametrize(
    ("saying", "error"),
    [
        (Saying({"error": "invalid_request", "error_description": "expired"}, 400), SendRefused),
        (Saying({"expires_in": 1}), SendRefused),
        (Saying(status=500), SendNotReached),
    ],
)
def test_a_token_that_is_not_renewed_says_why(platform, page, saying, error):
    platform.says(saying)
    with pytest.raises(error):
        linkedin.refresh(replace(page, refresh_token="AQrefresh"))
