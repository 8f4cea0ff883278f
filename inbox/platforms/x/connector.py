"""X, the outward half: our answers to posts, and looking for what no webhook told."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from inbox.platforms import base, http, wire
from inbox.platforms.base import Action, Connection, Event, Kind, Reason, SendNotReached, SendRefused, Sent
from inbox.platforms.x.hooks import SECRETS
from inbox.platforms.x.posts import Item, other, said

FIELDS = "author_id,created_at,entities,in_reply_to_user_id,note_tweet,referenced_tweets"
ASKED = {"max_results": "100", "tweet.fields": FIELDS, "expansions": "author_id", "user.fields": "name"}
LINK = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?")
WIDE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")  # counted twice


class Weighted(base.Limit):
    def length(self, text: str) -> int:
        """Never less than X counts: for it a link is always 23 long, and all parts of one emoji together 2."""
        text = unicodedata.normalize("NFC", text)
        return len(text) + len(WIDE.findall(text)) + sum(max(0, 23 - len(link)) for link in LINK.findall(text))


LIMIT, MESSAGE_LIMIT = Weighted(280, "characters"), base.Limit(10_000, "characters")


class X(base.Connector):
    slug = family = "x"
    label = "X"
    kinds = (Kind.COMMENT, Kind.MESSAGE)
    read_only = frozenset({Kind.MESSAGE})
    identified_by = replace(base.IDENTIFIER, help=_("The digits before the dash of the access token: they number the account."))
    proven_by = base.Field("token", _("Access token secret"), _("Kept encrypted, and never shown again."), kind="secret")
    fields = (base.Field("access_token", _("Access token"), _("Of OAuth 1.0, with the permission to read and write.")),)
    list_every = timedelta(minutes=30)  # each post that is listed is paid for
    variables = (
        SECRETS,
        base.Variable("X_CONSUMER_KEY", "text", default="", development="dev-x-consumer-key"),
        base.Variable("X_WEBHOOK_ID", "text", default="", development="1860000000000000001"),
        base.Variable("X_API_URL", "url", default="https://api.x.com"),
    )

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> base.Address:
        secret, hooks = next(iter(variables["X_CONSUMER_SECRET"]), ""), base.App(id=variables["X_WEBHOOK_ID"])
        return base.Address(variables["X_API_URL"], app_secret=secret, client_id=variables["X_CONSUMER_KEY"], hooks=hooks)

    def limit(self, kind: Kind) -> base.Limit:
        return LIMIT if kind is Kind.COMMENT else MESSAGE_LIMIT

    def send(self, message: base.Outgoing, connection: Connection) -> Sent:
        if message.kind is not Kind.COMMENT or message.private_to:
            raise SendRefused(Reason.NOT_ALLOWED, "private messages are not written from here")
        LIMIT.check(message.text)
        to = {"in_reply_to_tweet_id": message.reply_to}
        answer = _call(connection, "POST", "tweets", json={"text": message.text, "reply": to})
        return Sent(http.sent_id(wire.mapping(answer.data.get("data")).get("id")), answer.at)

    def find_sent(self, message: base.Outgoing, connection: Connection, since: datetime) -> Sent | None:
        try:
            told = [said({"platform": "x", "channel_id": ""}, post) for post in _pages(connection, "tweets", since)]
        except wire.Unreadable as problem:
            raise SendNotReached(Reason.OTHER, str(problem)) from None
        same = [turn for turn in told if isinstance(turn, base.Turn) and _same(turn, message)]
        return min((Sent(turn.external_id, turn.at) for turn in same if turn.at), key=lambda sent: sent.at, default=None)

    def identity(self, connection: Connection) -> str:
        account = wire.mapping(_call(connection, "GET", "users/me").data.get("data"))
        if account.get("id") != connection.external_id:
            raise base.OfAnother("the token belongs to another account")
        return wire.text(account.get("name"))

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        """Only under what we wrote can something be hidden: elsewhere X refuses, which does no harm."""
        return frozenset({Action.DELETE} if ours else {Action.HIDE, Action.UNHIDE})

    def act(self, deed: base.Deed, connection: Connection) -> None:
        post = f"tweets/{quote(deed.external_id, safe='')}"
        if deed.action is Action.DELETE:
            _call(connection, "DELETE", post, done=404)
        elif deed.action in {Action.HIDE, Action.UNHIDE}:
            _call(connection, "PUT", f"{post}/hidden", json={"hidden": deed.action is Action.HIDE})
        else:
            raise SendRefused(Reason.NOT_ALLOWED, f"X has no {deed.action}")

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[Item]:
        yield from _pages(connection, "mentions", since)
        yield from _pages(connection, "tweets", since)

    def read_listed(self, channel_id: str, item: Item) -> Iterator[Event]:
        if not other(item, "retweeted"):
            yield said({"platform": "x", "channel_id": channel_id}, item)

    def tells(self, kind: Kind, difference: base.Difference) -> bool:
        return difference is base.Difference.MISSING  # what we delete is told, and not what others do

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        """Of what is gone X answers with a problem and no refusal. What its author shut off is not known to be gone."""
        told = _call(connection, "GET", f"tweets/{quote(external_id, safe='')}", done=404)
        return told.ok and "/resource-not-found" not in str(told.data.get("errors"))

    def check(self, connection: Connection) -> base.Health:
        name, path = self.identity(connection), _subscription(connection)
        told = wire.mapping(_call(connection, "GET", path).data.get("data")) if path else {}
        return base.Health(name=name, subscribed=told.get("subscribed") is True if path else None)

    def subscribe(self, connection: Connection, callback: str) -> None:
        """Its webhook, and so the address, is registered with X once for all, by whoever runs the app."""
        if not (path := _subscription(connection)):
            raise SendRefused(Reason.NOT_ALLOWED, "not without X_WEBHOOK_ID")
        _call(connection, "POST", path, json={}, done=409)


def _subscription(connection: Connection) -> str:
    webhook = connection.hooks and connection.hooks.id
    return f"account_activity/webhooks/{webhook}/subscriptions/all" if webhook else ""


def _same(turn: base.Turn, message: base.Outgoing) -> bool:
    """X puts whom it answers in front, and writes links in its own way."""
    one, other = (LINK.sub("", re.sub(r"^(?:@\w+\s+)+", "", text)) for text in (turn.text, message.text))
    return turn.parent == message.reply_to and wire.same_words(one, other)


def _pages(connection: Connection, edge: str, since: datetime) -> Iterator[Item]:
    """Each post of a list, with its author's name. Raises SendNotReached where it does not end."""
    asked = ASKED | {"start_time": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    for _page in range(40):  # X shows no more than 800 mentions, and 3200 posts of our own
        told = _call(connection, "GET", f"users/{connection.external_id}/{edge}", params=asked).data
        users = map(wire.mapping, wire.sequence(wire.mapping(told.get("includes")).get("users")))
        names = {wire.text(user.get("id")): user.get("name") for user in users}
        for post in [each for each in wire.sequence(told.get("data")) if isinstance(each, dict)]:
            whose = wire.text(post.get("author_id"))  # what we say of ourselves stands in both lists
            if (whose == connection.external_id) is (edge == "tweets"):
                yield post | {"author": {"id": whose, "name": names.get(whose)}}
        if not (token := wire.text(wire.mapping(told.get("meta")).get("next_token"))):
            return
        asked = asked | {"pagination_token": token}
    raise SendNotReached(Reason.OTHER, "the list is too long to look through")


def _call(connection: Connection, method: str, path: str, *, done: int = 0, **parts: Any) -> http.Answer:
    """done: the status by which X says that it was done before."""
    connection.meter.check()
    url, given = f"{connection.base_url.rstrip('/')}/2/{path}", connection.settings.get("access_token", "")
    proof = http.OAuth1(connection.client_id, given, connection.app_secret, connection.token)
    answer = http.get(url, token=proof, **parts) if method == "GET" else http.write(method, url, token=proof, **parts)
    if not answer.ok and answer.status != done:
        raise refusal(answer)
    most, left = (wire.number(answer.headers.get(f"x-rate-limit-{name}")) for name in ("limit", "remaining"))
    connection.meter.hear(100 - 100 * left // most if most else None, timedelta(0))
    return answer


# What X says in words, and by the name of a problem. All else that is forbidden is to answer whoever did not call us.
BY_WORDS = {"duplicate content": Reason.DUPLICATE, "deleted or not visible": Reason.GONE, "account is": Reason.ACCOUNT_LOCKED}
BY_PROBLEM = {"client-forbidden": Reason.PERMISSION, "oauth1-permissions": Reason.PERMISSION}
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=1)  # of its windows the longest is a day
BY_STATUS = {400: Reason.INVALID, 401: Reason.TOKEN_DEAD, 402: Reason.ACCOUNT_LOCKED, 403: Reason.NOT_ALLOWED, 404: Reason.GONE}


def refusal(answer: http.Answer) -> base.SendError:
    first = wire.mapping(next(iter(wire.sequence(answer.data.get("errors"))), None))
    words = wire.text(answer.data.get("detail")) or wire.text(first.get("message")) or wire.text(answer.data.get("title"))
    detail = words[:300] or f"HTTP {answer.status}"
    if answer.status == 429:
        ends = wire.seconds(wire.number(answer.headers.get("x-rate-limit-reset")))
        return SendNotReached(Reason.THROTTLED, detail, min(max(ends - answer.at, SHORTEST), LONGEST) if ends else None)
    told = f"{words} {answer.data.get('type')}".lower()
    usual = BY_STATUS.get(answer.status, Reason.OTHER)
    return SendRefused(next((reason for part, reason in (BY_WORDS | BY_PROBLEM).items() if part in told), usual), detail)
