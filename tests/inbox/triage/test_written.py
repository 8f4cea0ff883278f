"""Messages written by somebody who did not write the rules, in every register: what was reached on them is not lost again."""

import json
from pathlib import Path

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Urgency

ROWS = [json.loads(line) for line in (Path(__file__).parent / "written.jsonl").read_text(encoding="utf-8").splitlines()]
DANGERS = {"self_harm", "emergency", "poisoning"}


@pytest.fixture(scope="module")
def readings():
    return [(row, read(row["text"], _context(row))) for row in ROWS]


def _context(row):
    return Context(channel=row["channel"], public=row["visibility"] == "public", page_kind=row["page_type"], author=row["author"])


def test_adverse_events_are_found(readings):
    events = [(row, reading) for row, reading in readings if row["adverse_event"] and not row.get("ae_ambiguous")]
    missed = [row["text"] for row, reading in events if not reading.is_adverse_event]
    assert len(missed) <= 0.04 * len(events), missed


def test_look_alikes_of_adverse_events_are_left_alone(readings):
    others = [(row, reading) for row, reading in readings if "adverse_event" in str(row.get("hard_negative_for", ""))]
    taken_for = [row["text"] for row, reading in others if reading.is_adverse_event and not row["adverse_event"]]
    assert len(taken_for) <= 0.05 * len(others), taken_for


def test_whoever_is_in_danger_is_seen_at_once(readings):
    in_danger = [(row, reading) for row, reading in readings if row["suggested_topic"] in DANGERS and row["urgency"] == "now"]
    missed = [row["text"] for row, reading in in_danger if reading.urgency is not Urgency.NOW]
    assert in_danger and not missed


def test_hardly_anything_else_is_taken_for_a_danger(readings):
    false = [
        row["text"]
        for row, reading in readings
        if reading.urgency is Urgency.NOW and "now" not in {row["urgency"], *row.get("urgency_ok", ())}
    ]
    assert len(false) <= 2, false
