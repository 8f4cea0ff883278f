"""What WordPress is asked over its REST interface, and why it says no."""

from datetime import timedelta
from typing import Any

from inbox.platforms import http, markup, wire
from inbox.platforms.base import Connection, Reason, SendError, SendNotReached, SendRefused


def _call(connection: Connection, path: str) -> dict[str, Any]:
    return {
        "url": f"{connection.external_id}/wp-json/{path}",
        "token": http.Basic(connection.settings.get("user", ""), connection.token),
        "public_but": connection.public_but,
    }


def read(connection: Connection, path: str, **params: str) -> dict[str, Any]:
    """Raises SendNotReached or SendRefused."""
    answer = http.get(**_call(connection, path), params=params)
    if not answer.ok:
        raise refusal(answer)
    return answer.data


def page(connection: Connection, path: str, **params: str) -> tuple[list[dict[str, Any]], bool]:
    """One page, and whether it is the last. Raises like read."""
    answer = http.get(**_call(connection, path), params=params, shape=list)
    if not answer.ok:
        raise refusal(answer)
    last = wire.number(params.get("page")) >= wire.number(answer.headers.get("X-WP-TotalPages"))
    return [item for item in answer.data if isinstance(item, dict)], last


def write(connection: Connection, method: str, path: str, json: dict[str, Any] | None = None, **params: str) -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    answer = http.write(method, **_call(connection, f"wp/v2/{path}"), json=json, params=params)
    if not answer.ok:
        raise refusal(answer)
    return answer


def number(external_id: str) -> str:
    if not (external_id.isascii() and external_id.isdigit()):
        raise SendRefused(Reason.GONE, "no comment of WordPress has such an id")
    return external_id


def me(connection: Connection) -> dict[str, Any]:
    found = read(connection, "wp/v2/users/me", context="edit", _fields="id,capabilities")
    may = {name for name, granted in wire.mapping(found.get("capabilities")).items() if granted is True}
    return {"id": wire.identifier(found.get("id")), "may": may}


# --- refusals ---------------------------------------------------------------------------------------

BY_CODE = {
    "rest_comment_closed": Reason.NOT_ALLOWED,
    "rest_comment_draft_post": Reason.NOT_ALLOWED,
    "rest_comment_trash_post": Reason.GONE,
    "rest_comment_invalid_id": Reason.GONE,
    "rest_comment_invalid_post_id": Reason.GONE,
    "rest_post_invalid_id": Reason.GONE,
    "rest_already_trashed": Reason.GONE,
    "rest_comment_content_invalid": Reason.INVALID,
    "comment_content_column_length": Reason.TOO_LONG,
    "comment_duplicate": Reason.DUPLICATE,
    "rest_no_route": Reason.NOT_ALLOWED,
}
BY_STATUS = {
    400: Reason.INVALID,
    401: Reason.TOKEN_DEAD,
    403: Reason.PERMISSION,
    409: Reason.INVALID,
}
FLOOD = timedelta(seconds=30)  # WordPress lets fifteen pass between two comments of one author


def refusal(answer: http.Answer) -> SendError:
    code = wire.text(answer.data.get("code"))
    detail = f"{markup.plain(wire.text(answer.data.get('message')))[:250]} {code[:40]}".strip() or f"HTTP {answer.status}"
    if code == "comment_flood" or answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, FLOOD)
    return SendRefused(BY_CODE.get(code) or BY_STATUS.get(answer.status, Reason.OTHER), detail)
