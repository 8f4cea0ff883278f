from simulator import signing
from tests.simulator.calls import INSTAGRAM, INSTAGRAM_TOKEN, MEDIA, error, graph


def reply(sim, comment, text="Bonjour"):
    return graph(sim, "POST", f"{comment}/replies", INSTAGRAM_TOKEN, data={"message": text})


def test_a_comment_has_no_time_of_its_own_and_is_signed_with_instagrams_secret(fresh, sink, drained):
    root = fresh.comment(INSTAGRAM, "Quel est le prix ?", author="julie.exemple")
    nested = fresh.comment(INSTAGRAM, "Moi aussi", author="marc_fictif", parent=root["id"])
    drained()

    first, second = sink.received
    assert first.json["object"] == "instagram"
    expected = signing.meta("dev-instagram-app-secret", first.body)["X-Hub-Signature-256"]
    assert first.headers["X-Hub-Signature-256"] == expected
    assert first.json["entry"][0]["changes"] == [
        {
            "field": "comments",
            "value": {
                "id": root["id"],
                "from": {"id": root["author_id"], "username": "julie.exemple"},
                "text": "Quel est le prix ?",
                "media": {"id": MEDIA, "media_product_type": "FEED"},
            },
        }
    ]
    assert second.json["entry"][0]["changes"][0]["value"]["parent_id"] == root["id"]
    assert nested["parent"] == root["id"]


def test_the_documented_flat_envelope_can_be_had(fresh, sink, drained):
    fresh.configure(instagram_flat=True)
    fresh.comment(INSTAGRAM, "Plat")
    drained()

    [entry] = sink.received[0].json["entry"]
    assert (entry["field"], entry["value"]["text"]) == ("comments", "Plat")
    assert "changes" not in entry


def test_edits_hidings_and_removals_are_never_told(fresh, sink, drained):
    comment = fresh.comment(INSTAGRAM, "Bonjour")["id"]
    fresh.hide_comment(comment)
    fresh.remove_comment(comment)
    drained()

    assert len(sink.received) == 1
    assert error(graph(fresh, "GET", comment, INSTAGRAM_TOKEN)) == (100, 33)


def test_a_reply_goes_under_the_root_and_comes_back_as_a_comment_of_the_account(fresh, sink, drained):
    root = fresh.comment(INSTAGRAM, "Bonjour")["id"]
    nested = fresh.comment(INSTAGRAM, "Et moi ?", author="marc_fictif", parent=root)["id"]
    drained()
    sink.clear()

    written = reply(fresh, nested, "Oui").json()["id"]
    drained()

    [value] = sink.values()
    assert (value["id"], value["parent_id"], value["from"]["id"]) == (written, root, INSTAGRAM)
    assert {"id": written, "text": "Oui"} in graph(fresh, "GET", f"{root}/replies?fields=id,text", INSTAGRAM_TOKEN).json()["data"]


def test_a_comment_under_a_hidden_root_cannot_be_answered(fresh):
    root = fresh.comment(INSTAGRAM, "Bonjour")["id"]
    fresh.hide_comment(root)

    refused = reply(fresh, root)

    assert error(refused) == (100, None)
    assert refused.json()["error"]["type"] == "IGApiException"


def test_hiding_has_its_own_parameter_here(fresh):
    comment = fresh.comment(INSTAGRAM, "Bonjour")["id"]

    assert error(graph(fresh, "POST", comment, INSTAGRAM_TOKEN, data={"is_hidden": "true"})) == (100, None)
    assert graph(fresh, "POST", comment, INSTAGRAM_TOKEN, data={"hide": "true"}).json() == {"success": True}
    assert graph(fresh, "GET", f"{comment}?fields=hidden", INSTAGRAM_TOKEN).json()["hidden"] is True


def test_only_user_id_is_the_number_webhooks_carry(fresh):
    told = graph(fresh, "GET", "me?fields=user_id,username", INSTAGRAM_TOKEN).json()

    assert (told["user_id"], told["username"]) == (INSTAGRAM, "pharmacie.vieux.quai")
    assert told["id"] != INSTAGRAM


def test_comments_are_listed_newest_first_with_their_replies_inside(fresh):
    first, last = (fresh.comment(INSTAGRAM, text, post=MEDIA)["id"] for text in ("un", "deux"))
    written = reply(fresh, first).json()["id"]

    listed = graph(fresh, "GET", f"{MEDIA}/comments?fields=id,replies{{id}}", INSTAGRAM_TOKEN).json()["data"]

    assert [each["id"] for each in listed] == [last, first]
    assert listed[1]["replies"]["data"] == [{"id": written}]
