"""Asked for: queued once, taken back while it has not begun, asked for again when it failed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership
from inbox import live
from inbox.models import Conversation, Message, MessageAction
from inbox.moderation.offering import offered, offered_on_thread
from inbox.platforms.base import Action
from inbox.triage.identifiers.unread import masked

State = MessageAction.State
OPEN = [State.QUEUED, State.DOING]
# What tells of harm or of a defect leaves the public's sight by a person's reason alone.
TAKES_AWAY = frozenset({Action.HIDE, Action.REJECT})


class NotPossible(ValueError):
    """It cannot be asked for; the words say why."""


@transaction.atomic
def ask(
    conversation: Conversation,
    message: Message | None,
    action: Action,
    *,
    by: Membership,
    now: datetime,
    reason: str = "",
    text: str = "",
    not_before: datetime | None = None,
) -> MessageAction:
    """Queue it. Asked for twice, it is done once. Raises NotPossible."""
    held = _held(conversation.pk)
    _check(held, message, action, by=by, reason=reason)
    what = {"conversation": conversation, "message": message, "kind": action}
    if under_way := MessageAction.objects.filter(**what, state__in=OPEN).first():
        if under_way.text != text:
            raise NotPossible(_("An earlier correction is still on its way. Try again in a moment."))
        return under_way
    why = masked(reason.strip())[:200]
    asked = MessageAction.objects.create(**what, text=text, reason=why, by=by, created_at=now, try_at=not_before or now)
    _tell(asked, by, now)
    return asked


def _held(pk: int) -> Conversation:
    return Conversation.objects.select_for_update(no_key=True).get(pk=pk)


def _check(held: Conversation, message: Message | None, action: Action, *, by: Membership, reason: str) -> None:
    """Raises NotPossible."""
    if message:
        message.conversation = held
    open_to = offered(message, by) if message else offered_on_thread(held, by)
    if action not in open_to:
        raise NotPossible(_("This cannot be done here, or is done already."))
    theirs = message is not None and message.direction == Message.Direction.IN
    if action is Action.DELETE and theirs and not reason.strip():
        raise NotPossible(_("Say why it is deleted: the reason stays in the audit trail."))
    if action in TAKES_AWAY and theirs and message and not reason.strip() and message.cases.standing().exists():
        raise NotPossible(
            _("This tells of harm or of a defect: say why it is taken out of sight. The reason stays in the audit trail.")
        )


def _tell(asked: MessageAction, by: Membership, now: datetime) -> None:
    organization, subject = asked.conversation.organization_id, asked.message or asked.conversation
    audit.record(f"message.{asked.kind}", subject, organization=organization, by=by, now=now, reason=asked.reason)
    live.nudge(organization)


@transaction.atomic
def take_back(asked: MessageAction, *, by: Membership, now: datetime) -> bool:
    """As long as it has not begun. False: too late."""
    queued = MessageAction.objects.filter(pk=asked.pk, state=State.QUEUED, attempts=0)
    if not queued.delete()[0]:
        return False
    organization, subject = asked.conversation.organization_id, asked.message or asked.conversation
    audit.record("message.taken_back", subject, organization=organization, by=by, now=now, what=asked.kind)
    live.nudge(organization)
    return True


@transaction.atomic
def ask_again(asked: MessageAction, *, by: Membership, now: datetime) -> bool:
    """Try once more what was not done, in this person's name. False: it is under way, or settled. Raises NotPossible."""
    held, message, action = _held(asked.conversation_id), asked.message, Action(asked.kind)
    same = MessageAction.objects.filter(conversation=held, message=message, kind=action)
    if same.filter(state__in=OPEN).exists() or not same.filter(pk=asked.pk, state=State.FAILED).exists():
        return False
    _check(held, message, action, by=by, reason=asked.reason)
    same.filter(pk=asked.pk).update(
        state=State.QUEUED, by=by, try_at=now, attempts=0, ended_at=None, error_code="", error_detail=""
    )
    _tell(asked, by, now)
    return True
