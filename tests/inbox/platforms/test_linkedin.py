import json
from typing import Any

import pytest

from inbox.platforms import signing
from inbox.platforms.base import Author, Edited, Event, Kind, OwnTurn, PostSeen, Reacted, Received, Removed, Unrecognised
from inbox.platforms.linkedin import comment_urn
from tests.inbox.platforms.contract import SECRET, PlatformContract, at, body_of, events_in, only

ORGANIZATION = "urn:li:organization:77001100"
ACTIVITY = "urn:li:activity:7400000000000000101"
ROOT = f"urn:li:comment:({ACTIVITY},7400000000000000201)"
REPLY = f"urn:li:comment:({ACTIVITY},7400000000000000202)"
PERSON = Author("urn:li:person:Xy12AbC")
WHO = {"platform": "linkedin", "channel_id": ORGANIZATION}
POST = PostSeen(ACTIVITY, text="Nouvelle clinique voyage")

EVENTS = {
    "comment": Received(
        **WHO,
        external_id=ROOT,
        kind=Kind.COMMENT,
        thread=ROOT,
        text="Félicitations !",
        at=at(1795430412),
        post=POST,
        author=PERSON,
    ),
    "comment_nested": Received(
        **WHO,
        external_id=REPLY,
        kind=Kind.COMMENT,
        thread=ROOT,
        parent=ROOT,
        text="Et en mars ?",
        at=at(1795430412),
        post=POST,
        author=PERSON,
    ),
    "admin_comment": OwnTurn(
        **WHO, external_id=REPLY, kind=Kind.COMMENT, thread=ROOT, parent=ROOT, text="Merci Julie!", at=at(1795430450), post=POST
    ),
    "comment_edit": Edited(**WHO, external_id=ROOT, text="Félicitations à tous !", at=at(1795430460)),
    "comment_delete": Removed(**WHO, external_id=ROOT, at=at(1795430500)),
    "like_of_post": Reacted(**WHO, external_id=ACTIVITY, actor=PERSON, reaction="like", at=at(1795430413)),
    "like_of_comment": Reacted(**WHO, external_id=ROOT, actor=PERSON, reaction="like", at=at(1795430414)),
    "share_mention": Received(
        **WHO,
        external_id="urn:li:share:7095",
        kind=Kind.COMMENT,
        thread="urn:li:share:7095",
        text="Merci @Pharmacie",
        at=at(1795430600),
        author=Author("urn:li:person:q9"),
    ),
}
KEPT_ASIDE = ["comment_edit_without_text", "share", "unknown_action"]


class TestLinkedInContract(PlatformContract):
    platform, sample = "linkedin", "comment"
    junk = ("comment", "comment_nested", "comment_edit", "like_of_comment", "share_mention")

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
        assert self.names() == sorted([*EVENTS, *KEPT_ASIDE])


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_the_platform_told(name):
    assert only("linkedin", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_not_ours_to_answer_is_kept_aside_with_its_organization(name):
    event = only("linkedin", name)
    assert isinstance(event, Unrecognised)
    assert (event.platform, event.channel_id) == ("linkedin", ORGANIZATION)


def test_a_comment_of_the_organization_is_ours_whatever_the_action_says():
    body = json.loads(body_of("linkedin", "comment"))
    body["notifications"][0]["decoratedGeneratedActivity"]["comment"]["owner"] = ORGANIZATION
    (event,) = events_in("linkedin", body)
    assert isinstance(event, OwnTurn)


def test_a_comment_without_its_decoration_is_still_a_comment():
    body = json.loads(body_of("linkedin", "comment"))
    del body["notifications"][0]["decoratedGeneratedActivity"]
    (event,) = events_in("linkedin", body)
    assert isinstance(event, Received)
    assert (event.external_id, event.text, event.author) == (ROOT, "", None)


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
    assert events_in("linkedin", body) == [EVENTS["admin_comment"]]
