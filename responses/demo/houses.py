"""What the demo knows of an organization before it is founded: who works there, where, on which pages, and what is said there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import inbox
import responses
from accounts.access import Role
from accounts.models import Membership, Organization, Province

SEEDS = {
    "conversations": Path(inbox.__file__).parent / "seeds",
    "templates": Path(responses.__file__).parent / "seeds",
}


@dataclass(frozen=True, slots=True)
class Place:
    slug: str
    name: str
    short_name: str
    phone: str
    address: str
    signature: str
    hours: dict[str, list[list[str]]]
    counter: str  # who answers there
    time_zone: str = "America/Toronto"
    province: str = Province.QUEBEC
    site: str = ""  # none: one of its own
    # How many of the coming holidays somebody confirmed; None: those of the next two months.
    confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    address: str  # its first part
    name: str
    role: Role
    places: Sequence[str] = ()  # none: all
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """{simulator} stands for the address of the simulator."""

    platform: str
    place: str
    external_id: str
    name: str
    token: str
    settings: Mapping[str, str] = field(default_factory=dict)
    site: str = ""  # as the simulator calls it, where that is something else
    username: str = ""
    welcome: str = ""  # its first post, where the simulator does not begin with this page

    @property
    def key(self) -> str:
        """By which the seeds know it."""
        return f"{self.platform}:{self.place}"

    @property
    def simulated(self) -> str:
        return self.site or self.external_id


@dataclass(frozen=True, eq=False)
class House:
    name: str
    slug: str
    kind: Organization.Kind
    places: Sequence[Place]
    people: Sequence[Person]
    pages: Sequence[Page]
    topic: Mapping[str, Any]
    products: Sequence[str]
    conversations: str  # the names of its seeds
    templates: str
    causes: Sequence[str]  # of its misses, from the oldest
    reviewed: str

    @cached_property
    def told(self) -> Any:
        return _read("conversations", self.conversations)

    @cached_property
    def words(self) -> Any:
        return _read("templates", self.templates)

    def page(self, key: str) -> Page:
        return next(page for page in self.pages if page.key == key)


def _read(folder: str, name: str) -> Any:
    return json.loads((SEEDS[folder] / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Founded:
    """An organization of the demo, and its people by the first part of their address."""

    house: House
    organization: Organization
    people: Mapping[str, Membership]

    def one(self, role: Role) -> Membership:
        return next(member for member in self.people.values() if member.role == role)

    def counter(self, place: str) -> Membership:
        return self.people[next(each.counter for each in self.house.places if each.slug == place)]
