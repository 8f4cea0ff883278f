"""What staff do with a conversation, apart from answering it. None of it stops a clock, except closing, which says why."""

from datetime import datetime
from itertools import zip_longest

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import clock, crises, live, waits
from inbox.models import Conversation, Message, Note, Notice, Wait
from inbox.news import notices
from inbox.triage.identifiers.unread import masked

Outcome = Conversation.Outcome


def assign(conversation: Conversation, member: Membership | None, *, by: Membership, now: datetime) -> None:
    with transaction.atomic():
        locked = _locked(conversation)
        if locked.assignee_id == (member.pk if member else None):
            return
        before, locked.assignee = locked.assignee, member
        locked.save(update_fields=["assignee"])
        audit.record(
            "conversation.assigned",
            locked,
            organization=locked.organization_id,
            by=by,
            now=now,
            before=str(before) if before else None,
            after=str(member) if member else None,
        )
        if member and member != by:
            notices.tell([member], Notice.Kind.ASSIGNED, locked, key=f"assigned:{locked.pk}:{now:%Y%m%d%H%M%S}", now=now)
        live.nudge(locked.organization_id)
    conversation.refresh_from_db()


@transaction.atomic
def take_on(conversation: Conversation, *, by: Membership, now: datetime) -> int:
    """Take on whoever may be in danger in it, by name; and the conversation with it where it is nobody's. Raises NotPossible."""
    locked = _locked(conversation)
    taken = crises.acknowledge(conversation, by=by, now=now)
    if locked.assignee_id is None:
        assign(conversation, by, by=by, now=now)
    return taken


def add_note(conversation: Conversation, text: str, *, by: Membership, now: datetime) -> Note:
    note = Note.objects.create(conversation=conversation, author=by, text=text, created_at=now)
    live.nudge(conversation.organization_id)
    return note


def close(conversation: Conversation, outcome: str, *, by: Membership, now: datetime, reason: str = "") -> None:
    """Put a conversation aside. A running wait ends with it: as spam out of the figures, else as closed without a reply.

    Raises crises.NotPossible where somebody may be in danger and nobody has taken it on, but for those who may.
    """
    with transaction.atomic():
        locked = _locked(conversation)
        if not crises.may_be_closed(locked, by=by):
            raise crises.NotPossible(
                _("Somebody may be in danger here. A pharmacist or a manager takes this on before it is closed.")
            )
        why = reason or outcome  # the key, not its words: whoever reads it may read another language
        if wait := waits.running(locked):
            # What is late already leaves the figures only by the hand of somebody who may take it out.
            out = outcome == Outcome.SPAM and (by.may(Permission.INBOX_EXCLUDE) or not clock.is_late(wait.due_at, now))
            ended = Wait.Outcome.EXCLUDED if out else Wait.Outcome.CLOSED_NO_REPLY
            waits.end_by_hand(wait, outcome=ended, reason=why, by=by, now=now)
        Conversation.objects.filter(pk=locked.pk).update(closed_at=now, close_outcome=outcome, version=F("version") + 1)
        crises.close(locked, by=by, now=now)
        detail = {"outcome": outcome, "reason": masked(reason)}
        audit.record("conversation.closed", locked, organization=locked.organization_id, by=by, now=now, **detail)
        live.nudge(locked.organization_id)
    conversation.refresh_from_db()


def reopen(conversation: Conversation, *, by: Membership, now: datetime) -> None:
    """Take it up again. A wait that its closing had ended runs on, due when it always was."""
    with transaction.atomic():
        locked = _locked(conversation)
        if locked.closed_at is None:
            return
        closed_at = locked.closed_at
        Conversation.objects.filter(pk=locked.pk).update(closed_at=None, close_outcome="", version=F("version") + 1)
        crises.reopen(locked, closed_at=closed_at, by=by, now=now)
        ended = locked.waits.filter(ended_by=Wait.EndedBy.STAFF, ended_at=closed_at).last()
        if ended:
            waits.reopen(ended, by=by, now=now)
        audit.record("conversation.reopened", locked, organization=locked.organization_id, by=by, now=now)
        live.nudge(locked.organization_id)
    conversation.refresh_from_db()


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=conversation.pk)


def topics(conversation: Conversation) -> list[str]:
    """What the person asks about, best first: in what is unanswered, else in what they said last."""
    theirs = conversation.messages.filter(direction=Message.Direction.IN, removed_at=None).order_by("sent_at", "pk")
    asking = list(theirs.filter(wait__ended_at=None, wait__isnull=False).values_list("topics", flat=True))
    asking = asking or list(theirs.reverse().values_list("topics", flat=True)[:1])
    return list(dict.fromkeys(topic for of_one_rank in zip_longest(*asking) for topic in of_one_rank if topic))
