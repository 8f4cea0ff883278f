"""One location of a business: its reviews are listed and fetched, and answered in the one place that each has for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.platforms import wire
from inbox.platforms.base import (
    Action,
    Address,
    App,
    Connection,
    Connector,
    Deed,
    Difference,
    Event,
    Field,
    Health,
    Kind,
    Limit,
    Moderation,
    OfAnother,
    Outgoing,
    Reason,
    SendNotReached,
    SendRefused,
    SendUncertain,
    Sent,
    Variable,
)
from inbox.platforms.google import rest, reviews

PAGES = 100
TOLD = ("NEW_REVIEW", "UPDATED_REVIEW")  # what notifications are asked for


class Google(Connector):
    slug = "google"
    label = "Google"
    family = "google"
    kinds = (Kind.REVIEW,)
    one_answer = frozenset({Kind.REVIEW})
    recognises = False
    stranger = gettext_lazy("A Google user")
    identified_by = Field("external_id", gettext_lazy("Location at Google"), gettext_lazy("As Google numbers it: locations/456"))
    fields = (Field("account", gettext_lazy("Account at Google"), gettext_lazy("As Google numbers it: accounts/123")),)
    proven_by = rest.CONSENT
    variables = (
        Variable("GOOGLE_API_URL", "url", default="https://mybusiness.googleapis.com"),
        Variable("GOOGLE_LOCATIONS_URL", "url", default="https://mybusinessbusinessinformation.googleapis.com"),
        Variable("GOOGLE_NOTIFICATIONS_URL", "url", default="https://mybusinessnotifications.googleapis.com"),
        Variable("GOOGLE_PUBSUB_TOPIC", "text", default="", development="projects/comptoir/topics/avis"),
        *rest.APP,
    )
    list_back = timedelta(days=30)

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        return Address(
            base_url=variables["GOOGLE_API_URL"],
            client_id=variables["GOOGLE_CLIENT_ID"],
            app_secret=variables["GOOGLE_CLIENT_SECRET"],
            login_url=variables["GOOGLE_TOKEN_URL"],
            names_url=variables["GOOGLE_LOCATIONS_URL"],
            hooks=App(variables["GOOGLE_NOTIFICATIONS_URL"], id=variables["GOOGLE_PUBSUB_TOPIC"]),
        )

    def identifier(self, typed: str) -> str:
        number = re.search(r"(?:^|locations/)([^/\s]+)\s*$", typed.strip())
        return f"locations/{number[1]}" if number else typed.strip()

    def limit(self, kind: Kind) -> Limit:
        return Limit(4096, "bytes")

    # --- answering

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        """Raises SendRefused also where an answer stands already: it would be replaced without a word."""
        _only_reviews(message)
        self.limit(Kind.REVIEW).check(message.text)
        if standing := _standing(message, connection):
            return standing
        return _put(connection, message.thread, message.text)

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        _only_reviews(message)
        reply = wire.mapping(_review(message.thread, connection).get("reviewReply"))
        at = wire.iso(reply.get("updateTime"))
        same = wire.same_words(wire.text(reply.get("comment")), message.text)
        return Sent(message.thread + reviews.ANSWER, at) if same and at and at >= since.replace(microsecond=0) else None

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        return frozenset({Action.EDIT, Action.DELETE} if ours else ())

    def act(self, deed: Deed, connection: Connection) -> None:
        match deed.action:
            case Action.EDIT:
                self.limit(Kind.REVIEW).check(deed.text)
                _put(connection, deed.thread, deed.text)
            case Action.DELETE:
                try:
                    rest.write(connection, "DELETE", f"{_url(deed.thread, connection)}/reply")
                except SendRefused as refusal:
                    if refusal.reason is not Reason.GONE:
                        raise
            case _:
                super().act(deed, connection)

    # --- looking

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        asked = {"pageSize": "50", "orderBy": "updateTime desc"}
        for _page in range(PAGES):
            answer = rest.read(connection, f"{_url(connection.external_id, connection)}/reviews", **asked)
            for review in map(wire.mapping, wire.sequence(answer.get("reviews"))):
                updated = wire.iso(review.get("updateTime"))
                if updated and updated < since:
                    return
                yield reviews.item(review)
            asked["pageToken"] = wire.text(answer.get("nextPageToken"))
            if not asked["pageToken"]:
                return
        raise SendNotReached(Reason.OTHER, "the list is too long to look through")

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        yield from reviews.read(channel_id, item)

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        try:
            yield reviews.item(_review(external_id.removesuffix(reviews.ANSWER), connection))
        except SendRefused as refusal:
            if refusal.reason is not Reason.GONE:
                raise

    def look(self, external_id: str, kind: Kind, connection: Connection) -> dict[str, Any] | None:
        review = next(self.fetch(external_id, connection), None)
        if review and external_id.endswith(reviews.ANSWER) and not review.get("reviewReply"):
            return None
        return review

    def tells(self, kind: Kind, difference: Difference) -> bool:
        return difference in {Difference.MISSING, Difference.EDITED}

    # --- the connection

    def identity(self, connection: Connection) -> str:
        asked = {"readMask": "name,title", "pageSize": "100"}
        for _page in range(PAGES):
            answer = rest.read(connection, f"{connection.names_url}/v1/{_account(connection)}/locations", **asked)
            for location in map(wire.mapping, wire.sequence(answer.get("locations"))):
                if location.get("name") == connection.external_id:
                    return wire.text(location.get("title"))
            asked["pageToken"] = wire.text(answer.get("nextPageToken"))
            if not asked["pageToken"]:
                break
        raise OfAnother("the account has no such location")

    def check(self, connection: Connection) -> Health:
        name, topic = self.identity(connection), connection.hooks.id if connection.hooks else ""
        if not topic:
            return Health(name=name)
        setting = rest.read(connection, _setting_url(connection))
        theirs, types = wire.text(setting.get("pubsubTopic")), wire.sequence(setting.get("notificationTypes"))
        missing = tuple(kind for kind in TOLD if kind not in types) if theirs == topic else ()
        told = theirs == topic and not missing
        return Health(name=name, subscribed=told, missing_fields=missing, warnings=_taken(theirs, topic))

    def subscribe(self, connection: Connection, callback: str) -> None:
        """An account has one setting for all of its locations: whoever writes last receives."""
        topic = connection.hooks.id if connection.hooks else ""
        if not topic:
            raise SendRefused(Reason.NOT_ALLOWED, "GOOGLE_PUBSUB_TOPIC is not set")
        setting = {"name": f"{_account(connection)}/notificationSetting", "pubsubTopic": topic, "notificationTypes": list(TOLD)}
        rest.write(connection, "PATCH", _setting_url(connection), json=setting, updateMask="pubsubTopic,notificationTypes")


def _only_reviews(message: Outgoing) -> None:
    if message.kind is not Kind.REVIEW or message.private_to:
        raise SendRefused(Reason.NOT_ALLOWED, "Google has reviews alone")


def _account(connection: Connection) -> str:
    number = connection.settings.get("account", "").removeprefix("accounts/")
    return f"accounts/{quote(number, safe='')}"


def _url(name: str, connection: Connection) -> str:
    """Of a location, or of a review below it."""
    return f"{connection.base_url}/v4/{_account(connection)}/{quote(name)}"


def _setting_url(connection: Connection) -> str:
    root = connection.hooks.base_url if connection.hooks else ""
    return f"{root}/v1/{_account(connection)}/notificationSetting"


def _taken(theirs: str, ours: str) -> tuple[str, ...]:
    """Whose the notifications are instead, in words."""
    if theirs == ours:
        return ()
    if not theirs:
        return (_("Google sends its notifications nowhere: none are asked for."),)
    words = _("Another tool has Google send the account’s notifications to a place of its own, and there is only one: %(topic)s")
    return (words % {"topic": theirs},)


def _review(name: str, connection: Connection) -> dict[str, Any]:
    return rest.read(connection, _url(name, connection))


def _standing(message: Outgoing, connection: Connection) -> Sent | None:
    """The answer that stands already, where it is this one. Raises SendRefused for another that the public can see."""
    review = _review(message.thread, connection)
    reply = wire.mapping(review.get("reviewReply"))
    words, at = wire.text(reply.get("comment")), wire.iso(reply.get("updateTime"))
    if not reply or reviews.state_of(reply, review) is Moderation.REJECTED:
        return None
    if at and wire.same_words(words, message.text):
        return Sent(message.thread + reviews.ANSWER, at)
    raise SendRefused(Reason.ALREADY_ANSWERED, "this review has an answer already; change that one")


def _put(connection: Connection, review: str, text: str) -> Sent:
    answer = rest.write(connection, "PUT", f"{_url(review, connection)}/reply", json={"comment": text})
    if not answer.data.get("comment"):
        raise SendUncertain("accepted, but the platform showed no answer")
    return Sent(review + reviews.ANSWER, wire.iso(answer.data.get("updateTime")) or answer.at)
