"""The sender: hands over what is due, with a few threads a platform, so that one that hangs delays no other.

The rows are the queue. Redis rings, a look every second needs no ringing, and the next due moment is slept towards exactly.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Final, Literal

from django.db import InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

from inbox import live
from inbox.models import Pulse
from inbox.platforms.base import Sent
from inbox.running import bulkheads, problems, processes
from responses import outbox
from responses.models import Reply
from responses.sending import recording
from responses.sending.together import Together

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between two looks that nobody asked for
LISTEN = 0.5  # seconds of listening to Redis, before asking whether to stop
MOMENT = 0.02  # seconds in which what ends nearly together is taken as one: recorded, and replaced by what waits
AT_ONCE = 100  # rows of one look
AWAY = (OperationalError, InterfaceError)
# How long the platform's answer, known only here, is kept for a PostgreSQL that is away. Its claim may grow stale meanwhile:
# the reply is then uncertain until this is recorded.
PATIENCE = (0.2, 0.5, 1, 2, 4, 8, 15, 30)


Place = str | int  # a platform by its name, a channel by its key: each takes so many at once


@dataclass(frozen=True, slots=True)
class Due:
    reply: int
    channel: int
    platform: str

    @property
    def places(self) -> tuple[Place, Place]:
        return self.platform, self.channel


@dataclass(frozen=True, slots=True)
class Claimed:
    due: Due
    reply: Reply
    at: datetime


ROWS: Final = "rows"  # a ring: there may be something new. The other rings are what is done, and left room
Ring = Due | Literal["rows"]


class Sender:
    """One is enough for a deployment; several never send the same reply twice, as each claims it first."""

    def __init__(self, *, threads: int, clock: Callable[[], datetime]) -> None:
        self.threads = threads  # a platform's
        self.share = max(1, threads // 2)  # a channel's: a site that hangs leaves room for the others of its platform
        self.clock = clock
        self.stopping = False
        self._bell: SimpleQueue[Ring] = SimpleQueue()  # may be rung from a signal handler
        self._waiting: dict[int, Due] = {}  # found due, and not begun as there was no room
        self._coming: datetime | None = None  # when the next one will be due
        self._tend_at = self._hurry_at = clock()
        self._answering: set[int] = set()  # channels for which the platform took a reply since
        self._watch = bulkheads.Lane("processes", self._tend)
        self._busy: Counter[Place] = Counter()  # how many are under way in each place
        self._lock = Lock()
        self._records = Together(recording.record, moment=MOMENT)
        self._lanes: dict[str, bulkheads.Lane[Claimed]] = {}

    def run(self) -> None:
        """Until stop(): then nothing more is claimed, and what is being sent is sent and recorded."""
        listener = Thread(target=self._listen, name="doorbell", daemon=True)
        listener.start()
        rings: set[Ring] = {ROWS}
        while not self.stopping:
            rings = self._sleep(self._look(rings))
        self._watch.close()
        for lane in self._lanes.values():
            lane.close()
        listener.join()
        connection.close()

    def stop(self) -> None:
        self.stopping = True
        self._bell.put(ROWS)

    def _look(self, rings: set[Ring]) -> float:
        """Begin what is due and has room; return the seconds until there may be more."""
        try:
            self._begin_waiting()
            # The rows need not be asked while what they said fills the room that there is.
            if any(not isinstance(ring, Due) or self._has_room(ring) for ring in rings):
                self._ask_rows(self.clock())
            self._now_and_then(self.clock())
        except AWAY as error:
            log.warning("sender: PostgreSQL is away: %s", type(error).__name__)
            connection.close()
            return TICK
        return min(TICK, max(0.0, (self._coming - self.clock()).total_seconds())) if self._coming else TICK

    def _now_and_then(self, now: datetime) -> None:
        if now >= self._tend_at:  # and it works, or would not have come here
            self._tend_at = now + processes.EVERY
            self._watch.put(now)
        if self._answering and now >= self._hurry_at:
            self._hurry_at = now + timedelta(seconds=TICK)
            pages = [self._answering.pop() for _ in range(len(self._answering))]
            if outbox.hurry(pages, now=now):
                self._bell.put(ROWS)

    def _ask_rows(self, now: datetime) -> None:
        while len(found := self._due(now)) == AT_ONCE and self._begin(found):
            continue  # a lane that is full now may have hidden what waits for the others
        self._begin(found)
        coming = Reply.objects.filter(state=Reply.State.QUEUED, send_at__gt=now).order_by("send_at")
        self._coming = coming.values_list("send_at", flat=True).first()

    def _begin(self, found: list[Due]) -> bool:
        """Whether any was begun, of these and of those that wait."""
        self._waiting |= {due.reply: due for due in found}
        return self._begin_waiting()

    def _begin_waiting(self) -> bool:
        """Claim all that have room in one go, and give each to a thread, which calls at once: none is claimed to wait."""
        now = self.clock()
        taken = [due for due in self._waiting.values() if self._take_room(due)]
        for due in taken:
            del self._waiting[due.reply]
        try:
            claimed = self._claim(taken, now) if taken else {}
        except AWAY:
            self._give_room(taken)
            raise
        for due in taken:
            if reply := claimed.get(due.reply):
                self._lane(due.platform).put(Claimed(due, reply, now))
            else:
                self._give_room([due])
                if due.reply in claimed:  # else our code fails on it, and it is tried at the next look that nobody asks for
                    self._bell.put(due)
        return bool(claimed)

    def _claim(self, taken: list[Due], now: datetime) -> dict[int, Reply | None]:
        """By its key, what is ours now; None where it is not. What our code fails on is left out, and delays no other."""
        try:
            ours = {reply.pk: reply for reply in outbox.claim([due.reply for due in taken], now=now)}
            return {due.reply: ours.get(due.reply) for due in taken}
        except AWAY:
            raise
        except Exception as problem:
            if len(taken) > 1:
                return {key: reply for due in taken for key, reply in self._claim([due], now).items()}
            log.error("sender: reply %s: %s", taken[0].reply, problems.whole(problem))
            return {}

    def _due(self, now: datetime) -> list[Due]:
        """What may be handed over and has room, where it is known what waits for the rest."""
        with self._lock:
            full = [place for place, count in self._busy.items() if count >= self._room(place)]
        due = Reply.objects.due(now)
        due = due.exclude(conversation__platform__in=[place for place in full if isinstance(place, str)])
        due = due.exclude(conversation__channel__in=[place for place in full if isinstance(place, int)])
        rows = due.order_by("send_at", "pk").values_list("pk", "conversation__channel", "conversation__platform")
        return [Due(*row) for row in rows[:AT_ONCE]]

    def _take_room(self, due: Due) -> bool:
        with self._lock:
            if self.stopping or not self._has_room(due):
                return False
            self._busy.update(due.places)
            return True

    def _give_room(self, taken: list[Due]) -> None:
        with self._lock:
            for due in taken:
                self._busy.subtract(due.places)

    def _has_room(self, due: Due) -> bool:
        return all(self._busy[place] < self._room(place) for place in due.places)

    def _room(self, place: Place) -> int:
        return self.threads if isinstance(place, str) else self.share

    def _lane(self, platform: str) -> bulkheads.Lane[Claimed]:
        if platform not in self._lanes:
            self._lanes[platform] = bulkheads.Lane(platform, self._work)
        return self._lanes[platform]

    def _tend(self, now: datetime) -> None:
        try:
            processes.tend(Pulse.Part.SENDER, now=now)
        except AWAY as error:
            log.warning("sender: PostgreSQL is away: %s", type(error).__name__)
            connection.close()

    def _work(self, claimed: Claimed) -> None:
        reply, now = claimed.reply, claimed.at
        try:
            outcome = outbox.hand_over(reply, now=now)
            if isinstance(outcome, Sent):
                self._answering.add(claimed.due.channel)
            if not self._recorded(reply, outcome, now):
                _record(reply, outcome, now)
        except AWAY as error:
            log.warning("sender: reply %s: PostgreSQL is away: %s", reply.pk, type(error).__name__)
            connection.close()
        except Exception as problem:
            log.error("sender: reply %s: %s", reply.pk, problems.whole(problem))
        finally:
            self._give_room([claimed.due])
            self._bell.put(claimed.due)

    def _recorded(self, reply: Reply, outcome: outbox.Outcome, now: datetime) -> bool:
        """Whether that was done along with what other threads bring at the same moment."""
        if not isinstance(outcome, Sent):
            return False
        try:
            return self._records.do(recording.Accepted(reply, outcome, now))
        except AWAY:
            connection.close()
        except Exception as problem:
            log.error("sender: %s", problems.whole(problem))
        return False

    def _sleep(self, seconds: float) -> set[Ring]:
        """Until the time is over or somebody rings; many rings are one look."""
        rings, begun = set[Ring](), time.monotonic()
        try:
            rings.add(self._bell.get(timeout=seconds))
            end = min(time.monotonic() + MOMENT, begun + seconds)
            while True:
                # Where one is done, others are about to be. What is new is looked for at once.
                rings.add(self._bell.get(timeout=0 if ROWS in rings else max(0, end - time.monotonic())))
        except Empty:
            return rings or {ROWS}

    def _listen(self) -> None:
        """Pass the doorbell of Redis on, for as long as there is one."""
        while not self.stopping:
            try:
                redis = live.redis()
                with redis.pubsub(ignore_subscribe_messages=True) as bell:
                    bell.subscribe(outbox.BELL)
                    while not self.stopping:
                        if bell.get_message(timeout=LISTEN):
                            self._bell.put(ROWS)
            except RedisError:
                time.sleep(LISTEN)


def _record(reply: Reply, outcome: outbox.Outcome, now: datetime) -> None:
    for pause in PATIENCE:
        try:
            outbox.record(reply, outcome, now=now)
            return
        except AWAY as error:
            log.warning("sender: reply %s: what came of it is not recorded yet: %s", reply.pk, type(error).__name__)
            connection.close()
            time.sleep(pause)
    outbox.record(reply, outcome, now=now)
