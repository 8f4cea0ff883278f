"""The demo's own topics and products, and its templates, each taken through the library's own steps."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.access import Role
from accounts.locations.dates import today_of
from accounts.models import Membership
from inbox.models import OwnTopic
from inbox.screening.by_rules import own
from responses import library
from responses.demo.houses import Founded
from responses.models import TemplateVersion
from responses.models.templates import WORDS
from responses.texts import telling

State = TemplateVersion.State


def tell(founded: Founded, *, now: datetime) -> None:
    """What the organization adds to what is looked for in every message."""
    began = now - timedelta(days=72)
    organization, house = founded.organization, founded.house
    own.save_topic(OwnTopic(organization=organization, **house.topic), by=founded.one(Role.COMPLIANCE), now=began)
    own.set_products(organization, house.products, shown=(), by=founded.one(Role.ADMIN), now=began)


def write(founded: Founded, *, now: datetime) -> None:
    """Draft, submit and decide, so that what is in force, in review and asked to change comes about as it would."""
    decider = founded.one(Role.COMPLIANCE)
    for number, seed in enumerate(founded.house.words):
        if "hours_ago" in seed:
            continue
        drafted = now - timedelta(days=70 - number % 9)
        author = founded.one(Role.PHARMACIST if number % 3 else Role.STAFF)
        version = library.draft(founded.organization, by=author, now=drafted, **_words(seed))
        version = _take_to(version, seed, author, decider, drafted, now)
        if "next" in seed:
            later = now - timedelta(days=2, hours=number % 7)
            version = library.revise(version, by=author, now=later, **_words(seed["next"]))
            _take_to(version, {"state": State.IN_REVIEW} | seed["next"], author, decider, later, now)


def write_lately(founded: Founded, *, now: datetime) -> None:
    """What was handed in and decided on in the last days, of which people are told; and that other words end soon."""
    author, decider = founded.one(Role.STAFF), founded.one(Role.COMPLIANCE)
    for seed in founded.house.words:
        if "hours_ago" in seed:
            at = now - timedelta(hours=seed["hours_ago"])
            version = library.draft(founded.organization, by=author, now=at, **_words(seed))
            _take_to(version, seed, author, decider, at, now)
    telling.expiring(now=now)


def _words(seed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: seed[name] for name in WORDS if name in seed}


def _take_to(
    version: TemplateVersion, seed: Mapping[str, Any], author: Membership, decider: Membership, at: datetime, now: datetime
) -> TemplateVersion:
    state, comment = seed["state"], seed.get("comment", "")
    lately = state == State.IN_REVIEW and "hours_ago" not in seed  # what waits for a decision was handed in lately
    at = max(at, now - timedelta(days=1, hours=7)) if lately else at
    if state != State.DRAFT:
        version = library.submit(version, by=author, now=at + timedelta(hours=1))
    if state in {State.APPROVED, State.WITHDRAWN}:
        ends = today_of(author.organization, now) + timedelta(days=seed["days_left"]) if "days_left" in seed else None
        last_day = ends or (at + timedelta(days=365)).date()
        version = library.approve(version, by=decider, now=at + timedelta(hours=5), expires_on=last_day)
    if state == State.WITHDRAWN:
        version = library.withdraw(version, by=decider, now=at + timedelta(hours=9), comment=comment)
    if state == State.CHANGES_REQUESTED:
        version = library.request_changes(version, by=decider, now=at + timedelta(hours=5), comment=comment)
    return version
