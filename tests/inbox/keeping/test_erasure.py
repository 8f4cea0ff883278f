"""Consent taken back, and people who want to be forgotten: signed by Meta, done once, shown to whoever asked."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from inbox import channels, intake
from inbox.channels import telling
from inbox.keeping import erasure
from inbox.models import Contact, Conversation, Delivery, ErasureRequest, Message, Reaction, RejectedCount, Wait
from inbox.platforms.base import BadSignature
from inbox.platforms.meta import signed_request
from tests.factories import DAY, HOUR, MINUTE, NOON, make_channel, make_contact, make_conversation, make_message
from tests.inbox.wire import feed

VECTOR = (
    "w1ItUXWl_exxZOGZIH3DCoM0tQTffQ0wUF8R9uGk25Y."
    "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc5NTQzMDQwMCwidXNlcl9pZCI6IjEwMDAxIn0"
)
SECRET = "dev-meta-app-secret"


def signed(payload: dict, secret: str = SECRET) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
    signature = hmac.new(secret.encode(), encoded, hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}.{encoded.decode()}"


def asks(user: str, **more) -> dict:
    return {"algorithm": "HMAC-SHA256", "issued_at": 1795430400, "user_id": user, **more}


class TestTheSignedRequest:
    def test_the_vector_of_the_reference(self):
        assert signed_request.read(VECTOR, secrets=["another", "unit-test-app-secret"])["user_id"] == "10001"

    @pytest.mark.parametrize(
        "given",
        [
            "",
            ".",
            "a.b",
            VECTOR.replace(".", ""),
            VECTOR + "x",
            f"é.{VECTOR[44:]}",
            VECTOR.replace("w1It", "w1Iu"),
            "\0.\0",
        ],
    )
    def test_anything_else_is_refused(self, given):
        with pytest.raises(BadSignature):
            signed_request.read(given, secrets=["unit-test-app-secret"])

    def test_no_secret_and_no_other_algorithm_proves_anything(self):
        for secrets in ([], [""], ["wrong"]):
            with pytest.raises(BadSignature):
                signed_request.read(VECTOR, secrets=secrets)
        with pytest.raises(BadSignature):
            signed_request.read(signed(asks("1", algorithm="none")), secrets=[SECRET])


def fresh(user, *, before: timedelta = timedelta(0), **more) -> dict:
    """As Meta issues it now, or did."""
    return asks(user, **{"issued_at": int((timezone.now() - before).timestamp())} | more)


@pytest.mark.django_db
class TestTheCallbacks:
    def test_deletion_is_answered_with_a_page_that_says_what_became_of_it(self, client):
        answer = client.post("/callbacks/meta/deletion/", {"signed_request": signed(fresh("10001"))}).json()

        path = answer["url"].partition("://")[2].partition("/")[2]
        assert answer["confirmation_code"] in path
        assert "within the hour" in client.get(f"/{path}", headers={"Accept-Language": "en"}).text

        erasure.carry_out(now=NOON)
        assert "Done" in client.get(f"/{path}", headers={"Accept-Language": "en"}).text

    def test_told_twice_it_is_one(self, client):
        given = {"signed_request": signed(fresh("10001"))}
        first, second = (client.post("/callbacks/meta/deletion/", given).json() for _ in range(2))

        assert first == second
        assert ErasureRequest.objects.count() == 1

    @pytest.mark.parametrize("issued_at", [None, "1795430400", {}, 0, 10**30])
    def test_what_tells_no_time_is_refused(self, client, issued_at):
        answer = client.post("/callbacks/meta/deauthorize/", {"signed_request": signed(fresh("10001", issued_at=issued_at))})

        assert answer.status_code == 403
        assert not ErasureRequest.objects.exists()

    @pytest.mark.parametrize(
        ("before", "status"), [(25 * HOUR, 403), (23 * HOUR, 200), (-2 * MINUTE, 200), (-HOUR, 403)], ids=str
    )
    def test_what_was_caught_another_day_proves_nothing(self, client, before, status):
        answer = client.post("/callbacks/meta/deauthorize/", {"signed_request": signed(fresh("10001", before=before))})

        assert answer.status_code == status
        assert ErasureRequest.objects.exists() is (status == 200)

    def test_what_was_received_in_time_is_answered_alike_however_late_it_is_told_again(self, client):
        given = signed(fresh("10001", before=30 * DAY))
        known = erasure.receive("deletion", "10001", signed_request=given, now=NOON - 30 * DAY)

        answer = client.post("/callbacks/meta/deletion/", {"signed_request": given}).json()

        assert answer["confirmation_code"] == known.code
        assert ErasureRequest.objects.count() == 1

    def test_unsigned_is_refused_and_counted(self, client):
        answer = client.post("/callbacks/meta/deauthorize/", {"signed_request": signed(fresh("1"), "wrong")})

        assert answer.status_code == 403
        assert RejectedCount.objects.get().reason == "unsigned"
        assert not ErasureRequest.objects.exists()

    @pytest.mark.parametrize("user", ["", "9" * 300, None, {}, "1", "1234"])
    def test_nobody_named_changes_nothing(self, client, user):
        answer = client.post("/callbacks/meta/deletion/", {"signed_request": signed(fresh(user))})

        assert answer.status_code == 400
        assert not ErasureRequest.objects.exists()

    def test_neither_another_word_nor_another_method(self, client):
        assert client.post("/callbacks/meta/other/", {}).status_code == 404
        assert client.get("/callbacks/meta/deletion/").status_code == 405
        assert client.get("/deletion/NONE/").status_code == 404


@pytest.mark.django_db
class TestCarryingOut:
    def test_consent_taken_back_ends_the_connections_that_stood_on_it(self, place):
        theirs, others = make_channel(place, grantor_id="10001"), make_channel(place, grantor_id="10002")
        erasure.receive("deauthorized", "10001", signed_request="x", now=NOON)

        assert erasure.carry_out(now=NOON) == 1

        theirs.refresh_from_db()
        others.refresh_from_db()
        assert (theirs.problem, bytes(theirs.sealed_token)) == ("token_dead", b"")
        assert (others.problem, others.token) == ("", others.token)

    def test_a_page_that_was_given_a_token_by_hand_stands_on_nobodys_consent(self, place):
        ends = NOON + timedelta(days=3)
        told = {"grantor_id": "10001", "missing_permissions": ["pages_messaging"], "renewed_at": NOON}
        page = make_channel(place, token_expires_at=ends, access_expires_at=ends, **told)
        channels.connect(
            place, "facebook", external_id=page.external_id, name=page.name, token="of-the-system", by=None, now=NOON
        )
        erasure.receive("deauthorized", "10001", signed_request="x", now=NOON)

        erasure.carry_out(now=NOON)

        page.refresh_from_db()
        assert (page.problem, page.token, page.missing_permissions, page.renewed_at) == ("", "of-the-system", [], None)
        assert telling.lapsing(now=NOON) == 0

    def test_who_wants_to_be_forgotten_is_and_the_clock_stays(self, place):
        channel = make_channel(place)
        contact = make_contact(channel, external_id="10001", name="Julie Exemple", first_name="Julie")
        conversation = make_conversation(channel, kind="message", contact=contact)
        make_message(conversation, text="Ma carte est ABCD 1234 5678")
        Delivery.objects.store("meta", b'{"sender": {"id": "10001"}}', signed_by="x", now=NOON)
        Delivery.objects.store("meta", b'{"sender": {"id": "20002"}}', signed_by="x", now=NOON)
        Delivery.objects.store("meta", b'{"sender": {"id": "100012"}}', signed_by="x", now=NOON)
        Delivery.objects.update(processed_at=NOON)
        wait = Wait.objects.get()
        erasure.receive("deletion", "10001", signed_request="x", now=NOON)

        erasure.carry_out(now=NOON)

        conversation = Conversation.objects.get()
        assert (conversation.contact.name, conversation.contact.first_name) == ("", "")
        assert "10001" not in conversation.thread_id + conversation.contact.external_id
        assert (conversation.messages.get().text, conversation.preview) == ("", "")
        assert sorted(bytes(each.body) for each in Delivery.objects.all()) == [
            b"",
            b'{"sender": {"id": "100012"}}',
            b'{"sender": {"id": "20002"}}',
        ]
        assert Wait.objects.get().due_at == wait.due_at
        asked = ErasureRequest.objects.get()
        assert (asked.user_id, asked.done_at) == ("", NOON)
        assert asked.erased == {"connections": 0, "people": 1, "messages": 1, "reactions": 0, "bodies": 1}

    def test_what_others_said_in_a_body_that_waits_is_not_lost(self, place):
        page = make_channel(place, external_id="100200300400500")
        julie, marc = {"id": "10001", "name": "Julie Exemple"}, {"id": "8011", "name": "Marc Fictif"}
        comments = [feed(page, str(n), NOON, message="Ouvert?", author=who) for n, who in enumerate([julie, marc])]
        body = json.loads(comments[0])
        body["entry"] += json.loads(comments[1])["entry"]
        Delivery.objects.store("meta", json.dumps(body).encode(), signed_by="x", now=NOON)
        erasure.receive("deletion", "10001", signed_request="x", now=NOON)

        assert erasure.carry_out(now=NOON) == 0
        intake.drain(now=NOON)
        assert erasure.carry_out(now=NOON) == 1

        assert set(Message.objects.values_list("text", flat=True)) == {"", "Ouvert?"}
        assert set(Contact.objects.values_list("name", flat=True)) == {"", "Marc Fictif"}
        assert bytes(Delivery.objects.get().body) == b""

    def test_what_they_liked_goes_too(self, place):
        contact = make_contact(make_channel(place), external_id="10001")
        contact.former_ids.create(channel=contact.channel, external_id="9001", until=NOON)
        for actor in ("10001", "9001", "8011"):
            Reaction.objects.create(channel=contact.channel, target_id="1", actor_id=actor, reaction="love", at=NOON)

        erasure.forget(contact, now=NOON)

        assert Reaction.objects.get().actor_id == "8011"

    def test_who_only_ever_liked_something_is_forgotten_as_well(self, place):
        for platform in ("facebook", "instagram", "whatsapp", "linkedin"):
            channel = make_channel(place, platform)
            for actor in ("10001", "100012"):
                Reaction.objects.create(channel=channel, target_id="1", actor_id=actor, reaction="love", at=NOON)
        erasure.receive("deletion", "10001", signed_request="x", now=NOON)

        erasure.carry_out(now=NOON)

        assert set(Reaction.objects.filter(actor_id="10001").values_list("channel__platform", flat=True)) == {
            "whatsapp",  # there and on LinkedIn, it is somebody else's number
            "linkedin",
        }
        assert Reaction.objects.filter(actor_id="100012").count() == 4
        assert ErasureRequest.objects.get().erased == {"connections": 0, "people": 0, "messages": 0, "reactions": 2, "bodies": 0}

    def test_consent_taken_back_forgets_no_like(self, place):
        Reaction.objects.create(channel=make_channel(place), target_id="1", actor_id="10001", reaction="love", at=NOON)
        erasure.receive("deauthorized", "10001", signed_request="x", now=NOON)

        erasure.carry_out(now=NOON)

        assert Reaction.objects.exists()

    def test_once(self):
        erasure.receive("deletion", "10001", signed_request="x", now=NOON)

        assert (erasure.carry_out(now=NOON), erasure.carry_out(now=NOON)) == (1, 0)


def test_another_spelling_of_the_same_signature_is_the_same_request(db):
    first = erasure.receive("deauthorized", "10001", signed_request="abc.payload", now=NOON)

    assert erasure.receive("deauthorized", "10001", signed_request="abd.payload", now=NOON) == first
