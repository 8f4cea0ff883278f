"""WhatsApp: what a number's webhooks say, and what becomes of the messages sent to people."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import requests

from simulator import signing
from tests.simulator.calls import WABA, WHATSAPP, WHATSAPP_TOKEN, error, graph, whatsapp

AT = datetime(2026, 11, 20, 15, 30, 12, tzinfo=UTC)
JULIE = "Julie Exemple"


def changes(sink):
    return [change for each in sink.received for entry in each.json["entry"] for change in entry["changes"]]


def messages(sink):
    return [message for change in changes(sink) for message in change["value"].get("messages", ())]


def statuses(sink):
    return [status for change in changes(sink) for status in change["value"].get("statuses", ())]


def heard(fresh, sink, drained, text="Bonjour", **more):
    """Somebody writes; their contact and their message."""
    fresh.message(WHATSAPP, text, author=JULIE, **more)
    drained()
    [change] = changes(sink)
    sink.clear()
    return change["value"]["contacts"][0], change["value"]["messages"][0]


def test_a_message_comes_as_meta_sends_it_signed_over_the_bytes(fresh, sink, drained):
    fresh.message(WHATSAPP, "Êtes-vous ouverts ?", author=JULIE, external_id="wamid.AAA", at=AT)
    drained()

    [received] = sink.received
    [entry] = received.json["entry"]
    value = entry["changes"][0]["value"]
    [contact] = value.pop("contacts")
    assert received.path == "/hooks/meta/"
    proof = signing.meta("dev-meta-app-secret", received.body)["X-Hub-Signature-256"]
    assert received.headers["X-Hub-Signature-256"] == proof
    assert (received.json["object"], entry["id"]) == ("whatsapp_business_account", WABA)
    assert contact["profile"] == {"name": JULIE}
    assert value == {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15145550100", "phone_number_id": WHATSAPP},
        "messages": [
            {
                "from": contact["wa_id"],
                "from_user_id": contact["user_id"],
                "id": "wamid.AAA",
                "timestamp": str(int(AT.timestamp())),
                "type": "text",
                "text": {"body": "Êtes-vous ouverts ?"},
            }
        ],
    }


def test_people_keep_their_ids_and_numbers_are_fictional_and_their_own(fresh, sink, drained):
    names = [f"Personne {number} Inventée" for number in range(40)]
    for name in [*names, names[0]]:
        fresh.message(WHATSAPP, "Bonjour", author=name)
    drained()

    known = {(change["value"]["contacts"][0]["wa_id"], change["value"]["contacts"][0]["user_id"]) for change in changes(sink)}
    assert len(known) == len({number for number, _ in known}) == 40
    assert all(number[0] == "1" and number[4:9] == "55501" and len(number) == 11 for number, _ in known)
    assert all(user_id.startswith("CA.") and len(user_id) == 23 for _, user_id in known)


def test_a_person_may_withhold_the_number_and_is_answered_by_id(fresh, sink, drained):
    fresh.ask("POST", "whatsapp/identity", {"page": WHATSAPP, "author": JULIE, "withheld": True, "username": "@julie.e"})

    contact, message = heard(fresh, sink, drained)
    answer = whatsapp(fresh, None, recipient=contact["user_id"])
    drained()

    assert "wa_id" not in contact
    assert "from" not in message
    assert contact["profile"]["username"] == "@julie.e"
    assert answer.json()["contacts"] == [{"input": contact["user_id"], "user_id": contact["user_id"]}]
    assert {status.get("recipient_id") for status in statuses(sink)} == {None}
    assert {status["recipient_user_id"] for status in statuses(sink)} == {contact["user_id"]}


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ({"attachments": [{"type": "image"}], "text": "Regardez"}, "image", {"mime_type": "image/png", "caption": "Regardez"}),
        ({"attachments": [{"type": "audio", "voice": True}]}, "audio", {"voice": True}),
        ({"attachments": [{"type": "file", "filename": "plan.pdf"}]}, "document", {"filename": "plan.pdf"}),
        ({"extra": {"type": "location", "location": {"latitude": 45.5, "longitude": -73.5}}}, "location", {"latitude": 45.5}),
        ({"extra": {"type": "button", "button": {"text": "Oui", "payload": "OUI"}}}, "button", {"payload": "OUI"}),
        ({"extra": {"type": "unsupported"}}, "unsupported", {"type": "unknown"}),
    ],
)
def test_every_type_of_message_has_its_object(fresh, sink, drained, given, kind, shown):
    _, message = heard(fresh, sink, drained, **({"text": ""} | given))

    assert message["type"] == kind
    assert shown.items() <= message[kind].items()
    assert ("errors" in message) == (kind == "unsupported")


def test_edits_withdrawals_and_reactions_name_the_message_they_are_about(fresh, sink, drained):
    fresh.message(WHATSAPP, "Bonjour", author=JULIE, external_id="wamid.AAA")
    fresh.edit_message("wamid.AAA", "Bonsoir")
    fresh.react_to_message("wamid.AAA", "love")
    fresh.react_to_message("wamid.AAA", "")
    fresh.delete_message("wamid.AAA")
    drained()

    _, edit, reaction, taken_back, revoke = messages(sink)
    assert edit["edit"] == {"original_message_id": "wamid.AAA", "message": {"type": "text", "text": {"body": "Bonsoir"}}}
    assert reaction["reaction"] == {"message_id": "wamid.AAA", "emoji": "❤️"}
    assert taken_back["reaction"] == {"message_id": "wamid.AAA", "emoji": ""}
    assert revoke["revoke"] == {"original_message_id": "wamid.AAA"}
    assert len({each["id"] for each in messages(sink)}) == 5


def test_what_is_typed_on_the_telephone_of_the_business_comes_as_an_echo(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained)
    fresh.native_message(WHATSAPP, "Je vous rappelle", author=JULIE)
    drained()

    [change] = changes(sink)
    [echo] = change["value"]["message_echoes"]
    assert change["field"] == "smb_message_echoes"
    assert (echo["from"], echo["to"], echo["to_user_id"]) == ("15145550100", contact["wa_id"], contact["user_id"])
    assert echo["text"] == {"body": "Je vous rappelle"}


def test_a_changed_number_is_told_three_times_and_links_old_to_new(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained)
    changed = fresh.ask("POST", "whatsapp/number", {"page": WHATSAPP, "author": JULIE, "wa_id": "14185550177"})
    drained()

    moved, renamed, update = changes(sink)
    system = moved["value"]["messages"][0]
    assert "contacts" not in moved["value"]
    assert (system["from"], system["system"]["wa_id"]) == (contact["wa_id"], "14185550177")
    assert renamed["value"]["messages"][0]["system"]["type"] == "user_changed_user_id"
    assert update["field"] == "user_id_update"
    [told] = update["value"]["user_id_update"]
    assert told["user_id"] == {"previous": contact["user_id"], "current": changed["user_id"]}


# --- sending -------------------------------------------------------------------------------------


def test_a_text_is_accepted_and_its_statuses_carry_what_we_gave_with_it(fresh, sink, drained):
    contact, message = heard(fresh, sink, drained)

    answer = whatsapp(
        fresh,
        "+" + contact["wa_id"],
        "Oui, jusqu’à 21 h.",
        context={"message_id": message["id"]},
        biz_opaque_callback_data="inbox:msg:8f3a",
    )
    drained()

    told = answer.json()
    assert told["contacts"] == [{"input": "+" + contact["wa_id"], "wa_id": contact["wa_id"]}]
    assert told["messages"][0]["id"].startswith("wamid.")
    assert [status["status"] for status in statuses(sink)] == ["sent", "delivered", "read"]
    assert {status["id"] for status in statuses(sink)} == {told["messages"][0]["id"]}
    assert {status["biz_opaque_callback_data"] for status in statuses(sink)} == {"inbox:msg:8f3a"}
    [kept] = fresh.replies(page=WHATSAPP)
    assert (kept["text"], kept["metadata"]) == ("Oui, jusqu’à 21 h.", "inbox:msg:8f3a")


def test_statuses_come_in_whatever_order_and_one_more_can_follow(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained)
    fresh.configure(whatsapp_statuses=["read", "sent"])
    sent = whatsapp(fresh, contact["wa_id"]).json()["messages"][0]["id"]
    fresh.ask("POST", "whatsapp/status", {"message": sent, "status": "failed", "code": 131026})
    drained()

    assert [status["status"] for status in statuses(sink)] == ["read", "sent", "failed"]
    assert statuses(sink)[2]["errors"][0]["code"] == 131026


@pytest.mark.parametrize(("age", "window"), [(timedelta(hours=24), "fail"), (timedelta(hours=24), "refuse")])
def test_out_of_the_window_words_fail_later_or_at_once_and_a_template_passes(fresh, sink, drained, age, window):
    fresh.configure(whatsapp_window=window)
    contact, _ = heard(fresh, sink, drained, at=datetime.now(UTC) - age)

    answer = whatsapp(fresh, contact["wa_id"])
    parameters = [{"type": "text", "text": "Julie"}]
    template = {
        "name": "rappel_rdv",
        "language": {"code": "fr_CA"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    passed = whatsapp(fresh, contact["wa_id"], type="template", template=template)
    drained()

    if window == "refuse":
        assert (answer.status_code, error(answer)) == (400, (131047, None))
        assert answer.json()["error"]["error_data"]["messaging_product"] == "whatsapp"
        assert "24 hours" in answer.json()["error"]["error_data"]["details"]
    else:
        assert answer.status_code == 200
        [failed] = [status for status in statuses(sink) if status["status"] == "failed"]
        assert (failed["id"], failed["errors"][0]["code"]) == (answer.json()["messages"][0]["id"], 131047)
    assert passed.json()["messages"][0]["message_status"] == "accepted"
    assert fresh.replies(page=WHATSAPP)[-1]["text"].startswith("Bonjour Julie, ")


def test_just_inside_the_window_words_pass(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained, at=datetime.now(UTC) - timedelta(hours=23, minutes=59))
    whatsapp(fresh, contact["wa_id"])
    drained()

    assert "failed" not in {status["status"] for status in statuses(sink)}


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ({"name": "rappel_rdv", "language": {"code": "fr_CA"}}, 132000),
        ({"name": "rappel_rdv", "language": {"code": "es"}}, 132001),
        ({"name": "ancienne_offre", "language": {"code": "fr_CA"}}, 132015),
        (
            {
                "name": "rappel_rdv",
                "language": {"code": "fr_CA"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "a\nb"}]}],
            },
            132012,
        ),
        (
            {
                "name": "rappel_rdv",
                "language": {"code": "fr_CA"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "a" * 1024}]}],
            },
            132005,
        ),
    ],
)
def test_a_template_is_refused_for_what_is_wrong_with_it(fresh, template, code):
    assert error(whatsapp(fresh, "14185550123", type="template", template=template)) == (code, None)
    assert fresh.replies(page=WHATSAPP) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messaging_product": None}, 100),
        ({"to": None}, 100),
        ({"to": "Julie"}, 131009),
        ({"type": "telegram"}, 131051),
        ({"type": "text", "text": {"body": "a" * 4097}}, 100),
        ({"type": "text", "text": {"body": ""}}, 100),
        ({"type": "image", "image": {"id": "1"}}, 131009),
        ({"type": "image", "image": {"caption": "sans image"}}, 131008),
        ({"type": "reaction", "reaction": {"message_id": "wamid.NONE", "emoji": "👍"}}, 131009),
        ({"status": "read", "message_id": "wamid.NONE"}, 131009),
    ],
)
def test_a_message_is_refused_for_what_is_wrong_with_it(fresh, change, code):
    assert error(whatsapp(fresh, **({"to": "14185550123"} | change)))[0] == code


def test_too_many_messages_to_one_person_meet_the_pair_limit(fresh, sink, drained):
    fresh.configure(whatsapp_pair_burst=2)
    contact, _ = heard(fresh, sink, drained)

    assert [whatsapp(fresh, contact["wa_id"]).status_code for _ in range(3)] == [200, 200, 400]
    assert error(whatsapp(fresh, contact["wa_id"])) == (131056, None)


def test_a_code_asked_for_fails_at_once_or_later(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained)
    fresh.fault("refuse", value="131031", page=WHATSAPP, count=1)
    fresh.fault("whatsapp_failed", value=131049, page=WHATSAPP, count=1)

    at_once, later = whatsapp(fresh, contact["wa_id"]), whatsapp(fresh, contact["wa_id"])
    drained()

    assert at_once.json()["error"]["message"] == "(#131031) Business Account locked"
    assert later.status_code == 200
    assert [(each["status"], each["errors"][0]["code"]) for each in statuses(sink)] == [("failed", 131049)]


def test_a_reaction_is_no_message_of_the_thread_and_a_message_can_be_marked_as_read(fresh, sink, drained):
    contact, message = heard(fresh, sink, drained)

    reaction = {"message_id": message["id"], "emoji": "👍"}
    reacted = whatsapp(fresh, contact["wa_id"], type="reaction", reaction=reaction)
    read = graph(
        fresh,
        "POST",
        f"{WHATSAPP}/messages",
        WHATSAPP_TOKEN,
        json={"messaging_product": "whatsapp", "status": "read", "message_id": message["id"]},
    )

    assert reacted.json()["messages"][0]["id"].startswith("wamid.")
    assert read.json() == {"success": True}
    assert fresh.replies(page=WHATSAPP) == []


# --- files, numbers, accounts --------------------------------------------------------------------


def fetch(url, token=WHATSAPP_TOKEN):
    with requests.Session() as http:
        http.trust_env = False
        return http.get(url, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=10)


def test_a_file_is_fetched_through_an_address_that_wants_the_bearer_and_ends_after_five_minutes(fresh, sink, drained):
    _, message = heard(fresh, sink, drained, text="", attachments=[{"type": "image"}])

    told = graph(fresh, "GET", message["image"]["id"], WHATSAPP_TOKEN).json()
    fetched = fetch(told["url"])

    assert (told["id"], told["sha256"]) == (message["image"]["id"], message["image"]["sha256"])
    assert hashlib.sha256(fetched.content).hexdigest() == told["sha256"]
    assert (fetched.headers["Content-Type"], len(fetched.content)) == (told["mime_type"], told["file_size"])
    assert fetch(told["url"], "").status_code == 401
    assert fetch(told["url"] + "0").status_code == 404
    fresh.configure(clock_offset=301)
    assert fetch(told["url"]).status_code == 404


def test_a_file_is_put_up_sent_and_taken_away(fresh, sink, drained):
    contact, _ = heard(fresh, sink, drained)
    uploaded = graph(
        fresh,
        "POST",
        f"{WHATSAPP}/media",
        WHATSAPP_TOKEN,
        data={"messaging_product": "whatsapp", "type": "application/pdf"},
        files={"file": ("plan.pdf", b"%PDF-", "application/pdf")},
    ).json()["id"]

    sent = whatsapp(fresh, contact["wa_id"], type="document", document={"id": uploaded, "caption": "Voici"})
    gone = graph(fresh, "DELETE", uploaded, WHATSAPP_TOKEN)

    assert sent.status_code == 200
    assert fresh.replies(page=WHATSAPP)[0]["text"] == "Voici"
    assert gone.json() == {"success": True}
    assert graph(fresh, "GET", uploaded, WHATSAPP_TOKEN).status_code == 400


def test_a_number_and_its_account_tell_who_they_are(fresh):
    number = graph(fresh, "GET", WHATSAPP, WHATSAPP_TOKEN).json()
    listed = graph(fresh, "GET", f"{WABA}/phone_numbers", WHATSAPP_TOKEN).json()
    templates = graph(fresh, "GET", f"{WABA}/message_templates?status=APPROVED", WHATSAPP_TOKEN).json()

    assert (number["verified_name"], number["display_phone_number"]) == ("Pharmacie du Vieux-Quai", "+1 514-555-0100")
    assert [each["id"] for each in listed["data"]] == [WHATSAPP]
    assert "ancienne_offre" not in {each["name"] for each in templates["data"]}


def test_without_the_apps_subscription_nothing_arrives(fresh, sink, drained):
    assert graph(fresh, "DELETE", f"{WABA}/subscribed_apps", WHATSAPP_TOKEN).json() == {"success": True}
    fresh.message(WHATSAPP, "Personne n’écoute", author=JULIE)
    assert graph(fresh, "GET", f"{WABA}/subscribed_apps", WHATSAPP_TOKEN).json() == {"data": []}

    graph(fresh, "POST", f"{WABA}/subscribed_apps", WHATSAPP_TOKEN)
    fresh.message(WHATSAPP, "Nous voilà", author=JULIE)
    drained()

    assert [message["text"]["body"] for message in messages(sink)] == ["Nous voilà"]
    assert len(graph(fresh, "GET", f"{WABA}/subscribed_apps", WHATSAPP_TOKEN).json()["data"]) == 1


def test_a_number_may_have_an_address_of_its_own_that_proves_itself(fresh, sink, drained):
    elsewhere = {"override_callback_uri": sink.url + "/elsewhere/", "verify_token": "a token of its own"}

    sink.honest = False
    refused = graph(fresh, "POST", WHATSAPP, WHATSAPP_TOKEN, json={"webhook_configuration": elsewhere})
    sink.honest = True
    taken = graph(fresh, "POST", WHATSAPP, WHATSAPP_TOKEN, json={"webhook_configuration": elsewhere})
    fresh.message(WHATSAPP, "Ailleurs", author=JULIE)
    drained()

    assert error(refused)[0] == 2200
    assert taken.json() == {"success": True}
    assert sink.asked_by_meta()[1]["hub.verify_token"] == "a token of its own"
    assert [each.path for each in sink.received] == ["/elsewhere/"]
