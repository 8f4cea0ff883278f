"""What is stored is read again, by the rules of today.

A batch is one transaction, and a message knows which rules read it last: interrupted anywhere, it goes on from there. What others
work on just now is passed by and met again.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Organization
from inbox import triage, waits
from inbox.desk import summaries
from inbox.models import Conversation, Finding, Message, Screening
from inbox.screening.by_rules.comparing import Change
from inbox.screening.by_rules.reading import READ, Reader, read_all

AT_ONCE = 200
ASKED = "again"  # the version of what is to be read again, though it was read by the rules in force


def begun(*, now: datetime) -> Screening:
    """That of the rules in force, whether it begins now or goes on."""
    return Screening.objects.get_or_create(version=triage.version(), defaults={"started_at": now})[0]


def ask(organization: Organization) -> int:
    """Have all its messages read again, as with topics of its own that came since; how many they are."""
    said = Message.objects.filter(conversation__organization=organization, direction=Message.Direction.IN)
    return said.exclude(triage_version="").update(triage_version=ASKED)


def unread(screening: Screening) -> QuerySet[Message]:
    said = Message.objects.filter(direction=Message.Direction.IN).exclude(text="")
    return said.exclude(triage_version=screening.version)


@transaction.atomic
def read_some(screening: Screening, *, after: int, now: datetime, limit: int = AT_ONCE) -> tuple[int, int, int]:
    """Of the messages beyond a place, the next ones: how many there were, how many were read, and the new place."""
    pks = list(unread(screening).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
    messages = _held(pks) if pks else []
    reader = Reader.of({message.conversation.organization_id for message in messages}, now=now)
    changes = [(message, read_all(reader, message)) for message in messages]
    Message.objects.bulk_update(messages, READ)
    changed = {message.conversation_id: message.conversation for message, change in changes if change.added}
    for _pk, conversation in sorted(changed.items()):
        summaries.draw(conversation, waits.running(conversation))
    _note(screening, messages, [change for _message, change in changes])
    return len(pks), len(messages), pks[-1] if pks else after


def finish(screening: Screening, *, now: datetime) -> None:
    Screening.objects.filter(pk=screening.pk).update(finished_at=now)


def _held(pks: list[int]) -> list[Message]:
    """Those that nobody else holds, the conversation before its messages as everywhere; nobody is waited for."""
    of_these = Message.objects.filter(pk__in=pks).values("conversation")
    free = Conversation.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk")
    conversations = {row.pk: row for row in free.filter(pk__in=of_these).select_related("contact")}
    rows = Message.objects.select_for_update(skip_locked=True, no_key=True).order_by("pk")
    messages = list(rows.filter(pk__in=pks, conversation__in=conversations).prefetch_related("versions", "findings"))
    for message in messages:
        message.conversation = conversations[message.conversation_id]
    return messages


def _note(screening: Screening, messages: list[Message], changes: list[Change]) -> None:
    """Added to what is known by now, as another command may be at it too."""
    known = Screening.objects.select_for_update().get(pk=screening.pk)
    known.messages += sum(not message.unreadable for message in messages)
    known.unreadable += sum(message.unreadable for message in messages)
    known.added = _counted(known.added, [finding for change in changes for finding in change.added])
    known.gone = _counted(known.gone, [finding for change in changes for finding in change.gone])
    known.save()


def _counted(before: dict[str, int], findings: Iterable[Finding]) -> dict[str, int]:
    return dict(sorted((Counter(before) + Counter(finding.rule for finding in findings)).items()))
