"""What is on its way to the receivers."""

import json
import time

from simulator.admin import shown
from simulator.admin.asked import Answer, asked
from simulator.models import Delivery, Handshake
from simulator.webhooks import deliveries, handshakes
from simulator.wire import Json


@asked
def delivery_list(given: Json) -> Answer:
    return [shown.delivery(delivery) for delivery in Delivery.objects.all()[: int(given.get("limit", 100))]]


@asked
def wait(given: Json) -> Answer:
    """Wait until every webhook on its way has been taken (or dropped); those held back do not count."""
    until = time.monotonic() + float(given.get("timeout", 10))
    while (left := Delivery.objects.under_way().count()) and time.monotonic() < until:
        time.sleep(0.02)
    return {"drained": not left, "left": left}


@asked
def push(given: Json, what: str) -> Answer:
    if what == "flush":
        deliveries.flush()
        return {}
    if what == "release":
        return {"released": deliveries.release()}
    raise ValueError(f"no such push: {what}")


@asked
def raw(given: Json) -> Answer:
    body = given["body"] if isinstance(given["body"], str) else json.dumps(given["body"])
    kept = deliveries.queue_raw(given["endpoint"], body, signature=given.get("signature", ""), app=given.get("app", ""))
    return shown.delivery(kept)


@asked
def handshake(given: Json) -> Answer:
    handshakes.greet_all()
    return _proofs()


@asked
def proofs(given: Json) -> Answer:
    """The last challenge of each receiver; nobody is challenged now."""
    return _proofs()


def _proofs() -> Json:
    return {
        each.endpoint: {"passed": each.passed, "failures": each.failures, "detail": each.detail}
        for each in Handshake.objects.all()
    }
