"""Deliveries that wait together are taken in together: no faster way may lead to another inbox, or let one spoil the others."""

from itertools import permutations
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction

from inbox import intake
from inbox.intake import queue
from inbox.models import Conversation, Delivery, EarlyEvent, Message
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND, make_channel
from tests.inbox.wire import feed, own_feed, picture, store, take_in

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * DAY


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


def somebody(number: int) -> dict[str, str]:
    return {"id": f"8011{number}", "name": f"Personne {number}"}


def comments(page, count: int) -> list[bytes]:
    return [feed(page, str(number), NOON, author=somebody(number), message=f"Question {number}?") for number in range(count)]


def outcomes() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("outcome", flat=True))


def refuse(condition: str, state: str) -> None:
    """Let PostgreSQL itself refuse a message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'refused by the test' USING ERRCODE = '{state}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON inbox_message FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse()"
        )


def test_what_waits_together_is_the_same_inbox_as_one_after_the_other(page):
    events = [
        feed(page, "1", NOON, message="Ouvert lundi?"),
        own_feed(page, "2", NOON + HOUR, parent="1", message="Oui!"),
        feed(page, "3", NOON + 2 * HOUR, parent="2", message="Merci, et jeudi?"),
        feed(page, "1", NOON + MINUTE, verb="edited", message="Ouvert mardi?"),
    ]
    with transaction.atomic():
        take_in(*events, at=LATER)
        expected = picture()
        transaction.set_rollback(True)

    for order in permutations(events):
        with transaction.atomic():
            store(*order, at=LATER)
            assert intake.drain(now=LATER) == len(events)
            assert picture() == expected, [events.index(event) for event in order]
            assert not EarlyEvent.objects.exists()
            transaction.set_rollback(True)


def test_one_that_cannot_be_taken_in_spoils_none_of_those_beside_it(page):
    refuse("NEW.text = 'Question 1?'", "22000")
    store(*comments(page, 3), at=NOON)

    intake.drain(now=NOON)

    assert outcomes() == ["done", "", "done"]
    bad = Delivery.objects.get(outcome="")
    assert (bad.attempts, bad.try_at, "refused by the test" in bad.error) == (1, NOON + 2 * SECOND, True)
    assert set(Conversation.objects.values_list("preview", flat=True)) == {"Question 0?", "Question 2?"}


def test_what_people_wrote_stands_neither_in_the_log_nor_beside_the_delivery(page, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inbox_message ADD CONSTRAINT none_of_these CHECK (text <> 'Question 0?')")
    store(*comments(page, 1), at=NOON)

    intake.drain(now=NOON)

    bad = Delivery.objects.get()
    assert "none_of_these" in bad.error
    assert "none_of_these" in caplog.text
    assert "Question 0?" not in bad.error + caplog.text


def test_one_that_failed_is_taken_in_later_with_others(page):
    refuse("NEW.text = 'Question 1?'", "22000")
    store(*comments(page, 2), at=NOON)
    intake.drain(now=NOON)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON inbox_message")

    store(*comments(page, 3)[2:], at=NOON + HOUR)
    intake.drain(now=NOON + HOUR)

    assert outcomes() == ["done"] * 3
    assert Conversation.objects.count() == 3


def test_a_body_that_is_no_json_beside_others(page):
    first, second = comments(page, 2)
    store(first, b"\xff\x00 not json", second, at=NOON)

    intake.drain(now=NOON)

    assert outcomes() == ["done", "failed", "done"]


def test_when_postgresql_is_busy_nothing_is_held_against_a_delivery(page):
    refuse("NEW.text = 'Question 1?'", "40P01")
    store(*comments(page, 3), at=NOON)

    with pytest.raises(OperationalError), transaction.atomic():
        intake.drain(now=NOON)

    assert outcomes() == ["", "", ""]
    assert set(Delivery.objects.values_list("attempts", "error", "try_at")) == {(0, "", NOON)}
    assert not Message.objects.exists()


def test_deliveries_that_tell_much_are_taken_in_bit_by_bit(page, monkeypatch):
    monkeypatch.setattr(queue, "MANY", 2)
    store(*comments(page, 5), at=NOON)

    assert intake.drain(now=NOON) == 5

    assert Conversation.objects.count() == 5


def test_no_more_is_taken_than_was_asked_for(page):
    store(*comments(page, 3), at=NOON)

    assert intake.drain(now=NOON, limit=2) == 2
    assert outcomes() == ["done", "done", ""]


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_each_delivery_once():
    pages = [make_channel(external_id=f"10020030040050{number}") for number in range(3)]
    bodies = [feed(pages[n % 3], str(n), NOON, author=somebody(n), message=f"Question {n}?") for n in range(4 * queue.BATCH)]
    store(*bodies, at=NOON)
    together, taken = Barrier(2), []

    def work() -> None:
        together.wait(10)
        taken.append(intake.drain(now=NOON))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sum(taken) == len(bodies)
    assert set(outcomes()) == {"done"}
    assert Conversation.objects.count() == Message.objects.count() == len(bodies)
