"""The embedded servers, really started, in a folder of their own."""

import os
import pwd
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from config import services
from config.services import folders, processes
from config.services.postgres import Postgres
from config.services.redis import RedisServer

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_other_servers(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    yield folder
    services.forget(folder, keep=())


def test_they_answer_inside_the_block_and_are_gone_after_it(state):
    with services.running(state) as addresses:
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 'é' ILIKE 'É'").fetchone() == (True,)
        with Redis.from_url(addresses["REDIS_URL"]) as redis:
            assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert running(state) == [True, True]

    assert running(state) == [False, False]


def test_what_is_written_is_there_the_next_time(state):
    with services.running(state) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    with services.running(state) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_servers_found_running_are_left_running(state):
    with services.running(state) as first:
        with services.running(state) as second:
            assert second == first
        assert running(state) == [True, True]


def test_another_process_leaves_them_running_too(state):
    with services.running(state):
        command = [sys.executable, "-m", "config.services", "--", "sh", "-c", 'echo "$DATABASE_URL"']
        told = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "COMPTOIR_STATE": str(state)}, capture_output=True, text=True, check=True
        )
        assert str(Postgres(state).sockets) in told.stdout
        assert running(state) == [True, True]


def test_servers_that_were_killed_start_again(state):
    with services.running(state):
        for file, name in (
            (Postgres(state).data / "postmaster.pid", "postgres"),
            (state / "redis" / "redis.pid", "redis-server"),
        ):
            os.kill(processes.number_in(file), signal.SIGKILL)
            assert processes.until(lambda file=file, name=name: not processes.alive(processes.number_in(file), name), 5)
        with services.running(state) as again, psycopg.connect(again["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert running(state) == [True, True]


def test_a_number_that_another_program_has_now_does_not_stop_us(state):
    with services.running(state):
        pass
    (Postgres(state).data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (state / "redis" / "redis.pid").write_text(f"{os.getpid()}\n")

    with services.running(state):
        assert running(state) == [True, True]


def test_each_purpose_has_its_own_database(state):
    with services.running(state) as desk, services.running(state, "bench") as bench:
        assert desk["DATABASE_URL"] != bench["DATABASE_URL"]
        assert desk["REDIS_URL"] != bench["REDIS_URL"]


def test_nothing_listens_on_the_network(state):
    with services.running(state) as addresses, psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with Redis.from_url(addresses["REDIS_URL"]) as redis:
            assert redis.config_get("port") == {"port": "0"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
@pytest.mark.parametrize("account", ["daemon", "nobody"])
def test_another_account_is_not_let_in(state, account):
    """Not even the one that PostgreSQL runs as when root starts it."""
    with services.running(state) as addresses:
        os.seteuid(pwd.getpwnam(account).pw_uid)
        try:
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(addresses["DATABASE_URL"])
        finally:
            os.seteuid(0)


def test_two_clones_share_nothing(state, tmp_path):
    other = tmp_path / "other"
    with services.running(state) as ours:
        with services.running(other) as theirs:
            assert not set(ours.values()) & set(theirs.values())
        assert running(state) == [True, True]
    services.forget(other, keep=())


def test_a_clone_with_a_long_name_still_has_sockets_that_can_be_opened(tmp_path):
    deep = tmp_path / ("a very long name, with spaces and an é " * 3) / "var"
    with services.running(deep) as addresses:
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with Redis.from_url(addresses["REDIS_URL"]) as redis:
            assert redis.ping()
    services.forget(deep, keep=())
    assert not any(folders.outside(deep).iterdir())
    folders.tidy(deep)


def test_what_the_environment_names_is_used_and_nothing_is_started(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.com/desk")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example.com/0")

    with services.running(tmp_path / "var") as addresses:
        assert addresses == {"DATABASE_URL": "postgresql://db.example.com/desk", "REDIS_URL": "redis://redis.example.com/0"}
    assert not (tmp_path / "var").exists()


def test_starting_over_is_refused_while_it_runs(state):
    with services.running(state), pytest.raises(services.Unusable):
        services.forget(state)


def test_where_no_wheel_serves_and_nothing_is_installed_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("config.services.postgres.glob", lambda pattern: [])
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(services.Unusable, match="install postgresql"):
        Postgres(tmp_path)._programs()
    with pytest.raises(services.Unusable, match="install redis"):
        RedisServer(tmp_path)._program()
    folders.tidy(tmp_path)


def running(state: Path) -> list[bool]:
    return [Postgres(state).answers(), RedisServer(state).answers()]


def test_a_socket_address_is_never_longer_than_the_system_takes(tmp_path):
    short = folders.for_socket(tmp_path / ("x" * 120), "redis.sock", tmp_path)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short / "test.sock"))
    (short / "test.sock").unlink()
    folders.tidy(tmp_path)
