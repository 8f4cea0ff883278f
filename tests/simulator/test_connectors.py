"""Our connectors against the platforms' side, over HTTP: two readings of the same documents must agree."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox import platforms
from inbox.platforms.base import (
    Connection,
    Hint,
    Kind,
    Outgoing,
    OwnTurn,
    Reason,
    Received,
    SendNotReached,
    SendRefused,
    SendUncertain,
)
from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, LINKEDIN, LINKEDIN_TOKEN

PAGES = {
    "facebook": (FACEBOOK, FACEBOOK_TOKEN, "v26.0", "dev-meta-app-secret", "meta"),
    "instagram": (INSTAGRAM, INSTAGRAM_TOKEN, "v26.0", "dev-instagram-app-secret", "meta"),
    "linkedin": (LINKEDIN, LINKEDIN_TOKEN, "202609", "dev-linkedin-client-secret", "linkedin"),
}
COMMENTS = [("facebook", Kind.COMMENT), ("instagram", Kind.COMMENT), ("linkedin", Kind.COMMENT)]
MESSAGES = [("facebook", Kind.MESSAGE), ("instagram", Kind.MESSAGE)]


class Side:
    """Our side of one platform."""

    def __init__(self, sim, sink, drained, slug, kind):
        self.sim, self.sink, self.drained, self.kind = sim, sink, drained, kind
        self.page, token, version, self.secret, family = PAGES[slug]
        self.connector, self.family = platforms.get(slug), platforms.family(family)
        self.connection = Connection(self.page, token, sim.url, version, self.secret)

    def heard(self):
        """What the receivers were told since the last time, read by our own parser after our own check of the signature."""
        self.drained()
        events = []
        for each in self.sink.received:
            assert self.family.verify(each.headers, each.body, secrets=[self.secret], now=datetime.now(UTC))
            events += self.family.parse(each.body, received_at=datetime.now(UTC))
        self.sink.clear()
        return [event for event in events if not isinstance(event, Hint)]  # of what is to be looked up, see the meetings

    def asked(self, text="Êtes-vous ouverts ?", **more):
        write = self.sim.comment if self.kind is Kind.COMMENT else self.sim.message
        write(self.page, text, **more)
        [event] = self.heard()
        return event

    def answer(self, event, text="Oui, jusqu’à 21 h."):
        return Outgoing(
            kind=self.kind,
            thread=event.thread,
            text=text,
            correlation="8f3a",
            reply_to=event.external_id if self.kind is Kind.COMMENT else "",
            post_id=event.post.external_id if event.post else "",
        )


@pytest.fixture(params=COMMENTS + MESSAGES, ids=lambda case: f"{case[0]}-{case[1]}")
def side(request, fresh, sink, drained):
    return Side(fresh, sink, drained, *request.param)


def test_what_a_person_writes_is_understood(side):
    event = side.asked()

    assert isinstance(event, Received)
    assert (event.channel_id, event.kind, event.text) == (side.page, side.kind, "Êtes-vous ouverts ?")
    assert event.author is not None


def test_an_answer_is_taken_and_its_echo_carries_the_same_id_and_time(side):
    sent = side.connector.send(side.answer(side.asked()), side.connection)

    [echo] = side.heard()
    assert isinstance(echo, OwnTurn)
    assert (echo.external_id, echo.text) == (sent.external_id, "Oui, jusqu’à 21 h.")
    assert echo.at is None or echo.at.replace(microsecond=0) == sent.at.replace(microsecond=0)


@pytest.mark.parametrize("kind", ["error_after_accept", "drop_after_accept", "cut_mid_answer", "no_id"])
def test_an_answer_without_a_clear_outcome_is_found_on_the_platform(side, kind):
    event, since = side.asked(), datetime.now(UTC) - timedelta(seconds=2)
    side.sim.fault(kind, count=1)
    message = side.answer(event)

    with pytest.raises(SendUncertain):
        side.connector.send(message, side.connection)
    found = side.connector.find_sent(message, side.connection, since)

    [echo] = side.heard()
    assert found is not None
    assert found.external_id == echo.external_id


def test_an_answer_that_never_arrived_is_not_found(side):
    message = side.answer(side.asked())

    assert side.connector.find_sent(message, side.connection, datetime.now(UTC) - timedelta(minutes=1)) is None


def test_refusals_are_understood(side):
    message, told = side.answer(side.asked()), []
    for kind in ("token_dead", "refuse_429"):
        side.sim.fault(kind, count=1)
        with pytest.raises((SendRefused, SendNotReached)) as refused:
            side.connector.send(message, side.connection)
        told.append((type(refused.value), refused.value.reason))

    assert told == [(SendRefused, Reason.TOKEN_DEAD), (SendNotReached, Reason.THROTTLED)]
    assert side.sim.replies(page=side.page) == []


@pytest.mark.parametrize("side", MESSAGES, indirect=True)
def test_a_closed_window_is_understood(side):
    message = side.answer(side.asked(at=datetime.now(UTC) - timedelta(days=2)))

    with pytest.raises(SendRefused) as refused:
        side.connector.send(message, side.connection)

    assert refused.value.reason is Reason.WINDOW_CLOSED


def test_the_channel_knows_its_name(side):
    assert side.connector.identity(side.connection) in {
        "Pharmacie du Vieux-Quai",
        "pharmacie.vieux.quai",
        "Groupe Pharmacie du Quai",
    }


@pytest.mark.parametrize("side", COMMENTS, indirect=True)
def test_a_reply_under_a_comment_stays_in_its_thread(side):
    root = side.asked()
    [written] = [each for page in side.sim.state(side.page)["pages"] for each in page["comments"]]
    nested = side.asked("Merci !", parent=written["id"])

    assert (nested.thread, nested.parent) == (root.thread, root.external_id)
