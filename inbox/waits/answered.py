"""Answers at the end of a talk, of many conversations at once: the plain case of `waits.settle`.

Where one message waited and is answered, its wait ends, and nothing that was drawn before has to be drawn anew.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from inbox import clock, waits
from inbox.desk import summaries
from inbox.models import Conversation, Message, Wait, WaitEvent
from inbox.waits import course, timeline


def held(conversations: Collection[Conversation]) -> dict[int, Wait | None]:
    """The wait that runs in each of these, if one does, by the conversation's key. The conversations are locked, and now these
    are too; one whose wait somebody else holds just now is left out.
    """
    running = Wait.objects.running().filter(conversation__in=conversations).select_related("policy").order_by("pk")
    free = running.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = {row.conversation_id: row for row in free}
    return {each.pk: found.get(each.pk) for each in conversations if each.pk in found or each.due_at is None}


def settle(answers: Iterable[Message], running: dict[int, Wait | None], *, now: datetime) -> None:
    """Draw the waits of their conversations, one answer each, which are locked with the waits that run in them."""
    ended: dict[Wait, WaitEvent] = {}
    for answer in answers:
        row = running[answer.conversation_id]
        if row and answer.source == Message.Source.COMPTOIR and summaries.only_answered(answer.conversation, answer.sent_at):
            stretch = timeline.Stretch(row.started_at, ended_at=answer.sent_at, outcome=clock.Outcome.ANSWERED, answer=answer.pk)
            row.conversation = answer.conversation
            if event := course.end(row, stretch, answer, now):
                ended[row] = event
        else:
            waits.settle(answer.conversation, now=now, since=answer.sent_at)
    if ended:
        Wait.objects.bulk_update(ended, ["ended_at", "outcome", "ended_by", "answer"])
        WaitEvent.objects.bulk_create(ended.values())
        summaries.end([row.conversation for row in ended])
