"""A message is read by triage as it arrives, and again when its words change.

Whatever the rules do on a text, the message is taken in and shown: where they fail, it says so and comes among the first.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from rq.timeouts import JobTimeoutException

from accounts.models import Organization
from inbox import cases, triage
from inbox.models import Conversation, Finding, Message, Rank
from inbox.models.safety.findings import digest_of
from inbox.running import problems
from inbox.screening import offices
from inbox.screening.by_people import places
from inbox.screening.by_rules import comparing
from inbox.screening.by_rules.ahead import NOTHING, Ahead
from inbox.screening.by_rules.contexts import House
from inbox.triage.findings import Context, Family, Reading, Urgency
from inbox.triage.findings import Finding as Found
from inbox.triage.urgency import urgency

log = logging.getLogger(__name__)

READ = ["language", "urgency", "topics", "triage_version", "unreadable"]
_RANKS = {Urgency.NOW: Rank.NOW, Urgency.SOON: Rank.SOON, Urgency.NONE: Rank.NONE}


class Reader:
    """Reads messages to some organizations; what is known of these is asked once. ahead: what was read before."""

    def __init__(self, houses: Mapping[int, House], *, now: datetime, ahead: Ahead = NOTHING) -> None:
        self.houses = {**ahead.houses, **houses}
        self.now = now
        self.ahead = ahead.readings

    @classmethod
    def of(cls, organization_ids: Iterable[int], *, now: datetime, ahead: Ahead = NOTHING) -> Self:
        return cls(House.of(set(organization_ids) - ahead.houses.keys()), now=now, ahead=ahead)

    @property
    def makers(self) -> set[int]:
        """Those of the organizations that make what they sell."""
        return {pk for pk, house in self.houses.items() if house.kind == Organization.Kind.MANUFACTURER}

    def read(self, message: Message, conversation: Conversation, text: str | None = None) -> list[Finding]:
        """Fill in what triage says of the message, and return its findings; nothing is written.

        text: another version of its words, of which only the findings count.
        """
        words = message.text if text is None else text
        context = self._context(message, conversation)
        reading = self.ahead.get((words, context)) or _read(words, context, message)
        if text is None:
            _fill(message, reading)
        if reading is None:
            return []
        digest, organization_id = digest_of(message, words), conversation.organization_id
        return [
            Finding(
                organization_id=organization_id,
                message=message,
                text_digest=digest,
                urgency=rank(urgency([found], context), crisis=found.family is Family.CRISIS),
                triage_version=reading.version,
                found_at=self.now,
                **_columns(found),
            )
            for found in reading.findings
        ]

    def _context(self, message: Message, conversation: Conversation) -> Context:
        author = conversation.contact.name if conversation.contact else ""
        house = self.houses[conversation.organization_id]
        return house.context(conversation.platform, conversation.kind, author=author, private=message.private)


def _columns(found: Found) -> dict[str, Any]:
    return {
        "family": found.family,
        "type": found.type,
        "start": found.start,
        "end": found.end,
        "confidence": found.confidence,
        "rule": found.rule,
        "cues": [[cue.kind, cue.start, cue.end] for cue in found.cues],
        "serious": found.serious,
        "special": found.special,
    }


def rank(asked: Urgency, *, crisis: bool) -> Rank:
    return Rank.CRISIS if crisis and asked is Urgency.NOW else _RANKS[asked]


def _read(text: str, context: Context, message: Message) -> Reading | None:
    try:
        return triage.read(text, context)
    except JobTimeoutException:
        raise  # the worker is told to stop: no fault of the text
    except Exception as problem:
        # Not which one: WhatsApp’s ids are made of telephone numbers. The list and the page of the channel lead to it.
        log.error("triage: a message of channel %s: %s", message.channel_id, problems.whole(problem))
        return None


def _fill(message: Message, reading: Reading | None) -> None:
    message.unreadable = reading is None or not reading.whole
    if reading is None:
        message.urgency, message.triage_version = Rank.SOON, ""
        return
    crisis = any(found.family is Family.CRISIS and found.urgency is Urgency.NOW for found in reading.findings)
    message.urgency = rank(reading.urgency, crisis=crisis)
    if not reading.whole:
        message.urgency = min(message.urgency, Rank.SOON)
    message.language, message.topics, message.triage_version = reading.language, list(reading.topics), reading.version


def read_again(message: Message, *, now: datetime, beside: Iterable[str] = ()) -> comparing.Change:
    """Its words have changed: the newest are read, and every other version that is kept, or given here."""
    reader = Reader.of([message.conversation.organization_id], now=now)
    change = read_all(reader, message, beside=beside)
    message.save(update_fields=READ)
    return change


def read_all(reader: Reader, message: Message, *, beside: Iterable[str] = ()) -> comparing.Change:
    """Every version of a message; what is new in them is written, what is said of the message itself is not."""
    conversation = message.conversation
    rows = reader.read(message, conversation)
    texts = {*(version.text for version in message.versions.all()), *beside} - {message.text}
    for text in texts:
        rows += reader.read(message, conversation, text)
    rows += places.carried(message, {message.text, *texts})
    return _write(reader, message, rows, texts={message.text, *texts})


def _write(reader: Reader, message: Message, rows: list[Finding], *, texts: Iterable[str]) -> comparing.Change:
    """Add what is new to what was found in this message before. texts: all that was read this time."""
    known = list(message.findings.all())
    change = comparing.compare(known, rows, {digest_of(message, text) for text in texts})
    added = Finding.objects.bulk_create(change.added)
    cases.open_for(added, reader.makers)
    offices.tell(added, now=reader.now)
    over = comparing.outdone([*known, *added], current=digest_of(message, message.text))
    Finding.objects.filter(pk__in=[row.pk for row in over], replaced_at=None).update(replaced_at=reader.now)
    return change
