"""LinkedIn's names for things, and what they lead to."""

import re

from simulator.models import Comment, Page, Post

COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?\w+:\d+,(\d+)\)")


def comment_urn(comment: Comment) -> str:
    return f"urn:li:comment:({comment.post.external_id},{comment.external_id})"


def actor(comment: Comment) -> str:
    if comment.by_page:
        return comment.page.external_id
    return comment.author.external_id if comment.author else "urn:li:person:private"


def number(urn: str) -> str:
    return urn.rpartition(":")[2]


def organization(urn: str) -> Page | None:
    return Page.objects.filter(platform="linkedin", external_id=urn).first()


def find_post(urn: str) -> Post | None:
    """By its activity, or by the share or ugcPost behind it: a post has two names."""
    posts = Post.objects.select_related("page").filter(removed_at=None)
    return posts.filter(external_id=urn).first() or posts.filter(share_id=urn).exclude(share_id="").first()


def find_comment(urn: str) -> Comment | None:
    match = COMMENT.fullmatch(urn)
    comments = Comment.objects.select_related("post__page", "author", "parent").filter(removed_at=None)
    return comments.filter(external_id=match[1]).first() if match else None
