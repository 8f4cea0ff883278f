"""What a WhatsApp number's webhooks say: the envelope of one change, receipts, people who change their ids."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import Author, ContactChanged, Event, OwnTurn, Reason, Receipt, Received, Status, Unrecognised
from inbox.platforms.meta import graph
from inbox.platforms.whatsapp import accounts, messages

Item = dict[str, Any]
CORRELATION = 100  # longer ones are another tool's
STATUSES = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,
    "failed": Status.FAILED,
}


def read_change(account: str, change: Item, entry_time: Any) -> Iterator[Event]:
    """One item of `changes`. The entry names an account, the change which of its numbers is meant. Raises Unreadable."""
    field, value = wire.text(change.get("field")), wire.mapping(change.get("value"))
    if field not in FIELDS:
        yield accounts.read(account, change, wire.seconds(entry_time))
        return
    number = wire.required(wire.mapping(value.get("metadata")).get("phone_number_id"), "phone number", wire.PERSON_ID)
    who: Item = {"platform": "whatsapp", "channel_id": number}
    items = [(read, item) for key, read in FIELDS[field].items() for item in wire.sequence(value.get(key))]
    if not items:
        yield Unrecognised(**who, raw=change, reason="a change without anything that is known")
    people = _People(value)
    for read, item in items:
        yield from _safely(who, item, people, read)


class _People:
    """Those whom a change names beside its messages: how they are called, and by which ids they are known."""

    def __init__(self, value: Item) -> None:
        self.known = [each for each in wire.sequence(value.get("contacts")) if isinstance(each, dict)]

    def author(self, phone: Any, user: Any) -> Author:
        """The person with this number or this id, either of which may be missing. Known by the id wherever there is one."""
        number, identity = wire.identifier(phone, wire.PERSON_ID), wire.identifier(user, wire.PERSON_ID)
        contact = self._contact(number, identity)
        number = wire.identifier(contact.get("wa_id"), wire.PERSON_ID) or number
        identity = identity or wire.identifier(contact.get("user_id"), wire.PERSON_ID)
        profile = wire.mapping(contact.get("profile"))
        name = wire.text(profile.get("name")) or wire.text(profile.get("username"))
        return Author(wire.required(identity or number, "sender"), name[: wire.NAME], number)

    def _contact(self, number: str, identity: str) -> Item:
        for contact in self.known:
            if (identity and str(contact.get("user_id")) == identity) or (number and str(contact.get("wa_id")) == number):
                return contact
        # A number may be written in two ways: of a single person there is no doubt, unless their id is another one.
        only = self.known[0] if len(self.known) == 1 else {}
        return {} if identity and only.get("user_id") else only


Read = Callable[[Item, Item, _People], Iterator[Event]]


def _safely(who: Item, item: Any, people: _People, read: Read) -> Iterator[Event]:
    """What cannot be read is kept as it is; what stands beside it is read all the same."""
    try:
        if not isinstance(item, dict):
            raise wire.Unreadable("not an object")
        yield from read(who, item, people)
    except wire.Unreadable as problem:
        yield Unrecognised(**who, raw=item, reason=str(problem))


def moment(item: Item) -> datetime | None:
    """WhatsApp writes its seconds in quotes."""
    return wire.seconds(wire.number(item.get("timestamp")))


# --- one item of each kind ---------------------------------------------------------------------------


def _message(who: Item, item: Item, people: _People) -> Iterator[Event]:
    if item.get("type") == "system":
        yield from _system(who, item)
        return
    author = people.author(item.get("from"), item.get("from_user_id"))
    yield messages.read(who, item, author, moment(item))


def _echo(who: Item, item: Item, people: _People) -> Iterator[Event]:
    """Typed in the business's own app on the phone."""
    person = people.author(item.get("to"), item.get("to_user_id"))
    event = messages.read(who, item, Author(who["channel_id"]), moment(item))
    if isinstance(event, Received):
        event = OwnTurn(**who, **messages.turn(item, person.id), at=event.at, to=person)
    yield event


def _status(who: Item, item: Item, people: _People) -> Iterator[Event]:
    status = STATUSES.get(wire.text(item.get("status")))
    if status is None:
        yield Unrecognised(**who, raw=item, reason=f"status {wire.text(item.get('status'))}"[:200])
        return
    error = next((each for each in wire.sequence(item.get("errors")) if isinstance(each, dict)), {})
    correlation = wire.text(item.get("biz_opaque_callback_data"))
    yield Receipt(
        **who,
        status=status,
        external_id=wire.required(item.get("id"), "message id"),
        at=moment(item),
        reason=_reason(error) if status is Status.FAILED else None,
        detail=error_words(error),
        correlation=correlation if len(correlation) <= CORRELATION else "",
    )


def _reason(error: Item) -> Reason:
    return graph.reason_of(wire.number(error.get("code")), 0) or Reason.OTHER


def error_words(error: Item) -> str:
    details = wire.text(wire.mapping(error.get("error_data")).get("details"))
    return (details or wire.text(error.get("title")) or wire.text(error.get("message")))[:300]


def _error(who: Item, item: Item, people: _People) -> Iterator[Event]:
    reason = f"error {wire.number(item.get('code'))}: {error_words(item)}"
    yield Unrecognised(**who, raw=item, reason=reason[:200])


def _system(who: Item, item: Item) -> Iterator[Event]:
    """A person has another number, and with it another id; or another id alone."""
    told = wire.mapping(item.get("system"))
    phone = _id(told.get("wa_id")) or _id(told.get("new_wa_id"))
    new = _id(told.get("user_id")) or phone
    before = [_id(told.get("previous_user_id")), _id(item.get("from_user_id")), _id(item.get("from"))]
    old = [each for each in dict.fromkeys(before) if each and new and each != new]
    if not old:
        yield Unrecognised(**who, raw=item, reason=f"system {wire.text(told.get('type'))}"[:200])
    for each in old:
        yield ContactChanged(**who, old_id=each, new_id=new, phone=phone, at=moment(item))


def _user_id_update(who: Item, item: Item, people: _People) -> Iterator[Event]:
    ids = wire.mapping(item.get("user_id"))
    old, new = wire.required(ids.get("previous"), "previous id"), wire.required(ids.get("current"), "current id")
    person = people.author(item.get("wa_id"), _id(new))
    yield ContactChanged(**who, old_id=_id(old), new_id=person.id, name=person.name, phone=person.phone, at=moment(item))


def _id(value: Any) -> str:
    return wire.identifier(value, wire.PERSON_ID)


FIELDS: dict[str, dict[str, Read]] = {
    "messages": {"messages": _message, "statuses": _status, "errors": _error},
    "smb_message_echoes": {"message_echoes": _echo},
    "user_id_update": {"user_id_update": _user_id_update},
}
