"""What triage is told beside the words: whose page it is, who answers there, which numbers are the page's own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import Location, Membership, Organization
from inbox.models import Conversation, OwnProduct, prepared
from inbox.models import OwnTopic as Topic
from inbox.models.prepared import Prepared
from inbox.triage.findings import Context, OwnTopic

_PLACES = {
    Conversation.Kind.COMMENT: "comment",
    Conversation.Kind.MESSAGE: "dm",
    Conversation.Kind.REVIEW: "review",
}


@dataclass(frozen=True, slots=True)
class House:
    """What holds for every message to one organization."""

    kind: str
    language: str
    numbers: tuple[str, ...]
    staff: tuple[str, ...]
    products: tuple[str, ...] = ()
    own_topics: tuple[OwnTopic, ...] = ()

    @classmethod
    def of(cls, organization_ids: Iterable[int]) -> dict[int, Self]:
        """Of each organization, in one query."""
        asked = sorted(set(organization_ids))
        if not asked:
            return {}
        found = _houses(len(asked)).ask(dict(zip(_stand_ins(len(asked)), asked, strict=True)))
        return {
            pk: cls(kind, language, tuple(numbers), tuple(staff), tuple(products), _topics(topics))
            for pk, kind, language, numbers, staff, products, topics in found
        }

    def context(self, platform: str, kind: str, *, author: str, private: bool = False) -> Context:
        """kind: of the conversation."""
        return Context(
            channel=_channel(platform, kind),
            public=kind != Conversation.Kind.MESSAGE and not private,
            page_kind=self.kind,
            author=author,
            page_numbers=self.numbers,
            staff=self.staff,
            page_language=self.language,
            products=self.products,
            own_topics=self.own_topics,
        )


def _topics(told: Iterable[str]) -> tuple[OwnTopic, ...]:
    return tuple(OwnTopic(topic["slug"], tuple(topic["words"])) for topic in map(json.loads, told))


def _stand_ins(number: int) -> list[int]:
    return [prepared.key(n) for n in range(number)]


@cache
def _houses(number: int) -> Prepared:
    phones = Location.objects.filter(organization=OuterRef("pk")).exclude(phone="").order_by("pk").values("phone")
    names = Membership.objects.active().filter(organization=OuterRef("pk")).order_by("pk").values("user__name")
    products = OwnProduct.objects.filter(organization=OuterRef("pk")).order_by("pk").values("name")
    current = Topic.objects.current().filter(organization=OuterRef("pk")).order_by("pk")
    lists = {
        "numbers": ArraySubquery(phones),
        "staff": ArraySubquery(names),
        "products": ArraySubquery(products),
        "topics": ArraySubquery(current.values(told=JSONObject(slug="slug", words="words"))),
    }
    rows = Organization.objects.filter(pk__in=_stand_ins(number)).order_by()
    return Prepared.of(rows.annotate(**lists).values_list("pk", "kind", "language", *lists))


def _channel(platform: str, kind: str) -> str:
    if platform == "website" and kind == Conversation.Kind.MESSAGE:
        return "web_form"
    return f"{platform}_{_PLACES[Conversation.Kind(kind)]}"
