"""LinkedIn's other calls: edits, reactions, people, roles, posts, refusals, and the tokens that open them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.simulator.browsing import Browser
from tests.simulator.calls import ACTIVITY, LINKEDIN, LINKEDIN_TOKEN, comments_path, http, rest
from tests.simulator.linkedin.calls import SHARE, urn, write

CLIENT = {"client_id": "dev-linkedin-client", "client_secret": "dev-linkedin-client-secret"}
ACTOR = "?actor=" + quote(LINKEDIN, safe="")
SCOPES = "rw_organization_admin r_organization_social w_organization_social"
PATCH = {"X-RestLi-Method": "PARTIAL_UPDATE", "LinkedIn-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}


def edit(sim, comment, text, headers=PATCH):
    body = {"patch": {"message": {"$set": {"text": text}}}}
    return rest(sim, "POST", f"{comments_path(ACTIVITY)}/{comment}{ACTOR}", headers=headers, json=body)


# --- comments ------------------------------------------------------------------------------------


def test_our_own_comment_is_edited_and_deleted_and_both_are_told(fresh, sink, drained):
    ours = write(fresh, fresh.comment(LINKEDIN, "Bonjour")["id"]).json()["id"]
    drained()
    sink.clear()

    edited = edit(fresh, ours, "Merci beaucoup")
    deleted = rest(fresh, "DELETE", f"{comments_path(ACTIVITY)}/{ours}{ACTOR}")
    drained()

    assert (edited.status_code, deleted.status_code) == (204, 204)
    assert [each["action"] for each in sink.notifications()] == ["COMMENT_EDIT", "COMMENT_DELETE"]
    assert sink.notifications()[0]["decoratedGeneratedActivity"]["comment"]["text"] == "Merci beaucoup"
    assert rest(fresh, "GET", f"{comments_path(ACTIVITY)}/{ours}").status_code == 404


def test_an_edit_needs_its_method_an_actor_and_a_comment_of_our_own(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    ours = write(fresh, comment).json()["id"]
    plain = {name: value for name, value in PATCH.items() if name != "X-RestLi-Method"}

    assert edit(fresh, ours, "x", plain).json()["code"] == "ILLEGAL_ARGUMENT"
    assert edit(fresh, comment, "x").status_code == 403
    assert edit(fresh, ours, "a" * 1251).json()["code"] == "FIELD_LENGTH_TOO_LONG"
    assert rest(fresh, "DELETE", f"{comments_path(ACTIVITY)}/{ours}").json()["code"] == "MISSING_FIELD"


def test_an_image_in_a_comment_is_forbidden(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]

    assert write(fresh, comment, content=[{"entity": {"image": "urn:li:image:1"}}]).status_code == 403


# --- reactions -----------------------------------------------------------------------------------


def react(fresh, root, kind="LIKE"):
    return rest(fresh, "POST", f"reactions{ACTOR}", json={"root": root, "reactionType": kind})


def test_a_reaction_is_set_counted_and_taken_back(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    entity = quote(urn(comment), safe="")

    set_, again = react(fresh, urn(comment)), react(fresh, urn(comment), "PRAISE")
    shown = rest(fresh, "GET", f"{comments_path(ACTIVITY)}/{comment}").json()["likesSummary"]
    gone = rest(fresh, "DELETE", f"reactions/(actor:{quote(LINKEDIN, safe='')},entity:{entity})")

    assert (set_.status_code, again.status_code, gone.status_code) == (201, 201, 204)
    assert (shown["totalLikes"], shown["likedByCurrentUser"]) == (1, True)
    assert rest(fresh, "GET", f"{comments_path(ACTIVITY)}/{comment}").json()["likesSummary"]["totalLikes"] == 0
    assert rest(fresh, "DELETE", f"reactions/(actor:{quote(LINKEDIN, safe='')},entity:{entity})").status_code == 404


def test_maybe_is_no_reaction_any_more(fresh):
    assert react(fresh, ACTIVITY, "MAYBE").json()["code"] == "INVALID_VALUE_FOR_FIELD"
    assert react(fresh, ACTIVITY, "INTEREST").status_code == 201
    assert react(fresh, "urn:li:activity:1").status_code == 404


# --- what is told beside comments ----------------------------------------------------------------


def test_likes_shares_and_mentions_have_their_forms(fresh, sink, drained):
    person = fresh.comment(LINKEDIN, "Bonjour", author="Julie Exemple")["author_id"]
    fresh.ask("POST", "linkedin/like", {"post": ACTIVITY, "author": "Julie Exemple"})
    shared = fresh.ask("POST", "linkedin/share", {"post": ACTIVITY, "author": "Julie Exemple", "text": "À lire"})["id"]
    mention = fresh.publish(LINKEDIN, "Merci à la pharmacie", author="Julie Exemple", kind="mention")
    drained()

    _, like, share, mentioned = sink.notifications()
    assert (like["action"], like["generatedActivity"]) == ("LIKE", f"urn:li:like:({person},{ACTIVITY})")
    assert "decoratedGeneratedActivity" not in like
    assert (share["action"], share["generatedActivity"]) == ("SHARE", shared)
    assert (mentioned["action"], mentioned["sourcePost"]) == ("SHARE_MENTION", mention["share_id"])
    assert mentioned["decoratedGeneratedActivity"]["share"]["text"] == "Merci à la pharmacie"
    assert rest(fresh, "GET", comments_path(mention["share_id"])).json()["elements"] == []


# --- people, roles, posts ------------------------------------------------------------------------


def test_some_people_cannot_be_seen(fresh):
    person = fresh.comment(LINKEDIN, "Bonjour", author="Julie Exemple")["author_id"].rpartition(":")[2]
    seen = rest(fresh, "GET", f"people/(id:{person})").json()
    fresh.ask("POST", "linkedin/person", {"page": LINKEDIN, "author": "Julie Exemple", "private": True})

    assert (seen["localizedFirstName"], seen["vanityName"]) == ("Julie", person)
    assert rest(fresh, "GET", f"people/(id:{person})").json() == {"id": "private"}


def test_a_member_picks_among_the_organizations_they_administer(fresh):
    other = "urn:li:organization:9000777"
    fresh.create_page("linkedin", other, name="Autre page", token="dev-token-li-other", extra={"roles": {}})

    told = rest(fresh, "GET", "organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED").json()
    me = rest(fresh, "GET", "me").json()["id"]

    assert told["elements"] == [
        {"role": "ADMINISTRATOR", "organization": LINKEDIN, "roleAssignee": f"urn:li:person:{me}", "state": "APPROVED"}
    ]
    assert rest(fresh, "GET", "organizations/9000777").status_code == 403


def test_posts_are_found_by_their_author_in_pages(fresh):
    fresh.publish(LINKEDIN, "À l’interne", extra={"visibility": "CONNECTIONS"}, silent=True)
    path = f"posts?q=author&author={quote(LINKEDIN, safe='')}&count=2&sortBy=LAST_MODIFIED"

    first = rest(fresh, "GET", path).json()

    assert first["paging"]["total"] == 3
    assert first["elements"][0]["visibility"] == "CONNECTIONS"
    assert set(first["elements"][1]) >= {"id", "author", "commentary", "createdAt", "publishedAt", "lastModifiedAt"}
    assert rest(fresh, "GET", f"posts/{quote(SHARE, safe='')}").json()["id"] == SHARE
    assert rest(fresh, "GET", path.replace("q=author&", "")).json()["code"] == "MISSING_FIELD"


def test_who_only_posts_jobs_sees_an_empty_list(fresh):
    fresh.comment(LINKEDIN, "Bonjour")
    fresh.ask("POST", "linkedin/role", {"page": LINKEDIN, "role": "RECRUITING_POSTER"})

    told = rest(fresh, "GET", comments_path(ACTIVITY))

    assert (told.status_code, told.json()["elements"]) == (200, [])


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "status", "words"),
    [
        ("refuse_429", "", 429, "Resource level throttle limit"),
        ("refuse_429", "comment", 429, "Comment create throttled: creation rate limit exceeded for member"),
        ("refuse", "409", 409, "Please try again"),
        ("refuse", "422", 422, "cannot be processed"),
        ("token_dead", "", 401, "The token has been revoked"),
    ],
)
def test_a_write_is_refused_once_and_then_taken(fresh, kind, value, status, words):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    fresh.fault(kind, page=LINKEDIN, value=value, count=1)

    refused = write(fresh, comment)

    assert refused.status_code == refused.json()["status"] == status
    assert words in refused.json()["message"]
    assert "Retry-After" not in refused.headers
    assert write(fresh, comment).status_code == 201


# --- tokens --------------------------------------------------------------------------------------


def consent(fresh, decision="agree", scope=SCOPES):
    """A person at LinkedIn's page; where they are led to."""
    back = "http://127.0.0.1:9/connected?x=1"
    query = f"response_type=code&client_id=dev-linkedin-client&state=s7&scope={quote(scope)}&redirect_uri={quote(back, safe='')}"
    path = f"/oauth/v2/authorization?{query}"
    browser = Browser(fresh.url)
    seen = browser.get(path)
    page = seen.partition('name="page" value="')[2].partition('"')[0]
    token = seen.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    given = {"csrfmiddlewaretoken": token, "page": page, "decision": decision}
    led = browser.http.post(fresh.url + path, data=given, timeout=10, allow_redirects=False)
    browser.http.close()
    return back, led


def exchange(fresh, code, redirect_uri, **more):
    given = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri} | more
    return http(fresh, "POST", "oauth/v2/accessToken", data=given)


def granted(fresh, scope=SCOPES):
    back, led = consent(fresh, scope=scope)
    return exchange(fresh, parse_qs(urlsplit(led.headers["Location"]).query)["code"][0], back).json()


def introspect(fresh, token):
    return http(fresh, "POST", "oauth/v2/introspectToken", data=CLIENT | {"token": token}).json()


def test_a_person_lets_the_app_in_and_the_code_is_good_once(fresh):
    back, led = consent(fresh)
    query = parse_qs(urlsplit(led.headers["Location"]).query)
    told = exchange(fresh, query["code"][0], back).json()

    assert led.headers["Location"].startswith(back)
    assert query["state"] == ["s7"]
    assert (told["expires_in"], told["refresh_token_expires_in"]) == (5184000, 365 * 86400)
    assert 490 < len(told["access_token"]) < 1000
    assert rest(fresh, "GET", "organizations/9000501", told["access_token"]).status_code == 200
    assert exchange(fresh, query["code"][0], back).json()["error"] == "invalid_request"


def test_the_consent_page_lets_its_form_lead_back_to_the_app_alone(fresh):
    query = f"response_type=code&client_id=dev-linkedin-client&redirect_uri={quote('http://127.0.0.1:9/back', safe='')}"
    page = http(fresh, "GET", f"oauth/v2/authorization?{query}")

    assert "form-action 'self' http://127.0.0.1:9" in page.headers["Content-Security-Policy"]
    assert http(fresh, "GET", "oauth/v2/authorization?response_type=code").status_code == 400


def test_a_person_who_says_no_is_led_back_with_it(fresh):
    _, led = consent(fresh, "refuse")

    assert parse_qs(urlsplit(led.headers["Location"]).query)["error"] == ["user_cancelled_authorize"]


def test_a_code_is_good_for_half_an_hour_and_for_its_own_address(fresh):
    back, led = consent(fresh)
    code = parse_qs(urlsplit(led.headers["Location"]).query)["code"][0]

    assert exchange(fresh, code, "https://elsewhere.example/").status_code == 400
    assert exchange(fresh, code, back, client_secret="wrong").status_code == 401
    fresh.configure(clock_offset=1800)
    assert exchange(fresh, code, back).status_code == 400


def test_access_ends_after_sixty_days_and_the_refresh_token_a_year_after_the_first_grant(fresh):
    told = granted(fresh)
    fresh.configure(clock_offset=60 * 86400)
    ended = rest(fresh, "GET", "me", told["access_token"])
    renewed = http(
        fresh,
        "POST",
        "oauth/v2/accessToken",
        data=CLIENT | {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]},
    ).json()

    assert (ended.status_code, ended.json()["code"]) == (401, "EXPIRED_ACCESS_TOKEN")
    assert introspect(fresh, told["access_token"])["status"] == "expired"
    assert rest(fresh, "GET", "me", renewed["access_token"]).status_code == 200
    assert renewed["refresh_token_expires_in"] <= timedelta(days=305).total_seconds()


def test_asking_for_other_scopes_ends_the_tokens_before(fresh):
    first = granted(fresh)
    same = granted(fresh)
    assert rest(fresh, "GET", "me", first["access_token"]).status_code == 200

    other = granted(fresh, "r_organization_social")

    assert rest(fresh, "GET", "me", same["access_token"]).json()["code"] == "REVOKED_ACCESS_TOKEN"
    assert introspect(fresh, first["access_token"])["active"] is False
    assert introspect(fresh, other["access_token"])["scope"] == "r_organization_social"


def test_a_token_without_the_scope_may_not(fresh):
    comment = fresh.comment(LINKEDIN, "Bonjour")["id"]
    token = granted(fresh, "r_organization_social_feed")["access_token"]
    body = {"actor": LINKEDIN, "object": ACTIVITY, "message": {"text": "Merci"}}

    assert rest(fresh, "GET", comments_path(ACTIVITY), token).status_code == 200
    assert rest(fresh, "POST", comments_path(urn(comment)), token, json=body).status_code == 403
    assert rest(fresh, "POST", comments_path(urn(comment)), LINKEDIN_TOKEN, json=body).status_code == 201


def test_a_token_that_nobody_gave_is_not_active(fresh):
    assert introspect(fresh, "nothing") == {"active": False}
    told = introspect(fresh, granted(fresh)["access_token"])
    assert (told["active"], told["auth_type"]) == (True, "3L")
    assert told["expires_at"] > datetime.now(UTC).timestamp()
