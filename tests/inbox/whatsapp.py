"""Bodies of a WhatsApp number's webhooks, for tests of what becomes of them."""

import json
from datetime import datetime
from typing import Any

from inbox.models import Channel

PHONE, USER = "14185550123", "CA.70000000000000000001"
NEW_PHONE, NEW_USER = "14185550199", "CA.70000000000000000002"


def text(
    channel: Channel, wamid: str, at: datetime, *, phone: str = "", user: str = "", body: str = "Ouvert lundi?", **more: Any
) -> bytes:
    contact = {"profile": {"name": "Julie Exemple"}} | _told(wa_id=phone, user_id=user)
    message = {"id": wamid, "timestamp": _seconds(at), "type": "text", "text": {"body": "Ouvert lundi?"}}
    message |= _told(**{"from": phone, "from_user_id": user}) | more
    return change(channel, contacts=[contact], messages=[message])


def status(channel: Channel, wamid: str, what: str, at: datetime, *, mark: str = "", code: int = 0, words: str = "no") -> bytes:
    told: dict[str, Any] = {"id": wamid, "status": what, "timestamp": _seconds(at), "recipient_id": PHONE}
    told |= _told(biz_opaque_callback_data=mark)
    return change(channel, statuses=[told | ({"errors": [{"code": code, "title": words}]} if code else {})])


def new_number(channel: Channel, at: datetime, *, old: str = PHONE, phone: str = NEW_PHONE, **ids: str) -> bytes:
    system = {"type": "user_changed_number", "wa_id": phone, **ids}
    return change(
        channel, messages=[{"from": old, "id": f"wamid.S{phone}", "timestamp": _seconds(at), "type": "system", "system": system}]
    )


def change(channel: Channel, field: str = "messages", **value: Any) -> bytes:
    metadata = {"display_phone_number": "15145550100", "phone_number_id": channel.external_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": "880011002200330", "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _told(**ids: str) -> dict[str, str]:
    return {name: value for name, value in ids.items() if value}


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))
