"""YouTube: comments that are polled and never told, held for review or not, and answered under the first of their thread."""

import secrets
from datetime import timedelta

from django.urls import path

from simulator import acts, options
from simulator.models import Page, Token
from simulator.platforms import Platform
from simulator.youtube import comments, rest

PAGE = {"external_id": "UC0000000000000000900501", "name": "Pharmacie du Vieux-Quai", "username": "pharmacieduvieuxquai"}
TOKENS = {"access": "dev-token-youtube-quai", "refresh": "dev-refresh-youtube-quai"}
VIDEOS = {
    "vq900501aaa": "Bien utiliser sa pompe pour l’asthme. En deux minutes, avec Josée du laboratoire.",
    "vq900502bbb": "La clinique de vaccination. Venez voir comment se passe une visite.",
}


def seed() -> None:
    """Google gives out the tokens: its address makes one for an hour of the one that lasts."""
    now = options.now()
    known = {"platform": "youtube", "name": PAGE["name"], "username": PAGE["username"]}
    page, created = Page.objects.get_or_create(external_id=PAGE["external_id"], defaults=known)
    for kind, value in TOKENS.items():
        given = {"platform": "google", "kind": kind, "page": page, "scopes": [rest.SCOPE], "issued_at": now}
        Token.objects.get_or_create(value=value, defaults=given)
    for age, (video, text) in enumerate(VIDEOS.items() if created else (), start=1):
        acts.publish_post(page, text, external_id=video, at=now - age * timedelta(days=12), silent=True)


PLATFORM = Platform(
    slug="youtube",
    label="YouTube",
    person_id=lambda page, name: comments.channel_id(name),
    post_ids=lambda page: (secrets.token_urlsafe(8), ""),
    comment_id=lambda post: f"Ug{secrets.token_urlsafe(13)}4AaABAg",
    holds=lambda page: bool(page.extra.get("holds", options.get("youtube_holds"))),
    seed=seed,
    forget=rest.forget,
    urls=[
        path("youtube/v3/commentThreads", comments.threads),
        path("youtube/v3/comments", comments.comments),
        path("youtube/v3/comments/setModerationStatus", comments.set_status),
        path("youtube/v3/channels", comments.channels),
        path("youtube/v3/videos", comments.videos),
    ],
    options={
        "youtube_holds": False,  # whether comments are held for review
        "youtube_daily_units": 10_000,
    },
)
