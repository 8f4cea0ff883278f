from datetime import timedelta

import pytest

from tests.simulator.calls import FACEBOOK, INSTAGRAM, MOULIN, error, graph, reply
from tests.simulator.meta.logging_in import (
    APP,
    APP_TOKEN,
    BACK,
    INSTAGRAM_APP,
    INSTAGRAM_SECRET,
    SECRET,
    accounts,
    call,
    dialog,
    long_token,
    user_token,
)

DAY = 86400


def code_for(sim, code, **changed):
    given = {"client_id": APP, "client_secret": SECRET, "redirect_uri": BACK, "code": code} | changed
    return call(sim, "GET", "v26.0/oauth/access_token", **given)


def debug(sim, token):
    return call(sim, "GET", "v26.0/debug_token", input_token=token, access_token=APP_TOKEN).json()["data"]


def test_a_person_chooses_pages_and_comes_back_with_a_code_and_the_state(fresh):
    went = dialog(fresh, pages=[FACEBOOK])

    assert "Pharmacie Rue du Moulin" in went.html
    assert "form-action 'self' https://app.example" in went.csp
    assert went.went_to.startswith(f"{BACK}?code=")
    assert went.went_to.endswith("#_=_")
    assert went.told["state"] == "s-1"


def test_a_person_who_refuses_comes_back_with_the_reason(fresh):
    told = dialog(fresh, agree=False).told

    assert (told["error"], told["error_reason"], told["state"]) == ("access_denied", "user_denied", "s-1")


def test_an_unknown_app_is_not_led_anywhere(fresh):
    shown = call(fresh, "GET", "v26.0/dialog/oauth", client_id="1", redirect_uri=BACK)

    assert shown.status_code == 400
    assert "Location" not in shown.headers


def test_a_code_is_good_once_for_its_own_address_and_secret(fresh):
    code = dialog(fresh).told["code"]

    assert error(code_for(fresh, code, client_secret="wrong")) == (1, None)
    assert error(code_for(fresh, code, redirect_uri="https://app.example/other")) == (100, 36008)
    assert code_for(fresh, code).json()["token_type"] == "bearer"
    assert error(code_for(fresh, code)) == (100, 36009)
    fresh.configure(clock_offset=601)
    late = dialog(fresh).told["code"]
    fresh.configure(clock_offset=1300)
    assert error(code_for(fresh, late)) == (100, 36007)


def test_the_chosen_pages_come_with_keys_that_live_as_long_as_the_persons_own(fresh):
    short = user_token(fresh, pages=[FACEBOOK])
    [page] = accounts(fresh, long_token(fresh, short))

    assert (page["id"], page["name"]) == (FACEBOOK, "Pharmacie du Vieux-Quai")
    assert "MESSAGING" in page["tasks"]
    assert page["instagram_business_account"]["id"] == INSTAGRAM
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    assert reply(fresh, comment, token=page["access_token"]).ok
    [short_lived] = accounts(fresh, short)
    fresh.configure(clock_offset=2 * DAY)
    assert error(reply(fresh, comment, token=short_lived["access_token"])) == (190, 463)
    assert reply(fresh, comment, token=page["access_token"]).ok


def test_an_exchanged_token_lives_sixty_days_and_a_page_key_has_no_end(fresh):
    token = long_token(fresh, user_token(fresh, pages=[FACEBOOK, MOULIN]))
    [first, second] = accounts(fresh, token)

    person, page = debug(fresh, token), debug(fresh, first["access_token"])
    assert (person["type"], person["is_valid"], person["user_id"], person["app_id"]) == ("USER", True, "10001", APP)
    assert abs(person["expires_at"] - person["issued_at"] - timedelta(days=60).total_seconds()) < 2
    assert {"scope": "pages_messaging", "target_ids": [FACEBOOK, MOULIN]} in person["granular_scopes"]
    assert (page["type"], page["expires_at"], page["profile_id"]) == ("PAGE", 0, FACEBOOK)
    assert second["id"] == MOULIN


def test_a_declined_permission_is_missing_from_every_key(fresh):
    token = user_token(fresh, decline="pages_manage_engagement", pages=[FACEBOOK])
    [page] = accounts(fresh, token)
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    told = {each["permission"]: each["status"] for each in graph(fresh, "GET", "me/permissions", token).json()["data"]}
    assert told["pages_messaging"] == "granted"
    assert "pages_manage_engagement" not in told
    assert error(reply(fresh, comment, token=page["access_token"])) == (200, None)
    assert graph(fresh, "GET", f"{comment}?fields=message", page["access_token"]).ok


@pytest.mark.parametrize(
    ("scope", "method", "path", "expected"),
    [
        ("pages_read_user_content", "GET", "{page}/feed", (10, None)),
        ("pages_messaging", "GET", "{page}/conversations", (10, None)),
        ("pages_manage_metadata", "GET", "{page}/subscribed_apps", (283, None)),
    ],
)
def test_a_missing_permission_is_refused_in_the_way_of_the_call(fresh, scope, method, path, expected):
    [page] = accounts(fresh, user_token(fresh, decline=scope, pages=[FACEBOOK]))

    assert error(graph(fresh, method, path.format(page=FACEBOOK), page["access_token"])) == expected


def test_without_the_right_to_list_pages_there_seem_to_be_none(fresh):
    assert accounts(fresh, user_token(fresh, decline="pages_show_list")) == []


@pytest.mark.parametrize("reason", ["458", "459", "460", "463", "464", "467", "492"])
def test_every_death_of_a_key_has_its_subcode_and_debug_token_tells_it(fresh, reason):
    [page] = accounts(fresh, long_token(fresh, user_token(fresh, pages=[FACEBOOK])))
    fresh.kill_keys(reason, page=FACEBOOK)

    assert error(graph(fresh, "GET", "me", page["access_token"])) == (190, int(reason))
    told = debug(fresh, page["access_token"])
    assert (told["is_valid"], told["error"]["subcode"]) == (False, int(reason))
    fresh.kill_keys("", page=FACEBOOK)
    assert graph(fresh, "GET", "me", page["access_token"]).ok


def test_who_loses_the_role_on_a_page_has_it_in_no_list_any_more(fresh):
    token = long_token(fresh, user_token(fresh, pages=[FACEBOOK, MOULIN]))
    keys = {page["id"]: page["access_token"] for page in accounts(fresh, token)}
    fresh.lose_role(MOULIN)

    assert [page["id"] for page in accounts(fresh, token)] == [FACEBOOK]
    assert error(graph(fresh, "GET", "me", keys[MOULIN])) == (190, 492)


def test_a_person_who_takes_everything_back_kills_every_key(fresh):
    token = user_token(fresh)
    [key, *_] = accounts(fresh, token)

    assert graph(fresh, "DELETE", "me/permissions", token).json() == {"success": True}
    assert error(graph(fresh, "GET", "me", key["access_token"])) == (190, 458)


def test_who_a_person_is(fresh):
    assert graph(fresh, "GET", "me?fields=id,name", user_token(fresh)).json() == {"id": "10001", "name": "Alex Gestion"}


# --- Instagram Login -----------------------------------------------------------------------------


def instagram_code(sim):
    return dialog(sim, app=INSTAGRAM_APP, path="oauth/authorize", pages=[INSTAGRAM])


def instagram_token(sim, code, **changed):
    given = {"client_id": INSTAGRAM_APP, "client_secret": INSTAGRAM_SECRET, "redirect_uri": BACK, "code": code}
    return call(sim, "POST", "oauth/access_token", **given | {"grant_type": "authorization_code"} | changed)


def exchanged(sim, short):
    given = {"grant_type": "ig_exchange_token", "client_secret": INSTAGRAM_SECRET, "access_token": short}
    return call(sim, "GET", "access_token", **given)


def refreshed(sim, token):
    return call(sim, "GET", "refresh_access_token", grant_type="ig_refresh_token", access_token=token)


def test_instagram_login_from_the_dialog_to_a_token_of_sixty_days(fresh):
    went = instagram_code(fresh)
    assert went.went_to.endswith("#_")
    short = instagram_token(fresh, went.told["code"]).json()
    assert str(short["user_id"]) == INSTAGRAM
    assert "instagram_business_manage_messages" in short["permissions"]

    long = exchanged(fresh, short["access_token"]).json()
    me = call(fresh, "GET", "me", fields="user_id,username", access_token=long["access_token"]).json()

    assert (me["user_id"], me["username"]) == (INSTAGRAM, "pharmacie.vieux.quai")
    assert long["expires_in"] == 60 * DAY
    fresh.configure(clock_offset=2 * 3600)
    assert error(graph(fresh, "GET", "me", short["access_token"])) == (190, 463)
    assert graph(fresh, "GET", "me", long["access_token"]).ok


def test_instagrams_exchange_refuses_in_a_shape_of_its_own(fresh):
    refused = instagram_token(fresh, "nonsense")

    assert refused.status_code == 400
    assert set(refused.json()) == {"error_type", "code", "error_message"}
    assert instagram_token(fresh, instagram_code(fresh).told["code"], client_secret="x").json()["code"] == 400


def test_the_documented_answer_to_a_code_can_be_had(fresh):
    fresh.configure(instagram_code_answer="documented")

    [told] = instagram_token(fresh, instagram_code(fresh).told["code"]).json()["data"]
    assert told["user_id"] == INSTAGRAM
    assert "instagram_business_basic" in told["permissions"].split(",")


def test_a_token_is_refreshed_only_after_a_day_and_never_once_it_expired(fresh):
    short = instagram_token(fresh, instagram_code(fresh).told["code"]).json()["access_token"]
    token = exchanged(fresh, short).json()["access_token"]

    assert error(refreshed(fresh, token)) == (100, None)
    fresh.configure(clock_offset=59 * DAY)
    assert refreshed(fresh, token).json()["access_token"] == token
    fresh.configure(clock_offset=100 * DAY)
    assert graph(fresh, "GET", "me", token).ok
    fresh.configure(clock_offset=120 * DAY)
    assert error(refreshed(fresh, token)) == (190, 463)


def test_a_signed_request_tells_the_app_that_somebody_left(fresh, sink):
    answer = fresh.leave(f"{sink.url}/leave/")

    [received] = sink.received
    assert answer["status"] == 200
    assert received.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert received.body.startswith(b"signed_request=")
