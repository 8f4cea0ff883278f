"""Instagram accounts: what the webhooks `comments`, `live_comments` and `mentions` tell. Messages are messenger's."""

from datetime import datetime

from simulator import options
from simulator.meta.graph.scopes import through_a_page
from simulator.models import Comment, Page, Person, Post
from simulator.wire import Json, seconds

PRODUCTS = {"ad": "AD", "live": "LIVE", "story": "STORY", "reel": "REELS"}


def author(comment: Comment) -> Json | None:
    return who_of(comment.page, comment.author, by_page=comment.by_page)


def who_of(page: Page, person: Person | None, *, by_page: bool = False) -> Json | None:
    if by_page:
        return {"id": page.external_id, "username": page.username}
    return {"id": person.external_id, "username": person.name} if person else None


def media(post: Post) -> Json:
    shown: Json = {"id": post.external_id, "media_product_type": PRODUCTS.get(post.kind, "FEED")}
    if post.kind == "ad":
        shown |= {"ad_id": post.extra.get("ad_id", "120210"), "ad_title": post.text[:40]}
        shown |= {"original_media_id": post.extra["original"]} if post.extra.get("original") else {}
    return shown


def comment_event(comment: Comment, verb: str, at: datetime) -> Json | None:
    """Only a new comment is told: no edit, no removal, no hiding, and no time of its own."""
    if verb != "add":
        return None
    if comment.post.kind == "mention":
        return _mention(comment, at)
    value: Json = {"id": comment.external_id}
    value |= {"parent_id": comment.parent.external_id} if comment.parent else {}
    who = author(comment)
    value |= {"from": who} if who else {}
    value |= {"text": comment.text, "media": media(comment.post)}
    return entry(comment.page, "live_comments" if comment.post.kind == "live" else "comments", value, at)


def _mention(comment: Comment, at: datetime) -> Json:
    """Somebody names the account under a post that is not its own: with Facebook Login only ids are told."""
    if through_a_page(comment.page):
        ids = {"media_id": comment.post.external_id, "comment_id": comment.external_id}
        return entry(comment.page, "mentions", ids, at)
    who = author(comment)
    value: Json = {"id": comment.external_id, "text": comment.text, "media": media(comment.post)} | ({"from": who} if who else {})
    return entry(comment.page, "comments", value, at)


def post_event(post: Post, verb: str, at: datetime) -> Json | None:
    """Of posts, only one of somebody else whose caption names the account is told."""
    if post.kind != "mention" or verb != "add" or not through_a_page(post.page):
        return None
    return entry(post.page, "mentions", {"media_id": post.external_id}, at)


def entry(page: Page, field: str, value: Json, at: datetime) -> Json:
    change = {"field": field, "value": value}
    body = change if options.get("instagram_flat") else {"changes": [change]}
    return {"id": page.external_id, "time": seconds(at)} | body
