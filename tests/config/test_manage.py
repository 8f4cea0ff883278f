import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_reader_that_goes_ends_a_command_without_a_word():
    read, write = os.pipe()
    os.close(read)  # gone before the first word
    with open(write, "w") as gone:
        ended = subprocess.run(
            [sys.executable, "manage.py", "help", "--commands"],
            cwd=ROOT,
            env={**os.environ, "DEBUG": "1"},
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (ended.returncode, ended.stderr) == (141, "")
