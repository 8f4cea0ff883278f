"""Our WhatsApp connector and the simulator's WhatsApp, over HTTP: two readings of the same documents must agree."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from inbox import platforms
from inbox.platforms.base import (
    AccessChanged,
    Connection,
    ContactChanged,
    Edited,
    Kind,
    Outgoing,
    OwnTurn,
    Reacted,
    Reason,
    Receipt,
    Received,
    Removed,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Status,
    Unrecognised,
)
from tests.simulator.calls import WABA, WHATSAPP, WHATSAPP_TOKEN

JULIE = "Julie Exemple"
whatsapp = platforms.get("whatsapp")


@pytest.fixture
def number(fresh):
    settings = {"waba_id": WABA}
    return Connection(WHATSAPP, WHATSAPP_TOKEN, fresh.url, "v26.0", "dev-meta-app-secret", settings=settings)


@pytest.fixture
def heard(sink, drained):
    def events():
        drained()
        family, found = platforms.family("meta"), []
        for each in sink.received:
            assert family.verify(each.headers, each.body, secrets=["dev-meta-app-secret"], now=datetime.now(UTC))
            found += family.parse(each.body, received_at=datetime.now(UTC))
        sink.clear()
        return found

    return events


def answer(event, text="Oui, jusqu’à 21 h."):
    return Outgoing(kind=Kind.MESSAGE, thread=event.thread, text=text, correlation="comptoir:8f3a", reply_to=event.external_id)


@pytest.mark.parametrize("ids", [{}, {"whatsapp_numbers": False}, {"whatsapp_user_ids": False}], ids=["both", "id", "number"])
def test_a_person_is_understood_and_answered_by_whichever_id_there_is(fresh, number, heard, ids):
    fresh.configure(**ids)
    fresh.message(WHATSAPP, "Êtes-vous ouverts ?", author=JULIE)

    [asked] = heard()
    assert isinstance(asked, Received)
    assert (asked.channel_id, asked.text, asked.author.name) == (WHATSAPP, "Êtes-vous ouverts ?", JULIE)
    assert bool(asked.author.phone) is ("whatsapp_numbers" not in ids)

    sent = whatsapp.send(answer(asked), number)
    receipts = heard()
    assert [event.status for event in receipts] == [Status.SENT, Status.DELIVERED, Status.READ]
    assert {(event.external_id, event.correlation) for event in receipts} == {(sent.external_id, "comptoir:8f3a")}
    [written] = fresh.replies(page=WHATSAPP)
    assert written["text"] == "Oui, jusqu’à 21 h."


@pytest.mark.parametrize("fault", ["error_after_accept", "drop_after_accept", "cut_mid_answer", "no_id"])
def test_an_answer_without_a_clear_outcome_is_told_by_its_receipts(fresh, number, heard, fault):
    fresh.message(WHATSAPP, "?", author=JULIE)
    [asked] = heard()
    fresh.fault(fault, count=1)

    with pytest.raises(SendUncertain):
        whatsapp.send(answer(asked), number)

    assert {event.correlation for event in heard() if isinstance(event, Receipt)} == {"comptoir:8f3a"}


@pytest.mark.parametrize(
    ("fault", "value", "error", "reason"),
    [
        ("token_dead", None, SendRefused, Reason.TOKEN_DEAD),
        ("refuse_429", None, SendNotReached, Reason.THROTTLED),
        ("refuse", "131026", SendRefused, Reason.RECIPIENT_UNAVAILABLE),
    ],
)
def test_refusals_are_understood(fresh, number, heard, fault, value, error, reason):
    fresh.message(WHATSAPP, "?", author=JULIE)
    [asked] = heard()
    fresh.fault(fault, count=1, **({"value": value} if value else {}))
    with pytest.raises(error) as caught:
        whatsapp.send(answer(asked), number)
    assert caught.value.reason is reason


def test_a_closed_window_is_told_at_once_or_afterwards(fresh, number, heard):
    fresh.message(WHATSAPP, "?", author=JULIE, at=datetime.now(UTC) - timedelta(days=2))
    [asked] = heard()
    whatsapp.send(answer(asked), number)
    [failed] = heard()
    assert (failed.status, failed.reason) == (Status.FAILED, Reason.WINDOW_CLOSED)

    fresh.configure(whatsapp_window="refuse")
    with pytest.raises(SendRefused) as caught:
        whatsapp.send(answer(asked), number)
    assert caught.value.reason is Reason.WINDOW_CLOSED


def test_one_person_is_not_written_to_too_fast(fresh, number, heard):
    fresh.configure(whatsapp_pair_burst=1)
    fresh.message(WHATSAPP, "?", author=JULIE)
    [asked] = heard()
    whatsapp.send(answer(asked), number)
    with pytest.raises(SendNotReached) as caught:
        whatsapp.send(answer(asked, "Encore."), number)
    assert (caught.value.reason, caught.value.retry_after) == (Reason.THROTTLED, timedelta(seconds=6))


def test_what_becomes_of_a_message_is_understood(fresh, number, heard):
    message = fresh.message(WHATSAPP, "Ouvert lundi?", author=JULIE)
    [asked] = heard()
    fresh.edit_message(message["id"], "Ouvert mardi?")
    fresh.delete_message(message["id"])

    edited, removed = heard()
    assert (type(edited), edited.external_id, edited.text) == (Edited, asked.external_id, "Ouvert mardi?")
    assert (type(removed), removed.external_id) == (Removed, asked.external_id)


@pytest.mark.parametrize("unreact", ["empty", "missing"])
def test_reactions_come_and_go(fresh, number, heard, unreact):
    fresh.configure(whatsapp_unreact=unreact)
    message = fresh.message(WHATSAPP, "Merci", author=JULIE)
    heard()
    fresh.react_to_message(message["id"], "love")
    fresh.react_to_message(message["id"], "")
    liked, cleared = heard()
    assert (type(liked), liked.reaction, cleared.reaction) == (Reacted, "❤️", "")
    assert liked.actor.id == cleared.actor.id


def test_a_picture_is_fetched_by_its_id(fresh, number, heard):
    fresh.message(WHATSAPP, "Celui-ci?", author=JULIE, attachments=[{"type": "image"}])
    [asked] = heard()
    [picture] = asked.attachments
    assert (picture.type, picture.url, asked.text) == ("image", "", "Celui-ci?")

    address, headers = whatsapp.media(picture.media_id, number)

    assert requests.get(address, headers=headers, timeout=10).headers["Content-Type"].startswith("image/")
    assert requests.get(address, timeout=10).status_code in {401, 403, 404}


def test_what_cannot_be_shown_is_a_placeholder(fresh, number, heard):
    fresh.message(WHATSAPP, author=JULIE, extra={"type": "unsupported"})
    [asked] = heard()
    assert [attachment.type for attachment in asked.attachments] == ["unsupported"]


@pytest.mark.parametrize("named", ["wa_id", "older"])
def test_a_person_who_changes_number_is_the_same_person(fresh, number, heard, named):
    fresh.configure(whatsapp_system=named)
    fresh.message(WHATSAPP, "?", author=JULIE)
    [asked] = heard()

    changed = fresh.ask("POST", "whatsapp/number", {"page": WHATSAPP, "author": JULIE, "wa_id": "15145550177"})

    told = heard()
    assert {type(event) for event in told} == {ContactChanged}
    assert {event.new_id for event in told} == {changed["user_id"]}
    assert {event.old_id for event in told} == {asked.author.id, asked.author.phone}
    assert "15145550177" in {event.phone for event in told}


def test_an_answer_typed_on_the_telephone_is_ours(fresh, number, heard):
    fresh.message(WHATSAPP, "?", author=JULIE)
    [asked] = heard()
    fresh.native_message(WHATSAPP, "Oui.", author=JULIE)
    [ours] = heard()
    assert isinstance(ours, OwnTurn)
    assert (ours.thread, ours.text) == (asked.thread, "Oui.")


def test_what_the_account_is_told_reaches_its_numbers(fresh, number, heard):
    told = {"page": WHATSAPP, "field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}}
    fresh.ask("POST", "whatsapp/field", told)
    fresh.ask("POST", "whatsapp/problem", {"page": WHATSAPP})
    restricted, problem = heard()
    assert isinstance(restricted, AccessChanged)
    assert (restricted.setting, restricted.granted) == (("waba_id", WABA), False)
    assert (type(problem), problem.channel_id) == (Unrecognised, WHATSAPP)


def test_a_number_and_its_account_are_asked_how_they_do(fresh, number):
    health = whatsapp.check(number)
    assert (health.name, health.subscribed, health.warnings) == (whatsapp.identity(number), True, ())


def test_an_app_that_knows_its_number_is_told_that_nothing_is_missing(fresh, number):
    app = replace(number, app_id="112233445566778", app_secret="dev-meta-app-secret")
    assert whatsapp.check(app).missing_permissions == ()
