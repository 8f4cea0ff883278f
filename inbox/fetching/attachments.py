"""What people attached: fetched from the platform when somebody looks, never kept, and never by the browser itself."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inbox import channels, platforms
from inbox.models import Channel, Message
from inbox.models.channels import TokenUnreadable
from inbox.platforms import addresses, media
from inbox.platforms.addresses import NotPublic
from inbox.platforms.base import SendError, SendUncertain
from inbox.platforms.media import Gone, Media, Unfit, Unreachable
from inbox.screening.shown import masking

Shape = Literal["image", "audio", "video", "file", "link", "words"]

SHAPES: dict[str, Shape] = {
    "image": "image",
    "sticker": "image",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "file": "file",
    "document": "file",
    "story": "file",
    "story_mention": "file",
    "reel": "file",
    "ig_reel": "file",
    "ephemeral": "file",
    "media": "file",
    "ig_post": "file",
    "ad": "image",
}
NAMES = {
    "image": _("Picture"),
    "sticker": _("Sticker"),
    "audio": _("Sound"),
    "voice": _("Voice message"),
    "video": _("Video"),
    "file": _("File"),
    "document": _("Document"),
    "story": _("Our story that they answer"),
    "story_mention": _("Their story that mentions us"),
    "reel": _("Reel"),
    "ig_reel": _("Reel"),
    "ephemeral": _("Picture to be seen once"),
    "media": _("Picture or video"),
    "ig_post": _("Post that they share"),
    "ad": _("Advertisement that they answer"),
    "like_heart": _("Heart"),
    "template": _("Message with buttons"),
    "share": _("Shared content"),
    "location": _("Place"),
    "contacts": _("Contact details"),
    "order": _("Order from the catalogue"),
    "forwarded": _("Forwarded by them, not written"),
    "unsupported": _("Content that cannot be shown here"),
}
LINKS = {"share", "link"}  # what a person points at, unless it is only a way into one of the platform's stores
STORES = re.compile(r"(^|\.)(fbsbx\.com|fbcdn\.net|cdninstagram\.com|whatsapp\.net|licdn\.com)(:\d+)?$", re.I)
WORDS = {"location", "contacts", "order", "forwarded", "unsupported"}
AT_ONCE = threading.BoundedSemaphore(2)  # of the threads of one process: pages and webhooks keep the others


@dataclass(frozen=True, slots=True)
class Shown:
    """One attachment as the page draws it. number: which of its message."""

    number: int
    shape: Shape
    type: str
    title: str
    link: str  # an address that the person themself wrote or shared; never one of the platform's stores
    gone: bool

    @property
    def words(self) -> str:
        """What it is, where it has no title of its own."""
        return str(NAMES.get(self.type, _("Attachment")))


def shown(message: Message, *, unmasked: bool = False) -> Iterator[Shown]:
    for number, kept in enumerate(message.attachments):
        kind, url = str(kept.get("type", "")), str(kept.get("url", ""))
        shape = _shape(kind, url, fetched=bool(url or kept.get("media_id")))
        title = str(kept.get("title", ""))
        title = title if unmasked else masking.told(title, message.conversation)
        yield Shown(number, shape, kind, title, url if shape == "link" else "", bool(kept.get("gone_at")))


def _shape(kind: str, url: str, *, fetched: bool) -> Shape:
    if not fetched or kind in WORDS:
        return "words"
    if kind in LINKS and not STORES.search(urlsplit(url).netloc):
        return "link"
    return SHAPES.get(kind, "file")


def fetch(message: Message, number: int, *, now: datetime) -> Media:
    """Raises Gone, Unfit, Unreachable."""
    kept = message.attachments[number]
    if kept.get("gone_at"):
        raise Gone("known to be gone")
    if _shape(str(kept.get("type", "")), str(kept.get("url", "")), fetched=True) in {"link", "words"}:
        raise Unfit("nobody fetches what is only told")
    with _one_of_few():
        try:
            url, headers = _address(message, kept, now)
            return media.fetch(url, headers=headers, allowed=_of_the_platform(message.channel))
        except NotPublic as problem:
            raise Unfit(str(problem)) from None
        except Gone:
            _note_gone(message.pk, number, now)
            raise


def _of_the_platform(channel: Channel) -> list[str]:
    """Where the platform itself is called, which may lie inside our walls (a simulated one). Nothing else there: strangers
    choose these addresses, and whoever reads the message would call it for them."""
    there = platforms.get(channel.platform).address(channels.variables(), channel.settings)
    return [addresses.origin(there.base_url)] if there.base_url and there.public_but is None else []


def _address(message: Message, kept: dict[str, Any], now: datetime) -> tuple[str, dict[str, str]]:
    """Where it can be fetched just now: as the platform told, or asked for by its id."""
    if not kept.get("media_id"):
        return str(kept.get("url", "")), {}
    try:
        with channels.calling(message.channel, now=now) as connection:
            return platforms.get(message.channel.platform).media(str(kept["media_id"]), connection)
    except (SendError, SendUncertain, TokenUnreadable) as problem:
        raise Unreachable(type(problem).__name__) from None


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=5):
        raise Unreachable("too many at once")
    try:
        yield
    finally:
        AT_ONCE.release()


@transaction.atomic
def _note_gone(pk: int, number: int, now: datetime) -> None:
    """So that the next look says so at once. The message may have been taken back meanwhile, with all that hung on it."""
    message = Message.objects.select_for_update(no_key=True).get(pk=pk)
    if number < len(message.attachments):
        message.attachments[number]["gone_at"] = now.isoformat()
        message.save(update_fields=["attachments"])
