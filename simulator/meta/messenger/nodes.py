"""Threads, their messages and the people in them, as Graph shows them."""

import mimetypes

from django.db.models import Max, QuerySet

from simulator import options
from simulator.meta import known
from simulator.meta.graph.call import Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.nodes import Edge, Node, listed
from simulator.models import Message, Page, Person
from simulator.web import media as files
from simulator.wire import Json, iso

READABLE = 20  # of a thread, no more than its latest can be read
MESSAGES = Message.objects.filter(deleted_at=None).select_related("person__page", "page")
MIME = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4", "file": "application/pdf", "sticker": "image/png"}


def _party(page: Page, person: Person, *, is_page: bool) -> Json:
    name = "username" if page.platform == "instagram" else "name"
    if is_page:
        return {name: page.username if name == "username" else page.name, "id": page.external_id}
    # Without a real address, Messenger makes one up.
    made_up = {"email": f"{person.external_id}@facebook.com"} if name == "name" else {}
    return {name: person.name, **made_up, "id": person.external_id}


def _from(call: Call, message: Message) -> Json:
    return _party(message.page, message.person, is_page=message.by_page)


def _to(call: Call, message: Message) -> Json:
    return {"data": [_party(message.page, message.person, is_page=not message.by_page)]}


def _attachments(call: Call, message: Message) -> Json | None:
    shown = [_attachment(message, position, each) for position, each in enumerate(message.attachments) if each.get("url")]
    return {"data": shown} if shown else None


def _attachment(message: Message, position: int, kept: Json) -> Json:
    url = files.renewed(kept["url"])
    path = url.partition("?")[0]
    mime_type = mimetypes.guess_type(path)[0] or MIME.get(kept["type"], "application/octet-stream")
    shown: Json = {"id": f"{message.pk}{position}", "mime_type": mime_type, "name": path.rpartition("/")[2], "size": 1024}
    if kept["type"] in ("image", "sticker"):
        return shown | {"image_data": {"width": files.SIDE, "height": files.SIDE, "url": url, "preview_url": url}}
    if kept["type"] == "video":
        return shown | {"video_data": {"width": 640, "height": 480, "url": url, "preview_url": url}}
    return shown | {"file_url": url}


MESSAGE = Node(
    name="Message",
    default="id,created_time",
    needs="message",
    fields={
        "id": lambda call, message: message.external_id,
        "created_time": lambda call, message: iso(message.created_at),
        "from": _from,
        "to": _to,
        "message": lambda call, message: message.text,
        "attachments": _attachments,
        "is_unsupported": lambda call, message: message.extra.get("is_unsupported"),
        "reply_to": lambda call, message: {"mid": message.reply_to} if message.reply_to else None,
        "story": lambda call, message: {"reply_to": message.extra["story"]} if message.extra.get("story") else None,
        "sticker": lambda call, message: next((a["url"] for a in message.attachments if a["type"] == "sticker"), None),
        "tags": lambda call, message: {"data": [{"name": "inbox"}]},
    },
    known=known.MESSAGE,
)


def _readable(call: Call, person: Person, arguments: Json) -> QuerySet[Message]:
    latest = MESSAGES.filter(person=person).order_by("-created_at", "-pk").values("pk")[:READABLE]
    return MESSAGES.filter(pk__in=list(latest.values_list("pk", flat=True)))


def _unread(call: Call, person: Person) -> int:
    last = person.messages.filter(by_page=True).order_by("-created_at").first()
    since = person.messages.filter(by_page=False)
    return since.filter(created_at__gt=last.created_at).count() if last else since.count()


def _participants(call: Call, person: Person) -> Json:
    return {"data": [_party(person.page, person, is_page=False), _party(person.page, person, is_page=True)]}


THREAD = Node(
    name="UnifiedThread",
    default="id,updated_time",
    needs="message",
    fields={
        "id": lambda call, person: person.thread_id,
        "updated_time": lambda call, person: iso(person.messages.latest("created_at").created_at),
        "message_count": lambda call, person: person.messages.filter(deleted_at=None).count(),
        "unread_count": _unread,
        "participants": _participants,
        "senders": _participants,
        "can_reply": lambda call, person: True,
        "snippet": lambda call, person: person.messages.latest("created_at").text[:100],
        "link": lambda call, person: f"/{person.page.external_id}/inbox/{person.pk}/",
    },
    edges={"messages": Edge(of=lambda: MESSAGE, rows=_readable, needs="message")},
    known=known.THREAD,
)


def _threads(call: Call, page: Page, arguments: Json) -> QuerySet[Person]:
    people = page.people.select_related("page").annotate(latest=Max("messages__created_at")).exclude(latest=None)
    if user := arguments.get("user_id"):
        people = people.filter(external_id=str(user))
    return people


THREADS = Edge(of=lambda: THREAD, rows=_threads, needs="message", key="latest", most=50)


@needs("message")
def list_threads(call: Call) -> Json:
    """platform=instagram on a page's own address lists the threads of the account that hangs on it."""
    page = call.page
    if call.params.get("platform") == "instagram" and page.platform == "facebook":
        linked = Page.objects.filter(platform="instagram", extra__page=page.external_id, extra__product="facebook_login").first()
        if linked is None:
            return {"data": []}
        page = linked
    return listed(call, THREADS, page, call.params, name="conversations")


def read_person(call: Call) -> Json:
    """A profile comes with consent, and consent with writing; on Facebook it takes a feature besides."""
    person: Person = call.node
    wrote = person.messages.filter(by_page=False).exists()
    withheld = person.page.platform == "facebook" and not options.get("profile_access")
    if not wrote or withheld or person.extra.get("blocked_page"):
        raise GraphError.named("100/33")
    first, _, last = person.name.partition(" ")
    shown: Json = {"id": person.external_id, "first_name": first, "last_name": last, "name": person.name, "username": person.name}
    shown |= {"profile_pic": files.address(f"person-{person.pk}.png"), "follower_count": 10, "is_user_follow_business": False}
    shown |= {"is_business_follow_user": False, "is_verified_user": False}
    return call.pick(shown, "id,name,username" if person.page.platform == "instagram" else "id,first_name,last_name")


ROUTES: Routes = {
    ("GET", "page", "conversations"): list_threads,
    ("GET", "person", ""): read_person,
}
NODES = {"thread": THREAD, "message": MESSAGE}
