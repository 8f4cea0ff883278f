"""Any website that tells its comments by a signed webhook of our own form, and takes answers by it: docs/website-webhook.md."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, markup, signing, wire
from inbox.platforms.base import (
    Action,
    Address,
    Author,
    BadSignature,
    Connection,
    Connector,
    Deed,
    Edited,
    Event,
    Family,
    Field,
    Greeted,
    Health,
    Kind,
    Limit,
    Malformed,
    Moderated,
    Moderation,
    Outgoing,
    OwnTurn,
    PostSeen,
    Reason,
    Received,
    Removed,
    SendError,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Unrecognised,
    Variable,
)

CLOCKS_DIFFER = timedelta(minutes=5)
AT_ONCE = 1000  # events in one body
ANSWERS_WITHIN = 10.0  # seconds
STATES = {
    "approved": Moderation.APPROVED,
    "hold": Moderation.PENDING,
    "spam": Moderation.REJECTED,
    "trash": Moderation.REJECTED,
}
# Origins inside our own walls that may be called all the same (a site of one's own); all others must be public.
PRIVATE_ORIGINS = Variable("PRIVATE_ORIGINS", "urls", default="")


# --- the receiver -----------------------------------------------------------------------------------


class WebsiteHooks(Family):
    slug = "website"
    unsigned_status = 401
    addressed = True

    def secrets_in(self, token: str) -> list[str]:
        return token.split(",")

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        stamp = signing.header(headers, "X-Comptoir-Timestamp").strip()
        if not re.fullmatch(r"\d{1,12}", stamp, re.ASCII) or abs(now.timestamp() - int(stamp)) > CLOCKS_DIFFER.total_seconds():
            raise BadSignature("website: signed at another time")
        given = [each.strip() for each in signing.header(headers, "X-Comptoir-Signature").split(",")]
        expected = [signing.stamped(secret, stamp, body) for secret in signing.usable(secrets)]
        if not any(signing.equal(one, other) for one in given for other in expected):
            raise BadSignature("website: the signature does not match")
        return "sha256"

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        payload = wire.load(body)
        told = payload if isinstance(payload, list) else [payload]
        if len(told) > AT_ONCE:  # one site never keeps the others waiting
            raise Malformed(f"more than {AT_ONCE} events at once")
        for each in told:
            yield from _events(each)


def _events(raw: Any) -> Iterator[Event]:
    try:
        yield from list(_told(wire.mapping(raw)))
    except wire.Unreadable as problem:
        yield Unrecognised(platform="website", channel_id="", raw=raw, reason=str(problem))


def _told(told: dict[str, Any]) -> Iterator[Event]:
    who = {"platform": "website", "channel_id": ""}
    comment, at = wire.mapping(told.get("comment")), wire.iso(told.get("at"))
    match wire.text(told.get("event")):
        case "ping":
            yield Greeted(**who)
        case "comment.created":
            yield from turns(who, comment, at)
        case "comment.updated":
            yield Edited(**who, external_id=_id(comment), text=words_of(comment), at=_when(at))
        case "comment.status":
            # Also as if it were new: what had been taken for spam at first was never told.
            yield from turns(who, comment, None)
            yield Moderated(**who, external_id=_id(comment), state=_state(comment), at=_when(at))
        case "comment.deleted":
            yield Removed(**who, external_id=_id(comment), at=_when(at))
        case event:
            raise wire.Unreadable(f"event {event}"[:200])


def _when(at: datetime | None) -> datetime:
    """Without it, what happens a second time reads as what was told already, to the byte."""
    if at is None:
        raise wire.Unreadable("no time")
    return at


def turns(who: dict[str, str], comment: dict[str, Any], at: datetime | None, *, refused: bool = False) -> Iterator[Event]:
    """The turn that a comment is; none for the site's own words that answer nobody.

    refused: also of what the site refused. Told by a webhook that was nobody's question; looked for, it is what became of one.
    Raises Unreadable.
    """
    external_id, parent, state = _id(comment), wire.identifier(comment.get("parent")), _state(comment)
    parent = "" if parent == "0" else parent
    ours = comment.get("own") is True
    if (state is Moderation.REJECTED and not refused) or (ours and not parent):
        return
    turn: dict[str, Any] = {
        **who,
        "external_id": external_id,
        "kind": Kind.COMMENT,
        "thread": parent or external_id,
        "parent": parent,
        "text": words_of(comment),
        "at": wire.iso(comment.get("date_gmt")) or at,
        "post": _post(comment),
    }
    if ours:
        yield OwnTurn(**turn, correlation=wire.text(comment.get("key"))[:100])
    else:
        yield Received(**turn, author=_author(comment), moderation=state)


def words_of(comment: dict[str, Any]) -> str:
    content = wire.mapping(comment.get("content"))
    raw, rendered = content.get("raw"), content.get("rendered")
    if isinstance(raw, str):
        return raw
    if isinstance(rendered, str):
        return markup.plain(rendered)
    raise wire.Unreadable("no content")


def _id(comment: dict[str, Any]) -> str:
    return wire.required(comment.get("id"), "comment id")


def _state(comment: dict[str, Any]) -> Moderation:
    status = wire.text(comment.get("status"))
    if status not in STATES:
        raise wire.Unreadable(f"status {status}"[:200])
    return STATES[status]


def _author(comment: dict[str, Any]) -> Author | None:
    """Whoever writes under the same name is the same person: a site tells nothing better that we would want to keep."""
    name = " ".join(wire.text(comment.get("author_name")).split())[: wire.NAME]
    return Author(f"name:{name.casefold()}"[: wire.PERSON_ID], name) if name else None


def _post(comment: dict[str, Any]) -> PostSeen | None:
    post = wire.identifier(comment.get("post"))
    title, link = markup.plain(wire.text(comment.get("post_title"))), wire.link(comment.get("post_link"), 1000)
    return PostSeen(post, text=title, permalink=link) if post else None


# --- writing ----------------------------------------------------------------------------------------


class Website(Connector):
    slug = "website"
    label = _("Website")
    in_a_sentence = _("the website")
    family = "website"
    kinds = (Kind.COMMENT,)
    recognises = False  # another Julie is another person
    identified_by = None
    proven_by = None
    fields = (
        Field("site", _("Address of the site"), _("As its visitors see it: https://blogue.example.com"), kind="site"),
        Field(
            "callback_url",
            _("Callback address"),
            _("Where the site takes our answers and decisions. Left empty, Comptoir only reads."),
            required=False,
            kind="site",
        ),
    )
    variables = (PRIVATE_ORIGINS,)

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(settings.get("callback_url", ""), public_but=tuple(variables["PRIVATE_ORIGINS"]))

    def limit(self, kind: Kind) -> Limit:
        return Limit(10_000, "characters")

    def can_answer(self, settings: Mapping[str, str]) -> bool:
        return bool(settings.get("callback_url"))

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        self.limit(Kind.COMMENT).check(message.text)
        comment = {"post": message.post_id, "parent": message.reply_to, "content": {"raw": message.text}}
        answer = _tell(connection, "comment.reply", comment, key=message.correlation)
        return _sent(wire.mapping(answer.data.get("comment")), answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        try:
            answer = _tell(connection, "comment.find", None, key=message.correlation)
            found = wire.mapping(answer.data.get("comment"))
            return _sent(found, answer.at) if found else None
        except SendUncertain as problem:
            raise SendNotReached(Reason.OTHER, str(problem)) from None

    def identity(self, connection: Connection) -> str:
        # The site does not hold the secret yet: nothing can be asked. What it tells first proves itself by its signature.
        return urlsplit(connection.settings.get("site", "")).hostname or ""

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        if not self.can_answer(settings):
            return frozenset()
        return frozenset({Action.EDIT, Action.DELETE} if ours else {Action.APPROVE, Action.REJECT})

    def act(self, deed: Deed, connection: Connection) -> None:
        words = {"content": {"raw": deed.text}} if deed.action is Action.EDIT else {}
        try:
            _tell(connection, f"comment.{deed.action}", {"id": deed.external_id, "post": deed.post_id, **words})
        except SendRefused as refusal:
            if deed.action is not Action.DELETE or refusal.reason is not Reason.GONE:
                raise

    def check(self, connection: Connection) -> Health:
        if self.can_answer(connection.settings):
            try:
                _tell(connection, "ping", None)
            except SendUncertain as problem:
                raise SendNotReached(Reason.OTHER, str(problem)) from None
        return Health(name=self.identity(connection))


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "websites have no messages")


def _tell(connection: Connection, event: str, comment: dict[str, Any] | None, *, key: str = "") -> http.Answer:
    """Raises SendRefused, SendNotReached or SendUncertain."""
    if not connection.base_url:
        raise SendRefused(Reason.NOT_ALLOWED, "the site gave no callback address")
    told = {"event": event, "site": connection.settings.get("site", ""), "key": key, "comment": comment}
    answer = http.post(
        connection.base_url,
        token=http.Signed(tuple(connection.token.split(","))),
        form=json.dumps({name: value for name, value in told.items() if value}).encode(),
        headers={"Content-Type": "application/json"},
        read=ANSWERS_WITHIN,
        public_but=connection.public_but,
    )
    if not answer.ok:
        raise refusal(answer)
    return answer


def _sent(comment: dict[str, Any], at: datetime) -> Sent:
    return Sent(http.sent_id(comment.get("id")), wire.iso(comment.get("date_gmt")) or at)


# --- refusals ---------------------------------------------------------------------------------------

BY_STATUS = {
    401: Reason.TOKEN_DEAD,
    404: Reason.GONE,
    409: Reason.NOT_ALLOWED,
    410: Reason.GONE,
    422: Reason.INVALID,
    501: Reason.NOT_ALLOWED,
}


def refusal(answer: http.Answer) -> SendError:
    detail = wire.text(answer.data.get("message"))[:300] or f"HTTP {answer.status}"
    if answer.status == 429:
        pause = min(wire.number(answer.headers.get("Retry-After")), 24 * 3600)
        return SendNotReached(Reason.THROTTLED, detail, timedelta(seconds=pause) if pause else None)
    return SendRefused(BY_STATUS.get(answer.status, Reason.OTHER), detail)
