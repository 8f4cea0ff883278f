"""What WhatsApp is asked, what is made of its answers, and how far it lets us go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import (
    App,
    Connection,
    Kind,
    Outgoing,
    Reason,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    WindowState,
)
from tests.factories import DAY, HOUR, NOON
from tests.inbox.platforms.contract import at
from tests.inbox.platforms.server import Saying
from tests.inbox.platforms.whatsapp.test_whatsapp import ACCOUNT, FAILED, NUMBER, PHONE, USER

SERVER_TIME = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)
TO_USER = Outgoing(kind=Kind.MESSAGE, thread=USER, text="Bonjour Julie, oui.", correlation="comptoir:8f3a", reply_to="wamid.AAA")
ACCEPTED = {"messaging_product": "whatsapp", "contacts": [{"input": USER, "user_id": USER}], "messages": [{"id": "wamid.OUT1"}]}

whatsapp = platforms.get("whatsapp")


@pytest.fixture
def number(platform) -> Connection:
    settings = {"waba_id": ACCOUNT}
    return Connection(NUMBER, "number-token", platform.url, "v26.0", "app-secret", settings=settings, app_id="4711")


def test_a_message_goes_to_the_id_that_stands_for_a_person(platform, number):
    platform.says(ACCEPTED)
    assert whatsapp.send(TO_USER, number) == Sent("wamid.OUT1", SERVER_TIME)
    (asked,) = platform.asked
    assert asked.path == f"/v26.0/{NUMBER}/messages"
    assert asked.headers["Authorization"] == "Bearer number-token"
    assert asked.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": USER,
        "type": "text",
        "text": {"body": "Bonjour Julie, oui.", "preview_url": False},
        "context": {"message_id": "wamid.AAA"},
        "biz_opaque_callback_data": "comptoir:8f3a",
    }


def test_a_person_of_whom_only_the_number_is_known_is_written_to_by_it(platform, number):
    platform.says(ACCEPTED)
    whatsapp.send(replace(TO_USER, thread=PHONE, reply_to=""), number)
    body = platform.asked[0].json
    assert (body["to"], "recipient" in body, "context" in body) == (PHONE, False, False)


def test_who_wrote_in_a_group_is_answered_there(platform, number):
    platform.says(ACCEPTED)
    whatsapp.send(replace(TO_USER, thread="group:GRP77"), number)
    body = platform.asked[0].json
    assert (body["recipient_type"], body["to"]) == ("group", "GRP77")


def test_nothing_but_a_message_can_be_sent(platform, number):
    for message in (replace(TO_USER, kind=Kind.COMMENT), replace(TO_USER, private_to="1")):
        with pytest.raises(SendRefused) as caught:
            whatsapp.send(message, number)
        assert caught.value.reason == Reason.NOT_ALLOWED
    assert platform.asked == []


def test_a_text_of_just_the_limit_is_sent_and_one_letter_more_is_not(platform, number):
    platform.says(ACCEPTED)
    whatsapp.send(replace(TO_USER, text="é" * 4096), number)
    with pytest.raises(SendRefused) as caught:
        whatsapp.send(replace(TO_USER, text="é" * 4097), number)
    assert caught.value.reason == Reason.TOO_LONG
    assert len(platform.asked) == 1


@pytest.mark.parametrize(
    "saying",
    [
        Saying(status=500),
        Saying(raw=b"<html>"),
        Saying(cut=True),
        Saying({}),
        Saying({"messages": []}),
        Saying({"messages": [{}]}),
    ],
    ids=["500", "html", "cut", "no messages", "none", "no id"],
)
def test_what_may_be_out_is_called_neither_sent_nor_refused(platform, number, saying):
    platform.says(saying)
    with pytest.raises(SendUncertain):
        whatsapp.send(TO_USER, number)
    assert len(platform.asked) == 1


@pytest.mark.parametrize("code", [1, 2, 131000, 131016])
def test_a_fault_of_the_platform_may_have_let_it_out(platform, number, code):
    platform.says(Saying({"error": {"code": code, "message": "no"}}, 500 if code == 131016 else 400))
    with pytest.raises(SendUncertain):
        whatsapp.send(TO_USER, number)


@pytest.mark.parametrize("code", [code for code, reason in FAILED.items() if code and reason != Reason.THROTTLED])
def test_a_refusal_is_known_by_its_code(platform, number, code):
    platform.says(Saying({"error": {"code": code, "message": "(#1) no"}}, 400))
    with pytest.raises(SendRefused) as caught:
        whatsapp.send(TO_USER, number)
    assert caught.value.reason == FAILED[code]


def test_a_token_that_cannot_be_read_is_dead(platform, number):
    platform.says(Saying({"error": {"code": 0, "message": "AuthException"}}, 401))
    with pytest.raises(SendRefused) as caught:
        whatsapp.send(TO_USER, number)
    assert caught.value.reason == Reason.TOKEN_DEAD


@pytest.mark.parametrize(
    ("code", "headers", "pause"),
    [
        (131056, {}, timedelta(seconds=6)),
        (130429, {}, timedelta(minutes=10)),
        (80007, {"Retry-After": "90"}, timedelta(seconds=90)),
        (133016, {}, timedelta(minutes=10)),
    ],
)
def test_who_is_asked_to_wait_waits_for_so_long(platform, number, code, headers, pause):
    platform.says(Saying({"error": {"code": code, "message": "slow down"}}, 429, headers))
    with pytest.raises(SendNotReached) as caught:
        whatsapp.send(TO_USER, number)
    assert (caught.value.reason, caught.value.retry_after) == (Reason.THROTTLED, pause)


def test_nothing_can_be_looked_up(platform, number):
    with pytest.raises(SendRefused):
        whatsapp.find_sent(TO_USER, number, NOON)
    with pytest.raises(SendRefused):
        list(whatsapp.listing(number, NOON, []))
    assert platform.asked == []


@pytest.mark.parametrize(
    ("kind", "last", "passed", "state", "closes_after"),
    [
        (Kind.MESSAGE, NOON, timedelta(0), WindowState.OPEN, 24 * HOUR),
        (Kind.MESSAGE, NOON, 24 * HOUR - timedelta(microseconds=1), WindowState.OPEN, 24 * HOUR),
        (Kind.MESSAGE, NOON, 24 * HOUR, WindowState.CLOSED, None),
        (Kind.MESSAGE, NOON, 7 * DAY, WindowState.CLOSED, None),
        (Kind.MESSAGE, None, timedelta(0), WindowState.CLOSED, None),
        (Kind.COMMENT, NOON, timedelta(0), WindowState.CLOSED, None),
    ],
)
def test_messages_are_open_for_a_day_and_no_longer(kind, last, passed, state, closes_after):
    found = whatsapp.window(kind, last, NOON + passed)
    assert (found.state, found.closes_at) == (state, NOON + closes_after if closes_after else None)


# --- media ---------------------------------------------------------------------------------------------


def test_media_are_found_by_their_id_and_opened_with_the_token(platform, number):
    platform.says({"url": "https://lookaside.example/m/1", "mime_type": "image/jpeg", "file_size": 3, "id": "1300001"})
    assert whatsapp.media("1300001", number) == ("https://lookaside.example/m/1", {"Authorization": "Bearer number-token"})
    assert platform.asked[0].path == "/v26.0/1300001"


@pytest.mark.parametrize("saying", [Saying({"url": "javascript:x"}), Saying({"error": {"code": 100, "error_subcode": 33}}, 400)])
def test_media_that_are_no_longer_there_are_gone(platform, number, saying):
    platform.says(saying)
    with pytest.raises(SendRefused) as caught:
        whatsapp.media("1300001", number)
    assert caught.value.reason == Reason.GONE


# --- how a number does -----------------------------------------------------------------------------------

GOOD = {
    "verified_name": "Pharmacie Exemple",
    "display_phone_number": "+1 514-555-0100",
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "id": NUMBER,
}


def apps(*ids: str) -> dict:
    return {"data": [{"whatsapp_business_api_data": {"id": each, "name": "App", "link": "https://example.com"}} for each in ids]}


def test_a_number_is_known_by_its_name(platform, number):
    platform.says(GOOD)
    assert whatsapp.identity(number) == "Pharmacie Exemple"
    assert platform.asked[0].path == f"/v26.0/{NUMBER}"


def test_a_number_without_a_name_is_known_by_itself(platform, number):
    platform.says({"display_phone_number": "+1 514-555-0100", "id": NUMBER})
    assert whatsapp.identity(number) == "+1 514-555-0100"


@pytest.mark.parametrize("named", [{"id": "990011002200331"}, {"id": None}, {}])
def test_what_answers_to_another_name_is_not_this_number(platform, number, named):
    for ask in (whatsapp.identity, whatsapp.check):
        platform.says({key: value for key, value in GOOD.items() if key != "id"} | named)
        with pytest.raises(SendRefused) as caught:
            ask(number)
        assert caught.value.reason == Reason.PERMISSION


TOKEN = {
    "data": {
        "is_valid": True,
        "expires_at": 0,
        "data_access_expires_at": 1803000000,
        "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
    }
}


def test_a_number_that_does_well_has_nothing_against_it(platform, number):
    platform.says(GOOD, TOKEN, apps("12", "4711"))
    health = whatsapp.check(number)
    assert (health.name, health.subscribed, health.warnings) == ("Pharmacie Exemple", True, ())
    assert (health.token_expires_at, health.access_expires_at, health.missing_permissions) == (None, at(1803000000), ())
    _, token, account = platform.asked
    assert (token.path, token.headers["Authorization"]) == ("/v26.0/debug_token", "Bearer 4711|app-secret")
    assert account.path == f"/v26.0/{ACCOUNT}/subscribed_apps"


def test_what_the_platform_holds_against_a_number_is_told(platform, number):
    few = {"data": TOKEN["data"] | {"scopes": ["whatsapp_business_management"], "expires_at": 1803000001}}
    platform.says(GOOD | {"quality_rating": "RED", "status": "FLAGGED"}, few, apps("12"))
    health = whatsapp.check(number)
    assert (health.subscribed, health.warnings) == (False, ("quality_rating RED", "status FLAGGED"))
    assert (health.token_expires_at, health.missing_permissions) == (at(1803000001), ("whatsapp_business_messaging",))


def test_an_app_without_a_name_asks_only_how_the_number_does(platform, number):
    platform.says(GOOD, apps("12"))
    health = whatsapp.check(replace(number, app_id=""))
    assert (health.subscribed, health.missing_permissions) == (True, ())


def test_webhooks_are_asked_for_by_app_and_by_account(platform, number):
    hooks = App(platform.url, "4711", "app-secret", "verify me")
    platform.says({"success": True})
    whatsapp.subscribe(replace(number, hooks=hooks), "https://inbox.example/hooks/meta/")
    app, account = platform.asked
    assert app.path == "/v26.0/4711/subscriptions"
    assert (app.form["object"], app.form["callback_url"], app.form["verify_token"]) == (
        "whatsapp_business_account",
        "https://inbox.example/hooks/meta/",
        "verify me",
    )
    assert app.form["fields"].startswith("messages,smb_message_echoes,")
    assert (account.method, account.path) == ("POST", f"/v26.0/{ACCOUNT}/subscribed_apps")
    assert account.headers["Authorization"] == "Bearer number-token"


def test_without_its_account_a_number_can_be_asked_nothing_of_its_webhooks(platform, number):
    platform.says(GOOD)
    nameless = replace(number, settings={}, app_id="")
    for ask in (whatsapp.check, lambda connection: whatsapp.subscribe(connection, "https://inbox.example/")):
        with pytest.raises(SendRefused) as caught:
            ask(nameless)
        assert caught.value.reason == Reason.INVALID


def test_a_dead_token_is_found_out(platform, number):
    platform.says(Saying({"error": {"code": 190, "message": "no"}}, 401))
    for ask in (whatsapp.identity, whatsapp.check):
        with pytest.raises(SendRefused) as caught:
            ask(number)
        assert caught.value.reason == Reason.TOKEN_DEAD
