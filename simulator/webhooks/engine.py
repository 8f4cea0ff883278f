"""Sending what is due: signed, in order as long as all goes well, and again until a receiver takes it or the regime gives up."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import requests
from django.db import connection, transaction
from django.db.models import F

from simulator import options, platforms
from simulator.models import Delivery
from simulator.platforms import Endpoint
from simulator.webhooks import deliveries, handshakes
from simulator.wire import Json

log = logging.getLogger(__name__)
LOOK = timedelta(seconds=0.25)  # between two looks, should a bell be missed or the platforms' clock be turned
HANDFUL = 25  # deliveries that are fetched at a time
NOTED = 0.5  # seconds after which what became of them is written down, also in the middle of a handful
MOST_SENDERS = 16

Result = tuple[Delivery, Json]  # what is to be written down of one


class Engine(threading.Thread):
    """One thread an endpoint, so that a slow receiver holds up only its own platforms; `senders` more help it."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(name=f"deliveries-{endpoint.name}", daemon=True)
        self.endpoint = endpoint
        self.bell = deliveries.bells[endpoint.name] = threading.Event()
        self.pool = ThreadPoolExecutor(MOST_SENDERS, thread_name_prefix=f"sender-{endpoint.name}")
        self.own = threading.local()
        self.url = ""  # where the last one went

    def run(self) -> None:
        while True:
            pause = 1.0
            try:
                while self.send_some():
                    pass
                self._challenge_again()
                pause = self._pause()
            except Exception:  # whatever went wrong with one round, the next must come
                log.exception("the deliveries of %s stumbled", self.endpoint.name)
            self.bell.wait(pause)
            self.bell.clear()

    def send_some(self) -> bool:
        epoch, claimed = deliveries.epoch, self._claim()
        at_once = max(1, min(int(options.get("senders")), MOST_SENDERS))
        noted, results = time.monotonic(), list[Result]()
        for some in _split(claimed, at_once):
            results += (
                self.pool.map(lambda each: self._deliver(each, epoch), some) if at_once > 1 else [self._deliver(some[0], epoch)]
            )
            if time.monotonic() - noted > NOTED:
                self._note(results)
                noted, results = time.monotonic(), []
        self._note(results)
        return bool(claimed)

    def _note(self, results: list[Result]) -> None:
        """Together: SQLite lets one write at a time, in no order of arrival, and who writes seldom waits seldom."""
        with transaction.atomic():
            for delivery, changes in results:
                Delivery.objects.filter(pk=delivery.pk).update(**changes)
        for delivery, changes in results:
            ends_after = self.endpoint.regime(delivery).ends_subscription_after
            since = changes.get("failing_since")
            if ends_after is not None and since and options.now() - since >= ends_after:
                self.endpoint.unsubscribe(delivery)

    def _claim(self) -> list[Delivery]:
        due = Delivery.objects.due(options.now()).filter(endpoint=self.endpoint.name)
        chosen = list(due.values_list("pk", flat=True)[:HANDFUL])
        if not chosen:
            return []
        # Counted before they are read: from here on no batch may add to one, so a retry repeats the same bytes.
        Delivery.objects.filter(pk__in=chosen).update(attempts=F("attempts") + 1)
        found = Delivery.objects.select_related("page").in_bulk(chosen)
        return [found[pk] for pk in chosen if pk in found]

    def _challenge_again(self) -> None:
        """Who asks a receiver every so often asks also when there is nothing to tell."""
        if self.url and self.endpoint.challenge_every and handshakes.is_due(self.endpoint):
            handshakes.greet(self.endpoint, self.url)

    def _pause(self) -> float:
        """Until the next one is due."""
        now = options.now()
        waiting = Delivery.objects.under_way().filter(endpoint=self.endpoint.name, next_at__lte=now + LOOK)
        soonest = waiting.order_by("next_at").values_list("next_at", flat=True).first()
        return max(0.005, ((soonest or now + LOOK) - now).total_seconds())

    def _deliver(self, delivery: Delivery, epoch: int) -> Result:
        """The delivery, and what became of it."""
        if epoch != deliveries.epoch:
            return delivery, {}  # everything was emptied meanwhile
        self.url = deliveries.address_of(delivery)
        if handshakes.is_due(self.endpoint):
            handshakes.greet(self.endpoint, self.url)
        body = deliveries.body_of(delivery)
        headers = deliveries.headers_of(delivery, body)
        try:
            answer = self._http().post(self.url, data=body, headers=headers, timeout=self.endpoint.timeout, allow_redirects=False)
        except requests.RequestException as error:
            return delivery, self._failure(delivery, None, type(error).__name__)
        if not self.endpoint.takes(answer.status_code):
            return delivery, self._failure(delivery, answer.status_code, answer.text[:300])
        return delivery, {"last_status": answer.status_code, "last_error": "", "delivered_at": options.now()}

    def _http(self) -> requests.Session:
        """A connection for each thread, kept open."""
        if not hasattr(self.own, "http"):
            self.own.http = requests.Session()
            self.own.http.trust_env = False
        http: requests.Session = self.own.http
        return http

    def _failure(self, delivery: Delivery, status: int | None, error: str) -> Json:
        now, chosen = options.now(), options.get("retry_seconds")
        pauses = self.endpoint.regime(delivery).pauses if chosen == "as_declared" else chosen
        changes: Json = {"last_status": status, "last_error": error, "failing_since": delivery.failing_since or now}
        if delivery.attempts > len(pauses):
            return changes | {"dropped_at": now}
        return changes | {"next_at": now + timedelta(seconds=float(pauses[delivery.attempts - 1]))}


def _split(claimed: list[Delivery], size: int) -> Iterator[list[Delivery]]:
    for start in range(0, len(claimed), size):
        yield claimed[start : start + size]


def start() -> None:
    for endpoint in platforms.endpoints().values():
        Engine(endpoint).start()
    connection.close()
