"""Our connector of Google's reviews and the simulator's Google, over HTTP: two readings of the same documents must agree."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import BadSignature, Connection, Hint, Kind, Outgoing, Reason, Received, SendRefused, SendUncertain
from tests.simulator.calls import ACCOUNT, GOOGLE_REFRESH, PLACE

google = platforms.get("google")
URLS = ("GOOGLE_API_URL", "GOOGLE_LOCATIONS_URL", "GOOGLE_NOTIFICATIONS_URL", "GOOGLE_TOKEN_URL", "GOOGLE_CERTS_URL")


@pytest.fixture
def variables(fresh, sink):
    known = {variable.name: variable.development or variable.default or "" for variable in platforms.variables()}
    return known | dict.fromkeys(URLS, fresh.url) | {"GOOGLE_PUSH_AUDIENCE": [sink.url + "/hooks/google/"]}


@pytest.fixture
def place(variables):
    settings = {"account": ACCOUNT}
    there = google.address(variables, settings)
    known = {each.name: getattr(there, each.name) for each in fields(there)}
    return Connection(PLACE.partition(f"{ACCOUNT}/")[2], GOOGLE_REFRESH, settings=settings, **known)


@pytest.fixture
def heard(sink, drained, variables):
    def events(*, after=timedelta(0)):
        drained()
        family, now, found = platforms.family("google"), datetime.now(UTC) + after, []
        for each in sink.received:
            assert family.verify(each.headers, each.body, secrets=family.secrets(variables), now=now)
            found += family.parse(each.body, received_at=now)
        sink.clear()
        return found

    return events


def fetched(hint, place):
    items = list(google.fetch(hint.external_id, place))
    return [event for item in items for event in google.read_listed(place.external_id, item)]


def answer(review, text="Merci Julie"):
    return Outgoing(kind=Kind.REVIEW, thread=review.thread, text=text, correlation="8f3a", reply_to=review.external_id)


@pytest.fixture
def review(fresh, place, heard):
    fresh.review(PLACE, "Bon service", stars=4)
    [hint] = heard()
    return next(event for event in fetched(hint, place) if isinstance(event, Received))


def test_a_push_is_believed_and_what_it_hints_at_is_fetched(fresh, place, heard):
    fresh.review(PLACE, "Bon service", stars=4)
    [hint] = heard()

    [received] = [event for event in fetched(hint, place) if isinstance(event, Received)]

    assert isinstance(hint, Hint)
    assert (received.text, received.rating, received.kind) == ("Bon service", "4", Kind.REVIEW)
    assert received.author.name == "Julie Exemple"


@pytest.mark.parametrize("wrong", ["bad", "audience", "issuer", "expired", "unverified", "email", "none"])
def test_a_push_under_a_wrong_token_is_not_believed(fresh, heard, wrong):
    fresh.fault("google_token", page=PLACE, value=wrong, count=1)
    fresh.review(PLACE, "Bonjour", stars=5)

    with pytest.raises(BadSignature):
        heard()


def test_a_push_signed_with_the_next_key_is_believed_once_the_keys_may_be_asked_for_again(fresh, heard):
    fresh.review(PLACE, "Avant", stars=5)
    heard()
    fresh.ask("POST", "google/keys")
    fresh.review(PLACE, "Après", stars=5)

    assert len(heard(after=timedelta(minutes=2))) == 1


def test_a_review_is_answered_in_its_one_place(fresh, place, review):
    google.send(answer(review), place)

    [kept] = [each for page in fresh.state(PLACE)["pages"] for each in page["reviews"]]
    assert (kept["reply"], kept["reply_source"]) == ("Merci Julie", "api")


@pytest.mark.parametrize("kind", ["error_after_accept", "drop_after_accept", "cut_mid_answer"])
def test_an_answer_in_doubt_is_found(fresh, place, review, kind):
    fresh.fault(kind, page=PLACE, count=1)

    with pytest.raises(SendUncertain):
        google.send(answer(review), place)

    assert google.find_sent(answer(review), place, datetime.now(UTC) - timedelta(minutes=1)) is not None


def test_refusals_are_understood(fresh, place, review):
    fresh.fault("refuse", page=PLACE, count=1)
    with pytest.raises(SendRefused) as forbidden:
        google.send(answer(review), place)
    fresh.ask("POST", "google/overwrite", {"page": PLACE})

    assert forbidden.value.reason is Reason.PERMISSION
    assert google.check(place).subscribed is False


def test_the_one_setting_is_taken_back_from_another_tool(fresh, place, heard):
    fresh.ask("POST", "google/overwrite", {"page": PLACE})
    fresh.review(PLACE, "Personne n’écoute", stars=1)
    google.subscribe(place, "https://comptoir.example/hooks/google/")
    fresh.review(PLACE, "Nous voilà", stars=5)

    assert len(heard()) == 1
    assert google.check(place).subscribed is True


def test_all_reviews_are_listed_and_the_place_knows_its_name(fresh, place):
    for number in range(3):
        fresh.review(PLACE, str(number), stars=number + 1)

    items = list(google.listing(place, datetime.now(UTC) - timedelta(hours=1), []))
    told = [event for item in items for event in google.read_listed(place.external_id, item) if isinstance(event, Received)]

    assert {each.text for each in told} == {"0", "1", "2"}
    assert google.identity(place) == "Pharmacie du Vieux-Quai"
