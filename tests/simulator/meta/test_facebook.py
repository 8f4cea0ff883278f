from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from simulator import signing
from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, MOULIN_TOKEN, POST, error, graph, reply

AT = datetime(2026, 11, 20, 15, 30, 12, tzinfo=UTC)


def test_a_comment_reaches_the_receiver_in_the_shape_of_the_feed(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Avez-vous le vaccin\u00a0? 🙏", author="Julie Exemple", at=AT)
    drained()

    [received] = sink.received
    entry = received.json["entry"][0]
    value = entry["changes"][0]["value"]
    assert received.path == "/hooks/meta/"
    assert received.headers["X-Hub-Signature-256"] == signing.meta("dev-meta-app-secret", received.body)["X-Hub-Signature-256"]
    assert b"\\u00a0" in received.body
    assert b"https:\\/\\/www.facebook.com" in received.body
    assert (received.json["object"], entry["id"], entry["changes"][0]["field"]) == ("page", FACEBOOK, "feed")
    assert entry["time"] == value["created_time"] == int(AT.timestamp())
    assert value.pop("post")["id"] == POST
    assert value == {
        "from": {"id": comment["author_id"], "name": "Julie Exemple"},
        "message": "Avez-vous le vaccin\u00a0? 🙏",
        "post_id": POST,
        "comment_id": comment["id"],
        "created_time": int(AT.timestamp()),
        "item": "comment",
        "parent_id": POST,
        "verb": "add",
    }


def test_a_reply_is_told_under_its_root_even_when_it_answers_a_reply(fresh, sink, drained):
    root = fresh.comment(FACEBOOK, "Allo ?")
    answer = fresh.comment(FACEBOOK, "Moi aussi", author="Marc Fictif", parent=root["id"])
    fresh.comment(FACEBOOK, "Et moi", parent=answer["id"])
    drained()

    assert [value["parent_id"] for value in sink.values()] == [POST, root["id"], root["id"]]


def test_a_photo_alone_has_no_message_and_a_withheld_author_is_missing(fresh, sink, drained):
    fresh.comment(FACEBOOK, photo="https://example.com/p.jpg")
    fresh.comment(FACEBOOK, "Sans auteur", author=None)
    drained()

    photo, anonymous = sink.values()
    assert "message" not in photo
    assert photo["photo"] == "https://example.com/p.jpg"
    assert "from" not in anonymous


def test_what_happens_to_a_comment_later_is_told_with_its_verb(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Avant")["id"]
    fresh.edit_comment(comment, "Après")
    fresh.hide_comment(comment)
    fresh.unhide_comment(comment)
    fresh.react_to_comment(comment, "love", author="Marc Fictif")
    fresh.remove_comment(comment)
    drained()

    values = sink.values()
    assert [value["verb"] for value in values] == ["add", "edited", "hide", "unhide", "add", "remove"]
    assert values[1]["message"] == "Après"
    assert (values[4]["item"], values[4]["reaction_type"]) == ("reaction", "love")
    assert "message" not in values[5]
    assert "name" not in values[5]["from"]


def test_an_accepted_reply_comes_back_as_the_pages_own_comment_at_the_time_of_the_answer(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Êtes-vous ouverts ?")["id"]
    drained()
    sink.clear()

    answer = reply(fresh, comment, "Oui, jusqu’à 21 h.")
    drained()

    [value] = sink.values()
    assert answer.status_code == 200
    assert set(answer.json()) == {"id"}
    assert (value["from"], value["message"]) == ({"id": FACEBOOK, "name": "Pharmacie du Vieux-Quai"}, "Oui, jusqu’à 21 h.")
    assert (value["comment_id"], value["parent_id"]) == (answer.json()["id"], comment)
    assert value["created_time"] == int(parsedate_to_datetime(answer.headers["Date"]).timestamp())
    assert [each["text"] for each in fresh.replies(comment=comment)] == ["Oui, jusqu’à 21 h."]


def test_a_reply_typed_in_the_platforms_own_app_is_told_but_is_none_of_ours(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.native_comment(FACEBOOK, "Réponse d’ailleurs", parent=comment)
    drained()

    assert sink.values()[1]["from"]["id"] == FACEBOOK
    assert fresh.replies(comment=comment) == []


def test_whether_a_reply_was_accepted_can_be_looked_up(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    written = reply(fresh, comment).json()["id"]

    [found] = graph(fresh, "GET", f"{comment}/comments?fields=id,message,from{{id}},created_time,parent{{id}}").json()["data"]
    assert found.pop("created_time").endswith("+0000")
    assert found == {"id": written, "message": "Bonjour, oui.", "from": {"id": FACEBOOK}, "parent": {"id": comment}}
    assert graph(fresh, "GET", f"{POST}/comments").json()["data"][0]["id"] == comment
    assert len(graph(fresh, "GET", f"{POST}/comments?filter=stream").json()["data"]) == 2
    assert graph(fresh, "GET", f"{written.partition('_')[2]}?fields=message").json() == {
        "message": "Bonjour, oui.",
        "id": written,
    }


def test_lists_are_paged_by_an_opaque_cursor_and_the_last_page_has_no_next(fresh):
    for number in range(5):
        fresh.comment(FACEBOOK, f"Commentaire {number}")

    first = graph(fresh, "GET", f"{POST}/comments?limit=3&order=chronological").json()
    after = first["paging"]["cursors"]["after"]
    second = graph(fresh, "GET", f"{POST}/comments?limit=3&order=chronological&after={after}").json()

    # As Graph does it: whoever logs this address has given the token away.
    assert f"access_token={FACEBOOK_TOKEN}" in first["paging"]["next"]
    assert [each["message"] for each in first["data"] + second["data"]] == [f"Commentaire {number}" for number in range(5)]
    assert "next" not in second["paging"]


@pytest.mark.parametrize(
    ("token", "expected", "status"),
    [("", (104, None), 400), ("EAAGnonsense", (190, None), 401), (MOULIN_TOKEN, (10, None), 403)],
)
def test_a_token_opens_only_its_own_page(fresh, token, expected, status):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    refused = graph(fresh, "POST", f"{comment}/comments", token, data={"message": "Non"})

    assert (error(refused), refused.status_code) == (expected, status)
    assert refused.json()["error"]["fbtrace_id"]
    assert fresh.replies(page=FACEBOOK) == []


def test_the_token_may_also_stand_in_the_query_the_form_or_the_json(fresh):
    token = {"access_token": FACEBOOK_TOKEN}
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    assert graph(fresh, "GET", "me", "", params=token).json()["name"] == "Pharmacie du Vieux-Quai"
    assert graph(fresh, "POST", f"{comment}/comments", "", data=token | {"message": "a"}).ok
    assert graph(fresh, "POST", f"{comment}/comments", "", json=token | {"message": "b"}).ok


def test_a_wrong_proof_of_the_app_secret_is_refused_and_a_right_one_taken(fresh):
    right = signing.appsecret_proof("dev-meta-app-secret", FACEBOOK_TOKEN)

    assert graph(fresh, "GET", "me", params={"appsecret_proof": right}).ok
    assert error(graph(fresh, "GET", "me", params={"appsecret_proof": "0" * 64})) == (100, None)


def test_a_persons_token_sees_an_empty_list_instead_of_a_refusal(fresh):
    fresh.comment(FACEBOOK, "Bonjour")

    seen = graph(fresh, "GET", f"{POST}/comments", "dev-user-token-1")

    assert (seen.status_code, seen.json()) == (200, {"data": []})


def test_a_removed_or_unknown_comment_cannot_be_answered(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    fresh.remove_comment(comment)

    assert error(reply(fresh, comment)) == (100, 33)
    assert error(reply(fresh, "900101_1")) == (100, 33)


def test_posting_on_a_comment_edits_and_never_answers(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    own = reply(fresh, comment).json()["id"]

    assert graph(fresh, "POST", own, data={"message": "Corrigé"}).json() == {"success": True}
    assert error(graph(fresh, "POST", comment, data={"message": "Non"})) == (200, None)
    assert [each["text"] for each in fresh.replies(comment=comment)] == ["Corrigé"]


def test_an_empty_or_endless_reply_is_refused(fresh):
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]

    assert error(reply(fresh, comment, " ")) == (100, None)
    assert error(reply(fresh, comment, "a" * 8001)) == (100, None)
