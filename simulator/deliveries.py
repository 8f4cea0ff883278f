"""Webhooks on their way: queued in the transaction of what they tell, signed, sent, and sent again until a receiver says 200."""

import contextlib
import logging
import threading
from datetime import UTC, datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import F

from simulator import faults, handshakes, options, signing, wire
from simulator.models import Delivery, Fault, Page
from simulator.platforms import of
from simulator.wire import Json

log = logging.getLogger(__name__)

ENDPOINTS = ("meta", "linkedin")
PATHS = {"meta": "/hooks/meta/", "linkedin": "/hooks/linkedin/"}
MOST_LINKEDIN = 10  # notifications in one POST
LINGER = timedelta(milliseconds=300)  # how long a batch waits for company
OVERTAKEN = timedelta(milliseconds=1500)

_bells = {endpoint: threading.Event() for endpoint in ENDPOINTS}


def ring() -> None:
    for bell in _bells.values():
        bell.set()


# --- queueing ------------------------------------------------------------------------------------


def emit(page: Page, item: Json | None, what: str, *, at: datetime) -> None:
    """Queue what the platform tells its subscribers; None: this platform does not tell."""
    if item is None:
        return
    now = datetime.now(UTC)
    kept = _join_batch(page, item, now) or Delivery.objects.create(
        page=page,
        endpoint=of(page).endpoint,
        object=of(page).object,
        items=[item],
        what=what[:200],
        created_at=now,
        next_at=_departure(page, now),
        held=faults.take(page, Fault.Kind.HOLD) is not None,
    )
    if faults.take(page, Fault.Kind.DUPLICATE):
        _duplicate(kept, now)
    transaction.on_commit(ring)


def _departure(page: Page, now: datetime) -> datetime:
    if options.get("batch") > 1:
        return now + LINGER
    # Out of order: this one waits while the next overtakes it.
    waiting = Delivery.objects.under_way().filter(page=page, attempts=0, next_at__gt=now).exists()
    return now + OVERTAKEN if not waiting and faults.take(page, Fault.Kind.REORDER) else now


def _join_batch(page: Page, item: Json, now: datetime) -> Delivery | None:
    """Add to a POST that has not left yet, as platforms do under load."""
    most = int(options.get("batch"))
    if most <= 1:
        return None
    waiting = Delivery.objects.under_way().filter(object=of(page).object, attempts=0, next_at__gt=now, raw="")
    batch = waiting.order_by("pk").last()
    if batch is None or len(batch.items) >= (min(most, MOST_LINKEDIN) if batch.endpoint == "linkedin" else most):
        return None
    batch.items = [*batch.items, item]
    batch.save(update_fields=["items"])
    return batch


def _duplicate(delivery: Delivery, now: datetime) -> None:
    """Once more word for word, and once more as Meta repeats itself: the same event in an envelope of a later second."""
    again = [delivery.items]
    if delivery.endpoint == "meta":
        again.append([entry | {"time": entry["time"] + (1 if entry["time"] < 10**11 else 1000)} for entry in delivery.items])
    for items in again:
        Delivery.objects.create(
            page=delivery.page,
            endpoint=delivery.endpoint,
            object=delivery.object,
            items=items,
            what=f"(double) {delivery.what}"[:200],
            created_at=now,
            next_at=now,
            held=delivery.held,
        )


def queue_raw(endpoint: str, body: str, *, signature: str = "", app: str = "meta") -> Delivery:
    """Send this body word for word. signature: "", none, bad, sha1, bare; app: whose secret."""
    now = datetime.now(UTC)
    delivery = Delivery.objects.create(
        endpoint=endpoint, object=app, raw=body, signature=signature, what="corps donné tel quel", created_at=now, next_at=now
    )
    transaction.on_commit(ring)
    return delivery


def release() -> int:
    released = Delivery.objects.open().filter(held=True).update(held=False, next_at=datetime.now(UTC))
    transaction.on_commit(ring)
    return released


def flush() -> None:
    """Do not wait for the next try."""
    Delivery.objects.under_way().update(next_at=datetime.now(UTC))
    transaction.on_commit(ring)


def again() -> None:
    """Give the dropped ones a new schedule."""
    Delivery.objects.exclude(dropped_at=None).update(dropped_at=None, attempts=0, next_at=datetime.now(UTC))
    transaction.on_commit(ring)


# --- the bytes -----------------------------------------------------------------------------------


def body_of(delivery: Delivery) -> bytes:
    if delivery.raw:
        return delivery.raw.encode()
    if delivery.endpoint == "linkedin":
        return wire.dumps({"type": delivery.object, "notifications": delivery.items}).encode()
    return wire.dumps_meta({"object": delivery.object, "entry": delivery.items}).encode()


def headers_of(delivery: Delivery, body: bytes) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": "comptoir-simulator"}
    return headers if delivery.signature == "none" else headers | _signature(delivery, body)


def _signature(delivery: Delivery, body: bytes) -> dict[str, str]:
    if delivery.endpoint == "linkedin":
        secret = settings.LINKEDIN_SECRETS[0] if delivery.signature != "bad" else "another secret"
        bare = "bare" in (delivery.signature, options.get("linkedin_signature"))
        return (signing.linkedin_bare if bare else signing.linkedin)(secret, body)
    # Deliveries of an Instagram Login app are signed with that app's own secret.
    secrets = settings.INSTAGRAM_APP_SECRETS if delivery.object == "instagram" else settings.META_APP_SECRETS
    secret = secrets[0] if delivery.signature != "bad" else "another secret"
    return (signing.meta_legacy if delivery.signature == "sha1" else signing.meta)(secret, body)


# --- sending -------------------------------------------------------------------------------------


class Engine(threading.Thread):
    """One thread an endpoint: in order as long as all goes well, and a slow receiver holds up only its own platform."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(name=f"deliveries-{endpoint}", daemon=True)
        self.endpoint = endpoint
        self.http = requests.Session()
        self.http.trust_env = False

    def run(self) -> None:
        while True:
            pause = 1.0
            try:
                while self.send_next():
                    pass
                pause = self._pause()
            except Exception:  # whatever went wrong with one round, the next must come
                log.exception("the deliveries of %s stumbled", self.endpoint)
            _bells[self.endpoint].wait(pause)
            _bells[self.endpoint].clear()

    def send_next(self) -> bool:
        due = Delivery.objects.due(datetime.now(UTC)).filter(endpoint=self.endpoint)
        delivery = due.first()
        if delivery is None:
            return False
        # Counted before it is read: from here on no batch may add to it, so a retry repeats the same bytes.
        Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
        with contextlib.suppress(Delivery.DoesNotExist):
            delivery.refresh_from_db()
            base = str(options.get("webhook_base")).rstrip("/")
            handshakes.greet_once(self.endpoint, base + PATHS[self.endpoint])
            self._send(delivery, base + PATHS[self.endpoint])
        return True

    def _pause(self) -> float:
        """Until the next one is due; a quarter of a second at most, should a bell be missed."""
        waiting = Delivery.objects.under_way().filter(
            endpoint=self.endpoint, next_at__lte=datetime.now(UTC) + timedelta(seconds=0.25)
        )
        soonest = waiting.order_by("next_at").values_list("next_at", flat=True).first()
        return max(0.005, (soonest - datetime.now(UTC)).total_seconds()) if soonest else 0.25

    def _send(self, delivery: Delivery, url: str) -> None:
        body = body_of(delivery)
        try:
            answer = self.http.post(
                url, data=body, headers=headers_of(delivery, body), timeout=settings.DELIVERY_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            return self._note(delivery, None, type(error).__name__)
        ok = answer.status_code == 200 or (self.endpoint == "linkedin" and answer.ok)
        return self._note(delivery, answer.status_code, "" if ok else answer.text[:300], ok=ok)

    def _note(self, delivery: Delivery, status: int | None, error: str, *, ok: bool = False) -> None:
        now, schedule = datetime.now(UTC), options.get("retry_seconds")
        changes: Json = {"last_status": status, "last_error": error}
        if ok:
            changes["delivered_at"] = now
        elif delivery.attempts > len(schedule):
            changes["dropped_at"] = now
        else:
            changes["next_at"] = now + timedelta(seconds=float(schedule[delivery.attempts - 1]))
        Delivery.objects.filter(pk=delivery.pk).update(**changes)


def start() -> None:
    for endpoint in ENDPOINTS:
        Engine(endpoint).start()
