import json
from dataclasses import replace
from typing import Any

import pytest

from inbox.platforms import signing
from inbox.platforms.base import (
    AccessChanged,
    Attachment,
    Author,
    ContactChanged,
    Edited,
    Event,
    Kind,
    OwnTurn,
    Reacted,
    Reason,
    Receipt,
    Received,
    Removed,
    Status,
    Touched,
    Unrecognised,
)
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only

ACCOUNT, NUMBER = "880011002200330", "990011002200330"
WHO = {"platform": "whatsapp", "channel_id": NUMBER}
PHONE, USER, NEW_PHONE, NEW_USER = "14185550123", "CA.70000000000000000001", "14185550199", "CA.70000000000000000002"
JULIE = Author(USER, "Julie Exemple", PHONE)
MARK = "comptoir:8f3a"

HELLO = Received(
    **WHO,
    external_id="wamid.AAA",
    kind=Kind.MESSAGE,
    thread=USER,
    text="Bonjour, êtes-vous ouverts ?",
    at=at(1795430412),
    author=JULIE,
)
EDITED = Edited(**WHO, external_id="wamid.AAA", text="Bonjour, ouverts demain ?", at=at(1795430500))
ECHO = OwnTurn(
    **WHO,
    external_id="wamid.OUT9",
    kind=Kind.MESSAGE,
    thread=USER,
    text="Oui, jusqu’à 21 h.",
    at=at(1795430800),
    to=Author(USER, "", PHONE),
)
LIKED = Reacted(**WHO, external_id="wamid.OUT1", actor=JULIE, reaction="👍", at=at(1795430412))
SENT = Receipt(**WHO, status=Status.SENT, external_id="wamid.OUT1", at=at(1795430500), correlation=MARK)


def said(text: str = "", **attachment: str) -> Received:
    return replace(HELLO, text=text, attachments=(Attachment(**attachment),) if attachment else ())


def account(granted: bool, what: str, detail: str) -> AccessChanged:
    setting = ("waba_id", ACCOUNT)
    return AccessChanged(
        platform="whatsapp", channel_id=ACCOUNT, what=what, granted=granted, detail=detail, at=at(1795430412), setting=setting
    )


EVENTS: dict[str, Event] = {
    "message_text": replace(HELLO, parent="wamid.PREV"),
    "message_text_phone_only": replace(HELLO, thread=PHONE, author=Author(PHONE, "Julie Exemple", PHONE)),
    "message_text_user_id_only": replace(HELLO, author=Author(USER, "Julie Exemple")),
    "message_text_id_beside": HELLO,
    "message_text_forwarded": replace(HELLO, attachments=(Attachment("forwarded"),)),
    "message_text_from_ad": replace(HELLO, attachments=(Attachment("share", "https://fb.example/ad/1", "Vaccins d’automne"),)),
    "message_text_in_group": replace(HELLO, thread="group:GRP77"),
    "message_image": said("Est-ce le bon produit ?", type="image", media_id="1300001"),
    "message_video": said(type="video", media_id="1300002"),
    "message_voice": said(type="audio", media_id="1300003"),
    "message_document": said("Voici", type="file", title="dépliant.pdf", media_id="1300004"),
    "message_sticker": said(type="sticker", media_id="1300005"),
    "message_location": said(type="location", url="https://maps.example/p", title="Pharmacie Exemple, 12, rue du Quai"),
    "message_location_bare": said(type="location", title="46.81, -71.2"),
    "message_contacts": said(type="contacts", title="Marc Fictif, +1 418 555-0177"),
    "message_button_reply": said("Oui"),
    "message_list_reply": said("Vaccin\nContre la grippe"),
    "message_flow_reply": said("Envoyé"),
    "message_button": said("Confirmer"),
    "message_order": said("Pour samedi", type="order", title="2 × VIT-C, 1 × ZINC"),
    "message_unsupported": said(type="unsupported"),
    "message_unknown": said(type="unsupported"),
    "message_of_a_new_type": said(type="unsupported"),
    "reaction": LIKED,
    "reaction_removed": replace(LIKED, reaction=""),
    "edit": EDITED,
    "edit_of_caption": replace(EDITED, text="Ou celui-ci ?"),
    "revoke": Removed(**WHO, external_id="wamid.AAA", at=at(1795430600)),
    "request_welcome": Touched(**WHO, thread=USER, at=at(1795430412)),
    "system_changed_number_older": ContactChanged(**WHO, old_id=PHONE, new_id=NEW_PHONE, phone=NEW_PHONE, at=at(1795430700)),
    "system_changed_user_id": ContactChanged(**WHO, old_id=USER, new_id=NEW_USER, at=at(1795430700)),
    "user_id_update": ContactChanged(**WHO, old_id=USER, new_id=NEW_USER, name="Julie Exemple", phone=PHONE, at=at(1795430700)),
    "echo": ECHO,
    "echo_phone_only": replace(ECHO, thread=PHONE, to=Author(PHONE, "", PHONE)),
    "echo_revoke": Removed(**WHO, external_id="wamid.OUT9", at=at(1795430900)),
    "status_sent": SENT,
    "status_delivered": replace(SENT, status=Status.DELIVERED),
    "status_read": replace(SENT, status=Status.READ, correlation=""),
    "status_played": replace(SENT, status=Status.READ, correlation=""),
    "status_failed": Receipt(
        **WHO,
        status=Status.FAILED,
        external_id="wamid.OUT2",
        at=at(1795430501),
        reason=Reason.WINDOW_CLOSED,
        detail="More than 24 hours have passed",
    ),
    "account_restricted": account(False, "account", "ACCOUNT_RESTRICTION"),
    "account_disabled": account(False, "account", "DISABLED_UPDATE DISABLE"),
    "account_reinstated": account(True, "account", "REINSTATE REINSTATE"),
    "account_review_rejected": account(False, "account_review", "REJECTED"),
    "number_flagged": account(False, "phone_number_quality", "FLAGGED"),
    "number_unflagged": account(True, "phone_number_quality", "UNFLAGGED"),
}
KEPT_ASIDE = {
    "system_identity": (NUMBER, "system customer_identity_changed"),
    "status_unknown": (NUMBER, "status warning"),
    "errors": (NUMBER, "error 131000: Please try again later."),
    "number_onboarding": (ACCOUNT, "field phone_number_quality_update ONBOARDING"),
    "template_status": (ACCOUNT, "field message_template_status_update"),
    "username_update": (ACCOUNT, "field business_username_update"),
}
SEVERAL = ["system_changed_number", "mixed"]


class TestWhatsAppContract(PlatformContract):
    platform, sample = "whatsapp", "message_text"
    junk = (
        "message_text",
        "message_contacts",
        "message_order",
        "edit",
        "echo",
        "status_failed",
        "system_changed_number",
        "mixed",
    )

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return {"X-Hub-Signature-256": f"sha256={signing.digest(secret, body)}"}

    def changed(self, **values: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["entry"][0]["changes"][0]["value"]["messages"][0] |= values
        return events_in("meta", body)

    def with_time(self, moment: Any) -> list[Event]:
        return self.changed(timestamp=moment)

    def with_text(self, text: str) -> list[Event]:
        return self.changed(text={"body": text})

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed(id=external_id)

    # Its seconds are written in quotes.
    @pytest.mark.parametrize(
        "moment", ["-1", "0", "9" * 30, "1795430409.5", "", -1, 0, 10**30, 1.7e308, "soon", True, None, [], {}]
    )
    def test_an_absurd_time_is_no_time(self, moment):
        super().test_an_absurd_time_is_no_time(moment)

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE, *SEVERAL])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert only("whatsapp", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_known_is_kept_aside_with_what_it_was(name):
    event = only("whatsapp", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id, event.reason) == ("whatsapp", *KEPT_ASIDE[name])


def test_a_new_number_replaces_both_the_old_id_and_the_old_number():
    changed = {"new_id": NEW_USER, "phone": NEW_PHONE, "at": at(1795430700)}
    assert events_of("whatsapp", "system_changed_number") == [
        ContactChanged(**WHO, old_id=USER, **changed),
        ContactChanged(**WHO, old_id=PHONE, **changed),
    ]


def test_one_body_may_be_of_several_numbers():
    first, second, delivered = events_of("whatsapp", "mixed")
    assert (first.external_id, second.external_id) == ("wamid.AAA", "wamid.BBB")
    assert (first.channel_id, delivered.channel_id) == (NUMBER, "990011002200331")


def message(**values: Any) -> dict[str, Any]:
    """The sample, with this in its one change."""
    body = json.loads(body_of("whatsapp", "message_text"))
    body["entry"][0]["changes"][0]["value"] |= values
    return body


def test_what_cannot_be_read_does_not_hide_what_stands_beside_it():
    good = json.loads(body_of("whatsapp", "message_text"))["entry"][0]["changes"][0]["value"]["messages"][0]
    odd, alone = events_in("meta", message(messages=[good | {"id": None}, good]))
    assert isinstance(odd, Unrecognised)
    assert (odd.channel_id, odd.reason) == (NUMBER, "no message id")
    assert alone == EVENTS["message_text"]


def test_a_change_with_nothing_in_it_is_kept_aside():
    (event,) = events_in("meta", message(messages=[]))
    assert (type(event), event.channel_id) == (Unrecognised, NUMBER)


def test_a_change_that_names_no_number_is_kept_aside():
    (event,) = events_in("meta", message(metadata={}))
    assert (type(event), event.channel_id, event.reason) == (Unrecognised, ACCOUNT, "no phone number")


def test_somebody_elses_number_is_not_taken_for_the_senders():
    stranger = {"profile": {"name": "Marc Fictif"}, "wa_id": "14185550177", "user_id": "CA.9"}
    (event,) = events_in("meta", message(contacts=[stranger]))
    assert event.author == Author(USER, "", PHONE)


def test_a_number_that_is_written_in_two_ways_is_one_person():
    only_one = {"profile": {"name": "Julie Exemple"}, "wa_id": "4185550123", "user_id": USER}
    (event,) = events_in("meta", message(contacts=[only_one]))
    assert event.author == Author(USER, "Julie Exemple", "4185550123")


def test_a_correlation_longer_than_ours_is_another_tools():
    status = {"id": "wamid.1", "status": "sent", "timestamp": "1795430500", "biz_opaque_callback_data": "x" * 101}
    (event,) = events_in("meta", message(messages=[], statuses=[status]))
    assert event.correlation == ""


FAILED = {
    0: Reason.OTHER,
    10: Reason.PERMISSION,
    190: Reason.TOKEN_DEAD,
    200: Reason.PERMISSION,
    299: Reason.PERMISSION,
    368: Reason.POLICY_BLOCK,
    80007: Reason.THROTTLED,
    130429: Reason.THROTTLED,
    131026: Reason.RECIPIENT_UNAVAILABLE,
    131031: Reason.ACCOUNT_LOCKED,
    131042: Reason.ACCOUNT_LOCKED,
    131047: Reason.WINDOW_CLOSED,
    131048: Reason.POLICY_BLOCK,
    131049: Reason.NOT_ALLOWED,
    131050: Reason.OPTED_OUT,
    131051: Reason.INVALID,
    131052: Reason.INVALID,
    131053: Reason.INVALID,
    131056: Reason.THROTTLED,
    131062: Reason.NOT_ALLOWED,
    132000: Reason.INVALID,
    132001: Reason.INVALID,
    132005: Reason.INVALID,
    132007: Reason.INVALID,
    132012: Reason.INVALID,
    132015: Reason.INVALID,
    132016: Reason.INVALID,
    133016: Reason.THROTTLED,
    999999: Reason.OTHER,
}


@pytest.mark.parametrize("code", FAILED)
def test_a_message_that_failed_afterwards_says_why(code):
    status = {"id": "wamid.1", "status": "failed", "timestamp": "1795430500", "errors": [{"code": code, "title": "Why"}]}
    (event,) = events_in("meta", message(messages=[], statuses=[status]))
    assert (event.status, event.reason, event.detail) == (Status.FAILED, FAILED[code], "Why")
