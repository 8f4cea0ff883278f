"""Webhooks on their way: queued in the transaction of what they tell, held, overtaken, doubled or batched on request."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from simulator import faults, options, platforms
from simulator.faults import Kind
from simulator.models import Delivery, Page
from simulator.platforms import Endpoint, Event
from simulator.webhooks import handshakes
from simulator.wire import Json

LINGER = timedelta(milliseconds=300)  # how long a batch waits for company
OVERTAKEN = timedelta(milliseconds=1500)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

# The engine's bells: an endpoint's thread waits for its own. Here, so that queueing needs not know who sends.
bells: dict[str, Any] = {}


epoch = 0  # how often everything was emptied


def forget() -> None:
    global epoch
    epoch += 1


def ring() -> None:
    for bell in bells.values():
        bell.set()


def emit(page: Page, told: Event, what: str, *, about: str = "", verb: str = "add", of: str = "") -> None:
    """Queue what the platform tells its subscribers.

    about: the id of the thing. of: what the body says it is about, where that is not the platform's usual `object`.
    """
    for item in told if isinstance(told, list) else [told]:
        if item is not None:
            _queue(page, item, what, about=about, verb=verb, of=of)


def _queue(page: Page, item: Json, what: str, *, about: str, verb: str, of: str) -> None:
    platform = platforms.of(page)
    endpoint = platform.endpoint
    if endpoint is None:
        raise ValueError(f"{platform.label} has an event to tell, and no endpoint")
    if not platform.wants(page, item) or handshakes.blocked(endpoint) or faults.take(page, Kind.DROP):
        return
    now, spoilt = options.now(), platform.spoil(page, item)
    kept = _join_batch(page, endpoint, spoilt, now, of) or Delivery.objects.create(
        page=page,
        endpoint=endpoint.name,
        object=of or platform.object,
        items=[spoilt],
        about=about[:200],
        what=what[:200],
        created_at=now,
        **_timing(page, now, verb if about else ""),
        **_signature(page),
        shape=next((shape for kind, shape in platform.shapes.items() if faults.take(page, kind)), ""),
    )
    if verb != "add" and about:
        _let_follow(about, now)
    if faults.take(page, Kind.DUPLICATE):
        _duplicate(kept, now)
    transaction.on_commit(ring)


def _timing(page: Page, now: datetime, verb: str) -> dict[str, Any]:
    if verb == "add" and faults.take(page, Kind.DELETE_FIRST):
        return {"held": True, "next_at": NEVER}  # until something later is told of the same thing
    if fault := faults.take(page, Kind.DELAY):
        return {"next_at": now + timedelta(seconds=float(fault.value or 60))}
    return {"held": faults.take(page, Kind.HOLD) is not None, "next_at": _departure(page, now)}


def _let_follow(about: str, now: datetime) -> None:
    Delivery.objects.open().filter(about=about, held=True, next_at=NEVER).update(held=False, next_at=now + LINGER)


def _signature(page: Page) -> dict[str, Any]:
    for kind, signature in (faults.SIGNATURES | platforms.of(page).signatures).items():
        if fault := faults.take(page, kind):
            return {"signature": signature, "signed_wrong": int(fault.value) if fault.value else None}
    return {}


def _departure(page: Page, now: datetime) -> datetime:
    if options.get("batch") > 1:
        return now + LINGER
    reorder = faults.likely(page, Kind.REORDER)
    if not reorder:
        return now
    # Out of order: this one waits while the next overtakes it.
    waiting = Delivery.objects.under_way().filter(page=page, attempts=0, next_at__gt=now).exists()
    return now + OVERTAKEN if not waiting and faults.use(reorder) else now


def _join_batch(page: Page, endpoint: Endpoint, item: Json, now: datetime, of: str) -> Delivery | None:
    """Add to a POST that has not left yet, as platforms do under load."""
    platform, most = platforms.of(page), int(options.get("batch"))
    if most <= 1:
        return None
    waiting = Delivery.objects.under_way().filter(
        object=of or platform.object, attempts=0, next_at__gt=now, next_at__lte=now + LINGER, raw="", signature=""
    )
    batch = waiting.order_by("pk").last()
    if batch is None or len(batch.items) >= min(most, endpoint.most) or not _same_way(batch, page, item):
        return None
    batch.items = [*batch.items, item]
    batch.save(update_fields=["items"])
    return batch


def _same_way(batch: Delivery, page: Page, item: Json) -> bool:
    """Whether the item would go to the address of the batch: what is told may have been registered elsewhere."""
    alone = Delivery(page=page, endpoint=batch.endpoint, object=batch.object, items=[item])
    return address_of(alone) == address_of(batch)


def _duplicate(delivery: Delivery, now: datetime) -> None:
    """Once more word for word, and once more as the platform itself repeats an event."""
    repeated = platforms.endpoints()[delivery.endpoint].repeated
    for items in [delivery.items] + ([repeated(delivery.items)] if repeated else []):
        Delivery.objects.create(
            page=delivery.page,
            endpoint=delivery.endpoint,
            object=delivery.object,
            items=items,
            about=delivery.about,
            what=f"(double) {delivery.what}"[:200],
            created_at=now,
            next_at=now,
            held=delivery.held,
        )


def queue_raw(endpoint: str, body: str, *, signature: str = "", app: str = "") -> Delivery:
    """Send this body word for word. signature: "", none, or a wrong one its endpoint knows; app: whose secret, as `object`."""
    if endpoint not in platforms.endpoints():
        raise ValueError(f"no such endpoint: {endpoint}; there are {', '.join(platforms.endpoints())}")
    now = options.now()
    delivery = Delivery.objects.create(
        endpoint=endpoint, object=app, raw=body, signature=signature, what="corps donné tel quel", created_at=now, next_at=now
    )
    transaction.on_commit(ring)
    return delivery


def release() -> int:
    released = Delivery.objects.open().filter(held=True).update(held=False, next_at=options.now())
    transaction.on_commit(ring)
    return released


def flush() -> None:
    """Do not wait for the next try."""
    Delivery.objects.under_way().update(next_at=options.now())
    transaction.on_commit(ring)


def again() -> None:
    """Give the dropped ones a new schedule."""
    dropped = Delivery.objects.exclude(dropped_at=None)
    dropped.update(dropped_at=None, attempts=0, failing_since=None, next_at=options.now())
    transaction.on_commit(ring)


def body_of(delivery: Delivery) -> bytes:
    return delivery.raw.encode() if delivery.raw else platforms.endpoints()[delivery.endpoint].body(delivery)


def headers_of(delivery: Delivery, body: bytes) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": "comptoir-simulator"}
    if delivery.signed_wrong is not None and delivery.attempts > delivery.signed_wrong:
        delivery.signature = ""
    return headers if delivery.signature == "none" else headers | platforms.endpoints()[delivery.endpoint].sign(delivery, body)


def address_of(delivery: Delivery) -> str:
    endpoint = platforms.endpoints()[delivery.endpoint]
    return endpoint.address(delivery) or str(options.get("webhook_base")).rstrip("/") + endpoint.path
