"""A trickle of believable traffic: a new comment or message on a random page now and then, sometimes a word back to an answer."""

import json
import logging
import random
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from simulator import acts, options, platforms
from simulator.models import Comment, Message, Page, Post, Review

log = logging.getLogger(__name__)
TRAFFIC = Path(__file__).resolve().parent
FRENCH = 0.9
THANKS = 0.2  # how often somebody answers our answer instead

_chance = random.Random()
_last: list[str] = []  # the latest texts, so that none comes twice in a row


def forget() -> None:
    _last.clear()


@cache
def words() -> dict[str, Any]:
    return {name: json.loads((TRAFFIC / f"{name}.json").read_text()) for name in ("lines", "people", "thanks")}


def drop() -> Comment | Message | Review | None:
    """One happening on a random page."""
    spoken = {platform for line in words()["lines"] for platform in line["platforms"]}
    pages = [page for page in Page.objects.filter(platform__in=spoken) if not page.extra.get("quiet")]
    if not pages:
        return None
    return (_chance.random() < THANKS and _word_back()) or _new(_chance.choice(pages))


def _new(page: Page) -> Comment | Message | Review:
    language = "fr" if _chance.random() < FRENCH else "en"
    possible = [line for line in words()["lines"] if page.platform in line["platforms"]]
    fitting = [line for line in possible if line["lang"] == language] or possible
    line = _chance.choice([line for line in fitting if line["text"] not in _last] or fitting)
    _last[:] = [*_last[-20:], line["text"]]
    author = _name(page)
    if line["kind"] == "message":
        return acts.write_message(page, acts.person_of(page, author), text=line["text"])
    if line["kind"] == "review":
        return acts.write_review(
            page, author=author, text=line["text"], stars=line.get("stars"), recommends=line.get("recommends")
        )
    return acts.write_comment(page, text=line["text"], author=author, post=_post(page))


def _post(page: Page) -> Post | None:
    posts = list(page.posts.filter(kind="", removed_at=None))
    return _chance.choice(posts) if posts else None


def _name(page: Page) -> str:
    people = words()["people"]
    return _chance.choice(people[platforms.of(page).people])


def _word_back() -> Comment | None:
    """A person thanks for, or doubts, the page's latest answer under a root they wrote."""
    roots = (
        Comment.objects.filter(parent=None, removed_at=None, replies__by_page=True)
        .exclude(author=None)
        .distinct()
        .order_by("-pk")
    )
    for root in roots.select_related("author", "post__page")[:20]:
        last = None if root.page.extra.get("quiet") else root.visible_replies().last()
        if last and last.by_page and root.author:
            text = _chance.choice(words()["thanks"])
            return acts.write_comment(root.page, text=text, author=root.author.name, parent=root)
    return None


class Trickle(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="trickle", daemon=True)

    def run(self) -> None:
        while True:
            shortest, longest = options.get("trickle_seconds")
            self._wait(_chance.uniform(shortest, longest))
            if options.get("trickle"):
                try:
                    drop()
                except Exception:  # a page may vanish under it; the next drop comes all the same
                    log.exception("the trickle stumbled")

    def _wait(self, seconds: float) -> None:
        """Wait so long, or start over as soon as it is turned off."""
        connection.close()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.5)
