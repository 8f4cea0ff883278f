import time
from threading import Event

from simulator import signing
from tests.inbox.platforms.server import Saying, running
from tests.simulator.calls import FACEBOOK, INSTAGRAM, LINKEDIN, MOULIN


def test_a_refused_webhook_is_sent_again_with_the_same_bytes_until_it_is_taken(fresh, sink, drained):
    sink.answers[:] = [500, 403]

    fresh.comment(FACEBOOK, "Insistez")
    drained()

    [delivery] = fresh.deliveries()
    assert len(sink.received) == 3
    assert len({each.body for each in sink.received}) == 1
    assert (delivery["attempts"], delivery["last_status"], delivery["delivered"]) == (3, 200, True)


def test_after_the_last_try_it_is_dropped_and_the_log_says_so(fresh, sink, drained):
    sink.answers[:] = [503] * 4

    fresh.comment(FACEBOOK, "Personne")
    drained()

    [delivery] = fresh.deliveries()
    assert (delivery["attempts"], delivery["last_status"], delivery["dropped"], delivery["delivered"]) == (4, 503, True, False)


def test_meta_wants_exactly_200_and_linkedin_any_2xx(fresh, sink, drained):
    sink.answers[:] = [202]
    fresh.comment(LINKEDIN, "Bonjour")
    drained()
    assert len(sink.received) == 1

    sink.answers[:] = [202]
    fresh.comment(FACEBOOK, "Bonjour")
    drained()
    assert len(sink.received) == 3


def test_a_receiver_that_is_away_gets_everything_when_it_is_back(fresh, sink, sink_server):
    fresh.configure(webhook_base="http://127.0.0.1:9", retry_seconds=[60])
    fresh.comment(FACEBOOK, "Vous êtes là ?")
    assert not fresh.wait(timeout=0.3)

    fresh.configure(webhook_base=sink_server.url)
    fresh.flush()

    assert fresh.wait()
    assert [value["message"] for value in sink.values()] == ["Vous êtes là ?"]


def test_what_is_held_comes_when_it_is_released(fresh, sink, drained):
    fresh.fault("hold", page=FACEBOOK, count=1)
    fresh.comment(FACEBOOK, "Retenu")
    fresh.comment(FACEBOOK, "Libre")
    drained()
    assert [value["message"] for value in sink.values()] == ["Libre"]

    assert fresh.release() == 1
    drained()
    assert [value["message"] for value in sink.values()] == ["Libre", "Retenu"]


def test_duplicates_come_word_for_word_and_in_a_later_envelope(fresh, sink, drained):
    fresh.fault("duplicate", count=1)

    fresh.comment(FACEBOOK, "Trois fois")
    fresh.comment(FACEBOOK, "Une fois")
    drained()

    thrice = [each for each in sink.received if b"Trois" in each.body]
    assert [value["message"] for value in sink.values()].count("Une fois") == 1
    assert len(thrice) == 3
    assert len({each.body for each in thrice}) == 2
    assert len({each.json["entry"][0]["changes"][0]["value"]["comment_id"] for each in thrice}) == 1


def test_out_of_order_the_later_one_overtakes(fresh, sink, drained):
    fresh.fault("reorder", page=FACEBOOK, count=1)

    fresh.comment(FACEBOOK, "Premier")
    fresh.comment(FACEBOOK, "Second")
    drained()

    assert [value["message"] for value in sink.values()] == ["Second", "Premier"]


def test_a_batch_carries_several_events_of_several_pages(fresh, sink, drained):
    fresh.configure(batch=3)

    for page in (FACEBOOK, MOULIN, FACEBOOK, FACEBOOK, INSTAGRAM):
        fresh.comment(page, "Bonjour")
    drained()

    sizes = sorted((each.json["object"], len(each.json["entry"])) for each in sink.received)
    assert sizes == [("instagram", 1), ("page", 1), ("page", 3)]


def test_linkedin_never_puts_more_than_ten_into_one_post(fresh, sink, drained):
    fresh.configure(batch=100)

    for number in range(12):
        fresh.comment(LINKEDIN, str(number))
    drained()

    assert max(len(each.json["notifications"]) for each in sink.received) <= 10
    assert len({each["notificationId"] for each in sink.notifications()}) == 12


def test_handshakes_are_made_for_real_and_their_result_is_told(fresh, sink):
    assert {name: each["passed"] for name, each in fresh.handshake().items()} == {
        "linkedin": True,
        "meta": True,
        "whatsapp": True,
    }
    assert {"hub.mode", "hub.challenge", "hub.verify_token"} <= set(sink.asked_by_meta()[0])
    assert sink.asked_by_meta()[0]["hub.verify_token"] == "dev-verify-token"
    assert any("challengeCode" in each for each in sink.handshakes)

    sink.honest = False
    assert {each["passed"] for each in fresh.handshake().values()} == {False}


def test_any_body_can_be_sent_signed_well_badly_or_not_at_all(fresh, sink, drained):
    body = '[{"object":"instagram","entry":[]}]'
    for signature in ("", "bad", "none", "sha1"):
        fresh.deliver_raw("meta", body, signature=signature, app="instagram")
    drained()

    good, bad, none, sha1 = (each.headers for each in sink.received)
    right = signing.meta("dev-instagram-app-secret", body.encode())["X-Hub-Signature-256"]
    assert {each.body for each in sink.received} == {body.encode()}
    assert good["X-Hub-Signature-256"] == right
    assert bad["X-Hub-Signature-256"] != right
    assert not [name for name in none if name.startswith("X-Hub")]
    assert sha1["X-Hub-Signature"].startswith("sha1=")
    assert "X-Hub-Signature-256" not in sha1


def test_linkedins_other_form_of_signature_can_be_had(fresh, sink, drained):
    fresh.configure(linkedin_signature="bare")
    fresh.comment(LINKEDIN, "Bonjour")
    drained()

    [received] = sink.received
    assert (
        received.headers["X-LI-Signature"] == signing.linkedin_bare("dev-linkedin-client-secret", received.body)["X-LI-Signature"]
    )


def test_a_receiver_that_takes_longer_than_five_seconds_has_not_taken_it(fresh):
    """Meta's own patience, as it is: nothing turns it down."""
    slow, asked = Event(), []

    def answer(each):
        if each.method == "GET":
            return Saying(raw=each.query["hub.challenge"].encode(), headers={"Content-Type": "text/plain"})
        asked.append((time.monotonic(), each.body))
        if not slow.is_set():
            slow.set()
            return Saying(stall=8)
        return Saying()

    with running() as receiver:
        receiver.says(answer)
        fresh.configure(webhook_base=receiver.url, retry_seconds=[0])
        fresh.comment(FACEBOOK, "Vous êtes là ?")
        assert fresh.wait(timeout=20)

    [delivery] = fresh.deliveries()
    (first, body), (second, again) = asked
    assert (delivery["attempts"], delivery["delivered"]) == (2, True)
    assert body == again
    assert 5 <= second - first < 8
