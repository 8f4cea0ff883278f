"""What a person or a test may turn while the simulator runs, and the platforms' clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from simulator.models import Option


def _defaults() -> dict[str, Any]:
    return {
        "webhook_base": settings.WEBHOOK_BASE,
        "retry_seconds": settings.RETRY_SECONDS,
        "trickle": settings.TRICKLE,
        "trickle_seconds": settings.TRICKLE_SECONDS,
        "batch": 1,  # how many events may share one POST
        "linkedin_signature": "documented",  # or "bare"
        "linkedin_nesting": True,  # whether a notification tells which comment a reply answers: no document says
        "instagram_flat": False,  # comments as entry[].field/value instead of entry[].changes[]
        "clock_offset": 0,  # seconds the platforms' clock is ahead of this machine's
    }


def everything() -> dict[str, Any]:
    return _defaults() | dict(Option.objects.values_list("name", "value"))


def get(name: str) -> Any:
    option = Option.objects.filter(name=name).first()
    return option.value if option else _defaults()[name]


def change(name: str, value: Any) -> None:
    if name not in _defaults():
        raise ValueError(f"unknown option: {name}")
    Option.objects.update_or_create(name=name, defaults={"value": value})


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(get("clock_offset")))
