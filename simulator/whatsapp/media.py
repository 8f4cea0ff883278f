"""Files on WhatsApp: an id that lasts for weeks, and an address that lasts for five minutes and wants the bearer."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from simulator import options, tokens
from simulator.meta.graph import Call, GraphError
from simulator.models import Message, Page, Resource
from simulator.platforms import number
from simulator.whatsapp.codes import missing, refusal
from simulator.wire import Json, seconds

ADDRESS_LASTS = timedelta(minutes=5)
FILE_LASTS = timedelta(days=30)
MOST = 100 * 1024 * 1024
TYPES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/ogg; codecs=opus", "sticker": "image/webp"}
# A grey dot: enough for a picture to be shown.
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOor6//DwAFhAKA9iYmrgAAAABJRU5ErkJggg==")


def keep(page: Page, body: bytes, mime_type: str, *, key: str = "") -> Resource:
    data = {
        "page": page.external_id,
        "mime_type": mime_type,
        "sha256": hashlib.sha256(body).hexdigest(),
        "file_size": len(body),
        "content": base64.b64encode(body).decode(),
    }
    defaults = {"data": data, "created_at": options.now()}
    return Resource.objects.get_or_create(platform="whatsapp", kind="media", key=key or number(16), defaults=defaults)[0]


def of_message(message: Message, kind: str) -> Json:
    """The file of a customer's message, made when it is first told of."""
    attached = message.attachments[0]
    body = base64.b64decode(attached["content"]) if "content" in attached else DOT
    mime_type = attached.get("mime_type") or (TYPES.get(kind, "application/pdf") if "content" in attached else "image/png")
    kept = keep(message.page, body, mime_type, key=str(10**15 + message.pk))
    return {"id": kept.key, "mime_type": mime_type, "sha256": kept.data["sha256"]}


def find(page: Page, key: str) -> Resource | None:
    kept = Resource.objects.filter(platform="whatsapp", kind="media", key=key, data__page=page.external_id).first()
    return kept if kept and options.now() < kept.created_at + FILE_LASTS else None


# --- Graph ---------------------------------------------------------------------------------------


def upload(call: Call) -> Json:
    if call.params.get("messaging_product") != "whatsapp":
        raise missing("messaging_product")
    given: Any = call.request.FILES.get("file")
    if not isinstance(given, UploadedFile):
        raise missing("file")
    body = given.read()
    if not body or len(body) > MOST:
        raise refusal(131053, "The file is empty or too large")
    return {"id": keep(call.page, body, str(call.params.get("type") or given.content_type)).key}


def show(call: Call) -> Json:
    kept: Resource = call.node
    until = seconds(call.moment + ADDRESS_LASTS)
    query = f"?mid={kept.key}&ext={until}&hash={_proof(kept.key, until)}"
    return {
        "url": call.request.build_absolute_uri("/whatsapp_business/attachments/" + query),
        "mime_type": kept.data["mime_type"],
        "sha256": kept.data["sha256"],
        "file_size": kept.data["file_size"],
        "id": kept.key,
        "messaging_product": "whatsapp",
    }


def delete(call: Call) -> Json:
    owner = call.params.get("phone_number_id")
    if owner and str(owner) != call.page.external_id:
        raise GraphError.named("100/33")
    call.node.delete()
    return {"success": True}


def _proof(key: str, until: int) -> str:
    return hashlib.sha256(f"{key}|{until}|lookaside".encode()).hexdigest()[:32]


def download(request: HttpRequest) -> HttpResponse:
    """The address itself: not Graph's, and it answers with words."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    page = tokens.page_of(token.strip(), "whatsapp") if scheme.lower() == "bearer" else None
    if page is None:
        return HttpResponse("Unauthorized", status=401, content_type="text/plain")
    key, until = request.GET.get("mid", ""), request.GET.get("ext", "")
    honest = until.isdecimal() and constant_time_compare(request.GET.get("hash", ""), _proof(key, int(until)))
    kept = find(page, key) if honest else None
    if kept is None or int(until) <= seconds(options.now()):
        return HttpResponse("URL signature expired", status=404, content_type="text/plain")
    return HttpResponse(base64.b64decode(kept.data["content"]), content_type=kept.data["mime_type"])
