"""Messages written for the crisis rules, and the samples: crisis_written.jsonl says of each its `type` and `urgency`."""

import json
from pathlib import Path

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Family, Urgency

HERE = Path(__file__).parent


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def context(row):
    return Context(public=row["visibility"] == "public", author=row["author"])


def crises(reading):
    return {finding.type for finding in reading.findings if finding.family is Family.CRISIS}


WRITTEN = rows("crisis_written.jsonl")
DANGER = [pytest.param(row, id=row["id"]) for row in WRITTEN if row["type"]]
OTHERS = [pytest.param(row, id=row["id"]) for row in WRITTEN if not row["type"]]


@pytest.mark.parametrize("row", DANGER)
def test_somebody_in_danger_is_seen_at_once(row):
    reading = read(row["text"], context(row))
    assert row["type"] in crises(reading)
    assert reading.urgency is Urgency.NOW


@pytest.mark.parametrize("row", OTHERS)
def test_what_is_no_crisis_is_not_taken_for_one(row):
    reading = read(row["text"], context(row))
    assert (reading.urgency is Urgency.NOW) is (row["urgency"] == "now")
    assert not (row["urgency"] == "none" and crises(reading))


@pytest.mark.parametrize("words", ["Merci beaucoup! {} 😂😂 lol", "haha {} merci pour votre beau travail 😊", "{} mdr ❤️"])
@pytest.mark.parametrize("row", DANGER[::5])
def test_thanks_jokes_and_emoji_never_lower_it(row, words):
    assert read(words.format(row["text"]), context(row)).urgency is Urgency.NOW


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows("samples.jsonl")])
def test_the_samples(row):
    reading = read(row["text"], context(row))
    allowed = {row["urgency"], *row.get("urgency_ok", ())}
    assert Urgency.NOW in allowed or reading.urgency is not Urgency.NOW
    assert allowed != {Urgency.NOW} or reading.urgency is Urgency.NOW


def test_a_finding_points_at_the_words_as_they_came():
    text = "Bonjour, JE  VEUX   mourir\u200b svp"
    [finding] = [finding for finding in read(text, Context()).findings if finding.rule == "self_harm.direct"]
    assert text[finding.start : finding.end] == "JE  VEUX   mourir"
    assert [cue.kind for cue in finding.cues] == ["self_harm.direct"]
