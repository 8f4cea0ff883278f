"""What is there."""

from simulator.admin import record, shown
from simulator.admin.asked import Answer, asked, at_of, page_of
from simulator.models import Comment, Message, Page, Source
from simulator.web import media
from simulator.wire import Json


@asked
def healthz(given: Json) -> Answer:
    return {"ok": True, "pages": Page.objects.count()}


@asked
def state(given: Json) -> Answer:
    chosen = Page.objects.filter(external_id=given["page"]) if given.get("page") else Page.objects.all()
    return {"pages": [shown.everything(page) for page in chosen]}


@asked
def replies(given: Json) -> Answer:
    """What our app had accepted under a comment (`comment`), or in the thread of a person (`person`), or on a page."""
    own = {"by_page": True, "source": Source.API}
    written, sent = Comment.objects.filter(removed_at=None, **own), Message.objects.filter(deleted_at=None, **own)
    if given.get("comment"):
        root = Comment.objects.select_related("parent").get(external_id=given["comment"]).root
        written, sent = written.filter(parent=root), sent.filter(comment=root)
    elif given.get("person"):
        written, sent = written.none(), sent.filter(person__external_id=given["person"])
    elif given.get("page"):
        written, sent = written.filter(post__page=page_of(given)), sent.filter(page=page_of(given))
    accepted = [shown.comment(comment) for comment in written] + [shown.message(message) for message in sent]
    return sorted(accepted, key=lambda each: each["created_at"])


@asked
def known(given: Json) -> Answer:
    """For comparing an inbox with; `since` is a time with a zone."""
    return record.everything(page=given.get("page", ""), since=at_of({"at": given.get("since")}))


@asked
def file(given: Json) -> Answer:
    """The address of a file by its name, which lasts as long as any."""
    return {"url": media.address(given["name"])}
