"""What the webhooks of private messages tell: an item in `messaging`, or in `standby` while another app owns the thread."""

from datetime import datetime

from simulator.meta import endpoint
from simulator.meta.messenger import owners
from simulator.models import Message, Person, Source
from simulator.wire import Json, milliseconds

EMOJI = {"love": "❤", "like": "👍", "smile": "😆", "sad": "😢", "angry": "😠", "wow": "😮"}
# What of a message's own `extra` goes into the message as it is.
AS_IT_IS = ("sticker_id", "quick_reply", "referral", "is_unsupported", "is_self", "nlp", "tags")


def message_event(message: Message, verb: str, at: datetime) -> Json:
    echo = message.by_page and verb == "add"
    return item(message.person, _payload(message, verb), at, from_page=echo)


def item(person: Person, payload: Json, at: datetime, *, from_page: bool = False) -> Json:
    """One thing that happened in the thread of a person."""
    page, moment = person.page, milliseconds(at)
    sender, recipient = (page, person) if from_page else (person, page)
    told: Json = {"sender": {"id": sender.external_id}, "recipient": {"id": recipient.external_id}, "timestamp": moment}
    array = "messaging"
    if owners.in_standby(person, payload, at):
        array = "standby"
        if "postback" in payload:
            payload = {"postback": {name: value for name, value in payload["postback"].items() if name == "title"}}
    return {"id": page.external_id, "time": moment, array: [told | payload]}


def _payload(message: Message, verb: str) -> Json:
    mid = message.external_id
    match verb:
        case "edit":
            number = str(message.edits) if message.page.platform == "instagram" else message.edits
            return {"message_edit": {"mid": mid, "text": message.text, "num_edit": number}}
        case "delete":
            return {"message": {"mid": mid, "is_deleted": True}}
        case "react":
            emoji = EMOJI.get(message.reaction, "❤")
            return {"reaction": {"mid": mid, "action": "react", "emoji": emoji, "reaction": message.reaction}}
        case "unreact":
            return {"reaction": {"mid": mid, "action": "unreact"}}
    if pressed := message.extra.get("postback"):
        return {"postback": {"mid": mid, **pressed}}
    return {"message": _message(message)}


def _message(message: Message) -> Json:
    body: Json = {"mid": message.external_id}
    body |= {"text": message.text} if message.text else {}
    body |= {"attachments": [attachment(each) for each in message.attachments]} if message.attachments else {}
    body |= {"reply_to": {"mid": message.reply_to}} if message.reply_to else {}
    body |= {"reply_to": {"story": message.extra["story"]}} if message.extra.get("story") else {}
    body |= {name: message.extra[name] for name in AS_IT_IS if name in message.extra}
    if message.by_page:
        app = message.extra.get("app_id") or (endpoint.APP_ID if message.source == Source.API else endpoint.NATIVE_APP_ID)
        body |= {"is_echo": True, "app_id": int(app)}
        # Instagram's documents promise no metadata in an echo.
        body |= {"metadata": message.metadata} if message.metadata and message.page.platform == "facebook" else {}
    return body


def attachment(kept: Json) -> Json:
    kind = kept["type"]
    if kind == "location":
        return {"type": kind, "payload": {"coordinates": kept["coordinates"]}}
    if kind == "fallback":
        return {"type": kind, "title": kept.get("title", ""), "url": kept.get("url", ""), "payload": None}
    return {"type": kind, "payload": {name: value for name, value in kept.items() if name != "type"}}
