"""What Graph says of its quotas, with any answer (reference 1.7)."""

from datetime import timedelta
from typing import Any

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Malformed

# Going on while throttled extends the block. What Graph does not tell is counted over a rolling hour.
THROTTLE_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(days=1)
SHARES = ("call_count", "total_time", "total_cputime")  # percent of what is allowed


def retry_after(answer: http.Answer, connection: Connection) -> timedelta:
    """What the headers ask for, in minutes of regaining access or in seconds."""
    seconds = _regain(answer, connection) * 60 or wire.number(answer.headers.get("Retry-After"))
    return timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds())) if seconds > 0 else THROTTLE_PAUSE


def hear(answer: http.Answer, connection: Connection) -> None:
    """Any answer may say how much of the quota is used, and from when on it is too much."""
    told = [wire.mapping(_header(answer, name)) for name in ("X-App-Usage", "X-Page-Usage")]
    shares = [wire.number(each.get(key)) for each in [*told, *_business(answer, connection)] for key in SHARES if key in each]
    used = max(shares, default=None)
    enough = (used is not None and used >= 100) or _regain(answer, connection) > 0
    connection.meter.hear(used, retry_after(answer, connection) if enough else timedelta(0))


def _regain(answer: http.Answer, connection: Connection) -> int:
    objects = _business(answer, connection)
    return max((wire.number(each.get("estimated_time_to_regain_access")) for each in objects), default=0)


def _business(answer: http.Answer, connection: Connection) -> list[dict[str, Any]]:
    """What it says of this channel; where it names others alone, of those: it is counted under the name it was asked by."""
    usage = wire.mapping(_header(answer, "X-Business-Use-Case-Usage"))
    listed = [usage[connection.external_id]] if connection.external_id in usage else usage.values()
    return [wire.mapping(each) for objects in listed for each in wire.sequence(objects)]


def _header(answer: http.Answer, name: str) -> Any:
    try:
        return wire.load(wire.text(answer.headers.get(name)).encode())
    except Malformed:
        return {}
