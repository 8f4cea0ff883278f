"""Where many wait they are read before their pages are held: the inbox is the same, and nobody waits while another reads."""

from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from inbox import intake
from inbox.intake import queue
from inbox.models import Channel, Finding, Message
from inbox.triage.findings import Family
from tests.factories import MINUTE, NOON, make_channel
from tests.inbox.rules import CRISIS, EVENT, NUMBER, breaks, in_force, rule
from tests.inbox.wire import feed, picture, store, take_in

pytestmark = pytest.mark.django_db
MANY = queue.WORTH_READING_AHEAD


@pytest.fixture
def page():
    return make_channel(external_id="100200300400500")


def somebody(number: int, name: str | None = None) -> dict[str, str]:
    return {"id": f"8011{number}", "name": f"Personne {number}" if name is None else name}


def told(page, texts: list[str]) -> list[bytes]:
    return [feed(page, str(n), NOON + n * MINUTE, author=somebody(n), message=text) for n, text in enumerate(texts)]


def as_read() -> list[tuple[object, ...]]:
    return list(Message.objects.order_by("external_id").values_list("external_id", "triage_version", "unreadable", "urgency"))


def test_the_inbox_is_the_same_as_when_each_is_read_as_it_is_taken_in(page, monkeypatch):
    in_force(monkeypatch, CRISIS, EVENT, NUMBER, breaks)
    texts = ["danger", "J’ai des plaques", "TREM1234", "Ouvert lundi?", "ça casse"] * MANY
    later = NOON + 60 * len(texts) * MINUTE
    with transaction.atomic():
        take_in(*told(page, texts), at=later)
        expected, read = picture(), as_read()
        transaction.set_rollback(True)

    store(*told(page, texts), at=later)
    intake.drain(now=later)

    assert (picture(), as_read()) == (expected, read)
    assert Message.objects.filter(unreadable=True).count() == MANY


@pytest.mark.parametrize(("count", "beforehand"), [(MANY, True), (MANY - 1, False)])
@pytest.mark.django_db(transaction=True)
def test_many_are_read_once_and_while_nobody_holds_their_page(page, monkeypatch, count, beforehand):
    held = []

    def look(text, context):
        looking = Thread(target=lambda: held.append(is_held(page)))
        looking.start()
        looking.join(10)
        yield from ()

    in_force(monkeypatch, look)
    store(*told(page, [f"Question {n}?" for n in range(count)]), at=NOON)
    intake.drain(now=NOON)

    assert held == [not beforehand] * count


def is_held(page) -> bool:
    try:
        with transaction.atomic():
            Channel.objects.select_for_update(no_key=True, nowait=True).get(pk=page.pk)
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_who_turns_out_to_be_known_by_another_name_is_read_by_that(page, monkeypatch):
    def by_name(text, context):
        if context.author == "Personne 0":
            yield from rule("lundi", Family.CRISIS, "threat")(text, context)

    in_force(monkeypatch, by_name)
    take_in(*told(page, ["Bonjour"]), at=NOON)
    more = [feed(page, f"more{n}", NOON + MINUTE, author=somebody(n, name=""), message="Ouvert lundi?") for n in range(MANY)]
    store(*more, at=NOON + MINUTE)
    intake.drain(now=NOON + MINUTE)

    assert list(Finding.objects.values_list("message__external_id", flat=True)) == [
        Message.objects.get(external_id__contains="more0").external_id
    ]
