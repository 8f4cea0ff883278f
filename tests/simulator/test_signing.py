"""The reference's own vectors."""

from simulator import signing, wire

META_BODY = (
    b'{"object":"page","entry":[{"id":"100200300400500","time":1795430400,"changes":[{"field":"feed","value":'
    b'{"item":"comment","verb":"add","message":"Caf\\u00e9 \\ud83d\\ude0a"}}]}]}'
)
LINKEDIN_BODY = b'{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}'
LINKEDIN_KEY = "unit-test-li-client-secret"


def test_meta_signs_the_escaped_bytes():
    signed = signing.meta("unit-test-app-secret", META_BODY)

    assert signed == {"X-Hub-Signature-256": "sha256=87357b32d545861e38d72187c773a902de587c96bf88f8adebaf69e0f1100e57"}


def test_webhook_bodies_are_the_bytes_meta_would_sign():
    value = {"item": "comment", "verb": "add", "message": "Café 😊"}
    entry = {"id": "100200300400500", "time": 1795430400, "changes": [{"field": "feed", "value": value}]}

    assert wire.dumps({"object": "page", "entry": [entry]}).encode() == META_BODY
    assert wire.dumps_meta("https://example.com/é") == '"https:\\/\\/example.com\\/\\u00e9"'


def test_the_proof_of_a_token():
    proof = signing.appsecret_proof("unit-test-app-secret", "EAAGtestpagetoken")

    assert proof == "6f64eeb9df19729f3716260ff6a6007a3df799446cefd80ea79088e0113ca5ba"


def test_linkedin_signs_in_the_documented_form_or_bare():
    assert signing.linkedin(LINKEDIN_KEY, LINKEDIN_BODY) == {
        "X-LI-Signature": "250f7b66d9ecac0dbf24402e1de5dbd77637e9e0ad623681e9f213ed956ea71f"
    }
    assert signing.linkedin_bare(LINKEDIN_KEY, LINKEDIN_BODY) == {
        "X-LI-Signature": "hmacsha256=ee93b188b3b9b0ad546d57e338430157dbae578b0e66dfb74cd0030c0c4106b7"
    }


def test_linkedin_expects_this_answer_to_its_challenge():
    response = signing.challenge_response(LINKEDIN_KEY, "3f0c2b7e-5a41-4d0e-9c1b-2a7d6e8f9012")

    assert response == "80c672cbb9ac7f665a01cfe8d1986c5bd9db49fc7e016393d59d163944250dbf"
