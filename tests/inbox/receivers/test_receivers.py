import json

import pytest
from django.db import connection
from django.utils import timezone

from inbox import platforms
from inbox.models import Delivery, RejectedCount
from inbox.platforms.google.push import Keys
from tests.factories import NOON, make_channel
from tests.inbox.platforms import server
from tests.inbox.platforms.contract import body_of
from tests.inbox.platforms.google.test_google import ACCOUNT, bearer, public
from tests.inbox.wire import feed, post, sign_linkedin, sign_meta

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return feed(make_channel(), "1", NOON, message="Bonjour")


def test_a_signed_body_is_on_disk_as_it_came_before_the_200(client, body):
    assert post(client, body) == 200

    delivery = Delivery.objects.get()
    assert (bytes(delivery.body), delivery.endpoint, delivery.processed_at) == (body, "meta", None)


def test_the_same_body_twice_is_stored_once_and_accepted_twice(client, body):
    assert [post(client, body), post(client, body)] == [200, 200]
    assert Delivery.objects.count() == 1


def test_an_instagram_secret_signs_as_well(client, body):
    assert post(client, body, sign_meta(body, "dev-instagram-app-secret")) == 200


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/hooks/meta/", {}, 403),
        ("/hooks/meta/", {"X-Hub-Signature-256": "sha256=00"}, 403),
        ("/hooks/meta/", {"X-Hub-Signature-256": "sha256=é"}, 403),
        ("/hooks/meta/", {"X-Hub-Signature": "sha1=00"}, 403),
        ("/hooks/linkedin/", {}, 401),
        ("/hooks/linkedin/", {"X-LI-Signature": "00"}, 401),
    ],
)
def test_an_unsigned_body_is_refused_counted_and_not_stored(client, body, path, headers, status):
    assert post(client, body, headers, path) == status
    assert not Delivery.objects.exists()
    assert RejectedCount.objects.get().count == 1


def test_a_body_of_no_announced_length_is_asked_for_with_one_and_counts_as_nothing(client, body):
    """As a server hands over what came in chunks: the body is not where Django looks for it."""
    chunked = {**sign_meta(body), "Transfer-Encoding": "chunked"}

    answer = client.post("/hooks/meta/", body, content_type="application/json", headers=chunked, CONTENT_LENGTH="")

    assert (answer.status_code, answer.content) == (411, b"Content-Length is required")
    assert not Delivery.objects.exists()
    assert not RejectedCount.objects.exists()


def test_a_signature_of_another_body_is_refused(client, body):
    assert post(client, body + b" ", sign_meta(body)) == 403


def test_refusals_are_added_up_by_day(client, body):
    for _ in range(3):
        post(client, body, {})

    assert RejectedCount.objects.get().count == 3


def test_a_body_over_three_mebibytes_is_refused(client):
    body = json.dumps({"object": "page", "entry": [], "pad": "x" * 3 * 1024 * 1024}).encode()

    assert post(client, body) == 413
    assert not Delivery.objects.exists()


def test_a_body_of_just_three_mebibytes_is_taken(client):
    body = b"{" + b" " * (3 * 1024 * 1024 - 2) + b"}"

    assert post(client, body) == 200


def test_a_signed_body_that_is_no_json_is_kept(client):
    assert post(client, b"\xff\x00 not json") == 200
    assert Delivery.objects.count() == 1


def test_meta_is_greeted_with_its_challenge(client):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "dev-verify-token"}

    answer = client.get("/hooks/meta/", asked)

    assert (answer.status_code, answer.content) == (200, b"1158201444")


def test_a_wrong_verify_token_is_refused(client):
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "guess"}

    assert client.get("/hooks/meta/", asked).status_code == 403


def test_linkedin_is_greeted_with_its_challenge_signed(client):
    answer = client.get("/hooks/linkedin/", {"challengeCode": "890e4665-4dfe-4ab1-b689-ed553bceeed0"})

    assert answer.status_code == 200
    assert set(answer.json()) == {"challengeCode", "challengeResponse"}


def test_linkedin_signs_its_own_way(client):
    body = b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}'

    assert post(client, body, sign_linkedin(body), "/hooks/linkedin/") == 200


def test_an_unknown_receiver_is_not_found(client):
    assert client.post("/hooks/somewhere/", b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)("/hooks/meta/").status_code == 405


def test_redis_down_still_takes_the_delivery(client, body, settings):
    from inbox import live

    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    live.redis.cache_clear()
    try:
        assert post(client, body) == 200
    finally:
        live.redis.cache_clear()
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_store_answers_503_so_that_the_platform_tries_again(client, body):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inbox_delivery RENAME TO inbox_delivery_gone")
    try:
        assert post(client, body) == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inbox_delivery_gone RENAME TO inbox_delivery")
    assert not Delivery.objects.exists()


# --- Google, which sends a token in place of a signature ----------------------------------------------------

NOTE = body_of("google", "new_review")


@pytest.fixture
def keys(settings):
    """Google's keys; `keys.sign()` makes the header of a push."""
    with server.running() as running:
        settings.GOOGLE_CERTS_URL, settings.GOOGLE_PUSH_ACCOUNT = running.url, ACCOUNT
        settings.PUBLIC_URL = "https://inbox.example"
        running.says({"keys": [public("one")]})
        yield running


def push(client, **more):
    issued = int(timezone.now().timestamp())
    return post(client, NOTE, bearer("one", iat=issued, exp=issued + 3600, **more), "/hooks/google/")


@pytest.fixture(autouse=True)
def _no_keys_from_before():
    platforms.family("google").keys = Keys()


@pytest.mark.usefixtures("keys")
def test_a_push_with_googles_token_is_stored(client):
    assert push(client) == 200
    assert Delivery.objects.get().endpoint == "google"


@pytest.mark.usefixtures("keys")
def test_a_push_with_another_token_is_refused_and_counted(client):
    assert push(client, aud="https://another.example/hooks/google/") == 401
    assert RejectedCount.objects.get().endpoint == "google"


def test_while_google_does_not_tell_its_keys_the_push_is_to_come_again(client, keys):
    keys.says(server.Saying(status=503))

    assert push(client) == 503
    assert not Delivery.objects.exists()
    assert not RejectedCount.objects.exists()
