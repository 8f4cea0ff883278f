"""Read the environment, and say every bad or missing value at once, in words."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_problems: list[str] = []

# What an address of a scheme cannot do without; the others need nothing.
_NEEDS_HOST = {"http", "https", "smtp", "smtps"}
_NEEDS_PATH = {"postgresql": "the name of a database", "postgres": "the name of a database", "unix": "a path", "file": "a folder"}


def _read(name: str, default: str | None) -> str:
    return os.environ.get(name, "").strip() or _read_default(name, default)


def _read_default(name: str, default: str | None) -> str:
    if default is None:
        _problems.append(f"{name} is missing")
        return ""
    return default


def text(name: str, default: str | None = None) -> str:
    return _read(name, default)


def many(name: str, default: str | None = None) -> list[str]:
    """A comma-separated list; the first value is the one in use, the others are still accepted."""
    return _parts(os.environ.get(name, "")) or _parts(_read_default(name, default))


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def flag(name: str, default: str = "0") -> bool:
    value = _read(name, default).lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        _problems.append(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def integer(name: str, default: str, *, at_least: int) -> int:
    value = _read(name, default)
    try:
        number = int(value)
    except ValueError:
        _problems.append(f"{name} must be a whole number, not {value!r}")
        return at_least
    if number < at_least:
        _problems.append(f"{name} must be {at_least} or more, not {number}")
    return number


def count(name: str, default: str) -> int:
    return integer(name, default, at_least=1)


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ("http", "https")) -> str:
    return _url(name, _read(name, default), schemes)


def urls(name: str, default: str | None = None) -> list[str]:
    return [_url(name, value, ("http", "https")) for value in many(name, default)]


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    """The address, or nothing where it is bad, so that nobody complains of its parts once more."""
    if value and (wrong := _wrong_with(value, schemes)):
        _problems.append(f"{name} {wrong}")
        return ""
    return value.rstrip("/")


def _wrong_with(value: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:  # what it says could show a piece of a password
        return "cannot be read as an address: a port is a number, and a password's special characters are written as %XX"
    if parts.scheme not in schemes or not value.startswith(f"{parts.scheme}://"):
        return f"must be an address beginning with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if parts.scheme in _NEEDS_HOST and not host:
        return f"must name a host after {parts.scheme}://"
    if parts.scheme in _NEEDS_PATH and not parts.path.strip("/"):
        return f"must name {_NEEDS_PATH[parts.scheme]}, as {parts.scheme}://…/name"
    return ""


def secret(name: str, default: str | None = None, *, at_least: int = 1) -> str:
    value = _read(name, default)
    if value and len(value) < at_least:
        _problems.append(f"{name} must be at least {at_least} characters long")
    return value


def problem(message: str) -> None:
    _problems.append(message)


def check() -> None:
    """Raise ImproperlyConfigured naming every problem met so far."""
    if _problems:
        listed = "\n".join(f"  - {problem}" for problem in _problems)
        _problems.clear()
        raise ImproperlyConfigured(f"The environment is not ready:\n{listed}\nSee docs/operations.md.")
