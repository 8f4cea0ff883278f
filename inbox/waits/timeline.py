"""The stretches that a person waited, drawn from the turns of a conversation. Pure, and the same in whatever order they came."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from inbox.clock import Outcome


@dataclass(frozen=True, slots=True)
class Turn:
    """key: its row. counts: inbound, whether it may open or extend a stretch. ours: outbound, certainly sent by a person here."""

    key: int
    at: datetime
    inbound: bool
    counts: bool = True
    ours: bool = False
    removed_at: datetime | None = None


@dataclass(slots=True)
class Stretch:
    """One unanswered stretch. The start stays where it is when a message is taken back and another one still waits."""

    started_at: datetime
    turns: list[int] = field(default_factory=list)
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    answer: int | None = None


FASTER_THAN_A_PERSON = timedelta(seconds=3)


class _Rank(IntEnum):
    WRITTEN, REMOVED, ANSWERED = 1, 2, 3  # what happens first within one moment


def stretches(turns: Iterable[Turn]) -> list[Stretch]:
    """Fold the turns into stretches, oldest first; only the last may be open."""
    turns = list(turns)
    machines = machine_made(turns)
    done: list[Stretch] = []
    running: Stretch | None = None
    live: set[int] = set()
    for at, rank, turn in sorted(_steps(turns, machines), key=lambda step: (step[0], step[1], step[2].key)):
        match rank:
            case _Rank.WRITTEN:
                if running is None:
                    running, live = Stretch(started_at=turn.at), set()
                    done.append(running)
                running.turns.append(turn.key)
                live.add(turn.key)
            case _Rank.REMOVED if turn.key in live:
                live.remove(turn.key)
                if running and not live:
                    running.ended_at, running.outcome, running = at, Outcome.CANCELLED, None
            case _Rank.ANSWERED if running:
                running.ended_at, running.outcome, running.answer = turn.at, Outcome.ANSWERED, turn.key
                running, live = None, set()
    return done


def machine_made(turns: Iterable[Turn]) -> set[int]:
    """Answers typed elsewhere that came faster than a person reads and types: an acknowledgement, not an answer."""
    asked_at: datetime | None = None
    found = set()
    for turn in sorted(turns, key=lambda turn: (turn.at, not turn.inbound, turn.key)):
        if turn.inbound:
            asked_at = turn.at
        elif not turn.ours and asked_at and turn.at - asked_at <= FASTER_THAN_A_PERSON:
            found.add(turn.key)
    return found


def _steps(turns: Iterable[Turn], machines: set[int]) -> Iterable[tuple[datetime, _Rank, Turn]]:
    for turn in turns:
        if not turn.inbound:
            if turn.key not in machines:
                yield end_of_its_second(turn.at), _Rank.ANSWERED, turn
            continue
        if not turn.counts:
            continue
        yield turn.at, _Rank.WRITTEN, turn
        if turn.removed_at:
            yield max(turn.at, turn.removed_at), _Rank.REMOVED, turn


def end_of_its_second(at: datetime) -> datetime:
    # A platform that tells an answer's time to the second rounds down: within that second it came after the question.
    return at.replace(microsecond=999_999) if at.microsecond == 0 else at
