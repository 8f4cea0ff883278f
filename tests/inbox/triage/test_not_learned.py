"""How well triage does on 3,500 messages by five writers that nothing was learned from, nor any rule written by."""

import json
from pathlib import Path

import pytest

from inbox.triage import network
from inbox.triage.findings import Context, Urgency
from inbox.triage.reading import read

HERE = Path(__file__).parent
FIRST, TOP = 1, 3


@pytest.fixture(scope="module")
def told():
    rows = [json.loads(line) for line in (HERE / "not_learned.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(row, read(row["text"], Context())) for row in rows]


def share(judged):
    judged = list(judged)
    return sum(judged) / len(judged)


def test_nothing_was_learned_from_them(told):
    folders = network.CORPORA
    taught = {
        json.loads(line)["text"].lower()
        for folder in folders
        for path in folder.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert not taught & {row["text"].lower() for row, _reading in told}


@pytest.mark.slow
def test_dangers_are_seen_and_little_else_is_taken_for_one(told):
    seen = share(reading.urgency is Urgency.NOW for row, reading in told if row["danger"])
    false = share(reading.urgency is Urgency.NOW for row, reading in told if not row["danger"])
    assert seen >= 0.89 and false <= 0.065  # measured: 0.909 and 0.056


@pytest.mark.slow
def test_adverse_events_are_seen_and_little_else_is_taken_for_one(told):
    judged = [(row["adverse_event"], reading.is_adverse_event) for row, reading in told if "adverse_event" in row]
    seen, false = share(found for event, found in judged if event), share(found for event, found in judged if not event)
    assert seen >= 0.87 and false <= 0.055  # measured: 0.886 and 0.045


@pytest.mark.slow
def test_the_topic_is_first_or_among_three(told):
    first, in_three = (share(row["topic"] in reading.topics[:most] for row, reading in told) for most in (FIRST, TOP))
    assert first >= 0.76 and in_three >= 0.92  # measured: 0.778 and 0.933
