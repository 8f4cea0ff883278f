"""The settings as a process sees them: each test starts one, with an environment of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from inbox import platforms

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "x1y2z3-" * 10,
    "AUDIT_KEY": "an-audit-key-of-no-worth",
    "TOKEN_KEYS": "Y2hlY2stZGVwbG95LXRva2VuLWtleS1vZi1uby13ISE=",
    "PUBLIC_URL": "https://comptoir.example.com",
    "LIVE_URL": "https://live.comptoir.example.com",
    "ALLOWED_HOSTS": "comptoir.example.com",
    "DATABASE_URL": "postgresql:///none",
    "REDIS_URL": "redis://localhost:1/0",
    **{variable.name: "none" for variable in platforms.variables() if variable.default is None},
    "EMAIL_URL": "smtp://mail.example.com",
    "DEFAULT_FROM_EMAIL": "comptoir@example.com",
}
NEVER_REQUIRED = {"LIVE_URL"}


def python(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(**environment: str) -> "subprocess.CompletedProcess[str]":
    return python("-c", "from config import settings", environment=environment)


def test_production_settings_pass_the_deployment_check():
    checked = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_nothing_set_names_everything_that_is_required():
    message = settings().stderr

    for name in PRODUCTION.keys() - NEVER_REQUIRED:
        assert f"{name} is missing" in message


def test_debug_needs_no_more_than_the_two_servers():
    assert settings(DEBUG="1", DATABASE_URL="postgresql:///x", REDIS_URL="redis://x").returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("AUDIT_KEY", "short"),
        ("TOKEN_KEYS", "not-a-fernet-key"),
        ("PUBLIC_URL", "http://comptoir.example.com"),
        ("PUBLIC_URL", "http://[bad"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https:comptoir.example.com"),
        ("META_GRAPH_URL", "https://"),
        ("PRIVATE_ORIGINS", "https://intranet.example.com,https://"),
        ("TOKEN_KEYS", ","),
        ("META_APP_SECRET", ","),
        ("INSTAGRAM_APP_SECRET", ","),
        ("LINKEDIN_CLIENT_SECRET", ","),
        ("META_VERIFY_TOKEN", ","),
        ("ALLOWED_HOSTS", ","),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql://h:abc/x"),
        ("DATABASE_URL", "postgresql://h"),
        ("DATABASE_URL", "postgresql:///x?host=/run/desk&port=abc"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://h:zzz/0"),
        ("EMAIL_URL", "pigeon://loft"),
        ("EMAIL_URL", "smtp://h:abc"),
        ("EMAIL_URL", "smtp://"),
        ("UNDO_SECONDS", "ten"),
        ("UNDO_SECONDS", "--5"),
        ("UNDO_SECONDS", "²"),
        ("UNDO_SECONDS", "-5"),
        ("SENDER_THREADS", "0"),
        ("GRAPH_API_VERSION", "latest"),
        ("LINKEDIN_VERSION", "x"),
        ("YOUTUBE_DAILY_UNITS", "many"),
        ("YOUTUBE_DAILY_UNITS", "0"),
        ("DEBUG", "perhaps"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, value):
    refused = settings(**{**PRODUCTION, name: value})

    assert refused.returncode != 0
    assert re.findall(r"^  - (\w+)", refused.stderr, re.MULTILINE) == [name], refused.stderr


def test_an_address_without_a_host_is_not_said_to_begin_wrongly():
    refused = settings(**{**PRODUCTION, "PUBLIC_URL": "https://"})

    assert "PUBLIC_URL must name a host" in refused.stderr


def test_what_is_wrong_with_one_address_does_not_hide_another_and_shows_no_password():
    bad = {"DATABASE_URL": "postgresql://desk:hunter2#@h/x", "EMAIL_URL": "smtp://desk:hunter2#@h"}

    refused = settings(**{**PRODUCTION, **bad})

    assert re.findall(r"^  - (\w+) cannot be read", refused.stderr, re.MULTILINE) == list(bad)
    assert "hunter2" not in refused.stderr


def test_a_socket_folder_in_the_database_address_is_the_host():
    shown = python(
        "-c",
        "from config.settings import DATABASES; d = DATABASES['default']; print(d['HOST'], d['NAME'], d['USER'], d['PORT'])",
        environment={**PRODUCTION, "DATABASE_URL": "postgresql://comptoir@/desk?host=/run/desk&port=5432"},
    )

    assert shown.stdout.split() == ["/run/desk", "desk", "comptoir", "5432"]


def test_celery_and_rq_ring_in_the_same_database_of_redis():
    """Celery writes a socket's address in its own way, and takes database 0 where it does not understand."""
    shown = python(
        "-c",
        "from config.celery import app; c = app.connection().channel()._connparams(); print(c['path'], c['db'])",
        environment={**PRODUCTION, "REDIS_URL": os.environ["REDIS_URL"].partition("?")[0] + "?db=3"},
    )

    assert shown.stdout.split()[-1] == "3", shown.stderr
