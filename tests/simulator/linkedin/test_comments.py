from datetime import UTC, datetime

import pytest

from simulator import signing
from tests.simulator.calls import ACTIVITY, LINKEDIN, REST, comments_path, rest
from tests.simulator.linkedin.calls import SHARE, urn, write

AT = datetime(2026, 11, 20, 15, 30, 12, tzinfo=UTC)


def test_a_comment_arrives_as_a_notification_without_any_name(fresh, sink, drained):
    comment = fresh.comment(LINKEDIN, "Félicitations !", author="Julie Exemple", at=AT)
    drained()

    [received] = sink.received
    [notification] = received.json["notifications"]
    assert received.path == "/hooks/linkedin/"
    expected = signing.linkedin("dev-linkedin-client-secret", received.body)["X-LI-Signature"]
    assert received.headers["X-LI-Signature"] == expected
    assert received.json["type"] == "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
    assert isinstance(notification.pop("notificationId"), int)
    assert notification.pop("decoratedSourcePost")["entity"] == SHARE
    assert notification == {
        "organizationalEntity": LINKEDIN,
        "action": "COMMENT",
        "sourcePost": ACTIVITY,
        "generatedActivity": f"urn:li:comment:({ACTIVITY.removeprefix('urn:li:')},{comment['id']})",
        "decoratedGeneratedActivity": {
            "comment": {
                "entity": urn(comment["id"]),
                "owner": comment["author_id"],
                "object": ACTIVITY,
                "text": "Félicitations !",
            }
        },
        "lastModifiedAt": int(AT.timestamp()) * 1000,
        "subscriber": "urn:li:person:admin01",
    }


def test_edits_removals_and_likes_have_their_actions_and_hiding_has_none(fresh, sink, drained):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    fresh.edit_comment(comment, "Bonsoir")
    fresh.react_to_comment(comment, "like")
    fresh.hide_comment(comment)
    fresh.remove_comment(comment)
    drained()

    notifications = sink.notifications()
    assert [each["action"] for each in notifications] == ["COMMENT", "COMMENT_EDIT", "LIKE", "COMMENT_DELETE"]
    assert "decoratedGeneratedActivity" not in notifications[3]


def test_a_reply_is_created_and_comes_back_as_an_admin_comment(fresh, sink, drained):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    drained()
    sink.clear()

    answer = write(fresh, comment)
    drained()

    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["x-restli-id"] == told["id"]
    assert (told["commentUrn"], told["parentComment"], told["actor"]) == (urn(told["id"]), urn(comment), LINKEDIN)
    [echo] = sink.notifications()
    assert (echo["action"], echo["decoratedGeneratedActivity"]["comment"]["owner"]) == ("ADMIN_COMMENT", LINKEDIN)
    assert echo["lastModifiedAt"] == told["created"]["time"]


def test_whether_a_reply_was_accepted_can_be_looked_up(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    written = write(fresh, comment, "Trouvez-moi").json()["id"]

    listed = rest(fresh, "GET", comments_path(urn(comment))).json()
    assert [each["message"]["text"] for each in listed["elements"]] == ["Trouvez-moi"]
    assert listed["paging"] == {"start": 0, "count": 10, "total": 1, "links": []}
    assert rest(fresh, "GET", comments_path(SHARE)).json()["elements"][0]["id"] == comment
    assert rest(fresh, "GET", f"{comments_path(ACTIVITY)}/{written}").json()["parentComment"] == urn(comment)


def test_a_long_list_names_its_next_page(fresh):
    for number in range(3):
        fresh.comment(LINKEDIN, str(number))

    paging = rest(fresh, "GET", f"{comments_path(ACTIVITY)}?count=2").json()["paging"]

    assert paging["total"] == 3
    assert [link["rel"] for link in paging["links"]] == ["next"]
    assert fresh.url
    assert len(rest(fresh, "GET", paging["links"][0]["href"].removeprefix("/rest/")).json()["elements"]) == 1


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "VERSION_MISSING"),
        (REST | {"LinkedIn-Version": "202401"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn-Version": "202609"}, 400, "INVALID_PROTOCOL_VERSION"),
    ],
)
def test_every_call_needs_its_two_headers(fresh, headers, status, code):
    refused = rest(fresh, "GET", "organizations/9000501", headers=headers)

    assert (refused.status_code, refused.json()["status"], refused.json()["code"]) == (status, status, code)


def test_a_stranger_a_wrong_actor_and_too_long_a_text_are_refused(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]

    assert rest(fresh, "GET", "organizations/9000501", "stranger").status_code == 401
    assert write(fresh, comment, actor="urn:li:organization:1").json()["serviceErrorCode"] == 100
    assert write(fresh, comment, "a" * 1251).json()["code"] == "FIELD_LENGTH_TOO_LONG"
    assert rest(fresh, "GET", comments_path(urn("1"))).status_code == 404
    assert fresh.replies(page=LINKEDIN) == []


def test_organizations_and_people_have_names_to_fetch(fresh):
    person = fresh.comment(LINKEDIN, "Bonjour", author="Julie Exemple")["author_id"].rpartition(":")[2]

    assert rest(fresh, "GET", "organizations/9000501").json()["localizedName"] == "Groupe Pharmacie du Quai"
    told = rest(fresh, "GET", f"people/(id:{person})").json()
    assert (told["localizedFirstName"], told["localizedLastName"]) == ("Julie", "Exemple")
    assert rest(fresh, "GET", "people/(id:nobody)").json() == {"id": "private"}
