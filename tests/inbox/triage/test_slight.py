"""What is hardly ever a danger (slight.toml), or is a figure of speech, and here is one: by what stands in or beside it."""

import json
from pathlib import Path

import pytest

from inbox.triage import read
from inbox.triage.findings import Context, Urgency

FILE = Path(__file__).parent / "more_than_slight.jsonl"
TEXTS = [json.loads(line)["text"] for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_slight_takes_no_danger_back(text):
    assert read(text, Context()).urgency is Urgency.NOW


def test_a_figure_of_speech_beside_it_is_none():
    assert read("That sale is insane, I can't breathe 😍", Context()).urgency is not Urgency.NOW
    assert read("mon fils a mangé un crayon de cire bleu, y'a fait caca bleu", Context()).urgency is not Urgency.NOW
