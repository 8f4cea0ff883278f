"""What a page says of a reply on its way: what holds it, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from accounts.locations import dates
from inbox.models import Channel
from inbox.platforms.base import Reason
from responses.models import Reply
from responses.sending import reasons


@dataclass(frozen=True, slots=True)
class Progress:
    explanation: reasons.Explanation | None
    asks: bool  # a person is to say what became of it
    seconds: int  # until it is tried
    asked_to_wait: str  # until when, where the platform asked for that
    behind: bool  # its time has come, and one before it in the conversation is not settled
    again: bool  # it was tried before

    @classmethod
    def of(cls, reply: Reply, channel: Channel, *, behind: bool, now: datetime) -> Self:
        queued = reply.state == Reply.State.QUEUED
        throttled = channel.throttled_until if queued and channel.throttled_until else None
        held = throttled is not None and throttled > max(now, reply.send_at)
        code = reasons.code_of(reply.message) if reply.did_not_arrive and reply.message else reply.error_code
        at = throttled if throttled and held else reply.send_at
        full = queued and reply.error_code == Reason.THROTTLED and at > now  # the hour of its page, not the page
        return cls(
            explanation=reasons.explain(code) if code else None,
            asks=reply.asks_a_person(now),
            seconds=max(0, round((at - now).total_seconds())),
            asked_to_wait=dates.hour_of(at, now) if held or full else "",
            behind=queued and behind and at <= now,
            again=queued and reply.attempts > 0,
        )
