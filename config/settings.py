"""One settings file, read from the environment, checked at start. DEBUG=1 supplies development defaults."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from inbox import platforms

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG")


def _development(value: str) -> str | None:
    """A default that exists only where DEBUG is on; elsewhere the variable is required."""
    return value if DEBUG else None


SECRET_KEY = env.secret("SECRET_KEY", _development("development-only-secret-key-of-no-value-whatsoever-0123"), at_least=50)
AUDIT_KEY = env.secret("AUDIT_KEY", _development("development-only-audit-key"), at_least=20)
TOKEN_KEYS = env.many("TOKEN_KEYS", _development("ZGV2ZWxvcG1lbnQtb25seS10b2tlbi1rZXktMDAwMDA="))
for _key in TOKEN_KEYS:
    try:
        Fernet(_key)
    except ValueError:
        env.problem("TOKEN_KEYS must be Fernet keys: 32 bytes, URL-safe base64, comma-separated")

PUBLIC_URL = env.url("PUBLIC_URL", _development("http://127.0.0.1:8000"))
LIVE_URL = env.url("LIVE_URL", "")
ALLOWED_HOSTS = env.many("ALLOWED_HOSTS", _development("*"))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "accounts",
    "inbox",
    "responses",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_rq",
    "csp",
]

MIDDLEWARE = [
    "inbox.receivers.ReceiversFirst",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.web.middleware.LanguageMiddleware",
    "accounts.web.middleware.OnlyForFormsMiddleware",
    "accounts.web.middleware.SignInMiddleware",
    "accounts.web.middleware.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.web.middleware.OwnNotFoundMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

FORM_RENDERER = "accounts.web.drawn_forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.context.desk",
            ],
        },
    },
]

# --- State: PostgreSQL keeps everything, Redis only rings ------------------------------------------


def _database(address: str) -> dict[str, object]:
    parts = urlsplit(address)
    query = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    port = query.get("port", str(parts.port or ""))
    if port and not re.fullmatch("[0-9]+", port):
        env.problem(f"DATABASE_URL must have a number after port=, not {port!r}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder is given as ?host=/folder, as libpq does.
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


DATABASES = {"default": _database(env.url("DATABASE_URL", schemes=("postgresql", "postgres")))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

RQ_QUEUES = {name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 120} for name in ("ingest", "default")}

# Celery has words of its own for a socket and for the database behind it.
CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = "UTC"
# What the clock starts, on one screen. Each task calls one function with `now`.
CELERY_BEAT_SCHEDULE = {
    "flag-due-waits": {"task": "inbox.tasks.flag_due_waits", "schedule": timedelta(seconds=30)},
    "watch-crises": {"task": "inbox.tasks.watch_crises", "schedule": timedelta(seconds=5)},
    "watch-cases": {"task": "inbox.tasks.watch_cases", "schedule": timedelta(seconds=20)},
    "ring-for-waiting-deliveries": {"task": "inbox.tasks.ring_for_waiting_deliveries", "schedule": timedelta(seconds=5)},
    "watch-processes": {"task": "inbox.tasks.watch_processes", "schedule": timedelta(seconds=20)},
    "check-pages": {"task": "inbox.tasks.check_pages", "schedule": timedelta(seconds=20)},
    "compare-pages": {"task": "inbox.tasks.compare_pages", "schedule": timedelta(seconds=20)},
    "listen-for-silence": {"task": "inbox.tasks.listen_for_silence", "schedule": timedelta(minutes=5)},
    "warn-of-lapsing-access": {"task": "inbox.tasks.warn_of_lapsing_access", "schedule": timedelta(minutes=30)},
    "send-mails": {"task": "inbox.tasks.send_mails", "schedule": timedelta(seconds=10)},
    "learn-names": {"task": "inbox.tasks.learn_names", "schedule": timedelta(seconds=5)},
    "let-go": {"task": "inbox.tasks.let_go", "schedule": timedelta(minutes=10)},
    "do-message-actions": {"task": "inbox.tasks.do_message_actions", "schedule": timedelta(seconds=5)},
    "follow-clues": {"task": "inbox.tasks.follow_clues", "schedule": timedelta(seconds=5)},
    "resolve-uncertain-replies": {"task": "responses.tasks.resolve_uncertain_replies", "schedule": timedelta(seconds=20)},
    "expire-templates": {"task": "responses.tasks.expire_templates", "schedule": timedelta(minutes=10)},
    "tell-of-expiring-templates": {
        "task": "responses.tasks.tell_of_expiring_templates",
        "schedule": timedelta(minutes=10),
    },
    "seal-audit-trail": {"task": "accounts.tasks.seal_audit_trail", "schedule": timedelta(seconds=10)},
    "seal-whole-audit-trail": {"task": "accounts.tasks.seal_whole_audit_trail", "schedule": timedelta(hours=1)},
}

# --- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which proves the address
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.InvitationOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# The rate limits count by address: the one the proxy of the README saw, never one a client claims.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEBUG else 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounts.sign_in.adapter.EncryptedSecrets"
MFA_TOTP_ISSUER = "Comptoir"
INVITATION_DAYS = 7

# --- Platforms: each secret may be a list, so that it can be changed without losing a delivery ----------

# Each platform's file names what it needs; a setting of that name is made of it.
_readers: dict[str, Callable[..., Any]] = {
    "secrets": env.many,
    "text": env.text,
    "url": env.url,
    "urls": env.urls,
    "count": env.count,
}
for _variable in platforms.variables():
    _default = _development(_variable.development) if _variable.development is not None else None
    globals()[_variable.name] = _readers[_variable.kind](_variable.name, _variable.default if _default is None else _default)

# Each call carries them: a wrong one would be found out by the platforms, one answer after the other.
for _name, _form, _example in (("GRAPH_API_VERSION", "v[0-9]+[.][0-9]+", "v26.0"), ("LINKEDIN_VERSION", "[0-9]{6}", "202609")):
    if not re.fullmatch(_form, globals()[_name]):
        env.problem(f"{_name} must be a version such as {_example}, not {globals()[_name]!r}")

DELIVERY_MAX_BYTES = 3 * 1024 * 1024  # Meta's own ceiling for a webhook body
DATA_UPLOAD_MAX_MEMORY_SIZE = DELIVERY_MAX_BYTES

# --- The promise -------------------------------------------------------------------------------------

REPLY_TARGET = timedelta(hours=24)
WARN_BEFORE = (timedelta(hours=6), timedelta(hours=2))
UNDO_SECONDS = env.integer("UNDO_SECONDS", "10", at_least=0)
SENDER_THREADS = env.integer("SENDER_THREADS", "8", at_least=1)  # a platform

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files, mail, security -----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG  # a file that changes while it runs is served as it is now

_mail = urlsplit(
    env.url("EMAIL_URL", _development("console://"), schemes=("smtp", "smtps", "file", "console", "memory")) or "console://"
)
EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}.get(_mail.scheme, "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = _mail.path if _mail.scheme == "file" else None
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_TIMEOUT = 20  # seconds
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", _development("Comptoir <comptoir@example.com>"))

_secure = PUBLIC_URL.startswith("https://")
if not DEBUG and PUBLIC_URL and not _secure:
    env.problem("PUBLIC_URL must begin with https:// where DEBUG is off")
SECURE_SSL_REDIRECT = _secure
# The proxy of the README ends TLS and sets this header; health checks come from inside.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # the TOTP code is a data: picture
        "media-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL else [])],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.security": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "rq.worker": {"level": "WARNING"},
        "accounts.audit": {"level": "INFO"},  # the clock logs its heads, whatever else its process keeps to itself
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []

env.check()
