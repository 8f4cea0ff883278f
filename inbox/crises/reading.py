"""A crisis as people see it: what was seen, what to do, whom to call."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from accounts.models import Location, Membership
from inbox.crises import words
from inbox.crises.alerts import may_take
from inbox.models import Conversation, Crisis, Finding, HelpLinesCheck
from inbox.screening import explaining
from inbox.triage import help_lines
from inbox.triage.help_lines import HelpLine

STRIP = 4  # that the strip on top of every page names; the others it counts


@dataclass(frozen=True, slots=True)
class Line:
    line: HelpLine
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Shown:
    crisis: Crisis
    title: str
    quotes: list[str]
    steps: tuple[object, ...]
    lines: list[Line]
    late: bool


@dataclass(frozen=True, slots=True)
class Banner:
    crises: list[Shown]  # the gravest first
    to_take: bool  # nobody has taken one of them on
    may_take: bool
    checked: HelpLinesCheck | None  # who called the numbers, where they are still those and it was not too long ago


def banner(conversation: Conversation, *, by: Membership, now: datetime) -> Banner | None:
    if conversation.crisis_since is None:
        return None
    standing = Finding.objects.standing().select_related("message").prefetch_related("message__versions")
    standing = standing.order_by("message__sent_at", "start")
    rows = conversation.crises.open().select_related("acknowledged_by__user").prefetch_related(Prefetch("findings", standing))
    shown = [_shown(row, conversation.location, now) for row in sorted(rows, key=lambda row: words.rank(row.type))]
    if not shown:
        return None
    to_take = any(one.crisis.acknowledged_at is None for one in shown)
    checked = last_check(conversation.organization_id, now=now)
    return Banner(shown, to_take, to_take and may_take(conversation, by), checked)


def _shown(crisis: Crisis, location: Location, now: datetime) -> Shown:
    quotes = [quote for finding in crisis.findings.all() for quote in _quotes(finding)]
    steps = words.STEPS.get(crisis.type, ())
    return Shown(
        crisis,
        words.title(crisis.type),
        list(dict.fromkeys(quotes)),
        steps,
        lines_of(crisis.type, location, now=now),
        crisis.is_late(now),
    )


def _quotes(finding: Finding) -> list[str]:
    """The writer's own words that made it, where they are still kept."""
    return [cue.text for cue in explaining.seen(finding, finding.message, may_judge=False).cues]


def lines_of(kind: str, location: Location, *, now: datetime) -> list[Line]:
    """Whom to call at a location, in the reader's language."""
    language = (get_language() or "fr")[:2]
    today = now.astimezone(ZoneInfo(location.time_zone)).date()
    found = help_lines.table().for_crisis(kind, location.province, on=today)
    return [Line(line, line.name(language), line.when(language)) for line in found]


def last_check(organization_id: int, *, now: datetime) -> HelpLinesCheck | None:
    """Who says that the numbers of today's table are right, where that was not too long ago."""
    checks = HelpLinesCheck.objects.filter(organization=organization_id, digest=help_lines.table().digest)
    return checks.filter(at__gt=now - help_lines.CHECK_EVERY).select_related("by__user").first()


@dataclass(frozen=True, slots=True)
class Strip:
    crises: list[Crisis]
    more: bool


def to_take(membership: Membership) -> QuerySet[Crisis]:
    """What is open and not taken on where a member works: on top of every page and of every list. Who waits longest first."""
    return Crisis.objects.visible_to(membership).open().filter(acknowledged_at=None).order_by("opened_at", "pk")


def strip(pks: list[int]) -> Strip:
    if not pks:
        return Strip([], more=False)
    rows = Crisis.objects.filter(pk__in=pks[:STRIP]).select_related("conversation__location").order_by("opened_at", "pk")
    return Strip(list(rows), more=len(pks) > STRIP)
