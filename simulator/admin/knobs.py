"""What can be turned: faults, options, traffic, and everything back to the start."""

from simulator import deliveries, faults, options, seed, shown, trickle
from simulator.admin.asked import Answer, asked, page_of
from simulator.models import Fault, Page
from simulator.wire import Json


@asked
def fault_list(given: Json) -> Answer:
    if given.get("delete"):
        faults.clear()
        deliveries.release()
    elif "kind" in given:
        page = page_of(given) if given.get("page") else None
        value = str(given.get("value", "") or "")
        faults.turn_on(given["kind"], platform=given.get("platform") or "", page=page, value=value, count=given.get("count"))
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
