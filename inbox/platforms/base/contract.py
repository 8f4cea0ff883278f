"""The two halves that a platform implements: the receiver's, and the outward one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inbox.platforms.base.events import Difference, Event, Kind
from inbox.platforms.base.reasons import Reason
from inbox.platforms.base.sending import (
    Action,
    App,
    BadSignature,
    Connection,
    Deed,
    Limit,
    Outgoing,
    SendRefused,
    Sent,
    Window,
    WindowState,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting that a platform takes from the environment. No default: required in production."""

    name: str
    kind: str  # "secrets" or "urls" (several, comma-separated), "text", "url", "count" (a whole number from 1)
    default: str | None = None
    development: str | None = None  # a default where DEBUG is on


@dataclass(frozen=True, slots=True)
class Field:
    """What is asked of whoever connects a channel of this platform."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    required: bool = True
    kind: str = "text"  # "secret": not shown while it is typed; "site": the address of a website that we shall call
    choices: tuple[tuple[str, str | Promise], ...] = ()  # (value, label): one of these, where it is not free text


IDENTIFIER = Field("external_id", _("Identifier on the platform"), _("The page or account number."))
TOKEN = Field("token", _("Access token"), _("Kept encrypted, and never shown again."), kind="secret")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connector calls, and what proves that it is our app."""

    base_url: str = ""
    version: str = ""
    app_secret: str = field(default="", repr=False)
    app_id: str = ""
    client_id: str = ""
    login_url: str = ""
    names_url: str = ""
    hooks: App | None = None
    allowance: int = 0  # how much may be asked a day, where the platform does not tell how much is left; 0: it tells
    # Where somebody typed the address: called only where it is public, or of one of these origins. None: it is the platform's.
    public_but: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What a platform says of one connection. None, or empty: it does not tell."""

    name: str = ""
    token_expires_at: datetime | None = None
    access_expires_at: datetime | None = None  # data access, which ends apart from the token
    missing_permissions: tuple[str, ...] = ()
    subscribed: bool | None = None  # whether webhooks come
    subscription_expires_at: datetime | None = None  # where webhooks must be asked for again and again
    missing_fields: tuple[str, ...] = ()  # kinds of webhooks that were not asked for
    warnings: tuple[str, ...] = ()  # what else it holds against the channel, in its own words
    quota_used: int | None = None  # percent


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a platform lets what people say and who they are be kept. None: as long as the organization wants."""

    words: timedelta | None = None
    names: timedelta | None = None


class Family:
    """One receiver endpoint: how its bodies are signed, greeted and read. meta, linkedin."""

    slug: ClassVar[str]
    variables: ClassVar[tuple[Variable, ...]] = ()
    keeps: ClassVar[timedelta] = timedelta(days=7)  # raw bodies, once they are taken in
    unsigned_status: ClassVar[int] = 403  # what the platform expects of a receiver that does not believe it
    # Whether each channel has an address of its own, /hooks/<slug>/<identifier>/, and secrets of its own. Its events then
    # belong to that channel whatever they say, and leave channel_id empty.
    addressed: ClassVar[bool] = False

    def secrets(self, variables: Mapping[str, Any]) -> list[str]:
        """The candidate secrets, from the environment: of our own `variables`, and PUBLIC_URL."""
        return []

    def secrets_in(self, token: str) -> list[str]:
        """The candidate secrets of one channel, where each has its own: what its token holds."""
        return []

    def verify_tokens(self, variables: Mapping[str, Any]) -> list[str]:
        """What the platform repeats at its greeting, where it does."""
        return []

    def handshake(self, params: Mapping[str, str], *, secrets: Sequence[str], verify_tokens: Sequence[str]) -> tuple[str, str]:
        """Answer the platform's GET: (content type, body). Raises BadSignature when it is not ours to answer."""
        raise BadSignature(f"{self.slug}: no greeting is expected")

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime) -> str:
        """Name the form of signature that matched. Raises BadSignature, or CannotVerify when nobody can tell just now."""
        raise NotImplementedError

    def parse(self, body: bytes, *, received_at: datetime) -> Iterator[Event]:
        """Turn the bytes into events. Raises Malformed only when the body is no JSON object or list at all."""
        raise NotImplementedError


class Connector:
    """One platform, the outward half. What is not overridden here is something the platform does not have."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    in_a_sentence: ClassVar[str | Promise] = ""  # where the label is no name that stands without an article
    family: ClassVar[str]
    variables: ClassVar[tuple[Variable, ...]] = ()
    # What is asked when a channel is connected. No identifier: we give it one; no token: we make a secret for both sides.
    identified_by: ClassVar[Field | None] = IDENTIFIER
    proven_by: ClassVar[Field | None] = TOKEN
    fields: ClassVar[tuple[Field, ...]] = ()
    retention: ClassVar[Retention] = Retention()
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.COMMENT, Kind.MESSAGE)  # what arrives from there
    read_only: ClassVar[frozenset[Kind]] = frozenset()  # of these, what arrives from there and is not answered from here
    one_answer: ClassVar[frozenset[Kind]] = frozenset()  # of these, where a second answer finds no room
    recognises: ClassVar[bool] = True  # whether who writes again is known to be the same person
    stranger: ClassVar[str | Promise] = ""  # what a person is called whose name the platform keeps to itself
    once_closed: ClassVar[str | Promise] = ""  # what to know of writing to a person whose window has closed
    answers_hidden: ClassVar[bool] = True  # whether a comment that is hidden takes a public answer
    rejects_for_good: ClassVar[bool] = False  # whether what was rejected can never be approved any more
    silent_under: ClassVar[frozenset[str]] = frozenset()  # PostSeen.kind of posts whose comments take no public answer
    # How many private replies to comments it takes from one channel in an hour, and PostSeen.kind of posts where it counts none.
    # None or 0: none is counted; where none is taken at all, `send` refuses.
    private_an_hour: ClassVar[int | None] = None
    private_uncounted: ClassVar[frozenset[str]] = frozenset()
    midnight: ClassVar[tzinfo] = UTC  # where the day of an allowance begins anew: see Address
    # How often one channel may be listed within its quota, and how far back absence from the list means removal.
    list_every: ClassVar[timedelta] = timedelta(minutes=15)
    list_back: ClassVar[timedelta] = timedelta(days=3)
    # Of threads that began before that, and in which something was written since: how many are asked for by themselves at each
    # look, where their listing need not show what is new in them.
    old_threads: ClassVar[int] = 0
    longest_look: ClassVar[timedelta] = timedelta(minutes=5)  # at one page; the others of its platform wait meanwhile
    # What is listed in full. Of private messages platforms list the newest alone: absence says nothing there.
    listed_in_full: ClassVar[tuple[Kind, ...]] = (Kind.COMMENT, Kind.REVIEW)

    def address(self, variables: Mapping[str, Any], settings: Mapping[str, str]) -> Address:
        """Where to call for a channel with these settings, given the variables of the environment."""
        return Address()

    def identifier(self, typed: str) -> str:
        """The identifier as webhooks and calls have it, from what somebody typed or pasted."""
        return typed.strip()

    def variants(self, settings: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """The settings to try where whoever connects left something open: the first that `identity` accepts are kept."""
        return (settings,)

    def limit(self, kind: Kind) -> Limit:
        raise NotImplementedError

    def window(self, kind: Kind, last_inbound_at: datetime | None, now: datetime) -> Window:
        return Window(WindowState.OPEN)

    def can_answer(self, settings: Mapping[str, str]) -> bool:
        """Whether a channel with these settings can carry an answer at all, or only tells what was written."""
        return True

    def permissions(self, kind: Kind) -> frozenset[str]:
        """The permissions, as the platform names them, without any of which nothing of this kind may be sent."""
        return frozenset()

    def allows_private_reply(self) -> bool:
        """Whether one private message may be sent to the author of a comment."""
        return False

    def private_reply_window(self, post_kind: str, commented_at: datetime | None, now: datetime) -> Window:
        """Until when that is. post_kind: PostSeen.kind of what the comment stands under."""
        return self.window(Kind.MESSAGE, commented_at, now)

    def send(self, message: Outgoing, connection: Connection) -> Sent:
        """Hand the message to the platform. Raises SendRefused, SendNotReached or SendUncertain."""
        raise NotImplementedError

    def find_sent(self, message: Outgoing, connection: Connection, since: datetime) -> Sent | None:
        """Look on the platform for a message we are not sure of, by listing. None: it is not there.

        Raises SendNotReached or SendRefused when the platform cannot be asked.
        """
        raise SendRefused(Reason.NOT_ALLOWED, "this platform lists nothing")

    def identity(self, connection: Connection) -> str:
        """The name the platform knows this channel by; proves that the token is this channel's own. Raises like send."""
        raise NotImplementedError

    def name_of(self, person: str, connection: Connection) -> str:
        """How the platform calls a person who wrote to this channel; "" where it does not tell. Raises like send."""
        return ""

    def media(self, media_id: str, connection: Connection) -> tuple[str, dict[str, str]]:
        """Where an attachment that came as an id can be fetched just now, and the headers that it takes. Raises like listing."""
        raise SendRefused(Reason.NOT_ALLOWED, f"{self.slug} gives addresses, not ids")

    # --- beside answering

    def actions(self, kind: Kind, settings: Mapping[str, str], *, ours: bool) -> frozenset[Action]:
        """What this platform lets a channel with these settings do to a message of this kind, theirs or ours."""
        return frozenset()

    def act(self, deed: Deed, connection: Connection) -> None:
        """Do it; done before counts as done. Raises SendRefused, SendNotReached or SendUncertain."""
        raise SendRefused(Reason.NOT_ALLOWED, f"{self.slug} has no {deed.action}")

    # --- looking for what webhooks did not tell

    def listing(self, connection: Connection, since: datetime, posts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All that the platform lists as written since then, theirs and ours, as raw items that `read_listed` understands.

        posts: ids of posts known to be alive, for platforms that list by post. Ends only when the list was read to its end:
        what is absent then is not there. Raises SendNotReached or SendRefused.
        """
        raise SendRefused(Reason.NOT_ALLOWED, "this platform lists nothing")

    def answers_under(self, thread: str, connection: Connection, since: datetime) -> Iterator[dict[str, Any]]:
        """What was written in one thread since then, as raw items like those of `listing`; nothing where it is gone. Where it
        could not be read to its end, what was read. Raises like listing.
        """
        raise SendRefused(Reason.NOT_ALLOWED, f"{self.slug} lists no thread by itself")

    def read_listed(self, channel_id: str, item: dict[str, Any]) -> Iterator[Event]:
        """The events that one listed item stands for, as webhooks would have told them. Raises Unreadable.

        A turn for what was written; beside it VisibilityChanged, hidden or not, where the listing tells that.
        """
        raise NotImplementedError

    def fetch(self, external_id: str, connection: Connection) -> Iterator[dict[str, Any]]:
        """What a Hint names, as raw items like those of `listing`; nothing where it is gone. Raises like listing."""
        raise SendRefused(Reason.NOT_ALLOWED, f"{self.slug} fetches nothing by its id")

    def tells(self, kind: Kind, difference: Difference) -> bool:
        """Whether a webhook tells it by itself. What none ever tells is found by listing alone, and is nobody's fault."""
        return True

    def speaks(self) -> bool:
        """Whether it tells of what is new by itself; else we find it by looking, and its silence says nothing."""
        return any(self.tells(kind, Difference.MISSING) for kind in self.kinds)

    def still_there(self, external_id: str, kind: Kind, connection: Connection) -> bool:
        """A second look at one thing that a listing left out. Raises like listing."""
        return True

    def look(self, external_id: str, kind: Kind, connection: Connection) -> dict[str, Any] | None:
        """The same where the platform also tells what became of it: its item, empty for no more than that it is there."""
        return {} if self.still_there(external_id, kind, connection) else None

    # --- the health of a connection

    def check(self, connection: Connection) -> Health:
        """What the platform says of token, permissions and subscription. Raises SendNotReached or SendRefused."""
        return Health(name=self.identity(connection))

    def subscribe(self, connection: Connection, callback: str) -> None:
        """Ask for this channel's webhooks at `callback`. Raises like send. Nothing to do where a platform has no such call."""

    def unsubscribe(self, connection: Connection, beside: Collection[str]) -> None:
        """Ask for no more of them. beside: the identifiers of all else that is connected of its family, which may hear by the
        same subscription. Raises like send.
        """

    def refresh(self, connection: Connection) -> tuple[str, datetime | None] | None:
        """A new token in place of one that will end, and when the new one ends; None: it never ends. Raises like check."""
        return None
