"""The reference's own vectors, and the greetings."""

import json

import pytest

from inbox import platforms
from inbox.platforms import signing
from inbox.platforms.base import BadSignature
from tests.factories import NOON

META_SECRET, LINKEDIN_SECRET = "unit-test-app-secret", "unit-test-li-client-secret"
META_BODY = (
    rb'{"object":"page","entry":[{"id":"100200300400500","time":1795430400,"changes":[{"field":"feed","value":'
    rb'{"item":"comment","verb":"add","message":"Caf\u00e9 \ud83d\ude0a"}}]}]}'
)
LINKEDIN_BODY = b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}'
PREFIXED = "250f7b66d9ecac0dbf24402e1de5dbd77637e9e0ad623681e9f213ed956ea71f"
BARE = "ee93b188b3b9b0ad546d57e338430157dbae578b0e66dfb74cd0030c0c4106b7"
meta, linkedin = platforms.family("meta"), platforms.family("linkedin")


def test_meta_signs_the_raw_bytes():
    headers = {"X-Hub-Signature-256": "sha256=87357b32d545861e38d72187c773a902de587c96bf88f8adebaf69e0f1100e57"}
    assert meta.verify(headers, META_BODY, secrets=[META_SECRET], now=NOON) == "sha256"


def test_the_digest_of_the_decoded_form_is_refused():
    headers = {"X-Hub-Signature-256": "sha256=a353ec381d839e97e2ac0702ea4ce47d01d37f7e210c7ec203b47f07d6928849"}
    with pytest.raises(BadSignature):
        meta.verify(headers, META_BODY, secrets=[META_SECRET], now=NOON)


def test_the_old_sha1_header_is_no_signature():
    headers = {"X-Hub-Signature": f"sha1={signing.digest(META_SECRET, META_BODY)}"}
    with pytest.raises(BadSignature):
        meta.verify(headers, META_BODY, secrets=[META_SECRET], now=NOON)


def test_a_call_is_proved_with_the_app_secret():
    proof = signing.digest(META_SECRET, b"EAAGtestpagetoken")
    assert proof == "6f64eeb9df19729f3716260ff6a6007a3df799446cefd80ea79088e0113ca5ba"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (PREFIXED, "prefixed"),
        (BARE, "bare"),
        (f"hmacsha256={BARE}", "bare"),
        (f"hmacsha256={PREFIXED}", "prefixed"),
        (PREFIXED.upper(), "prefixed"),
    ],
)
def test_linkedin_may_sign_in_either_form(value, form):
    assert linkedin.verify({"X-LI-Signature": value}, LINKEDIN_BODY, secrets=["another", LINKEDIN_SECRET], now=NOON) == form


# --- calls in OAuth 1.0 --------------------------------------------------------------------------------

# Both vectors are of the standard: of its first text, and of RFC 5849.
PHOTOS = "http://photos.example.net/photos"
OAUTH = {
    "oauth_consumer_key": "dpf43f3p2l4k3l03",
    "oauth_token": "nnch734d00sl2jdk",
    "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": "1191242096",
    "oauth_nonce": "kllo9940pd9333jh",
    "oauth_version": "1.0",
}
OAUTH_SECRETS = ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00")


@pytest.mark.parametrize(
    ("url", "form"),
    [
        (f"{PHOTOS}?file=vacation.jpg&size=original", ""),
        (PHOTOS, "size=original&file=vacation.jpg"),
        ("http://Photos.example.net:80/photos?size=original#top", "file=vacation.jpg"),
    ],
)
def test_a_call_is_signed_wherever_its_parameters_stand(url, form):
    header = signing.oauth1("get", url, form, OAUTH, OAUTH_SECRETS)
    assert header.startswith('OAuth oauth_consumer_key="dpf43f3p2l4k3l03", ')
    assert header.endswith('oauth_signature="tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D"')


def test_the_version_may_be_left_unsaid():
    oauth = {name: value for name, value in OAUTH.items() if name != "oauth_version"}
    oauth |= {"oauth_timestamp": "137131202", "oauth_nonce": "chapoH"}
    header = signing.oauth1("GET", f"{PHOTOS}?file=vacation.jpg&size=original", "", oauth, OAUTH_SECRETS)
    assert header.endswith('oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"')


# --- greetings ---------------------------------------------------------------------------------------


def test_linkedin_is_answered_with_its_challenge_signed():
    code = "3f0c2b7e-5a41-4d0e-9c1b-2a7d6e8f9012"
    kind, body = linkedin.handshake({"challengeCode": code}, secrets=["", LINKEDIN_SECRET], verify_tokens=[])
    assert kind == "application/json"
    answer = "80c672cbb9ac7f665a01cfe8d1986c5bd9db49fc7e016393d59d163944250dbf"
    assert json.loads(body) == {"challengeCode": code, "challengeResponse": answer}


@pytest.mark.parametrize("code", ["", LINKEDIN_BODY.decode(), f"hmacsha256={LINKEDIN_BODY.decode()}", "[]", "a" * 129, "x\n"])
def test_nobody_can_have_a_body_signed_by_asking_for_a_challenge(code):
    with pytest.raises(BadSignature):
        linkedin.handshake({"challengeCode": code}, secrets=[LINKEDIN_SECRET], verify_tokens=[])


def test_linkedin_is_not_answered_without_a_secret():
    with pytest.raises(BadSignature):
        linkedin.handshake({"challengeCode": "abc"}, secrets=[""], verify_tokens=[])


GREETING = {"hub.mode": "subscribe", "hub.challenge": "774411003", "hub.verify_token": "one-of-ours"}


def test_meta_gets_its_challenge_back_as_it_came():
    assert meta.handshake(GREETING, secrets=[], verify_tokens=["older", "one-of-ours"]) == ("text/plain", "774411003")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.verify_token": "else"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "é"},
        {"hub.challenge": ""},
    ],
)
def test_meta_is_not_answered_without_our_token(change):
    with pytest.raises(BadSignature):
        meta.handshake(GREETING | change, secrets=[], verify_tokens=["one-of-ours", ""])


# --- the registry ------------------------------------------------------------------------------------


def test_a_platform_that_nobody_built_is_named_in_the_error():
    with pytest.raises(platforms.UnknownPlatform, match="myspace"):
        platforms.get("myspace")
    with pytest.raises(LookupError, match="myspace"):
        platforms.family("myspace")


def test_every_connector_has_its_family():
    for connector in platforms.connectors():
        assert platforms.get(connector.slug) is connector
        if connector.family:  # else it is only looked at
            assert platforms.family(connector.family).slug == connector.family
