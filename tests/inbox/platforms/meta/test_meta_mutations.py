"""Every body of Meta that we know, and every item of its lists, with each part of it in turn missing or something else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from inbox import platforms
from inbox.platforms import wire
from inbox.platforms.base import Event, Turn
from tests.inbox.platforms.contract import FIXTURES, events_in
from tests.inbox.platforms.facebook.test_facebook_listing import comment, message, post, rating
from tests.inbox.platforms.instagram.test_instagram_listing import comment as ig_comment
from tests.inbox.platforms.instagram.test_instagram_listing import media

ODD = [None, True, 7, -1, 10**30, 1.5, "", "x", "a\0b", "\ud83d", "9" * 301, "é" * 5000, [], [None], [[]], {}, {"id": None}]
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


def mutations(value: Any) -> Iterator[Any]:
    """This with one part of it at a time missing, or something else."""
    yield from ODD
    if isinstance(value, dict):
        for key in value:
            rest = {name: each for name, each in value.items() if name != key}
            yield rest
            yield from (rest | {key: odd} for odd in mutations(value[key]))
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from ([*value[:number], odd, *value[number + 1 :]] for odd in mutations(each))
        yield value * 500


def check(event: Event) -> None:
    assert len(event.channel_id) <= wire.PERSON_ID
    if isinstance(event, Turn):
        assert 0 < len(event.external_id) <= wire.ID
        assert 0 < len(event.thread) <= wire.ID
        assert "\0" not in event.text + event.external_id + event.thread
        event.text.encode()


@pytest.mark.parametrize(
    "path", sorted([*FIXTURES.glob("facebook/*.json"), *FIXTURES.glob("instagram/*.json")]), ids=lambda p: p.stem
)
def test_a_body_with_any_part_replaced_is_read_and_never_an_error(path):
    for body in mutations(json.loads(path.read_bytes())):
        if isinstance(body, dict | list):
            for event in events_in("meta", body):
                check(event)


@pytest.mark.parametrize(("slug", "item"), LISTED, ids=lambda case: case if isinstance(case, str) else case["as"])
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
