import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import signing
from inbox.platforms.base import (
    Action,
    Author,
    BadSignature,
    Connection,
    Deed,
    Edited,
    Event,
    Greeted,
    Kind,
    Malformed,
    Moderated,
    Moderation,
    Outgoing,
    OwnTurn,
    PostSeen,
    Reason,
    Received,
    Removed,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Unrecognised,
)
from tests.factories import HOUR, MINUTE, NOON, SECOND
from tests.inbox.platforms.contract import CHANNEL, OLDER, SECRET, PlatformContract, body_of, events_in, events_of, only
from tests.inbox.platforms.server import Saying

AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
WHO = {"platform": "website", "channel_id": CHANNEL}
POST = PostSeen("55", text="Le vaccin contre la grippe", permalink="https://blog.example/p/")
RECEIVED = Received(
    **WHO,
    external_id="812",
    kind=Kind.COMMENT,
    thread="812",
    text="Très utile !",
    at=AT,
    post=POST,
    author=Author("name:julie t.", "Julie T."),
    moderation=Moderation.PENDING,
)


def moderated(state: Moderation, minute: int) -> Moderated:
    return Moderated(**WHO, external_id="812", state=state, at=AT.replace(hour=11, minute=minute))


EVENTS: dict[str, list[Event]] = {
    "comment_created": [RECEIVED],
    "comment_created_published": [replace(RECEIVED, moderation=Moderation.APPROVED)],
    "comment_created_as_spam": [],
    "comment_created_html": [
        replace(RECEIVED, text="Bonjour,\n\n5 < 6 & c’est vrai\xa0!\n\nVoir ici (https://example.com/a)"),
    ],
    "comment_created_nested": [
        replace(
            RECEIVED,
            external_id="814",
            parent="812",
            text="Moi aussi.",
            at=AT + 10 * MINUTE,
            author=Author("name:marc exemple", "Marc Exemple"),
        )
    ],
    "comment_created_without_name": [replace(RECEIVED, author=None)],
    "comment_created_own": [
        OwnTurn(
            **WHO,
            external_id="813",
            kind=Kind.COMMENT,
            thread="812",
            parent="812",
            text="Merci Julie !",
            at=AT + 5 * MINUTE,
            post=POST,
            correlation="comptoir:8f3a",
        )
    ],
    "comment_created_own_under_the_post": [],
    "comment_updated": [Edited(**WHO, external_id="812", text="Très, très utile !", at=AT + 15 * MINUTE)],
    "comment_approved": [replace(RECEIVED, moderation=Moderation.APPROVED), moderated(Moderation.APPROVED, 0)],
    "comment_spam": [moderated(Moderation.REJECTED, 1)],
    "comment_trash": [moderated(Moderation.REJECTED, 2)],
    "comment_held": [RECEIVED, moderated(Moderation.PENDING, 3)],
    "comment_deleted": [Removed(**WHO, external_id="812", at=AT + 30 * MINUTE)],
    "ping": [Greeted(**WHO)],
}
KEPT_ASIDE = ["unknown_event", "unknown_status"]


def signed(body: bytes, secret: str = SECRET, at: datetime = NOON) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"X-Comptoir-Timestamp": stamp, "X-Comptoir-Signature": signing.stamped(secret, stamp, body)}


class TestWebsiteContract(PlatformContract):
    platform, sample = "website", "comment_created"
    junk = ("comment_created", "comment_created_html", "comment_created_own", "comment_approved", "comment_updated")

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return signed(body, secret)

    def changed(self, comment: dict[str, Any], **values: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        return events_in("website", body | values | {"comment": body["comment"] | comment})

    def with_time(self, moment: Any) -> list[Event]:
        return self.changed({"date_gmt": moment}, at=moment)

    def with_text(self, text: str) -> list[Event]:
        return self.changed({"content": {"raw": text}})

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed({"id": external_id})

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_site_told(name):
    assert events_of("website", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_of_our_form_is_kept_aside(name):
    event = only("website", name)
    assert isinstance(event, Unrecognised)
    assert event.channel_id == CHANNEL


def test_a_site_cannot_speak_for_another():
    told = json.loads(body_of("website", "comment_created")) | {"channel_id": "another", "site": "https://another.example"}
    (event,) = events_in("website", told)
    assert event.channel_id == CHANNEL


@pytest.mark.parametrize("missing", ["id", "status", "content"])
def test_a_comment_without_what_it_needs_is_kept_aside(missing):
    told = json.loads(body_of("website", "comment_created"))
    del told["comment"][missing]
    (event,) = events_in("website", told)
    assert isinstance(event, Unrecognised)


@pytest.mark.parametrize("name", ["comment_updated", "comment_approved", "comment_deleted"])
@pytest.mark.parametrize("at", [None, "", "yesterday"])
def test_what_happened_without_a_time_is_kept_aside_as_it_cannot_be_told_from_what_was_told_before(name, at):
    (event,) = events_in("website", json.loads(body_of("website", name)) | {"at": at})
    assert isinstance(event, Unrecognised)


# --- the signature -----------------------------------------------------------------------------------

website = platforms.family("website")


def test_the_vector_of_the_document():
    body = b'{"event":"ping","site":"https://blog.example"}'
    headers = {
        "X-Comptoir-Timestamp": "1795430412",
        "X-Comptoir-Signature": "sha256=15b84beee63202154b1a3ee239cf72fb88a6fecd82e55a6fba05cd786f78776d",
    }
    now = datetime.fromtimestamp(1795430412, UTC)
    assert website.verify(headers, body, secrets=["unit-test-website-secret"], now=now)


@pytest.mark.parametrize("away", [timedelta(0), 5 * MINUTE, -5 * MINUTE])
def test_clocks_may_differ_by_five_minutes(away):
    assert website.verify(signed(b"{}", at=NOON + away), b"{}", secrets=[SECRET], now=NOON)


@pytest.mark.parametrize("away", [5 * MINUTE + SECOND, -5 * MINUTE - SECOND, 24 * HOUR])
def test_what_was_signed_at_another_time_is_a_replay(away):
    with pytest.raises(BadSignature):
        website.verify(signed(b"{}", at=NOON + away), b"{}", secrets=[SECRET], now=NOON)


def test_a_time_cannot_be_changed_without_the_secret():
    headers = signed(b"{}", at=NOON - HOUR) | {"X-Comptoir-Timestamp": str(int(NOON.timestamp()))}
    with pytest.raises(BadSignature):
        website.verify(headers, b"{}", secrets=[SECRET], now=NOON)


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1795430412.5", "٣", "9" * 400])
def test_a_time_that_is_none_proves_nothing(stamp):
    headers = {"X-Comptoir-Timestamp": stamp, "X-Comptoir-Signature": signing.stamped(SECRET, stamp, b"{}")}
    with pytest.raises(BadSignature):
        website.verify(headers, b"{}", secrets=[SECRET], now=NOON)


def test_the_token_of_a_channel_holds_its_secrets():
    assert website.secrets_in(f"{SECRET},{OLDER}") == [SECRET, OLDER]


# --- writing -----------------------------------------------------------------------------------------

connector = platforms.get("website")
REPLY = Outgoing(kind=Kind.COMMENT, thread="812", text="Merci Julie !", correlation="comptoir:8f3a", reply_to="812", post_id="55")
COMMENT = {"id": 813, "post": 55, "parent": 812, "date_gmt": "2026-11-23T17:00:03"}
SITE = "https://blog.example"


@pytest.fixture
def site(platform) -> Connection:
    token = f"{SECRET},{OLDER}"
    settings = {"site": SITE, "callback_url": platform.url}
    return Connection(CHANNEL, token, platform.url, settings=settings, public_but=(platform.url,))


def test_an_answer_leaves_signed_with_every_valid_secret(platform, site):
    platform.says(Saying({"comment": COMMENT}, 201))

    assert connector.send(REPLY, site) == Sent("813", NOON + 3 * SECOND)
    (asked,) = platform.asked
    assert asked.json == {
        "event": "comment.reply",
        "site": SITE,
        "key": "comptoir:8f3a",
        "comment": {"post": "55", "parent": "812", "content": {"raw": "Merci Julie !"}},
    }
    stamp = asked.headers["X-Comptoir-Timestamp"]
    expected = [signing.stamped(secret, stamp, asked.body) for secret in (SECRET, OLDER)]
    assert asked.headers["X-Comptoir-Signature"] == ", ".join(expected)
    assert abs(int(stamp) - datetime.now(UTC).timestamp()) < 60
    assert "Authorization" not in asked.headers


def test_our_own_receiver_would_believe_what_we_sign(platform, site):
    platform.says({"comment": COMMENT})
    connector.send(REPLY, site)
    (asked,) = platform.asked
    for secret in (SECRET, OLDER):
        assert website.verify(asked.headers, asked.body, secrets=[secret], now=datetime.now(UTC))


@pytest.mark.parametrize("answer", [{}, {"comment": None}, {"comment": {}}, {"comment": {"post": 55}}])
def test_an_answer_without_a_comment_leaves_it_uncertain(platform, site, answer):
    platform.says(Saying(answer, 201))
    with pytest.raises(SendUncertain):
        connector.send(REPLY, site)


def test_an_uncertain_answer_is_asked_for_by_its_key(platform, site):
    platform.says({"comment": COMMENT})
    assert connector.find_sent(REPLY, site, NOON) == Sent("813", NOON + 3 * SECOND)
    assert platform.asked[0].json == {"event": "comment.find", "site": SITE, "key": "comptoir:8f3a"}


def test_an_answer_that_the_site_does_not_know_was_not_sent(platform, site):
    platform.says({"comment": None})
    assert connector.find_sent(REPLY, site, NOON) is None


def test_a_site_that_cannot_say_is_asked_again_later(platform, site):
    platform.says(Saying(status=500))
    with pytest.raises(SendNotReached):
        connector.find_sent(REPLY, site, NOON)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.TOKEN_DEAD),
        (403, Reason.OTHER),
        (404, Reason.GONE),
        (409, Reason.NOT_ALLOWED),
        (410, Reason.GONE),
        (422, Reason.INVALID),
        (501, Reason.NOT_ALLOWED),
    ],
)
def test_a_refusal_has_a_reason_and_the_sites_own_words(platform, site, status, reason):
    platform.says(Saying({"message": "Les commentaires sont fermés."}, status))
    with pytest.raises(SendRefused) as refused:
        connector.send(REPLY, site)
    assert (refused.value.reason, refused.value.detail) == (reason, "Les commentaires sont fermés.")


@pytest.mark.parametrize(("after", "pause"), [("120", 2 * MINUTE), ("", None), ("soon", None), ("99999999", 24 * HOUR)])
def test_a_site_may_ask_to_wait(platform, site, after, pause):
    platform.says(Saying(status=429, headers={"Retry-After": after}))
    with pytest.raises(SendNotReached) as refused:
        connector.send(REPLY, site)
    assert (refused.value.reason, refused.value.retry_after) == (Reason.THROTTLED, pause)


def test_without_a_callback_address_nothing_leaves(site):
    with pytest.raises(SendRefused) as refused:
        connector.send(REPLY, replace(site, base_url=""))
    assert refused.value.reason is Reason.NOT_ALLOWED


def test_a_callback_address_inside_our_own_network_is_not_called(platform, site):
    with pytest.raises(SendRefused) as refused:
        connector.send(REPLY, replace(site, public_but=()))
    assert refused.value.reason is Reason.NOT_ALLOWED
    assert platform.asked == []


def test_an_answer_that_is_too_long_does_not_leave(platform, site):
    with pytest.raises(SendRefused) as refused:
        connector.send(replace(REPLY, text="é" * 10_001), site)
    assert refused.value.reason is Reason.TOO_LONG


@pytest.mark.parametrize("message", [replace(REPLY, kind=Kind.MESSAGE), replace(REPLY, private_to="812")])
def test_a_site_carries_no_private_messages(platform, site, message):
    for call in (connector.send, lambda *args: connector.find_sent(*args, NOON)):
        with pytest.raises(SendRefused):
            call(message, site)
    assert platform.asked == []


# --- beside answering --------------------------------------------------------------------------------


def deed(action: Action, **more: Any) -> Deed:
    return Deed(action=action, kind=Kind.COMMENT, thread="812", external_id="812", post_id="55", **more)


@pytest.mark.parametrize(
    ("done", "event", "comment"),
    [
        (deed(Action.APPROVE), "comment.approve", {"id": "812", "post": "55"}),
        (deed(Action.REJECT), "comment.reject", {"id": "812", "post": "55"}),
        (deed(Action.DELETE), "comment.delete", {"id": "812", "post": "55"}),
        (deed(Action.EDIT, text="Merci !"), "comment.edit", {"id": "812", "post": "55", "content": {"raw": "Merci !"}}),
    ],
)
def test_a_decision_leaves_for_the_site(platform, site, done, event, comment):
    platform.says({"comment": COMMENT})
    connector.act(done, site)
    assert platform.asked[0].json == {"event": event, "site": SITE, "comment": comment}


def test_what_is_gone_already_is_deleted(platform, site):
    platform.says(Saying(status=404))
    connector.act(deed(Action.DELETE), site)

    with pytest.raises(SendRefused) as refused:
        connector.act(deed(Action.APPROVE), site)
    assert refused.value.reason is Reason.GONE


def test_what_is_offered_depends_on_a_callback_address():
    reads, writes = {"site": SITE, "callback_url": ""}, {"site": SITE, "callback_url": "https://blog.example/hook"}

    assert [connector.can_answer(settings) for settings in (reads, writes, {})] == [False, True, False]
    assert connector.actions(Kind.COMMENT, reads, ours=False) == frozenset()
    assert connector.actions(Kind.COMMENT, writes, ours=False) == {Action.APPROVE, Action.REJECT}
    assert connector.actions(Kind.COMMENT, writes, ours=True) == {Action.EDIT, Action.DELETE}


def test_a_check_lets_the_site_prove_that_it_knows_our_secret(platform, site):
    platform.says({"events": ["comment.reply"]})
    assert connector.check(site).name == "blog.example"
    assert platform.asked[0].json == {"event": "ping", "site": SITE}

    platform.says(Saying(status=401))
    with pytest.raises(SendRefused) as refused:
        connector.check(site)
    assert refused.value.reason is Reason.TOKEN_DEAD


def test_a_site_that_is_only_read_is_not_called(platform, site):
    quiet = replace(site, base_url="", settings={"site": SITE, "callback_url": ""})
    assert connector.check(quiet).name == connector.identity(quiet) == "blog.example"
    assert platform.asked == []


def test_one_body_holds_so_many_events_and_no_more():
    hooks, event = platforms.family("website"), {"event": "ping"}

    assert len(list(hooks.parse(json.dumps([event] * 1000).encode(), received_at=NOON))) == 1000
    with pytest.raises(Malformed):
        list(hooks.parse(json.dumps([event] * 1001).encode(), received_at=NOON))
