"""What the platforms know, to compare an inbox with; and customers in numbers."""

from time import monotonic, sleep

import pytest

from tests.simulator.calls import FACEBOOK, INSTAGRAM, MOULIN, reply, send


def by_id(rows):
    return {row["id"]: row for row in rows}


def test_everything_that_came_in_is_told_in_its_last_state(fresh):
    edited = fresh.comment(FACEBOOK, "Avant")["id"]
    fresh.edit_comment(edited, "Après")
    removed = fresh.comment(INSTAGRAM, "Retiré")["id"]
    fresh.remove_comment(removed)
    hidden = fresh.comment(FACEBOOK, "Masqué", parent=edited)["id"]
    fresh.hide_comment(hidden)
    message = fresh.message(FACEBOOK, "Bonjour")
    rating = fresh.review(FACEBOOK, "Bien", recommends=True)["id"]
    visitor = fresh.publish(FACEBOOK, "Horaires ?", author="Julie Exemple", kind="visitor")["id"]

    told = by_id(fresh.record()["inbound"])

    assert set(told) == {edited, removed, hidden, message["id"], rating, visitor}
    assert (told[edited]["text"], told[edited]["edited"], told[edited]["kind"]) == ("Après", True, "comment")
    assert told[removed]["removed"] is True
    assert (told[hidden]["hidden"], told[hidden]["to"]) == (True, edited)
    assert (told[message["id"]]["author"], told[message["id"]]["platform"]) == (message["person"], "facebook")
    assert (told[rating]["kind"], told[rating]["recommends"]) == ("review", True)
    assert told[visitor]["post_kind"] == "visitor"


def test_what_was_accepted_is_told_with_its_mark_and_what_was_accepted_twice_stands_out(fresh):
    comment = fresh.comment(FACEBOOK, "Êtes-vous ouverts ?")["id"]
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    fresh.native_comment(FACEBOOK, "D’ailleurs", parent=comment)
    for _ in range(2):
        reply(fresh, comment, "Oui")
        send(fresh, {"id": person}, "Bonjour Julie")
    send(fresh, {"comment_id": comment}, "En privé")

    record = fresh.record(page=FACEBOOK)

    assert [(row["source"], row["text"]) for row in record["outbound"] if row["kind"] == "comment"] == [
        ("native", "D’ailleurs"),
        ("api", "Oui"),
        ("api", "Oui"),
    ]
    assert {row["metadata"] for row in record["outbound"] if row["kind"] == "message"} == {"inbox:msg:8f3a"}
    assert [(row["to"], row["what"], row["times"]) for row in record["repeated"]] == [
        (comment, "Oui", 2),
        (person, "inbox:msg:8f3a", 2),
    ]
    assert fresh.record(page=MOULIN)["outbound"] == []


def test_deliveries_are_counted_and_the_dropped_ones_named(fresh, sink):
    lost = fresh.configure(webhook_base="http://127.0.0.1:9", retry_seconds=[]) and fresh.comment(FACEBOOK, "Perdu")["id"]
    assert fresh.wait()
    fresh.configure(webhook_base=sink.url)
    fresh.comment(FACEBOOK, "Arrivé")
    fresh.fault("hold", count=1)
    fresh.comment(FACEBOOK, "Retenu")
    assert fresh.wait()

    assert fresh.record()["deliveries"] == {
        "delivered": 1,
        "dropped": 1,
        "held": 1,
        "under_way": 0,
        "dropped_about": [lost],
    }


def finished(sim):
    until = monotonic() + 60
    while sim.load_state()["running"]:
        assert monotonic() < until
        sleep(0.05)
    return sim.load_state()


def test_customers_in_numbers_do_as_much_as_was_asked_and_every_webhook_arrives(fresh, sink):
    fresh.fault("duplicate", chance=0.2)
    fresh.configure(senders=4)
    fresh.load(60, per_second=200, pages=[FACEBOOK, INSTAGRAM], seed=3)

    state = finished(fresh)
    assert fresh.wait(60)
    record = fresh.record()

    assert (state["made"], state["failed"]) == (60, 0)
    assert {row["page"] for row in record["inbound"]} == {FACEBOOK, INSTAGRAM}
    assert {row["kind"] for row in record["inbound"]} == {"comment", "message"}
    assert record["deliveries"]["delivered"] == len(sink.received)
    assert len({each.body for each in sink.received}) < len(sink.received)
    told = {value.get("comment_id") or value.get("id") for value in sink.values()}
    told |= {item["message"]["mid"] for item in sink.items() if "message" in item}
    assert {row["id"] for row in record["inbound"]} <= told


def test_the_same_seed_has_customers_say_the_same(fresh):
    said = []
    for _ in range(2):
        fresh.reset()
        fresh.load(15, per_second=1000, pages=[FACEBOOK], seed=7)
        finished(fresh)
        said.append([(row["kind"], row["text"], row["removed"]) for row in fresh.record()["inbound"]])

    assert said[0] == said[1]


def test_a_load_can_be_stopped(fresh):
    fresh.load(10_000, per_second=50, pages=[FACEBOOK])

    assert fresh.stop_load()["running"] is False
    assert fresh.load_state()["made"] < 10_000


def test_with_some_chance_a_fault_happens_now_and_then(fresh, sink):
    fresh.fault("drop", page=FACEBOOK, chance=0.5)
    for number in range(40):
        fresh.comment(FACEBOOK, str(number))
    assert fresh.wait()

    assert 5 < len(sink.received) < 35
    with pytest.raises(Exception, match="no such platform"):
        fresh.fault("drop", platform="nowhere")
