"""What happens in a thread beside messages: receipts, referrals, opt-ins, and what an app is told about itself."""

from datetime import datetime

from simulator import acts, options
from simulator.acts.people import acted
from simulator.meta.messenger import events
from simulator.models import Message, Page, Person
from simulator.webhooks import deliveries
from simulator.wire import Json, milliseconds


def receipts(message: Message) -> None:
    """After our own message, as far as the option `receipts` goes."""
    wanted = options.get("receipts")
    if wanted in ("delivered", "read"):
        delivered(message.person, [message], message.created_at)
    if wanted == "read":
        seen(message.person, message.created_at)


def delivered(person: Person, messages: list[Message], at: datetime) -> None:
    """Messenger's alone; Instagram has no such receipt."""
    if person.page.platform == "facebook":
        mids = [message.external_id for message in messages]
        happen(person, {"delivery": {"mids": mids, "watermark": milliseconds(at)}}, at)


def seen(person: Person, at: datetime) -> None:
    """Messenger tells up to when everything was read, Instagram which message."""
    unread = person.messages.filter(by_page=True, read_at=None, created_at__lte=at)
    last = unread.order_by("-created_at", "-pk").first()
    unread.update(read_at=at)
    if person.page.platform == "facebook":
        happen(person, {"read": {"watermark": milliseconds(at)}}, at)
    elif last is not None:
        happen(person, {"read": {"mid": last.external_id}}, at)


def pressed(page: Page, author: str, title: str, payload: str, *, referral: Json | None = None, at: datetime) -> Message:
    """A button: a turn of the person as any other, and the window opens."""
    postback: Json = {"title": title, "payload": payload} | ({"referral": referral} if referral else {})
    return acts.write_message(page, acts.person_of(page, author), text="", extra={"postback": postback}, at=at)


def referred(person: Person, referral: Json, at: datetime) -> None:
    """Somebody came by a link or an advertisement; nothing is said yet, but the window is open."""
    acted(person, at)
    happen(person, {"referral": referral}, at)


def happen(person: Person, payload: Json, at: datetime) -> None:
    deliveries.emit(person.page, events.item(person, payload, at), f"fil : {', '.join(payload)}")
