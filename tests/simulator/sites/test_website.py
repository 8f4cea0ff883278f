"""A site that uses the website webhook (docs/website-webhook.md): what happened goes out, what was decided comes in."""

import json
import time

import pytest

from simulator import signing
from tests.simulator.calls import ARTICLE, BLOG, SITE, http

SECRET = "dev-website-secret"
POST = "p900301"


def told(fresh, event, *, secret=SECRET, age=0, site=SITE, path="sites/erables/comptoir/", **given):
    """One of our decisions, signed as the document says."""
    body = json.dumps({"event": event, "site": site} | given).encode()
    timestamp = str(int(time.time()) - age)
    headers = {
        "Content-Type": "application/json",
        "X-Comptoir-Timestamp": timestamp,
        "X-Comptoir-Signature": signing.website(secret, timestamp, body),
    }
    return http(fresh, "POST", path, data=body, headers=headers)


def reply(fresh, comment, text="Merci", **more):
    return told(fresh, "comment.reply", comment={"post": POST, "parent": comment, "content": {"raw": text}}, **more)


def test_the_vector_of_the_document_holds():
    proof = signing.website("unit-test-website-secret", "1795430412", b'{"event":"ping","site":"https://blog.example"}')

    assert proof == "sha256=15b84beee63202154b1a3ee239cf72fb88a6fecd82e55a6fba05cd786f78776d"


def test_what_happens_to_a_comment_is_told_and_signed(fresh, sink, drained):
    comment = fresh.comment(SITE, "Très utile !", author="Julie Exemple")["id"]
    fresh.edit_comment(comment, "Utile !")
    fresh.ask("POST", "website/status", {"comment": comment, "status": "spam"})
    fresh.remove_comment(comment)
    drained()

    received = sink.received[0]
    timestamp = received.headers["X-Comptoir-Timestamp"]
    assert received.path == "/hooks/website/"
    assert received.headers["X-Comptoir-Signature"] == signing.website(SECRET, timestamp, received.body)
    assert abs(int(timestamp) - time.time()) < 60
    events = [each.json for each in sink.received]
    assert [each["event"] for each in events] == ["comment.created", "comment.updated", "comment.status", "comment.deleted"]
    assert {each["site"] for each in events} == {SITE}
    assert {"id": comment, "post": POST, "parent": 0, "status": "hold", "own": False}.items() <= events[0]["comment"].items()
    assert events[2]["comment"]["status"] == "spam"
    assert events[3]["comment"] == {"id": comment, "post": POST}


def test_a_retry_is_signed_anew_over_the_same_body(fresh, sink, drained):
    sink.answers[:] = [500]
    fresh.comment(SITE, "Insistez")
    drained()

    assert len({each.body for each in sink.received}) == 1
    for each in sink.received:
        assert each.headers["X-Comptoir-Signature"] == signing.website(SECRET, each.headers["X-Comptoir-Timestamp"], each.body)


def test_signatures_can_be_bad_old_or_missing(fresh, sink, drained):
    for signature in ("bad", "old", "none"):
        fresh.deliver_raw("website", '{"event":"ping"}', signature=signature)
    drained()

    bad, old, none = sink.received
    proof = signing.website(SECRET, bad.headers["X-Comptoir-Timestamp"], bad.body)
    assert bad.headers["X-Comptoir-Signature"] != proof
    assert time.time() - int(old.headers["X-Comptoir-Timestamp"]) > 300
    assert "X-Comptoir-Signature" not in none.headers


def test_a_connected_site_has_an_address_and_a_secret_of_its_own(fresh, sink, drained):
    fresh.ask("POST", "website/connect", {"page": SITE, "hook": "/hooks/website/k3y/", "secret": "its own"})
    fresh.ask("POST", "website/ping", {"page": SITE})
    drained()

    [received] = sink.received
    assert received.path == "/hooks/website/k3y/"
    assert received.json == {"event": "ping", "site": SITE}
    proof = signing.website("its own", received.headers["X-Comptoir-Timestamp"], received.body)
    assert received.headers["X-Comptoir-Signature"] == proof
    assert told(fresh, "ping").status_code == 401
    assert told(fresh, "ping", secret="its own").status_code == 200


def test_a_wordpress_with_our_plugin_tells_the_same_way(fresh, sink, drained):
    fresh.comment(BLOG, "Sans l’extension", post=ARTICLE)
    fresh.configure(wordpress_plugin=True)
    comment = fresh.comment(BLOG, "Avec elle", post=ARTICLE)["id"]
    drained()

    [received] = sink.received
    assert (received.json["comment"]["id"], received.json["comment"]["post"]) == (int(comment), int(ARTICLE))


# --- what was decided ----------------------------------------------------------------------------


def test_a_reply_is_published_once_for_its_key_and_comes_back_as_our_own(fresh, sink, drained):
    comment = fresh.comment(SITE, "Bonjour")["id"]
    drained()
    sink.clear()

    first, second = reply(fresh, comment, key="8f3a"), reply(fresh, comment, key="8f3a")
    drained()

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["comment"]["id"] == second.json()["comment"]["id"]
    assert [each["text"] for each in fresh.replies(page=SITE)] == ["Merci"]
    [echo] = sink.received
    assert echo.json["event"] == "comment.created"
    assert {"own": True, "parent": comment, "status": "approved"}.items() <= echo.json["comment"].items()


def test_an_answer_without_a_clear_outcome_is_found_by_its_key(fresh):
    comment = fresh.comment(SITE, "Bonjour")["id"]
    fresh.fault("error_after_accept", page=SITE, count=1)

    lost = reply(fresh, comment, key="8f3a")

    assert lost.status_code == 500
    assert told(fresh, "comment.find", key="8f3a").json()["comment"]["content"]["raw"] == "Merci"
    assert told(fresh, "comment.find", key="other").json() == {"comment": None}


@pytest.mark.parametrize(
    ("event", "asked", "status"),
    [("comment.approve", {}, "approved"), ("comment.reject", {}, "trash"), ("comment.reject", {"status": "spam"}, "spam")],
)
def test_a_comment_is_approved_or_rejected(fresh, sink, drained, event, asked, status):
    comment = fresh.comment(SITE, "Bonjour")["id"]
    drained()
    sink.clear()

    answered = told(fresh, event, comment={"id": comment} | asked)
    drained()

    assert (answered.status_code, answered.json()["comment"]["status"]) == (200, status)
    [echo] = sink.received
    assert (echo.json["event"], echo.json["comment"]["status"]) == ("comment.status", status)


def test_our_own_answer_is_edited_and_deleted_and_nobody_elses(fresh):
    comment = fresh.comment(SITE, "Bonjour")["id"]
    ours = reply(fresh, comment).json()["comment"]["id"]

    edited = told(fresh, "comment.edit", comment={"id": ours, "content": {"raw": "Merci beaucoup"}})
    theirs = told(fresh, "comment.edit", comment={"id": comment, "content": {"raw": "x"}})
    deleted = told(fresh, "comment.delete", comment={"id": ours})

    assert edited.json()["comment"]["content"]["raw"] == "Merci beaucoup"
    assert theirs.status_code == 409
    assert deleted.status_code == 200
    assert told(fresh, "comment.delete", comment={"id": ours}).status_code == 404


def test_what_is_not_signed_with_the_secret_or_too_old_is_refused(fresh):
    assert told(fresh, "ping", secret="wrong").status_code == 401
    assert told(fresh, "ping", age=301).status_code == 401
    assert told(fresh, "ping", age=299).status_code == 200


def test_one_of_two_signatures_is_enough_while_a_secret_is_being_changed(fresh):
    body, timestamp = json.dumps({"event": "ping", "site": SITE}).encode(), str(int(time.time()))
    both = [signing.website(secret, timestamp, body) for secret in ("new", SECRET)]
    headers = {"X-Comptoir-Timestamp": timestamp, "X-Comptoir-Signature": ", ".join(both)}

    assert http(fresh, "POST", "sites/erables/comptoir/", data=body, headers=headers).status_code == 200


def test_a_site_says_what_it_understands_and_refuses_the_rest(fresh):
    fresh.ask("POST", "website/connect", {"page": SITE, "lacks": ["comment.edit"]})

    assert "comment.reply" in told(fresh, "ping").json()["events"]
    assert "comment.edit" not in told(fresh, "ping").json()["events"]
    assert told(fresh, "comment.edit", comment={"id": "c1"}).status_code == 501
    assert told(fresh, "comment.dance").status_code == 501
    assert told(fresh, "ping", site="https://elsewhere.example").status_code == 404


def test_closed_comments_and_empty_words_are_refused(fresh):
    closed = fresh.publish(SITE, "Ancien", extra={"closed": True}, silent=True)["id"]

    assert told(fresh, "comment.reply", comment={"post": closed, "content": {"raw": "x"}}).status_code == 409
    assert told(fresh, "comment.reply", comment={"post": POST, "content": {"raw": " "}}).status_code == 422
    fresh.fault("refuse_429", page=SITE, count=1)
    throttled = told(fresh, "comment.reply", comment={"post": POST, "content": {"raw": "x"}})
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "60")
