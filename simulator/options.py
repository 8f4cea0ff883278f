"""What a person or a test may turn while the simulator runs, and the platforms' clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from simulator import platforms
from simulator.models import Option

_changed: dict[str, Any] | None = None  # kept in memory: every call and every webhook asks


def _defaults() -> dict[str, Any]:
    common = {
        "webhook_base": settings.WEBHOOK_BASE,
        "retry_seconds": settings.RETRY_SECONDS,  # pauses between tries; None: as each platform does it, over hours
        "trickle": settings.TRICKLE,
        "trickle_seconds": settings.TRICKLE_SECONDS,
        "senders": 1,  # how many POSTs an endpoint has under way at a time; with one, they come in order
        "batch": 1,  # how many events may share one POST
        "clock_offset": 0,  # seconds the platforms' clock is ahead of this machine's; ahead by hours, retries fall due at once
    }
    return common | {name: value for platform in platforms.PLATFORMS.values() for name, value in platform.options.items()}


def forget() -> None:
    global _changed
    _changed = None


def _changes() -> dict[str, Any]:
    global _changed
    if _changed is None:
        _changed = dict(Option.objects.values_list("name", "value"))
    return _changed


def everything() -> dict[str, Any]:
    return _defaults() | _changes()


def get(name: str) -> Any:
    changes = _changes()
    return changes[name] if name in changes else _defaults()[name]


def change(name: str, value: Any) -> None:
    if name not in _defaults():
        raise ValueError(f"unknown option: {name}")
    Option.objects.update_or_create(name=name, defaults={"value": value})
    forget()


def now() -> datetime:
    """What the platforms' clock shows. Every moment of theirs is taken from it."""
    return datetime.now(UTC) + timedelta(seconds=float(get("clock_offset")))
