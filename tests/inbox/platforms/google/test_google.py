"""Google's receiver: the token that Pub/Sub carries, the keys that prove it, and the thin notes themselves."""

import base64
import json
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from inbox.platforms.base import BadSignature, CannotVerify, Event, Greeted, Hint, Malformed, Unrecognised
from inbox.platforms.google import GoogleHooks
from tests.factories import DAY, HOUR, MINUTE, NOON, SECOND
from tests.inbox.platforms.contract import FIXTURES, JSON, body_of, events_in, fuzz, mutations, only
from tests.inbox.platforms.server import Saying

AUDIENCE, ACCOUNT = "https://inbox.example/hooks/google/", "push@p.iam.gserviceaccount.com"
WHO = {"platform": "google", "channel_id": "locations/2"}
HINT = Hint(**WHO, external_id="locations/2/reviews/3")
EVENTS: dict[str, Event] = {
    "new_review": HINT,
    "updated_review": HINT,
    "new_review_snake": HINT,
    "new_review_short_keys": HINT,
    "new_review_resource_name": HINT,
    "new_review_without_account": HINT,
    "new_review_without_review": Hint(**WHO),
    "new_question": Greeted(**WHO),
    "voice_of_merchant_updated": Greeted(**WHO),
    "google_update": Greeted(**WHO),
}
KEPT_ASIDE = ["unknown_type", "without_names", "no_note", "no_data"]


@cache
def key(kid: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(kid: str) -> dict[str, Any]:
    told = jwt.algorithms.RSAAlgorithm.to_jwk(key(kid).public_key(), as_dict=True)
    return told | {"kid": kid, "alg": "RS256", "use": "sig"}


def claims(**more: Any) -> dict[str, Any]:
    issued = int(NOON.timestamp())
    told = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "azp": "113", "sub": "113", "email": ACCOUNT}
    return told | {"email_verified": True, "iat": issued, "exp": issued + 3600} | more


def bearer(kid: str = "one", *, signed_with: str = "", **more: Any) -> dict[str, str]:
    token = jwt.encode(claims(**more), key(signed_with or kid), algorithm="RS256", headers={"kid": kid})
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def google(platform) -> "Side":
    return Side(platform)


class Side:
    """A receiver with no memory, and the place where it asks for Google's keys."""

    def __init__(self, server):
        self.server, self.family = server, GoogleHooks()
        self.tells("one")

    def tells(self, *kids):
        self.server.says({"keys": [public(kid) for kid in kids]})

    def is_down(self):
        self.server.says(Saying(status=503))

    def verify(self, headers, *, now=NOON, audiences=(AUDIENCE,), account=ACCOUNT):
        given = {"GOOGLE_PUSH_AUDIENCE": list(audiences), "GOOGLE_PUSH_ACCOUNT": account, "PUBLIC_URL": "https://inbox.example"}
        secrets = self.family.secrets(given | {"GOOGLE_CERTS_URL": self.server.url})
        return self.family.verify(headers, b"{}", secrets=secrets, now=now)

    @property
    def asked(self):
        return len(self.server.asked)


# --- the token -----------------------------------------------------------------------------------------


def test_a_token_that_google_signed_for_us_is_believed(google):
    assert google.verify(bearer()) == "oidc"
    assert google.server.asked[0].path == "/oauth2/v3/certs"
    assert "Authorization" not in google.server.asked[0].headers


def test_the_audience_is_our_own_address_unless_it_is_told(google):
    assert google.verify(bearer(), audiences=[])
    with pytest.raises(BadSignature):
        google.verify(bearer(), audiences=["https://another.example/"])


def test_the_audience_may_be_changed_without_losing_a_delivery(google):
    assert google.verify(bearer(), audiences=["https://new.example/hooks/google/", AUDIENCE])


def test_the_issuer_may_leave_out_its_scheme(google):
    assert google.verify(bearer(iss="accounts.google.com"))


WRONG = {
    "for another": {"aud": "https://somebody-else.example/push"},
    "for several": {"aud": [AUDIENCE, "https://somebody-else.example/push"]},
    "from another issuer": {"iss": "https://accounts.example"},
    "of another account": {"email": "someone@else.iam.gserviceaccount.com"},
    "of an account that is not proven": {"email_verified": False},
    "of an account proven in words": {"email_verified": "true"},
    "expired": {"exp": int(NOON.timestamp()) - 61},
    "without an end": {"exp": None},
    "with an end in words": {"exp": "tomorrow"},
}


@pytest.mark.parametrize("more", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_for_us_is_refused_before_anybody_is_asked(google, more):
    with pytest.raises(BadSignature):
        google.verify(bearer(**{name: value for name, value in more.items() if value is not None} or {"exp": "x"}))
    assert google.asked == 0


def test_clocks_may_differ_by_a_minute(google):
    assert google.verify(bearer(exp=int(NOON.timestamp()) - 59))


def test_a_token_ends_by_the_clock_that_is_given(google):
    assert google.verify(bearer(), now=NOON + HOUR)
    with pytest.raises(BadSignature):
        google.verify(bearer(), now=NOON + HOUR + MINUTE)


def test_a_token_signed_by_another_key_is_refused(google):
    with pytest.raises(BadSignature):
        google.verify(bearer("one", signed_with="somebody else's"))


def test_a_changed_token_is_refused(google):
    head, _told, proof = bearer()["Authorization"].split(".")
    forged = base64.urlsafe_b64encode(json.dumps(claims(sub="1")).encode()).rstrip(b"=").decode()
    with pytest.raises(BadSignature):
        google.verify({"Authorization": f"{head}.{forged}.{proof}"})


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_of_another_kind_is_refused(google, algorithm):
    secret = None if algorithm == "none" else "a secret that anybody may have made up"
    token = jwt.encode(claims(), secret, algorithm=algorithm, headers={"kid": "one"})
    with pytest.raises(BadSignature):
        google.verify({"Authorization": f"Bearer {token}"})
    assert google.asked == 0


def test_without_an_account_nothing_is_believed(google):
    with pytest.raises(BadSignature):
        google.verify(bearer(email=""), account="")


NO_TOKENS = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer ..", "é", "\ud800", "Bearer " + "a" * 10_000]


@pytest.mark.parametrize("value", NO_TOKENS)
def test_a_header_that_is_no_token_is_refused(google, value):
    for headers in ({}, {"Authorization": value}):
        with pytest.raises(BadSignature):
            google.verify(headers)
    assert google.asked == 0


@pytest.mark.parametrize("name", ["iss", "aud", "email", "email_verified", "exp"])
@pytest.mark.parametrize("claim", [["https://accounts.google.com"], {"a": 1}, None, 7, "7"])
def test_a_claim_of_any_type_is_refused_before_anybody_is_asked(google, name, claim):
    parts = {"alg": "RS256", "kid": "one"}, claims(**{name: claim})
    token = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (*parts, {"no": "proof"}))
    with pytest.raises(BadSignature):
        google.verify({"Authorization": f"Bearer {token.decode()}"})
    assert google.asked == 0


@fuzz
@given(st.text(max_size=100))
def test_no_header_can_do_more_than_be_refused(value):
    secrets = [f"{AUDIENCE} {ACCOUNT} http://127.0.0.1:9"]
    with pytest.raises(BadSignature):
        GoogleHooks().verify({"Authorization": f"Bearer {value}"}, b"", secrets=secrets, now=NOON)


# --- the keys ------------------------------------------------------------------------------------------


def test_the_keys_are_asked_for_once_an_hour(google):
    for after in (0, 1, 30, 59):
        google.verify(bearer(exp=int((NOON + DAY).timestamp())), now=NOON + after * MINUTE)
    assert google.asked == 1

    google.verify(bearer(exp=int((NOON + DAY).timestamp())), now=NOON + HOUR)
    assert google.asked == 2


def test_a_new_key_is_asked_for_when_it_is_first_seen(google):
    google.verify(bearer("one"))
    google.tells("one", "two")

    assert google.verify(bearer("two"), now=NOON + MINUTE)
    assert google.asked == 2


def test_a_key_that_google_does_not_have_is_asked_for_at_most_once_a_minute(google):
    google.verify(bearer("one"))
    for after in (1, 30, 59):
        with pytest.raises(BadSignature):
            google.verify(bearer("unknown"), now=NOON + after * SECOND)
    assert google.asked == 1

    with pytest.raises(BadSignature):
        google.verify(bearer("unknown"), now=NOON + MINUTE)
    assert google.asked == 2


def test_a_key_that_google_withdrew_proves_nothing_any_more(google):
    google.verify(bearer("one"))
    google.tells("two")

    with pytest.raises(BadSignature):
        google.verify(bearer("one"), now=NOON + HOUR)


DOWN = {
    "503": Saying(status=503),
    "hung up": Saying(cut=True),
    "no keys": Saying({}),
    "an empty list": Saying({"keys": []}),
    "keys of another kind": Saying({"keys": [{"kid": "one", "kty": "weather"}, {}, None]}),
    "no JSON": Saying(raw=b"<html>"),
    "404": Saying({"keys": []}, 404),
}


@pytest.mark.parametrize("saying", DOWN.values(), ids=DOWN)
def test_keys_that_cannot_be_had_are_no_refusal(google, saying):
    google.server.says(saying)
    for after in (0, 1, 60):
        with pytest.raises(CannotVerify):
            google.verify(bearer(), now=NOON + after * SECOND)
    assert google.asked == 2

    google.tells("one")
    assert google.verify(bearer(), now=NOON + 2 * MINUTE)


def test_known_keys_serve_on_for_a_day_while_google_cannot_be_asked(google):
    late = int((NOON + 3 * DAY).timestamp())
    google.verify(bearer())
    google.is_down()

    assert google.verify(bearer(exp=late), now=NOON + DAY - SECOND)
    with pytest.raises(CannotVerify):
        google.verify(bearer(exp=late), now=NOON + DAY + MINUTE)


def test_an_unknown_key_while_google_cannot_be_asked_is_no_refusal(google):
    google.verify(bearer("one"))
    google.is_down()

    with pytest.raises(CannotVerify):
        google.verify(bearer("two"), now=NOON + MINUTE)


# --- the notes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_a_note_says_where_to_look(name):
    assert only("google", name) == EVENTS[name]


@pytest.mark.parametrize("name", KEPT_ASIDE)
def test_what_is_no_note_that_we_know_is_kept_aside(name):
    assert isinstance(only("google", name), Unrecognised)


def test_every_fixture_is_tested():
    assert sorted(path.stem for path in (FIXTURES / "google").glob("*.json")) == sorted([*EVENTS, *KEPT_ASIDE])


def noted(**told: Any) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(told).encode()).decode()
    return {"message": {"data": data, "messageId": "1"}, "subscription": "s"}


@pytest.mark.parametrize("name", ["accounts/1/locations/../reviews/3", "locations/2/reviews/3?x=1", "locations/2/reviews/٣"])
def test_a_name_that_is_none_is_never_made_into_an_address(name):
    (event,) = events_in("google", noted(notificationType="NEW_REVIEW", reviewName=name))
    assert isinstance(event, Unrecognised)


def test_a_name_longer_than_what_is_kept_is_kept_aside():
    (event,) = events_in("google", noted(notificationType="NEW_REVIEW", reviewName=f"locations/2/reviews/{'9' * 300}"))
    assert isinstance(event, Unrecognised)


def test_what_is_no_json_object_or_list_is_malformed():
    for raw in (b"", b"{", b"12", b'"text"', b"null", b"\xff\xfe\xff", b"[" * 100_000, b"<html>"):
        with pytest.raises(Malformed):
            events_in("google", raw)


@fuzz
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4) | st.lists(JSON, max_size=4))
def test_any_json_gives_events(payload):
    assert all(isinstance(event, Event) for event in events_in("google", payload))


@fuzz
@given(st.data())
def test_a_note_with_any_part_replaced_gives_events(data):
    whole = {"notificationType": "NEW_REVIEW", "reviewName": "locations/2/reviews/3", "locationName": "locations/2"}
    told = data.draw(mutations(whole))
    payload = data.draw(mutations(noted(**told) if isinstance(told, dict) else noted()))
    events = events_in("google", payload if isinstance(payload, dict | list) else [payload])
    assert all(isinstance(event, Hint | Greeted | Unrecognised) for event in events)


def test_the_same_body_twice_gives_equal_events():
    for name in EVENTS:
        assert events_in("google", body_of("google", name)) == events_in("google", body_of("google", name))
