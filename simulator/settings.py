"""The simulator is a Django project of its own: nothing here is shared with config.settings."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from simulator.environment import many

HERE = Path(__file__).resolve().parent

STATE = Path(os.environ.get("SIMULATOR_STATE", "var/simulator.sqlite3")).absolute()
PORT = int(os.environ.get("SIMULATOR_PORT", "8100"))
WEBHOOK_BASE = os.environ.get("SIMULATOR_WEBHOOK_BASE", "http://127.0.0.1:8000").rstrip("/")
TRICKLE = os.environ.get("SIMULATOR_TRICKLE", "0").lower() in {"1", "true", "yes"}
TRICKLE_SECONDS = [float(part) for part in many("SIMULATOR_TRICKLE_SECONDS", default="20,40")]
# A platform goes on for hours; here a receiver that restarts is met again within seconds. After the last one it is dropped.
_PAUSES = many("SIMULATOR_RETRY_SECONDS", default="1,1,2,5,10,15,30,30,60,60,120,300,600")
RETRY_SECONDS = "as_declared" if _PAUSES == ["as_declared"] else [float(part) for part in _PAUSES]

DEBUG = False
SECRET_KEY = secrets.token_hex()
ALLOWED_HOSTS = many("SIMULATOR_ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [origin for origin in many("SIMULATOR_ORIGINS", default="") if urlsplit(origin).scheme]
# Cookies know no ports: another name keeps this one off the inbox that runs beside it.
CSRF_COOKIE_NAME = "simulator_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
INSTALLED_APPS = ["simulator"]
MIDDLEWARE = [
    "simulator.web.middleware.platform_time",
    "django.middleware.csrf.CsrfViewMiddleware",
    "simulator.web.middleware.content_security",
]
ROOT_URLCONF = "simulator.web.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.csrf"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE,
        "CONN_MAX_AGE": None,  # a thread keeps its own until its client hangs up
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
USE_TZ = True
TIME_ZONE = "America/Toronto"
LANGUAGE_CODE = "fr"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "simulator: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "simulator": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "ERROR"},
    },
}
