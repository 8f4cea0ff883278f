"""Words at the end of a talk, where nothing that was drawn before has to be drawn anew: the plain case of `waits.settle`.

Somebody who waits waits on, somebody who does not waits from now; of many conversations at once.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from inbox import cases, live, waits
from inbox.desk import summaries
from inbox.models import Conversation, Finding, Message, Wait, WaitEvent, writing
from inbox.screening import offices
from inbox.waits import JOINED, policies, timeline

Kind, EndedBy = WaitEvent.Kind, Wait.EndedBy


@dataclass(slots=True, eq=False)
class Talk:
    """A conversation, and what was just said in it, oldest first. None of it is written yet."""

    conversation: Conversation
    last: Wait | None = None
    said: list[Message] = field(default_factory=list)
    found: list[list[Finding]] = field(default_factory=list)  # in each of these
    wait: Wait = field(init=False)  # to which all of it belongs

    def add(self, message: Message, found: list[Finding]) -> None:
        self.said.append(message)
        self.found.append(found)

    @property
    def is_waiting(self) -> bool:
        return self.last is not None and self.last.ended_at is None

    def ends_before(self, at: datetime) -> bool:
        """Whether what is said at this moment comes after all that was said, and after the end of the last wait."""
        if self.conversation.pk and at <= timeline.end_of_its_second(self.conversation.last_message_at):
            return False
        if self.last is None or self.last.ended_at is None:
            return True
        # One that was joined or ended by hand may lie beside another one.
        return self.last.ended_at < at and self.last.ended_by != EndedBy.STAFF and self.last.reason != JOINED


def last_waits(conversations: Iterable[Conversation]) -> dict[int, Wait]:
    """By the conversation's key. The conversations are locked, so that nobody ends a wait meanwhile."""
    rows = Wait.objects.filter(conversation__in=conversations).order_by("conversation_id", "-started_at", "-pk")
    return {row.conversation_id: row for row in rows.distinct("conversation_id")}


def write(talks: list[Talk], *, makers: Collection[int], now: datetime) -> None:
    """Write what was said, with the waits, their events and the lines of the list. makers: as in `cases.open_for`."""
    begun = [talk for talk in talks if not talk.is_waiting]
    new = [talk.conversation for talk in talks if talk.conversation.pk is None]
    old = [talk.conversation for talk in talks if talk.conversation.pk]
    _give_waits(talks)
    for talk in talks:
        summaries.append(talk.conversation, talk.wait, list(zip(talk.said, talk.found, strict=True)))

    writing.insert(new)
    writing.update(old, [*summaries.LISTED, "language", "post"])
    writing.insert(talk.wait for talk in begun)
    writing.insert(message for talk in talks for message in talk.said)
    found = [finding for talk in talks for each in talk.found for finding in each]
    writing.insert(found)
    cases.open_for(found, makers)
    offices.tell(found, now=now)
    writing.insert(event for talk in talks for event in _events(talk, now))
    for organization_id in {talk.conversation.organization_id for talk in talks}:
        live.nudge(organization_id)


def _give_waits(talks: Iterable[Talk]) -> None:
    begun = {talk.conversation.organization_id for talk in talks if not talk.is_waiting}
    policy = policies.in_force_of(begun) if begun else {}
    for talk in talks:
        if talk.last and talk.is_waiting:
            talk.wait = talk.last
        else:
            first = talk.said[0]
            talk.wait = waits.begun(talk.conversation, policy[talk.conversation.organization_id], first, at=first.sent_at)
        for message in talk.said:
            message.wait = talk.wait


def _events(talk: Talk, now: datetime) -> Iterator[WaitEvent]:
    further = talk.said
    if not talk.is_waiting:
        first, *further = talk.said
        yield waits.told(talk.wait, Kind.STARTED, first.sent_at, now, message=first.pk, policy=str(talk.wait.policy))
    for message in further:
        yield waits.told(talk.wait, Kind.EXTENDED, message.sent_at, now, message=message.pk)
