"""The process as a whole: traffic by itself, state that outlives it, and an end at once."""

import contextlib
import json
import signal
import sqlite3
import threading
from time import monotonic

import requests

from simulator.client import Simulator
from tests.simulator.calls import FACEBOOK, reply
from tests.simulator.fixtures import ROOT, start_simulator, stop_simulator

LINES = json.loads((ROOT / "simulator" / "traffic" / "lines.json").read_text())
PEOPLE = json.loads((ROOT / "simulator" / "traffic" / "people.json").read_text())


def test_traffic_trickles_in_words_of_the_list_and_under_fictional_names(fresh: Simulator, sink, drained):
    said = {fresh.trickle_now() for _ in range(12)}
    drained()

    written = [
        each | {"platform": page["platform"]}
        for page in fresh.state()["pages"]
        for each in page["comments"] + page["messages"] + page["reviews"]
    ]
    assert len(said) > 6
    assert len(written) == 12
    assert {each["text"] for each in written} <= {line["text"] for line in LINES}
    assert {each["author"] for each in written} <= set(PEOPLE["names"] + PEOPLE["usernames"])
    assert len(sink.received) == len([each for each in written if each["platform"] != "wordpress"])  # which tells nothing


def test_nothing_trickles_to_a_page_that_is_quiet(fresh: Simulator):
    fresh.reset(pages=False)
    fresh.create_page("facebook", "1009", name="Fabricant Exemple", token="t", posts=["Bonjour"], extra={"quiet": True})
    comment = fresh.comment("1009", "Où vous trouver?")["id"]
    fresh.native_comment("1009", "À Villefictive.", parent=comment)
    for _ in range(8):
        fresh.trickle_now()

    [page] = fresh.state()["pages"]
    assert [each["text"] for each in page["comments"]] == ["Où vous trouver?", "À Villefictive."]


def test_traffic_starts_by_itself_when_asked_for(tmp_path, sink_server):
    process, client = start_simulator(tmp_path / "s.sqlite3", sink_server.url, "--trickle", "--trickle-seconds", "0.01,0.02")
    until = monotonic() + 10
    while not any(page["comments"] or page["messages"] for page in client.state()["pages"]) and monotonic() < until:
        client.wait()
    written = sum(len(page["comments"]) + len(page["messages"]) for page in client.state()["pages"])
    stop_simulator(process, client)

    assert written


def test_what_was_written_and_not_delivered_outlives_the_process(tmp_path, sink, sink_server):
    state = tmp_path / "s.sqlite3"
    process, client = start_simulator(state, "http://127.0.0.1:9", "--retry-seconds", "60")
    comment = client.comment(FACEBOOK, "Encore là ?")["id"]
    stop_simulator(process, client)

    process, client = start_simulator(state, sink_server.url)
    client.flush()
    drained = client.wait()
    stop_simulator(process, client)

    assert drained
    assert [value["comment_id"] for value in sink.values()] == [comment]


def test_an_older_state_of_another_shape_is_thrown_away(tmp_path, sink_server, fresh):
    state = tmp_path / "s.sqlite3"
    with sqlite3.connect(state) as database:
        database.execute("CREATE TABLE simulator_page (something_else)")
    database.close()
    process, client = start_simulator(state, sink_server.url)
    pages = [page["id"] for page in client.pages()]
    stop_simulator(process, client)

    assert pages == [page["id"] for page in fresh.pages()]


def _give_up_quietly(client: Simulator, comment: str) -> None:
    with contextlib.suppress(requests.RequestException):
        reply(client, comment)


def test_ctrl_c_ends_it_at_once_even_while_a_call_is_being_slow(tmp_path, sink_server):
    process, client = start_simulator(tmp_path / "s.sqlite3", sink_server.url)
    comment = client.comment(FACEBOOK, "Bonjour")["id"]
    client.fault("slow", value=20_000, count=1)
    threading.Thread(target=_give_up_quietly, args=(client, comment), daemon=True).start()
    while client.faults()[0]["remaining"]:
        pass  # until the slow call is under way
    client.http.close()

    started = monotonic()
    process.send_signal(signal.SIGINT)
    status = process.wait(timeout=5)
    if process.stdout:
        process.stdout.close()

    assert status == 0
    assert monotonic() - started < 1
