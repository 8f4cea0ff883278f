"""What an app has registered with Meta: its receivers, and the pages it hears of. Kept in memory too, as every webhook asks."""

from django.db import transaction

from simulator import options
from simulator.memory import Memory
from simulator.models import Resource
from simulator.wire import Json


def _all() -> dict[tuple[str, str], Json]:
    return {(each.kind, each.key): each.data for each in Resource.objects.filter(platform="meta")}


_kept: Memory[dict[tuple[str, str], Json]] = Memory(_all)
forget = _kept.forget


def find(kind: str, key: str) -> Json | None:
    return _kept.get().get((kind, key))


def every(kind: str) -> dict[str, Json]:
    return {key: data for (each, key), data in _kept.get().items() if each == kind}


def keep(kind: str, key: str, data: Json) -> None:
    defaults = {"data": data, "created_at": options.now()}
    Resource.objects.update_or_create(platform="meta", kind=kind, key=key, defaults=defaults)
    transaction.on_commit(forget)


def drop(kind: str, key: str = "") -> None:
    """Without a key: all of a kind."""
    kept = Resource.objects.filter(platform="meta", kind=kind)
    (kept.filter(key=key) if key else kept).delete()
    transaction.on_commit(forget)
