"""For whom LinkedIn's events are told: subscriptions that prove themselves, end silently, and are challenged for ever."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.simulator.calls import ACTIVITY, LINKEDIN, LINKEDIN_TOKEN, REST, http, rest

ADMIN, SECOND = "urn:li:person:admin01", "urn:li:person:admin02"
TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
LIST = f"eventSubscriptions?q=subscriberAndEventType&eventType={TYPE}"
SECOND_TOKEN = "dev-token-li-second"


def key(member=ADMIN, entity=LINKEDIN):
    app, user, page = (quote(urn, safe="") for urn in ("urn:li:developerApplication:77", member, entity))
    return f"eventSubscriptions/(developerApplication:{app},user:{user},entity:{page},eventType:{TYPE})"


def subscribe(fresh, sink, member=ADMIN, token=LINKEDIN_TOKEN, path="/li/"):
    return rest(fresh, "PUT", key(member), token, json={"webhook": sink.url + path})


@pytest.fixture
def second(fresh):
    """Another administrator of the same page, with a token of their own."""
    fresh.ask("POST", "linkedin/role", {"page": LINKEDIN, "member": SECOND, "role": "ADMINISTRATOR"})
    fresh.ask("POST", "linkedin/token", {"page": LINKEDIN, "member": SECOND, "value": SECOND_TOKEN})
    return SECOND_TOKEN


def test_a_receiver_proves_itself_before_it_is_subscribed(fresh, sink):
    sink.honest = False
    refused = subscribe(fresh, sink)
    sink.honest = True
    created, renewed = subscribe(fresh, sink), subscribe(fresh, sink)

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_VALUE_FOR_FIELD")
    assert (created.status_code, renewed.status_code) == (201, 204)
    assert all("challengeCode" in given for given in sink.handshakes)


def test_a_subscription_is_read_listed_and_ended(fresh, sink, drained):
    subscribe(fresh, sink)

    told = rest(fresh, "GET", key()).json()
    listed = rest(fresh, "GET", LIST).json()["elements"]
    until = datetime.fromtimestamp(told["expiresAt"] / 1000, UTC)
    assert told["webhook"] == sink.url + "/li/"
    assert timedelta(days=59) < until - datetime.now(UTC) <= timedelta(days=60)
    assert listed == [told]

    assert rest(fresh, "DELETE", key()).status_code == 204
    assert rest(fresh, "GET", key()).status_code == 404
    fresh.comment(LINKEDIN, "Personne n’écoute")
    drained()
    assert sink.received == []


def test_it_ends_with_its_time_and_is_renewed(fresh, sink, drained):
    fresh.configure(linkedin_subscription_days=1)
    subscribe(fresh, sink)
    fresh.configure(clock_offset=86400)
    fresh.comment(LINKEDIN, "Trop tard")
    assert rest(fresh, "GET", LIST).json()["elements"] == []

    subscribe(fresh, sink)
    fresh.comment(LINKEDIN, "À temps")
    drained()

    assert [each["decoratedGeneratedActivity"]["comment"]["text"] for each in sink.notifications()] == ["À temps"]
    assert {each.path for each in sink.received} == {"/li/"}


def test_it_is_silent_once_the_role_is_lost_and_the_calls_say_403(fresh, sink, drained):
    subscribe(fresh, sink)
    fresh.ask("POST", "linkedin/role", {"page": LINKEDIN, "role": "DIRECT_SPONSORED_CONTENT_POSTER"})
    fresh.comment(LINKEDIN, "Sans rôle")
    drained()

    assert sink.received == []
    assert subscribe(fresh, sink).json()["serviceErrorCode"] == 100
    assert rest(fresh, "GET", "posts?q=author&author=" + quote(LINKEDIN, safe="")).status_code == 200


def test_it_is_silent_once_the_grant_is_gone_and_the_calls_say_401(fresh, sink, drained):
    subscribe(fresh, sink)
    fresh.ask("POST", "linkedin/revoke")
    fresh.comment(LINKEDIN, "Sans accord")
    drained()

    refused = rest(fresh, "GET", LIST)
    assert sink.received == []
    assert (refused.status_code, refused.json()["message"]) == (401, "The token has been revoked")


def test_two_subscribers_are_told_each_under_another_number(fresh, sink, drained, second):
    subscribe(fresh, sink)
    subscribe(fresh, sink, SECOND, second)
    fresh.comment(LINKEDIN, "Bonjour")
    drained()

    first, other = sink.notifications()
    assert {first["subscriber"], other["subscriber"]} == {ADMIN, SECOND}
    assert first["notificationId"] != other["notificationId"]
    same = ("action", "generatedActivity", "lastModifiedAt")
    assert [first[name] for name in same] == [other[name] for name in same]


def test_a_batch_never_mixes_subscribers_with_addresses_of_their_own(fresh, sink, drained, second):
    subscribe(fresh, sink)
    subscribe(fresh, sink, SECOND, second, path="/other/")
    fresh.configure(batch=10)
    for number in range(3):
        fresh.comment(LINKEDIN, str(number))
    drained()

    told = {(each.path, notification["subscriber"]) for each in sink.received for notification in each.json["notifications"]}
    assert told == {("/li/", ADMIN), ("/other/", SECOND)}
    assert len(sink.notifications()) == 6


def test_nobody_subscribes_for_somebody_else(fresh, sink, second):
    assert subscribe(fresh, sink, SECOND).status_code == 403
    assert subscribe(fresh, sink, SECOND, second).status_code == 201


def test_posts_that_are_not_public_are_not_told_live(fresh, sink, drained):
    closed = fresh.publish(LINKEDIN, "À l’interne", extra={"visibility": "CONNECTIONS"}, silent=True)["id"]
    comment = fresh.comment(LINKEDIN, "Bonjour", post=closed)["id"]
    fresh.ask("POST", "linkedin/like", {"post": closed, "author": "Julie Exemple"})
    fresh.remove_comment(comment)
    drained()

    pulled = rest(fresh, "GET", pull()).json()["elements"]
    assert [each["action"] for each in sink.notifications()] == ["COMMENT_DELETE"]
    assert [each["action"] for each in pulled] == ["COMMENT_DELETE", "LIKE", "COMMENT"]


# --- challenges ----------------------------------------------------------------------------------


def until(said, seconds=10):
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_every_two_hours_it_is_challenged_and_after_three_failures_blocked_until_it_is_validated_again(fresh, sink, drained):
    fresh.comment(LINKEDIN, "Bonjour")
    drained()
    sink.clear()
    sink.honest = False
    for times in (1, 2, 3):
        fresh.configure(clock_offset=times * 7201)
        until(lambda: fresh.handshakes()["linkedin"]["failures"] == times)  # noqa: B023
    fresh.comment(LINKEDIN, "Bloqué")
    drained()
    assert sink.received == []

    sink.honest = True
    assert http(fresh, "POST", "v2/developerWebhooks?action=revalidateWebhook").status_code == 200
    fresh.comment(LINKEDIN, "De retour")
    drained()
    assert len(sink.received) == 1


# --- the pull of the last sixty days -------------------------------------------------------------


def pull(**more):
    given = {"q": "criteria", "organizationalEntity": quote(LINKEDIN, safe="")} | more
    return "organizationalEntityNotifications?" + "&".join(f"{name}={value}" for name, value in given.items())


def test_missed_notifications_are_pulled_by_action_time_and_post(fresh, drained):
    fresh.ask("POST", "linkedin/role", {"page": LINKEDIN, "role": "ADMINISTRATOR"})
    now = datetime.now(UTC)
    comment = fresh.comment(LINKEDIN, "Bonjour", at=now - timedelta(days=2))["id"]
    fresh.edit_comment(comment, "Bonsoir", at=now - timedelta(days=1))
    fresh.react_to_comment(comment, "like")

    start, end = (int((now - timedelta(days=days)).timestamp() * 1000) for days in (3, 1.5))
    chosen = rest(fresh, "GET", pull(actions="List(COMMENT,COMMENT_EDIT)", timeRange=f"(start:{start},end:{end})")).json()
    edits = rest(fresh, "GET", pull(actions="List(COMMENT_EDIT)", sourcePost=quote(ACTIVITY, safe=""))).json()

    assert [each["action"] for each in chosen["elements"]] == ["COMMENT"]
    assert chosen["elements"][0]["subscriber"] == ADMIN
    assert [each["action"] for each in edits["elements"]] == ["COMMENT_EDIT"]
    assert rest(fresh, "GET", pull(sourcePost=quote("urn:li:activity:1", safe=""))).json()["elements"] == []


def test_pulled_notifications_come_in_pages_and_for_sixty_days(fresh):
    now = datetime.now(UTC)
    fresh.comment(LINKEDIN, "ancien", at=now - timedelta(days=61))
    for number in range(3):
        fresh.comment(LINKEDIN, str(number), at=now - timedelta(days=59))

    first = rest(fresh, "GET", pull(count=2)).json()
    [following] = first["paging"]["links"]
    second = rest(fresh, "GET", following["href"].removeprefix("/rest/")).json()

    assert first["paging"]["total"] == 3
    assert following["rel"] == "next"
    assert len(first["elements"]) + len(second["elements"]) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"q": "all"}, 400),
        ({"actions": "COMMENT"}, 400),
        ({"actions": "List(DANCE)"}, 400),
        ({"timeRange": "yesterday"}, 400),
        ({"organizationalEntity": "urn%3Ali%3Aorganization%3A1"}, 403),
    ],
)
def test_a_pull_asked_for_wrongly_is_refused(fresh, change, status):
    assert rest(fresh, "GET", pull(**change)).status_code == status


def test_a_urn_whose_colons_are_not_encoded_is_refused(fresh):
    refused = http(
        fresh,
        "GET",
        f"rest/organizationalEntityNotifications?q=criteria&organizationalEntity={LINKEDIN}",
        headers=REST | {"Authorization": f"Bearer {LINKEDIN_TOKEN}"},
    )

    assert (refused.status_code, refused.json()["code"]) == (400, "ILLEGAL_ARGUMENT")
