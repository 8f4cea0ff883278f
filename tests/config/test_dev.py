"""bin/dev refuses before it starts or forgets anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def dev(*arguments: str, state: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "config.dev", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COMPTOIR_STATE": str(state), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("port", ["abc", "99999", "-1", "0"])
def test_a_port_that_is_none_is_refused_in_one_line(tmp_path, port):
    refused = dev("--fresh", state=tmp_path, PORT=port)

    assert refused.stderr == f"PORT must be a number from 1 to 65535, not {port!r}.\n"
    assert (refused.returncode, refused.stdout) == (1, "")


def test_starting_over_is_refused_where_the_data_is_in_a_database_elsewhere(tmp_path):
    kept = tmp_path / "simulator.sqlite3"
    kept.touch()

    refused = dev("--fresh", state=tmp_path, DATABASE_URL="postgresql://127.0.0.1:9/none")

    [line] = refused.stderr.splitlines()
    assert "DATABASE_URL" in line
    assert refused.returncode == 1
    assert kept.exists()
