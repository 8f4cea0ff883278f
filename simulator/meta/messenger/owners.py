"""Which app owns a thread: ours by default, another once it took it, nobody after a day of silence."""

from datetime import datetime, timedelta

from simulator import faults, options
from simulator.meta import endpoint
from simulator.meta.graph.call import Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.models import Message, Person, Source
from simulator.webhooks import deliveries
from simulator.wire import Json, milliseconds

HANDOVERS = {"pass_thread_control", "take_thread_control", "request_thread_control", "app_roles"}
IDLE_AFTER = timedelta(hours=24)


def owner(person: Person, now: datetime) -> str:
    """The app that owns the thread; "": idle, and the default app hears of it."""
    idle = person.acted_at is not None and now - person.acted_at > IDLE_AFTER
    return "" if idle else str(person.extra.get("owner", ""))


def is_ours(person: Person, now: datetime) -> bool:
    return owner(person, now) in ("", endpoint.APP_ID)


def in_standby(person: Person, payload: Json, at: datetime) -> bool:
    """Handovers are told to the app they concern, whoever owns the thread."""
    return not set(payload) & HANDOVERS and not is_ours(person, options.now())


def _set(person: Person, app: str) -> str:
    before = str(person.extra.get("owner", "") or endpoint.APP_ID)
    person.extra = person.extra | {"owner": app}
    person.save(update_fields=["extra"])
    return before


def taken_by_others(person: Person, at: datetime, *, app: str = endpoint.NATIVE_APP_ID) -> None:
    """Somebody answers in the platform's own inbox: that takes the thread, and the app that had it is told."""
    before = _set(person, app)
    if before != app:
        tell(person, {"take_thread_control": {"previous_owner_app_id": before, "new_owner_app_id": app, "metadata": ""}}, at)


def written(message: Message) -> None:
    """Answering in the platform's own inbox takes the thread, where that is on; so does another app, by a fault."""
    if message.by_page:
        if message.source == Source.NATIVE and options.get("native_takes_thread"):
            taken_by_others(message.person, message.created_at)
        return
    if not owner(message.person, message.created_at):
        _set(message.person, "")  # what was idle begins anew, with the default app
    if faults.take(message.page, "takeover"):
        taken_by_others(message.person, message.created_at)


def passed_to_us(person: Person, at: datetime) -> None:
    before = _set(person, endpoint.APP_ID)
    told = {"previous_owner_app_id": before, "new_owner_app_id": endpoint.APP_ID, "metadata": ""}
    tell(person, {"pass_thread_control": told}, at)


def tell(person: Person, payload: Json, at: datetime) -> None:
    moment = milliseconds(at)
    told = {"sender": {"id": person.external_id}, "recipient": {"id": person.page.external_id}, "timestamp": moment} | payload
    item = {"id": person.page.external_id, "time": moment, "messaging": [told]}
    deliveries.emit(person.page, item, f"fil : {', '.join(payload)}")


# --- Graph ---------------------------------------------------------------------------------------


def _person(call: Call) -> Person:
    recipient = call.params.get("recipient")
    if isinstance(recipient, str) and recipient.startswith("{"):
        recipient = call.json("recipient")
    external_id = str(recipient.get("id", "") if isinstance(recipient, dict) else recipient or "")
    person = call.page.people.filter(external_id=external_id).first()
    if person is None:
        raise GraphError.named("100/2534014" if call.page.platform == "instagram" else "100/2018001")
    return person


@needs("message")
def take(call: Call) -> Json:
    """The default app may take a thread whenever it likes."""
    _set(_person(call), endpoint.APP_ID)
    return {"success": True}


@needs("message")
def give(call: Call) -> Json:
    person, target = _person(call), str(call.params.get("target_app_id") or "")
    if not target:
        raise GraphError(100, message="(#100) The parameter target_app_id is required")
    _check_ours(person, call)
    _set(person, target)
    return {"success": True}


@needs("message")
def release(call: Call) -> Json:
    person = _person(call)
    _check_ours(person, call)
    _set(person, "")
    return {"success": True}


def _check_ours(person: Person, call: Call) -> None:
    if not is_ours(person, call.moment):
        raise GraphError.named("10/2018300")


@needs("message")
def request(call: Call) -> Json:
    """It succeeds; whether the owner ever lets go is another matter."""
    person = _person(call)
    person.extra = person.extra | {"requested": True}
    person.save(update_fields=["extra"])
    return {"success": True}


@needs("message")
def extend(call: Call) -> Json:
    _check_ours(_person(call), call)
    return {"success": True}


@needs("message")
def show(call: Call) -> Json:
    found = owner(_person(call), call.moment)
    return {"data": [{"thread_owner": {"app_id": found}}] if found else []}


ROUTES: Routes = {
    ("POST", "page", "take_thread_control"): take,
    ("POST", "page", "pass_thread_control"): give,
    ("POST", "page", "release_thread_control"): release,
    ("POST", "page", "request_thread_control"): request,
    ("POST", "page", "extend_thread_control"): extend,
    ("GET", "page", "thread_owner"): show,
}
