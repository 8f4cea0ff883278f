"""Messages that are somebody else's work, and their look-alikes, on sentences written for them."""

import json
from pathlib import Path

import pytest

from inbox.triage import routes
from inbox.triage.findings import Context, Finding, Urgency
from inbox.triage.text import Text

WRITTEN = [json.loads(line) for line in (Path(__file__).parent / "written_routes.jsonl").open(encoding="utf-8")]
TYPES = sorted({label for row in WRITTEN for label in row["labels"]})
PAGES = {"pharma": "manufacturer"}
WAITS = {"off_label", "misinformation", "spam", "abuse"}  # the usual order will do


def found(text: str, page: str = "pharmacy") -> list[Finding]:
    return list(routes.find(Text(text), Context(page_kind=PAGES.get(page, page))))


@pytest.mark.parametrize("type_", TYPES)
def test_each_route_is_found(type_):
    rows = [row for row in WRITTEN if type_ in row["labels"]]
    missed = [row["text"] for row in rows if type_ not in {finding.type for finding in found(row["text"], row["page_type"])}]
    assert len(missed) <= 0.1 * len(rows), missed


@pytest.mark.parametrize("type_", TYPES)
def test_look_alikes_are_left_alone(type_):
    rows = [row for row in WRITTEN if type_ in row.get("hard_negative_for", ())]
    taken_for = [row["text"] for row in rows if type_ in {finding.type for finding in found(row["text"], row["page_type"])}]
    assert len(taken_for) <= 0.1 * len(rows), taken_for


def test_what_has_a_law_or_a_defect_behind_it_is_for_soon():
    findings = [finding for row in WRITTEN for finding in found(row["text"], row["page_type"])]
    assert {finding.type for finding in findings if finding.urgency is Urgency.SOON} == set(TYPES) - WAITS


def test_on_its_makers_page_any_question_of_a_use_or_a_dose_is_off_label():
    text = "Quelle dose de Tylenol pour un enfant de 3 ans?"
    assert not found(text, "pharmacy")
    assert [finding.type for finding in found(text, "pharma")] == ["off_label"]
