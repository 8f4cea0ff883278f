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
    PostPublished,
    PostSeen,
    Reacted,
    Received,
    Removed,
    Unrecognised,
    VisibilityChanged,
)
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only

PAGE = "100200300400500"
POST = f"{PAGE}_900111"
JULIE = Author("7011223344556677", "Julie Tremblay")
WHO = {"platform": "facebook", "channel_id": PAGE}
TOLD_AT = at(1795430412).replace(microsecond=523_000)  # of the message fixtures


def comment(external_id: str, moment: int, text: str = "", **fields: Any) -> Received:
    defaults = {"thread": external_id, "author": JULIE, "post": PostSeen(POST)}
    return Received(**WHO, external_id=external_id, kind=Kind.COMMENT, text=text, at=at(moment), **defaults | fields)


def message(external_id: str, text: str = "", **fields: Any) -> Received:
    defaults = {"author": Author(JULIE.id)}
    return Received(
        **WHO, external_id=external_id, kind=Kind.MESSAGE, thread=JULIE.id, text=text, at=TOLD_AT, **defaults | fields
    )


PERMALINK = "https://www.facebook.com/permalink.php?story_fbid=900111&id=100200300400500"
IMAGE, FILE = "https://scontent.example/i.jpg", "https://scontent.example/f.pdf"

TURNS = {
    "comment_add": comment(
        "900111_900222",
        1795430409,
        "Avez-vous le vaccin contre la grippe aujourd'hui\u00a0? 🙏",
        post=PostSeen(POST, permalink=PERMALINK),
    ),
    "comment_add_nested": comment("900111_900333", 1795430500, "Merci !", thread="900111_900222", parent="900111_900222"),
    "comment_add_photo_only": comment(
        "900111_900444", 1795430600, attachments=(Attachment("image", "https://scontent.example/ordonnance.jpg"),)
    ),
    "comment_add_without_author": comment("900111_900555", 1795430950, author=None),
    "comment_add_old_sender": comment("900111_900556", 1795430960, "Allo"),
    "comment_add_bare_ids": comment("900111_900557", 1795430961, "Sans préfixe", thread="900111_900222", parent="900111_900222"),
    "visitor_post": comment(f"{PAGE}_900666", 1795431100, "Horaires du samedi ?", post=None),
    "mention_in_comment": comment(
        "900800_900801", 1795431398, "Bravo @Pharmacie Exemple", author=None, post=PostSeen("55501_900800")
    ),
    "message_text": message("m_AbC-1", "Bonjour, mon ordonnance est-elle prête\u00a0?"),
    "message_attachments": message("m_2", "Voici", attachments=(Attachment("image", IMAGE), Attachment("file", FILE))),
    "message_location": message("m_3", attachments=(Attachment("location", title="46.81, -71.21"),)),
    "message_sticker": message("m_4", attachments=(Attachment("sticker", "https://scontent.example/s.png"),)),
    "message_link": message("m_5", "https://example.ca", attachments=(Attachment("share", "https://example.ca", "Titre"),)),
    "standby": message("m_11", "Allo ?"),
    "message_quick_reply": message("m_6", "Oui"),
    "message_reply_to": message("m_7", "celle-ci", parent="m_AbC-1"),
    "message_unsupported": message("m_9", attachments=(Attachment("unsupported"),)),
    "postback": message("m_10", "Commencer"),
}

OTHERS = {
    "comment_add_own": OwnTurn(
        **WHO,
        external_id="900111_900334",
        kind=Kind.COMMENT,
        thread="900111_900222",
        parent="900111_900222",
        text="Bonjour Julie, oui.",
        at=at(1795430510),
        post=PostSeen(POST),
    ),
    "visitor_post_answered": OwnTurn(
        **WHO,
        external_id="900666_900667",
        kind=Kind.COMMENT,
        thread="900666_900667",
        parent=f"{PAGE}_900666",
        text="De 9 h à 17 h.",
        at=at(1795431150),
        post=PostSeen(f"{PAGE}_900666"),
    ),
    "message_echo": OwnTurn(
        **WHO,
        external_id="m_8",
        kind=Kind.MESSAGE,
        thread=JULIE.id,
        text="Oui, elle est prête.",
        at=TOLD_AT,
        correlation="inbox:msg:8f3a",
        app_id="112233445566778",
    ),
    "comment_edited": Edited(**WHO, external_id="900111_900222", text="Avez-vous le vaccin demain ?", at=at(1795430700)),
    "comment_hide": VisibilityChanged(**WHO, external_id="900111_900222", hidden=True, at=at(1795430800)),
    "comment_unhide": VisibilityChanged(**WHO, external_id="900111_900222", hidden=False, at=at(1795430850)),
    "comment_remove": Removed(**WHO, external_id="900111_900222", at=at(1795430900)),
    "comment_remove_without_time": Removed(**WHO, external_id="900111_900222", at=at(1795430412)),
    "message_deleted": Removed(**WHO, external_id="m_AbC-1", at=TOLD_AT),
    "message_edit": Edited(**WHO, external_id="m_AbC-1", text="texte corrigé", at=TOLD_AT),
    "message_reaction": Reacted(**WHO, external_id="m_8", actor=Author(JULIE.id), reaction="love", at=TOLD_AT),
    "message_unreact": Reacted(**WHO, external_id="m_8", actor=Author(JULIE.id), reaction="", at=TOLD_AT),
    "reaction_on_post": Reacted(**WHO, external_id=POST, actor=JULIE, reaction="love", at=at(1795431000)),
    "reaction_on_comment": Reacted(**WHO, external_id="900111_900334", actor=JULIE, reaction="angry", at=at(1795431001)),
    "reaction_removed": Reacted(**WHO, external_id="900111_900334", actor=JULIE, reaction="", at=at(1795431002)),
    "like_of_comment": Reacted(**WHO, external_id="900111_900334", actor=JULIE, reaction="like", at=at(1795431003)),
    "page_status": PostPublished(**WHO, post=PostSeen(f"{PAGE}_900777", text="Clinique ouverte", published_at=at(1795431200))),
    "page_photo": PostPublished(
        **WHO,
        post=PostSeen(f"{PAGE}_900779", text="Photo", picture="https://scontent.example/p.jpg", published_at=at(1795431202)),
    ),
    "post_remove": Removed(**WHO, external_id=f"{PAGE}_900777", at=at(1795431300)),
}

KEPT_ASIDE = [
    "changed_fields",
    "comment_edited_without_text",
    "like_of_page",
    "page_status_scheduled",
    "rating",
    "referral",
    "share",
]
SILENT = ["message_read", "message_delivery"]
ELSEWHERE = ["comment_add_twice_in_one_body", "permissions_revoked", "postback_without_mid"]


class TestFacebookContract(PlatformContract):
    platform, sample = "facebook", "comment_add"
    junk = (
        "comment_add",
        "comment_add_old_sender",
        "reaction_on_comment",
        "page_photo",
        "message_attachments",
        "message_echo",
        "postback",
    )

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return {"X-Hub-Signature-256": f"sha256={signing.digest(secret, body)}"}

    def changed(self, **value: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["entry"][0]["changes"][0]["value"] |= value
        return events_in("meta", body)

    def with_time(self, moment: Any) -> list[Event]:
        return self.changed(created_time=moment)

    def with_text(self, text: str) -> list[Event]:
        return self.changed(message=text)

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed(comment_id=external_id)

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*TURNS, *OTHERS, *KEPT_ASIDE, *SILENT, *ELSEWHERE])


@pytest.mark.parametrize("name", [*TURNS, *OTHERS])
def test_an_event_says_what_the_platform_told(name):
    assert only("facebook", name) == (TURNS | OTHERS)[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_ours_to_answer_is_kept_aside_with_its_page(name):
    event = only("facebook", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("facebook", PAGE)
    assert event.reason


@pytest.mark.parametrize("name", SILENT)
def test_receipts_say_nothing(name):
    assert events_of("facebook", name) == []


def test_an_entry_told_twice_in_one_body_is_told_twice():
    first, second = events_of("facebook", "comment_add_twice_in_one_body")
    assert first == second


def test_an_object_that_is_neither_page_nor_account_is_kept_aside():
    event = only("facebook", "permissions_revoked")
    assert isinstance(event, Unrecognised)
    assert event.channel_id == ""


def test_a_button_without_an_id_has_a_stable_one():
    event = only("facebook", "postback_without_mid")
    assert isinstance(event, Received)
    assert event.text == "Horaires"
    assert event.external_id.startswith("postback:")


def test_ids_that_are_numbers_are_strings():
    body = json.loads(body_of("facebook", "message_text"))
    body["entry"][0]["id"] = int(PAGE)
    body["entry"][0]["messaging"][0]["sender"]["id"] = int(JULIE.id)
    assert events_in("meta", body) == [TURNS["message_text"]]


def test_one_unreadable_change_does_not_spoil_the_others():
    body = json.loads(body_of("facebook", "comment_add"))
    changes = body["entry"][0]["changes"]
    changes[:] = [
        "?",
        {"field": "feed", "value": {"item": "comment", "verb": "add"}},
        *changes,
        {"field": "feed", "value": {"item": []}},
    ]
    events = events_in("meta", body)
    assert [type(event) for event in events] == [Unrecognised, Unrecognised, Received, Unrecognised]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.com", 7, "https://e.example/" + "x" * 2000]
)
def test_an_address_that_may_not_stand_in_a_page_is_left_out(address):
    body = json.loads(body_of("facebook", "comment_add_photo_only"))
    body["entry"][0]["changes"][0]["value"]["photo"] = address
    (event,) = events_in("meta", body)
    assert isinstance(event, Received)
    assert event.attachments == ()


def test_a_page_that_moves_a_post_keeps_what_it_says_now():
    body = json.loads(body_of("facebook", "page_status"))
    body["entry"][0]["changes"][0]["value"] |= {"verb": "edited", "message": "Clinique fermée"}
    (event,) = events_in("meta", body)
    # Its time is that of the edit: when it was published is not told.
    assert event == PostPublished(**WHO, post=PostSeen(f"{PAGE}_900777", text="Clinique fermée"))


@pytest.mark.parametrize("parent", [POST, "900111", "900111_900222", None, ""])
def test_right_under_the_post_is_a_thread_of_its_own(parent):
    body = json.loads(body_of("facebook", "comment_add"))
    body["entry"][0]["changes"][0]["value"]["parent_id"] = parent
    assert events_in("meta", body) == [TURNS["comment_add"]]
