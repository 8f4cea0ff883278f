"""The demo's own topic and product, and its templates, each taken through the library's own steps."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from accounts.models import Membership, Organization
from inbox.models import OwnTopic
from inbox.screening.by_rules import own
from responses import library
from responses.models import TemplateVersion
from responses.models.templates import WORDS

SEEDS = Path(__file__).parent.parent / "seeds" / "templates.json"

STOCKINGS = {
    "name_fr": "Bas de compression",
    "name_en": "Compression stockings",
    "words": ["bas de compression", "bas support", "compression stocking", "compression sock"],
}
PRODUCTS = ["Baume du Quai"]


def tell(organization: Organization, people: dict[str, Membership], *, now: datetime) -> None:
    """What the group adds to what is looked for in every message."""
    began = now - timedelta(days=72)
    own.save_topic(OwnTopic(organization=organization, **STOCKINGS), by=people["diane"], now=began)
    own.set_products(organization, PRODUCTS, shown=(), by=people["gaston"], now=began)


def write(organization: Organization, people: dict[str, Membership], *, now: datetime) -> None:
    """Draft, submit and decide, so that what is in force, in review and asked to change comes about as it would."""
    for number, seed in enumerate(json.loads(SEEDS.read_text())):
        drafted = now - timedelta(days=70 - number % 9)
        words = {name: seed[name] for name in WORDS if name in seed}
        author = people["bruno"] if number % 3 else people["aline"]
        version = library.draft(organization, by=author, now=drafted, **words)
        version = _take_to(version, seed["state"], author, people["diane"], drafted, now, seed.get("comment", ""))
        if "next" in seed:
            later = now - timedelta(days=2, hours=number % 7)
            following = {name: seed["next"][name] for name in WORDS if name in seed["next"]}
            version = library.revise(version, by=author, now=later, **following)
            _take_to(version, seed["next"].get("state", "in_review"), author, people["diane"], later, now)


def _take_to(
    version: TemplateVersion, state: str, author: Membership, decider: Membership, at: datetime, now: datetime, comment: str = ""
) -> TemplateVersion:
    fresh = state == TemplateVersion.State.IN_REVIEW  # what waits for a decision was handed in lately
    at = max(at, now - timedelta(days=1, hours=7)) if fresh else at
    if state != TemplateVersion.State.DRAFT:
        version = library.submit(version, by=author, now=at + timedelta(hours=1))
    if state == TemplateVersion.State.APPROVED:
        last_day = (at + timedelta(days=365)).date()
        version = library.approve(version, by=decider, now=at + timedelta(hours=5), expires_on=last_day)
    if state == TemplateVersion.State.CHANGES_REQUESTED:
        version = library.request_changes(version, by=decider, now=at + timedelta(hours=5), comment=comment)
    return version
