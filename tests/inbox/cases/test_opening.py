"""A case is opened at intake, whichever way a message takes, and stays whatever becomes of the message."""

import pytest

from inbox import cases, intake
from inbox.models import Rank, SafetyCase
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    make_case,
    make_channel,
    make_danger,
    make_location,
    make_organization,
    make_waiting,
)
from tests.inbox.rules import EVENT, in_force
from tests.inbox.wire import feed, store, take_in

pytestmark = pytest.mark.django_db
HEARD = NOON + HOUR


@pytest.fixture
def page():
    return make_channel()


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    in_force(monkeypatch, EVENT)


def somebody(number: int) -> dict[str, str]:
    return {"id": f"8011{number}", "name": f"Personne {number}"}


def test_we_know_since_the_webhook_came_not_since_it_was_read_or_written(page):
    store(feed(page, "1", NOON - DAY, message="J’ai des plaques"), at=HEARD)
    intake.drain(now=HEARD + 3 * HOUR)

    assert SafetyCase.objects.get().aware_at == HEARD


def test_several_taken_in_together_open_a_case_each_and_others_none(page):
    texts = ["J’ai des plaques", "Ouvert lundi?", "des plaques et des plaques"]
    store(*(feed(page, f"{n}", NOON, author=somebody(n), message=text) for n, text in enumerate(texts)), at=HEARD)
    intake.drain(now=HEARD)

    opened = SafetyCase.objects.order_by("message__external_id").values_list("message__text", "type")
    assert list(opened) == [(texts[0], "adverse_event"), (texts[2], "adverse_event")]


def test_an_edit_that_tells_of_it_opens_a_case_from_the_edit_on(page):
    take_in(feed(page, "1", NOON, message="Bonjour"), at=HEARD)
    take_in(feed(page, "1", HEARD + DAY, verb="edited", message="J’ai des plaques"), at=HEARD + DAY + MINUTE)

    assert SafetyCase.objects.get().aware_at > HEARD


@pytest.mark.parametrize("verb", ["edited", "remove"])
def test_the_case_stays_when_its_author_says_it_otherwise_or_takes_it_back(page, verb):
    take_in(feed(page, "1", NOON, message="J’ai des plaques"), at=HEARD)
    take_in(feed(page, "1", HEARD + DAY, verb=verb, message="Merci!"), at=HEARD + DAY)

    case = SafetyCase.objects.standing().get()
    assert case.aware_at == HEARD


def test_the_same_webhook_twice_opens_one_case(page):
    take_in(*[feed(page, "1", NOON, message="J’ai des plaques")] * 2, at=HEARD)
    assert SafetyCase.objects.count() == 1


@pytest.mark.parametrize(("kind", "duty"), [("manufacturer", True), ("pharmacy", False), ("clinic", False)])
def test_a_maker_has_a_duty_and_a_pharmacy_an_offer(kind, duty):
    page = make_channel(make_location(make_organization(kind=kind)))
    take_in(feed(page, "1", NOON, message="J’ai des plaques"), at=HEARD)
    assert SafetyCase.objects.get().duty is duty


def test_an_error_that_reached_somebody_opens_a_case(page):
    message = make_waiting(page).messages.get()

    make_case(message, "medication_error", family="crisis", urgency=Rank.CRISIS)

    assert SafetyCase.objects.standing().get().type == "medication_error"


def test_an_error_that_was_seen_in_time_opens_none(page):
    finding = make_danger(make_waiting(page).messages.get(), "medication_error", urgency=Rank.SOON)

    cases.open_for([finding], set())

    assert not SafetyCase.objects.exists()
