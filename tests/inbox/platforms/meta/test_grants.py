"""What Meta granted: tokens, permissions, subscriptions, for a page and for either login of an account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import signing
from inbox.platforms.base import App, Connection, Reason, SendNotReached, SendRefused
from inbox.platforms.facebook import WANTED
from inbox.platforms.instagram import logins
from inbox.platforms.meta import grants
from tests.inbox.platforms.server import Asked, Saying

PAGE, ACCOUNT, APP = "100200300400500", "17841400000000001", "112233445566778"
BY_PAGE, BY_ITSELF = {"login": "facebook"}, {"login": "instagram"}
SERVER_TIME = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)
REFUSED = Saying({"error": {"code": 200, "message": "no"}}, 403)

facebook, instagram = platforms.get("facebook"), platforms.get("instagram")


@pytest.fixture
def page(platform) -> Connection:
    hooks = App(platform.url, APP, "app-secret", "verify-me")
    return Connection(PAGE, "page-token", platform.url, "v26.0", "app-secret", app_id=APP, hooks=hooks)


def account(platform, settings: dict[str, str], **more: Any) -> Connection:
    return Connection(ACCOUNT, "account-token", platform.url, "v26.0", settings=settings, **more)


class Meta:
    """Answers by what is asked. What a test says differs replaces one answer."""

    def __init__(self, platform, **differs: Any) -> None:
        me = {"id": PAGE, "user_id": ACCOUNT, "name": "Pharmacie Exemple", "username": "pharmacie.exemple"}
        wanted = [*WANTED.permissions, *logins.WANTED["instagram"].permissions, *logins.WANTED["facebook"].permissions]
        app = {"id": APP, "name": "Comptoir", "subscribed_fields": [*grants.PAGE_FIELDS, *logins.FIELDS]}
        token = {"is_valid": True, "expires_at": 0, "data_access_expires_at": 1803000000, "scopes": wanted}
        account = {"id": ACCOUNT, "username": "pharmacie.exemple"}
        self.answers = {"me": me, ACCOUNT: account, "debug_token": {"data": token}, "subscribed_apps": {"data": [app]}} | differs
        platform.says(self.answer)

    def answer(self, asked: Asked) -> Saying:
        found = self.answers[asked.path.rpartition("/")[2]]
        return found if isinstance(found, Saying) else Saying(found)


def token(**fields: Any) -> dict[str, Any]:
    return {"data": {"is_valid": True, "scopes": list(WANTED.permissions)} | fields}


def test_all_is_well_with_a_page(platform, page):
    Meta(platform)

    health = facebook.check(page)

    assert (health.name, health.subscribed) == ("Pharmacie Exemple", True)
    assert (health.missing_permissions, health.missing_fields) == ((), ())
    assert (health.token_expires_at, health.access_expires_at) == (None, datetime.fromtimestamp(1803000000, UTC))


@pytest.mark.parametrize("settings", [BY_PAGE, BY_ITSELF])
def test_all_is_well_with_an_account(platform, settings):
    Meta(platform)

    health = instagram.check(account(platform, settings, app_id=APP, app_secret="app-secret"))

    assert (health.name, health.subscribed) == ("pharmacie.exemple", True)
    assert (health.missing_permissions, health.missing_fields) == ((), ())


def test_the_token_is_shown_to_nobody_but_its_own_app(platform, page):
    Meta(platform)
    facebook.check(page)
    (asked,) = [asked for asked in platform.asked if asked.path.endswith("debug_token")]
    app_token = f"{APP}|app-secret"
    assert asked.headers["Authorization"] == f"Bearer {app_token}"
    assert asked.query == {
        "input_token": "page-token",
        "appsecret_proof": signing.digest("app-secret", app_token.encode()),
    }


def test_when_a_token_ends_is_known_beforehand(platform, page):
    Meta(platform, debug_token=token(expires_at=1800000000))
    assert facebook.check(page).token_expires_at == datetime.fromtimestamp(1800000000, UTC)


def test_a_permission_that_was_not_given_is_named(platform, page):
    Meta(platform, debug_token=token(scopes=[each for each in WANTED.permissions if each != "pages_messaging"]))
    assert facebook.check(page).missing_permissions == ("pages_messaging",)


def test_a_permission_given_for_other_pages_alone_is_not_given(platform, page):
    granular = [
        {"scope": "pages_messaging", "target_ids": ["999"]},
        {"scope": "pages_manage_engagement", "target_ids": ["999", int(PAGE)]},
        {"scope": "pages_show_list"},
    ]
    Meta(platform, debug_token=token(granular_scopes=granular))
    assert facebook.check(page).missing_permissions == ("pages_messaging",)


def test_an_accounts_permissions_on_its_page_are_of_the_page(platform):
    scopes = list(logins.WANTED["facebook"].permissions)
    granular = [
        {"scope": "pages_show_list", "target_ids": [PAGE]},
        {"scope": "instagram_basic", "target_ids": [ACCOUNT]},
        {"scope": "instagram_manage_messages", "target_ids": ["17841400000000099"]},
    ]
    Meta(platform, debug_token=token(scopes=scopes, granular_scopes=granular))
    health = instagram.check(account(platform, BY_PAGE, app_id=APP, app_secret="app-secret"))
    assert health.missing_permissions == ("instagram_manage_messages",)


def test_a_token_that_meta_calls_dead_is_dead(platform, page):
    error = {"code": 190, "message": "The user has not authorized the application."}
    Meta(platform, debug_token=token(is_valid=False, error=error))
    with pytest.raises(SendRefused) as caught:
        facebook.check(page)
    assert (caught.value.reason, caught.value.detail) == (Reason.TOKEN_DEAD, error["message"])


@pytest.mark.parametrize("differs", [{"debug_token": REFUSED}, {"debug_token": {}}])
def test_what_meta_does_not_tell_of_a_token_is_not_known(platform, page, differs):
    Meta(platform, **differs)
    health = facebook.check(page)
    assert (health.missing_permissions, health.token_expires_at, health.subscribed) == ((), None, True)


def test_an_app_without_a_number_asks_nothing_of_tokens(platform):
    Meta(platform, debug_token=Saying(status=500))
    assert facebook.check(Connection(PAGE, "page-token", platform.url, "v26.0", "app-secret")).subscribed is True


@pytest.mark.parametrize(
    ("apps", "subscribed", "missing"),
    [
        ([], False, ()),
        ([{"id": "another", "subscribed_fields": ["feed"]}], False, ()),
        ([{"id": APP, "subscribed_fields": [f for f in grants.PAGE_FIELDS if f != "feed"]}], True, ("feed",)),
        ([{"id": int(APP), "subscribed_fields": list(grants.PAGE_FIELDS)}], True, ()),
        ([{"id": APP}], True, grants.PAGE_FIELDS),
    ],
)
def test_whether_webhooks_come_is_known(platform, page, apps, subscribed, missing):
    Meta(platform, subscribed_apps={"data": apps})
    health = facebook.check(page)
    assert (health.subscribed, health.missing_fields) == (subscribed, missing)


def test_a_field_is_the_same_however_it_is_spelt(platform, page):
    spelt = {"messaging_referrals": "messaging_referral", "message_reactions": "messaging_reactions"}
    fields = [spelt.get(field, field) for field in grants.PAGE_FIELDS]
    Meta(platform, subscribed_apps={"data": [{"id": APP, "subscribed_fields": fields}]})
    assert facebook.check(page).missing_fields == ()


def test_who_may_not_know_whether_webhooks_come_does_not_know(platform, page):
    Meta(platform, subscribed_apps=REFUSED)
    assert facebook.check(page).subscribed is None


def test_a_platform_that_does_not_answer_says_nothing_of_health(platform, page):
    platform.says(Saying(status=500))
    with pytest.raises(SendNotReached):
        facebook.check(page)


# --- asking for webhooks -----------------------------------------------------------------------------


def test_webhooks_are_asked_for_by_the_app_and_by_the_page(platform, page):
    platform.says({"success": True})

    facebook.subscribe(page, "https://comptoir.example/hooks/meta/")

    app, permissions, own = platform.asked
    assert (app.path, app.headers["Authorization"]) == (f"/v26.0/{APP}/subscriptions", f"Bearer {APP}|app-secret")
    assert app.form == {
        "object": "page",
        "callback_url": "https://comptoir.example/hooks/meta/",
        "verify_token": "verify-me",
        "fields": ",".join(grants.PAGE_FIELDS),
        "include_values": "true",
    }
    assert permissions.form["object"] == "permissions"
    assert (own.path, own.headers["Authorization"]) == ("/v26.0/me/subscribed_apps", "Bearer page-token")
    assert own.form == {"subscribed_fields": ",".join(grants.PAGE_FIELDS)}


@pytest.mark.parametrize(("settings", "fields"), [(BY_ITSELF, logins.FIELDS), (BY_PAGE, grants.PAGE_FIELDS)])
def test_an_account_asks_for_its_own_webhooks_or_its_page_does(platform, settings, fields):
    platform.says({"success": True})
    instagram.subscribe(account(platform, settings), "https://comptoir.example/hooks/meta/")
    (asked,) = platform.asked
    assert (asked.path, asked.form["subscribed_fields"]) == ("/v26.0/me/subscribed_apps", ",".join(fields))


def test_a_refused_subscription_is_no_subscription(platform, page):
    platform.says(REFUSED)
    with pytest.raises(SendRefused):
        facebook.subscribe(page, "https://comptoir.example/hooks/meta/")


# --- asking for no more of them ------------------------------------------------------------------------


def deletions(platform) -> list[str]:
    return [asked.path for asked in platform.asked if asked.method == "DELETE"]


def test_a_page_and_an_account_of_its_own_ask_for_no_more(platform, page):
    Meta(platform, subscribed_apps={"success": True})
    facebook.unsubscribe(page, {"another"})
    instagram.unsubscribe(account(platform, BY_ITSELF), {"another"})
    instagram.unsubscribe(account(platform, BY_PAGE), {"another"})
    assert deletions(platform) == ["/v26.0/me/subscribed_apps"] * 3


def test_a_page_and_the_account_behind_it_hear_by_one_subscription(platform, page):
    Meta(platform, me={"id": PAGE, "instagram_business_account": {"id": ACCOUNT}}, subscribed_apps={"success": True})
    facebook.unsubscribe(page, {ACCOUNT})
    instagram.unsubscribe(account(platform, BY_PAGE), {PAGE})
    assert deletions(platform) == []


# --- the two logins ------------------------------------------------------------------------------------

VARIABLES = {
    "META_GRAPH_URL": "https://graph.facebook.example",
    "INSTAGRAM_GRAPH_URL": "https://graph.instagram.example",
    "GRAPH_API_VERSION": "v26.0",
    "META_APP_ID": "1",
    "INSTAGRAM_APP_ID": "2",
    "META_APP_SECRET": ["meta-new", "meta-old"],
    "INSTAGRAM_APP_SECRET": ["instagram-secret"],
    "META_VERIFY_TOKEN": ["verify-me"],
}


@pytest.mark.parametrize(
    ("settings", "url", "app", "secret"),
    [
        (BY_ITSELF, "https://graph.instagram.example", "2", "instagram-secret"),
        ({}, "https://graph.instagram.example", "2", "instagram-secret"),
        (BY_PAGE, "https://graph.facebook.example", "1", "meta-new"),
    ],
)
def test_each_login_has_its_host_and_its_app(settings, url, app, secret):
    there = instagram.address(VARIABLES, settings)
    assert (there.base_url, there.app_id, there.app_secret) == (url, app, secret)
    # Webhooks are asked for with Meta's app in either case.
    assert there.hooks == App("https://graph.facebook.example", "1", "meta-new", "verify-me")


def test_a_login_that_was_left_open_is_tried_both_ways():
    assert [each["login"] for each in instagram.variants({"x": "y"})] == ["instagram", "facebook"]
    assert list(instagram.variants(BY_PAGE)) == [BY_PAGE]


@pytest.mark.parametrize(
    ("settings", "path", "said"),
    [
        (BY_ITSELF, "/v26.0/me", {"id": "9001", "user_id": ACCOUNT, "username": "pharmacie.exemple"}),
        (BY_PAGE, f"/v26.0/{ACCOUNT}", {"id": ACCOUNT, "username": "pharmacie.exemple"}),
    ],
)
def test_each_login_says_who_we_are_in_its_own_way(platform, settings, path, said):
    platform.says(said)
    assert instagram.identity(account(platform, settings)) == "pharmacie.exemple"
    assert platform.asked[0].path == path


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (BY_ITSELF, {"id": ACCOUNT, "user_id": "17841400000000099", "username": "une.autre"}),
        (BY_ITSELF, {"username": "une.autre"}),
        (BY_PAGE, {"id": "17841400000000099", "username": "une.autre"}),
    ],
)
def test_a_token_of_another_account_is_not_this_ones(platform, settings, said):
    platform.says(said)
    with pytest.raises(SendRefused) as caught:
        instagram.identity(account(platform, settings))
    assert caught.value.reason == Reason.PERMISSION


def test_an_accounts_own_token_is_renewed(platform):
    platform.says({"access_token": "newer-token", "token_type": "bearer", "expires_in": 5183944})

    renewed = instagram.refresh(account(platform, BY_ITSELF))

    assert renewed == ("newer-token", SERVER_TIME + timedelta(seconds=5183944))
    (asked,) = platform.asked
    assert asked.path == "/refresh_access_token"
    assert asked.query == {"grant_type": "ig_refresh_token", "access_token": "account-token"}


def test_a_pages_token_never_ends(platform, page):
    assert facebook.refresh(page) is None
    assert instagram.refresh(account(platform, BY_PAGE)) is None
    assert platform.asked == []


@pytest.mark.parametrize("said", [{}, {"access_token": ""}, {"expires_in": 5}])
def test_no_new_token_is_none(platform, said):
    platform.says(said)
    with pytest.raises(SendRefused):
        instagram.refresh(account(platform, BY_ITSELF))


def test_where_tokens_are_given_out_refusals_have_another_shape(platform):
    words = "Error validating access token: account-token"
    platform.says(Saying({"error_type": "OAuthException", "code": 400, "error_message": words}, 400))
    with pytest.raises(SendRefused) as caught:
        instagram.refresh(account(platform, BY_ITSELF))
    assert (caught.value.reason, caught.value.detail) == (Reason.TOKEN_DEAD, "Error validating access token: …")
