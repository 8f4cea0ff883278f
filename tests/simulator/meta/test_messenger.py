from datetime import UTC, datetime, timedelta

import pytest

from simulator import signing
from tests.simulator.calls import FACEBOOK, INSTAGRAM, INSTAGRAM_TOKEN, error, graph, send

TAG = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def ago(**units: float) -> datetime:
    return datetime.now(UTC) - timedelta(**units)


@pytest.mark.parametrize(
    ("page", "kind", "secret"),
    [(FACEBOOK, "page", "dev-meta-app-secret"), (INSTAGRAM, "instagram", "dev-instagram-app-secret")],
)
def test_a_message_reaches_the_receiver_signed_with_the_secret_of_its_app(fresh, sink, drained, page, kind, secret):
    at = datetime(2026, 11, 20, 15, 30, 12, 523000, tzinfo=UTC)
    message = fresh.message(page, "Mon ordonnance est-elle prête ?", author="julie.exemple", at=at)
    drained()

    [received] = sink.received
    assert received.headers["X-Hub-Signature-256"] == signing.meta(secret, received.body)["X-Hub-Signature-256"]
    assert received.json["object"] == kind
    assert received.json["entry"][0]["time"] == 1795188612523
    assert sink.items() == [
        {
            "sender": {"id": message["person"]},
            "recipient": {"id": page},
            "timestamp": 1795188612523,
            "message": {"mid": message["id"], "text": "Mon ordonnance est-elle prête ?"},
        }
    ]


def test_attachments_edits_reactions_and_deletions_have_their_own_keys(fresh, sink, drained):
    mid = fresh.message(FACEBOOK, attachments=[{"type": "image", "url": "https://example.com/i.jpg"}])["id"]
    fresh.edit_message(mid, "Corrigé")
    fresh.react_to_message(mid, "love")
    fresh.react_to_message(mid, "")
    fresh.delete_message(mid)
    drained()

    picture, edit, react, unreact, deleted = sink.items()
    assert picture["message"]["attachments"] == [{"type": "image", "payload": {"url": "https://example.com/i.jpg"}}]
    assert "text" not in picture["message"]
    assert edit["message_edit"] == {"mid": mid, "text": "Corrigé", "num_edit": 1}
    assert (react["reaction"]["action"], unreact["reaction"]["action"]) == ("react", "unreact")
    assert deleted["message"] == {"mid": mid, "is_deleted": True}


def test_an_accepted_message_comes_back_as_an_echo_with_the_same_id(fresh, sink, drained):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]
    drained()
    sink.clear()

    answer = send(fresh, {"id": person}, "Oui, elle est prête.").json()
    drained()

    [echo] = sink.items()
    assert answer["recipient_id"] == person
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (FACEBOOK, person)
    assert echo["message"] == {
        "mid": answer["message_id"],
        "text": "Oui, elle est prête.",
        "is_echo": True,
        "app_id": 112233445566778,
        "metadata": "inbox:msg:8f3a",
    }


def test_an_echo_of_the_platforms_own_inbox_names_that_app(fresh, sink, drained):
    fresh.native_message(FACEBOOK, "Réponse d’ailleurs")
    drained()

    assert sink.items()[0]["message"]["app_id"] == 263902037430900


@pytest.mark.parametrize(
    ("page", "token", "subcode"), [(FACEBOOK, "dev-token-fb-vieux-quai", 2018278), (INSTAGRAM, INSTAGRAM_TOKEN, 2534022)]
)
def test_the_window_closes_after_a_day_and_for_a_human_after_seven(fresh, page, token, subcode):
    recent = {"id": fresh.message(page, "a", author="a", at=ago(hours=23, minutes=59))["person"]}
    late = {"id": fresh.message(page, "b", author="b", at=ago(hours=24, minutes=1))["person"]}
    lost = {"id": fresh.message(page, "c", author="c", at=ago(days=7, minutes=1))["person"]}

    assert send(fresh, recent, token=token).ok
    assert error(send(fresh, late, token=token)) == (10, subcode)
    assert send(fresh, late, token=token, **TAG).ok
    assert error(send(fresh, lost, token=token, **TAG)) == (10, subcode)


def test_a_comment_gets_one_private_reply_within_seven_days(fresh, sink, drained):
    comment = fresh.comment(FACEBOOK, "Combien ?")
    old = fresh.comment(FACEBOOK, "Vieux", at=ago(days=8))
    anonymous = fresh.comment(FACEBOOK, "Qui ?", author=None)

    first = send(fresh, {"comment_id": comment["id"]}, "En privé")
    drained()

    assert first.json()["recipient_id"] == comment["author_id"]
    assert sink.items()[-1]["message"]["is_echo"] is True
    assert error(send(fresh, {"comment_id": comment["id"]})) == (10900, None)
    assert error(send(fresh, {"comment_id": old["id"]})) == (100, 2534025)
    assert error(send(fresh, {"comment_id": anonymous["id"]})) == (10903, None)
    # It opens no window: only an answer of the person does.
    assert error(send(fresh, {"id": comment["author_id"]})) == (10, 2018278)


def test_nobody_by_that_id(fresh):
    assert error(send(fresh, {"id": "1"})) == (100, 2018001)
    assert error(send(fresh, {"id": "1"}, token=INSTAGRAM_TOKEN)) == (100, 2534014)


def test_retired_tags_are_refused(fresh):
    person = fresh.message(FACEBOOK, "Bonjour")["person"]

    assert error(send(fresh, {"id": person}, messaging_type="MESSAGE_TAG", tag="ACCOUNT_UPDATE")) == (100, None)


def test_instagram_counts_bytes_and_messenger_characters(fresh):
    one, other = ({"id": fresh.message(page, "Bonjour")["person"]} for page in (FACEBOOK, INSTAGRAM))

    assert send(fresh, one, "é" * 2000).ok
    assert error(send(fresh, one, "é" * 2001)) == (100, None)
    assert send(fresh, other, "é" * 500, INSTAGRAM_TOKEN).ok
    assert error(send(fresh, other, "é" * 501, INSTAGRAM_TOKEN)) == (100, None)


@pytest.mark.parametrize(("page", "token"), [(FACEBOOK, "dev-token-fb-vieux-quai"), (INSTAGRAM, INSTAGRAM_TOKEN)])
def test_whether_a_message_was_accepted_can_be_looked_up(fresh, page, token):
    person = fresh.message(page, "Bonjour")["person"]
    sent = send(fresh, {"id": person}, "Trouvez-moi", token).json()["message_id"]

    fields = "id,participants,messages.limit(20){id,created_time,from,message}"
    [thread] = graph(fresh, "GET", "me/conversations", token, params={"user_id": person, "fields": fields}).json()["data"]
    listed = graph(fresh, "GET", f"{thread['id']}/messages?fields=id,message", token).json()["data"]

    newest = thread["messages"]["data"][0]
    assert (newest["id"], newest["message"], newest["from"]["id"]) == (sent, "Trouvez-moi", page)
    assert set(newest) == {"id", "created_time", "from", "message"}
    assert listed[0] == {"id": sent, "message": "Trouvez-moi"}
    assert graph(fresh, "GET", f"{sent}?fields=message", token).json()["message"] == "Trouvez-moi"


def test_a_profile_is_shown_only_once_the_person_wrote(fresh):
    wrote = fresh.message(FACEBOOK, "Bonjour", author="Julie Exemple")["person"]
    commented = fresh.comment(FACEBOOK, "Bonjour", author="Marc Fictif")["author_id"]

    assert graph(fresh, "GET", wrote).json() == {"id": wrote, "first_name": "Julie", "last_name": "Exemple"}
    assert error(graph(fresh, "GET", commented)) == (100, 33)
