"""What a reply is read together with: the thread above it, whose page it is, who may be named.

Two questions in all: what is typed is judged every time that it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, OuterRef, Q, TextField

from accounts.models import Location, Membership, Organization
from inbox.models import Conversation, Message, OwnProduct, prepared
from inbox.models.prepared import Prepared
from responses import guard
from responses.models import TemplateVersion
from responses.texts.products import makes_its_own
from responses.texts.readiness import SELLING

READ = 20  # messages of a thread: the newest
_FACTS = ("name", "phone", "address", "booking_url", "hours_url", "private_url", "signature")


class Said(NamedTuple):
    """What the person wrote once."""

    text: str
    topics: list[str]
    language: str
    waits: bool  # for an answer


def said(conversation: Conversation) -> list[Said]:
    """What is still there of it, the newest first."""
    theirs = conversation.messages.filter(direction=Message.Direction.IN, removed_at=None)
    rows = theirs.annotate(waits=Q(wait__isnull=False, wait__ended_at=None)).order_by("-sent_at", "-pk")
    return [Said(*row) for row in rows.values_list(*Said._fields)[:READ]]


@dataclass(frozen=True, slots=True)
class Beside:
    said: Sequence[Said]
    ours: list[str]  # what the organization says of itself, which is no finding: its phones, addresses, links and names
    around: guard.Around

    @classmethod
    def of(cls, conversation: Conversation, version: TemplateVersion | None) -> Self:
        """What the rules make of it depends on whether everybody reads along: each says so itself."""
        newest, house = said(conversation), _House.of(conversation.organization_id)
        topics = {version.topic} if version else set(newest[0].topics if newest else ())
        post = conversation.post.text if conversation.post else ""
        around = guard.Around(
            thread="\n".join([post, *(each.text for each in newest)]),
            own=tuple(house.products) if makes_its_own(conversation.organization) else (),
            sells=not SELLING.isdisjoint(topics),
            people=tuple(filter(None, [*house.team, *_names(conversation)])),
        )
        return cls(newest, [fact for place in house.places for fact in place if fact], around)


class _House(NamedTuple):
    places: list[list[str]]  # the facts of each location
    team: list[str]
    products: list[str]

    @classmethod
    def of(cls, organization_id: int) -> Self:
        [found] = _house().ask({_STAND_IN: organization_id})
        return cls(*found)


_STAND_IN = prepared.key(0)


@cache
def _house() -> Prepared:
    facts = Func(*_FACTS, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    places = Location.objects.filter(organization=OuterRef("pk")).order_by("pk").values(facts=facts)
    team = Membership.objects.active().filter(organization=OuterRef("pk")).order_by("pk").values("user__name")
    products = OwnProduct.objects.filter(organization=OuterRef("pk")).order_by("pk").values("name")
    rows = Organization.objects.filter(pk=_STAND_IN).order_by()
    return Prepared.of(rows.values_list(ArraySubquery(places), ArraySubquery(team), ArraySubquery(products)))


def _names(conversation: Conversation) -> list[str]:
    contact = conversation.contact
    return [contact.name, contact.first_name] if contact else []
