"""Graph itself: versions, fields, pages of lists, whose things are whose, batches; and what of a quota is gone."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.calls import (
    FACEBOOK,
    FACEBOOK_TOKEN,
    INSTAGRAM,
    INSTAGRAM_TOKEN,
    MEDIA,
    MOULIN_TOKEN,
    POST,
    error,
    graph,
    reply,
)
from tests.simulator.meta.logging_in import call

PERSON = "dev-user-token-1"


def test_the_version_asked_for_is_the_one_that_answers_unless_it_died(fresh):
    told = {
        version: call(fresh, "GET", f"{version}/me", access_token=FACEBOOK_TOKEN).headers["facebook-api-version"]
        for version in ("v26.0", "v23.0", "v19.0")
    }

    assert told == {"v26.0": "v26.0", "v23.0": "v23.0", "v19.0": "v21.0"}
    assert error(call(fresh, "GET", "v99.0/me", access_token=FACEBOOK_TOKEN)) == (2500, None)


def test_what_was_removed_for_every_version_is_refused(fresh):
    assert error(call(fresh, "GET", "v24.0/me", ids="1,2", access_token=FACEBOOK_TOKEN)) == (100, None)


def test_fields_are_chosen_named_anew_and_nested(fresh):
    root = fresh.comment(FACEBOOK, "Bonjour")["id"]
    for number in range(3):
        fresh.comment(FACEBOOK, f"Réponse {number}", parent=root)

    fields = "message,comments.limit(2).order(chronological).as(replies){message,from{name}}"
    shown = graph(fresh, "GET", root, params={"fields": fields}).json()

    assert shown["message"] == "Bonjour"
    assert [each["message"] for each in shown["replies"]["data"]] == ["Réponse 0", "Réponse 1"]
    assert shown["replies"]["data"][0]["from"] == {"name": "Julie Exemple", "id": shown["replies"]["data"][0]["from"]["id"]}
    rest = follow(fresh, shown["replies"]["paging"]["next"])
    assert [each["message"] for each in rest["data"]] == ["Réponse 2"]


def follow(sim, url):
    address = urlsplit(url)
    return call(
        sim, "GET", address.path.lstrip("/"), **{name: values[0] for name, values in parse_qs(address.query).items()}
    ).json()


@pytest.mark.parametrize("fields", ["message,telepathy", "comments{telepathy}", "from{id", "a..b"])
def test_a_field_that_does_not_exist_or_cannot_be_read_is_refused(fresh, fields):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.comment(FACEBOOK, "Réponse", parent=comment)

    assert graph(fresh, "GET", comment, params={"fields": fields}).status_code == 400


def test_a_page_of_a_list_stands_where_it_stood_whatever_came_meanwhile(fresh):
    asked = [fresh.comment(INSTAGRAM, str(number), post=MEDIA)["id"] for number in range(6)]
    first = graph(fresh, "GET", f"{MEDIA}/comments?limit=3", INSTAGRAM_TOKEN).json()
    fresh.comment(INSTAGRAM, "Nouveau", post=MEDIA)
    fresh.remove_comment(asked[5])

    second = follow(fresh, first["paging"]["next"])

    assert [each["id"] for each in first["data"] + second["data"]] == [*reversed(asked)]
    assert "next" not in second["paging"]


def test_instagram_gives_fifty_at_most(fresh):
    for number in range(51):
        fresh.comment(INSTAGRAM, str(number), post=MEDIA)

    first = graph(fresh, "GET", f"{MEDIA}/comments?limit=100", INSTAGRAM_TOKEN).json()

    assert len(first["data"]) == 50
    assert len(follow(fresh, first["paging"]["next"])["data"]) == 1


def test_a_page_may_be_empty_and_not_the_last(fresh):
    fresh.configure(graph_empty_pages=True)
    asked = [fresh.comment(FACEBOOK, str(number))["id"] for number in range(5)]

    sizes, found = [], []
    page = graph(fresh, "GET", f"{POST}/comments?limit=2&order=chronological").json()
    while True:
        sizes.append(len(page["data"]))
        found += [each["id"] for each in page["data"]]
        if "next" not in page.get("paging", {}):
            break
        page = follow(fresh, page["paging"]["next"])

    assert sizes == [2, 0, 2, 0, 1]
    assert found == asked


def test_a_cursor_that_is_none_is_refused(fresh):
    fresh.comment(FACEBOOK, "Bonjour")

    assert error(graph(fresh, "GET", f"{POST}/comments?after=zzz")) == (100, None)
    assert error(graph(fresh, "GET", f"{POST}/comments?limit=many")) == (100, None)


def test_posts_can_be_asked_for_by_time(fresh):
    old, new = datetime.now(UTC) - timedelta(days=40), datetime.now(UTC) - timedelta(days=20)
    fresh.publish(FACEBOOK, "Vieille", at=old, silent=True)
    recent = fresh.publish(FACEBOOK, "Récente", at=new, silent=True)["id"]

    since, until = int((new - timedelta(days=1)).timestamp()), (new + timedelta(days=1)).isoformat()
    listed = graph(fresh, "GET", f"{FACEBOOK}/published_posts", params={"since": since, "until": until}).json()["data"]

    assert [each["id"] for each in listed] == [recent]


def test_a_persons_token_lists_nothing_writes_nothing_and_is_not_told_why(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    for path in (f"{POST}/comments", f"{FACEBOOK}/feed", f"{FACEBOOK}/conversations", f"{FACEBOOK}/ratings"):
        assert graph(fresh, "GET", path, PERSON).json() == {"data": []}
    assert error(reply(fresh, comment, token=PERSON)) == (1705, None)
    assert error(graph(fresh, "POST", f"{FACEBOOK}/messages", PERSON, json={})) == (190, None)
    assert error(graph(fresh, "GET", comment, PERSON)) == (10, None)


def test_what_is_another_pages_is_refused_and_what_is_nobodys_is_gone(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    assert error(graph(fresh, "GET", comment, MOULIN_TOKEN)) == (10, None)
    assert error(graph(fresh, "GET", f"{INSTAGRAM}/media", FACEBOOK_TOKEN)) == (10, None)
    assert error(graph(fresh, "GET", "12345")) == (100, 33)
    assert error(graph(fresh, "GET", f"{FACEBOOK}/telepathy")) == (100, None)


def test_the_app_itself_is_nobodys_page(fresh):
    token = "112233445566778|dev-meta-app-secret"

    assert error(graph(fresh, "GET", "me", token)) == (2500, None)
    assert error(graph(fresh, "GET", FACEBOOK, token)) == (10, None)
    assert error(graph(fresh, "GET", "me", "112233445566778|wrong")) == (190, None)


def test_a_batch_without_the_sdk(fresh):
    batch = [
        {"method": "GET", "relative_url": "me?fields=name"},
        {"method": "GET", "relative_url": f"v25.0/me?fields=id&access_token={MOULIN_TOKEN}"},
        {"method": "GET", "relative_url": "me", "omit_response_on_success": True},
    ]
    told = call(fresh, "POST", "", access_token=FACEBOOK_TOKEN, batch=json.dumps(batch)).json()

    assert json.loads(told[0]["body"])["name"] == "Pharmacie du Vieux-Quai"
    assert json.loads(told[1]["body"])["id"] != FACEBOOK
    assert {"name": "facebook-api-version", "value": "v25.0"} in told[1]["headers"]
    assert told[2] is None
    many = json.dumps([{"method": "GET", "relative_url": "me"}] * 51)
    assert error(call(fresh, "POST", "v26.0", access_token=FACEBOOK_TOKEN, batch=many)) == (100, None)


@pytest.mark.parametrize(
    ("kind", "code", "header"),
    [
        ("throttle_app", 4, "X-App-Usage"),
        ("throttle_user", 17, "X-App-Usage"),
        ("throttle_page", 32, "X-Page-Usage"),
        ("throttle_custom", 613, "X-Business-Use-Case-Usage"),
        ("throttle_pages", 80001, "X-Business-Use-Case-Usage"),
        ("throttle_messenger", 80006, "X-Business-Use-Case-Usage"),
    ],
)
def test_each_throttle_says_in_its_own_header_what_is_used_up(fresh, kind, code, header):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.fault(kind, page=FACEBOOK, count=1)

    refused = reply(fresh, comment)

    assert error(refused) == (code, None)
    assert '"call_count":100' in refused.headers[header]
    full = [name for name, value in refused.headers.items() if name.startswith("X-") and '"call_count":100' in value]
    assert full == [header]


def test_a_business_throttle_names_its_case_and_the_minutes(fresh):
    comment = fresh.comment(INSTAGRAM, "Bonjour")["id"]
    fresh.fault("refuse_429", page=INSTAGRAM, value="80002:37", count=1)

    refused = graph(fresh, "POST", f"{comment}/replies", INSTAGRAM_TOKEN, data={"message": "Oui"})

    [told] = json.loads(refused.headers["X-Business-Use-Case-Usage"])[INSTAGRAM]
    assert (told["type"], told["estimated_time_to_regain_access"]) == ("instagram", 37)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("unavailable", (551, None)),
        ("already_replied", (10900, None)),
        ("gone", (100, 33)),
        ("posted_as_person", (1705, None)),
        ("thread_owned", (10, 2018300)),
        ("token_expired", (190, 463)),
        ("blocked", (368, None)),
    ],
)
def test_refusals_have_names(fresh, kind, expected):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.fault(kind, count=1)

    assert error(reply(fresh, comment)) == expected


def test_reads_have_faults_of_their_own_which_no_write_uses_up(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.fault("refuse_429_read", value="613:5", count=1)
    fresh.fault("refuse_read", value="2", count=1)
    fresh.fault("empty_lists", count=1)

    assert reply(fresh, comment).ok
    assert error(graph(fresh, "GET", f"{POST}/comments")) == (613, None)
    assert error(graph(fresh, "GET", f"{POST}/comments")) == (2, None)
    assert graph(fresh, "GET", f"{POST}/comments").json() == {"data": []}
    assert len(graph(fresh, "GET", f"{POST}/comments").json()["data"]) == 1
