"""How the library is read: what is current, how often it was used, how a text looks with its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import Membership
from inbox.triage.lexicons import fold
from responses import wording
from responses.models import Reply, TemplateVersion
from responses.texts import diff

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: locked words, or a field under the name that people know it by."""

    text: str
    field: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A change, its fields under their labels."""

    kind: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Difference:
    language: str
    title: list[Named]
    body: list[Named]


def current(membership: Membership) -> QuerySet[TemplateVersion]:
    """What matters now of each template: the version in force, and the newest."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number").values("pk")[:1]
    mine = TemplateVersion.objects.of(membership)
    return mine.filter(Q(template__in_force=F("pk")) | Q(pk=Subquery(newest))).select_related("template", "author__user")


def matching(versions: QuerySet[TemplateVersion], asked: dict[str, Any]) -> QuerySet[TemplateVersion]:
    """All that the filters ask for but the state, which the tabs count."""
    if asked.get("topic"):
        versions = versions.filter(topic=asked["topic"])
    if asked.get("platform"):
        versions = versions.filter(Q(platforms=[]) | Q(platforms__contains=[asked["platform"]]))
    for word in asked.get("q", "").split():
        anywhere = Q()
        for language in [asked["language"]] if asked.get("language") else LANGUAGES:
            anywhere |= Q(**{f"title_{language}__icontains": word}) | Q(**{f"body_{language}__icontains": word})
        versions = versions.filter(anywhere)
    return versions


def by_topic(names: Mapping[str, str]) -> Case:
    """The order of the topics as the reader calls them."""
    topics = sorted(names, key=lambda topic: fold(names[topic]))
    return Case(*[When(topic=topic, then=Value(rank)) for rank, topic in enumerate(topics)], output_field=IntegerField())


def counts(versions: QuerySet[TemplateVersion]) -> dict[str, int]:
    return dict(versions.order_by().values_list("state").annotate(Count("pk")))


def uses(versions: Iterable[TemplateVersion]) -> dict[int, int]:
    """How many answers left with the words of each version."""
    sent = Reply.objects.filter(version__in=[version.pk for version in versions], state=Reply.State.SENT)
    return dict(sent.order_by().values_list("version").annotate(Count("pk")))


def pieces(body: str) -> list[Piece]:
    return [Piece(part.text, part.field, _label(part.field)) for part in wording.segments(body)]


def differences(before: TemplateVersion | None, after: TemplateVersion) -> list[Difference]:
    """What changed in each language; without a version before, all is new and nothing is marked."""
    return [
        Difference(
            language,
            _named(_title(before or after, language), _title(after, language)),
            _named((before or after).body(language), after.body(language)),
        )
        for language in LANGUAGES
    ]


def _named(before: str, after: str) -> list[Named]:
    return [Named(change.kind, pieces(change.text)) for change in diff.changes(before, after)]


def _title(version: TemplateVersion, language: str) -> str:
    return version.title_en if language == "en" else version.title_fr


def labelled(text: str) -> str:
    """The text with each field under the name that people know it by."""
    return "".join(f"[{piece.label}]" if piece.field else piece.text for piece in pieces(text))


def _label(field: str) -> str:
    known = wording.BY_NAME.get(field)
    return str(known.label) if known else f"{{{field}}}" if field else ""
