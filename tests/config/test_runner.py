import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from config.services import runner
from config.services.ports import Port
from config.services.processes import until

ROOT = Path(__file__).resolve().parents[2]
# A leader with a child that does not want to go.
STUBBORN = "sh -c 'trap \"\" TERM; echo $$ > stubborn.pid; while :; do sleep 0.1; done' & echo $! > leader; wait"


@pytest.fixture(autouse=True)
def signals_as_they_were():
    before = {sign: signal.getsignal(sign) for sign in runner.SIGNALS}
    yield
    for sign, handler in before.items():
        signal.signal(sign, handler)


def make_runner(folder: Path) -> runner.Runner:
    return runner.Runner(folder=folder, logs=folder / "log", show=False)


def test_nothing_stays_behind_not_even_the_children_of_children(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "PATIENCE", 1.0)
    with make_runner(tmp_path) as run:
        run.start(
            "stubborn", f"sh -c '{STUBBORN.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}'", {"PATH": "/usr/bin:/bin"}
        )
        run.wait_until(lambda: (tmp_path / "stubborn.pid").exists() and bool((tmp_path / "stubborn.pid").read_text()), 5)
        child = int((tmp_path / "stubborn.pid").read_text())
        assert psutil.pid_exists(child)

    assert until(lambda: gone(child), 5)


def test_a_process_that_ends_by_itself_is_reported_with_its_last_words(tmp_path):
    with make_runner(tmp_path) as run:
        run.start("web", "sh -c 'echo the port is taken; exit 3'", {"PATH": "/usr/bin:/bin"})
        with pytest.raises(runner.Died, match=r"web ended by itself \(3\)") as died:
            run.wait()

    assert "the port is taken" in str(died.value)
    assert "the port is taken" in (tmp_path / "log" / "web.log").read_text()


def test_what_never_gets_ready_is_given_up(tmp_path):
    with make_runner(tmp_path) as run:
        run.start("slow", "sleep 60", {"PATH": "/usr/bin:/bin"})
        with pytest.raises(runner.Died, match="Not ready"):
            run.wait_until(lambda: False, 0.2)


def test_whoever_ran_something_hears_signals_as_before(tmp_path):
    before = [signal.getsignal(sign) for sign in runner.SIGNALS]

    with make_runner(tmp_path) as run:
        run.start("slow", "sleep 60", {"PATH": "/usr/bin:/bin"})

    assert [signal.getsignal(sign) for sign in runner.SIGNALS] == before


@pytest.mark.parametrize("sign", runner.SIGNALS)
def test_each_signal_stops_everything(tmp_path, sign):
    program = textwrap.dedent(f"""
        from pathlib import Path
        from config.services import runner
        folder = Path({str(tmp_path)!r})
        runner.stop_on_signals()
        with runner.Runner(folder=folder, logs=folder, show=False) as run:
            run.start("child", "sh -c 'echo $$ > child.pid; exec sleep 60'", {{"PATH": "/usr/bin:/bin"}})
            run.wait_until(lambda: (folder / "child.pid").exists() and (folder / "child.pid").read_text(), 10)
            print("ready", flush=True)
            run.wait()
    """)
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        child = int((tmp_path / "child.pid").read_text())
        process.send_signal(sign)
        assert process.wait(timeout=20) == 128 + sign

    assert gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_even_a_runner_that_is_killed_leaves_nothing(tmp_path):
    program = textwrap.dedent(f"""
        from pathlib import Path
        from config.services import runner
        folder = Path({str(tmp_path)!r})
        with runner.Runner(folder=folder, logs=folder, show=False) as run:
            run.start("child", "sleep 60", {{"PATH": "/usr/bin:/bin"}})
            print(run.processes["child"].pid, flush=True)
            run.wait()
    """)
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        process.kill()

    assert until(lambda: gone(child), 5)


def test_the_procfile_names_every_process():
    assert set(runner.read(ROOT / "Procfile")) == {"release", "web", "live", "worker", "sender", "clock", "beat"}


def test_two_clones_that_want_the_same_port_get_two():
    first = Port()
    second = Port(first.number)

    assert second.number != first.number
    first.close()
    second.close()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
