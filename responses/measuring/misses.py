"""Waits answered late or still unanswered after they were due, and what a manager says of each."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import clock
from inbox.models import Wait
from inbox.triage.identifiers.unread import masked
from responses.models import MissReview

_DUE_SECOND = Func(Value("second"), F("due_at"), function="date_trunc", output_field=DateTimeField())
# The first second that is late, as inbox.clock.late_from says.
LATE_FROM = ExpressionWrapper(_DUE_SECOND + timedelta(seconds=1), output_field=DateTimeField())


class NotAllowed(PermissionDenied):
    """This person may not do this."""


class Conflict(Exception):
    """Somebody else was faster. Says what happened."""


def missed(waits: QuerySet[Wait], *, now: datetime) -> QuerySet[Wait]:
    """Of these waits, those that were answered late, or were due and unanswered: closing one of these does not undo it."""
    late = Q(outcome__in=[Wait.Outcome.ANSWERED, Wait.Outcome.CLOSED_NO_REPLY], ended_at__gte=LATE_FROM)
    overdue = Q(ended_at=None, due_at__lt=clock.whole(now))
    return waits.filter(late | overdue)


def unsigned(waits: QuerySet[Wait]) -> QuerySet[Wait]:
    return waits.filter(Q(review=None) | Q(review__signed_at=None))


def late_by(wait: Wait, now: datetime) -> timedelta:
    return max(timedelta(), (wait.ended_at or now) - wait.due_at)


@transaction.atomic
def review(wait: Wait, *, cause: str, note: str, by: Membership, now: datetime, seen: str = "") -> MissReview:
    """Keep the cause and the note. seen: the stamp that the form showed."""
    found = _locked(wait, by, now, seen)
    if found.signed_at:
        raise Conflict(_("This miss is signed off by %(name)s. Reopen it to change it.") % {"name": found.signed_by})
    before = {"cause": found.cause, "note": found.note}
    after = {"cause": cause, "note": masked(note.strip())}
    if found.pk and before == after:
        return found
    found.cause, found.note, found.updated_by, found.updated_at = cause, after["note"], by, now
    found.save()
    _record("reviewed", found, by=by, now=now, before=before, after=after)
    return found


@transaction.atomic
def sign(wait: Wait, *, cause: str, note: str, by: Membership, now: datetime, seen: str = "") -> MissReview:
    """Keep the cause and the note, and freeze them under a name."""
    if not cause:
        raise ValidationError({"cause": _("Choose a cause before you sign off.")})
    if cause == MissReview.Cause.OTHER and not note.strip():
        raise ValidationError({"note": _("Say what the other cause is.")})
    found = review(wait, cause=cause, note=note, by=by, now=now, seen=seen)
    if Wait.objects.get(pk=wait.pk).ended_at is None:
        raise Conflict(_("This person still waits for an answer: sign off once the wait has ended."))
    found.signed_by, found.signed_at, found.updated_at = by, now, now
    found.save()
    _record("signed", found, by=by, now=now, after={"cause": cause, "note": found.note})
    return found


@transaction.atomic
def reopen(wait: Wait, *, by: Membership, now: datetime, seen: str = "") -> MissReview:
    found = _locked(wait, by, now, seen)
    if not found.signed_at:
        raise Conflict(_("This miss is open already."))
    before = {"signed_by": str(found.signed_by), "signed_at": found.signed_at}
    found.signed_by, found.signed_at, found.updated_by, found.updated_at = None, None, by, now
    found.save()
    _record("reopened", found, by=by, now=now, before=before, after={"signed_by": None})
    return found


def stamp(found: MissReview | None) -> str:
    """What a form sends back, so that a stale one is seen: when the review last changed, or `new`."""
    return found.updated_at.isoformat() if found else "new"


def _locked(wait: Wait, by: Membership, now: datetime, seen: str) -> MissReview:
    if not by.may(Permission.MISSES_REVIEW):
        raise NotAllowed(_("Only a manager reviews misses."))
    Wait.objects.select_for_update(of=("self",), no_key=True).get(pk=wait.pk)  # one writer a wait, also before there is a review
    found = MissReview.objects.filter(wait=wait).select_related("signed_by__user").first()
    if seen and seen != stamp(found):
        raise Conflict(_("Somebody changed this review since you opened it. Look at it again before you go on."))
    return found or MissReview(wait=wait, updated_by=by, updated_at=now)


def _record(action: str, found: MissReview, *, by: Membership, now: datetime, **detail: object) -> None:
    organization = found.wait.conversation.organization_id
    audit.record(f"miss.{action}", found, organization=organization, by=by, now=now, wait=found.wait_id, **detail)
