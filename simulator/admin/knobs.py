"""What can be turned: faults, options, traffic, and everything back to the start."""

from simulator import faults, options
from simulator.admin import shown
from simulator.admin.asked import Answer, asked, page_of
from simulator.models import Fault, Page
from simulator.traffic import load, seed, trickle
from simulator.webhooks import deliveries
from simulator.wire import Json


@asked
def fault_list(given: Json) -> Answer:
    if given.get("delete"):
        faults.clear()
        deliveries.release()
    elif "kind" in given:
        page = page_of(given) if given.get("page") else None
        value = str(given.get("value", "") or "")
        often = {"count": given.get("count"), "chance": given.get("chance")}
        faults.turn_on(given["kind"], platform=given.get("platform") or "", page=page, value=value, **often)
    return [shown.fault(fault) for fault in Fault.objects.all()]


@asked
def option(given: Json) -> Answer:
    for name, value in given.items():
        options.change(name, value)
    return options.everything()


@asked
def drop(given: Json) -> Answer:
    happened = trickle.drop()
    return {"happened": str(happened) if happened else ""}


@asked
def reset(given: Json) -> Answer:
    seed.reset(with_pages=bool(given.get("pages", True)))
    return {"pages": Page.objects.count()}


@asked
def customers(given: Json) -> Answer:
    """GET: how far they are; POST: begin; DELETE: stop."""
    if given.get("delete"):
        load.stop()
    elif "count" in given:
        pages = [str(page) for page in given.get("pages") or []]
        rate = float(given.get("per_second", 100))
        load.start(int(given["count"]), per_second=rate, pages=pages, seed=int(given.get("seed", 1)))
    return load.shown()
