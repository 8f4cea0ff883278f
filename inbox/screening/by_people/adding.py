"""What a person saw in a message and the rules had missed. It opens what a finding of theirs opens, at once and by name."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership, Organization
from inbox import cases, crises, waits
from inbox.models import Conversation, Finding, Message, SafetyCase
from inbox.models.safety.findings import PERSON, digest_of
from inbox.screening import offices
from inbox.screening.by_people import places
from inbox.screening.by_people.judging import NotPossible, who_may
from inbox.screening.by_rules.comparing import says_as_much
from inbox.screening.by_rules.reading import rank
from inbox.screening.shown import masking
from inbox.screening.shown.words import IDENTIFIERS
from inbox.triage.findings import Confidence, Context, Family, Urgency
from inbox.triage.findings import Finding as Found
from inbox.triage.identifiers.unread import masked
from inbox.triage.topics.names import Topic
from inbox.triage.urgency import urgency
from inbox.waits import halves

# What each asks for by itself: no less than where a rule sees it.
DANGERS = (Topic.SELF_HARM.value, Topic.EMERGENCY.value, Topic.POISONING.value, "threat")
HARM = (Topic.ADVERSE_EVENT.value, Topic.PRODUCT_QUALITY.value, Topic.DEVICE_INCIDENT.value)
ROUTES: Mapping[str, Urgency] = {
    Topic.PRIVACY_INCIDENT.value: Urgency.SOON,
    Topic.PRIVACY_REQUEST.value: Urgency.SOON,
    Topic.THIRD_PARTY_REQUEST.value: Urgency.SOON,
    "legal": Urgency.SOON,
    Topic.MEDIA_REQUEST.value: Urgency.SOON,
    "ad_complaint": Urgency.SOON,
    Topic.OFF_LABEL.value: Urgency.NONE,
    Topic.MISINFORMATION.value: Urgency.NONE,
}
ADDED: Mapping[str, tuple[Family, Urgency]] = {
    **dict.fromkeys((*DANGERS, Topic.MEDICATION_ERROR.value), (Family.CRISIS, Urgency.NOW)),  # an error that reached somebody
    **dict.fromkeys(HARM, (Family.SAFETY, Urgency.SOON)),
    **{type_: (Family.ROUTE, asked) for type_, asked in ROUTES.items()},
    **dict.fromkeys(IDENTIFIERS, (Family.IDENTIFIER, Urgency.NONE)),
}


class NotThere(NotPossible):
    """The words that were given do not stand in the message."""


def may_add(message: Message, by: Membership) -> bool:
    """To what somebody wrote to us, and has not taken back. Whoever may remove what is somebody else's work may add anything."""
    theirs = message.direction == Message.Direction.IN and not message.historic and message.removed_at is None
    return theirs and by.may(Permission.FINDINGS_ROUTES)


def add(
    message: Message, type_: str, *, words: str = "", note: str = "", unmasked: bool = False, by: Membership, now: datetime
) -> None:
    """words: as they stand on the page that its reader sees, masked or not; none: it is the message as a whole."""
    _add(message, type_, words, masked(note[:300]), unmasked, by, now)
    if ADDED[type_][0] is Family.CRISIS:
        crises.alert_due(now=now)


@transaction.atomic
def _add(message: Message, type_: str, words: str, note: str, unmasked: bool, by: Membership, now: datetime) -> None:
    conversation, held = _held(message)
    if not may_add(held, by):
        raise NotPossible(_("Its author has taken this message back."))
    known = [old for old in held.findings.select_related("removed_by__user") if old.type == type_]
    rows = _new(_rows(held, type_, words, unmasked), known)
    for row in rows:
        row.added_by, row.found_at, row.note = by, now, note
    # What said the same before an edit that was undone since gives way to it.
    again = [old.pk for old in known if old.by_person and any(_is_again(old, row) for row in rows)]
    Finding.objects.filter(pk__in=again).delete()
    Finding.objects.bulk_create(rows)
    cases.open_for(rows, _makers(conversation))
    offices.tell(rows, now=now)
    audit.record("finding.added", rows[0], organization=by.organization_id, by=by, now=now, **_told(rows[0]))
    crises.attend_here(conversation, now=now)
    waits.settle(conversation, now=now, since=held.sent_at)


def may_take_back(finding: Finding, by: Membership) -> bool:
    """Whoever added it, as long as nobody acted on it: after that it is removed like any other, with a reason."""
    return finding.added_by_id == by.pk and finding.stands and not _acted_on(finding)


@transaction.atomic
def take_back(finding: Finding, *, by: Membership, now: datetime) -> None:
    """As if it had never been said, but for the trail. What it opened goes with it, where nothing else tells of it."""
    conversation, message = _held(finding.message)
    rows = Finding.objects.filter(message=message, type=finding.type, added_by=by, found_at=finding.found_at)
    said = rows.filter(pk=finding.pk).select_related("crisis").first()
    if said is None or not may_take_back(said, by) or rows.filter(removed_at__isnull=False).exists():
        raise NotPossible(_("Somebody has acted on this by now. It can be removed with a reason."))
    audit.record("finding.taken_back", said, organization=by.organization_id, by=by, now=now, **_told(said))
    rows.update(replaced_at=now)  # what it had opened no longer stands on it
    for row in rows.exclude(crisis=None):
        crises.removed(row, conversation, by=by, now=now)
    rows.delete()
    if not message.findings.filter(type=finding.type).exists():
        SafetyCase.objects.filter(message=message, type=finding.type).delete()
    waits.settle(conversation, now=now, since=message.sent_at)


def _acted_on(finding: Finding) -> bool:
    """Whether the danger was taken on, the case looked at, or anything answered since."""
    since, message = finding.found_at, finding.message
    if (crisis := finding.crisis) and (crisis.ended_at or (crisis.acknowledged_at and crisis.acknowledged_at >= since)):
        return True
    handled = Q(checked_at__isnull=False) | Q(forwarded_at__isnull=False)
    if SafetyCase.objects.filter(handled, message=message, type=finding.type).exists():
        return True
    here = Q(conversation=message.conversation_id) | Q(conversation__in=halves.other(message.conversation))
    return Message.objects.filter(here, direction=Message.Direction.OUT, sent_at__gte=since).exists()


def _held(message: Message) -> tuple[Conversation, Message]:
    """The conversation before its messages, as everywhere."""
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=message.conversation_id)
    held = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    held.conversation = conversation
    return conversation, held


def _rows(message: Message, type_: str, words: str, unmasked: bool) -> list[Finding]:
    """One for each place in each version that is kept, so that we know of it since the first of them."""
    family, _urgency = ADDED[type_]
    rows = []
    for text in dict.fromkeys([message.text, *(version.text for version in message.versions.all())]):
        hidden = [] if unmasked else masking.hidden_in(message, text)
        spans = places.spans(text, words, family, hidden) if words else [(0, len(text))]
        rows += [_row(message, type_, text, span, whole=not words) for span in spans]
    if not rows:
        raise NotThere(_("These words do not stand in the message, or are masked already. Copy them as you see them there."))
    return rows


def _row(message: Message, type_: str, text: str, span: places.Span, *, whole: bool) -> Finding:
    family, asked = ADDED[type_]
    context = Context(public=message.conversation.kind != Conversation.Kind.MESSAGE and not message.private)
    found = Found(family, type_, *span, Confidence.HIGH, PERSON, urgency=asked)
    return Finding(
        organization_id=message.conversation.organization_id,
        message=message,
        text_digest=digest_of(message, text),
        family=family,
        type=type_,
        start=found.start,
        end=found.end,
        confidence=found.confidence,
        rule=PERSON,
        cues=[] if whole else [["", *span]],
        urgency=rank(urgency([found], context), crisis=family is Family.CRISIS),
    )


def _new(rows: list[Finding], known: list[Finding]) -> list[Finding]:
    """Those that say more than what stands. A badge stands once for all of a type; of numbers, each for itself."""
    for old in known:
        if old.removed_at and any(_same_place(old, row) for row in rows):
            raise NotPossible(
                _("%(name)s removed this from the message: %(reason)s. It is put back below the message, by: %(who)s.")
                % {"name": old.removed_by, "reason": old.get_removal_display(), "who": ", ".join(who_may(old))}
            )
    standing = [old for old in known if old.stands]
    new = [row for row in rows if not any(_is_said(row, old) for old in standing)]
    if not new:
        raise NotPossible(_("This stands on the message already."))
    return new if rows[0].family == Family.IDENTIFIER else rows


def _is_said(row: Finding, old: Finding) -> bool:
    if row.family != Family.IDENTIFIER:
        return says_as_much(old, row)
    return old.text_digest == row.text_digest and old.start <= row.start and row.end <= old.end


def _same_place(old: Finding, row: Finding) -> bool:
    return old.text_digest == row.text_digest and old.overlaps(row.start, row.end)


def _is_again(old: Finding, row: Finding) -> bool:
    return (old.text_digest, old.start, old.end) == (row.text_digest, row.start, row.end)


def _makers(conversation: Conversation) -> set[int]:
    rows = Organization.objects.filter(pk=conversation.organization_id, kind=Organization.Kind.MANUFACTURER)
    return set(rows.values_list("pk", flat=True))


def _told(finding: Finding) -> dict[str, str]:
    return {"type": finding.type, "message": str(finding.message_id), "note": finding.note}
