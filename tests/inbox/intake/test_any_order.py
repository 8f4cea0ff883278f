"""Whole talks at random: told one by one as they happened, or shuffled, doubled and in batches, they are the same inbox."""

from collections.abc import Iterator
from random import Random

import pytest
from django.db import transaction

from inbox import intake
from inbox.models import EarlyEvent, Wait
from tests.factories import DAY, MINUTE, NOON, make_channel
from tests.inbox.wire import feed, messenger, own_feed, picture, store, take_in

pytestmark = pytest.mark.django_db
SAID = ["", "", " Rappelez-moi au 418 555-0177.", " J’ai envie de mourir.", " Il étouffe!"]  # some of it is seen by triage
LATER = NOON + 3 * DAY
PEOPLE = [{"id": f"8011{number}", "name": f"Personne {number}"} for number in range(3)]


def talk(chance: Random, page) -> Iterator[bytes]:
    """Comments under comments, further words, answers of ours, edits and removals; a minute apart."""
    said: list[tuple[str, dict[str, str]]] = []
    for number in range(chance.randint(4, 9)):
        at, name = NOON + number * MINUTE, str(number)
        deed = chance.choice(["ask", "ask", "go on", "answer", "edit", "remove", "write", "echo"]) if said else "ask"
        parent, author = chance.choice(said) if said else ("", PEOPLE[0])
        match deed:
            case "ask":
                person = chance.choice(PEOPLE)
                under = parent if chance.random() < 0.4 else ""
                yield feed(page, name, at, parent=under, author=person, message=f"Question {number}?{chance.choice(SAID)}")
                said.append((name, person))
            case "go on":
                yield feed(page, name, at, parent=parent, author=author, message=f"Et puis {number}?")
                said.append((name, author))
            case "answer":
                yield own_feed(page, name, at, parent=parent, message=f"Oui {number}.")
                said.append((name, chance.choice(PEOPLE)))
            case "edit":
                yield feed(page, parent, at, verb="edited", author=author, message=f"Plutôt {number}?{chance.choice(SAID)}")
            case "remove":
                yield feed(page, parent, at, verb="remove", author=author)
            case "write":
                yield messenger(page, f"m_{number}", at, person=author["id"], text=f"Allô {number}?{chance.choice(SAID)}")
            case "echo":
                yield messenger(page, f"m_{number}", at, person=author["id"], echo=True, text=f"Bonjour {number}.")


def shuffled(chance: Random, events: list[bytes]) -> Iterator[list[bytes]]:
    """In batches, in any order, some of them twice."""
    order = chance.sample(events, len(events)) + chance.sample(events, 2)
    while order:
        size = chance.randint(1, len(order))
        yield order[:size]
        order = order[size:]


@pytest.mark.parametrize("seed", range(25))
def test_any_talk_in_any_order_and_in_batches_is_the_same_inbox(seed):
    chance = Random(seed)
    page = make_channel(external_id="100200300400500")
    events = list(talk(chance, page))
    with transaction.atomic():
        take_in(*events, at=LATER)
        expected = picture()
        transaction.set_rollback(True)

    for batch in shuffled(chance, events):
        store(*batch, at=LATER)
        intake.drain(now=LATER)

    assert picture() == expected
    assert not EarlyEvent.objects.exists()
    assert not Wait.objects.filter(events=None).exists()
