"""Which approved words fit a conversation, the most likely first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.locations.days import Day
from accounts.models import Membership
from inbox.models import Conversation
from inbox.triage.topics import DANGERS
from responses import wording
from responses.composing import values
from responses.composing.allowed import Allowed, allowed
from responses.models import Reply, TemplateVersion
from responses.models.templates import MOVE, Audience
from responses.sending import doors

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    version: TemplateVersion
    preview: str  # how it would read here
    why_not: str  # empty: it may be used

    @property
    def usable(self) -> bool:
        return not self.why_not


def fitting(conversation: Conversation, *, by: Membership, mode: str, now: datetime) -> QuerySet[TemplateVersion]:
    """The approved versions that may be used here: this organization, audience, platform, and what alone may be answered."""
    return _fitting(conversation, allowed(conversation, by=by), mode=mode, now=now)


def _fitting(conversation: Conversation, only: Allowed | None, *, mode: str, now: datetime) -> QuerySet[TemplateVersion]:
    audience = Audience.PUBLIC if mode == "public" else Audience.PRIVATE
    here = Q(platforms=[]) | Q(platforms__contains=[conversation.platform])
    versions = TemplateVersion.objects.usable(now).filter(
        here, template__organization=conversation.organization_id, audience__in=[audience, Audience.BOTH]
    )
    if doors.takes_one_answer(conversation):
        versions = versions.exclude(~Q(topic=MOVE), holds=True)
    return versions if only is None else versions.filter(topic__in=only.topics)


def suggest(
    conversation: Conversation,
    *,
    by: Membership,
    mode: str,
    language: str,
    now: datetime,
    search: str = "",
    topics: Iterable[str] = (),
) -> list[Suggestion]:
    """Those of the asked topics first, in their order, then what this location used last, then by title.

    Where somebody is in danger, the dangers found stand for what is asked, the gravest first.

    Words for somebody in danger stand last where nobody is: a slip would publish them under something else.
    """
    only = allowed(conversation, by=by)
    versions = _found(_fitting(conversation, only, mode=mode, now=now), search)
    used = Reply.objects.filter(version__template=OuterRef("template"), conversation__location=conversation.location_id)
    versions = versions.annotate(
        on_topic=_place(list((only and only.gravest_first) or topics), in_danger=only is not None),
        used_at=Subquery(used.order_by().values("version__template").annotate(last=Max("created_at")).values("last")),
    )
    title = "title_en" if language == "en" else "title_fr"
    ordered = versions.order_by("-on_topic", F("used_at").desc(nulls_last=True), title, "pk")[:SHOWN]
    today = values.today_at(conversation.location, now)
    known = values.of(conversation, language=language, now=now, today=today)
    return [_suggestion(version, language, known, today) for version in ordered]


def _place(topics: list[str], *, in_danger: bool) -> Case:
    last = [] if in_danger else [When(topic__in=DANGERS, then=Value(-1))]
    asked = [When(topic=topic, then=Value(len(topics) - place)) for place, topic in enumerate(topics)]
    return Case(*last, *asked, default=Value(0))


def _suggestion(version: TemplateVersion, language: str, known: dict[str, str], today: Day) -> Suggestion:
    body = version.body(language)
    lacking = values.missing(body, known, but=values.BY_STAFF)
    preview = "".join(segment.text or "…" for segment in wording.segments(body, known))
    return Suggestion(version, preview, str(values.why_missing(lacking[0], today)) if lacking else "")


def _found(versions: QuerySet[TemplateVersion], search: str) -> QuerySet[TemplateVersion]:
    """Every word somewhere in title or text, in either language."""
    for word in search.split()[:8]:
        somewhere = Q()
        for column in ("title_fr", "title_en", "body_fr", "body_en"):
            somewhere |= Q(**{f"{column}__icontains": word})
        versions = versions.filter(somewhere)
    return versions
