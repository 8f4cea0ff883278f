"""Google: reviews that are told thinly and fetched, answers that are read before they are published, tokens of an hour."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.simulator.calls import ACCOUNT, GOOGLE_REFRESH, OTHER_PLACE, PLACE, google, http

AT = datetime(2026, 11, 20, 15, 30, 12, tzinfo=UTC)
CLIENT = {"client_id": "dev-google-client", "client_secret": "dev-google-client-secret"}
REVIEWS = f"v4/{PLACE}/reviews"
SETTING = f"v1/{ACCOUNT}/notificationSetting"


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims(fresh, received):
    """What the token claims, after a check of its signature with the key that Google shows; None where it does not hold."""
    head, payload, proof = received.headers["Authorization"].removeprefix("Bearer ").split(".")
    keys = {key["kid"]: key for key in http(fresh, "GET", "oauth2/v3/certs").json()["keys"]}
    key = keys.get(json.loads(decoded(head))["kid"])
    if key is None:
        return None
    numbers = rsa.RSAPublicNumbers(*(int.from_bytes(decoded(key[name]), "big") for name in ("e", "n")))
    try:
        signed = f"{head}.{payload}".encode()
        numbers.public_key().verify(decoded(proof), signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return None
    return json.loads(decoded(payload))


def note(received):
    return json.loads(base64.b64decode(received.json["message"]["data"]))


def reply(fresh, review, text="Merci Julie"):
    return google(fresh, "PUT", f"v4/{review['id']}/reply", json={"comment": text})


# --- push ----------------------------------------------------------------------------------------


def test_a_review_is_told_thinly_under_a_token_that_holds(fresh, sink, drained):
    review = fresh.review(PLACE, "Bon service", stars=4, at=AT)
    drained()

    [received] = sink.received
    told = claims(fresh, received)
    assert received.path == "/hooks/google/"
    assert note(received) == {"notificationType": "NEW_REVIEW", "reviewName": review["id"], "locationName": PLACE}
    assert received.json["message"]["publishTime"] == "2026-11-20T15:30:12.000Z"
    assert received.json["message"]["messageId"] == received.json["message"]["message_id"]
    assert (told["iss"], told["aud"], told["email_verified"]) == (
        "https://accounts.google.com",
        sink.url + "/hooks/google/",
        True,
    )
    assert told["exp"] - told["iat"] == 3600
    assert told["email"].endswith(".iam.gserviceaccount.com")


def test_an_edit_is_told_and_a_removal_is_not(fresh, sink, drained):
    review = fresh.review(PLACE, "Bon service", stars=4)["id"]
    fresh.edit_review(review, "Mauvais service", stars=1)
    fresh.remove_review(review)
    drained()

    assert [note(each)["notificationType"] for each in sink.received] == ["NEW_REVIEW", "UPDATED_REVIEW"]
    assert google(fresh, "GET", f"v4/{review}").json()["error"]["status"] == "NOT_FOUND"


def test_what_is_not_acknowledged_comes_again_as_the_same_message_under_a_new_token(fresh, sink, drained):
    sink.answers[:] = [500, 302]

    fresh.review(PLACE, "Insistez", stars=5)
    drained()

    assert len(sink.received) == 3
    assert len({each.body for each in sink.received}) == 1
    assert all(claims(fresh, each) for each in sink.received)


def test_204_acknowledges_too(fresh, sink, drained):
    sink.answers[:] = [204]
    fresh.review(PLACE, "Merci", stars=5)
    drained()

    assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("wrong", "claim", "value"),
    [
        ("audience", "aud", "https://somebody-else.example/push"),
        ("issuer", "iss", "https://accounts.example"),
        ("unverified", "email_verified", False),
        ("email", "email", "someone@else.iam.gserviceaccount.com"),
    ],
)
def test_a_token_can_be_wrong_in_what_it_claims(fresh, sink, drained, wrong, claim, value):
    fresh.fault("google_token", page=PLACE, value=wrong, count=1)
    fresh.review(PLACE, "Bonjour", stars=5)
    fresh.review(PLACE, "Bonsoir", stars=5)
    drained()

    first, second = (claims(fresh, each) for each in sink.received)
    assert first[claim] == value
    assert second[claim] != value


def test_a_token_can_be_too_old_unsigned_or_of_a_key_that_nobody_knows(fresh, sink, drained):
    for wrong in ("expired", "bad", "key", "none"):
        fresh.fault("google_token", page=PLACE, value=wrong, count=1)
        fresh.review(PLACE, wrong, stars=5)
        drained()

    expired, bad, key, none = sink.received
    assert claims(fresh, expired)["exp"] < datetime.now(UTC).timestamp()
    assert (claims(fresh, bad), claims(fresh, key)) == (None, None)
    assert "Authorization" not in none.headers


def test_keys_rotate_and_the_one_before_stays_known_until_it_is_forgotten(fresh, sink, drained):
    fresh.review(PLACE, "Avant", stars=5)
    drained()
    fresh.ask("POST", "google/keys")
    fresh.review(PLACE, "Après", stars=5)
    drained()

    before, after = sink.received
    assert before.headers["Authorization"].split(".")[0] != after.headers["Authorization"].split(".")[0]
    assert claims(fresh, before)
    assert claims(fresh, after)
    fresh.ask("POST", "google/keys", {"forget": True})
    assert claims(fresh, before) is None


# --- notification settings -----------------------------------------------------------------------


def test_the_setting_of_the_account_says_what_is_told_and_where(fresh, sink, drained):
    topic = "projects/comptoir-prod/topics/avis"
    body = {"pubsubTopic": topic, "notificationTypes": ["UPDATED_REVIEW"]}
    patched = google(fresh, "PATCH", f"{SETTING}?updateMask=pubsubTopic,notificationTypes", json=body)
    review = fresh.review(PLACE, "Nouveau", stars=5)["id"]
    fresh.edit_review(review, "Changé")
    drained()

    assert patched.json() == {"name": f"{ACCOUNT}/notificationSetting"} | body
    assert google(fresh, "GET", SETTING).json() == patched.json()
    assert [note(each)["notificationType"] for each in sink.received] == ["UPDATED_REVIEW"]


def test_another_tool_overwrites_the_one_setting_and_ours_hears_no_more(fresh, sink, drained):
    fresh.ask("POST", "google/overwrite", {"page": PLACE})
    fresh.review(PLACE, "Personne n’écoute", stars=1)
    fresh.review(OTHER_PLACE, "Du même compte", stars=1)
    told = google(fresh, "GET", SETTING).json()["pubsubTopic"]

    body = {"pubsubTopic": "projects/comptoir/topics/avis", "notificationTypes": ["NEW_REVIEW"]}
    google(fresh, "PATCH", f"{SETTING}?updateMask=pubsubTopic,notificationTypes", json=body)
    fresh.review(PLACE, "Nous voilà", stars=5)
    drained()

    assert told == "projects/autre-outil/topics/avis"
    assert len(sink.received) == 1


@pytest.mark.parametrize(
    ("mask", "body"),
    [
        ("", {}),
        ("pubsubTopic", {"pubsubTopic": "avis"}),
        ("notificationTypes", {"notificationTypes": ["EVERYTHING"]}),
        ("name", {"name": "x"}),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(fresh, mask, body):
    refused = google(fresh, "PATCH", f"{SETTING}?updateMask={mask}", json=body)

    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


# --- reviews -------------------------------------------------------------------------------------


def test_a_review_has_its_stars_in_words_and_may_have_no_words(fresh):
    review = fresh.review(PLACE, "", stars=2, author=None, at=AT)

    told = google(fresh, "GET", f"v4/{review['id']}").json()

    assert told == {
        "name": review["id"],
        "reviewId": review["id"].rpartition("/")[2],
        "reviewer": {"displayName": "A Google User", "isAnonymous": True},
        "starRating": "TWO",
        "createTime": "2026-11-20T15:30:12.000000Z",
        "updateTime": "2026-11-20T15:30:12.000000Z",
    }


def test_reviews_are_listed_by_pages_newest_first_with_their_mean(fresh):
    for stars in (5, 4, 1):
        fresh.review(PLACE, str(stars), stars=stars)
    fresh.review(OTHER_PLACE, "ailleurs", stars=1)

    first = google(fresh, "GET", f"{REVIEWS}?pageSize=2").json()
    second = google(fresh, "GET", f"{REVIEWS}?pageSize=2&pageToken={first['nextPageToken']}").json()
    worst = google(fresh, "GET", f"{REVIEWS}?orderBy=rating").json()

    assert [each["comment"] for each in first["reviews"] + second["reviews"]] == ["1", "4", "5"]
    assert (first["averageRating"], first["totalReviewCount"]) == (3.3, 3)
    assert "nextPageToken" not in second
    assert [each["starRating"] for each in worst["reviews"]] == ["ONE", "FOUR", "FIVE"]


@pytest.mark.parametrize("query", ["orderBy=name", "pageSize=many", "pageToken=junk"])
def test_a_list_asked_for_wrongly_is_refused(fresh, query):
    assert google(fresh, "GET", f"{REVIEWS}?{query}").status_code == 400


def test_a_place_without_reviews_answers_with_nothing(fresh):
    assert google(fresh, "GET", REVIEWS).json() == {}


# --- answers -------------------------------------------------------------------------------------


def state(fresh, review):
    return google(fresh, "GET", f"v4/{review['id']}").json().get("reviewReply", {}).get("reviewReplyState")


def test_an_answer_is_pending_then_published(fresh):
    review = fresh.review(PLACE, "Bon service", stars=4)

    told = reply(fresh, review).json()
    before = state(fresh, review)
    fresh.configure(clock_offset=30)

    assert (told["comment"], told["reviewReplyState"], before) == ("Merci Julie", "PENDING", "PENDING")
    assert state(fresh, review) == "APPROVED"
    [kept] = [each for page in fresh.state(PLACE)["pages"] for each in page["reviews"]]
    assert (kept["reply"], kept["reply_source"]) == ("Merci Julie", "api")


def test_an_answer_may_be_refused_by_google_with_the_reason(fresh):
    fresh.configure(google_moderation="hold")
    review = fresh.review(PLACE, "Bon service", stars=4)
    reply(fresh, review)
    fresh.configure(clock_offset=3600)
    held = state(fresh, review)
    fresh.ask("POST", "google/judge", {"review": review["id"], "state": "rejected"})

    told = google(fresh, "GET", f"v4/{review['id']}").json()["reviewReply"]
    assert held == "PENDING"
    assert (told["reviewReplyState"], told["policyViolation"]) == ("REJECTED", "PERSONALLY_IDENTIFIABLE_INFORMATION")


def test_an_answer_is_replaced_by_the_next_and_taken_back(fresh):
    review = fresh.review(PLACE, "Bon service", stars=4)
    reply(fresh, review, "Merci")
    reply(fresh, review, "Merci beaucoup")

    told = google(fresh, "GET", f"v4/{review['id']}").json()["reviewReply"]["comment"]
    removed = google(fresh, "DELETE", f"v4/{review['id']}/reply")

    assert told == "Merci beaucoup"
    assert removed.json() == {}
    assert google(fresh, "DELETE", f"v4/{review['id']}/reply").status_code == 404
    assert state(fresh, review) is None


def test_an_answer_has_4096_bytes_not_letters(fresh):
    review = fresh.review(PLACE, "Bon service", stars=4)

    assert reply(fresh, review, "é" * 2048).status_code == 200
    assert reply(fresh, review, "é" * 2048 + "e").json()["error"]["status"] == "INVALID_ARGUMENT"
    assert reply(fresh, review, " ").status_code == 400


def test_a_place_that_is_not_verified_cannot_answer(fresh):
    place = "accounts/900501/locations/900599"
    fresh.create_page("google", place, name="Pas vérifiée", token="dev-token-google-x", extra={"verified": False})
    review = fresh.review(place, "Bonjour", stars=3)

    assert reply(fresh, review).json()["error"]["status"] == "PERMISSION_DENIED"


def test_faults_have_googles_words(fresh):
    review = fresh.review(PLACE, "Bon service", stars=4)
    told = []
    for kind in ("refuse_429", "refuse", "token_dead", "error_after_accept"):
        fresh.fault(kind, page=PLACE, count=1)
        answered = reply(fresh, review, kind)
        told.append((answered.status_code, answered.json()["error"]["status"]))

    assert told == [(429, "RESOURCE_EXHAUSTED"), (403, "PERMISSION_DENIED"), (401, "UNAUTHENTICATED"), (500, "INTERNAL")]
    assert google(fresh, "GET", f"v4/{review['id']}").json()["reviewReply"]["comment"] == "error_after_accept"


# --- connecting ----------------------------------------------------------------------------------


def token(fresh, **given):
    return http(fresh, "POST", "token", data=CLIENT | given)


def test_a_refresh_token_buys_an_hour(fresh):
    told = token(fresh, grant_type="refresh_token", refresh_token=GOOGLE_REFRESH).json()
    now = google(fresh, "GET", "v1/accounts", told["access_token"])
    fresh.configure(clock_offset=3600)
    later = google(fresh, "GET", "v1/accounts", told["access_token"])

    assert (told["expires_in"], told["token_type"]) == (3599, "Bearer")
    assert now.json()["accounts"][0]["name"] == ACCOUNT
    assert (later.status_code, later.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_refresh_token_opens_nothing_itself_and_may_be_revoked(fresh):
    assert google(fresh, "GET", "v1/accounts", GOOGLE_REFRESH).status_code == 401
    assert http(fresh, "POST", "revoke", data={"token": GOOGLE_REFRESH}).status_code == 200

    refused = token(fresh, grant_type="refresh_token", refresh_token=GOOGLE_REFRESH)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_wrong_client_is_told_so(fresh):
    given = {"grant_type": "refresh_token", "refresh_token": GOOGLE_REFRESH, "client_secret": "wrong"}

    assert token(fresh, **given).json()["error"] == "invalid_client"


def test_places_are_listed_without_their_account_and_only_with_a_mask(fresh):
    path = f"v1/{ACCOUNT}/locations"

    listed = google(fresh, "GET", f"{path}?readMask=name,title").json()

    assert listed["locations"][0] == {"name": "locations/900511", "title": "Pharmacie du Vieux-Quai"}
    assert listed["totalSize"] == 2
    assert google(fresh, "GET", path).status_code == 400


def test_nothing_of_another_account_is_seen(fresh):
    fresh.create_page("google", "accounts/1/locations/2", name="Ailleurs", token="dev-token-google-else")

    assert google(fresh, "GET", REVIEWS, "dev-token-google-else").json()["error"]["status"] == "PERMISSION_DENIED"
    assert google(fresh, "GET", SETTING, "dev-token-google-else").status_code == 404
