"""Calling YouTube: what its refusals mean, and the units that each call costs, of which an app has so many a day."""

from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from inbox.platforms import http, markup, wire
from inbox.platforms.base import Connection, Cost, Reason, SendError, SendNotReached, SendRefused
from inbox.platforms.google import rest

Item = dict[str, Any]
UNITS = {Cost.READ: 1, Cost.WRITE: 50}  # also of what is refused
PACIFIC = ZoneInfo("America/Los_Angeles")  # whose midnight gives all units back
DAY = timedelta(days=1)


def read(connection: Connection, path: str, **params: str) -> Item:
    """Raises SendNotReached or SendRefused."""
    answer = rest.answered(connection, lambda token: http.get(_url(connection, path), token=token, params=params))
    return _counted(answer, Cost.READ, connection).data


def write(connection: Connection, method: str, path: str, json: Item | None = None, **params: str) -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    url = _url(connection, path)
    answer = rest.answered(connection, lambda token: http.write(method, url, token=token, json=json, params=params))
    return _counted(answer, Cost.WRITE, connection)


def _url(connection: Connection, path: str) -> str:
    return f"{connection.base_url}/youtube/v3/{path}"


def items(told: Item) -> list[Item]:
    return [item for item in wire.sequence(told.get("items")) if isinstance(item, dict)]


def snippet(resource: Item) -> Item:
    return wire.mapping(resource.get("snippet"))


# --- units ------------------------------------------------------------------------------------------


def day_of(at: datetime) -> date:
    return at.astimezone(PACIFIC).date()


def percent(connection: Connection, *costs: Cost) -> int:
    """Of the day's units, spent for these."""
    return connection.meter.units.of_the_day(*costs) * 100 // connection.allowance if connection.allowance else 0


class Looks:
    """What the last look at each channel cost. The channels of an app share what it has."""

    def __init__(self) -> None:
        self._costs: dict[str, int] = {}
        self._one_at_a_time = Lock()

    def apart(self, connection: Connection, share: int) -> timedelta:
        """How far apart all looks must be so that they take no more than these units a day, after this one."""
        with self._one_at_a_time:
            self._costs[connection.external_id] = connection.meter.units.here.total()
            return min(DAY, DAY * sum(self._costs.values()) / share) if share else timedelta(0)

    def forget(self) -> None:
        self._costs.clear()


looks = Looks()


def _counted(answer: http.Answer, cost: Cost, connection: Connection) -> http.Answer:
    connection.meter.units.spend(UNITS[cost], cost, day=day_of(answer.at), at=answer.at)
    if not answer.ok:
        raise refusal(answer, connection)
    return answer


# --- refusals ---------------------------------------------------------------------------------------

USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
BY_REASON = {
    "authError": Reason.TOKEN_DEAD,
    "youtubeSignupRequired": Reason.PERMISSION,
    "forbidden": Reason.PERMISSION,
    "insufficientPermissions": Reason.PERMISSION,
    "channelClosed": Reason.ACCOUNT_LOCKED,
    "channelSuspended": Reason.ACCOUNT_LOCKED,
    "ineligibleAccount": Reason.UNVERIFIED,
    "commentsDisabled": Reason.NOT_ALLOWED,
    "operationNotSupported": Reason.NOT_ALLOWED,
    "parentCommentIsPrivate": Reason.NOT_ALLOWED,
    "commentNotFound": Reason.GONE,
    "parentCommentNotFound": Reason.GONE,
    "videoNotFound": Reason.GONE,
    "commentTextTooLong": Reason.TOO_LONG,
}
BY_STATUS = {400: Reason.INVALID, 401: Reason.TOKEN_DEAD, 403: Reason.PERMISSION, 404: Reason.GONE}


def refusal(answer: http.Answer, connection: Connection) -> SendError:
    error = wire.mapping(answer.data.get("error"))
    reason = next((wire.text(wire.mapping(each).get("reason")) for each in wire.sequence(error.get("errors"))), "")
    said = markup.plain(rest.masked(error.get("message"), connection))[:250]
    detail = f"{said} {rest.masked(reason, connection)[:40]}".strip() or f"HTTP {answer.status}"
    if reason in USED_UP:
        return SendNotReached(Reason.THROTTLED, detail, until_midnight(answer.at))
    if reason in TOO_FAST or answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, rest.PAUSE)
    return SendRefused(BY_REASON.get(reason) or BY_STATUS.get(answer.status, Reason.OTHER), detail)


def until_midnight(at: datetime) -> timedelta:
    return datetime.combine(day_of(at) + DAY, time.min, PACIFIC) - at
