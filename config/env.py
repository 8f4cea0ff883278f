"""Read the environment, and say every bad or missing value at once, in words."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_problems: list[str] = []


def _read(name: str, default: str | None) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        _problems.append(f"{name} is missing")
        return ""
    return default


def text(name: str, default: str | None = None) -> str:
    return _read(name, default)


def many(name: str, default: str | None = None) -> list[str]:
    """A comma-separated list; the first value is the one in use, the others are still accepted."""
    return [part.strip() for part in _read(name, default).split(",") if part.strip()]


def flag(name: str, default: str = "0") -> bool:
    value = _read(name, default).lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        _problems.append(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def integer(name: str, default: str) -> int:
    value = _read(name, default)
    if value.lstrip("-").isdigit():
        return int(value)
    _problems.append(f"{name} must be a whole number, not {value!r}")
    return 0


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...] = ("http", "https")) -> str:
    return _url(name, _read(name, default), schemes)


def urls(name: str, default: str | None = None) -> list[str]:
    return [_url(name, value, ("http", "https")) for value in many(name, default)]


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    if value and urlsplit(value).scheme not in schemes:
        _problems.append(f"{name} must be an address beginning with {' or '.join(f'{s}://' for s in schemes)}")
    return value.rstrip("/")


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
