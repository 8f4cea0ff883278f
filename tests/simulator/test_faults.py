from time import monotonic

import pytest
import requests

from tests.simulator.calls import (
    FACEBOOK,
    INSTAGRAM,
    INSTAGRAM_TOKEN,
    LINKEDIN,
    MOULIN,
    MOULIN_TOKEN,
    error,
    graph,
    reply,
    rest,
    send,
)
from tests.simulator.linkedin.calls import urn, write


@pytest.fixture
def comment(fresh):
    return fresh.comment(FACEBOOK, "Bonjour")["id"]


def accepted(sim):
    return len(sim.replies(page=FACEBOOK))


def test_a_slow_platform_takes_its_time_and_then_accepts(fresh, comment):
    fresh.fault("slow", page=FACEBOOK, value=300, count=1)

    started = monotonic()
    assert reply(fresh, comment).ok
    assert monotonic() - started >= 0.3


@pytest.mark.parametrize("kind", ["error_after_accept", "drop_after_accept", "no_id"])
def test_an_accepted_reply_may_get_no_clear_answer(fresh, comment, sink, drained, kind):
    fresh.fault(kind, page=FACEBOOK, count=1)

    if kind == "drop_after_accept":
        with pytest.raises(requests.ConnectionError):
            reply(fresh, comment)
    else:
        answer = reply(fresh, comment)
        assert (answer.status_code, "id" in answer.json()) == ((500, False) if kind == "error_after_accept" else (200, False))
    drained()

    assert accepted(fresh) == 1
    assert sink.values()[-1]["from"]["id"] == FACEBOOK
    assert reply(fresh, comment).json()["id"]


def test_an_answer_may_be_cut_in_its_midst(fresh, comment):
    fresh.fault("cut_mid_answer", page=FACEBOOK, count=1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead") as cut:
        reply(fresh, comment)

    read, missing = cut.value.args[0].args[1].args
    assert 0 < read <= missing <= read + 1
    assert accepted(fresh) == 1
    assert reply(fresh, comment).json()["id"]


def test_a_dropped_connection_accepts_nothing(fresh, comment):
    fresh.fault("drop_connection", page=FACEBOOK, count=1)

    with pytest.raises(requests.ConnectionError):
        reply(fresh, comment)

    assert accepted(fresh) == 0


def test_too_many_calls_are_refused_with_word_of_when_to_come_back(fresh, comment):
    fresh.fault("refuse_429", page=FACEBOOK, count=2)
    fresh.fault("refuse_429", page=MOULIN, value="4", count=1)
    other = fresh.comment(MOULIN, "Bonjour")["id"]

    refused = reply(fresh, comment)

    # Which status it is says nothing: only the code does.
    assert (refused.status_code, error(refused)) == (400, (613, None))
    assert '"estimated_time_to_regain_access":1' in refused.headers["X-Business-Use-Case-Usage"]
    of_the_app = reply(fresh, other, token=MOULIN_TOKEN)
    assert error(of_the_app) == (4, None)
    assert '"call_count":100' in of_the_app.headers["X-App-Usage"]
    assert '"call_count":100' not in of_the_app.headers["X-Business-Use-Case-Usage"]
    assert error(reply(fresh, comment)) == (613, None)
    assert reply(fresh, comment).ok
    assert accepted(fresh) == 1


@pytest.mark.parametrize(("value", "expected"), [("551", (551, None)), ("10/2018300", (10, 2018300)), ("1705", (1705, None))])
def test_any_refusal_of_the_taxonomy_can_be_had(fresh, comment, value, expected):
    fresh.fault("refuse", value=value, count=1)

    assert error(reply(fresh, comment)) == expected
    assert accepted(fresh) == 0


def test_a_look_at_the_platform_uses_up_no_fault_meant_for_a_write(fresh, comment):
    fresh.fault("refuse", page=FACEBOOK, value="551", count=1)

    assert graph(fresh, "GET", f"{comment}/comments").ok
    assert error(reply(fresh, comment)) == (551, None)


def test_a_dead_token_refuses_reads_and_writes(fresh, comment):
    fresh.fault("token_dead", page=FACEBOOK)

    assert error(reply(fresh, comment)) == (190, 460)
    assert error(graph(fresh, "GET", "me")) == (190, 460)

    fresh.clear_faults()
    assert graph(fresh, "GET", "me").ok


def test_a_window_can_be_closed_early(fresh):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    other = fresh.message(INSTAGRAM, "Bonjour")["person"]
    fresh.fault("window_closed")

    assert error(send(fresh, {"id": person})) == (10, 2018278)
    assert error(send(fresh, {"id": other}, token=INSTAGRAM_TOKEN)) == (10, 2534022)


def test_without_an_echo_only_a_look_at_the_platform_tells(fresh, comment, sink, drained):
    drained()
    sink.clear()
    fresh.fault("no_echo", page=FACEBOOK)

    assert reply(fresh, comment).ok
    drained()

    assert sink.received == []
    assert accepted(fresh) == 1


def test_a_fault_of_one_platform_leaves_the_others_alone(fresh, comment):
    fresh.fault("refuse", platform="instagram", value="368")
    other = fresh.comment(INSTAGRAM, "Bonjour")["id"]

    assert reply(fresh, comment).ok
    assert error(graph(fresh, "POST", f"{other}/replies", INSTAGRAM_TOKEN, data={"message": "Non"})) == (368, None)


def test_linkedin_words_its_refusals_in_its_own_way(fresh):
    root = fresh.comment(LINKEDIN, "Bonjour")["id"]
    told = []
    for kind in ("refuse_429", "token_dead", "error_after_accept"):
        fresh.fault(kind, platform="linkedin", count=1)
        refused = write(fresh, root)
        told.append((refused.status_code, refused.json()["status"], refused.json()["code"]))

    assert told == [
        (429, 429, "TOO_MANY_REQUESTS"),
        (401, 401, "REVOKED_ACCESS_TOKEN"),
        (500, 500, "INTERNAL_SERVER_ERROR"),
    ]
    assert len(rest(fresh, "GET", f"socialActions/{requests.utils.quote(urn(root), safe='')}/comments").json()["elements"]) == 1


def test_an_unknown_fault_is_refused_with_the_list_of_those_there_are(fresh):
    with pytest.raises(Exception, match="error_after_accept"):
        fresh.fault("earthquake")
