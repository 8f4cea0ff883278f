"""One identifier of each kind, planted in every field of every body that we know of every platform, and of every item they list.

A field is where other words change nothing of what the body says, of what and by whom: an id is none, nor is a moment.
"""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from inbox import intake, platforms
from inbox.keeping import exports
from inbox.models import Conversation, Delivery
from inbox.platforms import listings
from inbox.platforms.base import Event, Malformed
from tests.factories import NOON, make_channel, make_member
from tests.inbox.platforms.contract import CHANNEL, FIXTURES
from tests.inbox.platforms.mutations import sent_by
from tests.inbox.platforms.test_mutations import LISTED
from tests.inbox.wire import store
from tests.test_planted import ALL, found_in

pytestmark = pytest.mark.django_db

PAGE = "100200300400500"
ABOUT = {"platform", "channel_id", "external_id", "thread", "kind", "at", "parent"}
Put = Callable[[Any], Any]


def sent() -> Iterator[tuple[str, str, Any]]:
    """Whose, the endpoint, the body."""
    for family in platforms.families():
        endpoint = platforms.endpoint_of(family.slug, CHANNEL if family.addressed else "")
        yield from ((path.parent.name, endpoint, json.loads(path.read_bytes())) for path in sent_by(family.slug))


def listed() -> Iterator[tuple[str, str, Any]]:
    files = [("x", path) for path in FIXTURES.glob("x/listed/*.json")] + [
        ("youtube", path) for path in FIXTURES.glob("youtube/*")
    ]
    items = [*LISTED, *((slug, json.loads(path.read_bytes())) for slug, path in files)]
    yield from ((slug, listings.ENDPOINT, json.loads(listings.body_of(slug, PAGE, [item], at=NOON))) for slug, item in items)


BODIES = [*sent(), *listed()]


def places(node: Any, put: Put, name: str = "") -> Iterator[tuple[str, Put]]:
    """Each text, and the body with another in its place."""
    if isinstance(node, str) and not name.endswith("id"):
        yield node, put
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, _within(node, key, put), key)
    if isinstance(node, list):
        for number, value in enumerate(node):
            yield from places(value, _within(node, number, put), name)


def _within(node: Any, key: Any, put: Put) -> Put:
    def put_there(value: Any) -> Any:
        copy = dict(node) if isinstance(node, dict) else list(node)
        copy[key] = value
        return put(copy)

    return put_there


def planted(endpoint: str, body: Any) -> tuple[Any, int]:
    """The body with the words in each of its fields, and how many these are."""
    said, count = says(endpoint, body), 0
    for number in range(sum(1 for _ in places(body, lambda whole: whole))):
        text, put = list(places(body, lambda whole: whole))[number]
        for words in (f"{text} {ALL}", ALL):
            if says(endpoint, put(words)) == said:
                body, count = put(words), count + 1
                break
    return body, count


def says(endpoint: str, body: Any) -> Any:
    try:
        return [_about(event) for event in platforms.parse(endpoint, json.dumps(body).encode(), received_at=NOON)]
    except (Malformed, platforms.UnknownPlatform):
        return None


def _about(event: Event) -> Any:
    told = {each.name: getattr(event, each.name) for each in fields(event)}
    people = [getattr(told.get(who), "id", None) for who in ("author", "to", "actor")]
    return type(event), {name: told[name] for name in ABOUT & set(told)}, people, getattr(told.get("post"), "external_id", None)


def pages(delivery: Delivery) -> Iterator[tuple[str, str]]:
    """Each that shows what came, and how it is asked."""
    yield "get", reverse("inbox:list")
    yield "get", reverse("channels:list")
    yield "get", f"{reverse('channels:deliveries')}?all"
    yield "get", reverse("channels:delivery", args=[delivery.pk])
    yield "post", reverse("channels:delivery_body", args=[delivery.pk])
    for conversation in Conversation.objects.all():
        yield "get", conversation.get_absolute_url()


def leaks_of(endpoint: str, body: Any, place: Any, client: Client) -> dict[str, set[str]]:
    """Where it can be read, once it was taken in; all of it undone."""
    raw = json.dumps(body).encode()
    with transaction.atomic():
        for platform, page in {(each.platform, each.channel_id) for each in platforms.parse(endpoint, raw, received_at=NOON)}:
            if page:
                make_channel(place, platform, external_id=page, name="Notre page")
        store(raw, at=NOON, endpoint=endpoint)
        intake.drain(now=NOON)
        delivery = Delivery.objects.get()
        assert delivery.outcome in {"done", "partly"}, delivery.error
        shown = {address: getattr(client, method)(address).text for method, address in pages(delivery)}
        shown["export"] = json.dumps(list(exports.rows(Conversation.objects.all(), now=NOON)))
        transaction.set_rollback(True)
    return {where: kinds for where, text in shown.items() if (kinds := found_in(text))}


@pytest.mark.parametrize("platform", platforms.slugs())
def test_no_field_of_a_platform_is_shown_as_it_came(platform, place, sign_in, caplog):
    caplog.set_level(logging.DEBUG)
    client = sign_in(make_member(place.organization, Role.ADMIN))
    bodies = [(*planted(endpoint, body), endpoint) for whose, endpoint, body in BODIES if whose == platform]
    leaks = [found for body, count, endpoint in bodies if count and (found := leaks_of(endpoint, body, place, client))]

    assert leaks == []
    assert sum(count for _body, count, _endpoint in bodies) >= len(bodies)  # of each some field on average: the test can fail
    assert found_in(caplog.text) == set()


def test_every_body_belongs_to_a_platform():
    assert {whose for whose, _endpoint, _body in BODIES} == set(platforms.slugs())
