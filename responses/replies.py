"""Answering: compose, take back, decide of an uncertain one. The server renders what leaves; nobody's browser does."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Membership
from inbox import conversations, crises, intake, live
from inbox.keeping import unnamed
from inbox.models import Conversation
from inbox.screening.shown import masking
from responses import outbox, wording
from responses.composing import values
from responses.composing.judging import PRIVATE, PUBLIC, Finding, Words, answered_id, draw, modes
from responses.composing.seen import Changes, Seen, changes_since
from responses.models import Reply, ReplyDraft, TemplateVersion
from responses.sending import reasons

State = Reply.State


class Refused(Exception):
    """It may not be sent as it is. `problems` says why, in words for staff."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Forbidden(Refused):
    """This person may not, whatever the words."""


class Stale(Exception):
    """The conversation went on since it was opened. `changes` says how."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(str(changes))
        self.changes = changes


class Unacknowledged(Exception):
    """The guard warns, and nobody has said that it is right all the same."""

    def __init__(self, warnings: list[Finding]) -> None:
        super().__init__()
        self.warnings = warnings


# --- sending -----------------------------------------------------------------------------------------


@transaction.atomic
def compose(
    conversation: Conversation,
    *,
    by: Membership,
    now: datetime,
    words: Words,
    mode: str = "",
    key: UUID | None = None,
    seen: Seen | None = None,
    acknowledged: bool = False,
) -> Reply:
    """Queue a reply that leaves when the time to take it back is over. The same key makes one reply, however often it is sent.

    Raises Forbidden, Refused, Stale, Unacknowledged.
    """
    if not by.may(Permission.REPLY) or not Conversation.objects.visible_to(by).filter(pk=conversation.pk).exists():
        raise Forbidden([_("You may not answer here.")])
    if words.version is None and not by.may(Permission.REPLY_FREELY):
        raise Forbidden([_("Your role answers with approved templates only.")])
    # Two people who press Send at once: one after the other, so that the second one is told of the first.
    conversation = (
        Conversation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("channel", "location", "contact", "post", "organization")
        .get(pk=conversation.pk)
    )
    key = key or uuid4()
    if sent_before := Reply.objects.filter(key=key, conversation=conversation, author=by).first():
        return sent_before
    if seen and (changes := changes_since(seen, conversation, by=by)):
        raise Stale(changes)
    mode = mode or modes(conversation)[0]
    drawing = draw(conversation, words, by=by, mode=mode, now=now)
    if drawing.problems or drawing.blocks:
        raise Refused([*drawing.problems, *(finding.message for finding in drawing.blocks)])
    if drawing.warnings and not acknowledged:
        raise Unacknowledged(drawing.warnings)
    reply = Reply.objects.create(
        key=key,
        conversation=conversation,
        author=by,
        kind=Conversation.Kind.MESSAGE if mode == PRIVATE else conversation.kind,
        private_reply=mode == PRIVATE and conversation.kind == Conversation.Kind.COMMENT,
        reply_to=answered_id(conversation),
        version=words.version,
        language=words.language,
        fields=dict(words.filled) if words.version else {"text": words.text},
        text=drawing.text,
        created_at=now,
        send_at=now + timedelta(seconds=settings.UNDO_SECONDS),
    )
    ReplyDraft.objects.filter(conversation=conversation, membership=by).delete()
    _learn_name(conversation, words)
    # The trail can never lose what it holds: the words that were said, without the name of who they were said to.
    names = unnamed.names_of(conversation.contact) | {words.filled.get("first_name", "")}
    acknowledged_rules = [finding.code for finding in drawing.warnings]
    _record(
        "reply.composed",
        reply,
        by=by,
        now=now,
        version=words.version and str(words.version),
        text=unnamed.without(masking.told(reply.text, conversation), names),
        warnings=acknowledged_rules,
    )
    if crises.waits_for(conversation, by):
        with suppress(crises.NotPossible):  # taken on meanwhile, in its other half: the answer leaves all the same
            conversations.take_on(conversation, by=by, now=now)
    transaction.on_commit(outbox.ring, robust=True)
    return reply


def _learn_name(conversation: Conversation, words: Words) -> None:
    """Keep a first name that staff corrected, for the next reply to this person."""
    name = wording.clean(words.filled.get("first_name", ""))[:40]
    if conversation.contact and words.version and name and name != values.name_of(conversation):
        conversation.contact.first_name = name
        conversation.contact.save(update_fields=["first_name"])


@transaction.atomic
def undo(reply: Reply, *, by: Membership, now: datetime) -> bool:
    """Take a reply back while no worker has claimed it, and put its words back into a free draft. False: too late."""
    if not Reply.objects.filter(pk=reply.pk, state=State.QUEUED).update(state=State.UNDONE, error_code="", error_detail=""):
        return False
    use_again(reply, by=by, now=now)
    _record("reply.undone", reply, by=by, now=now)
    return True


def use_again(reply: Reply, *, by: Membership, now: datetime, instead: bool = False) -> None:
    """Put the words of a reply into the draft, to be looked at and sent anew.

    What this person has written since stays, unless they want these instead.
    """
    save_draft(
        reply.conversation,
        by=by,
        now=now,
        version=reply.version,
        language=reply.language,
        mode=PRIVATE if reply.kind == Conversation.Kind.MESSAGE else PUBLIC,
        fields=reply.fields,
        over=instead,
    )


@transaction.atomic
def resolve(reply: Reply, *, by: Membership, now: datetime, was_sent: bool) -> bool:
    """A person looked where no machine could tell. False: it was settled meanwhile."""
    state, code = (State.SENT, "") if was_sent else (State.FAILED, reasons.NOT_SENT)
    uncertain = Reply.objects.filter(pk=reply.pk, state=State.UNCERTAIN)
    if not uncertain.update(state=state, error_code=code, error_detail="", resolved_by=by):
        return False
    reply.refresh_from_db()
    if was_sent:
        # Nobody knows the platform's id or time: ours stand in, and the wait ends when it was handed over.
        reply.sent_at = reply.tried_at
        reply.message = intake.record_own(
            reply.conversation,
            external_id=outbox.correlation(reply),
            text=reply.text,
            sent_at=reply.tried_at,
            now=now,
            reply_to=reply.reply_to,
            private=reply.private_reply,
            correlation=outbox.correlation(reply),
            by=reply.author,
            source=reply.source,
        )
        reply.save(update_fields=["sent_at", "message"])
    _record("reply.resolved", reply, by=by, now=now, was_sent=was_sent)
    return True


def _record(action: str, reply: Reply, *, by: Membership, now: datetime, **detail: object) -> None:
    audit.record(action, reply, organization=by.organization_id, by=by, now=now, **detail)
    live.nudge(by.organization_id)


# --- drafts and what is on its way ---------------------------------------------------------------------


def save_draft(
    conversation: Conversation,
    *,
    by: Membership,
    now: datetime,
    version: TemplateVersion | None,
    language: str,
    mode: str,
    fields: Mapping[str, str],
    over: bool = True,
) -> ReplyDraft:
    """over: in place of the draft that stands there, if any."""
    put = ReplyDraft.objects.update_or_create if over else ReplyDraft.objects.get_or_create
    draft, _created = put(
        conversation=conversation,
        membership=by,
        defaults={"version": version, "language": language, "mode": mode, "fields": dict(fields), "updated_at": now},
    )
    return draft


def under_way(conversation: Conversation, *, now: datetime) -> list[Reply]:
    """What staff should see of the replies here: those not settled, and how the last one ended."""
    newest = list(conversation.replies.select_related("author__user", "version", "message").order_by("-created_at", "-pk")[:20])
    last = newest[:1]
    return [reply for reply in newest if reply.state in _OPEN or (reply in last and _tells(reply, now))][::-1]


_OPEN = {State.QUEUED, State.SENDING, State.UNCERTAIN}


def _tells(reply: Reply, now: datetime) -> bool:
    just_sent = reply.state == State.SENT and reply.send_at > now - timedelta(minutes=2)
    return just_sent or reply.did_not_arrive or reply.state == State.FAILED
