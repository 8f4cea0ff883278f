"""What LinkedIn tells of an organization: each happening once for every member who subscribed, and kept for sixty days."""

import secrets
import time
from datetime import datetime

from simulator import options
from simulator.linkedin.members import ADMIN, roles, subscriptions
from simulator.linkedin.urns import actor, comment_urn
from simulator.models import Comment, Page, Person, Post, Resource
from simulator.wire import Json, milliseconds

ACTIONS = {"add": "COMMENT", "edited": "COMMENT_EDIT", "remove": "COMMENT_DELETE"}
ONLY_PUBLIC = {"COMMENT", "LIKE", "SHARE"}  # told live of public posts alone


def notification(page: Page, post: Post, action: str, generated: str, at: datetime) -> Json:
    return {
        "notificationId": _id(),
        "organizationalEntity": page.external_id,
        "action": action,
        "sourcePost": post.external_id,
        "decoratedSourcePost": {
            "entity": post.share_id or post.external_id,
            "owner": page.external_id,
            "text": post.text,
            "mediaCategory": post.extra.get("media", "NONE"),
        },
        "generatedActivity": generated,
        "lastModifiedAt": milliseconds(at),
    }


def _id() -> int:
    return time.time_ns() // 1000 * 100 + secrets.randbelow(100)


def told(page: Page, event: Json, *, live: bool = True) -> list[Json]:
    """The event for each of its subscribers; the pull of the last sixty days has it in any case."""
    Resource.objects.create(
        platform="linkedin",
        kind="notification",
        key=str(event["notificationId"]),
        data=event,
        created_at=options.now(),
    )
    if not live:
        return []
    chosen = [each.member for each in subscriptions(page) if each.lives]
    return [
        event | {"notificationId": _id() if place else event["notificationId"], "subscriber": member}
        for place, member in enumerate(chosen)
    ]


def _is_live(post: Post, action: str) -> bool:
    return action not in ONLY_PUBLIC or post.extra.get("visibility", "PUBLIC") == "PUBLIC"


def comment_event(comment: Comment, verb: str, at: datetime) -> list[Json] | None:
    action = ACTIONS.get(verb)
    if action is None:
        return None  # nothing can be hidden here
    if verb == "add" and comment.by_page:
        action = "ADMIN_COMMENT"
    # The notification drops the inner prefix that the comment's own URN has.
    short = comment_urn(comment).replace("(urn:li:", "(")
    event = notification(comment.page, comment.post, action, short, at)
    if verb == "remove":
        del event["decoratedSourcePost"]
    else:
        event["decoratedGeneratedActivity"] = {"comment": _decorated(comment)}
    return told(comment.page, event, live=_is_live(comment.post, action))


def _decorated(comment: Comment) -> Json:
    decorated = {
        "entity": comment_urn(comment),
        "owner": actor(comment),
        "object": comment.post.external_id,
        "text": comment.text,
    }
    if comment.parent and options.get("linkedin_nesting"):
        decorated["parentComment"] = comment_urn(comment.parent)
    return decorated


def reaction_event(comment: Comment, person: Person, reaction: str, at: datetime) -> list[Json] | None:
    """Taking a reaction back is not told."""
    return _liked(comment.post, person, comment_urn(comment), at) if reaction else None


def post_liked(post: Post, person: Person, at: datetime) -> list[Json]:
    return _liked(post, person, post.external_id, at)


def _liked(post: Post, person: Person, urn: str, at: datetime) -> list[Json]:
    event = notification(post.page, post, "LIKE", f"urn:li:like:({person.external_id},{urn})", at)
    return told(post.page, event, live=_is_live(post, "LIKE"))


def post_shared(post: Post, person: Person, text: str, share: str, at: datetime) -> list[Json]:
    event = notification(post.page, post, "SHARE", share, at)
    event["decoratedGeneratedActivity"] = {"share": {"entity": share, "owner": person.external_id, "text": text}}
    return told(post.page, event, live=_is_live(post, "SHARE"))


def post_event(post: Post, verb: str, at: datetime) -> list[Json] | None:
    """The page's own posts are not told; a post of somebody else that names the page is."""
    if post.author is None or verb != "add":
        return None
    share = post.share_id or post.external_id
    event = notification(post.page, post, "SHARE_MENTION", share, at)
    del event["decoratedSourcePost"]
    decorated = {"share": {"entity": share, "owner": post.author.external_id, "text": post.text}}
    return told(post.page, event | {"sourcePost": share, "decoratedGeneratedActivity": decorated})


def first_admin(page: Page) -> str:
    return next(iter(roles(page)), ADMIN)
