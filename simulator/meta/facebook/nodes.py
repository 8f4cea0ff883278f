"""What can be read of a Facebook page through Graph: the page, posts, comments, ratings, and the lists below them."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from simulator.meta import keys, known
from simulator.meta.facebook.events import author, permalink, who_of
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.fields import Asked
from simulator.meta.graph.nodes import Edge, Node
from simulator.models import Comment, Page, Post, Review
from simulator.web import media
from simulator.wire import Json, iso

COMMENTS = Comment.objects.filter(removed_at=None).select_related("author", "parent", "post__page", "post__author")
POSTS = Post.objects.filter(removed_at=None).select_related("author", "page")
WITH_OTHERS = ("", "visitor", "share", "ad")  # what stands on the page's wall


def _chronological(arguments: Json) -> bool:
    return arguments.get("order") != "reverse_chronological"


def _comments_of_post(call: Call, post: Post, arguments: Json) -> QuerySet[Comment]:
    rows = COMMENTS.filter(post=post)
    return rows if arguments.get("filter", "toplevel") == "stream" else rows.filter(parent=None)


def _comments_of_comment(call: Call, comment: Comment, arguments: Json) -> QuerySet[Comment]:
    return COMMENTS.filter(parent=comment)


def _summary(call: Call, rows: QuerySet[Any], arguments: Json) -> Json:
    return {"order": arguments.get("order", "ranked"), "total_count": rows.count(), "can_comment": True}


def _moment(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise GraphError(100, message="(#100) Invalid date") from error


def _between(rows: QuerySet[Post], arguments: Json) -> QuerySet[Post]:
    if since := arguments.get("since"):
        rows = rows.filter(created_at__gte=_moment(str(since)))
    if until := arguments.get("until"):
        rows = rows.filter(created_at__lte=_moment(str(until)))
    return rows


def _own_posts(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return _between(POSTS.filter(page=page, kind=""), arguments)


def _wall(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return _between(POSTS.filter(page=page, kind__in=WITH_OTHERS).exclude(kind="ad"), arguments)


def _visitors(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return _between(POSTS.filter(page=page, kind__in=("visitor", "share")), arguments)


def _tagged(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return _between(POSTS.filter(page=page, kind="mention"), arguments)


def _ratings(call: Call, page: Page, arguments: Json) -> QuerySet[Review]:
    return Review.objects.filter(page=page, removed_at=None).select_related("author", "post", "page")


# --- comments ------------------------------------------------------------------------------------


def _attachment(call: Call, comment: Comment) -> Json | None:
    if not comment.photo:
        return None
    picture = {"image": {"src": comment.photo, "width": 64, "height": 64}}
    return {"type": "photo", "media": picture, "target": {"id": comment.short_id, "url": comment.photo}, "url": comment.photo}


COMMENT: Node = Node(
    name="Comment",
    default="created_time,from,message,id",
    needs="read_visitors",
    fields={
        "id": lambda call, comment: comment.external_id,
        "created_time": lambda call, comment: iso(comment.created_at),
        "from": lambda call, comment: author(comment),
        "message": lambda call, comment: comment.text,
        "parent": lambda call, comment: {"id": comment.parent.external_id} if comment.parent else None,
        "object": lambda call, comment: {"id": comment.post.external_id},
        "attachment": _attachment,
        "is_hidden": lambda call, comment: comment.hidden_at is not None,
        "is_private": lambda call, comment: False,
        "can_hide": lambda call, comment: not comment.by_page,
        "can_remove": lambda call, comment: True,
        "can_comment": lambda call, comment: True,
        "can_like": lambda call, comment: True,
        "can_reply_privately": lambda call, comment: bool(comment.author and not comment.privately_replied_at),
        "user_likes": lambda call, comment: bool(comment.extra.get("liked_by_page")),
        "like_count": lambda call, comment: comment.likes,
        "comment_count": lambda call, comment: COMMENTS.filter(parent=comment).count(),
        "permalink_url": lambda call, comment: f"{permalink(comment.post)}&comment_id={comment.short_id}",
    },
    edges={
        "comments": Edge(
            of=lambda: COMMENT, rows=_comments_of_comment, needs="read_visitors", oldest_first=_chronological, summary=_summary
        )
    },
    known=known.FACEBOOK_COMMENT,
)


# --- posts ---------------------------------------------------------------------------------------


def _reactions(call: Call, post: Post, asked: Asked) -> Json | None:
    """Who reacted is nobody's to read; how many, is."""
    given = list(post.extra.get("reactions", {}).values())
    kind = asked.arguments.get("type", "").lower()
    if "summary" not in asked.arguments:
        return None
    count = len([each for each in given if not kind or each == kind])
    return {"data": [], "summary": {"total_count": count, "viewer_reaction": "NONE"}}


def _shares(call: Call, post: Post) -> Json | None:
    count = post.extra.get("shares", 0)
    return {"count": count} if count else None


POST = Node(
    name="Post",
    default="created_time,message,id",
    needs="read",
    fields={
        "id": lambda call, post: post.external_id,
        "created_time": lambda call, post: iso(post.created_at),
        "updated_time": lambda call, post: iso(post.created_at),
        "message": lambda call, post: post.text or None,
        "from": lambda call, post: who_of(post.page, post.author, by_page=post.author is None),
        "permalink_url": lambda call, post: permalink(post),
        "status_type": lambda call, post: "wall_post" if post.author else "mobile_status_update",
        "is_published": lambda call, post: post.kind != "ad" and not post.extra.get("scheduled"),
        "is_hidden": lambda call, post: False,
        "promotion_status": lambda call, post: "active" if post.kind == "ad" else "inactive",
        "full_picture": lambda call, post: post.extra.get("photo"),
        "picture": lambda call, post: post.extra.get("photo"),
        "can_reply_privately": lambda call, post: post.author is not None,
        "shares": _shares,
    },
    lookups={"reactions": _reactions, "likes": _reactions},
    edges={
        "comments": Edge(
            of=lambda: COMMENT, rows=_comments_of_post, needs="read_visitors", oldest_first=_chronological, summary=_summary
        )
    },
    known=known.FACEBOOK_POST,
)

RATING = Node(
    name="Recommendation",
    default="created_time,recommendation_type,review_text",
    fields={
        "created_time": lambda call, review: iso(review.created_at),
        "has_rating": lambda call, review: review.stars is not None,
        "has_review": lambda call, review: bool(review.text),
        "rating": lambda call, review: review.stars,
        "recommendation_type": lambda call, review: (
            None if review.recommends is None else "positive" if review.recommends else "negative"
        ),
        "review_text": lambda call, review: review.text or None,
        "reviewer": lambda call, review: who_of(review.page, review.author),
        "open_graph_story": lambda call, review: {"id": review.external_id},
    },
)


# --- the page ------------------------------------------------------------------------------------


def _access_token(call: Call, page: Page) -> str | None:
    """Only a person with a role on the page gets its key."""
    if call.token is None or call.token.kind != "user" or page not in keys.pages_of(call.token):
        return None
    return keys.page_token(call.token, page).value


def _tasks(call: Call, page: Page) -> list[str] | None:
    if call.token is None or call.token.kind != "user":
        return None
    everything = ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]
    return list(page.extra.get("tasks", everything))


def _instagram(call: Call, page: Page) -> Json | None:
    account = Page.objects.filter(platform="instagram", extra__page=page.external_id).first()
    return {"id": account.external_id, "username": account.username} if account else None


def _instagram_id(call: Call, page: Page) -> Json | None:
    found = _instagram(call, page)
    return {"id": found["id"]} if found else None


def _picture(call: Call, page: Page) -> Json:
    return {"data": {"height": 50, "width": 50, "is_silhouette": True, "url": media.address(f"page-{page.pk}.png")}}


def _edge(rows: Any, needs: str, **more: Any) -> Edge:
    return Edge(of=lambda: POST, rows=rows, needs=needs, **more)


PAGE = Node(
    name="Page",
    default="name,id",
    fields={
        "id": lambda call, page: page.external_id,
        "name": lambda call, page: page.name,
        "username": lambda call, page: page.username or None,
        "category": lambda call, page: "Pharmacie",
        "category_list": lambda call, page: [{"id": "2235", "name": "Pharmacie"}],
        "link": lambda call, page: f"https://www.facebook.com/{page.username or page.external_id}",
        "fan_count": lambda call, page: 100 + page.people.count(),
        "followers_count": lambda call, page: 100 + page.people.count(),
        "is_published": lambda call, page: True,
        "is_webhooks_subscribed": lambda call, page: True,
        "verification_status": lambda call, page: "not_verified",
        "overall_star_rating": lambda call, page: None,
        "rating_count": lambda call, page: _ratings(call, page, {}).count(),
        "access_token": _access_token,
        "tasks": _tasks,
        "instagram_business_account": _instagram,
        "connected_instagram_account": _instagram_id,
        "picture": _picture,
    },
    edges={
        "published_posts": _edge(_own_posts, "read"),
        "posts": _edge(_own_posts, "read"),
        "feed": _edge(_wall, "read_visitors"),
        "visitor_posts": _edge(_visitors, "read_visitors"),
        "tagged": _edge(_tagged, "read_visitors"),
        "ratings": Edge(of=lambda: RATING, rows=_ratings, needs="read_visitors"),
    },
    known=known.FACEBOOK_PAGE,
)
