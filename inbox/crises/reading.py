"""A crisis as people see it: what was seen, what to do, whom to call."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from accounts.models import Location, Membership
from inbox.crises import words
from inbox.crises.alerts import may_take, of_both, who
from inbox.models import Conversation, Crisis, Finding, HelpLinesCheck
from inbox.screening.shown import erased, explaining
from inbox.triage.help import help_lines
from inbox.triage.help.help_lines import HelpLine
from inbox.triage.help.swallowed import is_said
from inbox.waits import halves

SWALLOWERS = ("emergency", "self_harm")  # the others have the poison centre already, or nothing to do with it
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
    elsewhere: Conversation | None  # the other half, where it was said there
    kept: list[erased.Kept]  # words of it that were erased


@dataclass(frozen=True, slots=True)
class Course:
    """Dangers of which the same is to be said: since when, whom it was told, who took them on."""

    crises: list[Shown]  # the gravest first
    late: bool

    @property
    def first(self) -> Crisis:
        return self.crises[0].crisis


@dataclass(frozen=True, slots=True)
class Telephone:
    number: str
    dialled: str

    @classmethod
    def of(cls, number: str) -> Self | None:
        return cls(number, help_lines.dialled(number)) if number else None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    phone: Telephone | None
    on_duty: bool


@dataclass(frozen=True, slots=True)
class Banner:
    courses: list[Course]  # that of the gravest first
    lines: list[Line]
    to_take: bool  # nobody has taken one of them on
    may_take: bool
    to_call: list[Person]  # who may take it on, where the reader may not
    counter: Telephone | None  # of the location
    checked: HelpLinesCheck | None  # who called the numbers, where they are still those and it was not too long ago


def banner(conversation: Conversation, *, by: Membership, now: datetime, unmasked: Collection[str] = ()) -> Banner | None:
    """What is open in this conversation and in its other half. unmasked: which erased words, for a moment."""
    if conversation.crisis_since is None and not halves.may_have_other(conversation):
        return None
    standing = Finding.objects.standing().select_related("message__conversation__location")
    standing = standing.prefetch_related("message__versions", "message__kept").order_by("message__sent_at", "start")
    rows = of_both(conversation, by).open().select_related("acknowledged_by__user", "conversation")
    rows = rows.prefetch_related(Prefetch("findings", standing))
    found = sorted(rows, key=lambda row: words.rank(row.type))
    if not found:
        return None
    to_take = any(crisis.acknowledged_at is None for crisis in found)
    able = to_take and may_take(conversation, by)
    to_call = people_to_call(conversation) if to_take and not able else []
    counter = Telephone.of(conversation.location.phone)
    return Banner(
        courses=_courses(found, conversation, now, unmasked),
        lines=lines_of(_kinds(found), conversation.location, now=now),
        to_take=to_take,
        may_take=able,
        to_call=to_call,
        counter=counter,
        checked=last_check(conversation.organization_id, now=now),
    )


def people_to_call(conversation: Conversation) -> list[Person]:
    """Those who are alerted, who is on duty first: by name, and with their number where they gave one."""
    on_duty = set(conversation.location.duties.values_list("membership", flat=True))
    return [
        Person(str(member), member.get_role_display(), Telephone.of(member.user.phone), member.pk in on_duty)
        for member in who(conversation)
    ]


def _kinds(crises: list[Crisis]) -> list[str]:
    """Of those whom they can call, the gravest first: of all that was found, and the poison centre for anything swallowed."""
    swallowed = any(
        is_said(explaining.text_of(finding, finding.message, erased.texts(finding.message)))
        for crisis in crises
        if crisis.type in SWALLOWERS
        for finding in crisis.findings.all()
    )
    return sorted({*(crisis.type for crisis in crises), *(["poisoning"] if swallowed else [])}, key=words.rank)


def _courses(crises: list[Crisis], conversation: Conversation, now: datetime, unmasked: Collection[str]) -> list[Course]:
    """To the minute, as they are told."""
    found: dict[tuple[object, ...], list[Crisis]] = {}
    for crisis in crises:
        taken = crisis.acknowledged_at and (crisis.acknowledged_at.replace(second=0, microsecond=0), crisis.acknowledged_by_id)
        told = crisis.opened_at.replace(second=0, microsecond=0), crisis.alerts, crisis.is_late(now)
        found.setdefault((taken or told), []).append(crisis)
    return [Course([_shown(each, conversation, unmasked) for each in those], those[0].is_late(now)) for those in found.values()]


def _shown(crisis: Crisis, conversation: Conversation, unmasked: Collection[str]) -> Shown:
    quotes = [quote for finding in crisis.findings.all() for quote in _quotes(finding)]
    steps = words.steps(crisis.type, private=conversation.may_be_private)
    return Shown(
        crisis,
        words.title(crisis.type),
        list(dict.fromkeys(quotes)),
        steps,
        crisis.conversation if crisis.conversation_id != conversation.pk else None,
        _kept(crisis, unmasked),
    )


def _kept(crisis: Crisis, unmasked: Collection[str]) -> list[erased.Kept]:
    said = {finding.message_id: finding.message for finding in crisis.findings.all()}
    gone = [message for message in said.values() if message.kept.all()]
    return [each for message in gone for each in erased.shown(message, unmasked=erased.key_of(message) in unmasked)]


def _quotes(finding: Finding) -> list[str]:
    """The writer's own words that made it, where they are still kept."""
    texts = erased.texts(finding.message)
    return [cue.text for cue in explaining.seen(finding, finding.message, may_judge=False, kept=texts).cues]


def lines_of(kinds: Sequence[str], location: Location, *, now: datetime) -> list[Line]:
    """Whom to call at a location, in the reader's language."""
    language = (get_language() or "fr")[:2]
    found = help_lines.table().for_crises(kinds, location.province, on=_today(location, now))
    return [Line(line, line.name(language), line.when(language)) for line in found]


def fields_of(location: Location, language: str, *, now: datetime) -> dict[str, str]:
    """The same, as the fields of a reply say it in its language."""
    return help_lines.table().fields(location.province, language, on=_today(location, now))


def of_other_places(location: Location, *, now: datetime) -> list[str]:
    """Numbers of help lines that are not of a location."""
    return help_lines.table().of_other_places(location.province, on=_today(location, now))


def _today(location: Location, now: datetime) -> date:
    return now.astimezone(ZoneInfo(location.time_zone)).date()


def last_check(organization_id: int, *, now: datetime) -> HelpLinesCheck | None:
    """Who says that the numbers of today's table are right, where that was not too long ago."""
    return checks(organization_id, now=now).select_related("by__user").first()


def checks(organization_id: int, *, now: datetime) -> QuerySet[HelpLinesCheck]:
    """Those that hold, the newest first."""
    of_today = HelpLinesCheck.objects.filter(organization=organization_id, digest=help_lines.table().digest)
    return of_today.filter(at__gt=now - help_lines.CHECK_EVERY)


@dataclass(frozen=True, slots=True)
class Together:
    """What began at one moment in one conversation and went the same way since: one line of a list."""

    crises: list[Crisis]  # the gravest first

    @property
    def first(self) -> Crisis:
        return self.crises[0]

    @property
    def names(self) -> str:
        return ", ".join(words.name(crisis.type) for crisis in self.crises)


def together(crises: Iterable[Crisis]) -> list[Together]:
    """In the order in which they come."""
    found: dict[tuple[object, ...], list[Crisis]] = {}
    for crisis in crises:
        course = crisis.conversation_id, crisis.opened_at, crisis.acknowledged_at, crisis.ended_at, crisis.ended
        found.setdefault(course, []).append(crisis)
    return [Together(sorted(each, key=lambda crisis: words.rank(crisis.type))) for each in found.values()]


@dataclass(frozen=True, slots=True)
class Strip:
    crises: list[Together]
    more: bool

    @property
    def others(self) -> int:
        """Beside the first, which alone is named on a phone."""
        return len(self.crises) - 1


def to_take(membership: Membership) -> QuerySet[Crisis]:
    """What is open and not taken on where a member works: on top of every page and of every list. Who waits longest first."""
    return Crisis.objects.visible_to(membership).to_take().order_by("opened_at", "pk")


def strip(pks: list[int]) -> Strip:
    if not pks:
        return Strip([], more=False)
    rows = Crisis.objects.filter(pk__in=pks[:STRIP]).select_related("conversation__location").order_by("opened_at", "pk")
    return Strip(together(rows), more=len(pks) > STRIP)
