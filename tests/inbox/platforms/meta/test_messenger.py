"""What each item of a page's `messaging` and `standby` means."""

import json
from typing import Any

import pytest

from inbox.platforms.base import (
    Attachment,
    Author,
    Edited,
    Event,
    Kind,
    Owner,
    OwnerChanged,
    OwnTurn,
    PolicyEnforced,
    Reacted,
    Receipt,
    Received,
    Removed,
    Status,
    Touched,
    Unrecognised,
)
from tests.inbox.platforms.contract import at, body_of, events_in, events_of

PAGE, JULIE = "100200300400500", "7011223344556677"
META_INBOX, OUR_APP, THEIR_APP = "263902037430900", "112233445566778", "998877665544332"
WHO = {"platform": "facebook", "channel_id": PAGE}
TOLD_AT = at(1795430412).replace(microsecond=523_000)
SENT_AT = at(1795430412).replace(microsecond=871_000)  # of the entry, where the item has no time
CDN = "https://scontent.example"


def message(mid: str, text: str = "", *attachments: Attachment, **fields: Any) -> Received:
    told = {"thread": JULIE, "author": Author(JULIE), "at": TOLD_AT, "attachments": attachments}
    return Received(**WHO, external_id=mid, kind=Kind.MESSAGE, text=text, **told | fields)


def echo(mid: str, text: str, app: str, **fields: Any) -> OwnTurn:
    return OwnTurn(**WHO, external_id=mid, kind=Kind.MESSAGE, thread=JULIE, text=text, at=TOLD_AT, app_id=app, **fields)


def owner(owner: Owner, app: str = "") -> OwnerChanged:
    return OwnerChanged(**WHO, thread=JULIE, owner=owner, app_id=app, at=TOLD_AT)


def reacted(reaction: str) -> Reacted:
    return Reacted(**WHO, external_id="m_8", actor=Author(JULIE), reaction=reaction, at=TOLD_AT)


def receipt(status: Status, external_id: str = "", thread: str = JULIE, **fields: Any) -> Receipt:
    return Receipt(**WHO, status=status, external_id=external_id, thread=thread, **{"at": TOLD_AT} | fields)


def policy(action: str, detail: str = "") -> PolicyEnforced:
    return PolicyEnforced(**WHO, action=action, at=TOLD_AT, detail=detail)


UNSUPPORTED = Attachment("unsupported")
TOUCHED = Touched(**WHO, thread=JULIE, at=TOLD_AT)

TOLD: dict[str, list[Event]] = {
    "message_text": [message("m_AbC-1", "Bonjour, mon ordonnance est-elle prête\u00a0?")],
    "message_attachments": [message("m_2", "Voici", Attachment("image", f"{CDN}/i.jpg"), Attachment("file", f"{CDN}/f.pdf"))],
    "message_audio": [message("m_13", "", Attachment("audio", f"{CDN}/a.mp4"))],
    "message_template": [message("m_14", "", Attachment("template"))],
    "message_location": [message("m_3", "", Attachment("location", title="46.81, -71.21"))],
    "message_sticker": [message("m_4", "", Attachment("sticker", f"{CDN}/s.png"))],
    "message_sticker_only": [message("m_12", "", Attachment("sticker"))],
    "message_link": [message("m_5", "https://example.ca", Attachment("share", "https://example.ca", "Titre"))],
    "message_quick_reply": [message("m_6", "Oui")],
    "message_reply_to": [message("m_7", "celle-ci", parent="m_AbC-1")],
    "message_from_ad": [message("m_15", "Info", Attachment("ad", f"{CDN}/ad.jpg", "Vaccins"))],
    "message_after_private_reply": [message("m_16", "Merci")],
    "message_unsupported": [message("m_9", "", UNSUPPORTED)],
    "message_empty": [message("m_17", "", UNSUPPORTED)],
    "message_echo": [echo("m_8", "Oui, elle est prête.", OUR_APP, correlation="inbox:msg:8f3a")],
    "message_echo_inbox": [echo("m_18", "Oui.", META_INBOX), owner(Owner.PLATFORM, META_INBOX)],
    "message_deleted": [Removed(**WHO, external_id="m_AbC-1", at=TOLD_AT)],
    "message_edit": [Edited(**WHO, external_id="m_AbC-1", text="texte corrigé", at=TOLD_AT)],
    "message_edit_text_count": [Edited(**WHO, external_id="m_AbC-1", text="texte revu", at=TOLD_AT)],
    "message_to_self": [],
    # A reaction lets us write for another day, its taking back does not.
    "message_reaction": [reacted("love"), TOUCHED],
    "message_reaction_other": [reacted("🦋"), TOUCHED],
    "message_unreact": [reacted("")],
    "message_read": [receipt(Status.READ, until=at(1795430500))],
    "message_delivery": [receipt(Status.DELIVERED, "m_8"), receipt(Status.DELIVERED, until=at(1795430490))],
    "message_delivery_bare": [receipt(Status.DELIVERED, mid, "", at=SENT_AT) for mid in ("m_8", "m_18")],
    "postback": [message("m_10", "Commencer")],
    "referral": [TOUCHED],
    "optin": [TOUCHED],
    "optin_by_reference": [],
    "account_linking": [],
    "standby": [message("m_11", "Allo ?"), owner(Owner.OTHER)],
    "standby_echo": [echo("m_20", "Je regarde.", META_INBOX), owner(Owner.PLATFORM, META_INBOX)],
    "standby_read": [receipt(Status.READ, until=at(1795430500))],
    "thread_passed": [owner(Owner.US, OUR_APP)],
    "thread_passed_to_inbox": [owner(Owner.PLATFORM, META_INBOX)],
    "thread_taken": [owner(Owner.PLATFORM, META_INBOX)],
    "thread_taken_by_other": [owner(Owner.OTHER, THEIR_APP)],
    "thread_released": [owner(Owner.NOBODY)],
    "thread_requested": [owner(Owner.US)],
    "app_roles": [],
    "policy_warning": [policy("warned", "Messages jugés promotionnels")],
    "policy_unblocked": [policy("allowed")],
}
UNKNOWN = ["message_unknown", "message_edit_without_text", "message_delivery_empty", "thread_passed_bare"]
FACEBOOK = [*TOLD, *UNKNOWN, "postback_without_mid", "standby_postback"]


@pytest.mark.parametrize("name", TOLD)
def test_an_item_says_what_the_platform_told(name):
    assert events_of("facebook", name) == TOLD[name]


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_kept_aside(name):
    (event,) = events_of("facebook", name)
    assert isinstance(event, Unrecognised)
    assert (event.channel_id, bool(event.reason)) == (PAGE, True)


def test_a_button_without_an_id_has_a_stable_one():
    (event,) = events_of("facebook", "postback_without_mid")
    assert isinstance(event, Received)
    assert event.text == "Horaires"
    assert event.external_id.startswith("postback:")


def test_a_button_pressed_on_standby_waits_too_and_tells_who_holds_the_thread():
    pressed, held = events_of("facebook", "standby_postback")
    assert isinstance(pressed, Received)
    assert (pressed.text, held) == ("Horaires", owner(Owner.OTHER))


def test_ids_that_are_numbers_are_strings():
    body = json.loads(body_of("facebook", "message_text"))
    body["entry"][0]["id"] = int(PAGE)
    body["entry"][0]["messaging"][0]["sender"]["id"] = int(JULIE)
    assert events_in("meta", body) == TOLD["message_text"]


def test_a_mark_longer_than_ours_is_another_tools():
    body = json.loads(body_of("facebook", "message_echo"))
    body["entry"][0]["messaging"][0]["message"]["metadata"] = "x" * 101
    (event,) = events_in("meta", body)
    assert event == echo("m_8", "Oui, elle est prête.", OUR_APP)


def test_what_a_page_reacts_to_itself_lets_nobody_write():
    body = json.loads(body_of("facebook", "message_reaction"))
    item = body["entry"][0]["messaging"][0]
    item["sender"], item["recipient"] = item["recipient"], item["sender"]
    (event,) = events_in("meta", body)
    assert isinstance(event, Reacted)
