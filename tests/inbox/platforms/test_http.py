"""How each way a call can end is sorted, over real sockets."""

import logging
import re
import socket
import threading
import time
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inbox.platforms import addresses, http, hurry, signing
from inbox.platforms.base import Reason, SendNotReached, SendRefused, SendUncertain
from tests.inbox.platforms.server import Saying, busy_port, closed_port

TOKEN, TEXT = "very-secret-token", "des mots très privés"


def post(url: str, **more):
    return http.post(url, token=TOKEN, json={"text": TEXT}, **more)


def get(url: str, **more):
    return http.get(url, token=TOKEN, **more)


# --- never left --------------------------------------------------------------------------------------

UNREACHABLE = {
    "nobody listens": lambda: f"http://127.0.0.1:{closed_port()}/",
    "no such name": lambda: "http://no-such-host.invalid/",
    "no address": lambda: "not an address",
    "no such scheme": lambda: "gopher://127.0.0.1/",
    "no host": lambda: "http:///x",
}


@pytest.mark.parametrize("call", [get, post])
@pytest.mark.parametrize("address", UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_call_that_could_not_leave_was_not_reached(call, address):
    with pytest.raises(SendNotReached):
        call(address())


def test_a_server_too_busy_to_be_connected_to_is_not_reached(monkeypatch):
    monkeypatch.setattr(http, "CONNECT", 0.2)
    with busy_port() as port, pytest.raises(SendNotReached):
        post(f"http://127.0.0.1:{port}/")


def test_a_server_that_cannot_prove_its_name_is_not_spoken_to(platform, certificate):
    platform.wrap(certificate)
    with pytest.raises(SendNotReached):
        post(platform.url.replace("http:", "https:"))
    assert platform.asked == []


@pytest.mark.parametrize("token", ["", "with\nnewline", "with\r\nHeader: x", "日本", "é"])
def test_a_token_that_no_header_can_carry_is_dead_and_is_not_repeated(platform, token):
    with pytest.raises(SendRefused) as caught:
        http.post(platform.url, token=token)
    assert caught.value.reason == Reason.TOKEN_DEAD
    assert not token or token not in str(caught.value)
    assert platform.asked == []


# --- no clear answer ---------------------------------------------------------------------------------

UNCLEAR = {
    "hung up": Saying(cut=True),
    "silence": Saying(stall=0.5),
    "500": Saying(status=500),
    "502 with words": Saying(status=502, raw=b"<html>Bad gateway</html>"),
    "503": Saying(status=503, headers={"Retry-After": "3"}),
    "a redirect": Saying(status=302, headers={"Location": "/elsewhere"}),
    "no JSON": Saying(raw=b"<html>welcome</html>"),
    "half of JSON": Saying(raw=b'{"id": "1'),
    "a list": Saying(data=[1]),
    "a body that breaks off": Saying({"id": "1"}, promise=100),
    "an endless body": Saying(raw=b" " * (http.MAX_BODY + 1)),
    "no gzip": Saying(headers={"Content-Encoding": "gzip"}, raw=b"plain"),
}


@pytest.mark.parametrize("saying", UNCLEAR.values(), ids=UNCLEAR)
def test_a_write_without_a_clear_answer_is_uncertain(platform, saying):
    platform.says(saying)
    with pytest.raises(SendUncertain):
        post(platform.url, read=0.2)
    assert len(platform.asked) == 1, "a machine never repeats an uncertain send"


@pytest.mark.parametrize("saying", UNCLEAR.values(), ids=UNCLEAR)
def test_a_question_without_a_clear_answer_may_be_asked_again(platform, saying):
    platform.says(saying)
    with pytest.raises(SendNotReached):
        get(platform.url, read=0.2)


@pytest.mark.parametrize("public_but", [None, ()], ids=["a platform", "a site that somebody named"])
@pytest.mark.parametrize("headers", [False, True])
def test_an_answer_that_drips_without_end_is_given_up(platform, monkeypatch, headers, public_but):
    """However often it says something before its silence is too long."""
    monkeypatch.setattr(hurry, "WHOLE", 0.5)
    platform.says(Saying({"id": "1" * 200}, drip=0.05, drip_headers=headers))
    allowed = public_but if public_but is None else [platform.url]
    begun = time.monotonic()

    with pytest.raises(SendUncertain):
        post(platform.url, read=20, public_but=allowed)

    assert time.monotonic() - begun < 4


def test_who_hurried_once_has_all_the_time_again_at_the_next_call(platform, monkeypatch):
    monkeypatch.setattr(hurry, "WHOLE", 2)
    platform.says(Saying({"id": "1"}, drip=0.01), Saying({"id": "2"}, stall=0.5))

    assert get(platform.url).data == {"id": "1"}
    assert get(platform.url).data == {"id": "2"}


# --- answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 426, 429])
def test_a_refusal_is_an_answer_for_the_platform_to_read(platform, status):
    platform.says(Saying({"error": {"code": 10}}, status))
    answer = post(platform.url)
    assert (answer.ok, answer.status, answer.data) == (False, status, {"error": {"code": 10}})


def test_a_refusal_need_not_be_json(platform):
    platform.says(Saying(status=403, raw=b"<html>no</html>"))
    assert post(platform.url).data == {}


def test_an_accepted_write_may_have_an_empty_body(platform):
    platform.says(Saying(status=201, raw=b"", headers={"x-restli-id": "7"}))
    answer = post(platform.url)
    assert answer.ok
    assert answer.data == {}
    assert answer.headers["X-RestLi-Id"] == "7"


def test_the_time_is_the_platforms(platform):
    assert post(platform.url).at == datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 17:00:05 GMT"])
def test_without_the_platforms_time_it_is_the_moment_of_the_answer(platform, date):
    platform.says(Saying(headers={"Date": date}))
    answer = post(platform.url)
    assert abs(answer.at - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_token_goes_in_a_header_that_no_netrc_replaces(platform, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    post(platform.url)
    (asked,) = platform.asked
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in asked.path + str(asked.query)


def test_cookies_are_not_kept(platform):
    platform.says(Saying(headers={"Set-Cookie": "session=1; Path=/"}))
    get(platform.url)
    get(platform.url)
    assert all("Cookie" not in asked.headers for asked in platform.asked)


def test_each_thread_has_its_own_session():
    found = []
    threads = [threading.Thread(target=lambda: found.append(http._session())) for _ in range(2)]
    for thread in threads:
        thread.start()
        thread.join()
    assert len({id(each) for each in [*found, http._session()]}) == 3
    assert http._session() is http._session()


@pytest.mark.parametrize("saying", UNCLEAR.values(), ids=UNCLEAR)
def test_neither_a_token_nor_a_text_is_logged(platform, saying, caplog):
    platform.says(saying)
    with caplog.at_level(logging.DEBUG), pytest.raises(SendUncertain) as caught:
        post(platform.url, read=0.2)
    assert TOKEN not in caplog.text + repr(caught.value)
    assert TEXT not in caplog.text + repr(caught.value)


# --- other verbs, other proofs, other shapes --------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_may_have_another_verb(platform, method):
    http.write(method, platform.url, token=TOKEN, json={"text": TEXT})
    (asked,) = platform.asked
    assert (asked.method, asked.json) == (method, {"text": TEXT})


def test_a_name_and_a_password_are_written_in_utf8(platform):
    get_as(platform, http.Basic("éditrice", "abcd éfgh"))
    assert platform.asked[0].headers["Authorization"] == "Basic " + b64encode("éditrice:abcd éfgh".encode()).decode()


def test_nobody_gives_no_proof_and_no_netrc_gives_one(platform, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    get_as(platform, http.NOBODY)
    assert "Authorization" not in platform.asked[0].headers


OAUTH = http.OAuth1("an-app", "a-token", "app-secret", "token-secret")


def test_a_call_for_somebody_is_signed_with_both_secrets_and_holds_neither(platform):
    http.get(f"{platform.url}/là", token=OAUTH, params={"q": "deux mots+é"})

    [asked] = platform.asked
    header = asked.headers["Authorization"]
    told = dict(re.findall(r'(oauth_\w+)="([^"]*)"', header))
    unsigned = {name: value for name, value in told.items() if name != "oauth_signature"}
    there = f"{platform.url}/l%C3%A0?q=deux+mots%2B%C3%A9"
    assert header == signing.oauth1("GET", there, "", unsigned, ("app-secret", "token-secret"))
    assert abs(time.time() - int(told["oauth_timestamp"])) < 60
    assert "secret" not in header + repr(OAUTH)


def test_two_calls_are_never_signed_alike(platform):
    for _time in range(2):
        get_as(platform, OAUTH)
    assert platform.asked[0].headers["Authorization"] != platform.asked[1].headers["Authorization"]


@pytest.mark.parametrize("lacking", ["app", "token", "app_secret", "token_secret"])
def test_what_lacks_one_of_its_four_parts_is_no_proof(platform, lacking):
    with pytest.raises(SendRefused) as caught:
        get_as(platform, replace(OAUTH, **{lacking: ""}))
    assert caught.value.reason is Reason.TOKEN_DEAD
    assert platform.asked == []


def get_as(platform, who):
    return http.get(platform.url, token=who)


def test_the_bytes_of_a_signed_body_leave_as_they_are(platform):
    http.post(platform.url, token=http.NOBODY, form=b'{"a" : 1}', headers={"Content-Type": "application/json"})
    (asked,) = platform.asked
    assert (asked.body, asked.headers["Content-Type"]) == (b'{"a" : 1}', "application/json")


def test_a_list_is_an_answer_where_one_is_asked_for(platform):
    platform.says(Saying(data=[{"id": 1}]))
    assert get(platform.url, shape=list).data == [{"id": 1}]


def test_a_refusal_of_a_list_is_told_in_an_object(platform):
    platform.says(Saying({"code": "rest_forbidden"}, 401))
    assert get(platform.url, shape=list).data == {"code": "rest_forbidden"}


def test_an_object_is_no_answer_where_a_list_is_asked_for(platform):
    platform.says(Saying(data={"id": 1}))
    with pytest.raises(SendNotReached):
        get(platform.url, shape=list)


# --- only what is public ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]"])
def test_our_own_network_is_not_called_for_a_stranger(platform, host):
    port = platform.server.server_port
    with pytest.raises(SendRefused) as refused:
        get(f"http://{host}:{port}/", public_but=())
    assert refused.value.reason is Reason.NOT_ALLOWED
    assert platform.asked == []


def test_an_origin_that_is_allowed_may_be_our_own(platform):
    assert get(platform.url, public_but=[platform.url]).ok


def test_a_name_that_nobody_has_is_not_reached():
    with pytest.raises(SendNotReached):
        post("https://no-such-host.invalid/", public_but=())


@pytest.fixture
def blog(platform, monkeypatch):
    """A name that is public at the first look, and our own network at the second."""
    looks = iter(["127.0.0.1", "10.0.0.1"])

    def look_up(host, port, **_more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(looks), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    return f"blog.example:{platform.server.server_port}"


def test_the_address_that_was_checked_is_the_one_that_is_called(platform, blog):
    get(f"http://{blog}/wp-json", public_but=())
    (asked,) = platform.asked
    assert (asked.path, asked.headers["Host"]) == ("/wp-json", blog)


def test_a_name_that_moves_into_our_own_network_is_not_followed(platform, blog):
    platform.says(Saying({}, headers={"Connection": "close"}))
    get(f"http://{blog}/wp-json", public_but=())

    with pytest.raises(SendRefused):
        get(f"http://{blog}/wp-json", public_but=())
    assert len(platform.asked) == 1


def test_a_site_proves_the_name_that_was_asked_for_and_not_its_number(platform, blog, certificate, monkeypatch):
    platform.wrap(certificate)
    monkeypatch.setattr(http._session(()), "verify", str(certificate))

    assert get(f"https://{blog}/", public_but=()).ok
    assert platform.asked[0].headers["Host"] == blog


def test_a_site_that_proves_another_name_is_not_spoken_to(platform, blog, certificate, monkeypatch):
    platform.wrap(certificate)
    monkeypatch.setattr(http._session(()), "verify", str(certificate))

    with pytest.raises(SendNotReached):
        get(f"https://{blog.replace('blog', 'other')}/", public_but=())


def test_a_site_cannot_send_us_on_to_our_own_network(platform, blog):
    platform.says(Saying(status=302, headers={"Location": f"http://127.0.0.1:{platform.server.server_port}/inside"}))
    with pytest.raises(SendUncertain):
        post(f"http://{blog}/", public_but=())
    assert len(platform.asked) == 1
