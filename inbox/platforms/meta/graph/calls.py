"""Calling Graph: where it is, asking it, writing to it, reading its lists to the end."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from inbox.platforms import http, signing, wire
from inbox.platforms.base import Address, App, Connection, Reason, SendNotReached, SendRefused, Sent, Variable
from inbox.platforms.meta.graph import quotas, refusals
from inbox.platforms.meta.graph.refusals import OF_THE_CONNECTION

PAGES = 10  # of a listing that is looked through

VARIABLES = (
    Variable("META_GRAPH_URL", "url", default="https://graph.facebook.com"),
    Variable("GRAPH_API_VERSION", "text", default="v26.0"),
    Variable("META_APP_ID", "text", default=""),
)


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
    quotas.hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusals.refusal(answer, connection, writing=False)
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
    quotas.hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusals.refusal(answer, connection, writing=True)
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
    quotas.hear(answer, connection)
    if not answer.ok or "error" in answer.data:
        raise refusals.refusal(answer, connection, writing=True)
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


def pages(connection: Connection, *path: str, most: int = PAGES, apart: float = 0, **params: str) -> Iterator[dict[str, Any]]:
    """Each item of a listing. Raises SendNotReached when it does not end: then nothing can be said to be missing.

    apart: seconds between two such calls of one channel, where Graph allows so many a second.
    """
    for _page in range(most):
        if apart:
            connection.meter.space(apart)
        answer = read(connection, *path, **params)
        yield from (item for item in wire.sequence(answer.get("data")) if isinstance(item, dict))
        paging = wire.mapping(answer.get("paging"))
        # By cursor, never by the address in `next`: it would be fetched with our token wherever it points.
        after = wire.text(wire.mapping(paging.get("cursors")).get("after"))
        if not paging.get("next") or not after:
            return
        params["after"] = after
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


def own(
    items: Iterable[dict[str, Any]], ours: Collection[str], text: str, since: datetime, *, words: str, time: str
) -> Sent | None:
    """The first of these that we wrote since then with these words. `words` and `time` name its fields, `ours` are our ids."""
    earliest = since.replace(microsecond=0)  # Graph counts whole seconds
    found = []
    for item in items:
        at = wire.iso(item.get(time))
        author = wire.mapping(item.get("from")).get("id")
        if at and at >= earliest and (author is None or author in ours) and wire.same_words(wire.text(item.get(words)), text):
            found.append(Sent(wire.text(item.get("id")), at))
    return min(found, key=lambda sent: sent.at, default=None)


def _url(connection: Connection, path: tuple[str, ...]) -> str:
    parts = [connection.version, *(quote(part, safe="") for part in path)]
    return "/".join([connection.base_url.rstrip("/"), *(part for part in parts if part)])


def _proof(connection: Connection) -> dict[str, str]:
    if not connection.app_secret:
        return {}
    return {"appsecret_proof": signing.digest(connection.app_secret, connection.token.encode("utf-8", "replace"))}
