import json
from dataclasses import replace
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import signing, wire
from inbox.platforms.base import (
    Attachment,
    Author,
    BadSignature,
    Edited,
    Event,
    Hint,
    Kind,
    OwnTurn,
    PostPublished,
    PostSeen,
    Reacted,
    Received,
    Removed,
    Unrecognised,
)
from inbox.platforms.linkedin.urns import comment_urn
from tests.factories import NOON
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, events_of, only

ORGANIZATION = "urn:li:organization:77001100"
ACTIVITY = "urn:li:activity:7400000000000000101"
ROOT = f"urn:li:comment:({ACTIVITY},7400000000000000201)"
REPLY = f"urn:li:comment:({ACTIVITY},7400000000000000202)"
PERSON = Author("urn:li:person:Xy12AbC")
WHO = {"platform": "linkedin", "channel_id": ORGANIZATION}
POST = PostSeen(ACTIVITY, text="Nouvelle clinique voyage")

COMMENT = Received(
    **WHO,
    external_id=ROOT,
    kind=Kind.COMMENT,
    thread=ROOT,
    text="Félicitations !",
    at=at(1795430412),
    post=POST,
    author=PERSON,
)
ASK = Hint(**WHO, external_id=ROOT, of_parent=True)
NESTED = replace(COMMENT, external_id=REPLY, parent=ROOT, text="Et en mars ?")
OURS = OwnTurn(
    **WHO, external_id=REPLY, kind=Kind.COMMENT, thread=ROOT, parent=ROOT, text="Merci Julie!", at=at(1795430450), post=POST
)
LIKED = Reacted(**WHO, external_id=ACTIVITY, actor=PERSON, reaction="like", at=at(1795430413))
LIKED_COMMENT = replace(LIKED, external_id=ROOT, at=at(1795430414))
SHARER, MENTION = Author("urn:li:person:q9"), "urn:li:share:7095"
SHARED = replace(COMMENT, external_id="urn:li:share:7096", thread="urn:li:share:7096", text="À lire", author=SHARER)
ELSEWHERE = "urn:li:comment:(urn:li:activity:7400000000000000901,7400000000000000902)"

EVENTS: dict[str, list[Event]] = {
    "comment": [COMMENT, ASK],
    "comment_nested": [NESTED],
    "comment_without_decoration": [Hint(**WHO, external_id=ROOT)],
    "comment_mention": [
        replace(COMMENT, external_id=ELSEWHERE, thread=ELSEWHERE, text="Demandez à @Pharmacie", post=None),
    ],
    "admin_comment": [OURS],
    "admin_comment_without_parent": [
        replace(OURS, parent="", thread=REPLY),
        Hint(**WHO, external_id=REPLY, of_parent=True),
    ],
    "comment_edit": [Edited(**WHO, external_id=ROOT, text="Félicitations à tous !", at=at(1795430460))],
    "comment_edit_without_text": [Hint(**WHO, external_id=ROOT)],
    "comment_delete": [Removed(**WHO, external_id=ROOT, at=at(1795430500))],
    "like_of_post": [LIKED],
    "like_of_comment": [LIKED_COMMENT],
    "like_with_short_names": [LIKED],
    "like_as_reaction": [LIKED_COMMENT],
    "share": [SHARED],
    "share_mention": [
        replace(SHARED, external_id=MENTION, thread=MENTION, text="Merci @Pharmacie", at=at(1795430600), post=None),
    ],
    "share_without_words": [Reacted(**WHO, external_id=ACTIVITY, actor=SHARER, reaction="share", at=at(1795430412))],
    "share_of_our_own": [PostPublished(**WHO, post=PostSeen("urn:li:share:7098", text="Rappel", published_at=at(1795430412)))],
    "two_subscribers": [COMMENT, ASK, COMMENT, ASK],
}
KEPT_ASIDE = ["share_without_decoration", "unknown_action"]
MIXED = ["batch"]


class TestLinkedInContract(PlatformContract):
    platform, sample = "linkedin", "comment_nested"
    junk = ("comment", "comment_nested", "comment_edit", "like_of_comment", "share_mention", "batch")

    def headers(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return {"X-LI-Signature": signing.digest(secret, b"hmacsha256=" + body)}

    def changed(self, about: dict[str, Any] | None = None, **values: Any) -> list[Event]:
        body = json.loads(body_of(self.platform, self.sample))
        body["notifications"][0] |= values
        body["notifications"][0]["decoratedGeneratedActivity"]["comment"] |= about or {}
        return events_in("linkedin", body)

    def with_time(self, moment: Any) -> list[Event]:
        return self.changed(lastModifiedAt=moment)

    def with_text(self, text: str) -> list[Event]:
        return self.changed({"text": text})

    def with_id(self, external_id: str) -> list[Event]:
        return self.changed({"entity": external_id})

    def test_every_fixture_is_tested(self):
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE, *MIXED])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert events_of("linkedin", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_ours_to_answer_is_kept_aside_with_its_organization(name):
    event = only("linkedin", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("linkedin", ORGANIZATION)


def test_what_cannot_be_read_does_not_hide_what_stands_beside_it():
    nested, removed, odd, liked = events_of("linkedin", "batch")
    assert (nested, liked) == (NESTED, LIKED)
    assert isinstance(removed, Removed)
    assert isinstance(odd, Unrecognised)


def test_a_comment_of_the_organization_is_ours_whatever_the_action_says():
    body = json.loads(body_of("linkedin", "comment_nested"))
    body["notifications"][0]["decoratedGeneratedActivity"]["comment"]["owner"] = ORGANIZATION
    (event,) = events_in("linkedin", body)
    assert isinstance(event, OwnTurn)


# --- as it is listed -----------------------------------------------------------------------------------

LISTED: dict[str, list[Event]] = {
    "comment": [replace(COMMENT, post=PostSeen(ACTIVITY))],
    "comment_edited": [
        replace(COMMENT, post=PostSeen(ACTIVITY), text="Félicitations à tous !"),
        Edited(**WHO, external_id=ROOT, text="Félicitations à tous !", at=at(1795430460)),
    ],
    "reply": [replace(NESTED, post=PostSeen(ACTIVITY))],
    "reply_of_ours": [replace(OURS, external_id=REPLY.replace("202)", "203)"), post=PostSeen(ACTIVITY))],
    "comment_with_picture": [
        replace(
            COMMENT,
            external_id=ROOT.replace("201)", "204)"),
            thread=ROOT.replace("201)", "204)"),
            post=PostSeen(ACTIVITY),
            attachments=(Attachment("image", "https://media.example/i.png"),),
        )
    ],
}


def listed(name: str) -> dict[str, Any]:
    return json.loads(body_of("linkedin/listed", name))


@pytest.mark.parametrize("name", LISTED)
def test_a_listed_comment_says_what_its_webhook_would_have_said(name):
    assert list(platforms.get("linkedin").read_listed(ORGANIZATION, listed(name))) == LISTED[name]


def test_a_listed_notification_is_read_like_one_that_was_sent():
    told = json.loads(body_of("linkedin", "share_mention"))["notifications"][0]
    assert list(platforms.get("linkedin").read_listed(ORGANIZATION, told)) == EVENTS["share_mention"]


@pytest.mark.parametrize("item", [{}, {"commentUrn": None}, {"commentUrn": "x" * 301}, {"commentUrn": ""}])
def test_a_listed_thing_that_cannot_be_read_says_so(item):
    with pytest.raises(wire.Unreadable):
        list(platforms.get("linkedin").read_listed(ORGANIZATION, item or {"action": "COMMENT"}))


# --- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("urn:li:comment:(activity:1,2)", "urn:li:comment:(urn:li:activity:1,2)"),
        ("urn:li:comment:(urn:li:activity:1,2)", "urn:li:comment:(urn:li:activity:1,2)"),
        ("urn:li:comment:(ugcPost:1,2)", "urn:li:comment:(urn:li:ugcPost:1,2)"),
        ("urn:li:share:7095", "urn:li:share:7095"),
        ("anything", "anything"),
    ],
)
def test_a_comment_has_one_name(given, expected):
    assert comment_urn(given) == expected


def test_an_admin_comment_is_ours_even_where_its_author_is_not_told():
    body = json.loads(body_of("linkedin", "admin_comment"))
    del body["notifications"][0]["decoratedGeneratedActivity"]["comment"]["owner"]
    assert events_in("linkedin", body) == EVENTS["admin_comment"]


@pytest.mark.parametrize(
    "typed",
    [
        "77001100",
        " urn:li:organization:77001100 ",
        "urn:li:company:77001100",
        "urn:li:organizationBrand:77001100",
        "https://www.linkedin.com/company/77001100",
        "https://www.linkedin.com/company/77001100/admin/dashboard/",
        "linkedin.com/company/77001100?x=1",
    ],
)
def test_an_organization_has_one_name_however_it_was_typed(typed):
    assert platforms.get("linkedin").identifier(typed) == ORGANIZATION


@pytest.mark.parametrize("typed", ["pharmacie-exemple", "https://www.linkedin.com/company/pharmacie-exemple/", "7700a"])
def test_what_names_no_organization_stays_as_it_was_typed(typed):
    assert platforms.get("linkedin").identifier(typed) == typed


def test_what_was_asked_of_us_as_a_challenge_is_not_a_delivery_that_linkedin_signed():
    hooks = platforms.family("linkedin")
    _type, answer = hooks.handshake({"challengeCode": "890e4665"}, secrets=[SECRET], verify_tokens=[])
    headers = {"X-LI-Signature": json.loads(answer)["challengeResponse"]}

    with pytest.raises(BadSignature):
        hooks.verify(headers, b"890e4665", secrets=[SECRET], now=NOON)
