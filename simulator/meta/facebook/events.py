"""Facebook pages: what the webhooks `feed`, `mention` and `ratings` tell."""

from datetime import datetime

from simulator import options
from simulator.models import Comment, Page, Person, Post, Review
from simulator.wire import Json, iso, seconds


def entry(page: Page, at: datetime, value: Json, *, field: str = "feed") -> Json:
    return {"id": page.external_id, "time": seconds(at), "changes": [{"field": field, "value": value}]}


def permalink(post: Post) -> str:
    page, _, number_ = post.external_id.partition("_")
    return f"https://www.facebook.com/permalink.php?story_fbid={number_}&id={page}"


def _post(post: Post) -> Json:
    """Comments under an advertisement come too; that it is one shows only here."""
    ad = post.kind == "ad"
    return {
        "status_type": post.extra.get("status_type", "mobile_status_update"),
        "is_published": not ad,
        "updated_time": iso(post.created_at),
        "permalink_url": permalink(post),
        "promotion_status": "active" if ad else "inactive",
        "id": post.external_id,
    }


def who_of(page: Page, author: Person | None, *, by_page: bool = False) -> Json | None:
    """Nobody where the author is withheld, or where the app lacks the feature that names people."""
    if by_page:
        return {"id": page.external_id, "name": page.name}
    if author is None or not options.get("profile_access"):
        return None
    return {"id": author.external_id, "name": author.name}


def author(comment: Comment) -> Json | None:
    return who_of(comment.page, comment.author, by_page=comment.by_page)


def _field(post: Post) -> str:
    return {"mention": "mention", "rating": "ratings"}.get(post.kind, "feed")


def comment_event(comment: Comment, verb: str, at: datetime) -> Json:
    who = author(comment)
    value: Json = {"from": who} if who else {}
    if verb == "remove":
        value = {"from": {"id": who["id"]}} if who else {}
    else:
        value |= {"post": _post(comment.post)}
        value |= {"message": comment.text} if comment.text else {}
        value |= {"photo": comment.photo} if comment.photo else {}
        value |= {"video": comment.extra["video"]} if comment.extra.get("video") else {}
    value |= {
        "post_id": comment.post.external_id,
        "comment_id": comment.external_id,
        "created_time": seconds(at),
        "item": "comment",
        "parent_id": comment.parent.external_id if comment.parent else comment.post.external_id,
        "verb": verb,
    }
    if comment.post.kind == "mention":  # of a mention, hardly more than the place is told
        value = {
            name: value[name] for name in ("message", "post_id", "comment_id", "created_time", "item", "verb") if name in value
        }
    return entry(comment.page, at, value, field=_field(comment.post))


def reaction_event(comment: Comment, person: Person, reaction: str, at: datetime) -> Json:
    value = _reaction(person, reaction, at) | {
        "post_id": comment.post.external_id,
        "comment_id": comment.external_id,
        "parent_id": comment.parent.external_id if comment.parent else comment.post.external_id,
    }
    return entry(comment.page, at, value, field=_field(comment.post))


def post_reaction_event(post: Post, person: Person, reaction: str, at: datetime) -> Json:
    value = _reaction(person, reaction, at) | {"post_id": post.external_id, "parent_id": post.external_id}
    return entry(post.page, at, value, field=_field(post))


def _reaction(person: Person, reaction: str, at: datetime) -> Json:
    return {
        "reaction_type": reaction or "like",
        "from": {"id": person.external_id, "name": person.name},
        "created_time": seconds(at),
        "item": "reaction",
        "verb": "add" if reaction else "remove",
    }


def like_event(page: Page, person: Person, at: datetime) -> Json:
    """Somebody likes the page itself."""
    return entry(page, at, {"item": "like", "verb": "add", "user_id": person.external_id, "created_time": seconds(at)})


def post_event(post: Post, verb: str, at: datetime) -> Json | None:
    if post.kind in ("ad", "rating", "story"):
        return None  # what only advertisements show is not told
    if post.kind == "mention":
        value = {"message": post.text, "post_id": post.external_id, "created_time": seconds(at), "item": "post", "verb": "add"}
        return entry(post.page, at, value, field="mention") if verb == "add" else None
    who = who_of(post.page, post.author, by_page=post.author is None)
    value = {"from": who} if who else {}
    if verb == "remove":
        value |= {"recipient_id": post.page.external_id, "item": "post"}
    else:
        value |= {"message": post.text} if post.text else {}
        value |= _what(post)
    return entry(post.page, at, value | {"post_id": post.external_id, "created_time": seconds(at), "verb": verb})


def _what(post: Post) -> Json:
    """A visitor writes a post or shares; what the page publishes is a status, a photo, a video."""
    if post.kind == "share":
        link = {"link": post.extra.get("link", "https://example.ca"), "share_id": post.external_id.rpartition("_")[2]}
        return link | {"item": "share", "published": 1}
    if post.author:
        return {"item": "post", "is_hidden": False}
    if photo := post.extra.get("photo"):
        return {"link": photo, "photo_id": post.external_id.rpartition("_")[2], "item": "photo", "published": 1}
    return {"item": "status", "published": 0 if post.extra.get("scheduled") else 1}


def review_event(review: Review, verb: str, at: datetime) -> Json:
    value: Json = {"item": "rating", "verb": {"edited": "edit"}.get(verb, verb), "open_graph_story_id": review.external_id}
    value |= {"created_time": seconds(at), "comment_id": None}
    if review.author:
        value |= {"reviewer_id": review.author.external_id}
    if verb != "remove":
        value |= {"reviewer_name": review.author.name} if review.author else {}
        value |= {"review_text": review.text} if review.text else {}
        value |= {"rating": review.stars} if review.stars else {}
        if review.recommends is not None:
            value["recommendation_type"] = "POSITIVE" if review.recommends else "NEGATIVE"
    return entry(review.page, at, value, field="ratings")
