"""The simulator is a Django project of its own: nothing here is shared with config.settings."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit


def _many(*names: str, default: str) -> list[str]:
    given = next((os.environ[name] for name in names if os.environ.get(name)), default)
    return [part.strip() for part in given.split(",") if part.strip()]


HERE = Path(__file__).resolve().parent

STATE = Path(os.environ.get("SIMULATOR_STATE", "var/simulator.sqlite3")).absolute()
PORT = int(os.environ.get("SIMULATOR_PORT", "8100"))
WEBHOOK_BASE = os.environ.get("SIMULATOR_WEBHOOK_BASE", "http://127.0.0.1:8000").rstrip("/")
TRICKLE = os.environ.get("SIMULATOR_TRICKLE", "0").lower() in {"1", "true", "yes"}
TRICKLE_SECONDS = [float(part) for part in _many("SIMULATOR_TRICKLE_SECONDS", default="20,40")]
# A platform goes on for hours; here a receiver that restarts is met again within seconds. After the last one it is dropped.
RETRY_SECONDS = [float(part) for part in _many("SIMULATOR_RETRY_SECONDS", default="1,1,2,5,10,15,30,30,60,60,120,300,600")]
DELIVERY_TIMEOUT = float(os.environ.get("SIMULATOR_DELIVERY_TIMEOUT", "5"))

# The first secret of a list signs; a call may be proved with any of them.
META_APP_SECRETS = _many("SIMULATOR_META_APP_SECRET", "META_APP_SECRET", default="dev-meta-app-secret")
INSTAGRAM_APP_SECRETS = _many("SIMULATOR_INSTAGRAM_APP_SECRET", "INSTAGRAM_APP_SECRET", default="dev-instagram-app-secret")
META_VERIFY_TOKENS = _many("SIMULATOR_META_VERIFY_TOKEN", "META_VERIFY_TOKEN", default="dev-verify-token")
LINKEDIN_SECRETS = _many("SIMULATOR_LINKEDIN_CLIENT_SECRET", "LINKEDIN_CLIENT_SECRET", default="dev-linkedin-client-secret")

APP_ID = "112233445566778"  # the app under test
NATIVE_APP_ID = "263902037430900"  # the platform's own inbox

DEBUG = False
SECRET_KEY = secrets.token_hex()
ALLOWED_HOSTS = _many("SIMULATOR_ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [origin for origin in _many("SIMULATOR_ORIGINS", default="") if urlsplit(origin).scheme]
# Cookies know no ports: another name keeps this one off the inbox that runs beside it.
CSRF_COOKIE_NAME = "simulator_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
INSTALLED_APPS = ["simulator"]
MIDDLEWARE = [
    "simulator.middleware.platform_time",
    "django.middleware.csrf.CsrfViewMiddleware",
    "simulator.middleware.content_security",
]
ROOT_URLCONF = "simulator.urls"
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
