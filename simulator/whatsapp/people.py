"""Who people are on WhatsApp: a business-scoped user id that always exists, and a number that may be withheld."""

import hashlib
from collections.abc import Iterator

from simulator import options
from simulator.models import Page, Person
from simulator.wire import Json

AREAS = ("418", "438", "450", "514", "579", "581", "819", "873")
FICTIONAL = 100  # 555-0100 to 555-0199 belong to nobody


def number_of(person: Person) -> str:
    """Their number, given once: the first fictional one, from a place that depends on the name, which nobody has yet."""
    if "wa_id" not in person.extra:
        taken = set(Person.objects.filter(page=person.page).values_list("extra__wa_id", flat=True))
        person.extra["wa_id"] = next(number for number in _numbers(person.name) if number not in taken)
        person.save(update_fields=["extra"])
    return str(person.extra["wa_id"])


def _numbers(name: str) -> Iterator[str]:
    start = int(hashlib.sha256(name.encode()).hexdigest(), 16)
    everything = len(AREAS) * FICTIONAL
    for step in range(everything):
        place = (start + step) % everything
        yield f"1{AREAS[place // FICTIONAL]}55501{place % FICTIONAL:02}"


def shows_number(person: Person) -> bool:
    """People with a username may withhold their number."""
    return bool(options.get("whatsapp_numbers")) and not person.extra.get("withheld")


def user_ids(person: Person) -> Json:
    """The business-scoped ids, as contacts and system messages call them."""
    if not options.get("whatsapp_user_ids"):
        return {}
    parent = person.extra.get("parent")
    return {"user_id": person.external_id} | ({"parent_user_id": parent} if parent else {})


def contact(person: Person) -> Json:
    profile = {"name": person.name} | ({"username": person.extra["username"]} if person.extra.get("username") else {})
    return {"profile": profile} | ({"wa_id": number_of(person)} if shows_number(person) else {}) | user_ids(person)


def sender(person: Person) -> Json:
    """`from` and `from_user_id` of a message."""
    ids = {f"from_{name}": value for name, value in user_ids(person).items()}
    return ({"from": number_of(person)} if shows_number(person) else {}) | ids


def find(page: Page, *, number: str = "", user_id: str = "") -> Person | None:
    if user_id:
        return page.people.filter(external_id=user_id).first() or page.people.filter(extra__parent=user_id).first()
    known = page.people.filter(extra__wa_id=number).first()
    # Somebody who has not written yet has no number in the book: any number may be told for the first time.
    return known or next((person for person in page.people.exclude(extra__has_key="wa_id") if number_of(person) == number), None)
