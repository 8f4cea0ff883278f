"""Somebody's number stands in public: a public reply that repeats nothing, a private message, the original hidden. One press.

Its words are templates of the topic “move”. They hold, and answer nothing: the person's wait goes on until somebody answers them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from inbox import moderation, platforms
from inbox.models import Conversation, Message, MessageAction
from inbox.platforms.base import Action
from inbox.screening.shown.exposure import exposed
from responses import guard, replies, wording
from responses.composing import judging, suggest
from responses.composing.holidays import HOLIDAY
from responses.composing.judging import PRIVATE, PUBLIC, Drawing, Words
from responses.models import Reply
from responses.models.templates import MOVE
from responses.replies import Refused

LEAD = timedelta(seconds=5)  # for the public reply to arrive before what it answers is hidden


@dataclass(frozen=True, slots=True)
class Step:
    """One of the two messages, as it would leave."""

    words: Words
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Plan:
    """What pressing does, and what it cannot do here."""

    message: Message
    public: Step | None = None
    private: Step | None = None
    hides: bool = False
    cannot: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # why nothing can be pressed


def plan(conversation: Conversation, *, by: Membership, language: str, now: datetime) -> Plan | None:
    """None: nothing that points to somebody stands in public here."""
    message = exposed(conversation)
    if message is None:
        return None
    cannot: list[str] = []
    public, problems = _step(conversation, PUBLIC, by=by, language=language, now=now)
    hides = Action.HIDE in moderation.offered(message, by)
    if not hides:
        cannot.append(_("%(platform)s lets nobody hide it: it stays there until its author takes it away.") % _name(conversation))
    private = None
    if PRIVATE not in judging.modes(conversation):
        cannot.append(_("%(platform)s does not let us write to its author in private first.") % _name(conversation))
    else:
        private, why_not = _step(conversation, PRIVATE, by=by, language=language, now=now)
        if why_not:
            private = None
            cannot.append(_("No private message leaves: %(why)s") % {"why": " ".join(why_not)})
    return Plan(message, public, private, hides, cannot, problems)


def is_under_way(conversation: Conversation) -> bool:
    """Somebody has pressed it, and what becomes of it is not known yet: it is not offered a second time."""
    return Reply.objects.moving().filter(conversation=conversation).exists()


@transaction.atomic
def move(conversation: Conversation, *, by: Membership, language: str, key: UUID, now: datetime) -> Reply:
    """Queue all of it. Taken back together, as long as nothing has left. Raises what `replies.compose` does."""
    # Two people who press at once: one after the other, so that the second one is told of the first.
    Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    if sent_before := Reply.objects.filter(key=key, conversation=conversation, author=by).first():
        return sent_before
    if is_under_way(conversation):
        raise Refused([_("This is under way already.")])
    planned = plan(conversation, by=by, language=language, now=now)
    if planned is None or planned.public is None or planned.problems:
        raise Refused(planned.problems if planned else [_("Nothing here has to be moved any more.")])
    reply = _queue(conversation, planned.public, PUBLIC, by=by, key=key, now=now)
    if planned.private:
        _queue(conversation, planned.private, PRIVATE, by=by, key=uuid5(key, PRIVATE), now=now)
    if planned.hides:
        why = _("personal information in public")
        # Where nothing hidden is answered, the answer has to be there first.
        lead = timedelta() if platforms.get(conversation.platform).answers_hidden else LEAD
        moderation.ask(conversation, planned.message, Action.HIDE, by=by, now=now, reason=why, not_before=reply.send_at + lead)
    return reply


@transaction.atomic
def undo(reply: Reply, *, by: Membership, now: datetime) -> bool:
    """Take a reply back, and with it whatever else the same press asked for. False: too late."""
    if not replies.undo(reply, by=by, now=now):
        return False
    together = Reply.objects.filter(conversation=reply.conversation_id, author=reply.author_id, created_at=reply.created_at)
    for other in together.filter(state=Reply.State.QUEUED).select_related("conversation", "version"):
        replies.undo(other, by=by, now=now)
    asked = MessageAction.objects.filter(conversation=reply.conversation_id, by=reply.author_id, created_at=reply.created_at)
    for action in asked.filter(kind=Action.HIDE).select_related("message", "conversation"):
        moderation.take_back(action, by=by, now=now)
    return True


def _step(
    conversation: Conversation, mode: str, *, by: Membership, language: str, now: datetime
) -> tuple[Step | None, list[str]]:
    """Words that leave as they were approved: no field of them is for a person to fill in."""
    fitting = suggest.fitting(conversation, by=by, mode=mode, now=now).filter(topic=MOVE).order_by("pk")
    version = next((each for each in fitting if "answer" not in wording.fields_in(each.body(language))), None)
    if version is None:
        return None, [_("no template of the topic “Move to private” is approved for it.")]
    words = Words(version, language)
    drawing = judging.draw(conversation, words, by=by, mode=mode, now=now)
    stops = [*drawing.blocks, *(finding for finding in drawing.warnings if finding.code not in _NOT_OF_MOVING)]
    return Step(words, drawing), [*drawing.problems, *(finding.message for finding in stops)]


# Of less weight than a number that goes on standing in public.
_NOT_OF_MOVING = frozenset({HOLIDAY, guard.LANGUAGE})


def _queue(conversation: Conversation, step: Step, mode: str, *, by: Membership, key: UUID, now: datetime) -> Reply:
    over = bool(step.drawing.warnings)  # what is left of them stops nothing here
    return replies.compose(conversation, by=by, now=now, words=step.words, mode=mode, key=key, acknowledged=over)


def _name(conversation: Conversation) -> dict[str, str]:
    return {"platform": conversation.get_platform_display()}
