"""Figures of posts and pages. What people did here is counted; how many saw it is invented: so many for each thing done."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from simulator.meta.graph.call import Call, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.models import Comment, Page, Post
from simulator.wire import Json, iso

SEEN = 40  # views for each thing that somebody did
Measure = Callable[[list[Post]], Any]


def _reactions(posts: list[Post]) -> Json:
    return dict(Counter(kind for post in posts for kind in post.extra.get("reactions", {}).values()))


def _reacted(posts: list[Post]) -> int:
    return sum(_reactions(posts).values())


def _comments(posts: list[Post]) -> int:
    return Comment.objects.filter(post__in=posts, removed_at=None).count()


def _shares(posts: list[Post]) -> int:
    return sum(post.extra.get("shares", 0) for post in posts)


def _engaged(posts: list[Post]) -> int:
    return _reacted(posts) + _comments(posts) + _shares(posts)


def _views(posts: list[Post]) -> int:
    return SEEN * (_engaged(posts) + len(posts))


def _reach(posts: list[Post]) -> int:
    return _views(posts) // 2


def _acts(posts: list[Post]) -> Json:
    told = {"like": _reacted(posts), "comment": _comments(posts), "share": _shares(posts)}
    return {name: count for name, count in told.items() if count}


def _none(posts: list[Post]) -> int:
    return 0


def _by_type(posts: list[Post]) -> Json:
    return {}


FACEBOOK_POST: dict[str, Measure] = {
    "post_media_view": _views,
    "post_total_media_view_unique": _reach,
    "post_clicks": _none,
    "post_clicks_by_type": _by_type,
    "post_reactions_by_type_total": _reactions,
    "post_activity_by_action_type": _acts,
}
FACEBOOK_PAGE: dict[str, Measure] = {
    "page_media_view": _views,
    "page_total_media_view_unique": _reach,
    "page_post_engagements": _engaged,
    **dict.fromkeys(("page_daily_follows_unique", "page_daily_unfollows_unique", "page_follows", "page_views_total"), _none),
}
OF_MEDIA: dict[str, Measure] = {
    "views": _views,
    "reach": _reach,
    "likes": _reacted,
    "comments": _comments,
    "shares": _shares,
    "total_interactions": _engaged,
    "saved": _none,
    **dict.fromkeys(("follows", "profile_visits", "replies", "navigation"), _none),
}
OF_ACCOUNT = {name: OF_MEDIA[name] for name in ("views", "reach", "likes", "comments", "shares", "total_interactions")} | {
    "saves": _none,
    "accounts_engaged": _engaged,
    "follower_count": _none,
}


def _metrics(call: Call, known: dict[str, Measure]) -> list[str]:
    """One that there is not, or no longer, fails the whole request."""
    asked = [name.strip() for name in str(call.params.get("metric") or "").split(",") if name.strip()]
    if not asked:
        raise GraphError(100, message="(#100) The parameter metric is required")
    if unknown := [name for name in asked if name not in known]:
        names = ", ".join(known)
        raise GraphError(100, message=f"(#100) metric[{asked.index(unknown[0])}] must be one of the following values: {names}")
    return asked


def _shown(call: Call, known: dict[str, Measure], posts: list[Post], node: str, period: str) -> Json:
    total = call.params.get("metric_type") == "total_value"
    return {
        "data": [
            {
                "name": name,
                "period": period,
                **_value(known[name](posts), call, total=total),
                "title": name.replace("_", " ").capitalize(),
                "description": "",
                "id": f"{node}/insights/{name}/{period}",
            }
            for name in _metrics(call, known)
        ]
    }


def _value(value: Any, call: Call, *, total: bool) -> Json:
    if total:
        return {"total_value": {"value": value}}
    dated = {"end_time": iso(call.moment)} if call.params.get("period") == "day" else {}
    return {"values": [{"value": value} | dated]}


@needs("insights")
def of_post(call: Call) -> Json:
    post: Post = call.node
    known = OF_MEDIA if post.page.platform == "instagram" else FACEBOOK_POST
    return _shown(call, known, [post], post.external_id, "lifetime")


@needs("insights")
def of_page(call: Call) -> Json:
    """Of what was published in the last day."""
    page: Page = call.node
    known = OF_ACCOUNT if page.platform == "instagram" else FACEBOOK_PAGE
    recent = Q(created_at__gt=call.moment - timedelta(days=1))
    posts = list(Post.objects.filter(recent, page=page, author=None, removed_at=None).select_related("page"))
    return _shown(call, known, posts, page.external_id, "day")


ROUTES: Routes = {("GET", "post", "insights"): of_post, ("GET", "page", "insights"): of_page}
