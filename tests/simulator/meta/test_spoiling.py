"""Meta's webhooks on a bad day: every form that has been seen, or must be survived, can be had by its name."""

import hashlib
import hmac

import pytest

from simulator import signing
from tests.simulator.calls import FACEBOOK, INSTAGRAM


def entry(sink):
    [received] = sink.received
    [found] = received.json["entry"]
    return found


def value(sink):
    return entry(sink)["changes"][0]["value"]


def test_author_and_text_may_be_missing(fresh, sink, drained):
    fresh.fault("missing_from", count=1)
    fresh.fault("missing_text", count=1)
    comment = fresh.comment(FACEBOOK, "Bonjour")["id"]
    drained()

    assert {"from", "message"} & set(value(sink)) == set()
    assert value(sink)["comment_id"] == comment


def test_ids_may_be_numbers(fresh, sink, drained):
    fresh.fault("numeric_ids", count=1)
    comment = fresh.comment(INSTAGRAM, "Bonjour")
    drained()

    assert entry(sink)["id"] == int(INSTAGRAM)
    assert value(sink)["id"] == int(comment["id"])
    assert value(sink)["from"]["id"] == int(comment["author_id"])


def test_the_author_may_stand_where_it_stood_years_ago(fresh, sink, drained):
    fresh.fault("legacy_sender", count=1)
    comment = fresh.comment(FACEBOOK, "Bonjour")
    drained()

    assert "from" not in value(sink)
    assert (value(sink)["sender_id"], value(sink)["sender_name"]) == (int(comment["author_id"]), "Julie Exemple")


def test_a_comment_may_be_flat_and_have_its_documented_id(fresh, sink, drained):
    fresh.fault("flat", count=1)
    fresh.fault("comment_id", count=1)
    comment = fresh.comment(INSTAGRAM, "Bonjour")["id"]
    drained()

    assert entry(sink)["field"] == "comments"
    assert (entry(sink)["value"]["comment_id"], "id" in entry(sink)["value"]) == (comment, False)


@pytest.mark.parametrize(
    ("kind", "where"),
    [("unknown_item", ("value", "item")), ("unknown_verb", ("value", "verb")), ("unknown_field", ("field",))],
)
def test_a_name_may_be_one_that_nobody_knows(fresh, sink, drained, kind, where):
    fresh.fault(kind, count=1)
    fresh.comment(FACEBOOK, "Bonjour")
    drained()

    found = entry(sink)["changes"][0]
    for name in where:
        found = found[name]
    assert found not in {"comment", "add", "feed"}


def test_a_message_may_be_of_an_unknown_kind(fresh, sink, drained):
    fresh.fault("unknown_payload", count=1)
    fresh.comment(FACEBOOK, "Ne l’use pas")
    fresh.message(FACEBOOK, "Bonjour")
    drained()

    assert set(sink.items()[0]) == {"sender", "recipient", "timestamp", "hologram"}


def test_only_the_names_of_what_changed_may_come_or_all_in_a_list(fresh, sink, drained):
    fresh.fault("changed_fields", count=1)
    fresh.comment(FACEBOOK, "Bonjour")
    drained()
    assert entry(sink)["changed_fields"] == ["feed"]

    sink.clear()
    fresh.fault("top_level_list", count=1)
    fresh.comment(FACEBOOK, "Bonjour")
    drained()
    [received] = sink.received
    assert received.json[0]["object"] == "page"


def test_people_write_nasty_characters_which_the_platform_keeps_as_they_are(fresh, sink, drained):
    fresh.fault("nasty_text", count=2)
    comment = fresh.comment(FACEBOOK, "Bonjour")
    message = fresh.message(FACEBOOK, "Bonjour")
    drained()

    assert [sink.values()[0]["message"], sink.items()[0]["message"]["text"]] == [comment["text"], message["text"]]
    assert {"\u00a0", "\u202f", "\u2028", "<", "&"} <= set(comment["text"])
    assert b"\\u2028" in sink.received[0].body


def signature(received):
    return received.headers.get("X-Hub-Signature-256", "").removeprefix("sha256=")


@pytest.mark.parametrize("kind", ["bad_signature", "no_signature", "sha1_signature", "wrong_secret"])
def test_a_webhook_may_be_signed_wrongly_at_its_first_tries(fresh, sink, drained, kind):
    sink.answers[:] = [401, 401]
    fresh.fault(kind, value=2, count=1)
    fresh.comment(FACEBOOK, "Bonjour")
    drained()

    body = sink.received[0].body
    right = signing.meta("dev-meta-app-secret", body)["X-Hub-Signature-256"].removeprefix("sha256=")
    assert [signature(each) == right for each in sink.received] == [False, False, True]
    first = sink.received[0].headers
    if kind == "sha1_signature":
        assert first["X-Hub-Signature"] == "sha1=" + hmac.new(b"dev-meta-app-secret", body, hashlib.sha1).hexdigest()
    if kind == "wrong_secret":
        assert first["X-Hub-Signature-256"] == signing.meta("dev-instagram-app-secret", body)["X-Hub-Signature-256"]


def test_a_webhook_may_be_signed_wrongly_for_good(fresh, sink, drained):
    sink.answers[:] = [401] * 4
    fresh.fault("bad_signature", count=1)
    lost = fresh.comment(FACEBOOK, "Bonjour")["id"]
    drained()

    assert len({signature(each) for each in sink.received}) == 1
    assert fresh.record()["deliveries"]["dropped_about"] == [lost]
