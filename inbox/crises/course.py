"""The course of a crisis: opened by what triage found, ended by people alone."""

from datetime import datetime
from functools import cache

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q

from accounts import audit
from accounts.models import Membership
from inbox import live, waits
from inbox.crises.alerts import hush
from inbox.desk import summaries
from inbox.keeping import kept
from inbox.models import Conversation, Crisis, Finding, KeptWords, Rank
from inbox.models.prepared import Prepared
from inbox.models.safety.findings import FRESH

Ended = Crisis.Ended


def attend(*, now: datetime, limit: int = 200) -> int:
    """Open a crisis for each finding that asks for one, or count it to the one that is open; return how many findings.

    Two workers at once do it once: the conversation is held, and one crisis of a kind may be open in it.
    """
    waiting = _to_attend(limit).ask({})
    return sum(_attend(pk, now) for pk in sorted({pk for (pk,) in waiting}))


def attend_here(conversation: Conversation, *, now: datetime) -> int:
    """The same in one conversation. Inside the transaction of who added something to it."""
    return _attend(conversation.pk, now)


@cache
def _to_attend(limit: int) -> Prepared:
    """Where. Asked after every few deliveries, and there is hardly ever one."""
    return Prepared.of(Finding.objects.to_attend().order_by().values_list("message__conversation")[:limit])


def pass_over(*, now: datetime) -> int:
    """Settle what was found a day ago and asks for no crisis, so that it opens none when somebody writes there again; return how
    many. What still asks for one, as nobody looked meanwhile, is left to `attend`.
    """
    settled = Finding.objects.unattended().filter(found_at__lt=now - FRESH)
    return settled.exclude(pk__in=Finding.objects.to_attend().values("pk")).update(passed_over=True)


@transaction.atomic
def _attend(conversation_pk: int, now: datetime) -> int:
    conversation = _held(conversation_pk)
    found = Finding.objects.to_attend().filter(message__conversation=conversation)
    rows = list(found.select_related("message").order_by("message__sent_at", "pk"))
    for finding in rows:
        Finding.objects.filter(pk=finding.pk).update(crisis=_of(conversation, finding, now))
    if rows:
        mark(conversation)
    return len(rows)


def _of(conversation: Conversation, finding: Finding, now: datetime) -> Crisis:
    current = conversation.crises.open().filter(type=finding.type).first()
    said_at = finding.message.edited_at or finding.message.sent_at
    if current and not (current.acknowledged_at and said_at > current.acknowledged_at):
        return current
    if current:  # somebody took it on, and the person writes again: people are told again
        _end(current, Ended.FOLLOWED, now)
    crisis = conversation.crises.create(
        organization_id=conversation.organization_id, type=finding.type, opened_at=now, alert_at=now
    )
    if current:
        Finding.objects.filter(crisis=current).update(crisis=crisis)
    _record("opened", crisis, by=None, now=now)
    return crisis


def resolve(*, now: datetime) -> int:
    """End the crises of which nothing stands any more, as a person took it off, and those whose conversation is over."""
    standing = Finding.objects.standing().filter(crisis=OuterRef("pk"))
    over = Q(conversation__closed_at__gte=F("opened_at"))
    rows = Crisis.objects.open().filter(over | ~Exists(standing)).select_related("conversation")
    return sum(_resolve(row, now) for row in rows[:200])


@transaction.atomic
def _resolve(crisis: Crisis, now: datetime) -> bool:
    conversation = _held(crisis.conversation_id)
    stands = Finding.objects.standing().filter(crisis=crisis).exists()
    closed = conversation.closed_at is not None and conversation.closed_at >= crisis.opened_at
    if stands and not closed:
        return False  # another finding came to it meanwhile
    ended = _end(crisis, Ended.CLOSED if closed else Ended.REMOVED, now)
    _let_go(conversation, by=None, now=now)
    mark(conversation)
    summaries.draw(conversation, waits.running(conversation))
    return ended


def removed(finding: Finding, conversation: Conversation, *, by: Membership, now: datetime) -> None:
    """A person says that it is not so. Inside their transaction, which draws the conversation's line anew."""
    crisis = conversation.crises.open().filter(findings=finding).first()
    if crisis and not crisis.findings.standing().exists():
        _end(crisis, Ended.REMOVED, now, by=by)
        mark(conversation)


def put_back(finding: Finding, conversation: Conversation, *, by: Membership, now: datetime) -> None:
    """A person says that it is so after all: what its removal had ended begins again."""
    crisis = conversation.crises.filter(findings=finding, ended=Ended.REMOVED).first()
    if crisis and conversation.closed_at is None:
        Finding.objects.filter(pk=finding.pk).update(crisis=_of(conversation, finding, now))
        mark(conversation)


def close(conversation: Conversation, *, by: Membership, now: datetime) -> None:
    """A person closes the conversation, and with it what was open. Inside their transaction."""
    for crisis in conversation.crises.open():
        _end(crisis, Ended.CLOSED, now, by=by)
    _let_go(conversation, by=by, now=now)
    mark(conversation)


def _let_go(conversation: Conversation, *, by: Membership | None, now: datetime) -> None:
    """What was deleted in it, and was kept for as long as somebody might be in danger."""
    kept.let_go(KeptWords.objects.filter(message__conversation=conversation), by=by, now=now)


def reopen(conversation: Conversation, *, closed_at: datetime, by: Membership, now: datetime) -> None:
    """What closing had ended goes on; whoever was not told yet, is."""
    for crisis in conversation.crises.filter(ended=Ended.CLOSED, ended_at=closed_at):
        if conversation.crises.open().filter(type=crisis.type).exists():
            continue
        alert_at = None if crisis.acknowledged_at else now
        Crisis.objects.filter(pk=crisis.pk).update(ended_at=None, ended="", alert_at=alert_at)
        _record("opened", crisis, by=by, now=now)
    mark(conversation)


def mark(conversation: Conversation) -> None:
    """Keep on the conversation whether a crisis is open in it, so that the list knows it without asking."""
    since = conversation.crises.open().aggregate(since=Min("opened_at"))["since"]
    news = {"crisis_since": since, "version": F("version") + 1}
    if since:
        news["urgency"] = Rank.CRISIS
    Conversation.objects.filter(pk=conversation.pk).update(**news)
    conversation.crisis_since = since
    live.nudge(conversation.organization_id)


def _end(crisis: Crisis, how: str, now: datetime, *, by: Membership | None = None) -> bool:
    running = Crisis.objects.open().filter(pk=crisis.pk)
    if not running.update(ended_at=now, ended=how, alert_at=None):
        return False
    hush(crisis, now=now)
    _record("ended", crisis, by=by, now=now, how=how)
    return True


def _held(pk: int) -> Conversation:
    return Conversation.objects.select_for_update(no_key=True).get(pk=pk)


def _record(action: str, crisis: Crisis, *, by: Membership | None, now: datetime, **detail: object) -> None:
    about = {"conversation": crisis.conversation_id, "type": crisis.type}
    audit.record(f"crisis.{action}", crisis, organization=crisis.organization_id, by=by, now=now, **about, **detail)
