import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


def run(tmp_path, *lines):
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    call_command("triage", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_answered_with_what_was_seen_in_it(tmp_path):
    threat = {"id": "m1", "text": "Attends, j’vais aller vous casser vos vitres", "visibility": "public", "author": "Julie T."}

    [seen, other] = run(tmp_path, json.dumps(threat), "", json.dumps({"id": "m2", "text": "Are you open?", "author": "x"}))

    assert (seen["id"], seen["language"], seen["first_name"], seen["urgency"]) == ("m1", "fr", "Julie", "now")
    [finding] = seen["findings"]
    assert (finding["family"], finding["type"], finding["rule"]) == ("crisis", "threat", "threats.announced")
    assert finding["value"] == threat["text"][finding["start"] : finding["end"]] == "j’vais aller vous casser vos vitres"
    assert [cue["value"] for cue in finding["cues"]] == ["casser vos vitres", "j’vais"]
    assert (other["id"], other["language"], other["first_name"], other["urgency"], other["findings"]) == (
        "m2",
        "en",
        None,
        "none",
        [],
    )


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": "m1"}'])
def test_a_line_that_says_nothing_is_told(tmp_path, line):
    with pytest.raises(CommandError, match="Line 1"):
        run(tmp_path, line)
