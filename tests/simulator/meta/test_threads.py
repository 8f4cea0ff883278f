"""Private threads beside plain messages: kinds of content, receipts, windows, and which app owns the thread."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.calls import FACEBOOK, FACEBOOK_TOKEN, INSTAGRAM, INSTAGRAM_TOKEN, error, graph, send

NATIVE, OURS = "263902037430900", "112233445566778"


def standby(sink):
    return [item for each in sink.received for entry in each.json["entry"] for item in entry.get("standby", ())]


@pytest.mark.parametrize(
    ("extra", "attachments", "expected"),
    [
        ({"quick_reply": {"payload": "YES"}}, [], {"quick_reply": {"payload": "YES"}}),
        ({"story": {"id": "55", "url": "https://x/s"}}, [], {"reply_to": {"story": {"id": "55", "url": "https://x/s"}}}),
        ({"is_unsupported": True}, [], {"is_unsupported": True}),
        ({"sticker_id": 369}, [{"type": "sticker", "url": "u", "sticker_id": 369}], {"sticker_id": 369}),
        (
            {"referral": {"ref": "r1", "source": "ADS", "ad_id": "6045"}},
            [],
            {"referral": {"ref": "r1", "source": "ADS", "ad_id": "6045"}},
        ),
        (
            {},
            [{"type": "location", "coordinates": {"lat": 46.81, "long": -71.21}}],
            {"attachments": [{"type": "location", "payload": {"coordinates": {"lat": 46.81, "long": -71.21}}}]},
        ),
        (
            {},
            [{"type": "fallback", "title": "Titre", "url": "https://example.ca"}],
            {"attachments": [{"type": "fallback", "title": "Titre", "url": "https://example.ca", "payload": None}]},
        ),
        (
            {},
            [{"type": "image", "url": "a"}, {"type": "story_mention", "url": "b"}],
            {"attachments": [{"type": "image", "payload": {"url": "a"}}, {"type": "story_mention", "payload": {"url": "b"}}]},
        ),
    ],
)
def test_each_kind_of_content_has_its_place_in_the_message(fresh, sink, drained, extra, attachments, expected):
    fresh.message(INSTAGRAM, "Texte", extra=extra, attachments=attachments)
    drained()

    [item] = sink.items()
    assert {name: item["message"][name] for name in expected} == expected


def test_a_button_is_a_turn_of_its_own_that_opens_the_window(fresh, sink, drained):
    pressed = fresh.postback(FACEBOOK, "Horaires", "HOURS")
    drained()

    [item] = sink.items()
    assert item["postback"] == {"mid": pressed["id"], "title": "Horaires", "payload": "HOURS"}
    assert send(fresh, {"id": pressed["person"]}).ok


@pytest.mark.parametrize("act", ["referral", "react", "postback"])
def test_whatever_a_person_does_opens_the_window_again(fresh, act):
    long_ago = datetime.now(UTC) - timedelta(days=3)
    message = fresh.message(FACEBOOK, "Bonjour", at=long_ago)
    recipient = {"id": message["person"]}
    assert error(send(fresh, recipient)) == (10, 2018278)

    match act:
        case "referral":
            fresh.referral(FACEBOOK, {"ref": "a", "source": "SHORTLINK", "type": "OPEN_THREAD"})
        case "react":
            fresh.react_to_message(message["id"])
        case "postback":
            fresh.postback(FACEBOOK, "Horaires")
    assert send(fresh, recipient).ok


def test_the_tag_of_seven_days_takes_a_feature(fresh):
    person = {"id": fresh.message(FACEBOOK, "Bonjour", at=datetime.now(UTC) - timedelta(days=3))["person"]}
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}

    assert send(fresh, person, **tagged).ok
    fresh.configure(human_agent=False)
    assert error(send(fresh, person, **tagged)) == (10, None)


def test_receipts_are_watermarks_on_messenger_and_one_message_on_instagram(fresh, sink, drained):
    sent = {}
    for page, token in ((FACEBOOK, FACEBOOK_TOKEN), (INSTAGRAM, INSTAGRAM_TOKEN)):
        person = fresh.message(page, "Bonjour", author="julie")["person"]
        sent[page] = send(fresh, {"id": person}, token=token).json()["message_id"]
    drained()
    sink.clear()

    fresh.delivered(FACEBOOK, author="julie")
    fresh.seen(FACEBOOK, author="julie")
    fresh.delivered(INSTAGRAM, author="julie")
    fresh.seen(INSTAGRAM, author="julie")
    drained()

    delivery, read, seen = sink.items()
    assert delivery["delivery"]["mids"] == [sent[FACEBOOK]]
    assert read["read"]["watermark"] >= delivery["delivery"]["watermark"]
    assert seen["read"] == {"mid": sent[INSTAGRAM]}
    assert [row["read"] for row in fresh.record()["outbound"]] == [True, True]


def test_receipts_may_follow_by_themselves(fresh, sink, drained):
    fresh.configure(receipts="read")
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    send(fresh, {"id": person})
    drained()

    assert [next(iter(set(item) - {"sender", "recipient", "timestamp"})) for item in sink.items()] == [
        "message",
        "message",
        "delivery",
        "read",
    ]


def test_edits_are_counted_as_text_on_instagram(fresh, sink, drained):
    mid = fresh.message(INSTAGRAM, "Avant")["id"]
    fresh.edit_message(mid, "Après")
    drained()

    assert sink.items()[1]["message_edit"] == {"mid": mid, "text": "Après", "num_edit": "1"}


def test_once_another_app_answers_we_only_stand_by_and_cannot_send(fresh, sink, drained):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    fresh.take_thread(FACEBOOK)
    fresh.message(FACEBOOK, "Allo ?")
    fresh.postback(FACEBOOK, "Horaires")
    drained()

    assert sink.items()[1]["take_thread_control"] == {
        "previous_owner_app_id": OURS,
        "new_owner_app_id": NATIVE,
        "metadata": "",
    }
    said, pressed = standby(sink)
    assert said["message"]["text"] == "Allo ?"
    assert pressed["postback"] == {"title": "Horaires"}
    assert error(send(fresh, {"id": person})) == (10, 2018300)


def test_a_thread_can_be_taken_passed_requested_and_released(fresh, sink, drained):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    recipient = {"recipient": {"id": person}}
    fresh.take_thread(FACEBOOK)

    assert owner(fresh, person) == NATIVE
    assert graph(fresh, "POST", f"{FACEBOOK}/request_thread_control", json=recipient).json() == {"success": True}
    assert error(graph(fresh, "POST", f"{FACEBOOK}/release_thread_control", json=recipient)) == (10, 2018300)
    fresh.pass_thread(FACEBOOK)
    assert owner(fresh, person) == OURS
    assert graph(fresh, "POST", f"{FACEBOOK}/pass_thread_control", json=recipient | {"target_app_id": "77"}).ok
    assert owner(fresh, person) == "77"
    assert graph(fresh, "POST", f"{FACEBOOK}/take_thread_control", json=recipient).ok
    assert send(fresh, {"id": person}).ok
    assert graph(fresh, "POST", f"{FACEBOOK}/release_thread_control", json=recipient).ok
    assert owner(fresh, person) == ""
    drained()
    passed = [item["pass_thread_control"] for item in sink.items() if "pass_thread_control" in item]
    assert [each["new_owner_app_id"] for each in passed] == [OURS]


def owner(sim, person):
    told = graph(sim, "GET", f"{FACEBOOK}/thread_owner", params={"recipient": person}).json()["data"]
    return told[0]["thread_owner"]["app_id"] if told else ""


def test_after_a_day_of_silence_a_thread_is_idle_and_ours_again(fresh):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    fresh.take_thread(FACEBOOK)
    fresh.configure(clock_offset=25 * 3600)

    assert owner(fresh, person) == ""
    fresh.message(FACEBOOK, "Encore là ?")
    assert owner(fresh, person) == ""
    assert send(fresh, {"id": person}).ok


def test_a_native_answer_takes_the_thread_where_that_is_on(fresh, sink, drained):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    fresh.native_message(FACEBOOK, "Réponse d’ailleurs")
    assert send(fresh, {"id": person}).ok

    fresh.configure(native_takes_thread=True)
    fresh.native_message(FACEBOOK, "Encore d’ailleurs")
    drained()
    assert error(send(fresh, {"id": person})) == (10, 2018300)
    assert standby(sink)[0]["message"]["is_echo"] is True


def test_a_takeover_can_be_had_as_a_fault(fresh, sink, drained):
    fresh.fault("takeover", page=FACEBOOK, count=1)
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    drained()

    assert [item["message"]["text"] for item in standby(sink)] == ["Bonjour"]
    assert error(send(fresh, {"id": person})) == (10, 2018300)


def test_who_blocked_the_page_cannot_be_written_to(fresh):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    fresh.block_page(FACEBOOK)

    assert error(send(fresh, {"id": person})) == (551, None)
    fresh.block_page(FACEBOOK, blocked=False)
    assert send(fresh, {"id": person}).ok


def test_actions_and_uploads(fresh):
    message = fresh.message(INSTAGRAM, "Bonjour", author="julie")
    recipient = {"recipient": {"id": message["person"]}}
    picture = {"attachment": {"type": "image", "payload": {"url": "https://example.com/i.png", "is_reusable": True}}}

    def post(path, **given):
        return graph(fresh, "POST", path, INSTAGRAM_TOKEN, json=given)

    assert post("me/messages", **recipient, sender_action="typing_on").json() == {"recipient_id": message["person"]}
    reaction = {"message_id": message["id"], "reaction": "love"}
    assert post("me/messages", **recipient, sender_action="react", payload=reaction).ok
    assert error(post("me/messages", **recipient, sender_action="dance")) == (100, None)
    kept = post("me/message_attachments", message=picture).json()["attachment_id"]
    reused = {"attachment": {"type": "image", "payload": {"attachment_id": kept}}}
    assert post("me/messages", **recipient, message=reused).ok
    assert fresh.replies(page=INSTAGRAM)[0]["attachments"] == [{"type": "image", "url": "https://example.com/i.png"}]
    assert error(post("me/messages", **recipient, message={"attachment": {"type": "hologram"}})) == (100, None)


def test_threads_are_listed_latest_first_page_by_page(fresh):
    people = [fresh.message(FACEBOOK, "Bonjour", author=f"Personne {number}")["person"] for number in range(3)]
    fresh.message(FACEBOOK, "Encore moi", author="Personne 0")

    found, after = [], ""
    while True:
        page = graph(fresh, "GET", f"{FACEBOOK}/conversations?limit=2&after={after}").json()
        found += [each["id"] for each in page["data"]]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]

    assert found == [f"t_{people[0]}", f"t_{people[2]}", f"t_{people[1]}"]


def test_no_more_than_twenty_messages_of_a_thread_can_be_read(fresh):
    for number in range(23):
        person = fresh.message(FACEBOOK, str(number))["person"]

    first = graph(fresh, "GET", f"t_{person}/messages?limit=15&fields=message").json()
    second = graph(
        fresh, "GET", f"t_{person}/messages?limit=15&fields=message&after={first['paging']['cursors']['after']}"
    ).json()

    assert [each["message"] for each in first["data"] + second["data"]] == [str(number) for number in range(22, 2, -1)]


def test_the_threads_of_an_account_behind_a_page_are_the_pages_to_read_and_answer(fresh):
    extra = {"product": "facebook_login", "page": FACEBOOK}
    fresh.create_page("instagram", "17841400000000599", name="D", username="derriere", token="unused", extra=extra)
    person = fresh.message("17841400000000599", "Bonjour", author="julie")["person"]

    [thread] = graph(fresh, "GET", f"{FACEBOOK}/conversations?platform=instagram&fields=participants").json()["data"]
    assert thread["participants"]["data"][0] == {"username": "julie", "id": person}
    assert send(fresh, {"id": person}, "Oui").json()["recipient_id"] == person
    assert [each["text"] for each in fresh.replies(page="17841400000000599")] == ["Oui"]
