"""The conversation's line in the list, kept on the conversation itself so that the list is one scan of an index."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, Q

from inbox import live, screening
from inbox.models import Conversation, Finding, Message, Rank, Wait
from inbox.screening.shown import masking

LISTED = [
    "preview",
    "rating",
    "unpublished",
    "waiting_count",
    "last_message_at",
    "last_inbound_at",
    "waiting_since",
    "warn_at",
    "due_at",
    "urgency",
    "badges",
    "badge_elsewhere",
    "closed_at",
    "close_outcome",
    "version",
]


def draw(conversation: Conversation, wait: Wait | None) -> None:
    """Copy what the list shows from the messages and from the wait that runs, if one does."""
    inbound = Q(direction=Message.Direction.IN)
    there = inbound & Q(removed_at=None)
    latest = conversation.messages.aggregate(
        turn=Max("sent_at"),
        inbound=Max("sent_at", filter=inbound),
        rating=Max("rating", filter=there),
        unpublished=Count("pk", filter=there & Q(moderation=Message.Moderation.PENDING)),
    )
    said = _said_in(wait or last_wait(conversation), conversation)
    asking = [message for message in said if message.removed_at is None] if wait else []
    here = [message for message in asking if message.conversation_id == conversation.pk]
    shown = here[0] if here else _last_said(conversation)
    conversation.preview = _first_words(shown)
    _set_line(conversation, [(message, message.findings.all()) for message in said], screening.Line())
    conversation.badge_elsewhere = not _is_of(shown, shown.findings.all() if shown else (), conversation)
    if wait is None and conversation.crisis_since is None:
        conversation.urgency = Rank.NONE
    conversation.rating, conversation.unpublished = latest["rating"] or "", bool(latest["unpublished"])
    conversation.waiting_count = len(asking)
    conversation.last_message_at = latest["turn"] or conversation.last_message_at
    conversation.last_inbound_at = latest["inbound"]
    conversation.waiting_since, conversation.warn_at, conversation.due_at = (
        (wait.started_at, wait.warn_at, wait.due_at) if wait else (None, None, None)
    )
    if wait:
        conversation.closed_at, conversation.close_outcome = None, ""
    conversation.version += 1
    conversation.save(update_fields=LISTED)
    live.nudge(conversation.organization_id)


def only_answered(conversation: Conversation, since: datetime) -> bool:
    """Whether its line needs no reading of what was said: one message waited, the last of the person's, and what is new is ours.

    The line still says how it was before.
    """
    one = conversation.waiting_count == 1 and conversation.waiting_since == conversation.last_inbound_at
    return one and since > conversation.last_message_at and conversation.moved_at is None and conversation.crisis_since is None


def end(conversations: Collection[Conversation]) -> None:
    """The same as drawing them, where they were only answered: the words that are shown, and what was found in them, stay."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-sent_at", "-pk").values("sent_at")[:1]
    Conversation.objects.filter(pk__in=[conversation.pk for conversation in conversations]).update(
        urgency=Rank.NONE,
        waiting_count=0,
        waiting_since=None,
        warn_at=None,
        due_at=None,
        last_message_at=newest,
        version=F("version") + 1,
    )
    for organization_id in {conversation.organization_id for conversation in conversations}:
        live.nudge(organization_id)


def append(conversation: Conversation, wait: Wait, read: list[tuple[Message, list[Finding]]]) -> None:
    """The same where these inbound messages are the newest of all and belong to the wait that runs; not yet written."""
    said = [message for message, _found in read]
    before, gravest = screening.Line(), conversation.badges[:1]
    is_new = conversation.due_at is None
    if is_new:
        conversation.preview, conversation.waiting_count = _first_words(*read[0]), 0
        conversation.waiting_since, conversation.warn_at, conversation.due_at = wait.started_at, wait.warn_at, wait.due_at
        conversation.closed_at, conversation.close_outcome = None, ""
    else:
        before = screening.Line(conversation.urgency, tuple(conversation.badges))
    _set_line(conversation, read, before)
    if is_new:
        conversation.badge_elsewhere = not _is_of(*read[0], conversation)
    elif conversation.badges[:1] != gravest:
        conversation.badge_elsewhere = True  # it came with these words, and the first of all are shown
    conversation.waiting_count += len(said)
    conversation.rating = max(conversation.rating, *(message.rating for message in said))
    conversation.unpublished |= any(message.moderation == Message.Moderation.PENDING for message in said)
    conversation.last_message_at = conversation.last_inbound_at = said[-1].sent_at
    conversation.version += 1


def last_wait(conversation: Conversation) -> Wait | None:
    """Of what was said here: one that went to the private half is no wait of this conversation any more."""
    rows = conversation.waits.all()
    if conversation.moved_at:
        rows = Wait.objects.filter(Q(conversation=conversation) | Q(messages__conversation=conversation))
    return rows.order_by("-started_at", "-pk").first()


def _said_in(wait: Wait | None, conversation: Conversation) -> list[Message]:
    """What the person said in this stretch, also what was taken back, with all that was found in it.

    In private also what of it stands in public; in public what stands there.
    """
    if wait is None:
        return []
    said = wait.messages.prefetch_related("findings").order_by("sent_at", "pk")
    if conversation.kind != Conversation.Kind.MESSAGE:
        said = said.filter(conversation=conversation)
    return list(said)


def _set_line(conversation: Conversation, read: Collection[tuple[Message, Collection[Finding]]], before: screening.Line) -> None:
    if conversation.crisis_since:  # whatever was said since: it is not lowered until a person ends it
        kinds = conversation.crises.open().values_list("type", flat=True)
        before += screening.Line(Rank.CRISIS, tuple(kinds))
    line = sum((screening.of_message(message, found, _place(message, conversation)) for message, found in read), before)
    conversation.urgency, conversation.badges = line.urgency, list(line.badges)


def _place(message: Message, conversation: Conversation) -> Conversation:
    """Where it stands: what of a private half was said in public is there for everybody to read."""
    return conversation if message.conversation_id in {conversation.pk, None} else message.conversation


def _is_of(message: Message | None, found: Collection[Finding], conversation: Conversation) -> bool:
    """Whether the badge that the list shows stands on the message that it shows."""
    first = conversation.badges[:1]
    return not first or (message is not None and first[0] in screening.of_message(message, found, conversation).badges)


def _last_said(conversation: Conversation) -> Message | None:
    """By the person, where they said anything."""
    theirs_last = conversation.messages.order_by("direction", "-sent_at", "-pk")  # "in" sorts before "out"
    return theirs_last.first()


def _first_words(message: Message | None, findings: Collection[Finding] | None = None) -> str:
    """Masked: the list is everybody's. findings: of the message, where they are not written yet."""
    return " ".join(masking.words(message, findings).split())[:240] if message else ""
