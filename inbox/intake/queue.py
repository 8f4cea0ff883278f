"""The deliveries that wait: many in one transaction, and each alone where one of them cannot be taken in."""

import logging
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from rq.timeouts import JobTimeoutException

from inbox import channels, platforms, screening
from inbox.intake import events, plain
from inbox.models import Channel, Delivery, UnhandledEvent, writing
from inbox.platforms import listings
from inbox.platforms.base import Event, Malformed, Received, Unrecognised
from inbox.running import problems
from inbox.triage.identifiers.unread import masked

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
BATCH = 100  # deliveries in one transaction: their channels are held as long, and the last is seen no sooner than the first
WORTH_READING_AHEAD = 20  # messages
MANY = 500  # events in one transaction, where some deliveries bring hundreds
Outcome, Reason = Delivery.Outcome, UnhandledEvent.Reason


def drain(*, now: datetime, limit: int = 1000) -> int:
    """Take in the deliveries that wait, oldest first, beside other workers; return how many."""
    taken, more = 0, True
    while more and taken < limit:
        some, more = _take_some(now, min(BATCH, limit - taken))
        taken += some
    return taken


def _take_some(now: datetime, limit: int) -> tuple[int, bool]:
    """How many were taken in, and whether there may be more."""
    claimed: list[Delivery] = []
    try:
        with transaction.atomic():
            claimed = list(_waiting(now)[:limit])
            taken = _take(claimed, now) if claimed else 0
            return taken, taken < len(claimed) or len(claimed) == limit
    except Exception as problem:
        if not claimed or _passes(problem):
            raise  # not the deliveries' fault: nothing is noted on them, and they are the next ones again
    for delivery in claimed:
        _take_alone(delivery.pk, now)
    return len(claimed), True


@transaction.atomic
def _take_alone(pk: int, now: datetime) -> None:
    delivery = _waiting(now).filter(pk=pk).first()
    if delivery is None:
        return  # another worker has it
    try:
        with transaction.atomic():
            _take([delivery], now)
    except Exception as problem:
        if _passes(problem):
            raise
        log.error("intake: delivery %s: %s", delivery.pk, problems.whole(problem))
        _set_aside(delivery, problem, now)


def _waiting(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.waiting(now).order_by("try_at", "pk").select_for_update(skip_locked=True)


def _passes(problem: Exception) -> bool:
    """Whether PostgreSQL is away, overloaded or at odds with another worker, or the worker is told to stop."""
    if isinstance(problem, JobTimeoutException | InterfaceError):
        return True
    state = getattr(problem.__cause__, "sqlstate", None) or ""
    return isinstance(problem, OperationalError) and (not state or state[:2] in {"08", "40", "53", "55", "57"})


def _set_aside(delivery: Delivery, problem: Exception, now: datetime) -> None:
    """Try again later, each time later; in the end keep it as failed, where an admin sees it."""
    delivery.attempts += 1
    delivery.error = problems.told(problem)
    delivery.try_at = now + timedelta(seconds=2**delivery.attempts)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.processed_at, delivery.outcome = now, Outcome.FAILED
    delivery.channel_ids = _whose(delivery) or _at_address(delivery)
    delivery.save(update_fields=["attempts", "error", "try_at", "processed_at", "outcome", "channel_ids"])


def _whose(delivery: Delivery) -> list[int]:
    """The channels that it names, as far as it can be read."""
    try:
        with transaction.atomic():
            held = channels.hold(events.read(delivery))
    except Exception:  # whatever keeps it from being read is noted on it already
        return []
    return sorted(channel.pk for channel in held.values())


def _at_address(delivery: Delivery) -> list[int]:
    """The channel that has this address to itself: what arrives there is its, whether anybody can read it or not."""
    family, _, external_id = delivery.endpoint.partition("/")
    here = Channel.objects.connected().filter(external_id=external_id) if external_id else Channel.objects.none()
    return [channel.pk for channel in here if platforms.get(channel.platform).family == family]


# --- inside the transaction --------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading:
    """What a delivery tells, and how it was taken in."""

    delivery: Delivery
    events: list[Event]
    outcome: Delivery.Outcome = Outcome.DONE
    error: str = ""
    channels: tuple[int, ...] = ()  # whose it is


def _take(deliveries: list[Delivery], now: datetime) -> int:
    """Take in as many of these as make a transaction of bearable length; return how many."""
    read = list(_read(deliveries))
    ahead = _read_ahead(read)
    held = channels.hold([event for reading in read for event in reading.events])
    taken = {(words.delivery.pk, words.number) for words in plain.take(_words(read, held), now=now, ahead=ahead)}
    for reading in read:
        _apply(reading, held, taken, now)
    _note_times(read, held)
    _finish(read, now)
    return len(read)


def _read(deliveries: Iterable[Delivery]) -> Iterator[Reading]:
    told = 0
    for delivery in deliveries:
        if told >= MANY:
            return
        try:
            found = events.read(delivery)
        except Malformed as problem:
            yield Reading(delivery, [], Outcome.FAILED, str(problem)[:500], tuple(_at_address(delivery)))
        else:
            told += len(found)
            yield Reading(delivery, found)


def _read_ahead(read: Iterable[Reading]) -> screening.Ahead:
    """Before the channels are held, so that who waits for them has read what it brings. Few are read as they are taken in."""
    new = (reading.events for reading in read if reading.delivery.endpoint != listings.ENDPOINT)
    told = [event for events in new for event in events if isinstance(event, Received)]
    return screening.read_ahead(told) if len(told) >= WORTH_READING_AHEAD else screening.NOTHING


def _words(read: Iterable[Reading], held: channels.Held) -> Iterator[plain.Words]:
    for reading in read:
        if reading.delivery.endpoint == listings.ENDPOINT:
            continue  # what was found on the page may be from before it was connected
        for number, event in enumerate(reading.events):
            if isinstance(event, Received):
                for channel in channels.concerned(event, held):
                    yield plain.Words(event, channel, reading.delivery, number)


def _apply(reading: Reading, held: channels.Held, taken: Container[tuple[int, int]], now: datetime) -> None:
    delivery = reading.delivery
    if delivery.outcome:  # read again, as after a page was connected
        delivery.unhandled.all().delete()
    reading.channels += tuple(sorted({one.pk for event in reading.events for one in channels.concerned(event, held)}))
    for number, event in enumerate(reading.events):
        if (delivery.pk, number) in taken:
            continue
        concerned = channels.concerned(event, held)
        if problem := _problem(event, concerned):
            _keep_aside(delivery, number, event, concerned, problem)
            reading.outcome = Outcome.PARTLY
            continue
        for channel in concerned:
            events.apply(event, channel, delivery, number, now)


def _problem(event: Event, concerned: list[Channel]) -> str:
    if isinstance(event, Unrecognised):
        return event.reason or "unrecognised"
    return "" if concerned else Reason.UNKNOWN_CHANNEL


def _keep_aside(delivery: Delivery, number: int, event: Event, concerned: list[Channel], problem: str) -> None:
    unknown = not concerned and not isinstance(event, Unrecognised)
    UnhandledEvent.objects.create(
        delivery=delivery,
        number=number,
        platform=event.platform,
        page_id=event.channel_id[:200],
        channel=concerned[0] if concerned else None,
        reason=Reason.UNKNOWN_CHANNEL if unknown else Reason.UNRECOGNISED,
        detail="" if unknown else masked(problem)[:200],
        received_at=delivery.received_at,
    )


def _note_times(read: Iterable[Reading], held: channels.Held) -> None:
    """When the platform last spoke of each channel."""
    news = set()
    for reading in read:
        at = reading.delivery.received_at
        for channel in {channel for event in reading.events for channel in channels.concerned(event, held)}:
            if _spoke(reading.delivery, channel) and (channel.last_event_at is None or channel.last_event_at < at):
                channel.last_event_at = at
                news.add(channel)
    writing.update(news, ["last_event_at"])


def _spoke(delivery: Delivery, channel: Channel) -> bool:
    """What we had to look for ourselves is no sign that a platform speaks that tells such things by itself."""
    return delivery.endpoint != listings.ENDPOINT or not platforms.get(channel.platform).speaks()


def _finish(read: Iterable[Reading], now: datetime) -> None:
    how = attrgetter("outcome", "error", "channels")
    for (outcome, error, whose), alike in groupby(sorted(read, key=how), how):
        done = Delivery.objects.filter(pk__in=[reading.delivery.pk for reading in alike])
        done.update(processed_at=now, outcome=outcome, error=error, channel_ids=list(whose))
