import json
from typing import Any

import pytest

from inbox.platforms import signing
from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Event,
    Kind,
    OwnTurn,
    PostSeen,
    Reacted,
    Received,
    Removed,
    Unrecognised,
)
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only

ACCOUNT = "17841400000000001"
JULIE = Author("6841100000000001", "julie.t")
MARC = Author("6841100000000002", "marc_b")
WHO = {"platform": "instagram", "channel_id": ACCOUNT}
MEDIA = PostSeen("17900000000000001")
TOLD_AT = at(1795430412).replace(microsecond=523_000)


def comment(external_id: str, text: str, **fields: Any) -> Received:
    defaults = {"thread": external_id, "author": JULIE, "post": MEDIA, "at": at(1795430412)}
    return Received(**WHO, external_id=external_id, kind=Kind.COMMENT, text=text, **defaults | fields)


def message(external_id: str, text: str = "", *attachments: Attachment, **fields: Any) -> Received:
    defaults = {"author": Author(JULIE.id), "attachments": attachments}
    return Received(
        **WHO, external_id=external_id, kind=Kind.MESSAGE, thread=JULIE.id, text=text, at=TOLD_AT, **defaults | fields
    )


CDN = "https://lookaside.fbsbx.com"
EVENTS = {
    "standby": message("m11", "Allo ?"),
    "comment": comment("18010000000000000", "Quel est le prix\u00a0?"),
    "comment_nested": comment("18010000000000001", "Et demain\u00a0?", thread="18010000000000000", parent="18010000000000000"),
    "comment_own": OwnTurn(
        **WHO,
        external_id="18010000000000005",
        kind=Kind.COMMENT,
        thread="18010000000000000",
        parent="18010000000000000",
        text="Bonjour Julie!",
        at=at(1795430412),
        post=MEDIA,
    ),
    "comment_flat": comment("18010000000000002", "Merci 🙏", at=at(1795430413)),
    "message_text": message("aWdfZG1fMQ", "Votre offre m'intéresse"),
    "message_story_reply": message("aWdfZG1fMg", "Bravo", Attachment("story", f"{CDN}/ig_messaging_cdn/?asset_id=1&signature=x")),
    "message_story_mention": message("m1", "", Attachment("story_mention", f"{CDN}/x")),
    "message_reel": message("m2", "", Attachment("ig_reel", f"{CDN}/y", "Un reel")),
    "message_unsupported": message("m3", "", Attachment("unsupported")),
    "message_unsupported_attachment": message("m3b", "", Attachment("unsupported", f"{CDN}/z")),
    "message_echo": OwnTurn(**WHO, external_id="m4", kind=Kind.MESSAGE, thread=JULIE.id, text="Bonjour", at=TOLD_AT),
    "message_deleted": Removed(**WHO, external_id="m1", at=TOLD_AT),
    "message_reply_to": message("m7", "ok", parent="m4"),
    "message_from_ad": message("m8", "Info"),
    "message_edit": Edited(**WHO, external_id="m7", text="okay", at=TOLD_AT),
    "message_reaction": Reacted(**WHO, external_id="m4", actor=Author(JULIE.id), reaction="🙏", at=TOLD_AT),
    "message_unreact": Reacted(**WHO, external_id="m4", actor=Author(JULIE.id), reaction="", at=TOLD_AT),
    "postback": message("m9", "Horaires"),
}
KEPT_ASIDE = ["mention", "message_to_self"]


class TestInstagramContract(PlatformContract):
    platform, sample = "instagram", "comment"
    junk = ("comment", "comment_flat", "list_of_envelopes", "message_story_reply", "message_reaction")

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return {"X-Hub-Signature-256": f"sha256={signing.digest(secret, body)}"}

    def changed(self, **value: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["entry"][0]["changes"][0]["value"] |= value
        return events_in("meta", body)

    def with_time(self, moment: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["entry"][0]["time"] = moment
        return events_in("meta", body)

    def with_text(self, text: str) -> list[Event]:
        return self.changed(text=text)

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed(id=external_id)

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE, "list_of_envelopes", "message_seen"])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert only("instagram", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_ours_to_answer_is_kept_aside_with_its_account(name):
    event = only("instagram", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("instagram", ACCOUNT)


def test_a_receipt_says_nothing():
    assert events_of("instagram", "message_seen") == []


def test_a_body_may_be_a_list_of_envelopes():
    on_ad, live, mention, insights = events_of("instagram", "list_of_envelopes")
    told_at = at(1795430414)
    assert on_ad == comment("18010000000000003", "Pub?", author=MARC, post=PostSeen("17900000000000009"), at=told_at)
    assert live == comment("18010000000000004", "Allo", author=MARC, post=PostSeen("17900000000000010"), at=told_at)
    assert isinstance(mention, Unrecognised)
    assert isinstance(insights, Unrecognised)


def test_messages_of_an_account_and_a_page_may_stand_in_one_entry():
    body = json.loads(body_of("instagram", "comment"))
    body["entry"][0]["messaging"] = json.loads(body_of("instagram", "message_text"))["entry"][0]["messaging"]
    assert events_in("meta", body) == [EVENTS["comment"], EVENTS["message_text"]]
