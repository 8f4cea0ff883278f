"""WhatsApp's webhooks: what a change says of a message, an edit, a withdrawal, a reaction, a status."""

import base64
import secrets
from datetime import datetime

from simulator import options
from simulator.models import Message, Page, Source
from simulator.whatsapp import codes, media
from simulator.whatsapp.people import contact, number_of, sender, shows_number, user_ids
from simulator.wire import Json, seconds

OBJECT = "whatsapp_business_account"
MEDIA = {"image": "image", "video": "video", "audio": "audio", "file": "document", "document": "document", "sticker": "sticker"}
EMOJI = {"love": "❤️", "like": "👍", "haha": "😂", "wow": "😮", "sad": "😢", "angry": "😠"}


def wamid() -> str:
    return "wamid." + base64.b64encode(secrets.token_bytes(36)).decode()


def waba(page: Page) -> str:
    return str(page.extra.get("waba") or page.external_id)


def display_number(page: Page) -> str:
    return str(page.extra.get("number", "15145550100"))


def change(page: Page, value: Json, field: str = "messages") -> Json:
    """One entry. `value` begins with whose number it is about."""
    metadata = {"display_phone_number": display_number(page), "phone_number_id": page.external_id}
    return {
        "id": waba(page),
        "changes": [{"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata} | value}],
    }


def message_event(message: Message, verb: str, at: datetime) -> Json | list[Json] | None:
    if message.by_page and message.source == Source.API:
        return statuses(message, at) if verb == "add" else None
    told = {"add": _added, "edit": _edited, "delete": _revoked, "react": _reaction, "unreact": _reaction}[verb](message, at)
    if message.by_page and verb in ("add", "edit", "delete"):
        return _echo(message, told)
    person = message.person
    return change(message.page, {"contacts": [contact(person)], "messages": [sender(person) | told]})


def _echo(message: Message, told: Json) -> Json:
    """What the business wrote in the WhatsApp Business app on its own telephone."""
    person = message.person
    to = ({"to": number_of(person)} if shows_number(person) else {}) | {f"to_{name}": v for name, v in user_ids(person).items()}
    echoed = {"from": display_number(message.page)} | to | told
    return change(message.page, {"contacts": [contact(person)], "message_echoes": [echoed]}, "smb_message_echoes")


def _head(external_id: str, at: datetime) -> Json:
    return {"id": external_id, "timestamp": str(seconds(at))}


def _added(message: Message, at: datetime) -> Json:
    return _head(message.external_id, at) | content(message) | _context(message)


def _edited(message: Message, at: datetime) -> Json:
    changed = {"original_message_id": message.external_id, "message": content(message) | _context(message)}
    return _head(wamid(), at) | {"type": "edit", "edit": changed}


def _revoked(message: Message, at: datetime) -> Json:
    return _head(wamid(), at) | {"type": "revoke", "revoke": {"original_message_id": message.external_id}}


def _reaction(message: Message, at: datetime) -> Json:
    reaction = {"message_id": message.external_id, "emoji": EMOJI.get(message.reaction, message.reaction)}
    if not message.reaction and options.get("whatsapp_unreact") == "missing":
        del reaction["emoji"]
    return _head(wamid(), at) | {"type": "reaction", "reaction": reaction}


def content(message: Message) -> Json:
    """`type` and its object. What stands in `extra` wins: every type can be had by giving it whole."""
    given = {name: value for name, value in message.extra.items() if name not in KEPT_BACK}
    if message.attachments and "type" not in given:
        return _media(message) | given
    if given.get("type") == "unsupported":
        return {"errors": [codes.told(131051)], "unsupported": {"type": "unknown"}} | given
    return ({} if "type" in given else {"type": "text", "text": {"body": message.text}}) | given


KEPT_BACK = {"failed", "template", "reaction_by_page"}  # what the simulator notes of a message, and no webhook tells


def _media(message: Message) -> Json:
    attached = message.attachments[0]
    kind = MEDIA[attached["type"]]
    told = media.of_message(message, kind)
    told |= {"caption": message.text} if message.text and kind not in ("audio", "sticker") else {}
    told |= {name: attached[name] for name in ("filename", "voice", "animated", "url") if name in attached}
    return {"type": kind, kind: told}


def _context(message: Message) -> Json:
    if not message.reply_to or "context" in message.extra:
        return {}
    answered = Message.objects.filter(external_id=message.reply_to).first()
    ours = answered is None or answered.by_page
    who = {"from": display_number(message.page)} if ours else sender(message.person)
    return {"context": who | {"id": message.reply_to}}


# --- what becomes of our own ---------------------------------------------------------------------


def statuses(message: Message, at: datetime) -> list[Json]:
    """In the order asked for: a platform promises none."""
    if message.extra.get("failed"):
        return [status(message, "failed", at)]
    return [status(message, name, at) for name in options.get("whatsapp_statuses")]


def status(message: Message, name: str, at: datetime) -> Json:
    person = message.person
    told: Json = {"id": message.external_id, "status": name, "timestamp": str(seconds(at))}
    told |= {"recipient_id": number_of(person)} if shows_number(person) else {}
    told |= {f"recipient_{key}": value for key, value in user_ids(person).items()}
    told |= {"biz_opaque_callback_data": message.metadata} if message.metadata else {}
    if name == "failed":
        told["errors"] = [codes.told(int(message.extra["failed"]))]
    elif name != "read":
        told |= _price(message)
    return change(message.page, {"contacts": [contact(person)], "statuses": [told]})


def _price(message: Message) -> Json:
    template = message.extra.get("template")
    category = str(template["category"]).lower() if template else "service"
    kind = "regular" if template else "free_customer_service"
    return {"pricing": {"billable": template is not None, "pricing_model": "PMP", "type": kind, "category": category}}
