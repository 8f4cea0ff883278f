import json
from typing import Any

import pytest

from inbox.platforms import signing
from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Event,
    Hint,
    Kind,
    Owner,
    OwnerChanged,
    OwnTurn,
    PostSeen,
    Reacted,
    Receipt,
    Received,
    Removed,
    Status,
    Touched,
    Unrecognised,
)
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only
from tests.inbox.platforms.meta import test_meta

ACCOUNT, ROOT = "17841400000000001", "18010000000000000"
META_INBOX, OUR_APP = "263902037430900", "112233445566778"
JULIE = Author("6841100000000001", "julie.t")
MARC = Author("6841100000000002", "marc_b")
WHO = {"platform": "instagram", "channel_id": ACCOUNT}
MEDIA = PostSeen("17900000000000001")
TOLD_AT = at(1795430412).replace(microsecond=523_000)
CDN = "https://lookaside.fbsbx.com"


def comment(external_id: str, text: str, **fields: Any) -> Received:
    defaults = {"thread": external_id, "author": JULIE, "post": MEDIA, "at": at(1795430412)}
    return Received(**WHO, external_id=external_id, kind=Kind.COMMENT, text=text, **defaults | fields)


def own_comment(external_id: str, text: str) -> OwnTurn:
    told = {"thread": ROOT, "parent": ROOT, "text": text, "at": at(1795430412), "post": MEDIA}
    return OwnTurn(**WHO, external_id=external_id, kind=Kind.COMMENT, **told)


def message(external_id: str, text: str = "", *attachments: Attachment, **fields: Any) -> Received:
    defaults = {"author": Author(JULIE.id), "attachments": attachments}
    return Received(
        **WHO, external_id=external_id, kind=Kind.MESSAGE, thread=JULIE.id, text=text, at=TOLD_AT, **defaults | fields
    )


def echo(external_id: str, text: str, app: str = "") -> OwnTurn:
    return OwnTurn(**WHO, external_id=external_id, kind=Kind.MESSAGE, thread=JULIE.id, text=text, at=TOLD_AT, app_id=app)


def owner(owner: Owner, app: str = "") -> OwnerChanged:
    return OwnerChanged(**WHO, thread=JULIE.id, owner=owner, app_id=app, at=TOLD_AT)


def reacted(reaction: str) -> Reacted:
    return Reacted(**WHO, external_id="m4", actor=Author(JULIE.id), reaction=reaction, at=TOLD_AT)


TOUCHED = Touched(**WHO, thread=JULIE.id, at=TOLD_AT)

COMMENTS: dict[str, Event] = {
    "comment": comment(ROOT, "Quel est le prix\u00a0?"),
    "comment_nested": comment("18010000000000001", "Et demain\u00a0?", thread=ROOT, parent=ROOT),
    "comment_own": own_comment("18010000000000005", "Bonjour Julie!"),
    "comment_own_scoped": own_comment("18010000000000012", "Merci !"),
    "comment_flat": comment("18010000000000002", "Merci 🙏", at=at(1795430413), post=PostSeen(MEDIA.external_id, kind="reel")),
    "comment_on_ad": comment("18010000000000003", "Pub ?", post=PostSeen("17900000000000009", text="Vaccins", kind="ad")),
    "comment_live": comment("18010000000000004", "Allo", post=PostSeen("17900000000000010", kind="live")),
    "comment_on_story": comment("18010000000000006", "Wow", post=PostSeen("17900000000000011", kind="story")),
    "comment_without_text": comment("18010000000000007", "", attachments=(Attachment("unsupported"),)),
    "comment_without_author": comment("18010000000000008", "Bonsoir", author=None),
    "comment_numeric_ids": comment("18010000000000009", "En chiffres"),
    "comment_in_page_envelope": comment("18010000000000013", "Par la page"),
    "mention": Hint(**WHO, external_id="mention:17900000000000077:18010000000000088"),
    "mention_in_caption": Hint(**WHO, external_id="mention:17900000000000078:"),
}

MESSAGES: dict[str, list[Event]] = {
    "message_text": [message("aWdfZG1fMQ", "Votre offre m'intéresse")],
    "message_in_page_envelope": [message("m10", "Par la page")],
    "message_story_reply": [
        message("aWdfZG1fMg", "Bravo", Attachment("story", f"{CDN}/ig_messaging_cdn/?asset_id=1&signature=x"))
    ],
    "message_story_mention": [message("m1", "", Attachment("story_mention", f"{CDN}/x"))],
    "message_reel": [message("m2", "", Attachment("ig_reel", f"{CDN}/y", "Un reel"))],
    "message_shared_reel": [message("m-reel", "", Attachment("reel", f"{CDN}/reel", "Une publication"))],
    "message_share": [message("m-share", "", Attachment("share", f"{CDN}/share", "Une publication"))],
    "message_ig_post": [message("m-ig_post", "", Attachment("ig_post", f"{CDN}/ig_post", "Une publication"))],
    "message_media": [message("m-media", "", Attachment("media", f"{CDN}/media", "Une publication"))],
    "message_ephemeral": [message("m-ephemeral", "", Attachment("ephemeral"))],
    "message_like_heart": [message("m13", "", Attachment("like_heart"))],
    "message_unsupported": [message("m3", "", Attachment("unsupported"))],
    "message_unsupported_attachment": [message("m3b", "", Attachment("unsupported", f"{CDN}/z"))],
    "message_echo": [echo("m4", "Bonjour")],
    "message_echo_inbox": [echo("m14", "Bonjour", META_INBOX), owner(Owner.PLATFORM, META_INBOX)],
    "message_to_self": [],
    "message_deleted": [Removed(**WHO, external_id="m1", at=TOLD_AT)],
    "message_quick_reply": [message("m6", "Oui")],
    "message_reply_to": [message("m7", "ok", parent="m4")],
    "message_from_ad": [message("m8", "Info", Attachment("ad", "https://example.com/p.jpg", "Vaccins"))],
    "message_edit": [Edited(**WHO, external_id="m7", text="okay", at=TOLD_AT)],
    "message_reaction": [reacted("🙏")],
    "message_reaction_love": [reacted("love")],
    "message_unreact": [reacted("")],
    "message_seen": [Receipt(**WHO, status=Status.READ, external_id="m4", thread=JULIE.id, at=TOLD_AT)],
    "postback": [message("m9", "Horaires")],
    "referral": [TOUCHED],
    "optin": [TOUCHED],
    "standby": [message("m11", "Allo ?"), owner(Owner.OTHER)],
    "thread_passed": [owner(Owner.US, OUR_APP)],
    "thread_taken": [owner(Owner.PLATFORM, META_INBOX)],
}
EVENTS = {name: [event] for name, event in COMMENTS.items()} | MESSAGES | {"story_insights": []}
UNKNOWN = ["unknown_field", "mention_unreadable"]
ELSEWHERE = ["list_of_envelopes", *test_meta.INSTAGRAM]


class TestInstagramContract(PlatformContract):
    platform, sample = "instagram", "comment"
    junk = (
        *("comment", "comment_flat", "list_of_envelopes", "message_story_reply", "message_reaction", "mention"),
        *("comment_on_ad", "message_seen", "standby", "thread_passed", "message_from_ad"),
    )

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
        assert self.names() == sorted([*EVENTS, *UNKNOWN, *ELSEWHERE])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert events_of("instagram", name) == EVENTS[name]


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_kept_aside_with_its_account(name):
    event = only("instagram", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("instagram", ACCOUNT)


def test_a_body_may_be_a_list_of_envelopes():
    on_ad, live, mention = events_of("instagram", "list_of_envelopes")
    told = {"author": MARC, "at": at(1795430414)}
    assert on_ad == comment("18010000000000003", "Pub?", post=PostSeen("17900000000000009", text="Vaccins", kind="ad"), **told)
    assert live == comment("18010000000000004", "Allo", post=PostSeen("17900000000000010", kind="live"), **told)
    assert isinstance(mention, Hint)


def test_messages_of_an_account_and_a_page_may_stand_in_one_entry():
    body = json.loads(body_of("instagram", "comment"))
    body["entry"][0]["messaging"] = json.loads(body_of("instagram", "message_text"))["entry"][0]["messaging"]
    assert events_in("meta", body) == [*EVENTS["comment"], *EVENTS["message_text"]]
