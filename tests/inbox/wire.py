"""Webhook bodies as the platforms write them, signed as they sign them; and the way of one into the inbox."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.test import Client

from inbox import intake
from inbox.models import Channel, Conversation, Delivery, Finding

JULIE = {"id": "7011223344556677", "name": "Julie Exemple"}
META_SECRET = "dev-meta-app-secret"
LINKEDIN_SECRET = "dev-linkedin-client-secret"


def feed(channel: Channel, comment: str, at: datetime, *, verb: str = "add", parent: str = "", **value: Any) -> bytes:
    """A Facebook comment event. comment, parent: short names, made into ids of one post."""
    page = channel.external_id
    author = {} if value.pop("anonymous", False) else {"from": value.pop("author", JULIE)}
    said = {
        **author,
        "item": "comment",
        "verb": verb,
        "post_id": f"{page}_900111",
        "comment_id": f"900111_{comment}",
        "parent_id": f"900111_{parent}" if parent else f"{page}_900111",
        "created_time": int(at.timestamp()),
        **value,
    }
    return _page(channel, {"changes": [{"field": "feed", "value": said}]})


def own_feed(channel: Channel, comment: str, at: datetime, *, parent: str, **value: Any) -> bytes:
    return feed(channel, comment, at, parent=parent, author={"id": channel.external_id, "name": channel.name}, **value)


def messenger(
    channel: Channel, mid: str, at: datetime, *, person: str = JULIE["id"], echo: bool = False, **message: Any
) -> bytes:
    sides = (channel.external_id, person) if echo else (person, channel.external_id)
    item = {
        "sender": {"id": sides[0]},
        "recipient": {"id": sides[1]},
        "timestamp": int(at.timestamp() * 1000),
        "message": {"mid": mid, **({"is_echo": True} if echo else {}), **message},
    }
    return _page(channel, {"messaging": [item]})


def _page(channel: Channel, content: dict[str, Any]) -> bytes:
    entry = {"id": channel.external_id, "time": 1795430412, **content}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def sign_meta(body: bytes, secret: str = META_SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def sign_linkedin(body: bytes, secret: str = LINKEDIN_SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()
    return {"X-LI-Signature": digest}


def sign_website(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Comptoir-Timestamp": stamp, "X-Comptoir-Signature": f"sha256={digest}"}


def post(client: Client, body: bytes, headers: dict[str, str] | None = None, path: str = "/hooks/meta/") -> int:
    headers = sign_meta(body) if headers is None else headers
    return client.post(path, body, content_type="application/json", headers=headers).status_code


def take_in(*bodies: bytes, at: datetime, endpoint: str = "meta") -> None:
    """Store and take in each body in turn, as if it had been heard of at `at`."""
    for body in bodies:
        store(body, at=at, endpoint=endpoint)
        intake.drain(now=at)


def store(*bodies: bytes, at: datetime, endpoint: str = "meta") -> None:
    for body in bodies:
        Delivery.objects.store(endpoint, body, signed_by="sha256", now=at)


def picture() -> list[Any]:
    """The whole inbox as plain data, without what depends on when we heard of it: rows by their platform's ids."""
    return sorted((_conversation(row) for row in Conversation.objects.all()), key=repr)


def _conversation(row: Conversation) -> Any:
    shown = ("text", "direction", "source", "sent_at", "edited_at", "removed_at", "hidden", "parent_id")
    return (
        row.thread_id,
        row.contact.external_id if row.contact else None,
        row.preview,
        row.due_at,
        (row.urgency, row.badges),
        [
            (message.external_id, *(getattr(message, name) for name in shown))
            for message in row.messages.order_by("sent_at", "external_id")
        ],
        [
            (wait.started_at, wait.due_at, wait.ended_at, wait.outcome, wait.ended_by)
            for wait in row.waits.exclude(reason="joined with an earlier wait").order_by("started_at")
        ],
        [
            (version.text, version.written_at)
            for message in row.messages.order_by("external_id")
            for version in message.versions.all()
        ],
        sorted(set(Finding.objects.standing().filter(message__conversation=row).values_list("message__external_id", "type"))),
    )
