"""Every body of every platform that we know, and every item of its lists, each part of it in turn missing or something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import Event, Turn
from tests.inbox.platforms.contract import FIXTURES, events_in
from tests.inbox.platforms.facebook.test_facebook_listing import comment, message, post, rating
from tests.inbox.platforms.instagram.test_instagram_listing import comment as ig_comment
from tests.inbox.platforms.instagram.test_instagram_listing import media
from tests.inbox.platforms.mutations import mutated, mutations, sent_by

JULIE = {"id": "7011223344556677", "name": "Julie Exemple", "username": "julie.ex"}

LISTED: list[tuple[str, dict[str, Any]]] = [
    ("facebook", {"as": "post", "item": post()}),
    ("facebook", {"as": "visitor_post", "edited": True, "item": post(**{"from": JULIE})}),
    ("facebook", {"as": "comment", "post": post(), "item": comment("1_2", parent={"id": "1_1"}, attachment={"type": "photo"})}),
    ("facebook", {"as": "comment", "rating": "900900", "item": comment("900900_2")}),
    ("facebook", {"as": "rating", "item": rating()}),
    ("facebook", {"as": "message", "person": JULIE, "item": message("m_1", attachments={"data": [{"mime_type": "image/png"}]})}),
    ("instagram", {"as": "media", "item": media()}),
    ("instagram", {"as": "comment", "media": media(), "root": "1", "ours": False, "item": ig_comment("2")}),
    ("instagram", {"as": "mention", "media": "1", "comment": "2", "item": ig_comment("2")}),
    ("instagram", {"as": "message", "person": JULIE, "item": message("m1")}),
]
SENT = [(family.slug, path) for family in platforms.families() for path in sent_by(family.slug)]
# As they stand in a file: what a platform lists, or tells of what it is asked for.
READ = {"google": "google/reviews", "linkedin": "linkedin/listed", "wordpress": "wordpress"}
FILES = [(slug, path) for slug, room in READ.items() for path in sorted((FIXTURES / room).glob("*.json"))]
LISTED += [(slug, json.loads(path.read_bytes())) for slug, path in FILES]


def check(event: Event) -> None:
    assert len(event.channel_id) <= wire.PERSON_ID
    if isinstance(event, Turn):
        assert 0 < len(event.external_id) <= wire.ID
        assert 0 < len(event.thread) <= wire.ID
        assert "\0" not in event.text + event.external_id + event.thread
        event.text.encode()


def named(case: Any) -> str | None:
    match case:
        case Path():
            return f"{case.parent.name}-{case.stem}"
        case {"as": str(name)}:
            return name
    return None


@pytest.mark.parametrize(("family", "path"), SENT, ids=named)
def test_a_body_with_any_part_replaced_is_read_and_never_an_error(family, path):
    for body in mutated(json.loads(path.read_bytes())):
        if isinstance(body, dict | list):
            for event in events_in(family, body):
                check(event)


@pytest.mark.parametrize(("slug", "item"), LISTED, ids=named)
def test_a_listed_item_with_any_part_replaced_is_read_or_unreadable(slug, item):
    for odd in mutations(item):
        if not isinstance(odd, dict):
            continue
        clean = wire.load(json.dumps(odd).encode())
        try:
            for event in platforms.get(slug).read_listed("100200300400500", clean):
                check(event)
        except wire.Unreadable:
            pass
