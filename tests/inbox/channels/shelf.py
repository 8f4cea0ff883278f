"""A platform whose list lies open on a shelf: a test puts items there, takes them away, and says what goes wrong."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inbox.platforms import wire
from inbox.platforms.base import (
    Connection,
    Difference,
    Event,
    Health,
    Kind,
    OwnTurn,
    PostPublished,
    PostSeen,
    Received,
    VisibilityChanged,
)
from inbox.platforms.base.events import Author, Moderation
from inbox.platforms.facebook import Facebook
from tests.factories import NOON
from tests.inbox.wire import JULIE


@dataclass
class Asked:
    since: datetime
    posts: list[str]


@dataclass
class Shelf(Facebook):
    """Facebook, whose webhooks it has, with a list of its own."""

    items: list[dict[str, Any]] = field(default_factory=list)
    kept_back: set[str] = field(default_factory=set)  # ids that are there, and in no list
    tells_of: set[Difference] = field(default_factory=lambda: set(Difference))
    problem: Exception | None = None
    health: Health = field(default_factory=Health)
    asked: list[Asked] = field(default_factory=list)
    second_looks: list[str] = field(default_factory=list)
    subscriptions: list[str] = field(default_factory=list)
    while_listing: Any = None
    apart: timedelta = timedelta(0)  # how rarely it can be looked at
    renewed: tuple[str, datetime | None] | None = None
    refusal: Exception | None = None  # of what is asked for, other than the list and the state

    def put(self, comment: str, at: datetime = NOON, text: str = "Êtes-vous ouverts lundi?", **more: Any) -> dict[str, Any]:
        item = {"id": f"900111_{comment}", "at": at.isoformat(), "text": text, "from": JULIE, **more}
        self.items = [item, *(each for each in self.items if each["id"] != item["id"])]
        return item

    def take_away(self, comment: str) -> None:
        self.items = [each for each in self.items if each["id"] != f"900111_{comment}"]

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        self.asked.append(Asked(since, list(posts)))
        connection.meter.apart = self.apart
        if self.while_listing:
            self.while_listing()
        yield from list(self.items)
        if self.problem:
            raise self.problem

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        external_id, at = wire.required(item.get("id"), "id"), wire.iso(item["at"])
        if item.get("post"):
            post = PostSeen(external_id, text=item["text"], published_at=at)
            yield PostPublished(platform=self.slug, channel_id=channel_id, post=post)
            return
        parent = item.get("parent", "")
        turn: dict[str, Any] = {
            "platform": self.slug,
            "channel_id": channel_id,
            "external_id": external_id,
            "kind": Kind.COMMENT,
            "thread": parent or external_id,
            "parent": parent,
            "text": item["text"],
            "at": at,
            "post": PostSeen(f"{channel_id}_900111"),
            "moderation": Moderation(item.get("moderation", "")),
        }
        if item.get("ours"):
            yield OwnTurn(**turn)
        else:
            yield Received(**turn, author=Author(**item["from"]))
        if "hidden" in item:
            yield VisibilityChanged(
                platform=self.slug, channel_id=channel_id, external_id=external_id, hidden=item["hidden"], at=at
            )

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return difference in self.tells_of

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        self.second_looks.append(external_id)
        return external_id in self.kept_back

    def check(self, connection: Connection) -> Health:
        if self.problem:
            raise self.problem
        return self.health

    def subscribe(self, connection: Connection, callback: str) -> None:
        if self.refusal:
            raise self.refusal
        self.subscriptions.append(callback)

    def unsubscribe(self, connection: Connection, beside: Collection[str]) -> None:
        if self.refusal:
            raise self.refusal
        self.subscriptions.clear()

    def refresh(self, connection: Connection) -> tuple[str, datetime | None] | None:
        if self.refusal:
            raise self.refusal
        return self.renewed
