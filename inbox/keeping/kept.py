"""Words that told of harm or danger, when they are erased: sealed for their case or their crisis, and let go with it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import audit
from accounts.models import Membership
from inbox.keeping import unnamed
from inbox.models import Contact, Conversation, Finding, KeptWords, Message, MessageAction, Removal, SafetyCase
from inbox.models.safety.findings import digest_of
from inbox.models.safety.kept import Content, Said
from inbox.platforms.base import Action

Why = KeptWords.Why


def held(messages: QuerySet[Message], *, forgotten: bool = False) -> QuerySet[Message]:
    """Those of which a case is kept, or which are part of a crisis that goes on or comes with the next look.

    What a person took off as wrong holds nothing; what stands in another case was still told. forgotten: who wrote it asked to
    be, and a case that nobody has to report does not outweigh that.
    """
    told = Finding.objects.filter(Q(removed_at=None) | Q(removal=Removal.RECORDED), type=OuterRef("type"))
    cases = SafetyCase.objects.filter(Exists(told.filter(message=OuterRef("message"))), message=OuterRef("pk"))
    cases = cases.filter(duty=True) if forgotten else cases
    here = Finding.objects.filter(message=OuterRef("pk"), removed_at=None)
    going_on = here.filter(crisis__isnull=False, crisis__ended_at=None)
    coming = Finding.objects.to_attend().filter(message=OuterRef("pk"))
    return messages.filter(Exists(cases) | Exists(going_on) | Exists(coming))


def keep(messages: QuerySet[Message], *, why: str, at: datetime, now: datetime) -> set[int]:
    """Seal what these say, where something holds it; return of which. Inside the transaction that erases the words.

    Their conversations are held, as whoever reads them again holds them too: no case is opened beside this.
    """
    here = Conversation.objects.filter(pk__in=messages.values("conversation"))
    list(here.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    related = ("conversation__contact", "conversation__post")
    rows = held(messages, forgotten=why == Why.FORGOTTEN).select_related(*related).prefetch_related("versions", "kept")
    found = list(rows.order_by("pk"))
    for message in found:
        _keep(message, _versions(message), why=why, at=at, now=now)
    return {message.pk for message in found}


def keep_late(message: Message, text: str, *, at: datetime, now: datetime) -> None:
    """An edit that was told after the words were erased: it stands where it would, had it come in time."""
    if not text or not held(Message.objects.filter(pk=message.pk)).exists():
        return
    row, said = message.kept.last(), Said(text, at)
    if row is None or row.is_unreadable:
        _keep(message, [said], why=deleted_by(message), at=message.removed_at or now, now=now)
    elif text not in _texts(message):
        content = row.content
        row.content = replace(content, versions=sorted([*content.versions, said], key=lambda each: each.at))
        row.save(update_fields=["sealed"])


def deleted_by(message: Message) -> str:
    """No platform tells who deleted it; that we asked for it, we know."""
    ours = message.actions.filter(kind=Action.DELETE).exclude(state=MessageAction.State.FAILED)
    return Why.PAGE if ours.exists() else Why.AUTHOR


def _versions(message: Message) -> list[Said]:
    """The one that can be read now at the end."""
    before = [Said(each.text, each.written_at) for each in message.versions.all() if each.text]
    if not message.text or any(each.text == message.text for each in before):
        return before
    return [*before, Said(message.text, message.edited_at or message.sent_at)]


def _texts(message: Message) -> set[str]:
    return {text for row in message.kept.all() for text in row.texts}


def _keep(message: Message, versions: list[Said], *, why: str, at: datetime, now: datetime) -> None:
    if {each.text for each in versions} <= _texts(message):
        return  # nothing to keep, or kept before it came back
    conversation = message.conversation
    author = conversation.contact.name if conversation.contact else ""
    permalink = conversation.post.permalink if conversation.post else ""
    row = KeptWords.of(message, Content(versions, author, permalink), why=why, erased_at=at)
    row.attachments = Counter(str(each.get("type", "")) for each in message.attachments)
    row.save()
    _record("kept", row, by=None, now=now)


def let_go(rows: QuerySet[KeptWords], *, by: Membership | None, now: datetime) -> int:
    """What nothing holds any more; return how much."""
    known, said = Q(unnamed_at=None), Message.objects.filter(pk__in=rows.order_by().values("message"))
    over = rows.exclude(known, message__in=held(said)).exclude(~known, message__in=held(said, forgotten=True))
    return sum(_let_go(row, by=by, now=now) for row in over.select_related("message"))


def _let_go(row: KeptWords, *, by: Membership | None, now: datetime) -> int:
    _record("let_go", row, by=by, now=now)
    message = row.message
    if message.purged_at:  # as of what was erased at once
        there = {digest_of(message, text) for text in (message.text, *message.versions.values_list("text", flat=True))}
        Finding.objects.filter(message=message).exclude(text_digest__in=there).update(text_digest="")
    return row.delete()[0]


def unname(messages: QuerySet[Message], names: Iterable[str], *, now: datetime) -> None:
    """Who wrote them is forgotten: what is held stays, without them; so does nothing that no key opens."""
    rows = KeptWords.objects.filter(message__in=messages).select_related("message")
    rows.update(unnamed_at=now)
    let_go(rows, by=None, now=now)
    for row in rows.order_by("pk"):
        if row.is_unreadable:
            _let_go(row, by=None, now=now)
            continue
        content = row.content
        theirs = {*names, *unnamed.names_of(Contact(name=content.author))}
        row.content = Content([replace(each, text=unnamed.without(each.text, theirs)) for each in content.versions])
        row.save(update_fields=["sealed"])


def _record(action: str, row: KeptWords, *, by: Membership | None, now: datetime) -> None:
    about = {"conversation": row.message.conversation_id, "message": row.message_id}
    audit.record(f"words.{action}", row, organization=row.organization_id, by=by, now=now, **about)
