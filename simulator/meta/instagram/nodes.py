"""What can be read of an Instagram account through Graph: fifty a page, newest first, and no filter on time."""

from datetime import timedelta

from django.db.models import QuerySet

from simulator.meta import known
from simulator.meta.graph.call import Call
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.fields import Asked
from simulator.meta.graph.nodes import Edge, Node, show
from simulator.meta.graph.objects import app_scoped
from simulator.meta.instagram.events import author, media
from simulator.models import Comment, Page, Post
from simulator.web import media as files
from simulator.wire import Json, iso

COMMENTS = Comment.objects.filter(removed_at=None).select_related("author", "parent", "post__page")
MEDIA = Post.objects.filter(removed_at=None).select_related("author", "page")
OWN = ("", "reel", "ad")
STORY_LASTS = timedelta(hours=24)


def _media_of(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return MEDIA.filter(page=page, kind__in=OWN)


def _stories_of(call: Call, page: Page, arguments: Json) -> QuerySet[Post]:
    return MEDIA.filter(page=page, kind="story", created_at__gt=call.moment - STORY_LASTS)


def _comments_of(call: Call, post: Post, arguments: Json) -> QuerySet[Comment]:
    """Roots only; a live broadcast's are not kept."""
    return COMMENTS.filter(post=post, parent=None)


def _replies_of(call: Call, comment: Comment, arguments: Json) -> QuerySet[Comment]:
    return COMMENTS.filter(parent=comment)


def _username(call: Call, comment: Comment) -> str | None:
    who = author(comment)
    return who["username"] if who else None


def _permalink(post: Post) -> str:
    return f"https://www.instagram.com/p/{post.external_id}/"


COMMENT: Node = Node(
    name="IGComment",
    default="id,text,timestamp",
    needs="read_visitors",
    fields={
        "id": lambda call, comment: comment.external_id,
        "text": lambda call, comment: comment.text,
        "timestamp": lambda call, comment: iso(comment.created_at),
        "username": _username,
        "from": lambda call, comment: author(comment),
        "hidden": lambda call, comment: comment.hidden_at is not None,
        "like_count": lambda call, comment: comment.likes,
        "parent_id": lambda call, comment: comment.parent.external_id if comment.parent else None,
        "media": lambda call, comment: media(comment.post),
    },
    edges={
        "replies": Edge(
            of=lambda: COMMENT, rows=_replies_of, needs="read_visitors", most=50, usual=50, oldest_first=lambda arguments: True
        )
    },
    known=known.INSTAGRAM_COMMENT,
)

MEDIA_NODE = Node(
    name="IGMedia",
    default="id",
    needs="read",
    fields={
        "id": lambda call, post: post.external_id,
        "caption": lambda call, post: post.text or None,
        "timestamp": lambda call, post: iso(post.created_at),
        "permalink": lambda call, post: _permalink(post),
        "shortcode": lambda call, post: post.external_id,
        "media_type": lambda call, post: "VIDEO" if post.kind in ("reel", "live") else "IMAGE",
        "media_product_type": lambda call, post: media(post)["media_product_type"],
        "media_url": lambda call, post: files.address(f"media-{post.pk}.png"),
        "thumbnail_url": lambda call, post: files.address(f"media-{post.pk}.png") if post.kind == "reel" else None,
        "comments_count": lambda call, post: COMMENTS.filter(post=post).count(),
        "like_count": lambda call, post: post.extra.get("likes", 0),
        "is_comment_enabled": lambda call, post: not post.extra.get("comments_off"),
        "username": lambda call, post: post.author.name if post.author else post.page.username,
        "owner": lambda call, post: {"id": post.page.external_id} if post.author is None else None,
    },
    edges={"comments": Edge(of=lambda: COMMENT, rows=_comments_of, needs="read_visitors", most=50, usual=50)},
    known=known.INSTAGRAM_MEDIA,
)


def _mentioned_comment(call: Call, page: Page, asked: Asked) -> Json:
    """mentioned_comment.comment_id(ID){…}: the only way to read what a mention says."""
    found = COMMENTS.filter(post__page=page, post__kind="mention", external_id=asked.arguments.get("comment_id", "")).first()
    if found is None:
        raise GraphError.named("100/33")
    return show(call, COMMENT, found, asked.inner)


def _mentioned_media(call: Call, page: Page, asked: Asked) -> Json:
    found = MEDIA.filter(page=page, kind="mention", external_id=asked.arguments.get("media_id", "")).first()
    if found is None:
        raise GraphError.named("100/33")
    return show(call, MEDIA_NODE, found, asked.inner)


def _account_id(call: Call, page: Page) -> str:
    """With Instagram Login `id` is the app's own number; only `user_id` is the one webhooks carry."""
    return app_scoped(page) if call.token and call.token.page == page else page.external_id


ACCOUNT = Node(
    name="IGUser",
    default="id",
    needs="read",
    fields={
        "id": _account_id,
        "user_id": lambda call, page: page.external_id,
        "ig_id": lambda call, page: page.external_id,
        "username": lambda call, page: page.username,
        "name": lambda call, page: page.name,
        "account_type": lambda call, page: "BUSINESS",
        "profile_picture_url": lambda call, page: files.address(f"account-{page.pk}.png"),
        "followers_count": lambda call, page: 100 + page.people.count(),
        "follows_count": lambda call, page: 12,
        "media_count": lambda call, page: MEDIA.filter(page=page, kind__in=OWN).count(),
    },
    lookups={"mentioned_comment": _mentioned_comment, "mentioned_media": _mentioned_media},
    edges={
        "media": Edge(of=lambda: MEDIA_NODE, rows=_media_of, needs="read", most=50, usual=25),
        "stories": Edge(of=lambda: MEDIA_NODE, rows=_stories_of, needs="read", most=50, usual=25),
    },
    known=known.INSTAGRAM_ACCOUNT,
)
