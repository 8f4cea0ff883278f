"""The envelope of Meta's webhooks: whose event it is, whatever it is wrapped in."""

import json
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms.base import AccessChanged, BadSignature, Hint, Received, Unrecognised
from tests.factories import NOON
from tests.inbox.platforms.contract import SECRET, at, body_of, events_in, events_of, only

PAGE, ACCOUNT = "100200300400500", "17841400000000001"


def access(channel: str, granted: bool, **fields: Any) -> AccessChanged:
    platform = "instagram" if channel == ACCOUNT else "facebook"
    told = {"platform": platform, "channel_id": channel} | fields
    return AccessChanged(**told, what="pages_messaging", granted=granted, at=at(1795430412))


FACEBOOK = {
    "changed_fields": [Hint(platform="facebook", channel_id=PAGE)],
    "permissions_revoked": [access(PAGE, False)],
    "permissions_granted": [access(PAGE, True), access(ACCOUNT, True)],
    # For all that this person connected, on either platform.
    "permissions_verb_beside": [
        access("", False, grantor="10001"),
        access("", False, grantor="10001", platform="instagram"),
    ],
    "permissions_unknown_verb": [],
}
INSTAGRAM = {
    "changed_fields": [Hint(platform="instagram", channel_id=ACCOUNT)],
    "dashboard_test": [],
}


@pytest.mark.parametrize("name", [name for name, events in FACEBOOK.items() if events])
def test_an_envelope_says_what_it_is_about(name):
    assert events_of("facebook", name) == FACEBOOK[name]


@pytest.mark.parametrize("name", INSTAGRAM)
def test_an_envelope_of_accounts_says_what_it_is_about(name):
    assert events_of("instagram", name) == INSTAGRAM[name]


def test_a_permission_neither_granted_nor_revoked_is_kept_aside():
    assert isinstance(only("facebook", "permissions_unknown_verb"), Unrecognised)


@pytest.mark.parametrize("subject", ["user", "whatsapp", "", None, 7])
def test_an_object_that_is_not_known_is_kept_aside(subject):
    body = json.loads(body_of("facebook", "comment_add")) | {"object": subject}
    (event,) = events_in("meta", body)
    assert isinstance(event, Unrecognised)
    assert event.channel_id == ""


def test_one_body_may_be_about_several_pages():
    body = json.loads(body_of("facebook", "comment_add"))
    other = json.loads(json.dumps(body["entry"][0]).replace(PAGE, "100200300400599"))
    body["entry"].append(other)
    assert [event.channel_id for event in events_in("meta", body)] == [PAGE, "100200300400599"]


def test_comments_and_messages_may_stand_in_one_entry():
    body = json.loads(body_of("facebook", "comment_add"))
    for key in ("messaging", "standby"):
        name = "standby" if key == "standby" else "message_text"
        body["entry"][0][key] = json.loads(body_of("facebook", name))["entry"][0][key]
    received = [event for event in events_in("meta", body) if isinstance(event, Received)]
    assert [event.external_id for event in received] == ["900111_900222", "m_AbC-1", "m_11"]


def test_a_page_wins_over_an_account_only_by_its_number():
    body = json.loads(body_of("facebook", "message_text"))
    body["object"] = "instagram"
    (event,) = events_in("meta", body)
    assert (event.platform, event.channel_id) == ("instagram", PAGE)


@pytest.mark.parametrize("headers", [{"X-Hub-Signature": "sha1=0123456789abcdef0123456789abcdef01234567"}, {}])
def test_the_old_signature_alone_proves_nothing(headers):
    with pytest.raises(BadSignature):
        platforms.family("meta").verify(headers, body_of("facebook", "comment_add"), secrets=[SECRET], now=NOON)
