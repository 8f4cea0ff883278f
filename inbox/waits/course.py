"""The waits of a conversation: drawn anew from its turns whenever these change, ended by hand, flagged by the clock.

The rules are those of `docs/decisions/0002-the-wait.md`; every change leaves a `WaitEvent`, so that a timer can explain itself.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import clock, live
from inbox.desk import summaries
from inbox.models import Conversation, Message, Notice, ResponsePolicy, Wait, WaitEvent
from inbox.news import notices
from inbox.triage.identifiers.unread import masked
from inbox.waits import policies, timeline, turns

Kind, Outcome, EndedBy = WaitEvent.Kind, Wait.Outcome, Wait.EndedBy

JOINED = "joined with an earlier wait"
EVER = datetime.min.replace(tzinfo=UTC)


class NotPossible(ValueError):
    """What was asked does not fit the wait as it is now; the words say why."""


# --- drawing the waits -----------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def settle(conversation: Conversation, *, now: datetime, since: datetime | None = None) -> None:
    """Draw the waits of a conversation, and its line in the list, from its messages.

    since: the platform's time of the oldest thing that changed; earlier stretches are then left alone. None: all of them.
    """
    conversation = _locked(conversation.pk)
    begin = _anchor(conversation, since)
    known = Q(started_at__gte=begin or EVER) | Q(ended_by=EndedBy.STAFF)
    held = conversation.waits.select_for_update(of=("self",), no_key=True)  # the flagging sweep passes by what is held
    rows = list(held.filter(known).select_related("policy").order_by("started_at", "pk"))
    by_hand = {row.pk for row in rows if row.ended_by == EndedBy.STAFF}
    said = turns.read(conversation, rows, by_hand=by_hand, begin=clock.whole(begin or EVER))
    by_key, drawn = said.messages, timeline.stretches(said.turns)

    free = {row.pk: row for row in rows if row.pk not in by_hand and row.reason != JOINED}
    pairs = [(stretch, _take(free, (by_key[key].wait_id for key in stretch.turns))) for stretch in drawn]
    for row in free.values():  # first, as only one wait may run at a time
        _join(row, now)
    written = [_write(conversation, row, stretch, by_key, now) for stretch, row in pairs]
    running_on = next((row for row in written if row.ended_at is None), None)
    if running_on is None and since and summaries.only_answered(conversation, since):
        summaries.end([conversation])
    else:
        summaries.draw(conversation, running_on)
    for private in Conversation.objects.filter(pk__in=said.gone_to).order_by("pk") if said.gone_to else ():
        settle(private, now=now)


def _take(free: dict[int, Wait], linked: Iterable[int | None]) -> Wait | None:
    """The oldest wait that knows one of these messages and is not yet given to another stretch."""
    known = [free[pk] for pk in set(linked) if pk in free]
    return free.pop(min(known, key=lambda wait: (wait.started_at, wait.pk)).pk) if known else None


def _locked(pk: int) -> Conversation:
    # Not its key: whoever writes a row that points here need not wait.
    return Conversation.objects.select_for_update(no_key=True).get(pk=pk)


def _anchor(conversation: Conversation, since: datetime | None) -> datetime | None:
    """The start of the last wait that began by then: nobody waited just before it, so the drawing can begin there."""
    if since is None:
        return None
    # Not of one that was joined or ended by hand: these may have begun in the middle of another.
    drawn = conversation.waits.filter(started_at__lte=since).exclude(Q(reason=JOINED) | Q(ended_by=EndedBy.STAFF))
    return drawn.order_by("-started_at").values_list("started_at", flat=True).first()


def _write(
    conversation: Conversation, row: Wait | None, stretch: timeline.Stretch, messages: dict[int, Message], now: datetime
) -> Wait:
    fresh = [messages[key] for key in stretch.turns if row is None or messages[key].wait_id != row.pk]
    answer = messages[stretch.answer] if stretch.answer else None
    added, before = fresh, _kept(row)
    if row is None:
        row = _begin(conversation, stretch, fresh[0], now)
        added, before = fresh[1:], (row.started_at, row.flag_at, stretch.ended_at, stretch.outcome or "", "", None)
    elif stretch.started_at < row.started_at:
        was, row.started_at = row.started_at, stretch.started_at
        _set_times(row)
        _tell(row, Kind.MOVED_EARLIER, stretch.started_at, now, before=was)
    for message in added:
        _tell(row, Kind.EXTENDED, message.sent_at, now, message=message.pk)
    if fresh:
        Message.objects.filter(pk__in=[message.pk for message in fresh]).update(wait=row)
    if event := end(row, stretch, answer, now):
        event.save(force_insert=True)
    if _kept(row) != before:
        row.save()
    return row


def _kept(row: Wait | None) -> tuple[Any, ...]:
    """What of a row may have to be written."""
    return (row.started_at, row.flag_at, row.ended_at, row.outcome, row.ended_by, row.answer_id) if row else ()


def _begin(conversation: Conversation, stretch: timeline.Stretch, first: Message, now: datetime) -> Wait:
    row = begun(conversation, policies.in_force(conversation.organization_id), first, at=stretch.started_at)
    # Two may not run at once: the one before it in this conversation is already written.
    row.ended_at, row.outcome = stretch.ended_at, stretch.outcome or ""
    row.save(force_insert=True)
    row.ended_at, row.outcome = None, ""
    _tell(row, Kind.STARTED, stretch.started_at, now, message=first.pk, policy=str(row.policy))
    return row


def begun(conversation: Conversation, policy: ResponsePolicy, first: Message, *, at: datetime) -> Wait:
    """A wait that starts at `at` with this message; not yet written."""
    row = Wait(conversation=conversation, policy=policy, started_at=at, heard_at=first.received_at)
    _set_times(row)
    return row


def _set_times(row: Wait) -> None:
    target = row.policy.target
    row.warn_at, row.due_at = target.warn_at(row.started_at), target.due_at(row.started_at)
    row.flag_at = target.next_flag_at(row.started_at, clock.Level(row.flagged) if row.flagged else None)


def end(row: Wait, stretch: timeline.Stretch, answer: Message | None, now: datetime) -> WaitEvent | None:
    """Note how the stretch ended, or that what had been thought its end was not; nothing is written yet."""
    before = (row.ended_at, row.outcome, row.ended_by)
    row.ended_at, row.outcome, row.answer = stretch.ended_at, stretch.outcome or "", answer
    row.ended_by = _ended_by(stretch, answer)
    after = (row.ended_at, row.outcome, row.ended_by)
    if before[:2] == after[:2]:
        return None  # at most we learnt who it was
    if before[0] is None and stretch.ended_at:
        kind = Kind.ANSWERED if answer else Kind.CANCELLED
        # Told late: the wait had been flagged for something that, we now know, did not happen.
        if row.flagged and stretch.ended_at < _reached(row):
            kind = Kind.CORRECTED
        return told(row, kind, stretch.ended_at, now, by=row.ended_by, message=answer.pk if answer else None)
    return told(row, Kind.CORRECTED, stretch.ended_at or now, now, by=row.ended_by, before=before[0], outcome=before[1])


def _ended_by(stretch: timeline.Stretch, answer: Message | None) -> str:
    if answer:
        return EndedBy.COMPTOIR if answer.source == Message.Source.COMPTOIR else EndedBy.NATIVE
    return EndedBy.AUTHOR if stretch.outcome else ""


def _reached(row: Wait) -> datetime:
    """When the level that was last flagged began."""
    return {level: at for at, level in row.policy.target.flags(row.started_at)}[clock.Level(row.flagged)]


def _join(row: Wait, now: datetime) -> None:
    """Its messages belong to another stretch now: out of the figures, with its trace kept."""
    row.ended_at, row.outcome, row.ended_by, row.reason = row.ended_at or now, Outcome.EXCLUDED, "", JOINED
    row.save()
    _tell(row, Kind.CORRECTED, now, now, reason=JOINED)


def release(conversation: Conversation, *, now: datetime) -> None:
    """Let go of a running wait whose messages move to another conversation; settling that one takes them up."""
    for row in conversation.waits.running():
        _join(row, now)


def _tell(row: Wait, kind: str, at: datetime, now: datetime, by_member: Membership | None = None, **detail: Any) -> None:
    told(row, kind, at, now, by_member, **detail).save(force_insert=True)


def told(row: Wait, kind: str, at: datetime, now: datetime, by: Membership | None = None, /, **detail: Any) -> WaitEvent:
    """What happened to a wait; not yet written."""
    written = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in detail.items() if value}
    return WaitEvent(wait=row, kind=kind, at=at, recorded_at=now, by=by, detail=written)


# --- by hand --------------------------------------------------------------------------------------------------


def end_by_hand(wait: Wait, *, outcome: str, reason: str, by: Membership, now: datetime) -> None:
    """Exclude a running wait, or close it without a reply. Only a person may, and says why."""
    reason = masked(reason)
    kind = Kind.EXCLUDED if outcome == Outcome.EXCLUDED else Kind.CLOSED
    with transaction.atomic():
        # The conversation before its waits, as everywhere: two who lock in two orders wait for each other.
        conversation = _locked(wait.conversation_id)
        ended = Wait.objects.filter(pk=wait.pk, ended_at=None).update(
            ended_at=now, outcome=outcome, ended_by=EndedBy.STAFF, reason=reason[:200], ender=by
        )
        if not ended:
            raise NotPossible(_("This wait has already ended."))
        _tell(wait, kind, now, now, by_member=by, reason=reason)
        audit.record(
            f"wait.{outcome}", wait, organization=conversation.organization_id, by=by, now=now, reason=reason, due=wait.due_at
        )
        summaries.draw(conversation, running(conversation))
    wait.refresh_from_db()


def exclude(wait: Wait, *, reason: str, by: Membership, now: datetime) -> None:
    end_by_hand(wait, outcome=Outcome.EXCLUDED, reason=reason, by=by, now=now)


def close_without_reply(wait: Wait, *, reason: str, by: Membership, now: datetime) -> None:
    end_by_hand(wait, outcome=Outcome.CLOSED_NO_REPLY, reason=reason, by=by, now=now)


def reopen(wait: Wait, *, by: Membership | None, now: datetime) -> None:
    """Undo an exclusion or a close: the wait is due when it always was. by: None where the platform told it."""
    with transaction.atomic():
        conversation = _locked(wait.conversation_id)
        # Still ended while it is released, as another wait may be running: settling joins the two.
        released = Wait.objects.filter(pk=wait.pk, ended_by=EndedBy.STAFF).update(ended_by="", reason="", ender=None)
        if not released:
            raise NotPossible(_("Only a wait that a person ended can be reopened."))
        _tell(wait, Kind.REOPENED, now, now, by_member=by)
        audit.record("wait.reopened", wait, organization=conversation.organization_id, by=by, now=now, due=wait.due_at)
        settle(conversation, now=now)
    wait.refresh_from_db()


# --- the clock -------------------------------------------------------------------------------------------------


@transaction.atomic
def flag_due(*, now: datetime, limit: int = 500) -> int:
    """Record what each running wait has reached by now, once a level, and tell people; return how many waits."""
    due = Wait.objects.to_flag(now).order_by("flag_at", "pk").select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(due.select_related("policy", "conversation__assignee")[:limit])
    for row in rows:
        _flag(row, now)
    for organization_id in {row.conversation.organization_id for row in rows}:
        live.nudge(organization_id)
    return len(rows)


def _flag(row: Wait, now: datetime) -> None:
    reached = row.policy.target.reached(row.started_at, now)
    events = [WaitEvent(wait=row, kind=level, at=at, recorded_at=now, detail={}) for at, level in reached]
    WaitEvent.objects.bulk_create(events, ignore_conflicts=True)
    level = reached[-1][1]
    row.flagged, row.flag_at = level, row.policy.target.next_flag_at(row.started_at, level)
    row.save(update_fields=["flagged", "flag_at"])
    # After a clock that stood still only the last word is told, not each one that was missed.
    notices.tell(_to_tell(row.conversation, level), Notice.Kind(level), row.conversation, key=f"wait:{row.pk}:{level}", now=now)


def _to_tell(conversation: Conversation, level: str) -> Iterable[Membership]:
    """Who has it, and once it is late who reviews misses; where it is nobody’s, or theirs who may not answer, who may."""
    where = (conversation.location_id, conversation.organization_id)
    who = conversation.assignee
    if who is None or who.ended_at is not None:
        return notices.who_answers(*where)
    reviewing = notices.who_reviews(*where) if level == Notice.Kind.LATE else ()
    answering = () if who.may(Permission.REPLY) else notices.who_answers(*where)
    return {who, *reviewing, *answering}


def running(conversation: Conversation) -> Wait | None:
    return conversation.waits.running().select_related("policy").first()


__all__ = [
    "NotPossible",
    "begun",
    "close_without_reply",
    "exclude",
    "flag_due",
    "reopen",
    "running",
    "settle",
    "told",
]
