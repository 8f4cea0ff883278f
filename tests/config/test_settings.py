"""The settings as a process sees them: each test starts one, with an environment of its own."""

import os
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
        ("DATABASE_URL", "mysql://localhost/x"),
        ("REDIS_URL", "http://localhost"),
        ("EMAIL_URL", "pigeon://loft"),
        ("UNDO_SECONDS", "ten"),
        ("DEBUG", "perhaps"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, value):
    refused = settings(**{**PRODUCTION, name: value})

    assert refused.returncode != 0
    assert name in refused.stderr


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
