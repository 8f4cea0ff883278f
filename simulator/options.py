"""What a person or a test may turn while the simulator runs, and the platforms' clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from simulator import platforms
from simulator.memory import Memory
from simulator.models import Option


def _defaults() -> dict[str, Any]:
    common = {
        "webhook_base": settings.WEBHOOK_BASE,
        "retry_seconds": settings.RETRY_SECONDS,  # pauses between tries; "as_declared": each platform's own, over hours
        "trickle": settings.TRICKLE,
        "trickle_seconds": settings.TRICKLE_SECONDS,
        "senders": 1,  # how many POSTs an endpoint has under way at a time; with one, they come in order
        "batch": 1,  # how many events may share one POST
        "clock_offset": 0,  # seconds the platforms' clock is ahead of this machine's; ahead by hours, retries fall due at once
    }
    return common | {name: value for platform in platforms.PLATFORMS.values() for name, value in platform.options.items()}


_changes: Memory[dict[str, Any]] = Memory(lambda: dict(Option.objects.values_list("name", "value")))
forget = _changes.forget


def everything() -> dict[str, Any]:
    return _defaults() | _changes.get()


def get(name: str) -> Any:
    changes = _changes.get()
    return changes[name] if name in changes else _defaults()[name]


def change(name: str, value: Any) -> None:
    if name not in _defaults():
        raise ValueError(f"unknown option: {name}")
    Option.objects.update_or_create(name=name, defaults={"value": value})
    forget()


def now() -> datetime:
    """What the platforms' clock shows. Every moment of theirs is taken from it."""
    return datetime.now(UTC) + timedelta(seconds=float(get("clock_offset")))
