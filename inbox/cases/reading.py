"""A safety case as the screen shows it: how long there is, what the message says, and what was seen in it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery

from accounts.models import Location, Membership
from inbox import clock
from inbox.cases import clocks as running
from inbox.cases import criteria, deadlines
from inbox.cases import words as to_do
from inbox.cases.clocks import HALF, Clock
from inbox.cases.criteria import Criterion
from inbox.desk.tally import COUNTED
from inbox.desk.timer import Timer
from inbox.models import Conversation, SafetyCase
from inbox.screening.shown import erased, explaining, masking, words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Clocks:
    """None: nothing is due, or it was done."""

    forward_by: datetime
    forward: Timer | None
    report_on: date | None
    report: Timer | None
    forwarded_late: bool
    reported_late: bool
    unacknowledged: bool  # it was passed on, and nobody has given it a number in time

    @property
    def late(self) -> bool:
        """Done too late, or not done and overdue."""
        overdue = any(timer and timer.state == clock.State.OVERDUE for timer in (self.forward, self.report))
        return self.forwarded_late or self.reported_late or overdue


def clocks(case: SafetyCase, now: datetime) -> Clocks:
    forward_by, day, told = deadlines.forward_by(case.aware_at, case.zone), running.report_on(case), case.reported
    missing = running.acknowledgement(case)
    return Clocks(
        forward_by,
        _timer(running.forward(case), now),
        day,
        _timer(running.report(case), now),
        forwarded_late=case.duty and case.forwarded_at is not None and clock.is_late(forward_by, case.forwarded_at),
        reported_late=told is not None and day is not None and told.told_on > day,
        unacknowledged=missing is not None and clock.is_late(missing.due_at, now),
    )


def _timer(one: Clock | None, now: datetime) -> Timer | None:
    """It warns from half of the time on."""
    if one is None:
        return None
    warn_at = one.since + (one.due_at - one.since) * HALF
    state = clock.state(due_at=one.due_at, warn_at=warn_at, ended_at=None, outcome=None, now=now)
    return Timer(state, one.since, warn_at, one.due_at, None, now)


@dataclass(frozen=True, slots=True)
class Shown:
    case: SafetyCase
    label: str
    clocks: Clocks
    words: str  # masked, unless this reader may see it whole just now
    masked: bool
    serious: bool  # as triage read it: a person decides
    seen: list[explaining.Seen]
    unmasked: bool
    kept: list[erased.Kept] = field(default_factory=list)  # words that were erased, on the page of the case alone

    @property
    def criteria(self) -> list[Criterion]:
        return criteria.of(self.case, (seen.finding for seen in self.seen), unmasked=self.unmasked, kept=self.kept)

    @property
    def permalink(self) -> str:
        """Of what was published, as it was when the words were erased."""
        return next((each.permalink for each in self.kept if each.permalink), "")

    @property
    def language(self) -> str:
        return next((each.row.language for each in self.kept), "")

    @property
    def begins(self) -> dict[str, str]:
        """What the check-list begins with."""
        return {each.name: each.known for each in self.criteria}

    @property
    def badges(self) -> list[explaining.Badge]:
        """What stands and what a person took off, each said once."""
        removed = [seen for seen in self.seen if seen.finding.removed_at]
        return [*explaining.badges(seen for seen in self.seen if not seen.finding.removed_at), *explaining.badges(removed)]

    @property
    def steps(self) -> "tuple[StrOrPromise, ...]":
        return to_do.steps(self.case.type, duty=self.case.duty)

    @property
    def products(self) -> list[str]:
        """As the person calls them."""
        said = (cue.text for seen in self.seen for cue in seen.cues if cue.kind == words.cue("product"))
        return list(dict.fromkeys(said))


def shown(case: SafetyCase, now: datetime, *, unmasked: bool = False, whole: bool = False) -> Shown:
    """whole: with the words that were erased and are kept for it."""
    message = case.message
    kept = erased.shown(message, unmasked=unmasked) if whole and erased.held_by(case) else []
    texts = erased.texts(message) if kept else []
    found = [finding for finding in message.findings.all() if finding.type == case.type]
    said = masking.words(message)
    return Shown(
        case,
        words.label(case.type),
        clocks(case, now),
        message.text if unmasked else said,
        not unmasked and said != message.text,
        any(finding.serious for finding in found if finding.removed_at is None),
        [explaining.seen(finding, message, may_judge=False, unmasked=unmasked, kept=texts) for finding in found],
        unmasked,
        kept,
    )


def counts(membership: Membership, location: Location | None) -> dict[str, int]:
    """How many of each type stand, no further than is shown. One query."""
    rows = SafetyCase.objects.visible_to(membership).standing().order_by()
    rows = rows.filter(message__conversation__location=location) if location else rows
    asked = [ArraySubquery(rows.filter(type=type_).values("pk")[:COUNTED]) for type_ in SafetyCase.Type]
    found = Membership.objects.filter(pk=membership.pk).order_by().values_list(*asked)[0]
    return {type_: len(pks) for type_, pks in zip(SafetyCase.Type, found, strict=True)}


def topics(conversation: Conversation) -> list[str]:
    """Of which approved words come first, where what is unanswered tells of harm or of a defect: of harm before all."""
    asking = SafetyCase.objects.standing().filter(message__conversation=conversation, message__wait__ended_at=None)
    types = set(asking.filter(message__wait__isnull=False, message__removed_at=None).values_list("type", flat=True))
    return [SafetyCase.Type.ADVERSE_EVENT] if SafetyCase.Type.ADVERSE_EVENT in types else sorted(types)
