"""Private messages of Facebook pages and Instagram accounts: the `messaging` webhook, the Send API, and the threads."""

from datetime import datetime, timedelta

from simulator import acts, faults
from simulator.faults import Kind
from simulator.meta import endpoint
from simulator.meta.graph import Call, GraphError, Routes, paged
from simulator.models import Comment, Message, Page, Person, Source
from simulator.wire import Json, iso, milliseconds

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
TEXT_LIMIT = 2000  # characters
INSTAGRAM_BYTES = 1000
EMOJI = {"love": "❤", "like": "👍", "smile": "😆", "sad": "😢", "angry": "😠", "wow": "😮"}
CLOSED = {"facebook": "10/2018278", "instagram": "10/2534022"}


# --- webhooks ------------------------------------------------------------------------------------


def message_event(message: Message, verb: str, at: datetime) -> Json:
    own, person = message.page.external_id, message.person.external_id
    sender, recipient = (own, person) if message.by_page and verb == "add" else (person, own)
    item = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": milliseconds(at)} | _payload(message, verb)
    return {"id": own, "time": milliseconds(at), "messaging": [item]}


def _payload(message: Message, verb: str) -> Json:
    mid = message.external_id
    if verb == "edit":
        return {"message_edit": {"mid": mid, "text": message.text, "num_edit": message.edits}}
    if verb == "delete":
        return {"message": {"mid": mid, "is_deleted": True}}
    if verb == "react":
        return {
            "reaction": {"mid": mid, "action": "react", "emoji": EMOJI.get(message.reaction, "❤"), "reaction": message.reaction}
        }
    if verb == "unreact":
        return {"reaction": {"mid": mid, "action": "unreact"}}
    return {"message": _message(message)}


def _message(message: Message) -> Json:
    body: Json = {"mid": message.external_id}
    body |= {"text": message.text} if message.text else {}
    if message.attachments:
        body["attachments"] = [{"type": each["type"], "payload": {"url": each["url"]}} for each in message.attachments]
    body |= {"reply_to": {"mid": message.reply_to}} if message.reply_to else {}
    if message.by_page:
        app = endpoint.APP_ID if message.source == Source.API else endpoint.NATIVE_APP_ID
        body |= {"is_echo": True, "app_id": int(app)}
        # Instagram's documents promise no metadata in an echo.
        body |= {"metadata": message.metadata} if message.metadata and message.page.platform == "facebook" else {}
    return body


# --- sending -------------------------------------------------------------------------------------


def send(call: Call) -> Json:
    recipient, given = call.params.get("recipient"), call.params.get("message")
    if not isinstance(recipient, dict) or not recipient:
        raise GraphError(100, message="(#100) The parameter recipient is required")
    if not isinstance(given, dict) or not (given.get("text") or given.get("attachment")):
        raise GraphError(100, message="(#100) The parameter message is required")
    text = str(given.get("text", ""))
    _measure(call.page, text)
    comment = _comment_of(call, str(recipient["comment_id"])) if "comment_id" in recipient else None
    person = comment.author if comment and comment.author else _person_of(call.page, str(recipient.get("id", "")))
    if comment is None:
        _check_window(call, person)
    message = acts.write_message(
        call.page,
        person,
        text=text,
        attachments=_attachments(given),
        by_page=True,
        source=Source.API,
        metadata=str(given.get("metadata", "")),
        tag=str(call.params.get("tag", "")),
        comment=comment,
        at=call.moment,
    )
    return {"recipient_id": person.external_id, "message_id": message.external_id}


def _attachments(given: Json) -> list[Json]:
    attachment = given.get("attachment")
    if not isinstance(attachment, dict):
        return []
    return [{"type": attachment["type"], "url": attachment.get("payload", {}).get("url", "")}]


def _measure(page: Page, text: str) -> None:
    instagram = page.platform == "instagram"
    if (len(text.encode()) > INSTAGRAM_BYTES) if instagram else (len(text) > TEXT_LIMIT):
        size = f"{INSTAGRAM_BYTES} bytes" if instagram else f"{TEXT_LIMIT} characters"
        raise GraphError(100, message=f"(#100) Length of param message[text] must be less than or equal to {size}")


def _person_of(page: Page, external_id: str) -> Person:
    person = page.people.filter(external_id=external_id).first()
    if person is None:
        raise GraphError.named("100/2534014" if page.platform == "instagram" else "100/2018001")
    return person


def _comment_of(call: Call, external_id: str) -> Comment:
    """The comment one private reply may answer: once, within seven days, and only where its author is known."""
    found = call.find_comment(external_id)
    if found is None or found.removed_at:
        raise GraphError.named("100/33")
    if found.privately_replied_at:
        raise GraphError.named("10900")
    if found.author is None:
        raise GraphError.named("10903")
    if call.moment - found.created_at > HUMAN_WINDOW:
        raise GraphError.named("100/2534025")
    return found


def _check_window(call: Call, person: Person) -> None:
    forced = faults.take(call.page, Kind.WINDOW_CLOSED)
    tag = call.params.get("tag", "")
    if tag and (tag != "HUMAN_AGENT" or call.params.get("messaging_type") != "MESSAGE_TAG"):
        raise GraphError(100, message=f"(#100) Invalid message tag: {tag}")
    last = person.messages.filter(by_page=False).order_by("-created_at").first()
    allowed = HUMAN_WINDOW if tag else WINDOW
    if forced or last is None or call.moment - last.created_at > allowed:
        raise GraphError.named(CLOSED[call.page.platform])


# --- reading -------------------------------------------------------------------------------------


def show_message(message: Message) -> Json:
    own = {"id": message.page.external_id, "name": message.page.name}
    person = {"id": message.person.external_id, "name": message.person.name}
    if message.page.platform == "instagram":
        own, person = {"id": own["id"], "username": message.page.username}, {"id": person["id"], "username": person["name"]}
    sender, recipient = (own, person) if message.by_page else (person, own)
    shown: Json = {"id": message.external_id, "created_time": iso(message.created_at), "from": sender}
    shown |= {"to": {"data": [recipient]}, "message": "" if message.deleted_at else message.text}
    if message.attachments:
        shown["attachments"] = {"data": [{"mime_type": each["type"], "file_url": each["url"]} for each in message.attachments]}
    return shown


def show_thread(person: Person) -> Json:
    latest = person.messages.filter(deleted_at=None).order_by("-created_at", "-pk")
    messages = [show_message(message) for message in latest[:20]]  # no more than twenty can be read
    page = {"id": person.page.external_id, "name": person.page.name}
    return {
        "id": f"t_{person.external_id}",
        "updated_time": messages[0]["created_time"] if messages else "",
        "message_count": latest.count(),
        "participants": {"data": [{"id": person.external_id, "name": person.name}, page]},
        "messages": {"data": messages},
    }


def list_threads(call: Call) -> Json:
    people = call.page.people.exclude(messages=None).distinct()
    if user := call.params.get("user_id"):
        people = people.filter(external_id=str(user))
    latest_first = sorted(people, key=lambda person: show_thread(person)["updated_time"], reverse=True)
    return paged(call, latest_first, show_thread, default="id,updated_time")


def read_thread(call: Call) -> Json:
    return call.pick(show_thread(call.node), "id,updated_time")


def list_messages(call: Call) -> Json:
    rows = call.node.messages.filter(deleted_at=None).order_by("-created_at", "-pk")[:20]
    return paged(call, list(rows), show_message, default="id,created_time")


def read_message(call: Call) -> Json:
    return call.pick(show_message(call.node), "id,created_time")


def read_person(call: Call) -> Json:
    person: Person = call.node
    if not person.messages.filter(by_page=False).exists():
        raise GraphError.named("100/33")  # consent comes with writing
    first, _, last = person.name.partition(" ")
    shown = {"id": person.external_id, "first_name": first, "last_name": last, "name": person.name, "username": person.name}
    instagram = call.page.platform == "instagram"
    return call.pick(shown, "id,name,username" if instagram else "id,first_name,last_name")


def subscriptions(call: Call) -> Json:
    fields = ["feed", "messages", "message_echoes", "message_edits", "message_reactions"]
    return {"data": [{"category": "Business", "name": "Comptoir", "id": endpoint.APP_ID, "subscribed_fields": fields}]}


def subscribe(call: Call) -> Json:
    return {"success": True}


ROUTES: Routes = {
    ("POST", "page", "messages"): send,
    ("GET", "page", "conversations"): list_threads,
    ("GET", "thread", ""): read_thread,
    ("GET", "thread", "messages"): list_messages,
    ("GET", "message", ""): read_message,
    ("GET", "person", ""): read_person,
    ("GET", "page", "subscribed_apps"): subscriptions,
    ("POST", "page", "subscribed_apps"): subscribe,
}
