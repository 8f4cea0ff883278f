"""What Graph's refusals mean (reference 1.6): by code and subcode, never by HTTP status."""

from datetime import timedelta
from typing import Any

from inbox.platforms import http, wire
from inbox.platforms.base import Connection, Reason, SendError, SendNotReached, SendRefused, SendUncertain
from inbox.platforms.meta.graph import quotas

TRANSIENT = {1, 2, 341, 131000, 131016}
OAUTH = 190  # the code by which the rest of Graph refuses a token

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


def refusal(answer: http.Answer, connection: Connection, *, writing: bool) -> SendError | SendUncertain:
    error = _error(answer.data)
    code, subcode = wire.number(error.get("code")), wire.number(error.get("error_subcode"))
    # Graph repeats a malformed token in its message.
    detail = wire.text(error.get("message")).replace(connection.token or "\0", "…")[:300] or f"HTTP {answer.status}"
    reason = reason_of(code, subcode) or (BY_STATUS.get(answer.status) if not code else None)
    if reason is Reason.THROTTLED:
        return SendNotReached(reason, detail, PAUSES.get(code) or quotas.retry_after(answer, connection))
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
