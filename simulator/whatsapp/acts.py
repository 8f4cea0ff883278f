"""What happens on WhatsApp beside messages, for tests and for the page: `client.ask("POST", "whatsapp/…", {…})`."""

from datetime import datetime

from django.db import transaction

from simulator import acts, options
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.models import Message, Page, Person
from simulator.platforms import number
from simulator.webhooks import deliveries
from simulator.whatsapp import codes, values
from simulator.whatsapp.people import contact, number_of, sender, shows_number, user_ids
from simulator.wire import Json, seconds


@transaction.atomic
def change_number(person: Person, wa_id: str, at: datetime) -> None:
    """A new telephone, and with it a new business-scoped id: three webhooks tell, each of them a part."""
    old, old_id = number_of(person), person.external_id
    from_ = sender(person)
    person.extra["wa_id"] = wa_id
    person.external_id = f"{old_id.partition('.')[0]}.{number(20, '7')}"
    person.save(update_fields=["extra", "external_id"])
    head = from_ | {"id": values.wamid(), "timestamp": str(seconds(at)), "type": "system"}
    named = "new_wa_id" if options.get("whatsapp_system") == "older" else "wa_id"
    moved = {"body": f"User {person.name} changed from {old} to {wa_id}", named: wa_id, "type": "user_changed_number"}
    renamed = {"body": f"User {person.name} changed from {old_id} to {person.external_id}", "type": "user_changed_user_id"}
    _tell(person.page, {"messages": [head | {"system": moved | user_ids(person)}]}, "changement de numéro")
    if user_ids(person):
        _tell(person.page, {"messages": [head | {"id": values.wamid(), "system": renamed | user_ids(person)}]}, "changement d’id")
        _tell_update(person, old_id, at)


def _tell_update(person: Person, previous: str, at: datetime) -> None:
    number = {"wa_id": number_of(person)} if shows_number(person) else {}
    update = number | {
        "detail": f"User id for {person.name} has been updated.",
        "user_id": {"previous": previous, "current": person.external_id},
        "timestamp": str(seconds(at)),
    }
    _tell(person.page, {"contacts": [contact(person)], "user_id_update": [update]}, "changement d’id", "user_id_update")


def _tell(page: Page, value: Json, what: str, field: str = "messages") -> None:
    deliveries.emit(page, values.change(page, value, field), what)


def _person(given: Json) -> Person:
    return acts.person_of(page_of(given), given["author"])


@asked
def new_number(given: Json) -> Answer:
    person = _person(given)
    change_number(person, str(given["wa_id"]), at_of(given) or options.now())
    return {"user_id": person.external_id, "wa_id": number_of(person)}


@asked
def identity(given: Json) -> Answer:
    """username, withheld (their number is told no more), parent (an id of the whole enterprise)."""
    person = _person(given)
    person.extra |= {name: given[name] for name in ("username", "withheld", "parent") if name in given}
    person.save(update_fields=["extra"])
    return {"user_id": person.external_id, "wa_id": number_of(person)} | person.extra


@asked
def tell_status(given: Json) -> Answer:
    """One more status of one of our messages, whenever and in whatever order: sent, delivered, read, played, failed."""
    message = Message.objects.select_related("page", "person").get(external_id=given["message"], by_page=True)
    if given["status"] == "failed":
        message.extra["failed"] = int(given.get("code", 131026))
        message.save(update_fields=["extra"])
    at = at_of(given) or options.now()
    deliveries.emit(message.page, values.status(message, given["status"], at), f"statut {given['status']}")
    return {}


@asked
def problem(given: Json) -> Answer:
    """`value.errors` in place of messages: something went wrong with the number itself."""
    _tell(page_of(given), {"errors": [codes.told(int(given.get("code", 131000)))]}, "erreur du numéro")
    return {}


@asked
def field(given: Json) -> Answer:
    """Any other field an app may have asked for, as account_update or message_template_status_update, given whole."""
    page = page_of(given)
    item = {
        "id": values.waba(page),
        "time": seconds(options.now()),
        "changes": [{"field": given["field"], "value": given["value"]}],
    }
    deliveries.emit(page, item, given["field"])
    return {}
