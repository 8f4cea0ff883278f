"""Every URL of the project, asked by everybody who must not get in, and by everybody who may."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.access import Permission, Role, permissions_of
from inbox import platforms
from tests.url_examples import EXAMPLES, HERE, LOCATION, NOBODY, ORGANIZATION_WIDE, OURS, PERSON, THIRD_PARTY, World, make_world

ANSWERED = {200, 204, 302, 400, 405, 409, 422}
REFUSED = {403, 405}  # 405: not a method of this view, whoever asks
METHODS = ("get", "post")


@dataclass(frozen=True)
class Url:
    name: str
    route: str
    access: Any
    takes_arguments: bool

    def address(self, world: World) -> str:
        if not self.takes_arguments:
            return reverse(self.name)
        assert self.name in EXAMPLES, (
            f"{self.name} ({self.route}) takes arguments: give it a line in EXAMPLES of tests/url_examples.py"
        )
        return reverse(self.name, kwargs=EXAMPLES[self.name].kwargs(world))

    @property
    def kept_to(self) -> str:
        return EXAMPLES[self.name].kept_to if self.name in EXAMPLES else NOBODY


def walk(patterns: list[Any], route: str = "/", space: str = "") -> Iterator[Url]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walk(pattern.url_patterns, here, inner)
            continue
        name = space + (pattern.name or "")
        access = getattr(pattern.callback, "access", None) or THIRD_PARTY.get(name)
        yield Url(name, here, access, bool(pattern.pattern.regex.groups))


URLS = list(walk(get_resolver().url_patterns))
CLASSIFIED = [url for url in URLS if url.access and url.name]


def each(urls: list[Url]) -> Any:
    return pytest.mark.parametrize("url", urls, ids=[url.name or url.route for url in urls])


@pytest.fixture(autouse=True)
def alone(settings):
    """No platform is reachable from here, and no limit counts across tests."""
    for variable in platforms.variables():
        if variable.kind == "url":
            setattr(settings, variable.name, "http://127.0.0.1:9")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "urls"}}
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def world(db):
    return make_world()


def ask(address: str, member: Any = None) -> Iterator[tuple[str, int, str]]:
    """GET and POST as this member, each undone afterwards. A view that breaks breaks the test."""
    for method in METHODS:
        with transaction.atomic():
            client = Client()
            if member:
                client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
            answer = getattr(client, method)(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        yield method, answer.status_code, body.decode() + answer.headers.get("Location", "")


@each(URLS)
def test_every_url_has_a_name_and_somebody_decided_who_may_open_it(url):
    assert url.name, f"{url.route} has no name"
    assert url.access, f"{url.name} ({url.route}) carries no access: decorate its view with requires, public or signed_in"
    assert isinstance(url.access, Permission) or url.access in {"public", "signed_in"}


@each([url for url in URLS if url.takes_arguments])
def test_every_url_with_arguments_has_an_example(url):
    assert url.name in EXAMPLES, f"give {url.name} ({url.route}) a line in EXAMPLES of tests/url_examples.py"


def test_no_example_outlives_its_url():
    assert set(EXAMPLES) <= {url.name for url in URLS}
    assert set(THIRD_PARTY) <= {url.name for url in URLS}


@each(CLASSIFIED)
def test_a_visitor_is_sent_to_sign_in_or_sees_only_what_is_public(url, world):
    for method, status, body in ask(url.address(world)):
        assert OURS not in body, method
        assert HERE not in body, method
        if url.access == "public":
            assert status < 500, method
        else:
            assert status == 302, method
            assert reverse("account_login") in body, method


@each([url for url in CLASSIFIED if isinstance(url.access, Permission)])
def test_a_role_opens_what_it_may_and_nothing_else(url, world):
    for role in Role:
        member = world.the_owner_as(role) if url.kept_to == PERSON else world.of_role(role)
        statuses = {status for _method, status, _body in ask(url.address(world), member)}

        if url.access in permissions_of(role):
            assert statuses <= ANSWERED, role
            assert statuses != {405}, role
        else:
            assert statuses <= REFUSED, role
            assert 403 in statuses, role


@each([url for url in CLASSIFIED if url.access != "public"])
def test_a_page_that_offers_the_other_language_can_be_opened_again(url, world):
    for role in Role:
        member = world.the_owner_as(role) if url.kept_to == PERSON else world.of_role(role)
        for method, _status, body in ask(url.address(world), member):
            for address in re.findall(r'name="next" value="([^"]*)"', body):
                opened = next(ask(html.unescape(address), member))

                assert opened[1] != 405, (role, method, address)


@each([url for url in CLASSIFIED if url.access == "signed_in"])
def test_ones_own_pages_open_for_everybody_and_show_nothing_of_others(url, world):
    for member in (world.of_role(Role.AUDITOR), world.outsider("signed_in")):
        for method, status, body in ask(url.address(world), member):
            assert status in ANSWERED | {403, 404}, (method, status)  # allauth: no second step yet, no password yet
            assert HERE not in body, method


@each([url for url in CLASSIFIED if url.access != "public"])
def test_an_outsider_finds_nothing_of_ours(url, world):
    answers = list(ask(url.address(world), world.outsider(url.access)))
    statuses = {status for _method, status, _body in answers}

    assert all(OURS not in body and HERE not in body for _method, _status, body in answers)
    if url.kept_to == NOBODY:
        assert statuses <= ANSWERED | {403, 404}
    else:
        assert statuses <= {404, 405}
        assert 404 in statuses


@each([url for url in CLASSIFIED if isinstance(url.access, Permission) and url.name not in ORGANIZATION_WIDE])
def test_somebody_of_another_location_finds_nothing_of_this_one(url, world):
    member = world.of_the_other_location(url.access)
    answers = list(ask(url.address(world), member))

    assert all(HERE not in body for _method, _status, body in answers)
    if url.kept_to in {LOCATION, PERSON}:
        assert {status for _method, status, _body in answers} <= {404, 405}
        assert 404 in {status for _method, status, _body in answers}


@each([url for url in CLASSIFIED if url.kept_to == PERSON])
def test_what_is_one_persons_own_does_not_exist_for_a_colleague(url, world):
    statuses = {status for _method, status, _body in ask(url.address(world), world.of_role(Role.MANAGER))}

    assert statuses <= {404, 405}
    assert 404 in statuses


@each([url for url in CLASSIFIED if isinstance(url.access, Permission)])
def test_somebody_whose_access_ended_opens_nothing(url, world):
    member = world.of_role(next(role for role in Role if url.access in permissions_of(role)))
    type(member).objects.filter(pk=member.pk).update(ended_at=member.created_at)

    statuses = {status for _method, status, _body in ask(url.address(world), member)}

    assert statuses <= REFUSED
    assert 403 in statuses
