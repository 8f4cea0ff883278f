"""Meta's Graph: calling it, and what its refusals mean (reference 1.6: by code and subcode, never by HTTP status)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from inbox.platforms import http, signing, wire
from inbox.platforms.base import (
    Address,
    App,
    Connection,
    Malformed,
    Reason,
    SendError,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Variable,
)

# Going on while throttled extends the block. What Graph does not tell is counted over a rolling hour.
THROTTLE_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(days=1)
SHARES = ("call_count", "total_time", "total_cputime")  # percent of what is allowed
PAGES = 10  # of a listing that is looked through

TRANSIENT = {1, 2, 341, 131000, 131016}
OAUTH = 190  # the code by which the rest of Graph refuses a token

VARIABLES = (
    Variable("META_GRAPH_URL", "url", default="https://graph.facebook.com"),
    Variable("GRAPH_API_VERSION", "text", default="v26.0"),
    Variable("META_APP_ID", "text", default=""),
)

# Of the token as a whole, whatever was asked; and of the token or of what it may do.
OF_THE_TOKEN = {Reason.TOKEN_DEAD, Reason.POLICY_BLOCK}
OF_THE_CONNECTION = OF_THE_TOKEN | {Reason.PERMISSION}

BY_CODE: dict[int, Reason] = {
    **dict.fromkeys((4, 17, 32, 613), Reason.THROTTLED),
    **dict.fromkeys((80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008), Reason.THROTTLED),
    **dict.fromkeys((368, 2022), Reason.POLICY_BLOCK),
    **dict.fromkeys((190, 102), Reason.TOKEN_DEAD),
    **dict.fromkeys((3, 10, 230, *range(200, 300)), Reason.PERMISSION),
    **dict.fromkeys((551, 10903), Reason.RECIPIENT_UNAVAILABLE),
    **dict.fromkeys((2018300, 2018321), Reason.THREAD_OWNED),
    9000001: Reason.GONE,
    1705: Reason.NOT_ALLOWED,
    10900: Reason.ALREADY_REPLIED,
    100: Reason.INVALID,
    2018218: Reason.RECIPIENT_UNAVAILABLE,
    2018247: Reason.PERMISSION,
    # WhatsApp's; most of these come only as a message that failed afterwards. Its templates: we send none, another tool may.
    **dict.fromkeys((80007, 130429, 131056, 133016), Reason.THROTTLED),
    **dict.fromkeys((131031, 131042), Reason.ACCOUNT_LOCKED),
    131048: Reason.POLICY_BLOCK,
    131005: Reason.PERMISSION,
    131047: Reason.WINDOW_CLOSED,
    131026: Reason.RECIPIENT_UNAVAILABLE,
    131050: Reason.OPTED_OUT,
    **dict.fromkeys((131049, 131062), Reason.NOT_ALLOWED),
    **dict.fromkeys((131008, 131009, 131051, 131052, 131053), Reason.INVALID),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132015, 132016), Reason.INVALID),
}
PAUSES = {131056: timedelta(seconds=6)}  # WhatsApp: one message to a person in so long
# What a subcode says more exactly than its code.
BY_PAIR: dict[tuple[int, int], Reason] = {
    (9, 2018352): Reason.THROTTLED,
    (10, 1893063): Reason.POLICY_BLOCK,
    (100, 2534029): Reason.POLICY_BLOCK,
    (10, 2018278): Reason.WINDOW_CLOSED,
    (10, 2534022): Reason.WINDOW_CLOSED,
    (10, 2018065): Reason.WINDOW_CLOSED,
    (200, 1545041): Reason.RECIPIENT_UNAVAILABLE,
    (10, 2018108): Reason.RECIPIENT_UNAVAILABLE,
    (100, 2534037): Reason.THREAD_OWNED,
    (100, 33): Reason.GONE,
    (100, 2534014): Reason.GONE,
    (100, 2018001): Reason.GONE,
    (100, 2534001): Reason.GONE,
    (100, 2534025): Reason.NOT_ALLOWED,
}
# Where Graph gives no code of its own: a gateway in between answered.
BY_STATUS = {401: Reason.TOKEN_DEAD, 403: Reason.PERMISSION, 404: Reason.GONE, 429: Reason.THROTTLED}


def address(variables: Mapping[str, Any], product: str = "META") -> Address:
    """Where Graph is for one of our apps: that of Meta, or that of Instagram's own login."""
    hooks = App(
        base_url=variables["META_GRAPH_URL"],
        id=variables["META_APP_ID"],
        secret=_first(variables["META_APP_SECRET"]),
        verify_token=_first(variables["META_VERIFY_TOKEN"]),
    )
    return Address(
        base_url=variables[f"{product}_GRAPH_URL"],
        version=variables["GRAPH_API_VERSION"],
        app_secret=_first(variables[f"{product}_APP_SECRET"]),
        app_id=variables[f"{product}_APP_ID"],
        hooks=hooks,
    )


def _first(secrets: Sequence[str]) -> str:
    """Of several, as while one is being changed, the first is the one in use."""
    return secrets[0] if secrets else ""


# --- calling ----------------------------------------------------------------------------------------


def read(connection: Connection, *path: str, **params: str) -> dict[str, Any]:
    """Raises SendNotReached or SendRefused."""
    found: dict[str, Any] = ask(connection, *path, **params).data
    return found


def ask(connection: Connection, *path: str, **params: str) -> http.Answer:
    """Like `read`, with the platform's clock."""
    connection.meter.check()
    answer = http.get(_url(connection, path), token=connection.token, params=params | _proof(connection))
    _hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusal(answer, connection, writing=False)
    return answer


def write(
    connection: Connection,
    *path: str,
    id_field: str | Callable[[dict[str, Any]], Any],
    form: dict[str, str] | None = None,
    json: dict[str, Any] | None = None,
) -> Sent:
    """id_field: where the answer has the id of what was made. Raises SendRefused, SendNotReached or SendUncertain."""
    connection.meter.check()
    answer = http.post(_url(connection, path), token=connection.token, params=_proof(connection), form=form, json=json)
    _hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusal(answer, connection, writing=True)
    given = answer.data.get(id_field) if isinstance(id_field, str) else id_field(answer.data)
    return Sent(http.sent_id(given), answer.at)


def act(
    connection: Connection,
    *path: str,
    method: str = "POST",
    form: dict[str, str] | None = None,
    json: dict[str, Any] | None = None,
) -> None:
    """A write that makes nothing new, and may be repeated without harm. Raises like `write`."""
    connection.meter.check()
    url, proof = _url(connection, path), _proof(connection)
    answer = http.write(method, url, token=connection.token, params=proof, form=form, json=json)
    _hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusal(answer, connection, writing=True)
    if answer.data.get("success") is False:
        raise SendRefused(Reason.OTHER, "the platform did not do it, and does not say why")


def turn(connection: Connection, external_id: str, on: bool, *, asked: str, told: str) -> None:
    """Switch one thing on or off. asked, told: how Graph calls it when written and when read. Raises like `write`."""
    try:
        act(connection, external_id, form={asked: "true" if on else "false"})
    except SendRefused as refused:
        # Who refuses to do a thing twice has done it.
        if refused.reason in OF_THE_CONNECTION or not _is(connection, external_id, on, told):
            raise


def _is(connection: Connection, external_id: str, on: bool, told: str) -> bool:
    try:
        return read(connection, external_id, fields=told).get(told) is on
    except SendRefused:
        return False


def delete(connection: Connection, external_id: str) -> None:
    """What is gone already is deleted. Raises like `write`."""
    try:
        act(connection, external_id, method="DELETE")
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise


def exists(connection: Connection, external_id: str) -> bool:
    """Raises SendNotReached or SendRefused."""
    try:
        read(connection, external_id, fields="id")
    except SendRefused as refused:
        if refused.reason is not Reason.GONE:
            raise
        return False
    return True


def pages(connection: Connection, *path: str, most: int = PAGES, **params: str) -> Iterator[dict[str, Any]]:
    """Each item of a listing. Raises SendNotReached when it does not end: then nothing can be said to be missing."""
    for _ in range(most):
        answer = read(connection, *path, **params)
        yield from (item for item in wire.sequence(answer.get("data")) if isinstance(item, dict))
        paging = wire.mapping(answer.get("paging"))
        # By cursor, never by the address in `next`: it would be fetched with our token wherever it points.
        after = wire.text(wire.mapping(paging.get("cursors")).get("after"))
        if not paging.get("next") or not after:
            return
        params["after"] = after
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


def own(items: Iterator[dict[str, Any]], page: str, text: str, since: datetime, *, words: str, time: str) -> Sent | None:
    """The first of these that we wrote since then with these words. `words` and `time` name its fields."""
    earliest = since.replace(microsecond=0)  # Graph counts whole seconds
    found = []
    for item in items:
        at = wire.iso(item.get(time))
        author = wire.mapping(item.get("from")).get("id")
        if at and at >= earliest and author in (page, None) and wire.same_words(wire.text(item.get(words)), text):
            found.append(Sent(wire.text(item.get("id")), at))
    return min(found, key=lambda sent: sent.at, default=None)


def _url(connection: Connection, path: tuple[str, ...]) -> str:
    parts = [connection.version, *(quote(part, safe="") for part in path)]
    return "/".join([connection.base_url.rstrip("/"), *(part for part in parts if part)])


def _proof(connection: Connection) -> dict[str, str]:
    if not connection.app_secret:
        return {}
    return {"appsecret_proof": signing.digest(connection.app_secret, connection.token.encode("utf-8", "replace"))}


# --- refusals ---------------------------------------------------------------------------------------


def refusal(answer: http.Answer, connection: Connection, *, writing: bool) -> SendError | SendUncertain:
    error = _error(answer.data)
    code, subcode = wire.number(error.get("code")), wire.number(error.get("error_subcode"))
    # Graph repeats a malformed token in its message.
    detail = wire.text(error.get("message")).replace(connection.token or "\0", "…")[:300] or f"HTTP {answer.status}"
    reason = reason_of(code, subcode) or (BY_STATUS.get(answer.status) if not code else None)
    if reason is Reason.THROTTLED:
        return SendNotReached(reason, detail, PAUSES.get(code) or retry_after(answer, connection))
    if reason is None and (code in TRANSIENT or error.get("is_transient") is True):
        return SendUncertain(detail) if writing else SendNotReached(Reason.OTHER, detail)
    return SendRefused(reason or Reason.OTHER, detail)


def _error(data: dict[str, Any]) -> dict[str, Any]:
    """The part that says what is wrong. Where Instagram gives out tokens, it says so in a shape of its own."""
    if "error_type" in data and "error" not in data:
        return {"message": data.get("error_message"), "code": OAUTH}
    return wire.mapping(data.get("error"))


def reason_of(code: int, subcode: int) -> Reason | None:
    if subcode in (2018300, 2018321):
        return Reason.THREAD_OWNED
    return BY_PAIR.get((code, subcode)) or BY_CODE.get(code)


# --- quotas -----------------------------------------------------------------------------------------


def retry_after(answer: http.Answer, connection: Connection) -> timedelta:
    """What the headers ask for, in minutes of regaining access or in seconds."""
    seconds = _regain(answer, connection) * 60 or wire.number(answer.headers.get("Retry-After"))
    return timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds())) if seconds > 0 else THROTTLE_PAUSE


def _hear(answer: http.Answer, connection: Connection) -> None:
    """Any answer may say how much of the quota is used, and from when on it is too much (reference 1.7)."""
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
