"""POST /{phone-number-id}/messages: text, templates, reactions, media and read receipts, and all that WhatsApp refuses."""

import re
from datetime import timedelta
from typing import Any

from simulator import acts, faults, options
from simulator.faults import Kind
from simulator.meta.graph import Call, GraphError
from simulator.models import Message, Page, Person, Source
from simulator.whatsapp import media, templates
from simulator.whatsapp.codes import missing, refusal
from simulator.whatsapp.people import find
from simulator.whatsapp.values import wamid
from simulator.wire import Json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
WINDOW = timedelta(hours=24)
MEDIA = ("image", "video", "audio", "document", "sticker")
OBJECTS = ("interactive", "contacts", "location")


def send(call: Call) -> Json:
    if call.params.get("messaging_product") != "whatsapp":
        raise missing("messaging_product")
    if call.params.get("status") == "read":
        return _mark_read(call)
    kind = str(call.params.get("type") or "text")
    person, contact = _recipient(call)
    said = _content(call, kind, person)
    _check_pair_rate(call, person)
    failure = _closed_window(call, kind, person) or _failure(call.page)
    external_id = _reacted(call, person) if kind == "reaction" else _written(call, person, said, failure)
    accepted = {"id": external_id} | ({"message_status": "accepted"} if kind == "template" else {})
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [accepted]}


def _mark_read(call: Call) -> Json:
    message = call.page.messages.filter(external_id=str(call.params.get("message_id", "")), by_page=False).first()
    if message is None:
        raise refusal(131009, "The message id is not of a message received by this number")
    Message.objects.filter(pk=message.pk).update(read_at=call.moment)
    return {"success": True}


def _recipient(call: Call) -> tuple[Person, Json]:
    if user_id := str(call.params.get("recipient") or ""):
        person = find(call.page, user_id=user_id)
        if person is None:
            raise refusal(131026)
        return person, {"input": user_id, "user_id": user_id}
    given = str(call.params.get("to") or "")
    if not given:
        raise missing("to")
    number = re.sub(r"[\s()+.-]", "", given)
    if not re.fullmatch(r"\d{7,15}", number):
        raise refusal(131009, "Recipient phone number is not valid")
    return find(call.page, number=number) or _stranger(call.page, number), {"input": given, "wa_id": number}


def _stranger(page: Page, number: str) -> Person:
    """Somebody who never wrote: reached by a template alone."""
    person = acts.person_of(page, f"+{number}")
    person.extra["wa_id"] = number
    person.save(update_fields=["extra"])
    return person


# --- what is said --------------------------------------------------------------------------------


def _content(call: Call, kind: str, person: Person) -> Json:
    """The text a person reads, and what else the message keeps."""
    given = call.params.get(kind)
    if kind not in ("text", "template", "reaction", *MEDIA, *OBJECTS):
        raise refusal(131051)
    if not given or (kind != "contacts" and not isinstance(given, dict)):
        raise missing(kind)
    if kind == "text":
        return {"text": _limited(given.get("body"), "text['body']", TEXT_LIMIT)}
    if kind == "template":
        by_user_id = bool(call.params.get("recipient"))
        template = templates.chosen(call.page, given, by_user_id=by_user_id)
        return {"text": templates.filled(template, given), "extra": {"template": template}}
    if kind in MEDIA:
        return _file(call.page, kind, given)
    return {"text": "", "extra": {"type": kind, kind: given}} if kind in OBJECTS else {}


def _limited(given: Any, name: str, limit: int) -> str:
    text = str(given or "")
    if not text.strip():
        raise missing(name)
    if len(text) > limit:
        raise GraphError(100, message=f"(#100) Param {name} must be at most {limit} characters long.")
    return text


def _file(page: Page, kind: str, given: Json) -> Json:
    if not given.get("id") and not given.get("link"):
        raise refusal(131008, f"{kind}: either id or link must be given")
    if given.get("id") and media.find(page, str(given["id"])) is None:
        raise refusal(131009, f"{kind}: no media with this id")
    caption = _limited(given["caption"], f"{kind}['caption']", CAPTION_LIMIT) if given.get("caption") else ""
    return {"text": caption, "attachments": [{"type": "file" if kind == "document" else kind, "url": given.get("link", "")}]}


# --- limits --------------------------------------------------------------------------------------


def _check_pair_rate(call: Call, person: Person) -> None:
    """A burst is allowed; after it, one message every so many seconds."""
    burst, pause = int(options.get("whatsapp_pair_burst")), timedelta(seconds=float(options.get("whatsapp_pair_seconds")))
    recent = person.messages.filter(by_page=True, source=Source.API, created_at__gt=call.moment - burst * pause)
    if pause and recent.count() >= burst:
        raise refusal(131056)


def _closed_window(call: Call, kind: str, person: Person) -> int:
    """131047 where the refusal comes later, as a status; refused at once where the option says so."""
    last = person.messages.filter(by_page=False).order_by("-created_at").first()
    fresh = last is not None and call.moment - last.created_at < WINDOW
    closed = kind != "template" and (not fresh or faults.take(call.page, Kind.WINDOW_CLOSED) is not None)
    if closed and options.get("whatsapp_window") == "refuse":
        raise refusal(131047)
    return 131047 if closed else 0


def _failure(page: Page) -> int:
    fault = faults.take(page, "whatsapp_failed")
    return int(fault.value or 131026) if fault else 0


# --- accepted ------------------------------------------------------------------------------------


def _written(call: Call, person: Person, said: Json, failure: int) -> str:
    context = call.params.get("context")
    message = acts.write_message(
        call.page,
        person,
        text=said["text"],
        attachments=said.get("attachments"),
        by_page=True,
        source=Source.API,
        reply_to=str(context.get("message_id", "")) if isinstance(context, dict) else "",
        metadata=str(call.params.get("biz_opaque_callback_data") or "")[:512],
        extra=said.get("extra", {}) | ({"failed": failure} if failure else {}),
        at=call.moment,
    )
    return message.external_id


def _reacted(call: Call, person: Person) -> str:
    """A reaction has an id of its own, and is no message of the thread."""
    given = call.params["reaction"]
    message = person.messages.filter(external_id=str(given.get("message_id", ""))).first()
    if message is None or "emoji" not in given:
        raise refusal(131009, "reaction: the message is not of this conversation")
    message.extra["reaction_by_page"] = str(given["emoji"])
    message.save(update_fields=["extra"])
    return wamid()
