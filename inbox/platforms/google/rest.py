"""Calling Google: a token for an hour, made of one that lasts, and what its refusals mean."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Field, Reason, SendError, SendNotReached, SendRefused, SendUncertain, Variable

# Our app at Google, and what somebody's consent to it came to: one for whatever of Google's is spoken with.
APP = (
    Variable("GOOGLE_TOKEN_URL", "url", default="https://oauth2.googleapis.com"),
    Variable("GOOGLE_CLIENT_ID", "text", default="", development="dev-google-client"),
    Variable("GOOGLE_CLIENT_SECRET", "text", default="", development="dev-google-client-secret"),
)
CONSENT = Field("token", _("Refresh token"), _("Kept encrypted, and never shown again."), kind="secret")

PAUSE = timedelta(minutes=1)  # quotas are counted by the minute

BY_STATUS = {
    "INVALID_ARGUMENT": Reason.INVALID,
    "FAILED_PRECONDITION": Reason.UNVERIFIED,
    "UNAUTHENTICATED": Reason.TOKEN_DEAD,
    "PERMISSION_DENIED": Reason.PERMISSION,
    "NOT_FOUND": Reason.GONE,
}
BY_CODE = {400: Reason.INVALID, 401: Reason.TOKEN_DEAD, 403: Reason.PERMISSION, 404: Reason.GONE}

# An hour is too short to be renewed by a clock: each process asks for a token when the one that it holds is refused
# (docs/decisions/0017-tokens-of-an-hour.md).
_access: dict[str, str] = {}


def read(connection: Connection, url: str, **params: str) -> dict[str, Any]:
    """Raises SendNotReached or SendRefused."""
    answer = answered(connection, lambda token: http.get(url, token=token, params=params))
    if not answer.ok:
        raise refusal(answer, connection)
    return answer.data


def write(connection: Connection, method: str, url: str, json: Mapping[str, Any] | None = None, **params: str) -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    answer = answered(connection, lambda token: http.write(method, url, token=token, json=json, params=params))
    if not answer.ok:
        raise refusal(answer, connection)
    return answer


def answered(connection: Connection, call: Callable[[str], http.Answer]) -> http.Answer:
    """Call with a token of this hour. Whoever is refused for an old one has done nothing: once more with a new one."""
    kept = _name(connection)
    if kept in _access:
        answer = call(_access[kept])
        if answer.status != 401:
            return answer
        _access.pop(kept, None)  # also where no other is given out: it is worth nothing, and is not tried again
    _access[kept] = _new_access(connection)
    return call(_access[kept])


def masked(words: Any, connection: Connection) -> str:
    """What Google says, without any secret that it was told: words of a refusal are kept and shown."""
    said = wire.text(words)
    for secret in (connection.token, connection.app_secret, _access.get(_name(connection))):
        said = said.replace(secret or "\0", "…")
    return said


def _name(connection: Connection) -> str:
    return hashlib.sha256(connection.token.encode("utf-8", "replace")).hexdigest()


def _new_access(connection: Connection) -> str:
    asked = {
        "grant_type": "refresh_token",
        "client_id": connection.client_id,
        "client_secret": connection.app_secret,
        "refresh_token": connection.token,
    }
    try:
        answer = http.post(f"{connection.login_url}/token", token=http.NOBODY, form=asked)
    except SendUncertain as problem:  # asked again, it gives another
        raise SendNotReached(Reason.OTHER, str(problem)) from None
    if not answer.ok:
        raise _refused_grant(answer, connection)
    token = wire.text(answer.data.get("access_token"))
    if not token:
        raise SendNotReached(Reason.OTHER, "no token was given out")
    return token


def _refused_grant(answer: http.Answer, connection: Connection) -> SendError:
    error = masked(answer.data.get("error"), connection)[:100]
    detail = f"{error}: {masked(answer.data.get('error_description'), connection)[:200]}"
    if answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, PAUSE)
    # invalid_client is a fault of our own settings: no page can put it right.
    return SendRefused(Reason.TOKEN_DEAD if error == "invalid_grant" else Reason.OTHER, detail)


def refusal(answer: http.Answer, connection: Connection) -> SendError:
    error = wire.mapping(answer.data.get("error"))
    status = wire.text(error.get("status"))
    detail = masked(error.get("message"), connection)[:300] or f"HTTP {answer.status}"
    if status == "RESOURCE_EXHAUSTED" or answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, PAUSE)
    if "not verified" in detail.lower():
        return SendRefused(Reason.UNVERIFIED, detail)
    return SendRefused(BY_STATUS.get(status) or BY_CODE.get(answer.status, Reason.OTHER), detail)
