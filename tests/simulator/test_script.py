"""A run by a script: the same number makes the same one, and each step says what came of it."""

import json
import subprocess
import sys

import pytest

from config.services.processes import until
from simulator.client import SimulatorError
from simulator.traffic import script
from tests.simulator.calls import FACEBOOK
from tests.simulator.fixtures import ROOT


def test_the_same_seed_makes_the_same_script_and_another_another():
    assert script.made_from(7) == script.made_from(7)
    assert script.made_from(7) != script.made_from(8)
    kinds = {step["with"]["kind"] for step in script.made_from(7) if step["do"] == "fault"}
    assert kinds == {kind for kind, _, _ in script.TROUBLES}


def test_every_trouble_of_a_made_script_is_a_fault_there_is(fresh):
    for kind, given, _ in script.TROUBLES:
        fresh.fault(kind, **given)

    assert len(fresh.faults()) == len(script.TROUBLES)


def finished(simulator):
    assert until(lambda: not simulator.script_state()["running"], 20)
    return simulator.script_state()


def test_the_simulator_performs_a_script_that_is_posted(fresh, sink, drained):
    steps = [
        {"do": "comment", "with": {"page": FACEBOOK, "text": "Un"}},
        {"do": "fault", "with": {"kind": "earthquake"}},
        {"after": 0.2, "do": "comment", "with": {"page": FACEBOOK, "text": "Deux"}},
    ]

    fresh.script(steps)
    told = finished(fresh)
    drained()

    assert (told["steps"], told["refused"]) == (3, 1)
    assert [each["do"] for each in told["log"]] == ["comment", "fault", "comment"]
    assert [value["message"] for value in sink.values()] == ["Un", "Deux"]


def test_one_script_at_a_time_and_it_can_be_stopped(fresh):
    fresh.script([{"do": "flush"}, *[{"after": 0.1, "do": "flush"}] * 200])

    with pytest.raises(SimulatorError, match="stop it first"):
        fresh.script(seed=7)
    fresh.stop_script()

    assert len(finished(fresh)["log"]) < 200


def test_a_script_is_performed_and_logged_and_what_is_refused_too(fresh, sink, drained, tmp_path):
    steps = [
        {"do": "comment", "with": {"page": FACEBOOK, "text": "Un"}},
        {"after": 0.01, "do": "fault", "with": {"kind": "drop", "page": FACEBOOK, "count": 1}},
        {"do": "comment", "with": {"page": FACEBOOK, "text": "Deux"}},
        {"do": "fault", "with": {"kind": "earthquake"}},
        {"do": "dance"},
    ]
    (tmp_path / "steps.json").write_text(json.dumps(steps))

    command = [sys.executable, "-m", "simulator.traffic.script", str(tmp_path / "steps.json"), "--url", fresh.url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    drained()

    log = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["do"] for each in log] == ["comment", "fault", "comment", "fault", "dance"]
    assert ["refused" in each for each in log] == [False, False, False, True, True]
    assert done.returncode == 1
    assert [value["message"] for value in sink.values()] == ["Un"]
