"""Sending what is due: signed, in order as long as all goes well, and again until a receiver takes it or the regime gives up."""

import contextlib
import logging
import threading
from datetime import timedelta

import requests
from django.db.models import F

from simulator import deliveries, handshakes, options, platforms
from simulator.models import Delivery
from simulator.platforms import Endpoint
from simulator.wire import Json

log = logging.getLogger(__name__)
LOOK = timedelta(seconds=0.25)  # between two looks, should a bell be missed or the platforms' clock be turned


class Engine(threading.Thread):
    """One thread an endpoint, so that a slow receiver holds up only its own platforms."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(name=f"deliveries-{endpoint.name}", daemon=True)
        self.endpoint = endpoint
        self.bell = deliveries.bells[endpoint.name] = threading.Event()
        self.http = requests.Session()
        self.http.trust_env = False
        self.url = ""  # where the last one went

    def run(self) -> None:
        while True:
            pause = 1.0
            try:
                while self.send_next():
                    pass
                self._challenge_again()
                pause = self._pause()
            except Exception:  # whatever went wrong with one round, the next must come
                log.exception("the deliveries of %s stumbled", self.endpoint.name)
            self.bell.wait(pause)
            self.bell.clear()

    def send_next(self) -> bool:
        delivery = Delivery.objects.due(options.now()).filter(endpoint=self.endpoint.name).first()
        if delivery is None:
            return False
        # Counted before it is read: from here on no batch may add to it, so a retry repeats the same bytes.
        Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
        with contextlib.suppress(Delivery.DoesNotExist):
            delivery.refresh_from_db()
            self.url = deliveries.address_of(delivery)
            if handshakes.is_due(self.endpoint):
                handshakes.greet(self.endpoint, self.url)
            self._send(delivery, self.url)
        return True

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

    def _send(self, delivery: Delivery, url: str) -> None:
        body = deliveries.body_of(delivery)
        headers = deliveries.headers_of(delivery, body)
        try:
            answer = self.http.post(url, data=body, headers=headers, timeout=self.endpoint.timeout, allow_redirects=False)
        except requests.RequestException as error:
            return self._note_failure(delivery, None, type(error).__name__)
        if not self.endpoint.takes(answer.status_code):
            return self._note_failure(delivery, answer.status_code, answer.text[:300])
        taken: Json = {"last_status": answer.status_code, "last_error": "", "delivered_at": options.now()}
        Delivery.objects.filter(pk=delivery.pk).update(**taken)
        return None

    def _note_failure(self, delivery: Delivery, status: int | None, error: str) -> None:
        now, regime = options.now(), self.endpoint.regime(delivery)
        chosen = options.get("retry_seconds")
        pauses = regime.pauses if chosen is None else chosen
        since = delivery.failing_since or now
        changes: Json = {"last_status": status, "last_error": error, "failing_since": since}
        if delivery.attempts > len(pauses):
            changes["dropped_at"] = now
        else:
            changes["next_at"] = now + timedelta(seconds=float(pauses[delivery.attempts - 1]))
        Delivery.objects.filter(pk=delivery.pk).update(**changes)
        if regime.ends_subscription_after is not None and now - since >= regime.ends_subscription_after:
            self.endpoint.unsubscribe(delivery)


def start() -> None:
    for endpoint in platforms.endpoints().values():
        Engine(endpoint).start()
