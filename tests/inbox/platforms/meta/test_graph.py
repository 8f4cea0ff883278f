"""What Graph's refusals mean: the reference's table, cell by cell, over a real socket."""

import json
from datetime import timedelta

import pytest

from inbox.platforms import signing
from inbox.platforms.base import Connection, Reason, SendNotReached, SendRefused, SendUncertain
from inbox.platforms.meta import graph
from tests.factories import HOUR, MINUTE, NOON
from tests.inbox.platforms.server import Saying

PAGE = "100200300400500"


@pytest.fixture
def connection(platform) -> Connection:
    return Connection(PAGE, "page-token", platform.url + "/", "v26.0", "app-secret")


def write(connection: Connection):
    return graph.write(connection, "900111_900222", "comments", id_field="id", form={"message": "Bonjour"})


def error(code: object, subcode: object = None, **more: object) -> dict:
    body = {"message": "no", "type": "OAuthException", "code": code} | more
    return {"error": body | ({"error_subcode": subcode} if subcode else {})}


REFUSED = {
    Reason.POLICY_BLOCK: [(368, None), (368, 1390008), (10, 1893063), (100, 2534029), (2022, None)],
    Reason.TOKEN_DEAD: [(190, sub) for sub in (None, 458, 459, 460, 463, 464, 467, 492)] + [(102, None), (102, 463)],
    Reason.PERMISSION: [
        *[(10, None), (3, None), (200, None), (230, None), (283, None), (299, None), (2018247, None)],
        *[(200, 2018028), (200, 2018027), (200, 2534041), (10, 2534077)],
    ],
    Reason.WINDOW_CLOSED: [(10, 2018278), (10, 2534022), (10, 2018065)],
    Reason.RECIPIENT_UNAVAILABLE: [(551, None), (551, 1545041), (200, 1545041), (10, 2018108), (10903, None), (2018218, None)],
    Reason.THREAD_OWNED: [(10, 2018300), (2018300, None), (10, 2018321), (2018321, None), (100, 2534037)],
    Reason.GONE: [(100, 33), (100, 2534014), (100, 2018001), (100, 2534001), (9000001, None)],
    Reason.NOT_ALLOWED: [(1705, None), (100, 2534025)],
    Reason.ALREADY_REPLIED: [(10900, None)],
    Reason.INVALID: [(100, None), (100, 2018008), (100, 2018047), (100, 2018109), (100, 2018294)],
    Reason.OTHER: [(999, None), (12345, 6)],
}
THROTTLED = [
    *[(code, None) for code in (4, 17, 32, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008)],
    *[(613, 1996), (613, 2534040), (613, 2018338), (9, 2018352)],
]
TRANSIENT = [(1, None), (2, None), (341, None), (1, 1357046)]


@pytest.mark.parametrize(("reason", "code", "subcode"), [(reason, *pair) for reason, pairs in REFUSED.items() for pair in pairs])
@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_is_known_by_its_code_whatever_the_status(platform, connection, reason, code, subcode, status):
    platform.says(Saying(error(code, subcode), status))
    with pytest.raises(SendRefused) as caught:
        write(connection)
    assert (caught.value.reason, caught.value.detail) == (reason, "no")


@pytest.mark.parametrize(("code", "subcode"), THROTTLED)
def test_when_throttled_nothing_is_lost_and_we_wait(platform, connection, code, subcode):
    platform.says(Saying(error(code, subcode, is_transient=True), 400))
    with pytest.raises(SendNotReached) as caught:
        write(connection)
    assert (caught.value.reason, caught.value.retry_after) == (Reason.THROTTLED, graph.THROTTLE_PAUSE)


@pytest.mark.parametrize(("code", "subcode"), TRANSIENT)
def test_a_write_that_met_a_fault_may_be_out(platform, connection, code, subcode):
    platform.says(Saying(error(code, subcode), 400))
    with pytest.raises(SendUncertain):
        write(connection)


@pytest.mark.parametrize(("code", "subcode"), TRANSIENT)
def test_a_question_that_met_a_fault_is_asked_again(platform, connection, code, subcode):
    platform.says(Saying(error(code, subcode), 400))
    with pytest.raises(SendNotReached):
        graph.read(connection, PAGE)


def test_a_fault_said_to_pass_is_uncertain_whatever_its_code(platform, connection):
    platform.says(Saying(error(4711, is_transient=True), 400))
    with pytest.raises(SendUncertain):
        write(connection)


def test_a_fault_of_the_platform_is_uncertain_even_with_a_code(platform, connection):
    platform.says(Saying(error(10), 500))
    with pytest.raises(SendUncertain):
        write(connection)


def test_an_error_is_one_even_in_a_200(platform, connection):
    platform.says(error(190))
    with pytest.raises(SendRefused):
        write(connection)
    with pytest.raises(SendRefused):
        graph.read(connection, PAGE)


@pytest.mark.parametrize("data", [{}, {"id": ""}, {"id": None}, {"id": {}}, {"id": "9" * 301}])
def test_an_accepted_write_without_an_id_is_uncertain(platform, connection, data):
    platform.says(data)
    with pytest.raises(SendUncertain):
        write(connection)


@pytest.mark.parametrize(
    ("status", "reason"), [(401, Reason.TOKEN_DEAD), (403, Reason.PERMISSION), (404, Reason.GONE), (418, Reason.OTHER)]
)
def test_without_a_code_the_status_is_all_there_is(platform, connection, status, reason):
    platform.says(Saying(status=status, raw=b"<html>no</html>"))
    with pytest.raises(SendRefused) as caught:
        write(connection)
    assert (caught.value.reason, caught.value.detail) == (reason, f"HTTP {status}")


@pytest.mark.parametrize("body", [{"error": "no"}, {"error": {"code": []}}, {"error": {"code": "x"}}, {"error": None}])
def test_an_error_of_another_shape_is_refused_all_the_same(platform, connection, body):
    platform.says(Saying(body, 400))
    with pytest.raises(SendRefused) as caught:
        write(connection)
    assert caught.value.reason == Reason.OTHER


def test_a_code_may_be_written_as_text(platform, connection):
    platform.says(Saying(error("10", "2018278"), 400))
    with pytest.raises(SendRefused) as caught:
        write(connection)
    assert caught.value.reason == Reason.WINDOW_CLOSED


def test_a_token_that_graph_repeats_is_blotted_out(platform, connection):
    platform.says(Saying(error(190, message="Malformed access token page-token"), 400))
    with pytest.raises(SendRefused) as caught:
        write(connection)
    assert caught.value.detail == "Malformed access token …"


# --- how long to wait --------------------------------------------------------------------------------


def usage(*minutes: object) -> str:
    objects = [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": each} for each in minutes]
    return json.dumps({PAGE: objects, "other": objects[:1]})


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"X-Business-Use-Case-Usage": usage(0, 7)}, 7 * MINUTE),
        ({"X-Business-Use-Case-Usage": usage(0), "Retry-After": "90"}, timedelta(seconds=90)),
        ({"X-Business-Use-Case-Usage": usage("soon", None, -3)}, graph.THROTTLE_PAUSE),
        ({"X-Business-Use-Case-Usage": "not json"}, graph.THROTTLE_PAUSE),
        ({"X-Business-Use-Case-Usage": "[]"}, graph.THROTTLE_PAUSE),
        ({"X-Business-Use-Case-Usage": usage(10**12)}, graph.LONGEST_PAUSE),
        ({"Retry-After": "Mon, 23 Nov 2026 17:00:05 GMT"}, graph.THROTTLE_PAUSE),
        ({}, graph.THROTTLE_PAUSE),
    ],
)
def test_how_long_to_wait_is_what_the_platform_says(platform, connection, headers, pause):
    platform.says(Saying(error(80001), 400, headers))
    with pytest.raises(SendNotReached) as caught:
        write(connection)
    assert caught.value.retry_after == pause


# --- calls -------------------------------------------------------------------------------------------


def test_a_call_names_the_version_and_proves_the_app(platform, connection):
    platform.says({"id": "900111_900999"})
    write(connection)
    (asked,) = platform.asked
    assert (asked.method, asked.path) == ("POST", "/v26.0/900111_900222/comments")
    assert asked.headers["Authorization"] == "Bearer page-token"
    assert asked.query == {"appsecret_proof": signing.digest("app-secret", b"page-token")}
    assert asked.form == {"message": "Bonjour"}


def test_an_id_cannot_climb_out_of_its_place_in_the_address(platform, connection):
    graph.read(connection, "../../me?x=1")
    assert platform.asked[0].path == "/v26.0/..%2F..%2Fme%3Fx%3D1"


def page_of(*ids: str, after: str = "", more: bool = False) -> dict:
    paging = {"cursors": {"after": after}} | ({"next": "http://evil.example/steal"} if more else {})
    return {"data": [{"id": each} for each in ids], "paging": paging}


def test_a_listing_is_read_by_cursor_and_never_by_the_address_given(platform, connection):
    platform.says(page_of("1", after="a", more=True), page_of(after="b", more=True), page_of("2", after="c"))
    assert [item["id"] for item in graph.pages(connection, PAGE, "comments", limit="1")] == ["1", "2"]
    assert [asked.query.get("after") for asked in platform.asked] == [None, "a", "b"]


def test_a_listing_that_does_not_end_proves_nothing(platform, connection):
    platform.says(page_of("1", after="a", more=True))
    with pytest.raises(SendNotReached):
        list(graph.pages(connection, PAGE, "comments"))
    assert len(platform.asked) == graph.PAGES


@pytest.mark.parametrize("data", [None, {}, "x", [1, "2", None]])
def test_a_listing_of_another_shape_is_empty(platform, connection, data):
    platform.says({"data": data, "paging": "none"})
    assert list(graph.pages(connection, PAGE, "comments")) == []


# --- which of them is ours ---------------------------------------------------------------------------

SINCE = NOON


def listed(**fields: object) -> dict:
    return {"id": "7", "message": "Bonjour Julie", "created_time": "2026-11-23T17:00:00+0000", "from": {"id": PAGE}} | fields


def own(*items: dict):
    return graph.own(items, {PAGE}, "Bonjour Julie", SINCE, words="message", time="created_time")


def test_ours_is_the_one_with_our_words_since_then():
    assert own(listed()).external_id == "7"
    assert own(listed()).at == NOON


def test_the_platform_may_trim_fold_and_compose_our_words():
    assert own(listed(message="  Bonjour \n Julie ")).external_id == "7"


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "Bonjour Julien"},
        {"message": None},
        {"from": {"id": "another"}},
        {"created_time": "2026-11-23T16:59:59+0000"},
        {"created_time": "yesterday"},
        {"created_time": 1795430412},
    ],
)
def test_what_differs_is_not_ours(fields):
    assert own(listed(**fields)) is None


def test_of_two_the_earlier_is_ours():
    later = listed(id="8", created_time=(NOON + HOUR).strftime("%Y-%m-%dT%H:%M:%S+0000"))
    assert own(later, listed()).external_id == "7"
