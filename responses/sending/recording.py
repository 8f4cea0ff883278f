"""What was accepted at about the same time, recorded in one go. What needs more thought than that is recorded alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import AuditEntry
from inbox import live
from inbox.intake import own
from inbox.models import Message
from inbox.platforms.base import Sent
from responses import outbox
from responses.models import Reply
from responses.sending import doors

State = Reply.State
PLACES = ("self", "conversation", "conversation__channel")


@dataclass(frozen=True, slots=True)
class Accepted:
    reply: Reply  # as it was claimed
    sent: Sent
    at: datetime  # when it was claimed


@transaction.atomic
def record(accepted: Collection[Accepted]) -> set[Accepted]:
    """As `outbox.record_sent`; return those for which that was done. Waits for nobody: what somebody else holds, be it the
    conversation or the channel, is left out.
    """
    by_key, now = {each.reply.pk: each for each in accepted}, max(each.at for each in accepted)
    free = Reply.objects.filter(pk__in=by_key).exclude(state=State.SENT).select_related("conversation__channel").order_by("pk")
    rows = list(free.select_for_update(of=PLACES, no_key=True, skip_locked=True))
    messages = own.record([_own(row, by_key[row.pk]) for row in rows], now=now)
    done = [row for row in rows if row.conversation_id in messages]
    if done:
        _write(done, by_key, messages, now)
    return {by_key[row.pk] for row in done}


def _write(done: list[Reply], accepted: dict[int, Accepted], messages: dict[int, Message], now: datetime) -> None:
    for row in done:
        sent = accepted[row.pk].sent
        row.state, row.external_id, row.sent_at, row.message = (
            State.SENT,
            sent.external_id,
            sent.at,
            messages[row.conversation_id],
        )
        row.error_code = row.error_detail = ""
    Reply.objects.bulk_update(done, ["state", "external_id", "sent_at", "error_code", "error_detail", "message"])
    doors.reopen({row.conversation.channel for row in done}, now=now)
    AuditEntry.objects.bulk_create([_told(row, now) for row in done])
    for organization_id in {row.conversation.organization_id for row in done}:
        live.nudge(organization_id)


def _own(row: Reply, accepted: Accepted) -> own.Own:
    return own.Own(
        conversation=row.conversation,
        external_id=accepted.sent.external_id,
        text=row.text,
        sent_at=accepted.sent.at,
        reply_to=row.reply_to,
        private=row.private_reply,
        correlation=outbox.correlation(row),
        by=row.author_id,
        source=accepted.reply.source,
    )


def _told(row: Reply, now: datetime) -> AuditEntry:
    organization, sent = row.conversation.organization_id, {"external_id": row.external_id, "sent_at": row.sent_at}
    return audit.told("reply.sent", row, organization=organization, by=None, now=now, **sent)
