"""What people write under the videos of a channel. YouTube tells nothing by itself: it is asked, within so many units a day."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from inbox.platforms import http, wire
from inbox.platforms.base import (
    Action,
    Address,
    Connection,
    Connector,
    Deed,
    Difference,
    Event,
    Field,
    Kind,
    Limit,
    OfAnother,
    Outgoing,
    Reason,
    Retention,
    SendRefused,
    Sent,
    Variable,
)
from inbox.platforms.google import rest
from inbox.platforms.youtube import calls, listing, reading
from inbox.platforms.youtube.calls import Item, items, snippet

MONTH = timedelta(days=30)  # as long as YouTube lets anything be kept
CHANNEL = re.compile(r"\bUC[\w-]{22}", re.ASCII)  # also in the address of its page
DECIDED = {Action.APPROVE: "published", Action.REJECT: "rejected"}


class YouTube(Connector):
    slug = "youtube"
    label = "YouTube"
    family = ""
    kinds = (Kind.COMMENT,)
    stranger = _("A YouTube user")
    identified_by = Field(
        "external_id",
        _("Channel at YouTube"),
        _("Its identifier, which begins with UC: at YouTube, Settings, Advanced settings."),
    )
    proven_by = rest.CONSENT
    variables = (
        Variable("YOUTUBE_API_URL", "url", default="https://www.googleapis.com"),
        Variable("YOUTUBE_DAILY_UNITS", "count", default="10000"),
        *rest.APP,
    )
    rejects_for_good = True
    retention = Retention(words=MONTH, names=MONTH)
    midnight = calls.PACIFIC
    list_every = timedelta(minutes=10)
    list_back = MONTH
    old_threads = 10  # what somebody writes back does not bring an old thread forward in the list

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(
            base_url=variables["YOUTUBE_API_URL"],
            client_id=variables["GOOGLE_CLIENT_ID"],
            app_secret=variables["GOOGLE_CLIENT_SECRET"],
            login_url=variables["GOOGLE_TOKEN_URL"],
            allowance=variables["YOUTUBE_DAILY_UNITS"],
        )

    def identifier(self, typed: str) -> str:
        return found[0] if (found := CHANNEL.search(typed)) else typed.strip()

    def limit(self, kind: Kind) -> Limit:
        return Limit(10_000, "characters")

    # --- answering

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        _only_comments(message)
        self.limit(Kind.COMMENT).check(message.text)
        _unless_closed(message.thread, connection)
        said = {"parentId": message.thread, "textOriginal": message.text}
        answer = calls.write(connection, "POST", "comments", json={"snippet": said}, part="snippet")
        return Sent(http.sent_id(answer.data.get("id")), reading.at_of(answer.data) or answer.at)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_comments(message)
        read = partial(calls.read, connection)
        if sent := _first(listing.answers(message.thread, read), message, connection, since):
            return sent
        # Of what is held for review YouTube shows a channel what stands under its own videos alone; ours that another channel
        # holds is shown by an id, which nobody told us. It stays uncertain, until a person says what they see there.
        return _first(listing.held_answers(message.thread, connection.external_id, read), message, connection, since)

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return frozenset({Action.EDIT, Action.DELETE} if ours else DECIDED)

    def act(self, deed: Deed, connection: Connection) -> None:
        match deed.action:
            case Action.APPROVE | Action.REJECT:
                decided = DECIDED[deed.action]
                calls.write(connection, "POST", "comments/setModerationStatus", id=deed.external_id, moderationStatus=decided)
            case Action.EDIT:
                self.limit(deed.kind).check(deed.text)
                said = {"id": deed.external_id, "snippet": {"textOriginal": deed.text}}
                calls.write(connection, "PUT", "comments", json=said, part="snippet")
            case Action.DELETE:
                try:
                    calls.write(connection, "DELETE", "comments", id=deed.external_id)
                except SendRefused as refusal:
                    if refusal.reason is not Reason.GONE:
                        raise
            case _:
                super().act(deed, connection)

    # --- looking

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        yield from listing.Look(connection, since).comments()

    def answers_under(self, thread: str, connection: Connection, since: datetime) -> Iterator[dict[str, Any]]:
        yield from listing.Look(connection, since).under(thread)

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        yield from reading.read(channel_id, item)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        asked = listing.PLAIN | {"id": external_id, "fields": f"items({reading.FIELDS})"}
        try:
            yield from map(reading.item, items(calls.read(connection, "comments", **asked)))
        except SendRefused as refusal:
            if refusal.reason is not Reason.GONE:
                raise

    def look(self, external_id: str, kind: Kind, connection: Connection) -> dict[str, Any] | None:
        return next(self.fetch(external_id, connection), None)

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return False

    # --- who is who

    def identity(self, connection: Connection) -> str:
        for channel in items(calls.read(connection, "channels", part="snippet", mine="true", fields="items(id,snippet(title))")):
            if channel.get("id") == connection.external_id:
                return wire.text(snippet(channel).get("title"))
        raise OfAnother("the consent was given for another channel")

    def name_of(self, person: str, connection: Connection) -> str:
        asked = {"part": "snippet", "id": person, "fields": "items(snippet(title,customUrl))"}
        for channel in items(calls.read(connection, "channels", **asked)):
            # Beside a comment stands the handle.
            return (wire.text(snippet(channel).get("customUrl")) or wire.text(snippet(channel).get("title")))[: wire.NAME]
        return ""


def _only_comments(message: Outgoing) -> None:
    if message.kind is not Kind.COMMENT or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "YouTube has no messages")


def _first(answers: Iterable[Item], message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
    """The first of ours in these words since then."""
    earliest, found = since.replace(microsecond=0), []
    for comment in answers:
        at, external_id = reading.at_of(comment), reading.known_by(comment.get("id"))
        ours = external_id and reading.author_of(comment) == connection.external_id
        with suppress(wire.Unreadable):
            if ours and at and at >= earliest and wire.same_words(reading.words_of(comment), message.text):
                found.append(Sent(external_id, at))
    return min(found, key=lambda sent: sent.at, default=None)


def _unless_closed(thread: str, connection: Connection) -> None:
    """Raises SendRefused where no answer would be taken: to ask costs one unit, to be refused fifty."""
    asked = {"part": "snippet", "id": thread, "fields": "items(snippet(canReply))"}
    threads = items(calls.read(connection, "commentThreads", **asked))
    if any(snippet(found).get("canReply") is False for found in threads):
        raise SendRefused(Reason.NOT_ALLOWED, "no answer is taken under this comment")
    # A thread that is held may be shown by its first comment alone.
    if not threads and not items(calls.read(connection, "comments", part="id", id=thread, fields="items(id)")):
        raise SendRefused(Reason.GONE, "the comment is not there any more")
