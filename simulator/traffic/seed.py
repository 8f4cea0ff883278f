"""The pages of the demonstration, with their posts. Nothing is emitted: these posts are older than any subscription."""

import json
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from simulator import acts, faults, options, platforms, tokens
from simulator.models import Comment, Delivery, Fault, Handshake, Message, Option, Page, Person, Post, Resource, Review, Token
from simulator.traffic import load, trickle
from simulator.webhooks import deliveries, handshakes

PAGES = Path(__file__).resolve().parent / "pages.json"


@transaction.atomic
def seed() -> None:
    now = options.now()
    for described in json.loads(PAGES.read_text()):
        page, created = Page.objects.get_or_create(
            external_id=described["id"],
            defaults={name: described[name] for name in ("platform", "name", "username")} | {"extra": described.get("extra", {})},
        )
        tokens.grant(page, described["token"])
        if "refresh" in described:
            tokens.grant(page, described["refresh"], "refresh")
        if created:
            platforms.of(page).welcome(page)
        for post in described.get("posts", []) if created else []:
            at = now - timedelta(hours=post["hours_ago"])
            made = acts.publish_post(page, post["text"], at=at, external_id=post["id"], silent=True)
            if post.get("share"):
                Post.objects.filter(pk=made.pk).update(share_id=post["share"])

    for platform in platforms.PLATFORMS.values():
        platform.seed()


def reset(*, with_pages: bool = True) -> None:
    load.stop()
    with transaction.atomic():
        _empty()
        _forget()
        if with_pages:
            seed()
    _forget()  # and whatever was looked up before this was done


def _forget() -> None:
    for forget in (trickle.forget, faults.forget, options.forget, handshakes.forget, deliveries.forget):
        forget()
    for platform in platforms.PLATFORMS.values():
        platform.forget()


def _empty() -> None:
    for model in (Delivery, Message, Comment, Review, Post, Person, Fault, Token, Page, Resource, Option, Handshake):
        model._default_manager.all().delete()
