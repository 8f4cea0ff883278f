"""Calling YouTube: what its refusals mean, and the units that each call costs, of which an app has so many a day."""

from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from inbox.platforms import http, markup, wire
from inbox.platforms.base import Connection, Reason, SendError, SendNotReached, SendRefused
from inbox.platforms.google import rest

Item = dict[str, Any]
READ, WRITE = 1, 50  # units, also of what is refused
PACIFIC = ZoneInfo("America/Los_Angeles")  # whose midnight gives all units back
DAY = timedelta(days=1)


def read(connection: Connection, path: str, **params: str) -> Item:
    """Raises SendNotReached or SendRefused."""
    answer = rest.answered(connection, lambda token: http.get(_url(connection, path), token=token, params=params))
    return _counted(answer, READ, connection).data


def write(connection: Connection, method: str, path: str, json: Item | None = None, **params: str) -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    url = _url(connection, path)
    answer = rest.answered(connection, lambda token: http.write(method, url, token=token, json=json, params=params))
    return _counted(answer, WRITE, connection)


def _url(connection: Connection, path: str) -> str:
    return f"{connection.base_url}/youtube/v3/{path}"


def items(told: Item) -> list[Item]:
    return [item for item in wire.sequence(told.get("items")) if isinstance(item, dict)]


def snippet(resource: Item) -> Item:
    return wire.mapping(resource.get("snippet"))


# --- units ------------------------------------------------------------------------------------------


def _day(at: datetime) -> date:
    return at.astimezone(PACIFIC).date()


class Spent:
    """What this process spent today, by app. YouTube does not tell it; the channels of an app share what it has."""

    def __init__(self) -> None:
        self._days: dict[str, tuple[datetime, int]] = {}  # when it last answered, and the units since midnight
        self._looks: dict[str, dict[str, int]] = {}  # what the last look at each channel of an app cost
        self._one_at_a_time = Lock()

    def count(self, units: int, connection: Connection, at: datetime) -> None:
        with self._one_at_a_time:
            self._days[connection.client_id] = at, units + self._before(connection, at)

    def begin(self, connection: Connection) -> None:
        """A process that begins anew knows nothing of what was spent before: what stands beside the channel is the least."""
        at, units = connection.meter.used_at, (connection.meter.used or 0) * connection.allowance // 100
        with self._one_at_a_time:
            last, _units = self._days.get(connection.client_id, (at, 0))
            if at and last and _day(last) <= _day(at):
                self._days[connection.client_id] = max(last, at), max(units, self._before(connection, at))

    def percent(self, connection: Connection) -> int | None:
        _at, units = self._days.get(connection.client_id, (None, 0))
        return units * 100 // connection.allowance if connection.allowance else None

    def until_midnight(self, connection: Connection) -> timedelta | None:
        at, _units = self._days.get(connection.client_id, (None, 0))
        return _until_midnight(at) if at else None

    def apart(self, connection: Connection, cost: int, share: int) -> timedelta:
        """How far apart all looks of an app must be so that they take no more than these units a day. cost: of this one."""
        with self._one_at_a_time:
            looks = self._looks.setdefault(connection.client_id, {})
            looks[connection.external_id] = cost
            return min(DAY, DAY * sum(looks.values()) / share) if share else timedelta(0)

    def forget(self) -> None:
        self._days.clear()
        self._looks.clear()

    def _before(self, connection: Connection, at: datetime) -> int:
        last, units = self._days.get(connection.client_id, (at, 0))
        return units if _day(last) == _day(at) else 0


spent = Spent()


def _counted(answer: http.Answer, units: int, connection: Connection) -> http.Answer:
    spent.count(units, connection, answer.at)
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
        return SendNotReached(Reason.THROTTLED, detail, _until_midnight(answer.at))
    if reason in TOO_FAST or answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, rest.PAUSE)
    return SendRefused(BY_REASON.get(reason) or BY_STATUS.get(answer.status, Reason.OTHER), detail)


def _until_midnight(at: datetime) -> timedelta:
    tomorrow = _day(at) + DAY
    return datetime.combine(tomorrow, time.min, PACIFIC) - at
