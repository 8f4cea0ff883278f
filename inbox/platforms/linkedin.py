"""LinkedIn organization pages: notifications of comments in, comments out. There are no messages for pages."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from inbox.platforms import http, signing, wire
from inbox.platforms.base import (
    Address,
    Author,
    BadSignature,
    Connection,
    Connector,
    Edited,
    Event,
    Family,
    Kind,
    Limit,
    Outgoing,
    OwnTurn,
    PostSeen,
    Reacted,
    Reason,
    Received,
    Removed,
    Retention,
    SendError,
    SendNotReached,
    SendRefused,
    Sent,
    Unrecognised,
    Variable,
    Window,
    WindowState,
)

TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PREFIX = "hmacsha256="
# Nothing that could be the beginning of a body: what we answer is our signature of what was asked.
CHALLENGE = re.compile(r"[A-Za-z0-9-]{1,128}", re.ASCII)
COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(\w+:[^,()]+),([^,()]+)\)")
LIKE = re.compile(r"urn:li:(?:like|reaction):\((urn:li:[^,()]+),(.+?)(?:,[A-Z]+)?\)")


# --- the receiver -----------------------------------------------------------------------------------


class LinkedInHooks(Family):
    slug = "linkedin"
    keeps = timedelta(hours=48)
    unsigned_status = 401
    variables = (Variable("LINKEDIN_CLIENT_SECRET", "secrets", development="dev-linkedin-client-secret"),)

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        return list(variables["LINKEDIN_CLIENT_SECRET"])

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        code, usable = params.get("challengeCode", ""), signing.usable(secrets)
        if not CHALLENGE.fullmatch(code) or not usable:
            raise BadSignature("linkedin: a challenge that is none")
        answer = {"challengeCode": code, "challengeResponse": signing.digest(usable[0], code.encode())}
        return "application/json", json.dumps(answer)

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        given = signing.header(headers, "X-LI-Signature").strip().lower().removeprefix(PREFIX)
        # The documents sign a prefix and the body, what is seen in the field the body alone. Both prove the secret.
        for form, signed in (("prefixed", PREFIX.encode() + body), ("bare", body)):
            if any(signing.equal(given, signing.digest(secret, signed)) for secret in signing.usable(secrets)):
                return form
        raise BadSignature("linkedin: the signature does not match")

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        return _envelopes(payload if isinstance(payload, list) else [payload])


def _envelopes(payloads: list[Any]) -> Iterator[Event]:
    for payload in payloads:
        envelope = wire.mapping(payload)
        notifications = envelope.get("notifications")
        if envelope.get("type") != TYPE or not isinstance(notifications, list):
            reason = f"type {wire.text(envelope.get('type'))}"
            yield Unrecognised(platform="linkedin", channel_id="", raw=payload, reason=reason[:200])
            continue
        for notification in notifications:
            yield _notification(notification)


def _notification(raw: Any) -> Event:
    organization = ""
    try:
        notification = wire.mapping(raw)
        organization = wire.required(notification.get("organizationalEntity"), "organization", wire.PERSON_ID)
        return _event(organization, notification)
    except wire.Unreadable as problem:
        return Unrecognised(platform="linkedin", channel_id=organization, raw=raw, reason=str(problem))


def _event(organization: str, notification: dict[str, Any]) -> Event:
    who = {"platform": "linkedin", "channel_id": organization}
    at = wire.milliseconds(notification.get("lastModifiedAt"))
    decorated = wire.mapping(notification.get("decoratedGeneratedActivity"))
    about = wire.mapping(decorated.get("comment")) or wire.mapping(decorated.get("share"))
    match notification.get("action"):
        case "COMMENT" | "ADMIN_COMMENT" | "SHARE_MENTION" | "COMMENT_MENTION" as action:
            return _turn(who, notification, about, at, ours=action == "ADMIN_COMMENT")
        case "COMMENT_EDIT" if isinstance(about.get("text"), str):
            return Edited(**who, external_id=_subject(notification, about), text=about["text"], at=at)
        case "COMMENT_DELETE":
            return Removed(**who, external_id=_subject(notification, about), at=at)
        case "LIKE" if match := LIKE.fullmatch(wire.identifier(notification.get("generatedActivity"))):
            actor = Author(wire.required(match[1], "person", wire.PERSON_ID))
            return Reacted(**who, external_id=comment_urn(match[2]), actor=actor, reaction="like", at=at)
        case action:
            return Unrecognised(**who, raw=notification, reason=f"action {wire.text(action)}"[:200])


def _turn(who: dict[str, str], notification: dict[str, Any], about: dict[str, Any], at: datetime | None, *, ours: bool) -> Event:
    external_id = _subject(notification, about)
    parent = _parent(about)
    source = wire.identifier(notification.get("sourcePost"))
    post_text = wire.text(wire.mapping(notification.get("decoratedSourcePost")).get("text"))
    author = wire.author({"id": about.get("owner")})
    turn: dict[str, Any] = {
        **who,
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": wire.text(about.get("text")),
        "at": at,
        # A share that mentions us is no post of ours that it would stand under.
        "post": PostSeen(source, text=post_text) if source and source != external_id else None,
    }
    if ours or (author and author.id == who["channel_id"]):
        return OwnTurn(**turn)
    return Received(**turn, author=author)


def _subject(notification: dict[str, Any], about: dict[str, Any]) -> str:
    return comment_urn(wire.identifier(about.get("entity")) or wire.required(notification.get("generatedActivity"), "comment"))


def _parent(about: dict[str, Any]) -> str:
    """The comment that this one answers, where the notification happens to tell."""
    told = [wire.identifier(about.get(key)) for key in ("parentComment", "object")]
    return next((comment_urn(urn) for urn in told if COMMENT.fullmatch(urn)), "")


def comment_urn(urn: str) -> str:
    """A comment's URN with its inner prefix, which notifications leave out; any other URN as it is."""
    match = COMMENT.fullmatch(urn)
    return f"urn:li:comment:(urn:li:{match[1]},{match[2]})" if match else urn


# --- writing ----------------------------------------------------------------------------------------


class LinkedIn(Connector):
    slug = "linkedin"
    label = "LinkedIn"
    family = "linkedin"
    kinds = (Kind.COMMENT,)
    retention = Retention(words=timedelta(hours=48), names=timedelta(hours=24))
    variables = (
        Variable("LINKEDIN_API_URL", "url", default="https://api.linkedin.com"),
        Variable("LINKEDIN_VERSION", "text", default="202609"),
    )

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(variables["LINKEDIN_API_URL"], variables["LINKEDIN_VERSION"])

    def limit(self, kind: Kind) -> Limit:
        return Limit(1250, "characters")

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return Window(WindowState.OPEN if kind is Kind.COMMENT else WindowState.CLOSED)

    def permissions(self, kind: Kind) -> frozenset[str]:
        return frozenset({"w_organization_social", "w_organization_social_feed"})  # the same, under two names

    def allows_private_reply(self) -> bool:
        return False

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        self.limit(Kind.COMMENT).check(message.text)
        url, body = _comments_url(message, connection), _body(message, connection)
        answer = http.post(url, token=connection.token, headers=_headers(connection), json=body)
        if not answer.ok:
            raise refusal(answer, connection)
        number = wire.text(answer.headers.get("x-restli-id"))
        external_id = wire.text(answer.data.get("commentUrn")) or (number and f"urn:li:comment:({_object(message)},{number})")
        at = wire.milliseconds(wire.mapping(answer.data.get("created")).get("time"))
        return Sent(comment_urn(http.sent_id(external_id)), at or answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        found = []
        for comment in _listed(message, connection):
            at = wire.milliseconds(wire.mapping(comment.get("created")).get("time"))
            text = wire.text(wire.mapping(comment.get("message")).get("text"))
            ours = comment.get("actor") == connection.external_id and wire.same_words(text, message.text)
            if ours and at and at >= since:
                found.append(Sent(comment_urn(wire.text(comment.get("commentUrn"))), at))
        return min(found, key=lambda sent: sent.at, default=None)

    def identity(self, connection: Connection) -> str:
        number = connection.external_id.rpartition(":")[2]
        return wire.text(_get(f"{_root(connection)}/organizations/{quote(number, safe='')}", connection).get("localizedName"))

    def name_of(self, person: str, connection: Connection) -> str:
        kind, _, number = person.removeprefix("urn:li:").partition(":")
        if kind == "organization":
            found = _get(f"{_root(connection)}/organizations/{quote(number, safe='')}", connection)
            return wire.text(found.get("localizedName"))
        found = _get(f"{_root(connection)}/people/(id:{quote(number, safe='')})", connection)
        return f"{wire.text(found.get('localizedFirstName'))} {wire.text(found.get('localizedLastName'))}".strip()


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "LinkedIn pages have no messages")


def _root(connection: Connection) -> str:
    return f"{connection.base_url.rstrip('/')}/rest"


def _headers(connection: Connection) -> dict[str, str]:
    return {"LinkedIn-Version": connection.version, "X-Restli-Protocol-Version": "2.0.0"}


def _thread(message: Outgoing) -> str:
    """The root comment, as there is one level of replies; or the post itself, where that is what mentions us."""
    return comment_urn(message.thread or message.reply_to)


def _object(message: Outgoing) -> str:
    match = COMMENT.fullmatch(_thread(message))
    return f"urn:li:{match[1]}" if match else _thread(message)


def _comments_url(message: Outgoing, connection: Connection) -> str:
    return f"{_root(connection)}/socialActions/{quote(_thread(message), safe='')}/comments"


def _body(message: Outgoing, connection: Connection) -> dict[str, Any]:
    thread = _thread(message)
    body: dict[str, Any] = {"actor": connection.external_id, "object": _object(message), "message": {"text": message.text}}
    return body | ({"parentComment": thread} if COMMENT.fullmatch(thread) else {})


def _get(url: str, connection: Connection, **params: str) -> dict[str, Any]:
    answer = http.get(url, token=connection.token, params=params, headers=_headers(connection))
    if not answer.ok:
        raise refusal(answer, connection)
    return answer.data


def _listed(message: Outgoing, connection: Connection, *, count: int = 50, pages: int = 10) -> Iterator[dict[str, Any]]:
    for page in range(pages):
        answer = _get(_comments_url(message, connection), connection, start=str(page * count), count=str(count))
        yield from (each for each in wire.sequence(answer.get("elements")) if isinstance(each, dict))
        links = wire.sequence(wire.mapping(answer.get("paging")).get("links"))
        if not any(wire.mapping(link).get("rel") == "next" for link in links):
            return
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


# --- refusals ---------------------------------------------------------------------------------------

BY_STATUS = {
    400: Reason.INVALID,
    401: Reason.TOKEN_DEAD,
    403: Reason.PERMISSION,
    404: Reason.GONE,
    422: Reason.INVALID,
    426: Reason.OUTDATED,
}


def refusal(answer: http.Answer, connection: Connection) -> SendError:
    words = wire.text(answer.data.get("message")).replace(connection.token or "\0", "…")[:300]
    detail = words or f"HTTP {answer.status}"
    if answer.status == 429:
        return SendNotReached(Reason.THROTTLED, detail, _pause(answer, words))
    if answer.status == 409:
        return SendNotReached(Reason.OTHER, detail, timedelta(seconds=30))
    if answer.data.get("code") == "FIELD_LENGTH_TOO_LONG":
        return SendRefused(Reason.TOO_LONG, detail)
    return SendRefused(BY_STATUS.get(answer.status, Reason.OTHER), detail)


def _pause(answer: http.Answer, words: str) -> timedelta:
    """Comments are throttled by the minute; an application's and a member's calls by the day, until midnight UTC."""
    if "Resource level" not in words:
        return timedelta(minutes=1)
    midnight = answer.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - answer.at
