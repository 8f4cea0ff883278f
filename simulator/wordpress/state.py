"""What a site knows of a comment: its state of moderation, its number, its words as they are shown."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from simulator import acts, options
from simulator.models import Comment, Page, Post
from simulator.wire import Json

STATUSES = ("approved", "hold", "spam", "trash")
NAMES = {
    "approve": "approved",
    "approved": "approved",
    "1": "approved",
    "hold": "hold",
    "0": "hold",
    "spam": "spam",
    "trash": "trash",
}
EVERYTHING = ("approved", "hold")  # what "all" means to WordPress


def next_comment(post: Post) -> str:
    """Numbers that rise, as a site's do."""
    last = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return str(800 + last + 1)


def next_post(page: Page) -> str:
    last = Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return str(50 + last + 1)


def status(comment: Comment) -> str:
    return "approved" if comment.hidden_at is None else str(comment.extra.get("status", "hold"))


@transaction.atomic
def set_status(comment: Comment, wanted: str, at: datetime | None = None) -> None:
    comment.extra.pop("status", None)
    if wanted in ("spam", "trash"):
        comment.extra["status"] = wanted
    comment.save(update_fields=["extra"])
    acts.set_hidden(comment, wanted != "approved", at=at)


def holds(page: Page) -> bool:
    """Whether visitors' comments wait for approval on this site."""
    return bool(page.extra.get("holds", options.get("website_holds")))


def rendered(text: str) -> str:
    """As a theme shows it: paragraphs, curly apostrophes, spaces that do not break."""
    shown = html.escape(text, quote=False).replace("'", "&#8217;").replace("\u00a0", "&nbsp;")
    shown = re.sub(r" ([!?:;»])", r"&nbsp;\1", shown).replace("« ", "«&nbsp;")
    paragraphs = shown.replace("\r", "").split("\n\n")
    return "".join("<p>" + part.replace("\n", "<br />\n") + "</p>\n" for part in paragraphs)


def zone(page: Page) -> ZoneInfo:
    return ZoneInfo(str(page.extra.get("timezone", "America/Toronto")))


def direct_parent(comment: Comment) -> str:
    """Which comment it answers: the simulator keeps two levels, a site more."""
    answered = comment.extra.get("answers") or (comment.parent.external_id if comment.parent else "")
    return str(answered)


def link(comment: Comment) -> str:
    return f"{post_link(comment.post)}#comment-{comment.external_id}"


def post_link(post: Post) -> str:
    return f"{post.page.external_id}/?p={post.external_id}"


def title(post: Post) -> str:
    return str(post.extra.get("title") or post.text.partition(".")[0][:80])


def author_name(comment: Comment) -> str:
    if comment.by_page:
        return str(comment.page.extra.get("staff", comment.page.name))
    return comment.author.name if comment.author else ""


def shape(comment: Comment) -> Json:
    """The comment as the website's webhook tells it (docs/website-webhook.md)."""
    post = comment.post
    return {
        "id": number_of(comment.external_id),
        "post": number_of(post.external_id),
        "parent": number_of(direct_parent(comment)) if direct_parent(comment) else 0,
        "status": status(comment),
        "date_gmt": comment.created_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "author_name": author_name(comment),
        "content": {"raw": comment.text, "rendered": rendered(comment.text)},
        "link": link(comment),
        "own": comment.by_page,
        "post_title": title(post),
        "post_link": post_link(post),
    }


def number_of(external_id: str) -> int | str:
    """WordPress has numbers; other sites name their comments as they like."""
    return int(external_id) if external_id.isdecimal() else external_id
