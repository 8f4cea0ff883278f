"""Websites: WordPress, which is polled and tells nothing, and any other site that uses the website webhook."""

from datetime import datetime

from django.urls import path, re_path

from simulator import options
from simulator.models import Comment, Page
from simulator.platforms import Event, Platform
from simulator.signing import stable_number
from simulator.wordpress import acts, comments, hooks, others, state

SITE = r"^(?:sites/(?P<site>[\w-]+)/)?wp-json/"  # each site under a path of its own; at the root, the account's


def _plugin(comment: Comment, verb: str, at: datetime) -> Event:
    """WordPress itself tells nothing; with our plugin it tells as any site does."""
    return hooks.comment_event(comment, verb, at) if comment.page.extra.get("plugin", options.get("wordpress_plugin")) else None


def _person(page: Page, name: str) -> str:
    return stable_number(page.external_id, name, digits=12)


WORDPRESS = Platform(
    slug="wordpress",
    label="WordPress",
    endpoint=hooks.ENDPOINT,
    object="wordpress",
    person_id=_person,
    post_ids=lambda page: (state.next_post(page), ""),
    comment_id=state.next_comment,
    comment_event=_plugin,
    holds=state.holds,
    urls=[
        re_path(SITE + "$", others.index),
        re_path(SITE + "wp/v2/comments$", comments.collection),
        re_path(SITE + r"wp/v2/comments/(?P<pk>\d+)$", comments.single),
        re_path(SITE + "wp/v2/posts$", others.posts),
        re_path(SITE + r"wp/v2/posts/(?P<pk>\d+)$", others.post),
        re_path(SITE + "wp/v2/users/me$", others.me),
    ],
    panels=("simulator/website.html",),
    options={
        "website_holds": True,  # whether visitors' comments wait for approval
        "wordpress_plugin": False,  # whether WordPress sites tell through the website webhook
    },
)

WEBSITE = Platform(
    slug="website",
    label="Site web",
    endpoint=hooks.ENDPOINT,
    object="website",
    person_id=_person,
    post_ids=lambda page: (f"p{state.next_post(page)}", ""),
    comment_id=lambda post: f"c{state.next_comment(post)}",
    comment_event=hooks.comment_event,
    holds=state.holds,
    urls=[
        path("sites/<str:site>/comptoir/", hooks.callback),
        path("_sim/website/status", acts.change_status),
        path("_sim/website/connect", acts.connect),
        path("_sim/website/ping", acts.ping),
        path("comments/<int:pk>/status/<str:wanted>/", acts.moderate, name="website-status"),
    ],
    panels=("simulator/website.html",),
)
