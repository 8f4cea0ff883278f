"""The Send API: messages, private replies to comments, actions; and everything that may be wrong with them."""

from datetime import timedelta
from typing import Any

from simulator import acts, faults, options
from simulator.faults import Kind
from simulator.meta.graph.call import Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.objects import find_comment
from simulator.meta.messenger import happenings, owners
from simulator.models import Comment, Message, Page, Person, Post, Resource, Source
from simulator.platforms import number
from simulator.wire import Json

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
TEXT_LIMIT = 2000  # characters
INSTAGRAM_BYTES = 1000
METADATA_LIMIT = 1000
QUICK_REPLIES, TITLE_LIMIT = 13, 20
CLOSED = {"facebook": "10/2018278", "instagram": "10/2534022"}
TYPES = {
    "facebook": {"image", "audio", "video", "file", "template"},
    "instagram": {"image", "audio", "video", "file", "template", "like_heart", "MEDIA_SHARE"},
}
ACTIONS = {"typing_on", "typing_off", "mark_seen", "react", "unreact"}


@needs("message")
def send(call: Call) -> Json:
    recipient, given = call.json("recipient"), call.json("message")
    if not isinstance(recipient, dict) or not recipient:
        raise GraphError(100, message="(#100) The parameter recipient is required")
    page = _account(call)
    if action := call.params.get("sender_action"):
        return _act(call, page, recipient, str(action))
    if not isinstance(given, dict) or not (given.get("text") or given.get("attachment")):
        raise GraphError(100, message="(#100) The parameter message is required")
    _measure(page, given)
    comment = _comment_of(call, page, str(recipient["comment_id"])) if "comment_id" in recipient else None
    post = _post_of(call, page, str(recipient["post_id"])) if "post_id" in recipient else None
    person = _addressee(page, recipient, comment, post)
    if comment is None and post is None:
        _check_window(call, person)
        _check_owner(call, person)
    return _accept(call, person, given, comment, post)


def _account(call: Call) -> Page:
    """An Instagram account behind a page is written to with the page's own address and platform=instagram."""
    recipient = call.json("recipient") or {}
    known = Person.objects.filter(external_id=str(recipient.get("id", ""))).select_related("page").first()
    if known and known.page.extra.get("page") == call.page.external_id and known.page.platform == "instagram":
        call.page = known.page
    return call.page


def _accept(call: Call, person: Person, given: Json, comment: Comment | None, post: Post | None) -> Json:
    message = acts.write_message(
        person.page,
        person,
        text=str(given.get("text", "")),
        attachments=_attachments(given),
        by_page=True,
        source=Source.API,
        metadata=str(given.get("metadata", "")),
        tag=str(call.params.get("tag", "")),
        comment=comment,
        reply_to=str((given.get("reply_to") or {}).get("mid", "")),
        extra={"quick_replies": given["quick_replies"]} if given.get("quick_replies") else {},
        at=call.moment,
    )
    if post is not None:
        Post.objects.filter(pk=post.pk).update(extra=post.extra | {"privately_replied": True})
    happenings.receipts(message)
    return {"recipient_id": person.external_id, "message_id": message.external_id}


def _attachments(given: Json) -> list[Json]:
    attachment = given.get("attachment")
    if not isinstance(attachment, dict):
        return []
    payload: Json = attachment.get("payload") or {}
    if kept := payload.get("attachment_id"):
        found = Resource.objects.filter(platform="meta", kind="attachment", key=str(kept)).first()
        if found is None:
            raise GraphError.named("100/2018074")
        return [found.data]
    return [{"type": str(attachment.get("type", "")), "url": str(payload.get("url", ""))}]


def _measure(page: Page, given: Json) -> None:
    text, instagram = str(given.get("text", "")), page.platform == "instagram"
    if (len(text.encode()) > INSTAGRAM_BYTES) if instagram else (len(text) > TEXT_LIMIT):
        size = f"{INSTAGRAM_BYTES} bytes" if instagram else f"{TEXT_LIMIT} characters"
        raise GraphError(100, message=f"(#100) Length of param message[text] must be less than or equal to {size}")
    if len(str(given.get("metadata", ""))) > METADATA_LIMIT:
        raise GraphError(100, message=f"(#100) Length of param message[metadata] must be less than or equal to {METADATA_LIMIT}")
    quick = given.get("quick_replies") or []
    if len(quick) > QUICK_REPLIES or any(len(str(each.get("title", ""))) > TITLE_LIMIT for each in quick):
        raise GraphError(100, message="(#100) Param message[quick_replies] has too many elements, or too long a title")
    _check_attachment(page, given.get("attachment"))


def _check_attachment(page: Page, attachment: Any) -> None:
    if attachment is None:
        return
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    if kind not in TYPES[page.platform]:
        raise GraphError(100, message=f"(#100) Param message[attachment][type] must be one of {sorted(TYPES[page.platform])}")
    payload = attachment.get("payload") or {}
    if kind in {"image", "audio", "video", "file"} and not (payload.get("url") or payload.get("attachment_id")):
        raise GraphError.named("100/2018008")


def _addressee(page: Page, recipient: Json, comment: Comment | None, post: Post | None) -> Person:
    if comment is not None and comment.author is not None:
        return comment.author
    if post is not None and post.author is not None:
        return post.author
    return person_of(page, str(recipient.get("id", "")))


def person_of(page: Page, external_id: str) -> Person:
    person = page.people.filter(external_id=external_id).select_related("page").first()
    if person is None:
        raise GraphError.named("100/2534014" if page.platform == "instagram" else "100/2018001")
    if person.extra.get("blocked_page"):
        raise GraphError.named("551")
    return person


def _comment_of(call: Call, page: Page, external_id: str) -> Comment:
    """The comment one private reply may answer: once, within seven days, and only where its author is known."""
    found = find_comment(external_id)
    if found is None or found.page not in (page, _linked(page)):
        raise GraphError.named("100/33")
    if found.privately_replied_at:
        raise GraphError.named("10900")
    if found.author is None:
        raise GraphError.named("10903")
    late = call.moment - found.created_at > HUMAN_WINDOW
    if late or found.by_page or (found.post.kind == "live" and found.post.extra.get("ended")):
        raise GraphError.named("100/2534025")
    return found


def _linked(page: Page) -> Page | None:
    return Page.objects.filter(platform="instagram", extra__page=page.external_id, extra__product="facebook_login").first()


def _post_of(call: Call, page: Page, external_id: str) -> Post:
    """A visitor's post may be answered in private as a comment may."""
    found = Post.objects.filter(page=page, external_id=external_id, removed_at=None).select_related("author", "page").first()
    if found is None:
        raise GraphError.named("100/33")
    if found.extra.get("privately_replied"):
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
    if tag and not options.get("human_agent"):
        raise GraphError.named("10/human")
    allowed = HUMAN_WINDOW if tag else WINDOW
    if forced or person.acted_at is None or call.moment - person.acted_at > allowed:
        raise GraphError.named(CLOSED[call.page.platform])


def _check_owner(call: Call, person: Person) -> None:
    if not owners.is_ours(person, call.moment):
        raise GraphError.named("100/2534037" if call.page.platform == "instagram" else "10/2018300")


# --- actions, uploads ----------------------------------------------------------------------------


def _act(call: Call, page: Page, recipient: Json, action: str) -> Json:
    if action not in ACTIONS:
        raise GraphError(100, message=f"(#100) Param sender_action must be one of {sorted(ACTIONS)}")
    person = person_of(page, str(recipient.get("id", "")))
    if action in ("react", "unreact"):
        payload = call.json("payload") or {}
        message = Message.objects.filter(person=person, external_id=str(payload.get("message_id", "")), by_page=False).first()
        if message is None:
            raise GraphError.named("100/33")
        message.extra = message.extra | {"page_reaction": str(payload.get("reaction", "love")) if action == "react" else ""}
        message.save(update_fields=["extra"])
    elif action == "mark_seen":
        person.extra = person.extra | {"seen_at": call.moment.isoformat()}
        person.save(update_fields=["extra"])
    return {"recipient_id": person.external_id}


@needs("message")
def upload(call: Call) -> Json:
    """A file to be sent later, by its id."""
    given = call.json("message") or {}
    _check_attachment(call.page, given.get("attachment"))
    [kept] = _attachments(given) or [{"type": "file", "url": ""}]
    key = number(16)
    Resource.objects.create(platform="meta", kind="attachment", key=key, data=kept, created_at=call.moment)
    return {"attachment_id": key}


ROUTES: Routes = {
    ("POST", "page", "messages"): send,
    ("POST", "page", "message_attachments"): upload,
}
