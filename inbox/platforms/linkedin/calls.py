"""Calling LinkedIn's /rest, and what its refusals mean."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Reason, SendError, SendNotReached, SendRefused

CONFLICT, GONE = 409, 404
COUNT, PAGES = 50, 100  # of a listing: items a page, and pages that are looked through

BY_STATUS = {
    400: Reason.INVALID,
    401: Reason.TOKEN_DEAD,
    403: Reason.PERMISSION,
    GONE: Reason.GONE,
    422: Reason.INVALID,
    426: Reason.OUTDATED,
}
BY_CODE = {
    "FIELD_LENGTH_TOO_LONG": Reason.TOO_LONG,
    "VERSION_MISSING": Reason.OUTDATED,
    "NONEXISTENT_VERSION": Reason.OUTDATED,
}


def url(connection: Connection, path: str, **query: str) -> str:
    """path and query as they stand in the address: URNs encoded, and the brackets of lists and keys not."""
    address = f"{connection.base_url.rstrip('/')}/rest/{path}"
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


def read(connection: Connection, path: str, **query: str) -> dict[str, Any]:
    """Raises SendNotReached or SendRefused."""
    found: dict[str, Any] = ask(connection, path, **query).data
    return found


def ask(connection: Connection, path: str, **query: str) -> http.Answer:
    """Like `read`, with the platform's clock."""
    answer = http.get(url(connection, path, **query), token=connection.token, headers=_headers(connection))
    if not answer.ok:
        raise refusal(answer, connection)
    return answer


def write(
    connection: Connection,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    rest_method: str = "",
    done: int = 0,
    **query: str,
) -> http.Answer:
    """What is in conflict with another write is tried once more. Raises SendRefused, SendNotReached or SendUncertain.

    done: the status by which LinkedIn says that it was done before.
    """
    headers = _headers(connection) | ({"X-RestLi-Method": rest_method} if rest_method else {})
    address = url(connection, path, **query)
    for _ in range(2):
        answer = http.write(method, address, token=connection.token, headers=headers, json=body)
        if answer.status != CONFLICT:
            break
    if not answer.ok and answer.status != done:
        raise refusal(answer, connection)
    return answer


def pages(connection: Connection, path: str, **query: str) -> Iterator[dict[str, Any]]:
    """Each item of a listing. Raises SendNotReached when it does not end: then nothing can be said to be missing."""
    for page in range(PAGES):
        answer = read(connection, path, **query, start=str(page * COUNT), count=str(COUNT))
        yield from (each for each in wire.sequence(answer.get("elements")) if isinstance(each, dict))
        # By counting on, never by the address of the next page: it would be fetched with our token wherever it points.
        links = wire.sequence(wire.mapping(answer.get("paging")).get("links"))
        if not any(wire.mapping(link).get("rel") == "next" for link in links):
            return
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


def _headers(connection: Connection) -> dict[str, str]:
    return {"LinkedIn-Version": connection.version, "X-Restli-Protocol-Version": "2.0.0"}


# --- refusals ---------------------------------------------------------------------------------------


def refusal(answer: http.Answer, connection: Connection) -> SendError:
    words = wire.text(answer.data.get("message")).replace(connection.token or "\0", "…")[:300]
    detail = words or f"HTTP {answer.status}"
    if answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, _pause(answer, words))
    code = wire.text(answer.data.get("code"))
    return SendRefused(BY_CODE.get(code) or BY_STATUS.get(answer.status, Reason.OTHER), detail)


def _pause(answer: http.Answer, words: str) -> timedelta:
    """Comments are throttled by the minute; an application's and a member's calls by the day, until midnight UTC."""
    if "Resource level" not in words:
        return timedelta(minutes=1)
    midnight = answer.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - answer.at
